"""Start tags with the exact spans of their attributes; `tokens` finds them, this reads them."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from bothways.markup.entities import decode_attribute
from bothways.markup.tokens import ALL_TAGS, Context, find_tokens, lower

_ATTRIBUTE = re.compile(
    r"([^ \t\n\f\r/>][-a-zA-Z]*+[^ \t\n\f\r/>=]*+)(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+"
    r"""(?:"([^"]*+)"|'([^']*+)'|([^ \t\n\f\r>"'][^ \t\n\f\r>]*+)|))?+"""
)
_QUOTES = ("", "", '"', "'", "")  # by the group of _ATTRIBUTE that holds the value


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


@dataclass(slots=True, unsafe_hash=True)
class Tag:
    """A start tag. `source` is the HTML it stands in; its attributes are read when first asked for.

    Nobody changes one; it is not frozen because that would treble the time to make it, and mails are full
    of tags.
    """

    name: str
    start: int
    end: int
    context: Context
    source: str = field(repr=False, compare=False)
    _values: dict[str, str] | None = field(default=None, repr=False, compare=False)
    _attributes: dict[str, Attribute] | None = field(default=None, repr=False, compare=False)

    @property
    def names(self) -> Collection[str]:
        """The names of the attributes, lower-case, in their order."""
        return self._known().keys()

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """The attributes in their order."""
        known = self._attributes or {}
        if len(known) < len(self.names):
            known = self._attributes = {each.name: each for each, _ in self.pick(self.names.__contains__)}
        return tuple(map(known.__getitem__, self.names))

    def attribute(self, name: str) -> Attribute | None:
        """Give an attribute by its lower-case name; of duplicates the first one counts."""
        if self._attributes is None:
            self._attributes = {}
        if name not in self._attributes and name in self.names:
            self._attributes[name], _ = next(self.pick(name.__eq__))
        return self._attributes.get(name)

    def pick[Row](
        self, choose: Callable[[str], Row | None], *, again: Callable[[Row], bool] | None = None
    ) -> Iterator[tuple[Attribute, Row]]:
        """Give the attributes for whose lower-case names there is something to choose, and what that is.

        Of duplicates the first one counts, and where `again` says so of what was chosen, all.
        """
        seen: set[str] = set()
        for match in _ATTRIBUTE.finditer(self.source, *self._inside()):
            name = match[1] if match[1].islower() else lower(match[1])
            chosen = choose(name)
            if chosen and (name not in seen or (again and again(chosen))):
                seen.add(name)
                yield _build(name, match), chosen

    def get(self, name: str) -> str | None:
        """Give an attribute's decoded value, None where it is missing."""
        values = self._values
        return (self._read() if values is None else values).get(name)

    def get_each(self, names: Iterable[str]) -> tuple[str | None, ...]:
        """Give the decoded values of several attributes, None for each that is missing."""
        return tuple(map(self._known().get, names))

    def get_all(self, name: str) -> list[str]:
        """Give the decoded values of all attributes of a name: browsers that look ahead take each."""
        if self.context is Context.SRCDOC:  # as written it is no tag
            return [value for value in [self.get(name)] if value is not None]
        return [attribute.value for attribute, _ in self.pick(name.__eq__, again=bool)]

    def _known(self) -> dict[str, str]:
        return self._read() if self._values is None else self._values

    def _read(self) -> dict[str, str]:
        """Read names and values alone: where they stand is seldom asked."""
        values: dict[str, str] = {}
        self._values = values
        for name, double, single, bare in _ATTRIBUTE.findall(self.source, *self._inside()):
            value = double or single or bare
            # Calls that change nothing cost more than the questions whether they would.
            key = name if name.islower() else lower(name)
            if key not in values:
                values[key] = decode_attribute(value) if "&" in value else value
        return values

    def _inside(self) -> tuple[int, int]:
        """Give the span between the name and the `>`."""
        return self.start + 1 + len(self.name), self.end - 1


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
