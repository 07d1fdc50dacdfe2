"""Octets that have arrived and were not yet dealt with: whole lines and counted octets come out."""

from collections import deque

from bothways.wire.events import OddityError

_SMALL = 4096


class Buffer:
    """One direction of a connection. Looking at a line does not consume it: nothing is lost on an error.

    What arrives is kept as it came: of a large literal nothing is moved or copied on its way through.
    """

    def __init__(self, longest_line: int) -> None:
        self._chunks: deque[bytes | bytearray] = deque()
        self._start = 0  # what of the first chunk is gone
        self._size = 0
        self._searched = 0
        self._longest_line = longest_line

    def __len__(self) -> int:
        return self._size

    def feed(self, data: bytes) -> None:
        """Append what arrived."""
        last = self._chunks[-1] if self._chunks else None
        self._size += len(data)
        if isinstance(last, bytearray) and len(data) < _SMALL:
            last += data
        elif last is not None and len(data) < _SMALL:
            self._chunks.append(bytearray(data))
        elif data:
            self._chunks.append(data)

    def line(self) -> bytes | None:
        """Look at the next line with its line feed; None while it is not whole. OddityError when too long."""
        if self._searched == self._size:
            return None
        end = self._chunks[0].find(b"\n", self._start + self._searched)
        if end < 0:
            self._join()
            end = self._chunks[0].find(b"\n", self._searched)
        if end < 0:
            self._searched = self._size
            if self._searched > self._longest_line:
                raise OddityError("line_too_long")
            return None
        self._searched = end - self._start
        return bytes(self._chunks[0][self._start : end + 1])

    def take(self, count: int) -> bytes:
        """Remove and return exactly `count` octets, or all where there are fewer."""
        pieces: list[bytes] = []
        while count and self._chunks:
            pieces.append(self.take_some(count))
            count -= len(pieces[-1])
        return b"".join(pieces)

    def take_some(self, most: int) -> bytes:
        """Remove and return what can be had at once without copying, at least one octet of what is there."""
        self._searched = 0
        first = self._chunks[0]
        end = min(len(first), self._start + most)
        taken = bytes(first) if not self._start and end == len(first) else bytes(first[self._start : end])
        self._size -= len(taken)
        self._start = end
        if end == len(first):
            self._chunks.popleft()
            self._start = 0
        return taken

    def _join(self) -> None:
        """Bring all into one chunk. Its octets grow in place: a line that comes in pieces stays linear."""
        first = self._chunks[0]
        if self._start or not isinstance(first, bytearray):
            first = bytearray(first[self._start :])
            self._start = 0
        elif len(self._chunks) == 1:
            return
        self._chunks.popleft()
        for chunk in self._chunks:
            first += chunk
        self._chunks.clear()
        self._chunks.append(first)
