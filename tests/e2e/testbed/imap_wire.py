"""An IMAP client that hides nothing: commands go out as written, every response comes back token by token."""

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

from testbed.dovecot import Account
from testbed.processes import HOST, SECONDS

_LITERAL = re.compile(rb"\{(\d+)\}\r\n\Z")
_TOKEN = re.compile(rb'\(|\)|"(?:[^"\\]|\\.)*"|(?:[^\s()"\[]*\[[^\]]*\](?:<\d+>)?)|[^\s()"]+')


class Kind(StrEnum):
    """How a value was written."""

    ATOM = "atom"
    QUOTED = "quoted"
    LITERAL = "literal"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a response; `octets` of a list are all of it, with its literals."""

    kind: Kind
    octets: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """One response: its text pieces and the literals between them, in turns, text first and last."""

    pieces: tuple[bytes, ...]

    @property
    def line(self) -> bytes:
        """The first text piece."""
        return self.pieces[0]

    def numbered(self, word: bytes) -> int | None:
        """Give n of a response `* n WORD`, None for any other."""
        found = re.match(rb"\* (\d+) %b\b" % word, self.line)
        return int(found[1]) if found else None

    def items(self) -> dict[str, Value]:
        """Give what a FETCH response tells, by the names it uses, in upper case."""
        tokens = list(self._tokens())[3:]  # "*", number, FETCH
        assert tokens[0].octets == b"(", self.line
        assert tokens[-1].octets == b")", self.line
        found: dict[str, Value] = {}
        rest = iter(tokens[1:-1])
        for name in rest:
            found[name.octets.decode().upper()] = _whole(next(rest), rest)
        return found

    def _tokens(self) -> Iterator[Value]:
        for number, piece in enumerate(self.pieces):
            if number % 2:
                yield Value(Kind.LITERAL, piece)
                continue
            for token in _TOKEN.findall(_LITERAL.sub(b"", piece)):
                yield Value(Kind.QUOTED if token.startswith(b'"') else Kind.ATOM, token)


def _whole(first: Value, rest: Iterator[Value]) -> Value:
    if first != Value(Kind.ATOM, b"("):
        return first
    depth, octets = 1, [b"("]
    while depth:
        token = next(rest)
        depth += (token.octets == b"(") - (token.octets == b")") if token.kind is Kind.ATOM else 0
        octets.append(token.octets)
    return Value(Kind.LIST, b" ".join(octets))


class Wire:
    """One connection; anything may be sent before an answer is read."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._reader = connection.makefile("rb")
        self._tags = count(1)
        self.greeting = self.read()

    def close(self) -> None:
        """Hang up."""
        self._reader.close()
        self._connection.close()

    def send(self, *commands: str) -> list[bytes]:
        """Send commands in one piece and give their tags."""
        tags = [b"t%d" % next(self._tags) for _ in commands]
        lines = (b"%b %b\r\n" % pair for pair in zip(tags, map(str.encode, commands), strict=True))
        self._connection.sendall(b"".join(lines))
        return tags

    def ask(self, command: str) -> list[Response]:
        """Send one command and give its responses, the last of which must be OK."""
        (tag,) = self.send(command)
        responses = list(self.until(tag))
        assert responses[-1].line.startswith(tag + b" OK"), (command, responses[-1].line)
        return responses

    def append(self, mailbox: str, raw: bytes) -> int:
        """Put a mail into a mailbox and give its UID."""
        (tag,) = self.send(f"APPEND {mailbox} {{{len(raw)}}}")
        assert self.read().line.startswith(b"+")
        self._connection.sendall(raw + b"\r\n")
        *_, done = self.until(tag)
        found = re.search(rb"\[APPENDUID \d+ (\d+)\]", done.line)
        assert found, done.line
        return int(found[1])

    def until(self, tag: bytes) -> Iterator[Response]:
        """Give the responses up to the one that ends a command."""
        while True:
            response = self.read()
            yield response
            if response.line.startswith(tag + b" "):
                return

    def read(self) -> Response:
        """Read one response to its end."""
        pieces = [self._line()]
        while found := _LITERAL.search(pieces[-1]):
            pieces.append(self._reader.read(int(found[1])))
            pieces.append(self._line())
        return Response(tuple(pieces))

    def _line(self) -> bytes:
        line = self._reader.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError(f"the server hung up behind {line!r}")
        return line


@contextmanager
def wired(account: Account, port: int | None = None) -> Iterator[Wire]:
    """Log in at the server itself, over TLS, or in plain text at a port of the loopback that leads to it."""
    connection = socket.create_connection((HOST, port or account.port), SECONDS)
    if port is None:
        trust = ssl.create_default_context(cafile=str(account.authority))
        connection = trust.wrap_socket(connection, server_hostname="localhost")
    wire = Wire(connection)
    try:
        wire.ask(f'LOGIN {account.user} "{account.password}"')
        yield wire
    finally:
        wire.close()
