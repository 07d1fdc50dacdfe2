"""Splice: changes of any length, encoded again only where they touch."""

import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bothways.message.base64_body import Base64
from bothways.message.charsets import space_in
from bothways.message.encodings import PartText
from bothways.message.mime import Part
from bothways.message.plan import Change, Edit, Planned, place
from bothways.message.quoted_printable import QuotedPrintable

_MAX_LINE = 76
_LINE_BREAK = re.compile(rb"\r\n?|\n")
_TO_LINE_END = re.compile(rb"[ \t]*+(?:[\r\n]|\Z)")
_NOT_LITERAL = re.compile(rb"[^!-<>-~ \t]")
"""Octets that may not stand for themselves (RFC 2045, 6.7, rules 1 to 3)."""
_SEARCHED = 1_000
"""Octets looked at to find a line's begin and end; longer lines are beyond every rule already."""


@dataclass(slots=True)
class _Write:
    """Decoded octets [start, end) that become `octets`; `pad` where spaces may be added after them.

    `written` is where they stand in the mail.
    """

    start: int
    end: int
    written: tuple[int, int]
    octets: bytes
    pad: bool


def splice(raw: bytes, part_text: PartText, changes: Sequence[Change]) -> Planned:
    """Plan edits that put each change's first candidate in the charset in its place, at any length."""
    chosen: list[str | None] = [None] * len(changes)
    writes: list[_Write] = []
    for slot in place(raw, part_text, changes):
        chosen[slot.number], octets = slot.texts[0]
        writes.append(_Write(slot.start, slot.end, slot.written, octets, slot.pad))
    body = part_text.body
    match body:
        case QuotedPrintable():
            soft = b"=" + _line_end(raw, body.start, part_text.part.body_end)
            edits = [_quoted(raw, part_text.part, write, soft) for write in _join_neighbours(writes)]
        case Base64():
            edits = _regrouped(raw, body, writes, space_in(part_text.codec))
        case _:
            edits = [_edit(raw, *write.written, write.octets) for write in writes]
    return Planned(tuple(edit for edit in edits if edit.original != edit.replacement), tuple(chosen))


def _edit(raw: bytes, start: int, end: int, replacement: bytes) -> Edit:
    return Edit(start, raw[start:end], replacement)


def _join_neighbours(writes: list[_Write]) -> list[_Write]:
    """Make one write of those that touch."""
    joined: list[_Write] = []
    for write in writes:
        before = joined[-1] if joined else None
        if before is None or before.end != write.start:
            joined.append(write)
            continue
        last = write if write.end > write.start else before  # what only puts in may stand behind a soft break
        written = (before.written[0], last.written[1])
        joined[-1] = _Write(before.start, write.end, written, before.octets + write.octets, write.pad)
    return joined


def _line_end(raw: bytes, start: int, end: int) -> bytes:
    """Return the first line break of a body, or of the mail: the style that new ones follow."""
    found = _LINE_BREAK.search(raw, start, end) or _LINE_BREAK.search(raw)
    return found[0] if found else b"\r\n"


def _column(raw: bytes, floor: int, position: int) -> int:
    """Return how many octets of its line stand before a position."""
    floor = max(floor, position - _SEARCHED)
    return position - max(raw.rfind(b"\n", floor, position), raw.rfind(b"\r", floor, position), floor - 1) - 1


def _rest(raw: bytes, position: int, end: int) -> int:
    """Return how many octets of its line stand after a position."""
    found = _LINE_BREAK.search(raw, position, min(end, position + _SEARCHED))
    return (found.start() if found else min(end, position + _SEARCHED)) - position


def _quoted(raw: bytes, part: Part, write: _Write, soft: bytes) -> Edit:
    """Write octets as quoted-printable, with soft breaks where a line would grow too long."""
    start, end = write.written
    octets = write.octets
    ends_line = _TO_LINE_END.match(raw, end, part.body_end) is not None
    if ends_line and not octets and raw[max(part.body_start, start - 1) : start] in (b" ", b"\t"):
        # A blank that now ends the line would be lost on decoding.
        start -= 1
        octets = raw[start : start + 1]
    written = _NOT_LITERAL.sub(_escape, octets)
    if ends_line and written.endswith((b" ", b"\t")):
        written = written[:-1] + b"=%02X" % written[-1]
    column = _column(raw, part.body_start, start)
    rest = _rest(raw, end, part.body_end)
    return _edit(raw, start, end, _lay_out(written, column, rest, soft))


def _escape(octet: re.Match[bytes]) -> bytes:
    return b"=%02X" % octet[0][0]


def _lay_out(written: bytes, column: int, rest: int, soft: bytes) -> bytes:
    """Cut quoted-printable into lines of at most 76 octets; `rest` octets follow the last on its line."""
    out: list[bytes] = []
    position = 0
    while position < len(written):
        if column == 0 and written[position] in b".F":
            # A dot or an mbox "From " at a line's start does not survive every transport.
            out.append(b"=%02X" % written[position])
            position, column = position + 1, 3
        line = written[position : position + max(0, _MAX_LINE - 1 - column)]
        position += len(line)
        if position < len(written) and (token := line.rfind(b"=", max(0, len(line) - 2))) >= 0:
            position -= len(line) - token
            line = line[:token]
        out.append(line)
        column += len(line)
        if position < len(written):
            out.append(soft)
            column = 0
    if out and column + rest > _MAX_LINE and rest < _MAX_LINE:
        out.append(soft)
    return b"".join(out)


def _regrouped(raw: bytes, body: Base64, writes: list[_Write], space: bytes) -> list[Edit]:
    """Write the groups that changes touch anew; writes that share a group become one edit."""
    edits: list[Edit] = []
    line_end = _line_end(raw, body.start, body.end)
    groups = [body.groups(write.start, write.end) for write in writes]
    position = 0
    while position < len(writes):
        start, end = groups[position]
        raw_end = writes[position].written[1]
        last = position + 1
        while True:
            while last < len(writes) and (groups[last][0] < end or writes[last].written[0] < raw_end):
                end, raw_end = max(end, groups[last][1]), max(raw_end, writes[last].written[1])
                last += 1
            octets = _rewritten(body, start, end, writes[position:last])
            block_end = body.block_octets(body.block_of(max(start, end - 1)))[1]
            if len(octets) % 3 == 0 or end >= block_end:
                break
            if _padded(octets, writes[position:last], space):
                continue
            end, raw_end = block_end, body.span(start, block_end)[1]
        edits.append(_base64_edit(raw, body, (writes[position].written[0], raw_end), octets, line_end))
        position = last
    return edits


def _rewritten(body: Base64, start: int, end: int, writes: list[_Write]) -> bytes:
    pieces: list[bytes] = []
    for write in writes:
        pieces += (body.octets[start : write.start], write.octets)
        start = write.end
    return b"".join([*pieces, body.octets[start:end]])


def _padded(octets: bytes, writes: list[_Write], space: bytes) -> bool:
    """Add the one or two spaces to a write that keep the groups after it as they are."""
    for write in writes:
        if write.pad:
            missing = next(count for count in (1, 2) if (len(octets) + count * len(space)) % 3 == 0)
            write.octets += space * missing
            return True
    return False


def _base64_edit(raw: bytes, body: Base64, span: tuple[int, int], octets: bytes, line_end: bytes) -> Edit:
    raw_start, raw_end = span
    digits = binascii.b2a_base64(octets, newline=False)
    width = body.line_width
    column = _column(raw, body.start, raw_start)
    rest = _rest(raw, raw_end, body.end)
    first = max(0, width - column)
    lines = [digits[:first]] + [digits[at : at + width] for at in range(first, len(digits), width)]
    column = len(lines[-1]) + (column if len(lines) == 1 else 0)
    if digits and column + rest > _MAX_LINE and rest:
        lines.append(b"")
    return _edit(raw, raw_start, raw_end, line_end.join(lines))
