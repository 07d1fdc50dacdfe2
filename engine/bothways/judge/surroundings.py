"""What a text says around its references: the hosts that count its clicks, the stretches it hides."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bothways.judge.appearance import find_hiding
from bothways.markup.scanner import Tag
from bothways.markup.tokens import Context
from bothways.urls.address import parse
from bothways.vendors.catalogue import default_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bothways.markup.references import Found
    from bothways.urls.recipients import Recipients

_HIDES = re.compile(rb"y\s{0,9}+:\s{0,9}+(?:none|hidden)")
"""From the last letter of `display` and `visibility`: an expression that begins with a letter is quick."""
_HIDING_PROPERTIES = (b"displa", b"visibilit")
_OPACITY = b"opacity"
_CONTAINER = re.compile(rb"<(div|span|td|tr|table|tbody|p|center|section|font|a|li|ul|b|i|h[1-6])(?=[\s/>])")
_REACH = 2000
"""Characters before a hiding declaration in which its tag begins."""


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


def fold(html: str) -> bytes:
    """Write a text in small letters, an octet a character: to look for what is ASCII, at the same places.

    Half of all mails hold a letter beyond Latin-1, and lowering their text as it is takes five times as long.
    """
    return html.encode("ascii", "replace").lower()


def survey(
    html: str,
    found: "Found",
    base: str = "",
    recipients: "Recipients | None" = None,
    click_hosts: frozenset[str] | None = None,
    folded: bytes | None = None,
) -> Surroundings:
    """Work out once what holds for all references of a text; `click_hosts`, `folded` where they are known."""
    if not found.references:
        return Surroundings(found.base or base, recipients=recipients)
    last = max(reference.tag.end if reference.tag else reference.end for reference in found.references)
    hidden = tuple(_hidden_spans(html, folded or fold(html), last))
    if click_hosts is None:
        click_hosts = _click_hosts(found)
    return Surroundings(found.base or base, click_hosts, hidden, recipients)


def _click_hosts(found: "Found") -> frozenset[str]:
    hosts = set()
    for link in found.links:
        address = parse(link.url) if link.url[:4].lower() == "http" else None
        if address is not None and address.host not in hosts and default_catalogue().match_click(address):
            hosts.add(address.host)
    return frozenset(hosts)


def _hidden_spans(html: str, folded: bytes, last: int) -> "Iterator[tuple[int, int, str]]":
    last_end = 0
    unclosed: set[bytes] = set()
    for place in _hiding_places(folded, last):
        if place < last_end:
            continue
        start = folded.rfind(b"<", max(last_end, place - _REACH), place)
        opening = _CONTAINER.match(folded, start) if start >= 0 else None
        name = opening[1] if opening else b""
        close = folded.find(b">", place, place + _REACH)
        if opening is None or close < 0 or name in unclosed:
            continue
        why = find_hiding(Tag(name.decode(), start, close + 1, Context.NONE, html))
        end = _find_end(folded, name, close + 1) if why and not why.startswith("mso-") else start
        if end < 0:
            unclosed.add(name)
        elif end > start:
            last_end = end
            yield start, end, why


def _hiding_places(folded: bytes, last: int) -> list[int]:
    """Give where a declaration that may hide ends, in order."""
    places = [
        found.end()
        for found in _HIDES.finditer(folded, 0, last)
        if folded.endswith(_HIDING_PROPERTIES, 0, found.start())
    ]
    at = folded.find(_OPACITY, 0, last)
    if at < 0:
        return places
    while at >= 0:
        places.append(at + len(_OPACITY))
        at = folded.find(_OPACITY, at + 1, last)
    return sorted(places)


def _find_end(folded: bytes, name: bytes, position: int) -> int:
    """Give the place of the end tag that closes an element, -1 where none does."""
    depth = 1
    for tag in re.compile(rb"<(/?+)%b(?=[\s/>])" % name).finditer(folded, position):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.start()
    return -1
