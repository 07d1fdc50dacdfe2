"""What a text says around its references: the hosts that count its clicks, the stretches it hides."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bothways.judge.appearance import look
from bothways.markup.scanner import Tag
from bothways.markup.tokens import Context
from bothways.urls.address import parse
from bothways.vendors.catalogue import default_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bothways.markup.references import Found
    from bothways.urls.recipients import Recipients

_HIDING_VALUES = ("none", "hidden", "opacity")
_HIDES = re.compile(r"(?:display|visibility)\s{0,9}+:\s{0,9}+(?:none|hidden)\Z|opacity\Z")
_LONGEST = 60
"""Characters of the longest declaration that is looked at."""
_CONTAINER = re.compile(
    r"(?i)<(div|span|td|tr|table|tbody|p|center|section|font|a|li|ul|b|i|h[1-6])(?=[\s/>])"
)
_REACH = 2000
"""Characters before a hiding declaration in which its tag begins."""
_MOST_LINKS = 2000
"""Links of a text that are asked whether they are click wrappers: more add no host."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds for all references of one text.

    `base` is what relative URLs stand on; `hidden` are character spans with the declaration that hides them,
    sorted and disjoint; `recipients` are the reader's addresses, where they are known.
    """

    base: str = ""
    click_hosts: frozenset[str] = frozenset()
    hidden: tuple[tuple[int, int, str], ...] = ()
    recipients: "Recipients | None" = None

    def hiding_at(self, position: int) -> str:
        """Give the declaration that hides what stands at a character, "" where none does."""
        index = bisect_right(self.hidden, position, key=lambda span: span[0]) - 1
        return self.hidden[index][2] if index >= 0 and position < self.hidden[index][1] else ""


NOTHING_AROUND = Surroundings()


def survey(html: str, found: "Found", base: str = "", recipients: "Recipients | None" = None) -> Surroundings:
    """Work out once what holds for all references of a text."""
    if not found.references:
        return Surroundings(found.base or base, recipients=recipients)
    hidden = tuple(_hidden_spans(html))
    return Surroundings(found.base or base, _click_hosts(found), hidden, recipients)


def _click_hosts(found: "Found") -> frozenset[str]:
    hosts = set()
    for link in found.links[:_MOST_LINKS]:
        address = parse(link.url) if link.url[:4].lower() == "http" else None
        if address is not None and address.host not in hosts and default_catalogue().match_click(address):
            hosts.add(address.host)
    return frozenset(hosts)


def _hidden_spans(html: str) -> "Iterator[tuple[int, int, str]]":
    last_end = 0
    unclosed: set[str] = set()
    for place in _hiding_places(html):
        if place < last_end:
            continue
        start = html.rfind("<", max(last_end, place - _REACH), place)
        opening = _CONTAINER.match(html, start) if start >= 0 else None
        name = opening[1].lower() if opening else ""
        close = html.find(">", place, place + _REACH)
        if opening is None or close < 0 or name in unclosed:
            continue
        why = look(Tag(name, start, close + 1, Context.NONE, html)).hidden_by
        end = _find_end(html, name, close + 1) if why and not why.startswith("mso-") else start
        if end < 0:
            unclosed.add(name)
        elif end > start:
            last_end = end
            yield start, end, why


def _hiding_places(html: str) -> list[int]:
    """Give where a declaration that may hide ends, in order; strings are found faster than expressions."""
    text = html.lower()
    if len(text) != len(html):  # a few capitals have no small letter of their own length
        text = html
    places = []
    for word in _HIDING_VALUES:
        end = text.find(word) + len(word)
        while end >= len(word):
            if _HIDES.search(text, max(0, end - _LONGEST), end):
                places.append(end)
            end = text.find(word, end) + len(word)
    return sorted(places)


def _find_end(html: str, name: str, position: int) -> int:
    """Give the place of the end tag that closes an element, -1 where none does."""
    depth = 1
    for tag in re.compile(rf"(?i)<(/?+){name}(?=[\s/>])").finditer(html, position):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.start()
    return -1
