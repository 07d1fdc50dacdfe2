"""What the catalogue says of a vendor: its name, what it tells its customer, and the shapes of its URLs."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import re2  # type: ignore[import-untyped]


class Category(StrEnum):
    """What a vendor is to the one who receives its mail."""

    SALES = "sales"
    """A tool with which one person writes to one person."""
    MARKETING = "marketing"
    TRANSACTIONAL = "transactional"
    SELF_HOSTED = "self_hosted"
    """Software on the sender's own host."""
    PLATFORM = "platform"
    """A site that mails its own members."""
    PIXEL = "pixel"
    """Opens and pictures only; the mail goes out through others."""
    IMAGE_PROXY = "image_proxy"
    REDIRECT = "redirect"
    """A search engine's or a webmail's exit."""
    GATEWAY = "gateway"
    """The receiver's own link protection."""
    AFFILIATE = "affiliate"


class Learns(StrEnum):
    """What a vendor hands its customer."""

    OPEN = "open"
    TIME = "time"
    PLACE = "place"
    DEVICE = "device"
    CLICKS = "clicks"
    DWELL = "dwell"
    """How long the mail was open."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One form that a vendor's URLs take. All parts must hold.

    `hosts` are domains that count with their subdomains, `anywhere` adds every other host. `host` narrows
    that by a pattern over the whole host, `path` by one over the whole path, `query` by one over each named
    parameter's decoded value, `whole_query` by one over the query as it stands. `steps` lead from the URL to
    its target; a click shape without any is opaque.
    `content`: people see such a picture too, so the shape alone makes it no open pixel.
    """

    hosts: tuple[str, ...]
    anywhere: bool
    host: str
    path: str
    query: tuple[tuple[str, str], ...]
    whole_query: str = ""
    steps: tuple[str, ...] = ()
    identifies: str = ""
    content: bool = False


@dataclass(frozen=True, slots=True)
class ClickSample:
    """A click URL and what it leads to; None where only the vendor's server knows."""

    url: str
    target: str | None


@dataclass(frozen=True, slots=True)
class Samples:
    """URLs that prove a vendor's shapes: those that match, and lookalikes that must not."""

    opens: tuple[str, ...]
    clicks: tuple[ClickSample, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vendor:
    """One mail tool. `tracks_by_default` is None where that is not known; `source` says how we know."""

    id: str
    name: str
    company: str
    category: Category
    tracks_by_default: bool | None
    learns: tuple[Learns, ...]
    source: str
    opens: tuple[Shape, ...]
    clicks: tuple[Shape, ...]
    samples: Samples


_LITERAL = re.compile(r"(?:[\w/ =%&-]|\\[.+?|*-])*", re.ASCII)
_BEGINNING = re.compile(rf"({_LITERAL.pattern})\.([+*])", re.ASCII)

SOMETHING = ".+"
"""The pattern of whatever is not empty."""


class Literal:
    """A pattern that is only text: comparing is faster than any expression."""

    def __init__(self, text: str) -> None:
        self._text = text

    def fullmatch(self, text: str) -> bool:
        """Whether the text is this one."""
        return text == self._text


class Beginning:
    """A text and whatever follows it, something where `least` is 1; `.` is anything but a line feed."""

    def __init__(self, text: str, least: int) -> None:
        self._text = text
        self._shortest = len(text) + least

    def fullmatch(self, text: str) -> bool:
        """Whether the text begins so."""
        return len(text) >= self._shortest and text.startswith(self._text) and "\n" not in text


class Something:
    """The pattern `.+`: whatever is not empty."""

    @staticmethod
    def fullmatch(text: str) -> bool:
        """Whether the text is not empty."""
        return bool(text)


class Expression:
    """A pattern of RE2 over a text's octets, in which RE2 counts: characters cost more than the match.

    `groups` and `programsize` are RE2's; the groups of what is found are octets.
    """

    def __init__(self, compiled: Any) -> None:
        self._fullmatch = compiled.fullmatch
        self.groups: int = compiled.groups
        self.programsize: int = compiled.programsize

    def fullmatch(self, text: str) -> Any:
        """Give what the pattern finds in the whole text, None where it does not fit."""
        return self._fullmatch(text.encode("utf-8", "replace"))


@cache
def pattern(text: str) -> Any:
    """Compile a catalogue pattern with RE2, whose time is linear in the text; ValueError when it is none.

    Patterns are compiled at their first use: most of a catalogue is never looked at in one run.
    """
    if text == SOMETHING:
        return Something()
    if _LITERAL.fullmatch(text):
        return Literal(text.replace("\\", ""))
    begun = _BEGINNING.fullmatch(text)
    if begun is not None:
        return Beginning(begun[1].replace("\\", ""), least=1 if begun[2] == "+" else 0)
    options = re2.Options()
    options.log_errors = False
    try:
        return Expression(re2.compile(text, options))
    except re2.error as error:
        reason = error.args[0]
        raise ValueError(
            reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(error)
        ) from None
