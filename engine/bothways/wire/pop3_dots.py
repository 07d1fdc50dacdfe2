"""Dots at the start of lines (RFC 1939, section 3): undone for reading, put back where they were.

"If any line begins with the termination octet, the line is byte-stuffed by pre-pending the termination octet
to that line." A line ends with LF here, with or without a CR: servers hand on what senders wrote. What a
server stuffed, and where it forgot to, comes out again as it came in.
"""

import re

_ENDS = (b"\n.\r\n", b"\n.\n")
LONGEST_END = 4
_DOT_LINE = re.compile(rb"\n\.")
_MAYBE_END = re.compile(rb"\n(?:\.\r?)?\Z")


def find_end(octets: bytes | bytearray, start: int) -> tuple[int, int] | None:
    """Find the line of one dot, which ends a text, behind a line feed at or after `start`: its span."""
    found = [(at + 1, at + len(end)) for end in _ENDS if (at := octets.find(end, start)) >= 0]
    return min(found) if found else None


def certain(octets: bytes | bytearray) -> int:
    """Count the octets that cannot belong to an end which has not arrived whole."""
    found = _MAYBE_END.search(octets, max(0, len(octets) - LONGEST_END))
    return found.start() if found else len(octets)


def unstuff(wire: bytes) -> bytes:
    """Take the first dot off every line of a text that begins with one."""
    text = wire.replace(b"\n.", b"\n") if b"\n." in wire else wire
    return text[1:] if text.startswith(b".") else text


def restuff(wire: bytes, text: bytes, cleaned: bytes) -> bytes | None:
    """Give `cleaned` the dots that `wire` had and those it needs; None where it has other lines.

    `text` is `unstuff(wire)`, and `cleaned` is what has become of it.
    """
    if cleaned == text:
        return wire
    if len(cleaned) != len(text) or cleaned.endswith(b"\n") != text.endswith(b"\n"):
        return None
    taken = [place - before for before, place in enumerate(_dot_lines(wire))]
    if any(place and cleaned[place - 1] != ord("\n") for place in taken):
        return None
    return _with_dots(cleaned, sorted({*taken, *_dot_lines(cleaned)}))


def _dot_lines(text: bytes) -> list[int]:
    """Where lines begin with a dot."""
    return [found.start() for found in _DOT_LINE.finditer(b"\n" + text)]


def _with_dots(text: bytes, places: list[int]) -> bytes:
    starts, ends = [0, *places], [*places, len(text)]
    return b".".join(text[start:end] for start, end in zip(starts, ends, strict=True))
