"""Quoted-printable (RFC 2045, 6.7): octets with a map back to where each is written.

A broken `=` sequence stays as it is written; blanks at the end of a line are not content.
"""

import re
from binascii import a2b_qp
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from itertools import accumulate, product

_TOKEN = re.compile(rb"(=[0-9A-Fa-f]{2}|=[ \t]*+(?:\r\n?|\n|\Z))")
_TOKEN_OR_BLANKS = re.compile(rb"(=[0-9A-Fa-f]{2}|=[ \t]*+(?:\r\n?|\n|\Z)|(?<![ \t])[ \t]++(?=[\r\n]|\Z))")
_UNUSUAL = re.compile(rb"=(?![0-9A-Fa-f][0-9A-Fa-f]|[ \t]*+\r?\n)")
_BLANK_BEFORE = {
    # An expression that begins with its break goes from one to the next, faster than a pair is looked for.
    line_break: re.compile(rb"%b(?<=[ \t]%b)" % (line_break, line_break))
    for line_break in (b"\r", b"\n")
}
_BLOCK = 1024
"""Octets after whose line a block ends: only blocks that hold an edit are mapped."""
_VALUES = {
    f"={high}{low}".encode(): bytes([int(high + low, 16)])
    for high, low in product("0123456789abcdefABCDEF", repeat=2)
}


class QuotedPrintable:
    """The octets of a quoted-printable body, and where each is written."""

    def __init__(self, raw: bytes, start: int, end: int) -> None:
        self.start = start
        self.notes: tuple[str, ...] = ()
        self._body = raw[start:end]
        self._has_blanks = _has_blanks(self._body)
        self._maps: dict[int, _Map] = {}
        self._decode = self._choose_decoder()
        self.octets = self._decode(self._body)

    def _choose_decoder(self) -> Callable[[bytes], bytes]:
        """Choose what decodes the body, or a stretch of it that ends with a line.

        What usually is written `binascii` reads as we do, and many times faster.
        """
        if _UNUSUAL.search(self._body):
            return lambda written: b"".join(_read(self._cut(written)))
        return _decode_usual if self._has_blanks else a2b_qp

    def _cut(self, written: bytes) -> list[bytes]:
        """Cut into literal pieces (even places) and tokens: `=XX`, soft breaks, blanks at a line's end."""
        return (_TOKEN_OR_BLANKS if self._has_blanks else _TOKEN).split(written)

    @cached_property
    def _blocks(self) -> tuple[list[int], list[int]]:
        """Return where each block begins in the body and in the octets, and last where both end.

        A block ends after a line feed, so no token goes beyond it.
        """
        body = self._body
        places = [0]
        while places[-1] < len(body):
            line_end = body.find(b"\n", places[-1] + _BLOCK) + 1
            places.append(line_end or len(body))
        decoded = map(self._decode, map(body.__getitem__, map(slice, places, places[1:])))
        return places, list(accumulate(map(len, decoded), initial=0))

    def _written_at(self, octet: int) -> tuple[int, int]:
        """Return where a decoded octet is written, and where that ends; for one past the last, the end."""
        places, starts = self._blocks
        # Blocks and pieces without octets begin where the next one does and come before it.
        block = bisect_right(starts, octet) - 1
        if block >= len(starts) - 1:
            return self.start + places[-1], self.start + places[-1]
        place = places[block]
        if block not in self._maps:
            self._maps[block] = _Map(self._cut(self._body[place : places[block + 1]]))
        start, end = self._maps[block].find(octet - starts[block])
        return self.start + place + start, self.start + place + end

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the decoded octets [start, end) are written, from the first octet to the last."""
        first = self._written_at(start)[0]
        return first, first if end <= start else self._written_at(end - 1)[1]

    def follows_broken(self, raw: bytes, position: int) -> bool:
        """Say whether a broken `=` is written right before a position of the mail."""
        before = raw[max(self.start, position - 2) : position]
        return b"=" in before and before[-1:] not in (b"\r", b"\n")


class _Map:
    """Where the octets of one block are written."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._places = list(accumulate(map(len, pieces), initial=0))
        self._starts = list(accumulate(map(len, _read(pieces)), initial=0))

    def find(self, octet: int) -> tuple[int, int]:
        """Return where an octet is written in the block, and where that ends."""
        piece = bisect_right(self._starts, octet) - 1
        if piece % 2:
            return self._places[piece], self._places[piece + 1]
        place = self._places[piece] + octet - self._starts[piece]
        return place, place + 1


def _read(pieces: list[bytes]) -> list[bytes]:
    """Give what the pieces stand for."""
    read = pieces.copy()
    read[1::2] = [_VALUES.get(token, b"") for token in pieces[1::2]]
    return read


def _decode_usual(written: bytes) -> bytes:
    return a2b_qp(_strip_lines(written) if _has_blanks(written) else written)


def _strip_lines(body: bytes) -> bytes:
    """Leave out the blanks before line breaks and at the end."""
    for line_break, blank_before in _BLANK_BEFORE.items():
        if blank_before.search(body):
            body = line_break.join([line.rstrip(b" \t") for line in body.split(line_break)])
    return body.rstrip(b" \t")


def _has_blanks(body: bytes) -> bool:
    """Say whether blanks end a line."""
    return body.endswith((b" ", b"\t")) or any(
        blank_before.search(body) for blank_before in _BLANK_BEFORE.values()
    )
