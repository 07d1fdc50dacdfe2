"""What the engines share: octets in from either side, steps out; no fault of ours costs a connection."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bothways.wire.events import Event, OddityError, Step, WentThrough, Where

type Piece = bytes | Event
"""What goes on to the other side, or what is to be reported."""


class Inflow(Protocol):
    """One direction of a connection: octets that have arrived and were not yet dealt with."""

    def __len__(self) -> int: ...

    def feed(self, data: bytes) -> None:
        """Append what arrived."""

    def take(self, count: int) -> bytes:
        """Remove and return up to `count` octets."""


@dataclass(slots=True)
class Outcome:
    """What one call brings about, in the making."""

    to_client: list[bytes] = field(default_factory=list)
    to_server: list[bytes] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def for_client(self, pieces: Iterable[Piece]) -> None:
        """Sort octets for the client from events, as they come."""
        self._sort(pieces, self.to_client)

    def for_server(self, pieces: Iterable[Piece]) -> None:
        """Sort octets for the server from events, as they come."""
        self._sort(pieces, self.to_server)

    def finish(self) -> Step:
        """Give the step."""
        return Step(b"".join(self.to_client), b"".join(self.to_server), tuple(self.events))

    def _sort(self, pieces: Iterable[Piece], octets: list[bytes]) -> None:
        for piece in pieces:
            if isinstance(piece, bytes):
                octets.append(piece)
            else:
                self.events.append(piece)


class Between(ABC):
    """One connection. What is not understood makes it transparent from there on; nothing is lost."""

    def __init__(self, client: Inflow, server: Inflow) -> None:
        self._inflows = (client, server)
        self._transparent = False

    @abstractmethod
    def _advance(self, outcome: Outcome) -> None:
        """Deal with what has arrived, as far as it goes. May raise anything."""

    @abstractmethod
    def _held(self) -> tuple[Sequence[bytes], Sequence[bytes]]:
        """Give up what is held in front of the inflows, for the client and for the server."""

    @property
    @abstractmethod
    def _at(self) -> Where:
        """Where the connection stands."""

    def from_client(self, data: bytes) -> Step:
        """Take octets of the client."""
        if self._transparent:
            return Step(to_server=data)
        self._inflows[0].feed(data)
        return self._run()

    def from_server(self, data: bytes) -> Step:
        """Take octets of the server."""
        if self._transparent:
            return Step(to_client=data)
        self._inflows[1].feed(data)
        return self._run()

    def close(self) -> Step:
        """One side is gone: give out everything that is still held."""
        outcome = Outcome()
        if not self._transparent:
            self._go_through("", outcome)
        return outcome.finish()

    def _run(self) -> Step:
        outcome = Outcome()
        try:
            self._advance(outcome)
        except OddityError as oddity:
            self._go_through(str(oddity), outcome)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not cost the user a connection
            self._go_through(f"fault:{type(error).__name__}", outcome)
        return outcome.finish()

    def _go_through(self, reason: str, outcome: Outcome) -> None:
        self._transparent = True
        client, server = self._inflows
        for_client, for_server = self._held()
        outcome.to_client += [*for_client, server.take(len(server))]
        outcome.to_server += [*for_server, client.take(len(client))]
        if reason:
            outcome.events.append(WentThrough(reason, self._at))
