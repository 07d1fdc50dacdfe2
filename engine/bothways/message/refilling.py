"""Refill: changes that keep the octet count, the line count and every line break where it stands.

What clients were told of a mail (its size, its lines, the windows they cut) stays true. A change
that does not fit its room is refused, never resized.
"""

import binascii
import re
from collections.abc import Callable, Sequence

from bothways.message.base64_body import ALPHABET, Base64
from bothways.message.charsets import space_in
from bothways.message.encodings import PartText, Plain
from bothways.message.plan import Change, Edit, Planned, Slot, place
from bothways.message.quoted_printable import QuotedPrintable
from bothways.message.quoted_room import fill_rows

_BREAKS = re.compile(rb"[\r\n]+")
_BREAK = re.compile(rb"\r\n?|\n")
_DIGITS = re.compile(b"[" + re.escape(ALPHABET) + b"=]+")

type _Fill = Callable[[Slot, bytes], bytes | None]


def refill(raw: bytes, part_text: PartText, changes: Sequence[Change]) -> Planned:
    """Plan edits that put each change's first candidate that fits in its place, within the same octets.

    The text then reads: the candidate and spaces, with the line breaks that stood in the span.
    """
    body = part_text.body
    slots = list(place(raw, part_text, changes))
    space = space_in(part_text.codec)
    match body:
        case QuotedPrintable():
            return _plan_in_place(raw, slots, len(changes), _quoted_fill(raw, part_text, space))
        case Base64():
            return _plan_groups(raw, body, slots, len(changes), space)
        case Plain():
            return _plan_in_place(raw, slots, len(changes), _decoded_fill(body, space))


def _choose(slot: Slot, fill: _Fill) -> tuple[str, bytes] | None:
    """Return the first candidate that fits, with what is written for it."""
    for text, octets in slot.texts:
        written = fill(slot, octets)
        if written is not None:
            return text, written
    return None


def _plan_in_place(raw: bytes, slots: list[Slot], count: int, fill: _Fill) -> Planned:
    """Plan one edit a change, for bodies whose octets are written one by one."""
    chosen: list[str | None] = [None] * count
    edits: list[Edit] = []
    for slot in slots:
        choice = _choose(slot, fill)
        if choice is None:
            continue
        start, end = slot.written
        if not _same_breaks(raw[start:end], choice[1]):
            continue
        chosen[slot.number] = choice[0]
        if raw[start:end] != choice[1]:
            edits.append(Edit(start, raw[start:end], choice[1]))
    return Planned(tuple(edits), tuple(chosen))


def _same_breaks(original: bytes, replacement: bytes) -> bool:
    """Check what refill promises: the same length, each CR and LF in its place."""

    def breaks(octets: bytes) -> list[tuple[int, bytes]]:
        return [(match.start(), match[0]) for match in _BREAKS.finditer(octets)]

    return len(original) == len(replacement) and breaks(original) == breaks(replacement)


def _decoded_fill(body: Plain | Base64, space: bytes) -> _Fill:
    return lambda slot, octets: fill_lines(body.octets[slot.start : slot.end], octets, space, pad=slot.pad)


def _quoted_fill(raw: bytes, part_text: PartText, space: bytes) -> _Fill:
    body = (part_text.part.body_start, part_text.part.body_end)

    def fill(slot: Slot, octets: bytes) -> bytes | None:
        return fill_rows(raw, slot.written, body, octets, space if slot.pad else None)

    return fill


def fill_lines(room: bytes, octets: bytes, space: bytes, *, pad: bool) -> bytes | None:
    """Write octets into the first line of a room that holds them, spaces into the rest; else None.

    Octets with the room's own line breaks are written line by line.
    """
    if _line_breaks(octets, len(space)):
        return _fill_each_line(room, octets, space, pad=pad)
    if not pad:
        return octets if len(octets) == len(room) and not _BREAKS.search(room + octets) else None
    pieces: list[bytes] = []
    waiting = True
    position = 0
    for line_break in [*_line_breaks(room, len(space)), (len(room), len(room))]:
        length = line_break[0] - position
        fits = waiting and len(octets) <= length and (length - len(octets)) % len(space) == 0
        line = octets if fits else b""
        waiting = waiting and not fits
        if (length - len(line)) % len(space):
            return None
        pieces += (line, space * ((length - len(line)) // len(space)), room[slice(*line_break)])
        position = line_break[1]
    return None if waiting else b"".join(pieces)


def _fill_each_line(room: bytes, octets: bytes, space: bytes, *, pad: bool) -> bytes | None:
    rooms, lines = (_split_lines(each, len(space)) for each in (room, octets))
    if [line_break for _, line_break in rooms] != [line_break for _, line_break in lines]:
        return None
    pieces: list[bytes] = []
    for (line_room, line_break), (line, _) in zip(rooms, lines, strict=True):
        filled = fill_lines(line_room, line, space, pad=pad)
        if filled is None:
            return None
        pieces += (filled, line_break)
    return b"".join(pieces)


def _split_lines(octets: bytes, width: int) -> list[tuple[bytes, bytes]]:
    """Return each line with the break after it, the last with none."""
    lines = []
    position = 0
    for start, end in [*_line_breaks(octets, width), (len(octets), len(octets))]:
        lines.append((octets[position:start], octets[start:end]))
        position = end
    return lines


def _line_breaks(room: bytes, width: int) -> list[tuple[int, int]]:
    """Return the spans of CR and LF; in a charset of wide units those of whole units."""
    if width == 1:
        return [match.span() for match in _BREAK.finditer(room)]
    units = ((at, at + width) for at in range(0, len(room), width))
    return [(at, end) for at, end in units if room[at:end].strip(b"\0") in (b"\r", b"\n")]


def _plan_groups(raw: bytes, body: Base64, slots: list[Slot], count: int, space: bytes) -> Planned:
    """Plan for base64: fill the decoded octets, then write the touched groups anew into the same digits."""
    chosen: list[str | None] = [None] * count
    if not body.canonical:
        return Planned((), tuple(chosen))
    fill = _decoded_fill(body, space)
    octets = bytearray(body.octets)
    touched: list[tuple[int, int]] = []
    for slot in slots:
        choice = _choose(slot, fill)
        if choice is None:
            continue
        chosen[slot.number], octets[slot.start : slot.end] = choice
        if slot.end > slot.start:
            touched.append(body.groups(slot.start, slot.end))
    edits = [_regroup(raw, body, octets, start, end) for start, end in _unite(touched)]
    return Planned(tuple(edit for edit in edits if edit.original != edit.replacement), tuple(chosen))


def _unite(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join sorted spans that overlap or touch."""
    united: list[tuple[int, int]] = []
    for start, end in spans:
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return united


def _regroup(raw: bytes, body: Base64, octets: bytearray, start: int, end: int) -> Edit:
    raw_start, raw_end = body.span(start, end)
    digits = binascii.b2a_base64(octets[start:end], newline=False)
    position = 0

    def next_digits(run: re.Match[bytes]) -> bytes:
        nonlocal position
        written = digits[position : position + len(run[0])]
        position += len(written)
        return written + run[0][len(written) :]  # one digit too many at the end of a cut body stays

    original = raw[raw_start:raw_end]
    return Edit(raw_start, original, _DIGITS.sub(next_digits, original))
