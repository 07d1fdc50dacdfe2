"""The client's half of an IMAP connection: its commands, and which of them must not reach the server."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from bothways.wire.buffer import Buffer
from bothways.wire.events import Event, OddityError, Refused
from bothways.wire.imap_asked import Asked, read_asked
from bothways.wire.imap_desk import Ride
from bothways.wire.imap_grammar import (
    announced_literal,
    client_name,
    first_argument,
    refused_as,
    split_command,
)
from bothways.wire.sasl import note_response

_LONGEST_LINE = 1 << 20
_LONGEST_NAME = 4096
_MOST_WAITING = 8 << 20
_KEEP_ARGUMENT = frozenset(("LOGIN", "SELECT", "EXAMINE", "AUTHENTICATE"))
_NO_RIDE = Ride()
FETCHES = frozenset(("FETCH", "UID FETCH"))


@dataclass(slots=True)
class Command:
    """One command in flight. `argument` is its first one where that is needed; passwords are never kept."""

    tag: bytes
    name: str
    argument: bytes | None = None
    account: str | None = None
    exchange_begun: bool = False
    uidvalidity: int | None = None
    refused: str | None = None
    asked: Asked | None = None
    ride: Ride = _NO_RIDE
    without_ride: bytes = b""
    is_answered: bool = False
    client: str | None = None


class Dispatcher(Protocol):
    """Says when a FETCH goes to the server, and with which items."""

    def may_go(self, command: Command) -> bool:
        """Whether the answers to this command could be told from those to the commands in flight."""

    def with_ride(self, command: Command, rest: bytes) -> bytes:
        """Give the text after FETCH as the server gets it, noting in the command what was put in."""


class ClientHalf:
    """Feed the client's octets, iterate over what goes to the server.

    After a synchronizing literal was announced nothing moves before `go_ahead` or the command's end: a server
    may answer NO instead of "+", and the literal is never sent then (RFC 9051, section 4.3). A literal that
    is on its way goes there whole, and its command's line after it, even when the server has refused already.
    """

    def __init__(self, dispatcher: Dispatcher, in_flight: list[Command]) -> None:
        self.buffer = Buffer(_LONGEST_LINE)
        self._dispatcher = dispatcher
        self.in_flight = in_flight
        self._open: Command | None = None  # its last line is not there yet
        self._literal_left = 0
        self._literal_kept: bytearray | None = None
        self._waiting = False

    def go_ahead(self) -> None:
        """The server said "+"."""
        self._waiting = False

    def complete(self, tag: bytes) -> Command | None:
        """Take the command that the server answered out of flight; None when there is none."""
        for index, command in enumerate(self.in_flight):
            if command.tag == tag:
                if command is self._open and self._waiting:
                    self._give_up_open()
                return self.in_flight.pop(index)
        return None

    def earliest(self, *names: str) -> Command | None:
        """The command of these names that the server works on first."""
        return next((command for command in self.in_flight if command.name in names), None)

    def advance(self) -> Iterator[bytes | Event]:
        """Yield octets for the server, in order, and events."""
        while self.buffer and not self._waiting:
            if self._literal_left:
                yield self._literal_octets()
                continue
            line = self.buffer.line()
            if line is None or self._must_wait(line):
                return
            yield from self._line(line)

    def _must_wait(self, line: bytes) -> bool:
        """Whether a FETCH has to wait for the answers to those before it; what comes behind it waits too."""
        if self._open is not None or b" " not in line:
            return False
        tag, name, rest = split_command(line)
        if name not in FETCHES or self._dispatcher.may_go(Command(tag, name, asked=read_asked(rest))):
            return False
        if len(self.buffer) > _MOST_WAITING:
            raise OddityError("held_too_much")
        return True

    def _give_up_open(self) -> None:
        self._open = None
        self._waiting = False
        self._literal_left = 0
        self._literal_kept = None

    def _literal_octets(self) -> bytes:
        octets = self.buffer.take(self._literal_left)
        self._literal_left -= len(octets)
        if self._literal_kept is not None:
            self._literal_kept += octets
        return octets

    def _line(self, line: bytes) -> Iterator[bytes | Event]:
        command, sent = self._open, line
        if command is not None:
            self._keep_literal_argument(command)
        elif self._answers_a_prompt(line):
            yield self.buffer.take(len(line))
            return
        else:
            command, sent = self._begin(line)
        if command is not None:
            self._expect_literal(command, line)
        if command is not None and command.refused:
            yield Refused(command.refused)
        self.buffer.take(len(line))
        yield sent

    def _begin(self, line: bytes) -> tuple[Command | None, bytes]:
        tag, name, rest = split_command(line)
        if not tag:
            return None, line
        command = Command(tag, name)
        self.in_flight.append(command)
        command.refused = refused_as(name, rest)
        if command.refused:
            return command, self._refuse(command, line)
        if name in FETCHES:
            command.asked = read_asked(rest)
            with_ride = self._dispatcher.with_ride(command, rest)
            if with_ride is not rest:
                command.without_ride = line
                line = line[: len(line) - len(rest)] + with_ride
        elif name == "ID":
            command.client = client_name(rest)
        elif name in _KEEP_ARGUMENT:
            command.argument, rest = first_argument(rest)
            if name == "AUTHENTICATE" and rest.strip():
                note_response(command, command.argument, rest)
        return command, line

    @staticmethod
    def _refuse(command: Command, line: bytes) -> bytes:
        """Let NOOP stand in for a refused command: its answer comes at the right place among the others."""
        if announced_literal(line) is not None:
            raise OddityError("refused_with_literal")
        return command.tag + b" NOOP\r\n"

    def _expect_literal(self, command: Command, line: bytes) -> None:
        literal = None if command.refused else announced_literal(line)
        if literal is None or (literal.synchronizing and not self._is_in_flight(command)):
            self._open = None
            return
        self._open = command
        self._literal_left = literal.size
        self._waiting = literal.synchronizing
        self._literal_kept = None
        if command.name in _KEEP_ARGUMENT and command.argument is None:
            if literal.size <= _LONGEST_NAME:
                self._literal_kept = bytearray()
            else:
                command.argument = b""

    def _is_in_flight(self, command: Command) -> bool:
        return any(one is command for one in self.in_flight)

    def _keep_literal_argument(self, command: Command) -> None:
        if self._literal_kept is not None:
            command.argument = bytes(self._literal_kept)
            self._literal_kept = None

    def _answers_a_prompt(self, line: bytes) -> bool:
        """DONE of IDLE, and the client's turns of AUTHENTICATE: base64 or "*", never with a space."""
        word = line.strip()
        if b" " in word:
            return False
        if word.upper() == b"DONE" and self.earliest("IDLE"):
            return True
        command = self.earliest("AUTHENTICATE")
        if command is None or command.refused:
            return False
        note_response(command, command.argument, line)
        return True
