"""A POP3 connection seen from between client and server, without a socket.

The contract of its user:

    engine = Pop3Engine(clean)
    step = engine.from_client(octets)     # or engine.from_server(octets), in the order they arrive
    ... send step.to_server, step.to_client; then look at step.events
    step = engine.close()                 # either side is gone: what was held comes out as it is

- Octets come out in the order they came in. How they were cut into calls changes nothing.
- The message that answers RETR is held until it is whole and handed to `clean`, without the dots that the
  wire adds to lines; its size, which LIST and the server's "+OK" tell, never changes. Of one larger than
  `limit` the whole lines within the first `limit` octets are held and cleaned as the start of a message; the
  rest streams and stays as it is.
- The answer to TOP goes the same way: as a whole message where it has fewer lines than were asked for (a way
  to read mail without marking it as read), else as the start of one, or its head. The server is never asked
  for more than the client asked for: on some servers RETR has effects.
- A cleaner that raises, or answers with other lines or another size, changes nothing.
- STLS and channel-bound logins are taken out of the answers to CAPA and AUTH and refused here, when their
  turn among the answers has come. The server never hears of them.
- What this engine does not understand makes it transparent for the rest of the connection; nothing is lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from bothways.wire.between import Between, Outcome, Piece
from bothways.wire.events import (
    Cleaner,
    Event,
    Extent,
    HeadFetched,
    LoggedIn,
    MessageFetched,
    MessagePassed,
    OddityError,
    Where,
    Why,
)
from bothways.wire.pop3_client import ClientHalf
from bothways.wire.pop3_dots import restuff, unstuff
from bothways.wire.pop3_grammar import Command
from bothways.wire.pop3_server import ServerHalf
from bothways.wire.pop3_text import Judged, Letter

DEFAULT_LIMIT = 2 << 20


class Pop3Engine(Between):
    """One connection; see the contract at the top of this file."""

    def __init__(self, clean: Cleaner, *, server: str = "", limit: int = DEFAULT_LIMIT) -> None:
        """`server` is the host's name, for what is reported."""
        self._clean = clean
        self._limit = limit
        self._client = ClientHalf()
        self._server = ServerHalf(self)
        self._user = ""
        self._where = Where(server=server)
        super().__init__(self._client.buffer, self._server.buffer)

    def farewell(self, text: str) -> bytes:
        """Word a greeting that says why there is no server."""
        return f"-ERR {text}\r\n".encode("ascii", "replace")

    # What the server's half asks and reports while it reads.

    @property
    def next_answered(self) -> Command | None:
        """The command whose answer comes next."""
        return self._client.next_answered

    def on_prompt(self) -> None:
        """The server said "+"."""
        self._client.asked_for_turn()

    def on_answered(self, command: Command, *, good: bool) -> Iterator[Piece]:
        """An answer is over."""
        self._client.complete()
        if good:
            yield from self._done(command)
        yield from self._refuse()

    def letter(self, command: Command) -> Letter:
        """Make what holds the message that is the answer to a command."""
        return Letter(partial(self._judge, command), self._limit)

    def report(self, command: Command, letter: Letter) -> Iterator[Piece]:
        """Word what became of a message that has passed."""
        judged, tally = letter.judged, letter.tally
        if judged is None:
            return
        if judged.cleaned is None:
            yield MessagePassed(self._where, command.name, tally.size, judged.why, judged.detail)
        elif judged.extent is Extent.HEAD:
            yield HeadFetched(self._where, judged.cleaned)
        else:
            whole = _is_whole(command, judged.before, tally.lines)
            digests = (tally.before, tally.after) if whole else ("", "")
            yield MessageFetched(self._where, len(judged.before), *digests, judged.cleaned, judged.extent)

    def _judge(self, command: Command, wire: bytes, all_came: bool) -> Judged:  # noqa: FBT001 - a callback's
        text = unstuff(wire)
        extent = _extent(command, text) if all_came else Extent.START
        try:
            cleaned = self._clean(text, self._where, extent)
            octets = restuff(wire, text, cleaned.raw)
        except Exception as error:  # noqa: BLE001 - whatever a cleaner does, the mail arrives
            return Judged(wire, text, text, extent, why=Why.ERROR, detail=type(error).__name__)
        if octets is None:
            return Judged(wire, text, text, extent, why=Why.SIZE)
        return Judged(octets, text, cleaned.raw, extent, cleaned)

    def _done(self, command: Command) -> Iterator[Piece]:
        match command.name:
            case "USER":
                self._user = command.argument.decode("utf-8", "replace")
            case "PASS":
                yield self._logged_in(self._user)
            case "APOP":
                yield self._logged_in(command.argument.decode("utf-8", "replace"))
            case "AUTH" if command.is_exchange:
                yield self._logged_in(command.account or "")
            case "XTND":  # a client may send mail next, which is not commands (RFC 1082)
                raise OddityError("xtnd")

    def _logged_in(self, account: str) -> Event:
        self._where = replace(self._where, account=account)
        return LoggedIn(account)

    def _refuse(self) -> Iterator[bytes]:
        for command in self._client.refusals():
            yield f"-ERR {command.refused} is not available through this proxy\r\n".encode()

    def _advance(self, outcome: Outcome) -> None:
        for piece in chain(self._server.advance(), [b""]):
            outcome.for_client([piece])
            # Every answer may set the client's held octets free: also one before an odd one.
            outcome.for_server(self._client.advance())
            outcome.for_client(self._refuse())

    def _held(self) -> tuple[Sequence[bytes], Sequence[bytes]]:
        return (), ()

    @property
    def _at(self) -> Where:
        return self._where


def _extent(command: Command, text: bytes) -> Extent:
    """How much of the message an answer is that has come whole."""
    if command.lines == 0:
        return Extent.HEAD
    return Extent.WHOLE if _is_whole(command, text, text.count(b"\n")) else Extent.START


def _is_whole(command: Command, start: bytes, lines: int) -> bool:
    """Whether an answer of so many lines, which begins like this, is all of the message."""
    if command.name == "RETR":
        return True
    start = b"\n" + start
    ends = [end for empty in (b"\n\r\n", b"\n\n") if (end := start.find(empty)) >= 0]
    if command.lines is None or not ends:
        return False
    head = start.count(b"\n", 0, min(ends)) + 1
    return lines - head < command.lines
