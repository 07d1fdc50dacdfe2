"""How attribute values hold URLs: one, several, the candidates of a srcset, a refresh."""

import re
from collections.abc import Iterator

_C0_AND_SPACE = "".join(map(chr, range(0x21)))
_IGNORED = str.maketrans("", "", "\t\n\r\0")
_WORDS = re.compile(r"[^ \t\n\f\r]++")
_LISTED = re.compile(r"[^; \t\n\f\r][^;]*+")
_DESCRIPTORS = re.compile(r"(?:[^,(]++|\([^)]*+\)?)*+,?")
_REFRESH = re.compile(
    r"[ \t\n\f\r]*+(?:[0-9]++|(?=\.))[0-9.]*+[ \t\n\f\r]*+[;,]?[ \t\n\f\r]*+"
    r"(?:(?i:url)[ \t\n\f\r]*+=[ \t\n\f\r]*+)?+"
    r"""(?:"([^"]*+)|'([^']*+)|([\s\S]++))"""
)


def tidy_url(value: str) -> str:
    """Drop what a URL parser ignores: tab, CR, LF and (as mail clients do) NUL; C0 and space at the ends."""
    value = value.strip(_C0_AND_SPACE)
    if "\n" in value or "\r" in value or "\t" in value or "\0" in value:
        return value.translate(_IGNORED)
    return value


def split_words(value: str) -> Iterator[tuple[int, int]]:
    """Give the spans of the words that white space separates."""
    return (match.span() for match in _WORDS.finditer(value))


def split_list(value: str) -> Iterator[tuple[int, int]]:
    """Give the spans of what semicolons separate, without the white space around it."""
    return (match.span() for match in _LISTED.finditer(value))


def split_candidates(value: str) -> Iterator[tuple[int, int]]:
    """Give the spans of the URLs in a srcset, as "parse a srcset attribute" reads it."""
    position = 0
    while word := _WORDS.search(value, position):
        start, position = word.span()
        while start < position and value[start] == ",":
            start += 1
        end = position
        while end > start and value[end - 1] == ",":
            end -= 1
        if end == start:
            continue
        yield start, end
        if end == position and (descriptors := _DESCRIPTORS.match(value, position)):
            position = descriptors.end()


def find_refresh(value: str) -> Iterator[tuple[int, int]]:
    """Give the span of the URL in `<meta http-equiv=refresh content>`, if it names one."""
    if match := _REFRESH.match(value):
        yield match.span(match.lastindex or 0)
