"""Answers of several lines on their way through: held where a message is judged, else passed as they come."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bothways.wire.events import Extent, Rewritten, Why
from bothways.wire.pop3_buffer import AnswerBuffer
from bothways.wire.pop3_dots import LONGEST_END, unstuff


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a message: as it came over the wire, and without the dots before and after.

    `cleaned` is None where it stays as it was, and `why` says why.
    """

    wire: bytes
    before: bytes
    after: bytes
    extent: Extent
    cleaned: Rewritten | None = None
    why: Why = Why.ERROR
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """A whole answer's text without dots: its octets and lines, the SHA-256 of what came and what went on."""

    size: int
    lines: int
    before: str
    after: str


class PassedText:
    """A text that nobody looks at."""

    over = False

    def read(self, buffer: AnswerBuffer) -> Iterator[bytes]:
        """Yield what can be passed on."""
        end = buffer.find_end()
        count = buffer.certain() if end is None else end[0]
        if count:
            octets = buffer.take(count)
            self._passes(octets)
            yield octets
        if end is not None:
            yield self._take_end(buffer, end)

    def _passes(self, octets: bytes) -> None:
        """See what passes: pieces of the text, never cut between a line feed and a dot behind it."""

    def _take_end(self, buffer: AnswerBuffer, end: tuple[int, int]) -> bytes:
        self.over = True
        return buffer.take(end[1] - end[0])


class Letter(PassedText):
    """A message: held until it is whole and judged; of a larger one `limit` octets are held and judged.

    `judge` gets the octets as they came, and whether they are all.
    """

    def __init__(self, judge: Callable[[bytes, bool], Judged], limit: int) -> None:
        self._judge = judge
        self._limit = limit
        self.judged: Judged | None = None
        self._size = self._lines = 0
        self._before = self._after = hashlib.sha256()

    @property
    def tally(self) -> Tally:
        """What came and went up to now."""
        return Tally(self._size, self._lines, self._before.hexdigest(), self._after.hexdigest())

    def read(self, buffer: AnswerBuffer) -> Iterator[bytes]:
        """Yield what can be passed on."""
        if self.judged is None:
            yield from self._hold(buffer)
        if self.judged is not None and not self.over:
            yield from super().read(buffer)

    def _hold(self, buffer: AnswerBuffer) -> Iterator[bytes]:
        end = buffer.find_end()
        # The line feed before the text is in the buffer too.
        if end is not None and end[0] - 1 <= self._limit:
            yield self._pass_judged(buffer, buffer.peek(1, end[0]), whole=True)
            yield self._take_end(buffer, end)
        elif end is not None or len(buffer) > self._limit + LONGEST_END:
            yield self._pass_judged(buffer, _whole_lines(buffer.peek(1, 1 + self._limit)), whole=False)

    def _pass_judged(self, buffer: AnswerBuffer, wire: bytes, *, whole: bool) -> bytes:
        judged = self.judged = self._judge(wire, whole)
        if judged.after != judged.before:
            self._after = hashlib.sha256(judged.after)
        self._count(judged.before)
        before = buffer.take(1 + len(wire))[:1]
        return before + judged.wire

    def _passes(self, octets: bytes) -> None:
        text = unstuff(octets)
        self._count(text)
        if self._after is not self._before:
            self._after.update(text)

    def _count(self, text: bytes) -> None:
        self._before.update(text)
        self._size += len(text)
        self._lines += text.count(b"\n")


def _whole_lines(wire: bytes) -> bytes:
    """Take the line off that has not come whole, and the line break before it; a single line stays."""
    end = wire.rfind(b"\n")
    if end <= 0:
        return wire
    return wire[: end - 1] if wire[end - 1 : end] == b"\r" else wire[:end]
