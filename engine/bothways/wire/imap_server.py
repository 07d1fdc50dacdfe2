"""The server's half of an IMAP connection: its responses, and the message bodies inside FETCH responses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from bothways.wire.buffer import Buffer
from bothways.wire.events import Event, OddityError, SpecialUse, Why
from bothways.wire.imap_client import Command
from bothways.wire.imap_fetch import FetchReader, is_piece_of_body, is_whole_message
from bothways.wire.imap_grammar import (
    STATUS_WORDS,
    announced_literal,
    hide_capabilities,
    listed_mailbox,
    uid_validity,
)

_LONGEST_LINE = 16 << 20
_LONGEST_LIST = 1 << 16
_FETCH = re.compile(rb"\* \d{1,10} FETCH\b", re.IGNORECASE)
_UNTAGGED = re.compile(rb"\* ([A-Za-z]+)(?=[ \r\n])")
_TAGGED = re.compile(rb"([^\s\"(){%*\\]+) (OK|NO|BAD)(?=[ \r\n])", re.IGNORECASE)
_TEXT_AND_LITERAL = re.compile(rb"~?\{\d+\}\r?\n\Z")

type Piece = bytes | Event


@dataclass(slots=True)
class Body:
    """A whole message while it is held."""

    item: str
    octets: bytes


class Connection(Protocol):
    """What the server's half tells and asks while it reads."""

    @property
    def passes_unchanged(self) -> bool:
        """Whether nothing of the open mailbox is looked at."""

    def on_continuation(self) -> None:
        """Hear that the server said "+"."""

    def on_tagged(self, tag: bytes, status: bytes) -> tuple[Command, list[Event]]:
        """Hear that the server answered a command."""

    def on_uid_validity(self, value: int) -> None:
        """Hear a UIDVALIDITY."""

    def on_listed(self, mailbox: str, use: SpecialUse) -> None:
        """Hear what a mailbox is for."""

    def judge(self, body: Body, uid: int | None) -> tuple[bytes, Event]:
        """Clean one whole message; the octets to pass on and what to report."""

    def passed_by(self, item: str, size: int, uid: int | None, why: Why) -> Event:
        """Word the report of a body that nobody looked at."""


@dataclass(slots=True)
class _Literal:
    left: int
    item: str = ""
    whole: bool = False


class ServerHalf:
    """Feed the server's octets, iterate over what goes to the client.

    A response is a line, or several with literals between them. Of a FETCH response everything from the first
    whole message on is held until its end.
    """

    def __init__(self, connection: Connection, limit: int) -> None:
        self.buffer = Buffer(_LONGEST_LINE)
        self._connection = connection
        self._limit = limit
        self._literal: _Literal | None = None
        self._continues = False
        self._fetch: FetchReader | None = None
        self._list: bytearray | None = None
        self._held: list[bytes | Body] = []
        self._held_size = 0
        self._reports: list[tuple[str, int, Why]] = []

    def release(self) -> bytes:
        """Give up what is held, unchanged, an unfinished literal's octets first in the buffer."""
        held = b"".join(piece if isinstance(piece, bytes) else piece.octets for piece in self._held)
        self._held.clear()
        return held

    def advance(self) -> Iterator[Piece]:
        """Yield octets for the client, in order, and events."""
        while self.buffer or (self._literal is not None and not self._literal.left):
            if self._literal is not None:
                if self._literal.whole and len(self.buffer) < self._literal.left:
                    return
                yield from self._pass_literal(self._literal)
                continue
            line = self.buffer.line()
            if line is None:
                return
            yield from self._continued(line) if self._continues else self._first(line)

    def _first(self, line: bytes) -> Iterator[Piece]:
        """Read the line that a response begins with."""
        if line.startswith(b"+"):
            self._connection.on_continuation()
        elif _FETCH.match(line):
            if announced_literal(line) is not None:
                self._fetch = FetchReader()
                yield from self._continued(line)
                return
        elif untagged := _UNTAGGED.match(line):
            yield from self._untagged(line, untagged[1].upper())
            return
        elif not line.startswith(b"* "):
            yield from self._tagged(line)
            return
        elif announced_literal(line) is not None:
            yield from self._continued(line)
            return
        yield self.buffer.take(len(line))

    def _untagged(self, line: bytes, word: bytes) -> Iterator[Piece]:
        if word in STATUS_WORDS or word == b"CAPABILITY":
            # "resp-text" is free text: braces at its end announce nothing.
            self._note_uid_validity(line)
            shown = hide_capabilities(line)
            self.buffer.take(len(line))
            yield shown
            return
        if word in {b"LIST", b"XLIST", b"LSUB"}:
            self._list = bytearray()
        yield from self._continued(line)

    def _tagged(self, line: bytes) -> Iterator[Piece]:
        found = _TAGGED.match(line)
        if found is None:
            raise OddityError("not_a_response")
        command, events = self._connection.on_tagged(found[1], found[2].upper())
        shown = hide_capabilities(line)
        if command.refused:
            shown = b"%s BAD %s is not available through this proxy\r\n" % (
                found[1],
                command.refused.encode(),
            )
        self.buffer.take(len(line))
        yield shown
        yield from events

    def _note_uid_validity(self, line: bytes) -> None:
        value = uid_validity(line)
        if value is not None:
            self._connection.on_uid_validity(value)

    def _continued(self, line: bytes) -> Iterator[Piece]:
        """Read any line of a response that may announce a literal; the response is over when it does not."""
        announced = announced_literal(line)
        if announced is not None and not announced.synchronizing:
            raise OddityError("server_sent_nonsync_literal")
        if self._fetch is not None:
            self._fetch.feed(_TEXT_AND_LITERAL.sub(b"", line) if announced else line)
        if self._list is not None:
            self._keep_list(line)
        if announced is not None:
            yield from self._expect(announced.size, line)
        else:
            yield from self._hold_or_pass(self.buffer.take(len(line)))
            yield from self._end_response()

    def _expect(self, size: int, line: bytes) -> Iterator[Piece]:
        self._literal = _Literal(size)
        self._continues = True
        item = self._fetch.item if self._fetch else None
        if item is not None and not self._connection.passes_unchanged:
            self._literal.item = item
            yield from self._plan_body(self._literal, item)
        yield from self._hold_or_pass(self.buffer.take(len(line)))

    def _plan_body(self, literal: _Literal, item: str) -> Iterator[Piece]:
        if is_whole_message(item):
            literal.whole = self._held_size + literal.left <= self._limit
            if not literal.whole:
                self._reports.append((item, literal.left, Why.LIMIT))
                yield from self._let_go()
        elif is_piece_of_body(item):
            self._reports.append((item, literal.left, Why.WINDOW if "<" in item else Why.PART))

    def _pass_literal(self, literal: _Literal) -> Iterator[Piece]:
        octets = self.buffer.take(literal.left)
        literal.left -= len(octets)
        if self._list is not None:
            self._keep_list(octets)
        if literal.whole:
            self._held.append(Body(literal.item, octets))
            self._held_size += len(octets)
        elif octets:
            yield from self._hold_or_pass(octets)
        if not literal.left:
            self._literal = None
            if self._fetch is not None:
                self._fetch.literal_ended()

    def _hold_or_pass(self, octets: bytes) -> Iterator[Piece]:
        """Pass octets on, behind what is held; past the limit holding is given up."""
        if not self._held:
            yield octets
            return
        self._held.append(octets)
        self._held_size += len(octets)
        if self._held_size > 2 * self._limit:
            yield from self._let_go()

    def _let_go(self) -> Iterator[Piece]:
        uid = self._fetch.uid if self._fetch else None
        held, self._held, self._held_size = self._held, [], 0
        for piece in held:
            if isinstance(piece, bytes):
                yield piece
            else:
                octets, event = self._connection.judge(piece, uid)
                yield octets
                yield event

    def _end_response(self) -> Iterator[Piece]:
        yield from self._let_go()
        uid = self._fetch.uid if self._fetch else None
        for item, size, why in self._reports:
            yield self._connection.passed_by(item, size, uid, why)
        if self._list is not None and (found := listed_mailbox(bytes(self._list))):
            self._connection.on_listed(*found)
        self._reports.clear()
        self._fetch = self._list = None
        self._continues = False

    def _keep_list(self, octets: bytes) -> None:
        if self._list is not None and len(self._list) + len(octets) <= _LONGEST_LIST:
            self._list += octets
