"""From characters of a decoded text to octets: one map a kind of charset, each O(log n) or better to ask."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Protocol

from bothways.message.charsets import Modes, errors_of, modes_of, space_in

_STEP = 2048


class CharMap(Protocol):
    """Where the characters of a text stand in its octets."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the octets of the characters [start, end), whole units of the charset."""
        ...

    def is_exact(self, start: int, end: int) -> bool:
        """Say whether [start, end) cuts no unit of the charset."""
        ...


class OneToOne:
    """Every character is one octet."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the same numbers."""
        return start, end

    def is_exact(self, start: int, end: int) -> bool:
        """Any span is exact."""
        return start <= end


class Stepped:
    """Characters of different lengths, no modes: offsets every 2048 characters, the rest by encoding."""

    def __init__(self, text: str, codec: str) -> None:
        self._text = text
        self._codec = codec
        self._errors = errors_of(codec)

    @cached_property
    def _offsets(self) -> list[int]:
        lengths = (self._length(at, at + _STEP) for at in range(0, len(self._text), _STEP))
        return list(accumulate(lengths, initial=0))

    def _length(self, start: int, end: int) -> int:
        return len(self._text[start:end].encode(self._codec, self._errors))

    def _offset(self, at: int) -> int:
        step = min(at // _STEP, len(self._offsets) - 1)
        return self._offsets[step] + self._length(step * _STEP, at)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the octets of whole characters."""
        first = self._offset(start)
        return first, first + self._length(start, end)

    def is_exact(self, start: int, end: int) -> bool:
        """Any span of whole characters is exact."""
        return start <= end


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch outside plain ASCII with the escape sequences around it; changed as a whole or not at all."""

    start: int
    end: int
    octet_start: int
    octet_end: int


class Switched:
    """A charset with modes: plain ASCII one to one, and units between."""

    def __init__(self, units: list[Unit]) -> None:
        self._units = units
        self._starts = [unit.start for unit in units]

    def _before(self, at: int) -> int:
        """Return the number of units that begin at or before a character."""
        return bisect_right(self._starts, at)

    def _start(self, at: int) -> int:
        index = self._before(at) - 1
        if index < 0:
            return at
        unit = self._units[index]
        return unit.octet_start if at < unit.end else unit.octet_end + at - unit.end

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the octets of the characters, the units they touch as a whole."""
        first = self._start(start)
        if end <= start:
            return first, first
        index = self._before(end - 1) - 1
        if index < 0:
            return first, end
        unit = self._units[index]
        return first, unit.octet_end + max(0, end - unit.end)

    def is_exact(self, start: int, end: int) -> bool:
        """Say whether both ends stand outside of units or at their borders."""
        return not any(self._is_inside(at) for at in (start, end))

    def _is_inside(self, at: int) -> bool:
        index = self._before(at) - 1
        return index >= 0 and self._units[index].start < at < self._units[index].end


def decode_octets(octets: bytes, codec: str) -> tuple[str, CharMap, str]:
    """Decode; return (text, map, codec): the codec is ASCII where the wanted one gives no map."""
    modes = modes_of(codec)
    if modes is not None:
        text, units = _decode_switched(octets, codec, modes)
        return text, Switched(units), codec
    if octets.isascii() and len(space_in(codec)) == 1:
        return octets.decode("ascii"), OneToOne(), codec
    errors = errors_of(codec)
    octets = octets[: len(octets) - len(octets) % len(space_in(codec))]
    try:
        text = octets.decode(codec, errors)
        if len(text) == len(octets):
            return text, OneToOne(), codec
        if codec == "utf-8" or len(text.encode(codec, errors)) == len(octets):
            return text, Stepped(text, codec), codec
    except UnicodeError:
        pass
    return octets.decode("ascii", "surrogateescape"), OneToOne(), "ascii"


def _decode_switched(octets: bytes, codec: str, modes: Modes) -> tuple[str, list[Unit]]:
    pieces: list[str] = []
    units: list[Unit] = []
    length = 0
    last = 0
    for match in modes.unit.finditer(octets):
        between = octets[last : match.start()].decode("ascii", "surrogateescape")
        inside = _decode_unit(modes.lead + match[0], codec)
        if inside is None:
            continue
        start = length + len(between)
        length = start + len(inside)
        units.append(Unit(start, length, match.start(), match.end()))
        pieces += (between, inside)
        last = match.end()
    pieces.append(octets[last:].decode("ascii", "surrogateescape"))
    return "".join(pieces), units


def _decode_unit(octets: bytes, codec: str) -> str | None:
    """Decode one unit, None where it is broken: then its octets stand for themselves."""
    try:
        return octets.decode(codec)
    except UnicodeError:
        return None
