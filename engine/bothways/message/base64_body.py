"""Base64 bodies (RFC 2045, 6.8): octets with a map back to the groups that carry them.

Decoded as clients do: octets outside the alphabet do not count, a block ends at its padding and
another may follow, a last group may lack its padding.
"""

import binascii
import re
from bisect import bisect_right
from contextlib import suppress
from functools import cached_property
from itertools import accumulate

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_OTHER = bytes(octet for octet in range(256) if octet not in ALPHABET)
_SPACE = b"\r\n \t"
_EXPECTED = ALPHABET + b"=" + _SPACE
_NOT_WRITTEN = bytes(octet for octet in _OTHER if octet != ord("="))
_MAX_LINE = 76
_LINE = re.compile(rb"([A-Za-z0-9+/]++)(?:\r\n?|\n)")
_RUN = re.compile(rb"[A-Za-z0-9+/]++")


class Base64:
    """The octets of a base64 body, and the digits that write them.

    `canonical`: one block, nothing in it but digits, line breaks, blanks and its padding, so that
    every reader agrees on where a group begins.
    """

    def __init__(self, raw: bytes, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self._raw = raw
        body = raw[start:end].rstrip(_SPACE)
        self._lines, digits, decoded, self.canonical = _decode_lines(body) or _decode(body)
        self.octets = b"".join(decoded)
        self._starts = list(accumulate(map(len, decoded), initial=0))
        self._first_digits = list(accumulate(digits, initial=0))
        self.notes = () if self.canonical else ("base64:not canonical",)

    @cached_property
    def _runs(self) -> tuple[list[int], list[int]]:
        """Return where each run of digits begins in the mail, and the number of digits before it."""
        runs = [match.span() for match in _RUN.finditer(self._raw, self.start, self.end)]
        counts = accumulate((end - start for start, end in runs), initial=0)
        return [start for start, _ in runs], list(counts)

    @cached_property
    def line_width(self) -> int:
        """The digits of the first line: what new lines follow, at most 76."""
        first = _RUN.search(self._raw, self.start, self.end)
        return min(max(4, first.end() - first.start()), _MAX_LINE) if first else _MAX_LINE

    def digit_at(self, digit: int) -> int:
        """Return where the digit with this number is written (the body's end for one past the last)."""
        if self._lines and digit < self._first_digits[-1]:
            digits, octets = self._lines
            return self.start + digit // digits * octets + digit % digits
        starts, counts = self._runs
        run = bisect_right(counts, digit) - 1
        return starts[run] + digit - counts[run] if run < len(starts) else self.end

    def block_of(self, octet: int) -> int:
        """Return the number of the block that writes a decoded octet."""
        return min(bisect_right(self._starts, octet) - 1, max(len(self._starts) - 2, 0))

    def block_octets(self, block: int) -> tuple[int, int]:
        """Return the decoded octets of a block."""
        return self._starts[block], self._starts[min(block + 1, len(self._starts) - 1)]

    def groups(self, start: int, end: int) -> tuple[int, int]:
        """Widen decoded octets to whole groups of three, as far as their block goes."""
        first, _ = self.block_octets(self.block_of(start))
        last, last_end = self.block_octets(self.block_of(max(start, end - 1)))
        whole_start = first + (start - first) // 3 * 3
        return whole_start, min(last + -(-(end - last) // 3) * 3, last_end)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the groups that carry the octets [start, end) are written, padding included."""
        if not self.octets:
            return self.start, self.start
        whole_start, whole_end = self.groups(start, end)
        block = self.block_of(whole_start)
        first_digit = self._first_digits[block] + (whole_start - self._starts[block]) // 3 * 4
        first = self.digit_at(first_digit)
        if whole_end <= whole_start:
            return first, first
        return first, self._written_to(whole_end)

    def _written_to(self, whole_end: int) -> int:
        block = self.block_of(whole_end - 1)
        if whole_end < self._starts[block + 1]:
            last_digit = self._first_digits[block] + (whole_end - self._starts[block]) // 3 * 4 - 1
            return self.digit_at(last_digit) + 1
        return self._padding_end(self.digit_at(self._first_digits[block + 1] - 1) + 1)

    def _padding_end(self, position: int) -> int:
        """Return the end of the up to two `=` that follow a block's last digit, on its line or the next."""
        end = position
        for _ in range(2):
            while position < self.end and self._raw[position] in b"\r\n":
                position += 1
            if position >= self.end or self._raw[position] != ord("="):
                break
            position += 1
            end = position
        return end


type _Lines = tuple[int, int]
"""The digits of every line and its octets with its break."""

type _Decoded = tuple[_Lines | None, list[int], list[bytes], bool]
"""The lines where they are equal, the digits of each block, its octets, whether the body is canonical."""


def _decode_lines(body: bytes) -> _Decoded | None:
    """Decode a body of equal lines, as nearly all are written; None for any other.

    `binascii` passes over what is no digit: where there are as many octets as the places between the breaks
    write, digits and their padding are all that stands there.
    """
    first = _LINE.match(body)
    if first is None:
        return None
    width, step = first.end(1), first.end()
    breaks = [body[place::step] for place in range(width, step)]
    if not all(column.count(column[:1]) == len(column) for column in breaks):
        return None
    places, padding = len(body) - sum(map(len, breaks)), body[-2:].count(b"=")
    with suppress(binascii.Error):
        octets = binascii.a2b_base64(body)
        if (len(octets) + padding) * 4 == places * 3:
            return (width, step), [places - padding], [octets], True
    return None


def _decode(body: bytes) -> _Decoded:
    written = body.translate(None, _SPACE)
    if written and len(written) % 4 == 0 and _is_one_block(written):
        with suppress(binascii.Error):  # some octet is no digit
            octets = binascii.a2b_base64(written, strict_mode=True)
            return None, [len(written.rstrip(b"="))], [octets], True
    junk = body.translate(None, _EXPECTED)
    written = written.translate(None, _NOT_WRITTEN)
    blocks = [block for block in written.split(b"=") if block]
    return None, list(map(len, blocks)), list(map(_decode_block, blocks)), not junk and _is_one_block(written)


def _decode_block(block: bytes) -> bytes:
    if len(block) % 4 == 1:
        block = block[:-1]
    return binascii.a2b_base64(block + b"=" * (-len(block) % 4))


def _is_one_block(written: bytes) -> bool:
    """Say whether digits and padding are exactly one block of whole groups."""
    digits = written.rstrip(b"=")
    padding = len(written) - len(digits)
    return b"=" not in digits and padding <= 2 and (len(written) % 4 == 0 or padding == 0)
