"""An IMAP connection seen from between client and server, without a socket.

The contract of its user:

    engine = ImapEngine(clean)
    step = engine.from_client(octets)     # or engine.from_server(octets), in the order they arrive
    ... send step.to_server, step.to_client; then look at step.events
    step = engine.close()                 # either side is gone: what was held comes out as it is

- Octets come out in the order they came in. How they were cut into calls changes nothing.
- The value of `BODY[]` and `RFC822` in a FETCH response is held until the response is over (its UID may come
  last) and handed to `clean`; its size never changes. A cleaner that raises, or answers with another size,
  changes nothing.
- CAPABILITY loses what would hide mail from this engine (COMPRESS, STARTTLS, BINARY, URLAUTH, CONVERT,
  UIDONLY, channel-bound logins), and the commands are answered with BAD: the server sees a NOOP in their
  place, so the answers keep their order.
- Windows and single parts pass as they are and are reported; so is what is larger than `limit`.
- What this engine does not understand makes it transparent for the rest of the connection; nothing is lost.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from bothways.wire.events import (
    Cleaner,
    Event,
    LoggedIn,
    MessageFetched,
    MessagePassed,
    OddityError,
    Rewritten,
    Selected,
    SpecialUse,
    Step,
    WentThrough,
    Where,
    Why,
)
from bothways.wire.imap_client import ClientHalf, Command
from bothways.wire.imap_grammar import mailbox_name, use_by_name
from bothways.wire.imap_server import Body, Piece, ServerHalf

DEFAULT_LIMIT = 32 << 20
_MOST_USES = 10_000

type Uses = dict[tuple[str, str], SpecialUse]
"""What mailboxes are for, as LIST told it, by account and mailbox."""


class ImapEngine:
    """One connection; see the contract at the top of this file."""

    def __init__(self, clean: Cleaner, *, limit: int = DEFAULT_LIMIT, uses: Uses | None = None) -> None:
        """`uses` is shared by the connections to one server: a client may ask on one and read on another."""
        self._clean = clean
        self._client = ClientHalf()
        self._server = ServerHalf(self, limit)
        self._transparent = False
        self._where = Where()
        self._uses: Uses = {} if uses is None else uses

    def from_client(self, data: bytes) -> Step:
        """Take octets of the client."""
        if self._transparent:
            return Step(to_server=data)
        self._client.buffer.feed(data)
        return self._run()

    def from_server(self, data: bytes) -> Step:
        """Take octets of the server."""
        if self._transparent:
            return Step(to_client=data)
        self._server.buffer.feed(data)
        return self._run()

    def close(self) -> Step:
        """One side is gone: give out everything that is still held."""
        return self._go_through("") if not self._transparent else Step()

    def farewell(self, text: str) -> bytes:
        """Word a greeting that says why there is no server (RFC 9051, 7.1.5)."""
        return f"* BYE {text}\r\n".encode("ascii", "replace")

    # What the server's half reports while it reads.

    def on_continuation(self) -> None:
        """The server said "+"."""
        self._client.go_ahead()

    def on_tagged(self, tag: bytes, status: bytes) -> tuple[Command, list[Event]]:
        """The server answered a command."""
        command = self._client.complete(tag)
        return command, list(self._completed(command, status))

    def on_uid_validity(self, value: int) -> None:
        """A status line told UIDVALIDITY: it speaks of the mailbox that is being opened."""
        command = self._client.earliest("SELECT", "EXAMINE")
        if command is not None:
            command.uidvalidity = value

    def on_listed(self, mailbox: str, use: SpecialUse) -> None:
        """A LIST response told what a mailbox is for."""
        if use is not SpecialUse.NONE and len(self._uses) < _MOST_USES:
            self._uses[self._where.account, mailbox] = use

    @property
    def passes_unchanged(self) -> bool:
        """Drafts are the user's own unfinished words: nothing there is looked at."""
        return self._where.use is SpecialUse.DRAFTS

    def judge(self, body: Body, uid: int | None) -> tuple[bytes, Event]:
        """Clean one whole message; the octets to pass on and what to report."""
        where = self._at(uid)
        try:
            cleaned = self._clean(body.octets, where)
            octets = cleaned.raw
        except Exception as error:  # noqa: BLE001 - whatever a cleaner does, the mail arrives
            return body.octets, MessagePassed(
                where, body.item, len(body.octets), Why.ERROR, type(error).__name__
            )
        if len(octets) != len(body.octets):
            return body.octets, MessagePassed(where, body.item, len(body.octets), Why.SIZE)
        return octets, _fetched(where, body.octets, cleaned)

    def passed_by(self, item: str, size: int, uid: int | None, why: Why) -> Event:
        """Report a body that nobody looked at."""
        return MessagePassed(self._at(uid), item, size, why)

    def _at(self, uid: int | None) -> Where:
        return replace(self._where, uid=uid)

    def _run(self) -> Step:
        to_client, to_server, events = bytearray(), bytearray(), list[Event]()
        try:
            # The server's answer may set the client's held octets free, never the other way round.
            _sort(self._server.advance(), to_client, events)
            _sort(self._client.advance(), to_server, events)
        except OddityError as oddity:
            rest = self._go_through(str(oddity))
        except Exception as error:  # noqa: BLE001 - a fault of ours must not cost the user a connection
            rest = self._go_through(f"fault:{type(error).__name__}")
        else:
            return Step(bytes(to_client), bytes(to_server), tuple(events))
        return Step(
            bytes(to_client) + rest.to_client, bytes(to_server) + rest.to_server, (*events, *rest.events)
        )

    def _go_through(self, reason: str) -> Step:
        self._transparent = True
        client, server = self._client.buffer, self._server.buffer
        held = self._server.release() + server.take(len(server))
        events = (WentThrough(reason),) if reason else ()
        return Step(held, client.take(len(client)), events)

    def _completed(self, command: Command, status: bytes) -> Iterator[Event]:
        done = status == b"OK"
        if command.name in {"SELECT", "EXAMINE"}:
            self._where = Where(self._where.account)
            if done:
                yield self._opened(command)
        elif not done or command.refused:
            return
        elif command.name in {"LOGIN", "AUTHENTICATE"}:
            name = command.account if command.name == "AUTHENTICATE" else _text(command.argument)
            self._where = Where(account=name or "")
            yield LoggedIn(self._where.account)
        elif command.name in {"CLOSE", "UNSELECT"}:
            self._where = Where(self._where.account)

    def _opened(self, command: Command) -> Event:
        mailbox = mailbox_name(command.argument or b"")
        use = self._uses.get((self._where.account, mailbox)) or use_by_name(mailbox)
        self._where = Where(self._where.account, mailbox, command.uidvalidity, None, use)
        return Selected(self._where)


def _fetched(where: Where, original: bytes, cleaned: Rewritten) -> MessageFetched:
    before = hashlib.sha256(original).hexdigest()
    after = before if cleaned.raw == original else hashlib.sha256(cleaned.raw).hexdigest()
    return MessageFetched(where, len(original), before, after, cleaned)


def _sort(pieces: Iterator[Piece], octets: bytearray, events: list[Event]) -> None:
    for piece in pieces:
        if isinstance(piece, bytes):
            octets += piece
        else:
            events.append(piece)


def _text(octets: bytes | None) -> str:
    return (octets or b"").decode("utf-8", "replace")
