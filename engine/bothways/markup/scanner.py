"""Start tags with the exact spans of their attributes; `tokens` finds them, this reads them."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from bothways.markup.entities import decode_attribute
from bothways.markup.tokens import ALL_TAGS, NAME, Context, find_tokens, lower

_TAG_NAME = re.compile(NAME)
_ATTRIBUTE = re.compile(
    r"([^ \t\n\f\r/>][^ \t\n\f\r/>=]*+)(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+"
    r"""(?:"([^"]*+)"|'([^']*+)'|([^ \t\n\f\r>"'][^ \t\n\f\r>]*+)|()))?+"""
)
_QUOTES = ("", "", '"', "'", "", "")  # by the group of _ATTRIBUTE that holds the value


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


type Parsed = dict[str, Attribute | re.Match[str]]


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag. `source` is the HTML it stands in; its attributes are read when first asked for."""

    name: str
    start: int
    end: int
    context: Context
    source: str = field(repr=False, compare=False)
    _parsed: Parsed = field(default_factory=dict, repr=False, compare=False)

    @property
    def names(self) -> Collection[str]:
        """The names of the attributes, lower-case, in their order."""
        return (self._parsed or self._read()).keys()

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """The attributes in their order."""
        return tuple(filter(None, map(self.attribute, tuple(self.names))))

    def attribute(self, name: str) -> Attribute | None:
        """Give an attribute by its lower-case name; of duplicates the first one counts."""
        parsed = self._parsed or self._read()
        found = parsed.get(name)
        if found is None or isinstance(found, Attribute):
            return found
        parsed[name] = attribute = _build(name, found)
        return attribute

    def get(self, name: str) -> str | None:
        """Give an attribute's decoded value, None where it is missing."""
        found = self.attribute(name)
        return None if found is None else found.value

    def _read(self) -> Parsed:
        parsed = self._parsed
        if begin := _TAG_NAME.match(self.source, self.start + 1, self.end):
            for match in _ATTRIBUTE.finditer(self.source, begin.end(), self.end - 1):
                parsed.setdefault(lower(match[1]), match)
        return parsed


def scan(html: str) -> Iterator[Tag]:
    """Give every start tag of an HTML text in its order."""
    for name, start, end, _, context in find_tokens(html, ALL_TAGS):
        yield Tag(name, start, end, context, html)


def _build(name: str, match: re.Match[str]) -> Attribute:
    group = match.lastindex or 1
    start, end = match.span()
    value_start, value_end = match.span(group) if group > 1 else (end, end)
    value = decode_attribute(match[group]) if group > 1 else ""
    return Attribute(name, value, start, end, value_start, value_end, _QUOTES[group])
