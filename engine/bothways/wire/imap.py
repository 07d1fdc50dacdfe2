"""An IMAP connection seen from between client and server, without a socket.

The contract of its user:

    engine = ImapEngine(clean)
    step = engine.from_client(octets)     # or engine.from_server(octets), in the order they arrive
    ... send step.to_server, step.to_client; then look at step.events
    step = engine.close()                 # either side is gone: what was held comes out as it is

- Octets come out in the order they came in. How they were cut into calls changes nothing.
- Every octet of a message in a FETCH response is cleaned, however it is asked for: whole, in windows, by
  parts, as header fields. `clean` is asked once for each message; its edits are kept in `looks` and laid
  over all that is fetched of it later, on any connection. Sizes never change.
- A message is looked at up to `limit` octets: no more of it is ever held, the rest streams as it is. Where a
  client asks for a window or a part of a message that nobody has looked at, its start is asked for in the
  same command (imap_asked.py) and does not reach the client. Nothing of ours is sent at any other time.
- A cleaner that raises, or answers with another size, changes nothing.
- CAPABILITY loses what would hide mail from this engine (COMPRESS, STARTTLS, BINARY, URLAUTH, CONVERT,
  UIDONLY, channel-bound logins), and the commands are answered with BAD: the server sees a NOOP in their
  place, so the answers keep their order.
- An odd FETCH response passes as it is and is reported. Where it is no longer certain what is a response, the
  engine becomes transparent for the rest of the connection; nothing is lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bothways.wire.between import Between, Outcome
from bothways.wire.events import (
    Cleaner,
    Event,
    LoggedIn,
    Selected,
    SpecialUse,
    Where,
)
from bothways.wire.imap_bodies import Bodies
from bothways.wire.imap_client import ClientHalf, Command
from bothways.wire.imap_desk import Desk, Ride
from bothways.wire.imap_grammar import mailbox_name, use_by_name
from bothways.wire.imap_mailbox import OpenMailbox
from bothways.wire.imap_rides import Rides
from bothways.wire.imap_server import ServerHalf
from bothways.wire.looks import Looks

DEFAULT_LIMIT = 2 << 20
_MOST_USES = 10_000

type Uses = dict[tuple[str, str], SpecialUse]
"""What mailboxes are for, as LIST told it, by account and mailbox."""


class ImapEngine(Between):
    """One connection; see the contract at the top of this file."""

    def __init__(
        self,
        clean: Cleaner,
        *,
        limit: int = DEFAULT_LIMIT,
        uses: Uses | None = None,
        looks: Looks | None = None,
        server: str = "",
    ) -> None:
        """`uses` and `looks` are shared by the connections to one server, whose host name is `server`."""
        in_flight: list[Command] = []
        self._bodies = Bodies(clean, Looks() if looks is None else looks, limit, in_flight)
        self._bodies.place = Where(server=server)
        self._rides = Rides(self._bodies)
        self._client = ClientHalf(self._rides, in_flight)
        self._server = ServerHalf(self)
        self._uses: Uses = {} if uses is None else uses
        self._asked_again: list[bytes] = []
        super().__init__(self._client.buffer, self._server.buffer)

    def farewell(self, text: str) -> bytes:
        """Word a greeting that says why there is no server (RFC 9051, 7.1.5)."""
        return f"* BYE {text}\r\n".encode("ascii", "replace")

    # What the server's half reports while it reads.

    @property
    def desk(self) -> Desk:
        """Who decides about the bodies in FETCH responses."""
        return self._bodies

    @property
    def mailbox(self) -> OpenMailbox:
        """What is known of the mailbox that is open."""
        return self._bodies.mailbox

    def on_continuation(self) -> None:
        """The server said "+"."""
        self._client.go_ahead()

    def on_fetched(self) -> None:
        """The server told of messages: it has begun to answer."""
        for command in self._bodies.fetches():
            command.is_answered = True

    def on_tagged(self, tag: bytes, status: bytes) -> tuple[Command | None, list[Event]] | None:
        """The server answered a command."""
        command = self._client.complete(tag)
        if command is None:
            return None, []
        if status != b"OK" and self._ask_again(command, status):
            return None
        return command, list(self._completed(command, status))

    def on_uid_validity(self, value: int) -> None:
        """A status line told UIDVALIDITY: it speaks of the mailbox that is being opened."""
        command = self._client.earliest("SELECT", "EXAMINE")
        if command is not None:
            command.uidvalidity = value

    def on_listed(self, mailbox: str, use: SpecialUse) -> None:
        """A LIST response told what a mailbox is for."""
        if use is not SpecialUse.NONE and len(self._uses) < _MOST_USES:
            self._uses[self._bodies.place.account, mailbox] = use

    def _ask_again(self, command: Command, status: bytes) -> bool:
        """A server may dislike our items in a FETCH: then it is asked what the client said, once."""
        if not command.without_ride or command.is_answered:
            return False
        self._rides.refused = self._rides.refused or status == b"BAD"
        if self._client.in_flight:
            return False
        self._asked_again.append(command.without_ride)
        self._client.in_flight.append(replace(command, without_ride=b"", ride=Ride()))
        return True

    def _advance(self, outcome: Outcome) -> None:
        # The server's answer may set the client's held octets free, never the other way round.
        outcome.for_client(self._server.advance())
        outcome.to_server += self._asked_again
        self._asked_again.clear()
        outcome.for_server(self._client.advance())

    def _held(self) -> tuple[Sequence[bytes], Sequence[bytes]]:
        return [self._server.release()], self._asked_again

    @property
    def _at(self) -> Where:
        return self._bodies.place

    def _completed(self, command: Command, status: bytes) -> Iterator[Event]:
        done = status == b"OK"
        if command.name in {"SELECT", "EXAMINE"}:
            self._leave()
            if done:
                yield self._opened(command)
        elif not done or command.refused:
            return
        elif command.name in {"LOGIN", "AUTHENTICATE"}:
            name = command.account if command.name == "AUTHENTICATE" else _text(command.argument)
            self._leave()
            self._bodies.place = replace(self._bodies.place, account=name or "")
            if not name:
                # Nobody knows who this is (GSSAPI, EXTERNAL ...): what is known of others is not theirs.
                self._uses, self._bodies.looks = {}, Looks()
            yield LoggedIn(self._bodies.place.account)
        elif command.name in {"CLOSE", "UNSELECT"}:
            self._leave()
        elif command.name == "ID" and command.client:
            self._bodies.place = replace(self._bodies.place, client=command.client)

    def _leave(self) -> None:
        """No mailbox is open."""
        place = self._bodies.place
        self._bodies.place = Where(place.account, server=place.server, client=place.client)
        self._bodies.mailbox = OpenMailbox()

    def _opened(self, command: Command) -> Event:
        mailbox = mailbox_name(command.argument or b"")
        use = self._uses.get((self._bodies.place.account, mailbox)) or use_by_name(mailbox)
        self._bodies.place = replace(
            self._bodies.place, mailbox=mailbox, uidvalidity=command.uidvalidity, use=use
        )
        return Selected(self._bodies.place)


def _text(octets: bytes | None) -> str:
    return (octets or b"").decode("utf-8", "replace")
