"""What a wire engine tells its carrier, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bothways.message.plan import Edit


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
    MISMATCH = "mismatch"
    ODD = "odd"


class Extent(StrEnum):
    """How much of a message a cleaner is given."""

    WHOLE = "whole"
    START = "start"
    """Its first octets, cut off before the first part that is not there whole."""
    HEAD = "head"
    """Its header block, or the fields of it that a client asked for."""


@dataclass(frozen=True, slots=True)
class Where:
    """Which message, and for whom: `uid` and `uidvalidity` are None where the dialogue did not tell them.

    `server` is the host's name, `client` what the mail program called itself (RFC 2971).
    """

    account: str = ""
    mailbox: str = ""
    uidvalidity: int | None = None
    uid: int | None = None
    use: SpecialUse = SpecialUse.NONE
    server: str = ""
    client: str = ""


class Rewritten(Protocol):
    """What a cleaner hands back. Its edits keep length: each replacement is as long as what it replaces."""

    @property
    def raw(self) -> bytes:
        """The octets as they are passed on."""

    @property
    def edits(self) -> Sequence[Edit]:
        """How they differ from what was handed in: sorted and disjoint, in its coordinates."""


class LeftBefore:
    """What a cleaner hands back is of this class too where the message left so before and is on record.

    Only that it was fetched again is reported then.
    """

    __slots__ = ()


class Cleaner(Protocol):
    """Cleans a message, or a piece of one, and keeps its length. It is asked once for each message."""

    def __call__(self, raw: bytes, where: Where, extent: Extent = Extent.WHOLE) -> Rewritten:
        """Return the rewritten octets."""


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
    """A message was looked at for the first time and goes to the client the way `cleaned` says.

    `size` counts the octets that were looked at: with `Extent.WHOLE` all of the message. The hashes speak of
    the whole message and are "" where its end was not seen.
    """

    where: Where
    size: int
    original_sha256: str
    cleaned_sha256: str
    cleaned: Rewritten
    extent: Extent = Extent.WHOLE


@dataclass(frozen=True, slots=True)
class FetchedAgain:
    """A message that had been looked at went to the client whole; the hashes are "" where they are known."""

    where: Where
    edits: Sequence[Edit]
    original_sha256: str = ""
    cleaned_sha256: str = ""


@dataclass(frozen=True, slots=True)
class HeadFetched:
    """Header fields went to the client the way `cleaned` says; no text of the message is known."""

    where: Where
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
    """From here on this connection passes untouched; `reason` is a code, `where` what was open."""

    reason: str
    where: Where = Where()


type Event = (
    LoggedIn | Selected | MessageFetched | FetchedAgain | HeadFetched | MessagePassed | Refused | WentThrough
)


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
