"""Links in running text, ended where a person would end them."""

import re
from collections.abc import Iterator
from string import ascii_letters, digits

from bothways.markup.found import Link

# Quotes, CJK closing punctuation and full-width forms end a URL wherever they stand.
NEVER = r"\s\x00-\x1f\x7f<>\"“”«»\u3000-\u303f\uff01-\uff0f\uff1a-\uff20"
# The brackets in the middle of a Markdown link end one URL and open the next.
_REST = re.compile(rf"(?:[!#-;=?-\[^-~]++|[^{NEVER}\]]++|\](?!\())++")
_SCHEME_END = "://"
_SCHEMES = ("http", "https")
_LETTERS = frozenset(ascii_letters + digits)
_BRACKETS = re.compile(r"[()\[\]{}]")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_TRAILING = ".,:;!?'*`|\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}…"


def find_text_links(text: str) -> tuple[Link, ...]:
    """Give every http and https URL of a plain text, in order.

    What stands in angle brackets is taken whole; else trailing punctuation and brackets that the URL did not
    open are left out.
    """
    links = []
    for start, reach in _spans(text):
        end = reach
        if text[start - 1 : start] != "<" or text[end : end + 1] != ">":
            end = start + natural_length(text[start:end])
        if text[start:end].partition(_SCHEME_END)[2]:
            links.append(Link(text[start:end], "text", "", start, end))
    return tuple(links)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Give where URLs stand, as far as their characters go; a string is found faster than an expression."""
    end = 0
    while (sign := text.find(_SCHEME_END, end)) >= 0:
        scheme = text[max(end, sign - 5) : sign].lower()
        start = sign - (5 if scheme == "https" else 4)
        rest = _REST.match(text, sign + len(_SCHEME_END)) if scheme.endswith(_SCHEMES) else None
        end = sign + len(_SCHEME_END)
        if rest is not None and text[start - 1 : start] not in _LETTERS:
            end = rest.end()
            yield start, end


def natural_length(url: str) -> int:
    """Give where a URL of running text ends: at the first bracket that it closes but did not open.

    What only ends a sentence is left out too.
    """
    end = len(url)
    opened: list[str] = []
    closes = ")" in url or "]" in url or "}" in url
    for match in _BRACKETS.finditer(url) if closes else ():
        bracket = match[0]
        if bracket not in _PAIRS:
            opened.append(bracket)
        elif not opened or opened.pop() != _PAIRS[bracket]:
            end = match.start()
            break
    return len(url[:end].rstrip(_TRAILING))
