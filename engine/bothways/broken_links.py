"""Links of a plain text that the sender's line wrapping has cut, put together again.

A cut is undone where the text itself says that it is none: at a soft break of format=flowed with DelSp
(RFC 3676, 4.2), and between angle brackets, where white space is no part of a URL (RFC 3986, appendix C).
Elsewhere two lines are one URL only where the first is as long as wrapped lines are, the rest stands alone
on its line, and a click wrapper can be read with it that cannot be read without it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import NamedTuple

from bothways.markup.found import Link
from bothways.markup.text_links import NEVER, find_text_links, natural_length
from bothways.urls.links import clean_link
from bothways.urls.wrappers import LinkAction, LinkOptions
from bothways.vendors.catalogue import default_catalogue


class Flow(Enum):
    """What a space at a line's end means."""

    FIXED = "fixed"
    FLOWED = "flowed"
    """The line goes on in the next one."""
    DELSP = "delsp"
    """As well, and that space is no part of the text."""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "Flow":
        """Read the parameters of a part's Content-Type (RFC 3676, 4)."""
        if parameters.get("format", "").strip().lower() != "flowed":
            return cls.FIXED
        return cls.DELSP if parameters.get("delsp", "").strip().lower() == "yes" else cls.FLOWED


class TextLink(NamedTuple):
    """A link of a plain text; `breaks` are the spans in it that are no part of its URL, in order."""

    link: Link
    breaks: tuple[tuple[int, int], ...] = ()

    def rooms(self, start: int, end: int) -> list[tuple[int, int]]:
        """Give what lies between the breaks, from `start` before the link to `end` after it."""
        begins = [start, *(end for _, end in self.breaks)]
        return list(zip(begins, [*(start for start, _ in self.breaks), end], strict=True))


_RUN = re.compile(rf"[^{NEVER}]*+")
_PREFIX = re.compile(r"[ \t>]*+")
_RUN_TO_BREAK = re.compile(rf"[^{NEVER}]*+(?=[ \t]*+[\r\n])")
_BREAK = re.compile(r"[ \t]*+(?:\r\n?|\n)([ \t>]*+)")
_SOFT_BREAK = re.compile(r" (?:\r\n?|\n)(>*+ ?+)")
_SIGNATURE = re.compile(r"-- (?:[\r\n]|\Z)")
_LINE_END = re.compile(r"[\r\n]|\Z")
_ESCAPE = re.compile(r"(?i)%(?:2[0-9a-f]|3[a-f]|[46]0|5[b-f]|7[b-e]|[89a-f][0-9a-f]%)|&[a-z_]{2,}+=")
"""A sign that may not stand for itself in a parameter, or the next parameter; no "50%DISCOUNT"."""
_WORD = re.compile(r"(?:[A-Z]?[a-z]*|[A-Z]+)[.,:;!?]*")
_SEPARATE = re.compile(r"[^A-Za-z0-9]+|[^@]+@[^@]+")
"""A ruler or an address."""
_SCHEME = re.compile(r"(?i)[a-z][a-z0-9+.-]*://|www\.|mailto:")
_WIDTHS = range(60, 81)
"""Characters of a line that was filled until no more would go on it: wrapping stops at 65 to 80."""
_SEARCHED = 2_000
"""Characters looked at to find a line's begin; what is wrapped has shorter lines."""
_MOST_LINES = 100
_MOST_BARE_LINES = 24
_ALL = LinkOptions(unwrap_gateways=True, unwrap_affiliates=True)


def find_links_over_lines(text: str, flow: Flow = Flow.FIXED) -> Iterator[TextLink]:
    """Give every http and https URL of a plain text, in order, those over several lines as one."""
    done = 0
    for link in find_text_links(text):
        if link.start < done:
            continue  # part of the one before
        whole = _join(text, link, flow) or TextLink(link)
        done = whole.link.end
        yield whole


def _join(text: str, link: Link, flow: Flow) -> TextLink | None:
    run = _RUN_TO_BREAK.match(text, link.end)
    if run is None:
        return None
    run_end = run.end()
    joined = None
    if flow is Flow.DELSP:
        joined = _join_flowed(text, link, run_end)
    if text[link.start - 1 : link.start] in ("<", ":"):
        joined = _join_in_brackets(text, link, run_end) or joined
    return joined or _join_bare(text, link, run_end)


def _join_flowed(text: str, link: Link, end: int) -> TextLink | None:
    """Join over soft breaks: the lines are one paragraph, and the URL ends where its word does."""
    depth = _prefix_before(text, link.start).count(">")
    breaks = []
    while (found := _SOFT_BREAK.match(text, end)) and found[1].count(">") == depth:
        further = _end_of_run(text, found.end())
        if further == found.end() or _SIGNATURE.match(text, found.end()):
            break
        breaks.append(found.span())
        end = further
    return _cut_to_length(text, link, breaks, end) if breaks else None


def _join_in_brackets(text: str, link: Link, end: int) -> TextLink | None:
    """Join up to the closing bracket, over lines of one word each and one depth of quotation."""
    opening = link.start - 1 if text[link.start - 1] == "<" else link.start - 5
    if opening < 0 or text[opening : link.start].upper() not in ("<", "<URL:"):
        return None
    depth = _prefix_before(text, opening).count(">")
    breaks: list[tuple[int, int]] = []
    while text[end : end + 1] != ">":
        found = _BREAK.match(text, end)
        if found is None or found[1].count(">") != depth or len(breaks) == _MOST_LINES:
            return None
        breaks.append(found.span())
        end = _end_of_run(text, found.end())
        if end == found.end():
            return None
    return _make(text, link, breaks, end) if breaks else None


def _join_bare(text: str, link: Link, end: int) -> TextLink | None:
    """Join lines that nothing but their width and their sense holds together."""
    if not _is_full(text, end):
        return None
    prefix = _prefix_before(text, link.start)
    breaks: list[tuple[int, int]] = []
    ends = [end]
    while _is_full(text, ends[-1]) and len(breaks) < _MOST_BARE_LINES:
        found = _BREAK.match(text, ends[-1])
        if found is None or found[0].lstrip("\r\n") != prefix:
            break
        further = _end_of_run(text, found.end())
        alone = further > found.end() and _LINE_END.match(text, further)
        if not alone or _SCHEME.match(text, found.end()):
            break
        breaks.append(found.span())
        ends.append(further)
    if not 0 < len(breaks) < _MOST_BARE_LINES or not _belongs(text, link, breaks, ends):
        return None
    return _cut_to_length(text, link, breaks, ends[-1])


def _belongs(text: str, link: Link, breaks: Sequence[tuple[int, int]], ends: Sequence[int]) -> bool:
    """Say whether the last line is part of the URL, as those before it are.

    It is where every line was filled to one width, or where a line is written as nothing but a URL is, or
    where a click wrapper cannot be read without it.
    """
    rest = text[breaks[-1][1] : ends[-1]]
    widths = {end - _line_start(text, end) for end in ends[:-1]}
    one_width = len(ends) > 2 and len(widths) == 1
    if not rest.isascii() or _SEPARATE.fullmatch(rest) or (_WORD.fullmatch(rest) and not one_width):
        return False
    if one_width or any(
        _ESCAPE.search(text, begin, end) for (_, begin), end in zip(breaks, ends[1:], strict=True)
    ):
        return True
    whole, without = _make(text, link, breaks, ends[-1]), _make(text, link, breaks[:-1], ends[-2])
    return _is_wrapper(whole) and not _is_wrapper(without)


def _is_wrapper(joined: TextLink) -> bool:
    return clean_link(joined.link.url, default_catalogue(), _ALL).action is LinkAction.UNWRAP


def _make(text: str, link: Link, breaks: Sequence[tuple[int, int]], end: int) -> TextLink:
    whole = TextLink(replace(link, end=end), tuple(breaks))
    url = "".join(text[begin:stop] for begin, stop in whole.rooms(link.start, end))
    return whole._replace(link=replace(whole.link, url=url))


def _cut_to_length(text: str, link: Link, breaks: Sequence[tuple[int, int]], end: int) -> TextLink:
    """End a URL of several lines where a person would end it."""
    whole = _make(text, link, breaks, end)
    left = natural_length(whole.link.url)
    for number, (begin, stop) in enumerate(whole.rooms(link.start, end)):
        if left <= stop - begin:
            return _make(text, link, breaks[:number], begin + left)
        left -= stop - begin
    return whole


def _end_of_run(text: str, position: int) -> int:
    found = _RUN.match(text, position)
    return found.end() if found else position


def _line_start(text: str, position: int) -> int:
    floor = max(0, position - _SEARCHED)
    return max(text.rfind("\n", floor, position), text.rfind("\r", floor, position), floor - 1) + 1


def _prefix_before(text: str, position: int) -> str:
    """Give the quote marks and blanks that begin a line."""
    found = _PREFIX.match(text, _line_start(text, position), position)
    return found[0] if found else ""


def _is_full(text: str, end: int) -> bool:
    return end - _line_start(text, end) in _WIDTHS
