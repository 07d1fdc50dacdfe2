"""One pass over an HTML text that stops at its start tags, as the WHATWG tokenizer does, and builds nothing.

One compiled expression passes over text, end tags and comments; it holds possessive quantifiers only, so that
no character is looked at more than a fixed number of times. A construct without an end (a tag, a comment, raw
text) swallows the rest, as in a browser: what never comes is searched for once.

What differs from a browser is on the side of seeing more: the inside of `<!--[if mso]>` is markup to Outlook,
and `<noscript>` is markup where scripts do not run. A token's context says so.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bothways.markup.rawtext import RAW_TEXT, SCRIPTED_RAW_TEXT, find_raw_end
from bothways.markup.slots import ANY, ELEMENTS, MIXING_ELEMENTS, PLAIN_ELEMENTS, Reading


class Context(StrEnum):
    """Where a tag stands, if not in plain sight."""

    NONE = ""
    CONDITIONAL_COMMENT = "conditional_comment"
    NOSCRIPT = "noscript"
    TEMPLATE = "template"
    SRCDOC = "srcdoc"


type Token = tuple[str, int, int, int, Context]
"""A start tag: name in lower case, start, end, end of the raw text it opens (else its own end), context."""
type Stop = tuple[str, int, int, int, Context, tuple[int, int] | None]
"""The same, and the span of the address where the tag is an anchor or image that says nothing else."""

NAME = r"[a-zA-Z][^ \t\n\f\r/>]*+"
_VALUE = r"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r>"'][^ \t\n\f\r>]*+)?+"""
ATTRIBUTES = (
    r"(?:[ \t\n\f\r/]++|[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
    rf"(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+{_VALUE})?+)*+"
)
_IF = r"[ \t\n\f\r]*+\[[ \t\n\f\r]*+[iI][fF]"
# What follows a "<" that begins no start tag.
_COMMENT = rf"!--(?!{_IF})(?:-?>|(?:[^-]++|-(?!-!?>))*+(?:--!?>|\Z))"
_BOGUS = r"(?:!(?!--)|\?|/(?![a-zA-Z]))[^>]*+(?:>|\Z)"
_OTHER = r"(?![a-zA-Z!?/])"
_END_TAG = (
    r"/(?:[a-mo-su-z][a-z0-9]*+|t(?:[abdhr][a-z]*+|itle))>"  # nearly all of them
    rf"|/(?!(?ai:noscript|template)){NAME}(?:>|{ATTRIBUTES}(?:>|\Z))"
)
_TELLING = "|".join(sorted(SCRIPTED_RAW_TEXT | MIXING_ELEMENTS | {"template"}))
_BARE = "[a-zA-Z][-a-zA-Z0-9:]*+[ /]*+>"
# What is seldom so is asked about before the long list of names.
BARE_TAG = rf"(?={_BARE})(?!(?ai:{_TELLING}|[-a-z0-9]*+:style)){_BARE}"


_SPACE = r"[ \t\n\f\r]"
_STYLED = tuple(name for name, slot in ANY.items() if slot.reading is Reading.STYLE)
_CALM = r"\t\n\f\r !#-%)-?A-\[\]-~"
"""ASCII but quotes and what CSS that loads has need of: listed, for a class of all others is slower."""


def _quiet(*listed: str) -> str:
    """Match attributes as most mails write them: none of `listed`, and no CSS in them that could load."""
    calm = rf"""(?:"[{_CALM}']*+"|'[{_CALM}"]*+'|[^ \t\n\f\r>"'(\\&@]++)"""
    other = rf"""(?!(?:{"|".join((*_STYLED, *listed))})=)[-a-z]++=(?:"[^"]*+"|{calm})"""
    return rf"(?:{_SPACE}++(?:style={calm}|{other}))*+"


def _one_of(names: Iterable[str]) -> str:
    """Match one of the names; those with the same first letter are asked for together."""
    tails: dict[str, list[str]] = {}
    for name in names:
        tails.setdefault(name[0], []).append(name[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in tails.items())


_PLAIN_TAG = (
    rf"(?:{_one_of(PLAIN_ELEMENTS)}){_quiet('background')}{_SPACE}*+/?+>"
    rf"|meta{_quiet('background', 'http-equiv')}{_SPACE}*+/?+>"
)
_QUIET = _quiet("background", *ELEMENTS["a"], *ELEMENTS["img"])
_SIMPLE = (
    rf"<(?:(?P<a>a(?:rea)?){_QUIET}{_SPACE}++href|(?P<img>img){_QUIET}{_SPACE}++src)="
    rf"""(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'){_QUIET}{_SPACE}*+/?+>"""
)
"""The form of nine in ten anchors and images: one address, in quotes, and nothing else to look into."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What to pass over, which elements hold raw text, and which change at all how what follows is read."""

    pattern: re.Pattern[str]
    raw_text: frozenset[str]
    special: frozenset[str]


def _grammar(*skipped: str, simple: str = _SIMPLE, raw_text: frozenset[str] = RAW_TEXT) -> Grammar:
    # One turn of the loop takes a tag and the text behind it: each turn costs more than the text does.
    skip = "|".join((*skipped, _BOGUS, _OTHER))
    start = rf"<(?P<start>{NAME}){ATTRIBUTES}(?:>|\Z())"
    end = rf"</(?P<end>{NAME}){ATTRIBUTES}(?:>|\Z)"
    stops = "|".join(filter(None, (simple, start, end, r"(?P<conditional><!--)", r"\Z")))
    special = raw_text | {"style", "noscript", "template"}
    return Grammar(re.compile(rf"[^<]*+(?:<(?:{skip})[^<]*+)*+(?:{stops})"), raw_text, special)


_ADDRESS = frozenset(("double", "single"))
_SILENT = (_END_TAG, _PLAIN_TAG, BARE_TAG, _COMMENT)

ALL_TAGS = _grammar(_END_TAG, _COMMENT, simple="")
HTML = _grammar(*_SILENT)
"""Tags that can hold no URL are passed over, unless they change how what follows is read."""
HTML_SCRIPTED = _grammar(*_SILENT, raw_text=SCRIPTED_RAW_TEXT)

_COMMENT_END = re.compile(r"--!?>")
_CAPITALS = re.compile("[A-Z]+")
_CONDITION = re.compile(r"[^>]*+>?")


def find_tokens(html: str, grammar: Grammar = ALL_TAGS) -> Iterator[Token]:
    """Give the start tags of an HTML text in order."""
    return (stop[:5] for stop in find_stops(html, grammar))


def find_stops(html: str, grammar: Grammar = HTML) -> Iterator[Stop]:
    """Give the start tags in order, and the address of the simple ones."""
    return _Pass(html, grammar).run()


class _Pass:
    """The position in the text and what is open there."""

    def __init__(self, html: str, grammar: Grammar) -> None:
        self.html = html
        self.grammar = grammar
        self.limit = len(html)
        self.resume = 0  # inside a conditional comment: where the text goes on behind it
        self.opened = {"noscript": 0, "template": 0}
        self.context = Context.NONE
        self.style_end = 0

    def run(self) -> Iterator[Stop]:
        html, match, special = self.html, self.grammar.pattern.match, self.grammar.special
        position = 0
        while True:
            found = match(html, position, self.limit)
            kind = found.lastgroup if found else None
            if found is None or kind is None:  # the end, also that of a tag without one
                if not self.resume:
                    return
                position = self._leave_comment()
                continue
            position = found.end()
            if kind in _ADDRESS:
                name = found["a"] or "img"
                begin = found.start("img" if name == "img" else "a") - 1
                yield name, begin, position, position, self.context, found.span(kind)
            elif kind == "start":
                name, begin = found["start"], found.start("start") - 1
                if not name.islower():
                    name = lower(name)
                if name not in special:
                    yield name, begin, position, position, self.context, None
                    continue
                end, content_end, position = position, *self._find_content(name, position)
                yield name, begin, end, content_end, self.context, None
                if name in self.opened:
                    self._open(name)
            elif kind == "end":
                self._close(lower(found["end"]))
            else:
                position = self._enter_comment(position)

    def _find_content(self, name: str, position: int) -> tuple[int, int]:
        """Give where the content of an element ends, and where the pass goes on."""
        if name in self.grammar.raw_text:
            end = find_raw_end(self.html, name, position, self.limit)
            return end, end
        return self._sheet_end(position) if name == "style" else position, position

    def _sheet_end(self, position: int) -> int:
        """Find the end of a style element inside of which the pass goes on, but search once for each end."""
        if self.style_end < position:
            self.style_end = find_raw_end(self.html, "style", position, self.limit)
        return min(self.style_end, self.limit)

    def _open(self, name: str) -> None:
        self.opened[name] += 1
        self.context = self.context or Context(name)

    def _close(self, name: str) -> None:
        if self.opened.get(name):
            self.opened[name] -= 1
            if not self.resume:
                self._show()

    def _show(self) -> None:
        self.context = next((Context(name) for name, count in self.opened.items() if count), Context.NONE)

    def _enter_comment(self, position: int) -> int:
        """Go on inside `<!--[if ...]>`; one inside another ends with it, for there is but one `-->`."""
        if not self.resume:
            closing = _COMMENT_END.search(self.html, position, self.limit)
            self.limit, self.resume = closing.span() if closing else (self.limit, self.limit)
            self.context = Context.CONDITIONAL_COMMENT
        condition = _CONDITION.match(self.html, position, self.limit)
        return condition.end() if condition else self.limit

    def _leave_comment(self) -> int:
        position, self.limit, self.resume = self.resume, len(self.html), 0
        self._show()
        return position


def lower(name: str) -> str:
    """Lower ASCII letters alone, as HTML does: the Kelvin sign is not a k."""
    if name.islower():
        return name
    return name.lower() if name.isascii() else _CAPITALS.sub(lambda match: match[0].lower(), name)
