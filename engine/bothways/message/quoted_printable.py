"""Quoted-printable (RFC 2045, 6.7): octets with a map back to where each is written.

A broken `=` sequence stays as it is written; blanks at the end of a line are not content.
"""

import re
from binascii import a2b_qp
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate, product

_TOKEN = re.compile(rb"(=[0-9A-Fa-f]{2}|=[ \t]*+(?:\r\n?|\n|\Z))")
_TOKEN_OR_BLANKS = re.compile(rb"(=[0-9A-Fa-f]{2}|=[ \t]*+(?:\r\n?|\n|\Z)|(?<![ \t])[ \t]++(?=[\r\n]|\Z))")
_UNUSUAL = re.compile(rb"=(?![0-9A-Fa-f][0-9A-Fa-f])(?!\r?\n)(?![ \t]++\r?\n)")
_BLANK_BEFORE = {
    # An expression that begins with its break goes from one to the next, faster than a pair is looked for.
    line_break: re.compile(rb"%b(?<=[ \t]%b)" % (line_break, line_break))
    for line_break in (b"\r", b"\n")
}
_BLOCK = 1024
"""Octets after whose line a block ends: what is decoded at once, and where an edit's line is looked for."""
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
        self._decode = self._choose_decoder()
        blocks = self._cut_blocks()
        decoded = list(map(self._decode, blocks))
        self.octets = b"".join(decoded)
        self._blocks = _Map(blocks, decoded)
        self._lines: dict[int, _Map] = {}
        self._pieces: dict[int, _Map] = {}

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

    def _cut_blocks(self) -> list[bytes]:
        """Cut the body after line feeds: no token goes beyond one."""
        body = self._body
        blocks = []
        place = 0
        while place < len(body):
            end = body.find(b"\n", place + _BLOCK) + 1 or len(body)
            blocks.append(body[place:end])
            place = end
        return blocks

    def _written_at(self, octet: int) -> tuple[int, int]:
        """Return where a decoded octet is written, and where that ends; for one past the last, the end."""
        if octet >= len(self.octets):
            return self.start + len(self._body), self.start + len(self._body)
        block, octet = self._blocks.find(octet)
        start, end = self._blocks.places[block : block + 2]
        if start not in self._lines:
            written = self._body[start:end].splitlines(keepends=True)
            self._lines[start] = _Map(written, map(self._decode, written))
        lines = self._lines[start]
        line, octet = lines.find(octet)
        start, end = start + lines.places[line], start + lines.places[line + 1]
        if start not in self._pieces:
            written = self._cut(self._body[start:end])
            self._pieces[start] = _Map(written, _read(written))
        pieces = self._pieces[start]
        piece, octet = pieces.find(octet)
        start += self.start
        if piece % 2:
            return start + pieces.places[piece], start + pieces.places[piece + 1]
        start += pieces.places[piece] + octet
        return start, start + 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the decoded octets [start, end) are written, from the first octet to the last."""
        first = self._written_at(start)[0]
        return first, first if end <= start else self._written_at(end - 1)[1]

    def follows_broken(self, raw: bytes, position: int) -> bool:
        """Say whether a broken `=` is written right before a position of the mail."""
        before = raw[max(self.start, position - 2) : position]
        return b"=" in before and before[-1:] not in (b"\r", b"\n")


class _Map:
    """Where each of a row of pieces begins, as written and in octets; last, where both end."""

    def __init__(self, written: Iterable[bytes], read: Iterable[bytes]) -> None:
        self.places = list(accumulate(map(len, written), initial=0))
        self.starts = list(accumulate(map(len, read), initial=0))

    def find(self, octet: int) -> tuple[int, int]:
        """Return the piece that writes an octet, and how many octets of it come before.

        Pieces without octets begin where the next one does and come before it.
        """
        piece = bisect_right(self.starts, octet) - 1
        return piece, octet - self.starts[piece]


def _read(pieces: list[bytes]) -> list[bytes]:
    """Give what the pieces stand for."""
    read = pieces.copy()
    read[1::2] = [_VALUES.get(token, b"") for token in pieces[1::2]]
    return read


def _decode_usual(written: bytes) -> bytes:
    return a2b_qp(_strip_lines(written))


def _strip_lines(body: bytes) -> bytes:
    """Leave out the blanks before line breaks and at the end."""
    for line_break, blank_before in _BLANK_BEFORE.items():
        if line_break in body and blank_before.search(body):
            body = line_break.join([line.rstrip(b" \t") for line in body.split(line_break)])
    return body.rstrip(b" \t")


def _has_blanks(body: bytes) -> bool:
    """Say whether blanks end a line."""
    return body.endswith((b" ", b"\t")) or any(
        line_break in body and blank_before.search(body) for line_break, blank_before in _BLANK_BEFORE.items()
    )
