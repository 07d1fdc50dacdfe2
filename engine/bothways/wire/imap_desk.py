"""What one FETCH response asks of its connection, and what it holds of a body."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bothways.wire.events import Event, MessagePassed, Where, Why
from bothways.wire.imap_fetch import Item, Section
from bothways.wire.looks import Look


@dataclass(frozen=True, slots=True)
class Ride:
    """What of the responses under way is ours.

    `size`: the octets that were asked for of the start of each message, 0 for none; `most`, where several
    commands ask for it, the most that one of them asks for. `others`: how many octets the client's own
    windows there ask for; their answers have the same name. `uid`: the UID is for us alone.
    `fields`: lists of header fields that were asked for without the windows that the client wants of them.
    `brings_header`: the header comes beside a TEXT that is judged with it; `adds_header`: for us alone.
    """

    size: int = 0
    others: tuple[int, ...] = ()
    uid: bool = False
    brings_header: bool = False
    adds_header: bool = False
    fields: frozenset[str] = frozenset()
    most: int = 0


@dataclass(slots=True)
class Body:
    """The value of an item while it passes; `octets` is what is gathered of it and has not left.

    `section` is None where it holds nothing of a message.
    """

    item: Item
    section: Section | None
    size: int
    octets: bytearray = field(default_factory=bytearray)
    is_over: bool = False
    is_quoted: bool = False

    @property
    def name(self) -> str:
        """The item's name in upper case."""
        return self.item.name.decode("latin-1").upper()

    def passed(self, where: Where, why: Why) -> MessagePassed:
        """Word the report of a body that went on as it is."""
        return MessagePassed(where, self.name, self.size, why)

    def take(self) -> bytes:
        """Take out what is gathered."""
        octets = bytes(self.octets)
        self.octets.clear()
        return octets


class Desk(Protocol):
    """What a passage asks of the connection, and tells it."""

    @property
    def passes_unchanged(self) -> bool:
        """Whether nothing of the open mailbox is looked at."""

    @property
    def ride(self) -> Ride:
        """What of the responses under way is ours."""

    @property
    def limit(self) -> int:
        """How many octets of a message are looked at."""

    def where(self, uid: int | None) -> Where:
        """Name a message."""

    def learn(self, number: int, uid: int | None, size: int | None) -> None:
        """Hear what was told of a message."""

    def learn_structure(self, uid: int, value: bytes) -> None:
        """Hear the BODYSTRUCTURE of a message."""

    def uid_of(self, number: int) -> int | None:
        """Give the UID of a message, None where it is not known yet."""

    def size_of(self, uid: int | None) -> int | None:
        """Give the size of a message, None where it is not known."""

    def look(self, uid: int | None) -> Look | None:
        """Give the look at a message, None where there was none."""

    def judge(
        self, octets: bytes, uid: int | None, *, whole: bool, sections: bool = False
    ) -> tuple[Look, Sequence[Event]]:
        """Look at a message, or at its first octets; what was decided before holds.

        With `sections` the look knows where the sections of the message stand.
        """

    def note_recorded(self, where: Where, look: Look) -> None:
        """Hear that what a message is as a whole was reported."""

    def note_other(self, uid: int | None, look: Look, section: str) -> Look:
        """Hear that a section is another one to the server; give what holds from here on."""

    def judge_head(self, octets: bytes, uid: int | None) -> tuple[bytes, Sequence[Event]]:
        """Clean header fields of a message at which nobody has looked."""
