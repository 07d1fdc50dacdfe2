"""What a wire engine tells its carrier, as plain values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class OddityError(Exception):
    """The other side said something this engine does not understand; `str()` is a code."""


class SpecialUse(StrEnum):
    """What a mailbox is for, as far as it changes how its mail is treated (RFC 6154)."""

    NONE = ""
    DRAFTS = "drafts"
    SENT = "sent"


class Why(StrEnum):
    """Why a body went through unchanged."""

    WINDOW = "window"
    PART = "part"
    LIMIT = "limit"
    ERROR = "error"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Where:
    """Which message: `uid` and `uidvalidity` are None where the dialogue did not tell them."""

    account: str = ""
    mailbox: str = ""
    uidvalidity: int | None = None
    uid: int | None = None
    use: SpecialUse = SpecialUse.NONE


class Rewritten(Protocol):
    """What a cleaner hands back; an engine reads nothing but the octets."""

    @property
    def raw(self) -> bytes:
        """The message as it is passed on."""


class Cleaner(Protocol):
    """Cleans one whole message and keeps its length."""

    def __call__(self, raw: bytes, where: Where) -> Rewritten:
        """Return the rewritten message."""


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The server accepted a login."""

    account: str


@dataclass(frozen=True, slots=True)
class Selected:
    """A mailbox was opened."""

    where: Where


@dataclass(frozen=True, slots=True)
class MessageFetched:
    """A whole message went to the client the way `cleaned` says; sizes are equal."""

    where: Where
    size: int
    original_sha256: str
    cleaned_sha256: str
    cleaned: Rewritten


@dataclass(frozen=True, slots=True)
class MessagePassed:
    """A body or a piece of one went to the client unchanged, without having been judged."""

    where: Where
    item: str
    size: int
    why: Why
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that would have hidden mail from this engine was answered with BAD."""

    command: str


@dataclass(frozen=True, slots=True)
class WentThrough:
    """From here on this connection passes untouched; `reason` is a code."""

    reason: str


type Event = LoggedIn | Selected | MessageFetched | MessagePassed | Refused | WentThrough


@dataclass(frozen=True, slots=True)
class Step:
    """What one call brought about: octets for either side, and what happened."""

    to_client: bytes = b""
    to_server: bytes = b""
    events: tuple[Event, ...] = ()


class WireEngine(Protocol):
    """One connection seen from between its two sides, without a socket."""

    def from_client(self, data: bytes) -> Step:
        """Take octets of the client."""

    def from_server(self, data: bytes) -> Step:
        """Take octets of the server."""

    def close(self) -> Step:
        """One side is gone: give out everything that is still held."""

    def farewell(self, text: str) -> bytes:
        """Word what is said in the place of a server that cannot be reached; `text` is one line of ASCII."""
