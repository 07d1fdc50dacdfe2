"""Which pieces of a URL look made for one reader or one send, rather than for one picture."""

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bothways.urls.address import Address

_UUID = re.compile(r"(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
_HEX = re.compile(r"(?i)[0-9a-f]{16,}+")
_WORD = re.compile(r"[A-Za-z0-9_~+=-]{8,}+")
_SEPARATORS = re.compile(r"[/.,;:&=|!]|%[0-9A-Fa-f]{2}")
_DIGIT = 0
_LONG = 2000
"""Octets of a URL that are looked at: what no token reaches needs no answer."""


def find_token(address: "Address") -> str:
    """Give the first piece of the path or query that looks like a token, "" where there is none."""
    for piece in _SEPARATORS.split(f"{address.path}&{address.query}"[:_LONG]):
        if is_token(piece):
            return piece
    return ""


def is_token(piece: str) -> bool:
    """True for UUIDs, long hexadecimal or decimal numbers, and words as only a generator mixes them."""
    if len(piece) < 8:
        return False
    if piece.isdigit() or _UUID.fullmatch(piece) or _HEX.fullmatch(piece):
        return True
    if not _WORD.fullmatch(piece):
        return False
    letters = [_class_of(character) for character in piece if character.isalnum()]
    changes = sum(before != after for before, after in pairwise(letters))
    return letters.count(_DIGIT) >= 2 and changes >= 4 and changes * 5 >= len(piece)


def _class_of(character: str) -> int:
    if character.isdigit():
        return _DIGIT
    return 1 if character.isupper() else 2
