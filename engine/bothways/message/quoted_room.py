"""The room that a stretch of quoted-printable offers, and how it is filled to the last octet.

Every line break of the stretch, hard or soft, stays where it is; between them stand lines of fixed
lengths. An octet takes one place, or three as `=XX`; that choice is what makes a text fit. The lines
that soft breaks join are a row; in it the text is laid out line after line, going back where a line
cannot be filled and never trying the same place twice, so the search is small and misses nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

_BREAK = re.compile(rb"=[ \t]*+(?:\r\n?|\n)|\r\n?|\n")
_HARD_BREAK = re.compile(rb"\r\n?|\n")
_BLANKS_TO_END = re.compile(rb"[ \t]*+(?:[\r\n]|\Z)")
_BLANKS = (0x20, 0x09)
_CHOICES = 128
"""Ways tried to end one line: all there are up to 190 octets, where RFC 2045 allows 76."""
_MAX_TRIED = 2_000
"""Places tried for one row; what sums allow is found in far fewer unless the text was made to prevent it."""
_WIDE_TRIES = 8


@dataclass(frozen=True, slots=True)
class _Row:
    """Lines joined by soft breaks: their lengths, the breaks after them, and what its end asks for.

    `ends_line`: a hard break follows, so a literal blank at the end would not be read.
    `may_trail`: such blanks would take nothing with them, so they can stand where nothing else fits.
    """

    lengths: tuple[int, ...]
    breaks: tuple[bytes, ...]
    ends_line: bool
    may_trail: bool


def fill_rows(
    raw: bytes, span: tuple[int, int], body: tuple[int, int], octets: bytes, space: bytes | None
) -> bytes | None:
    """Fill a span of a quoted-printable body with a text and spaces around it; None where no layout exists.

    The first row that holds the text gets it; a text with the span's own hard breaks is laid out row by row.
    `space` is None where nothing may be added; then a text without breaks fills a single row.
    """
    rows = list(_read_rows(raw, *span, *body))
    if b"\r" in octets or b"\n" in octets:
        return _fill_each_row(rows, octets, space)
    if space is None and len(rows) > 1:
        return None
    pieces: list[bytes] = []
    waiting = True
    for row in rows:
        filled = _fill(row, octets, space) if waiting else None
        waiting = waiting and filled is None
        filled = _fill(row, b"", space) if filled is None else filled
        if filled is None:
            return None
        pieces.append(filled)
    return None if waiting else b"".join(pieces)


def _fill_each_row(rows: list[_Row], octets: bytes, space: bytes | None) -> bytes | None:
    lines = _HARD_BREAK.split(octets)
    breaks = [row.breaks[-1] for row in rows]
    if len(lines) != len(rows) or _HARD_BREAK.findall(octets) != breaks[:-1]:
        return None
    filled = [_fill(row, line, space) for row, line in zip(rows, lines, strict=True)]
    pieces = [piece for piece in filled if piece is not None]
    return b"".join(pieces) if len(pieces) == len(rows) else None


def _read_rows(raw: bytes, start: int, end: int, floor: int, limit: int) -> Iterator[_Row]:
    lengths: list[int] = []
    breaks: list[bytes] = []
    position = start
    clear = raw[max(floor, start - 1) : start] not in (b" ", b"\t")
    for found in _BREAK.finditer(raw, start, end):
        lengths.append(found.start() - position)
        breaks.append(found[0])
        position = found.end()
        if not found[0].startswith(b"="):
            yield _Row(tuple(lengths), tuple(breaks), ends_line=True, may_trail=clear or len(lengths) > 1)
            lengths, breaks, clear = [], [], True
    lengths.append(end - position)
    ends_line = _BLANKS_TO_END.match(raw, end, limit) is not None
    yield _Row(tuple(lengths), (*breaks, b""), ends_line, may_trail=clear or len(lengths) > 1)


def _fill(row: _Row, octets: bytes, space: bytes | None) -> bytes | None:
    """Lay a text and spaces out in a row."""
    if space is None or len(space) == 1:
        filled = _Layout(row, octets, pad=space is not None, trail=False).write()
        if filled is None and space is not None and row.may_trail:
            filled = _Layout(row, octets, pad=True, trail=True).write()
        return filled
    # A wide space takes four to six places: add as many as could stand, then a few less.
    most = (sum(row.lengths) - len(octets)) // (len(space) + 2)
    for count in range(most, max(-1, most - _WIDE_TRIES), -1):
        filled = _Layout(row, octets + space * count, pad=False, trail=False).write()
        if filled is not None:
            return filled
    return None


class _Layout:
    """The search for a way to fill one row with a text, and spaces after it where `pad` says so."""

    def __init__(self, row: _Row, octets: bytes, *, pad: bool, trail: bool) -> None:
        self._row = row
        self._octets = octets
        self._pad = pad
        self._trail = trail
        self._room = list(accumulate(row.lengths, initial=0))
        self._escaped = list(accumulate((not _is_literal(octet) for octet in octets), initial=0))

    def write(self) -> bytes | None:
        """Return the row's octets, breaks included; None where no layout exists."""
        path = self._search()
        if path is None:
            return None
        bounds = [*path, len(self._octets)]
        lines = [
            self._write_line(line, bounds[line], bounds[line + 1], text_ends=line == len(path) - 1)
            for line in range(len(path))
        ]
        lines += [
            self._spaces(line, self._row.lengths[line]) for line in range(len(path), len(self._row.lengths))
        ]
        return b"".join(line + line_break for line, line_break in zip(lines, self._row.breaks, strict=True))

    def _search(self) -> list[int] | None:
        """Return where in the text each line begins, up to the line in which the text ends."""
        if not self._has_room(0, 0):
            return None
        path = [0]
        ways = [self._ends(0, 0)]
        tried = {(0, 0)}
        if self._can_finish(0, 0):
            return path
        while ways:
            end = next(ways[-1], None)
            if end is None:
                ways.pop()
                path.pop()
                continue
            line = len(ways)
            if (line, end) in tried or not self._has_room(line, end):
                continue
            if len(tried) > _MAX_TRIED:
                return None
            tried.add((line, end))
            path.append(end)
            if self._can_finish(line, end):
                return path
            ways.append(self._ends(line, end))
        return None

    def _has_room(self, line: int, start: int) -> bool:
        """Say whether the octets from `start` on can fill the lines from `line` on, as far as sums tell."""
        rest = len(self._octets) - start
        room = self._room[-1] - self._room[line]
        if self._needs(start, len(self._octets)) > room:
            return False
        return self._pad or (room <= 3 * rest and (room - rest) % 2 == 0)

    def _needs(self, start: int, end: int) -> int:
        """Return the fewest places that the octets [start, end) take."""
        return end - start + 2 * (self._escaped[end] - self._escaped[start])

    def _ends(self, line: int, start: int) -> Iterator[int]:
        """Yield where a line that begins at `start` can end so that it is full, the longest stretch first."""
        if line == len(self._row.lengths) - 1:
            return
        length = self._row.lengths[line]
        most = min(length, len(self._octets) - start)
        most -= (length - most) % 2
        least = max(-(-length // 3), most - 2 * _CHOICES)
        for count in range(most, least - 1, -2):
            if self._needs(start, start + count) <= length:
                yield start + count

    def _can_finish(self, line: int, start: int) -> bool:
        """Say whether the rest of the text ends in this line and what follows can be spaces."""
        row, end = self._row, len(self._octets)
        length = row.lengths[line]
        is_last = line == len(row.lengths) - 1
        needs = self._needs(start, end)
        if is_last and row.ends_line and end > start and self._octets[-1] in _BLANKS:
            needs += 2
        left = length - needs
        full = left >= 0 and left % 2 == 0 and length <= 3 * (end - start)
        if not is_last:
            later = row.lengths[line + 1 :]
            return (left >= 0 and self._can_pad(later[-1])) if self._pad else (full and not any(later))
        return full or (left >= 0 and self._pad and self._can_pad(left))

    def _can_pad(self, length: int) -> bool:
        """Say whether spaces alone can end the row: before a hard break the last is `=20`."""
        return not self._row.ends_line or length == 0 or length >= 3 or self._trail

    def _write_line(self, line: int, start: int, end: int, *, text_ends: bool) -> bytes:
        """Write octets into a line; what is left over goes into `=XX`, or into spaces where the text ends."""
        octets, length = self._octets[start:end], self._row.lengths[line]
        left = length - self._needs(start, end)
        absorbed = left % 2 == 0 and left <= 2 and length <= 3 * len(octets)
        if text_ends and self._pad and not (absorbed and self._is_end(line)):
            return _tokens(octets, 0) + self._spaces(line, left)
        return _tokens(octets, left // 2)

    def _is_end(self, line: int) -> bool:
        """Say whether a hard break follows a line."""
        return self._row.ends_line and line == len(self._row.lengths) - 1

    def _spaces(self, line: int, length: int) -> bytes:
        if self._is_end(line) and length >= 3:
            return b" " * (length - 3) + b"=20"
        return b" " * length


def _is_literal(octet: int) -> bool:
    """Say whether an octet may stand for itself (RFC 2045, 6.7, rules 2 and 3)."""
    return (33 <= octet <= 126 and octet != 61) or octet in _BLANKS


def _tokens(octets: bytes, surplus: int) -> bytes:
    """Write octets, the last `surplus` of those that could stand for themselves as `=XX` too."""
    out: list[bytes] = []
    for octet in reversed(octets):
        literal = _is_literal(octet)
        if literal and surplus <= 0:
            out.append(bytes([octet]))
        else:
            surplus -= literal
            out.append(b"=%02X" % octet)
    return b"".join(reversed(out))
