"""Octets that have arrived and were not yet dealt with: whole lines and counted octets come out."""

from bothways.wire.events import OddityError


class Buffer:
    """One direction of a connection. Looking at a line does not consume it: nothing is lost on an error."""

    def __init__(self, longest_line: int) -> None:
        self._octets = bytearray()
        self._searched = 0
        self._longest_line = longest_line

    def __len__(self) -> int:
        return len(self._octets)

    def feed(self, data: bytes) -> None:
        """Append what arrived."""
        self._octets += data

    def line(self) -> bytes | None:
        """Look at the next line with its line feed; None while it is not whole. OddityError when too long."""
        end = self._octets.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._octets)
            if self._searched > self._longest_line:
                raise OddityError("line_too_long")
            return None
        self._searched = end
        return bytes(self._octets[: end + 1])

    def take(self, count: int) -> bytes:
        """Remove and return up to `count` octets."""
        with memoryview(self._octets) as view:
            taken = bytes(view[:count])
        del self._octets[:count]
        self._searched = 0
        return taken
