"""The server's half of a POP3 connection: which command an answer belongs to, and where it ends."""

from collections.abc import Callable, Iterator
from typing import Protocol

from bothways.wire.between import Piece
from bothways.wire.events import OddityError
from bothways.wire.pop3_buffer import AnswerBuffer
from bothways.wire.pop3_grammar import (
    Command,
    ends_answer,
    hide_capability,
    hide_mechanism,
    is_good,
    is_prompt,
)
from bothways.wire.pop3_text import Letter, PassedText

_LONGEST_LINE = 1 << 16
_HIDES = {"CAPA": hide_capability, "AUTH": hide_mechanism}


class Connection(Protocol):
    """What the server's half tells and asks while it reads."""

    @property
    def next_answered(self) -> Command | None:
        """The command whose answer comes next."""

    def on_prompt(self) -> None:
        """Hear that the server said "+"."""

    def on_answered(self, command: Command, *, good: bool) -> Iterator[Piece]:
        """Hear that an answer is over."""

    def letter(self, command: Command) -> Letter:
        """Make what holds the message that is the answer."""

    def report(self, command: Command, letter: Letter) -> Iterator[Piece]:
        """Word what became of a message that has passed."""


class ServerHalf:
    """Feed the server's octets, iterate over what goes to the client."""

    def __init__(self, connection: Connection) -> None:
        self.buffer = AnswerBuffer(_LONGEST_LINE)
        self._connection = connection
        self._command = Command("")
        self._text: PassedText | None = None
        self._hide: Callable[[bytes], bytes] | None = None

    def advance(self) -> Iterator[Piece]:
        """Yield octets for the client, in order, and events."""
        while self.buffer:
            if self._text is not None:
                yield from self._text.read(self.buffer)
                if not self._text.over:
                    return
                yield from self._end_text(self._text)
                continue
            line = self.buffer.line()
            if line is None:
                return
            yield from self._first(line) if self._hide is None else self._listed(line, self._hide)

    def _first(self, line: bytes) -> Iterator[Piece]:
        """Read the line that an answer begins with."""
        good, command = is_good(line), self._connection.next_answered
        if good is None and is_prompt(line):
            self._connection.on_prompt()
        elif good is None:
            raise OddityError("not_an_answer")
        elif command is not None and command.is_long and good:
            yield from self._begin_long(line, command)
            return
        # RFC 1939, section 3: a server may hang up on an idle client; some say so first, unasked.
        after: list[Piece] = []
        if good is not None and command is not None:
            after += self._connection.on_answered(command, good=good)
        yield self.buffer.take(len(line))
        yield from after

    def _begin_long(self, line: bytes, command: Command) -> Iterator[Piece]:
        self._command = command
        self._hide = _HIDES.get(command.name)
        if self._hide is not None:
            yield self.buffer.take(len(line))
            return
        self._text = self._connection.letter(command) if command.asks_for_mail else PassedText()
        yield self.buffer.take(len(line) - 1)  # a text is looked for behind a line feed

    def _listed(self, line: bytes, hide: Callable[[bytes], bytes]) -> Iterator[Piece]:
        over = ends_answer(line)
        shown = line if over else hide(line)
        self.buffer.take(len(line))
        yield shown
        if over:
            self._hide = None
            yield from self._connection.on_answered(self._command, good=True)

    def _end_text(self, text: PassedText) -> Iterator[Piece]:
        self._text = None
        if isinstance(text, Letter):
            yield from self._connection.report(self._command, text)
        yield from self._connection.on_answered(self._command, good=True)
