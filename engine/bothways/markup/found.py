"""What a look at markup gives: references that load and links that are clicked.

Nobody changes one; they are not frozen because that would treble the time to make them.
"""

from dataclasses import dataclass, field

from bothways.markup.anchors import read_anchor_text
from bothways.markup.scanner import Tag
from bothways.markup.slots import Resource

UNREAD = "unread:"
"""The address of a document that lies deeper in others than is read: none that is known to stay inside."""


@dataclass(slots=True, unsafe_hash=True)
class Reference:
    """A URL that a mail makes a client load.

    `url` has its references and escapes decoded, no tab, CR, LF or NUL, and no C0 control or space at its
    ends. `start` and `end` are the span in the HTML: an attribute's value without its quotes, one candidate's
    URL of a srcset, or the CSS token (see `CssUrl`). `position` runs from 0 to 1 over the HTML. `tag` is the
    start tag that holds it; `context` is "" or where it stands ("conditional_comment", "noscript",
    "template", "srcdoc").
    """

    url: str
    element: str
    attribute: str
    start: int
    end: int
    tag: Tag | None = None
    context: str = ""
    resource: Resource = Resource.OTHER
    position: float = 0.0


@dataclass(slots=True, unsafe_hash=True)
class Link:
    """A URL that a click leads to; `url`, span and `context` as in `Reference`.

    `_source` is the HTML it stands in and `_behind` where its anchor's text begins there, 0 without one.
    """

    url: str
    element: str
    attribute: str
    start: int
    end: int
    context: str = ""
    _source: str = field(default="", repr=False, compare=False)
    _behind: int = field(default=0, repr=False, compare=False)
    _text: str | None = field(default=None, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The anchor's text, white space collapsed, at most 200 characters; read when first asked for."""
        if self._text is None:
            self._text = read_anchor_text(self._source, self._behind) if self._behind else ""
        return self._text


@dataclass(frozen=True, slots=True)
class Found:
    """All of one HTML text, each in its order; `base` is the first `<base href>`, "" without one.

    `ambiguous` where parsers do not agree on what of the text is markup.
    """

    references: tuple[Reference, ...]
    links: tuple[Link, ...]
    base: str = ""
    ambiguous: bool = False
