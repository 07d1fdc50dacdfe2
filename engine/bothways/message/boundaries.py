"""Where the lines stand that may be boundaries of a multipart (RFC 2046, 5.1.1)."""

import re
from collections.abc import Sequence

_DASHED = re.compile(rb"--(?<=[\r\n]--)[^\r\n]*+(?:\r\n?|\n|\Z)")
_NAMED = 16
"""Boundaries looked for by name, each over the whole mail at worst; with more, every line is looked at."""


class BoundaryLines:
    """Looks for boundaries in one mail; positions may only grow."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._places: dict[bytes, int] = {}

    def find(self, boundaries: Sequence[bytes], position: int) -> re.Match[bytes] | None:
        """Find the next line that may be one of these boundaries, None where there is none."""
        raw = self._raw
        if len(self._places) <= _NAMED:
            start = min([self._place(boundary, position) for boundary in boundaries])
            if start == len(raw):
                return None
            line = _DASHED.match(raw, start)
            if line is not None:
                return line
            position = start  # within a line, where it is text
        return _DASHED.search(raw, position)

    def _place(self, boundary: bytes, position: int) -> int:
        """Find where a boundary is next written, anywhere in a line; the mail's end where it is no more."""
        place = self._places.get(boundary, -1)
        if place < position:
            place = self._raw.find(boundary, position)
            place = self._places[boundary] = place if place >= 0 else len(self._raw)
        return place
