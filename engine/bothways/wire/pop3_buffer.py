"""What a POP3 server has said and nobody has dealt with: whole lines come out, and texts up to their end.

A text ends with a line of one dot, so its end must be looked for in all of it, across every cut.
"""

from bothways.wire.events import OddityError
from bothways.wire.pop3_dots import LONGEST_END, certain, find_end


class AnswerBuffer:
    """Looking does not consume: nothing is lost on an error."""

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
        return self.peek(0, end + 1)

    def find_end(self) -> tuple[int, int] | None:
        """Find the line that ends a text; the buffer begins with the line feed before the text.

        Octets that were looked at without success are not looked at again.
        """
        end = find_end(self._octets, max(0, self._searched - LONGEST_END))
        if end is None:
            self._searched = len(self._octets)
        return end

    def certain(self) -> int:
        """Count the octets that belong to the text, however it goes on."""
        return certain(self._octets)

    def peek(self, start: int, end: int) -> bytes:
        """Look at octets."""
        with memoryview(self._octets) as view:
            return bytes(view[start:end])

    def take(self, count: int) -> bytes:
        """Remove and return up to `count` octets."""
        taken = self.peek(0, count)
        del self._octets[:count]
        self._searched = 0
        return taken
