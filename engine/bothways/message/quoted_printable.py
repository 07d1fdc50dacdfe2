"""Quoted-printable (RFC 2045, 6.7): octets with a map back to where each is written.

A broken `=` sequence stays as it is written; blanks at the end of a line are not content.
"""

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, product

_TOKEN = re.compile(rb"(=[0-9A-Fa-f]{2}|=[ \t]*+(?:\r\n?|\n|\Z))")
_TOKEN_OR_BLANKS = re.compile(rb"(=[0-9A-Fa-f]{2}|=[ \t]*+(?:\r\n?|\n|\Z)|(?<![ \t])[ \t]++(?=[\r\n]|\Z))")
_BLANKS_AT_END = (b" \r", b" \n", b"\t\r", b"\t\n")
_VALUES = {
    f"={high}{low}".encode(): bytes([int(high + low, 16)])
    for high, low in product("0123456789abcdefABCDEF", repeat=2)
}


class QuotedPrintable:
    """The octets of a quoted-printable body, and where each is written.

    The body is cut into literal pieces (even places) and tokens (odd places): `=XX`, soft line
    breaks and blanks at a line's end.
    """

    def __init__(self, raw: bytes, start: int, end: int) -> None:
        body = raw[start:end]
        has_blanks = body.endswith((b" ", b"\t")) or any(blanks in body for blanks in _BLANKS_AT_END)
        pieces = (_TOKEN_OR_BLANKS if has_blanks else _TOKEN).split(body)
        self.start = start
        self.notes: tuple[str, ...] = ()
        self._raw_lengths = list(map(len, pieces))
        values = _VALUES
        pieces[1::2] = [values.get(token, b"") for token in pieces[1::2]]
        self._lengths = list(map(len, pieces))
        self.octets = b"".join(pieces)

    @cached_property
    def _raw_starts(self) -> list[int]:
        return list(accumulate(self._raw_lengths, initial=self.start))

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate(self._lengths, initial=0))

    def _piece(self, octet: int) -> int:
        """Return the piece that holds a decoded octet; empty ones begin where it does and come before it."""
        return bisect_right(self._starts, octet) - 1

    def _written_at(self, octet: int) -> int:
        piece = self._piece(octet)
        if piece >= len(self._lengths):
            return self._raw_starts[-1]
        return self._raw_starts[piece] + octet - self._starts[piece]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the decoded octets [start, end) are written, from the first octet to the last."""
        first = self._written_at(start)
        if end <= start:
            return first, first
        piece = self._piece(end - 1)
        if piece % 2:
            return first, self._raw_starts[piece + 1]
        return first, self._raw_starts[piece] + end - self._starts[piece]

    def follows_broken(self, raw: bytes, octet: int) -> bool:
        """Say whether a broken `=` is written right before an octet: what is put there could complete it."""
        at = self._written_at(octet)
        before = raw[max(self.start, at - 2) : at]
        return b"=" in before and before[-1:] not in (b"\r", b"\n")
