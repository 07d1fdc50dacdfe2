"""The client's half of a POP3 connection: its commands, in the order in which they will be answered."""

from collections import deque
from collections.abc import Iterator

from bothways.wire.buffer import Buffer
from bothways.wire.events import Event, OddityError, Refused
from bothways.wire.pop3_grammar import Command, read_command
from bothways.wire.sasl import note_response

_LONGEST_LINE = 1 << 16
_MOST_IN_FLIGHT = 100_000
GREETING = "greeting"


class ClientHalf:
    """Feed the client's octets, iterate over what goes to the server.

    POP3 has no tags: answers come in the order of the commands (RFC 2449, section 6.6). A refused command
    goes no further; its place among the others is kept. After AUTH nothing moves before the server has
    spoken: only then is it known whether the next line is a turn of the exchange or a command.
    """

    def __init__(self) -> None:
        self.buffer = Buffer(_LONGEST_LINE)
        self.in_flight = deque([Command(GREETING)])
        self._exchange: Command | None = None
        self._turn = False  # the server has asked for the next line of the exchange

    @property
    def next_answered(self) -> Command | None:
        """The command whose answer comes next."""
        return self.in_flight[0] if self.in_flight else None

    def asked_for_turn(self) -> None:
        """The server said "+". Raises OddityError where no exchange goes on."""
        if self._exchange is None or self.next_answered is not self._exchange:
            raise OddityError("unexpected_prompt")
        self._turn = True

    def complete(self) -> None:
        """The server has answered: the next command's turn."""
        if self.in_flight.popleft() is self._exchange:
            self._exchange = None
            self._turn = False

    def refusals(self) -> Iterator[Command]:
        """Give out the refused commands whose turn it is."""
        while self.in_flight and self.in_flight[0].refused:
            yield self.in_flight.popleft()

    def advance(self) -> Iterator[bytes | Event]:
        """Yield octets for the server, in order, and events."""
        while self.buffer and (self._exchange is None or self._turn):
            line = self.buffer.line()
            if line is None:
                return
            if self._exchange is not None:
                self._take_turn(self._exchange, line)
            else:
                command = self._begin(line)
                if command.refused:
                    self.buffer.take(len(line))
                    yield Refused(command.refused)
                    continue
            yield self.buffer.take(len(line))

    def _take_turn(self, exchange: Command, line: bytes) -> None:
        self._turn = False
        note_response(exchange, exchange.argument, line)

    def _begin(self, line: bytes) -> Command:
        command, rest = read_command(line)
        if len(self.in_flight) >= _MOST_IN_FLIGHT:
            raise OddityError("too_many_commands")
        self.in_flight.append(command)
        if command.is_exchange and not command.refused:
            self._exchange = command
            note_response(command, command.argument, rest)
        return command
