"""Links in running text, ended where a person would end them."""

import re

from bothways.markup.found import Link

# Quotes, CJK closing punctuation and full-width forms end a URL wherever they stand.
_NEVER = r"\s\x00-\x1f\x7f<>\"“”«»\u3000-\u303f\uff01-\uff0f\uff1a-\uff20"
# The brackets in the middle of a Markdown link end one URL and open the next.
_URL = re.compile(rf"(?<![a-zA-Z0-9])(?i:https?)://(?:[^{_NEVER}\]]++|\](?!\())++")
_BRACKETS = re.compile(r"[()\[\]{}]")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_TRAILING = ".,:;!?'*`|\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}…"


def find_text_links(text: str) -> tuple[Link, ...]:
    """Give every http and https URL of a plain text, in order.

    What stands in angle brackets is taken whole; else trailing punctuation and brackets that the URL did not
    open are left out.
    """
    links = []
    for match in _URL.finditer(text):
        start, end = match.span()
        if text[start - 1 : start] != "<" or text[end : end + 1] != ">":
            end = start + _natural_length(match[0])
        if text[start:end].partition("://")[2]:
            links.append(Link(text[start:end], "text", "", start, end))
    return tuple(links)


def _natural_length(url: str) -> int:
    """Cut at the first bracket the URL closes but did not open, then drop what only ends a sentence."""
    end = len(url)
    opened: list[str] = []
    for match in _BRACKETS.finditer(url):
        bracket = match[0]
        if bracket not in _PAIRS:
            opened.append(bracket)
        elif not opened or opened.pop() != _PAIRS[bracket]:
            end = match.start()
            break
    return len(url[:end].rstrip(_TRAILING))
