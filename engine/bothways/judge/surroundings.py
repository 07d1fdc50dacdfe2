"""What a text says around its references: the hosts that count its clicks, the stretches it hides."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from bothways.judge.appearance import find_hiding, look
from bothways.judge.company import Company
from bothways.judge.sheets import Sheets
from bothways.markup.scanner import Tag
from bothways.markup.tokens import Context
from bothways.markup.words import Words
from bothways.urls.address import parse
from bothways.vendors.catalogue import default_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bothways.markup.references import Found, Reference
    from bothways.urls.recipients import Recipients

_HIDING = (b"display", b"opacity")
_HIDES = re.compile(rb"\s{0,9}+:\s{0,9}+(?:none|hidden|[\d.+-])")
"""What follows the names of the properties that hide."""
_CONTAINER = re.compile(
    rb"<((?!(?:img|input|br|hr|col|meta|link|body|html|source)[\s/>])[a-z][a-z0-9-]*+)(?=[\s/>])"
)
_OUTER_END = re.compile(rb"</(?:table|td|ul|ol|body|html)(?=[\s/>])")
"""What ends an element that nothing else does."""
_CUTTING = (
    (
        b"hidden",
        re.compile(rb":(?:(?<=h:)|(?<=ht:)|(?<=size:)|(?<=\s:))\s{0,9}+[0-3](?![\d.%])"),
        re.compile(rb"visibility\s{0,9}+:\s{0,9}+hidden"),
        re.compile(rb"hidden(?<=\shidden)[\s>=]"),
    ),
    (b"position:", re.compile(rb":\s{0,9}+-\d")),
    (b"scale", re.compile(rb"\(")),
    (b"clip", re.compile(rb"\("), re.compile(rb"overflow")),
)
"""What elements that leave no room for their content, or stand out of the way, are declared with.

A word and what is beside it: expressions that begin with a letter or a mark, for those are quick.
"""
_WORDS = Words(*_HIDING, *(word for word, *_ in _CUTTING))
_BESIDE = 200
_MOST_UNCLOSED = 100
"""Names of elements that nothing closes, each looked for in all of the text: HTML has no more."""
_REACH = 2000
"""Characters before a hiding declaration in which its tag begins."""
_NOTHING = re.compile(r"(?:\s++|<br\s*+/?+>|&nbsp;)*+", re.IGNORECASE)
_START = itemgetter(0)
_GAP = 200
"""Characters between the body's own tags and what stands alone next to them."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds for all references of one text.

    `base` is what relative URLs stand on; `hidden` are character spans with the declaration that hides them,
    sorted and disjoint; `recipients` are the reader's addresses, where they are known; `loose` are the
    images next to the body's own tags, by where their tags start.
    """

    base: str = ""
    click_hosts: frozenset[str] = frozenset()
    hidden: tuple[tuple[int, int, str], ...] = ()
    recipients: "Recipients | None" = None
    loose: "Mapping[int, str]" = field(default_factory=dict)
    sheets: Sheets | None = None
    company: Company | None = None

    def hiding_at(self, position: int) -> str:
        """Give the declaration that hides what stands at a character, "" where none does."""
        span = self._hidden_at(position)
        return span[2] if span else ""

    def hiding_class(self, tag: Tag) -> str | None:
        """Give the class attribute of what hides a tag around it."""
        span = self._hidden_at(tag.start)
        if span is None:
            return None
        end = tag.source.find(">", span[0], span[0] + _REACH) + 1
        return Tag("", span[0], end, Context.NONE, tag.source).get("class")

    def _hidden_at(self, position: int) -> tuple[int, int, str] | None:
        if not self.hidden or position >= self.hidden[-1][1]:
            return None  # as most: what is hidden is a preview of the text before it
        index = bisect_right(self.hidden, position, key=_START) - 1
        return self.hidden[index] if index >= 0 and position < self.hidden[index][1] else None


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
    folded = folded or fold(html)
    hidden = tuple(_hidden_spans(html, folded, last))
    if click_hosts is None:
        click_hosts = _click_hosts(found)
    loose = dict(_loose_images(html, folded, found.references))
    company = Company(found.references)
    return Surroundings(found.base or base, click_hosts, hidden, recipients, loose, Sheets(folded), company)


def _click_hosts(found: "Found") -> frozenset[str]:
    hosts = set()
    for link in found.links:
        address = parse(link.url) if link.url[:4].lower() == "http" else None
        if address is not None and address.host not in hosts and default_catalogue().match_click(address):
            hosts.add(address.host)
    return frozenset(hosts)


def _loose_images(
    html: str, folded: bytes, references: "tuple[Reference, ...]"
) -> "Iterator[tuple[int, str]]":
    """Find the images that stand in no element but the body, before all or after all of its text.

    Where there is nothing but such images, they are the letter; one that a style makes fit a screen is shown,
    unless it is a speck.
    """
    images = [
        each.tag for each in references if each.tag and each.attribute == "src" and each.element == "img"
    ]
    body = folded.find(b"<body")
    start = folded.find(b">", body, body + _REACH) + 1 if body >= 0 else 0
    first = []
    for tag in images:
        if not 0 <= tag.start - start <= _GAP or not _NOTHING.fullmatch(html, start, tag.start):
            break
        if not _is_dressed(tag):
            first.append(tag.start)
        start = tag.end
    end = folded.rfind(b"</body")
    end = end if end >= 0 else len(html)
    if _NOTHING.fullmatch(html, start, end):
        return
    if body >= 0:
        yield from ((place, "first") for place in first)
    for tag in reversed(images):
        if not 0 <= end - tag.end <= _GAP or not _NOTHING.fullmatch(html, tag.end, end):
            break
        if not _is_dressed(tag):
            yield tag.start, "last"
        end = tag.start


def _is_dressed(tag: Tag) -> bool:
    dressed = bool(tag.get("class")) or "width" in (tag.get("style") or "").lower()
    return dressed and not look(tag).tiny


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
        if opening is None or close < 0:
            continue
        why = find_hiding(Tag(name.decode(), start, close + 1, Context.NONE, html))
        if not why or why.startswith("mso-"):
            continue
        is_unclosed = name in unclosed or len(unclosed) == _MOST_UNCLOSED
        end = -1 if is_unclosed else _find_end(folded, name, close + 1)
        if end < 0:
            if not is_unclosed:
                unclosed.add(name)
            outer = _OUTER_END.search(folded, close + 1)
            end = outer.start() if outer else len(folded)
        last_end = end
        yield start, end, why


def _hiding_places(folded: bytes, last: int) -> list[int]:
    """Give where the value of a declaration that may hide stands, in order."""
    places = []
    for number, place in _WORDS.find(folded, last):
        if number < len(_HIDING):
            found = _HIDES.match(folded, place + len(_HIDING[number]), last)
            if found:
                places.append(found.end())
        else:
            _, *beside = _CUTTING[number - len(_HIDING)]
            begin, end = max(0, place - _BESIDE), place + _BESIDE
            if any(each.search(folded, begin, end) for each in beside):
                places.append(place)
    return sorted(places)


def _find_end(folded: bytes, name: bytes, position: int) -> int:
    """Give the place of the end tag that closes an element, -1 where none does."""
    depth = 1
    for tag in re.compile(rb"<(/?+)%b(?=[\s/>])" % name).finditer(folded, position):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.start()
    return -1
