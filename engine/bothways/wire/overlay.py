"""Edits of a message laid over any stretch of it, as its octets pass.

An edit is made where the original's octets are found at its place, and nowhere else. All edits keep
length, so every coordinate of the original is one of the cleaned message.
"""

from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter

from bothways.message.plan import Edit


class Overlay:
    """One stretch of a message that begins at its octet `start`; feed it in order, then `finish`.

    Only the octets of an edit are held, until it is whole. `mismatched` counts the edits that did not fit.
    """

    def __init__(self, edits: Sequence[Edit], start: int) -> None:
        self._edits = edits
        self._position = start
        self._next = bisect_right(edits, start, key=attrgetter("end"))
        self._held = bytearray()
        self.mismatched = 0

    def feed(self, octets: bytes) -> bytes:
        """Give what can be passed on."""
        if self._next == len(self._edits):
            return octets
        if self._held:
            self._held += octets
            if len(self._held) < self._edits[self._next].end - self._position:
                return b""
            octets = bytes(self._held)
            self._held.clear()
        return self._lay(octets)

    def finish(self) -> bytes:
        """Say that the stretch is over; give the rest of it."""
        held = bytes(self._held)
        self._held.clear()
        return self._exchange(held) if held else b""

    def release(self) -> bytes:
        """Give up what is held, as it came."""
        held = bytes(self._held)
        self._held.clear()
        return held

    def _lay(self, octets: bytes) -> bytes:
        pieces: list[bytes] = []
        offset = 0
        while self._next < len(self._edits):
            edit = self._edits[self._next]
            gap = max(0, edit.start - self._position)
            if gap >= len(octets) - offset:
                break
            if gap:
                pieces.append(octets[offset : offset + gap])
                offset, self._position = offset + gap, self._position + gap
            needed = edit.end - self._position
            if len(octets) - offset < needed:
                self._held += octets[offset:]
                return b"".join(pieces)
            pieces.append(self._exchange(octets[offset : offset + needed]))
            offset += needed
            self._next += 1
        self._position += len(octets) - offset
        pieces.append(octets[offset:] if offset else octets)
        return b"".join(pieces)

    def _exchange(self, octets: bytes) -> bytes:
        """Put the edit's replacement in the place of its octets; either may be cut off at both ends."""
        edit = self._edits[self._next]
        first = self._position - edit.start
        last = first + len(octets)
        self._position += len(octets)
        if edit.original[first:last] != octets:
            self.mismatched += 1
            return octets
        return edit.replacement[first:last]


def lay(octets: bytes, edits: Sequence[Edit], start: int) -> tuple[bytes, int]:
    """Lay edits over a stretch that is there whole; give it and how many edits did not fit."""
    overlay = Overlay(edits, start)
    return overlay.feed(octets) + overlay.finish(), overlay.mismatched
