"""Which pieces of a URL look made for one reader or one send, rather than for one picture."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bothways.urls.address import Address

_UUID = re.compile(r"(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
_HEX = re.compile(r"(?i)[0-9a-f]{16,}+")
_WORD = re.compile(r"[A-Za-z0-9_~+=-]{8,}+")
_SEPARATORS = re.compile(r"[/.,;:&=|!]|%[0-9A-Fa-f]{2}")
_LONG = 2000
"""Octets of a URL that are looked at: what no token reaches needs no answer."""


def find_token(address: "Address") -> str:
    """Give the first piece of the path or query that looks like a token, "" where there is none."""
    for piece in _SEPARATORS.split(f"{address.path}&{address.query}"[:_LONG]):
        if is_token(piece):
            return piece
    return ""


def is_token(piece: str) -> bool:
    """True for UUIDs, long hexadecimal, long numbers, and words that mix cases and digits as only a generator does."""
    if len(piece) < 8:
        return False
    if piece.isdigit() or _UUID.fullmatch(piece) or _HEX.fullmatch(piece):
        return True
    if not _WORD.fullmatch(piece):
        return False
    changes = sum(_class_of(a) != _class_of(b) for a, b in zip(piece, piece[1:], strict=False))
    digits = sum(c.isdigit() for c in piece)
    return digits >= 2 and changes >= 4 and changes * 5 >= len(piece)


def _class_of(character: str) -> int:
    if character.isdigit():
        return 0
    if character.isupper():
        return 1
    return 2 if character.islower() else 3
