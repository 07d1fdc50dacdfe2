"""The server's half of an IMAP connection: where each response begins and ends, and what it tells."""

import re
from collections.abc import Iterator
from typing import Protocol

from bothways.wire.between import Piece
from bothways.wire.buffer import Buffer
from bothways.wire.events import Event, OddityError, SpecialUse
from bothways.wire.imap_client import Command
from bothways.wire.imap_desk import Desk
from bothways.wire.imap_grammar import (
    STATUS_WORDS,
    announced_literal,
    hide_capabilities,
    listed_mailbox,
    numbers_gone,
    uid_validity,
)
from bothways.wire.imap_mailbox import OpenMailbox
from bothways.wire.imap_passage import Passage

_LONGEST_LINE = 16 << 20
_LONGEST_LIST = 1 << 16
_FETCH = re.compile(rb"\* \d{1,10} FETCH\b", re.IGNORECASE)
_BODY = re.compile(rb"BODY(?:\[|STRUCTURE )|RFC822(?!\.SIZE)", re.IGNORECASE)
_UNTAGGED = re.compile(rb"\* ([A-Za-z]+)(?=[ \r\n])")
_TAGGED = re.compile(rb"([^\s\"(){%*\\]+) (OK|NO|BAD)(?=[ \r\n])", re.IGNORECASE)


class Connection(Protocol):
    """What the server's half tells while it reads."""

    @property
    def desk(self) -> Desk:
        """Who decides about the bodies in FETCH responses."""

    @property
    def mailbox(self) -> OpenMailbox:
        """What is known of the mailbox that is open."""

    def on_continuation(self) -> None:
        """Hear that the server said "+"."""

    def on_tagged(self, tag: bytes, status: bytes) -> tuple[Command | None, list[Event]] | None:
        """Hear that the server answered a command, None for one that nobody sent.

        Gives None where the command is asked once more: its answer is not for the client.
        """

    def on_fetched(self) -> None:
        """Hear that messages were told of."""

    def on_uid_validity(self, value: int) -> None:
        """Hear a UIDVALIDITY."""

    def on_listed(self, mailbox: str, use: SpecialUse) -> None:
        """Hear what a mailbox is for."""


class ServerHalf:
    """Feed the server's octets, iterate over what goes to the client.

    A response is a line, or several with literals between them.
    """

    def __init__(self, connection: Connection) -> None:
        self.buffer = Buffer(_LONGEST_LINE)
        self._connection = connection
        self._literal_left: int | None = None
        self._continues = False
        self._fetch: Passage | None = None
        self._list: bytearray | None = None

    def release(self) -> bytes:
        """Give up what is held, as it came; what is not dealt with is still in the buffer."""
        return self._fetch.release() if self._fetch else b""

    def advance(self) -> Iterator[Piece]:
        """Yield octets for the client, in order, and events."""
        while True:
            if self._literal_left == 0:
                yield from self._end_literal()
            if not self.buffer:
                return
            if self._literal_left:
                yield from self._pass_literal(self._literal_left)
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
            if announced_literal(line) is not None or _BODY.search(line):
                self._fetch = Passage(self._connection.desk)
                yield from self._continued(line)
                return
            self._connection.on_fetched()
            self._connection.mailbox.learn_from_line(line)
        elif untagged := _UNTAGGED.match(line):
            yield from self._untagged(line, untagged[1].upper())
            return
        elif not line.startswith(b"* "):
            yield from self._tagged(line)
            return
        elif announced_literal(line) is not None:
            yield from self._continued(line)
            return
        else:
            self._note_gone(line)
        yield self.buffer.take(len(line))

    def _untagged(self, line: bytes, word: bytes) -> Iterator[Piece]:
        if word in STATUS_WORDS or word == b"CAPABILITY":
            # "resp-text" is free text: braces at its end announce nothing.
            self._note_uid_validity(line)
            shown = hide_capabilities(line)
            self.buffer.take(len(line))
            yield shown
            return
        if word == b"VANISHED":
            self._note_gone(line)
        if word in {b"LIST", b"XLIST", b"LSUB"}:
            self._list = bytearray()
        yield from self._continued(line)

    def _tagged(self, line: bytes) -> Iterator[Piece]:
        found = _TAGGED.match(line)
        if found is None:
            raise OddityError("not_a_response")
        heard = self._connection.on_tagged(found[1], found[2].upper())
        self.buffer.take(len(line))
        if heard is None:
            return
        command, events = heard
        if command is not None and command.refused:
            yield b"%s BAD %s is not available through this proxy\r\n" % (found[1], command.refused.encode())
        else:
            yield hide_capabilities(line)
        yield from events

    def _note_gone(self, line: bytes) -> None:
        number = numbers_gone(line)
        if number:
            self._connection.mailbox.expunge(number)
        elif number is not None:
            self._connection.mailbox.forget_numbers()

    def _note_uid_validity(self, line: bytes) -> None:
        value = uid_validity(line)
        if value is not None:
            self._connection.on_uid_validity(value)

    def _continued(self, line: bytes) -> Iterator[Piece]:
        """Read any line of a response that may announce a literal; the response is over when it does not."""
        announced = announced_literal(line)
        if announced is not None and not announced.synchronizing:
            raise OddityError("server_sent_nonsync_literal")
        self.buffer.take(len(line))
        if self._list is not None:
            self._keep_list(line)
        if self._fetch is not None:
            yield from self._fetch.text(line)
        else:
            yield line
        if announced is not None:
            self._literal_left = announced.size
            self._continues = True
        else:
            yield from self._end_response()

    def _pass_literal(self, left: int) -> Iterator[Piece]:
        octets = self.buffer.take_some(left)
        self._literal_left = left - len(octets)
        if self._list is not None:
            self._keep_list(octets)
        if self._fetch is not None:
            yield from self._fetch.octets(octets)
        else:
            yield octets

    def _end_literal(self) -> Iterator[Piece]:
        self._literal_left = None
        if self._fetch is not None:
            yield from self._fetch.literal_over()

    def _end_response(self) -> Iterator[Piece]:
        if self._fetch is not None:
            # Told first: once it has begun to leave, its command is not asked again.
            self._connection.on_fetched()
            yield from self._fetch.end()
        if self._list is not None and (found := listed_mailbox(bytes(self._list))):
            self._connection.on_listed(*found)
        self._fetch = self._list = None
        self._continues = False

    def _keep_list(self, octets: bytes) -> None:
        if self._list is not None and len(self._list) + len(octets) <= _LONGEST_LIST:
            self._list += octets
