"""The start tags of an HTML text, found as the WHATWG tokenizer finds them, with exact spans.

No tree is built. One compiled expression passes over text, end tags and comments; it holds possessive
quantifiers only, so that it never looks at a character more than a fixed number of times. A construct without
an end (a tag, a comment, raw text) swallows the rest, as in a browser: nothing is searched for twice.

What differs from a browser is on the side of seeing more: the inside of `<!--[if mso]>` is markup to Outlook,
and `<noscript>` is markup where scripts do not run. `Tag.context` says so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bothways.markup.entities import decode_attribute
from bothways.markup.rawtext import find_raw_end

CONDITIONAL_COMMENT = "conditional_comment"
NOSCRIPT = "noscript"
TEMPLATE = "template"
SRCDOC = "srcdoc"

_NAME = r"[a-zA-Z][^ \t\n\f\r/>]*+"
_VALUE = r"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r>"'][^ \t\n\f\r>]*+)?+"""
_ATTRIBUTES = (
    r"(?:[ \t\n\f\r/]++|[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
    rf"(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+{_VALUE})?+)*+"
)
_IF = r"[ \t\n\f\r]*+\[[ \t\n\f\r]*+[iI][fF]"
_COMMENT = rf"<!--(?!{_IF})(?:-?>|(?:[^-]++|-(?!-!?>))*+(?:--!?>|\Z))"
_BOGUS = r"<(?:!(?!--)|\?|/(?![a-zA-Z]))[^>]*+(?:>|\Z)"
_CDATA = r"<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+(?:\]\]>|\Z)"
_END_TAG = rf"</(?!(?i:noscript|template)){_NAME}(?:>|{_ATTRIBUTES}(?:>|\Z))"


def _compile(*skipped: str) -> re.Pattern[str]:
    skip = "|".join(("[^<]++", *skipped, r"<(?![a-zA-Z!?/])"))
    return re.compile(
        rf"(?:{skip})*+"
        rf"(?:<({_NAME}){_ATTRIBUTES}(?:>|\Z())|</({_NAME}){_ATTRIBUTES}(?:>|\Z)|(<!--)|\Z)"
    )


_HTML = _compile(_END_TAG, _COMMENT, _BOGUS)
_WITH_CDATA = _compile(_END_TAG, _COMMENT, _CDATA, _BOGUS)
_START, _END, _CONDITIONAL = 1, 3, 4  # the groups of these expressions

_COMMENT_END = re.compile(r"--!?>")
_CONDITION = re.compile(r"[^>]*+>?")
_TAG_NAME = re.compile(_NAME)
_ATTRIBUTE = re.compile(
    r"([^ \t\n\f\r/>][^ \t\n\f\r/>=]*+)"
    r"""(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:"([^"]*+)"|'([^']*+)'|([^ \t\n\f\r>"'][^ \t\n\f\r>]*+)|()))?+"""
)
_QUOTES = ("", "", '"', "'", "", "")  # by the group of _ATTRIBUTE that matched


class Attribute(NamedTuple):
    """One attribute of a tag; offsets into the HTML, `value` with its references decoded.

    `value_start` and `value_end` leave the quotes out; an attribute without a value has both at its end.
    """

    name: str
    value: str
    start: int
    end: int
    value_start: int
    value_end: int
    quote: str


class Token(NamedTuple):
    """A start tag whose attributes nobody has read; `content_end` ends the raw text it opens."""

    name: str
    start: int
    end: int
    content_end: int
    context: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag; its attributes are read when first asked for."""

    name: str
    start: int
    end: int
    context: str
    source: str = field(repr=False, compare=False)
    _parsed: dict[str, Attribute] | None = field(default=None, repr=False, compare=False)

    @property
    def by_name(self) -> Mapping[str, Attribute]:
        """The attributes by their lower-case names; of duplicates the first one counts."""
        parsed = self._parsed
        if parsed is None:
            parsed = _parse_attributes(self.source, self.start, self.end)
            object.__setattr__(self, "_parsed", parsed)
        return parsed

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """The attributes in their order."""
        return tuple(self.by_name.values())

    def get(self, name: str) -> str | None:
        """Give an attribute's decoded value, None where it is missing."""
        found = self.by_name.get(name)
        return None if found is None else found.value


def scan(html: str) -> Iterator[Tag]:
    """Give every start tag of an HTML text in its order."""
    for name, start, end, _, context in tokens(html):
        yield Tag(name, start, end, context, html)


def tokens(html: str, *, raw_text: bool = True, cdata: bool = False) -> Iterator[Token]:
    """Pass over an HTML text once.

    Without `raw_text`, and with `cdata`, the text is read as the inside of `<svg>` and `<math>` is.
    """
    match = (_WITH_CDATA if cdata else _HTML).match
    position, limit = 0, len(html)
    outer = 0  # inside a conditional comment: where the text goes on behind it
    opened = {NOSCRIPT: 0, TEMPLATE: 0}
    context = ""
    style_end = 0
    while position < limit or outer:
        if position >= limit:
            position, limit, outer = outer, len(html), 0
            context = _context(opened)
            continue
        found = match(html, position, limit)
        kind = found.lastindex if found else None
        if found is None or kind is None:
            position = limit
            continue
        position = found.end()
        if kind == _START:
            name = _lower(found[1])
            content_end = position
            if raw_text:
                content_end = find_raw_end(html, name, position, limit)
            elif name == "style":
                style_end = style_end if style_end >= position else find_raw_end(html, name, position, limit)
                content_end = min(style_end, limit)
            yield Token(name, found.start(1) - 1, position, content_end, context)
            if raw_text:
                position = content_end
            if name in opened:
                opened[name] += 1
                context = context or name
        elif kind == _END:
            name = _lower(found[3])
            if opened.get(name):
                opened[name] -= 1
                context = context if outer else _context(opened)
        elif kind == _CONDITIONAL:
            if not outer:
                closing = _COMMENT_END.search(html, position, limit)
                limit, outer = closing.span() if closing else (limit, limit)
                context = CONDITIONAL_COMMENT
            position = _condition_end(html, position, limit)


def _condition_end(html: str, position: int, limit: int) -> int:
    found = _CONDITION.match(html, position, limit)
    return found.end() if found else limit


def _context(opened: dict[str, int]) -> str:
    return next((name for name, count in opened.items() if count), "")


def _lower(name: str) -> str:
    """Lower ASCII letters alone, as HTML does; a NUL is read as U+FFFD."""
    if name.isascii() and "\0" not in name:
        return name.lower()
    return re.sub("[A-Z]+", lambda match: match[0].lower(), name).replace("\0", "\N{REPLACEMENT CHARACTER}")


def _parse_attributes(html: str, start: int, end: int) -> dict[str, Attribute]:
    parsed: dict[str, Attribute] = {}
    begin = _TAG_NAME.match(html, start + 1, end)
    for match in _ATTRIBUTE.finditer(html, begin.end() if begin else end, end - 1):
        name = _lower(match[1])
        if name in parsed:
            continue
        group = match.lastindex or 1
        value_start, value_end = match.span(group) if group > 1 else (match.end(), match.end())
        value = decode_attribute(html[value_start:value_end])
        parsed[name] = Attribute(name, value, *match.span(), value_start, value_end, _QUOTES[group])
    return parsed
