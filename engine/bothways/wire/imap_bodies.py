"""What one connection decides about the bodies that it carries: who looks at a message, and what holds."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bothways.wire.events import (
    Cleaner,
    Event,
    Extent,
    FetchedAgain,
    HeadFetched,
    LeftBefore,
    MessageFetched,
    MessagePassed,
    Rewritten,
    SpecialUse,
    Where,
    Why,
)
from bothways.wire.imap_client import FETCHES, Command
from bothways.wire.imap_desk import Ride
from bothways.wire.imap_mailbox import OpenMailbox
from bothways.wire.imap_structure import estimate_text_end
from bothways.wire.looks import Look, Looks, keeps_length
from bothways.wire.sections import cut_off, find_heads, find_sections

_WHOLE = "BODY[]"


class Bodies:
    """The desk of one connection, see imap_desk.py. `in_flight` are the commands that were not answered."""

    def __init__(self, clean: Cleaner, looks: Looks, limit: int, in_flight: Sequence[Command]) -> None:
        self._clean = clean
        self.looks = looks
        self._limit = limit
        self.in_flight = in_flight
        self.place = Where()
        self.mailbox = OpenMailbox()

    @property
    def passes_unchanged(self) -> bool:
        """Drafts are the user's own unfinished words: nothing there is looked at."""
        return self.place.use is SpecialUse.DRAFTS

    @property
    def limit(self) -> int:
        """How many octets of a message are looked at."""
        return self._limit

    def fetches(self) -> list[Command]:
        """Give the FETCH commands in flight."""
        return [command for command in self.in_flight if command.name in FETCHES]

    @property
    def ride(self) -> Ride:
        """What of the responses under way is ours."""
        fetches = self.fetches()
        if not fetches:
            return Ride()
        if len(fetches) == 1:
            return fetches[0].ride
        rides = [command.ride for command in fetches]
        return Ride(
            size=min((ride.size for ride in rides if ride.size), default=0),
            most=max(ride.size for ride in rides),
            uid=all(ride.uid for ride in rides),
            brings_header=any(ride.brings_header for ride in rides),
            adds_header=any(ride.adds_header for ride in rides),
            fields=frozenset[str]().union(*(ride.fields for ride in rides)),
        )

    def where(self, uid: int | None) -> Where:
        """Name a message."""
        return replace(self.place, uid=uid)

    def learn(self, number: int, uid: int | None, size: int | None) -> None:
        """Hear what was told of a message."""
        self.mailbox.learn(number, uid, size)

    def learn_structure(self, uid: int, value: bytes) -> None:
        """Hear the BODYSTRUCTURE of a message."""
        text_end = estimate_text_end(value)
        if text_end is not None:
            self.mailbox.learn_text_end(uid, text_end)

    def uid_of(self, number: int) -> int | None:
        """Give the UID of a message: as it was told, or because only one was asked for."""
        known = self.mailbox.uid_of(number)
        fetches = self.fetches() if known is None else []
        if len(fetches) == 1 and fetches[0].name == "UID FETCH" and fetches[0].asked:
            numbers = fetches[0].asked.numbers
            return numbers[0] if len(numbers) == 1 else None
        return known

    def size_of(self, uid: int | None) -> int | None:
        """Give the size of a message, None where it is not known."""
        return self.mailbox.size_of(uid)

    def look(self, uid: int | None) -> Look | None:
        """Give the look at a message, None where there was none."""
        return self.looks.get(self.where(uid))

    def judge(
        self, octets: bytes, uid: int | None, *, whole: bool, sections: bool = False
    ) -> tuple[Look, Sequence[Event]]:
        """Look at a message, or at its first octets; what was decided before holds."""
        where, events = self.where(uid), list[Event]()
        look = self.looks.get(where)
        if look is None:
            try:
                look = self._first_look(octets, where, events, whole=whole)
            except Exception as error:  # noqa: BLE001 - whatever a cleaner does, the mail arrives
                look = Look((), Extent.WHOLE if whole else Extent.START)
                events.append(MessagePassed(where, _WHOLE, len(octets), Why.ERROR, type(error).__name__))
        if not self.looks.has_room(look):
            look, events = Look((), look.extent), [MessagePassed(where, _WHOLE, len(octets), Why.LIMIT)]
        if sections and look.sections is None:
            found = find_sections(octets, whole=whole)
            look = replace(look, sections=found, heads=find_heads(octets, found))
        self.looks.keep(where, look)
        return look, events

    def _first_look(self, octets: bytes, where: Where, events: list[Event], *, whole: bool) -> Look:
        extent, cuts_text = Extent.WHOLE, False
        if not whole:
            extent, (seen, cuts_text) = Extent.START, cut_off(octets)
            octets = octets[:seen]
        cleaned = self._clean(octets, where, extent)
        edits = tuple(cleaned.edits)
        if len(cleaned.raw) != len(octets) or not keeps_length(edits):
            events.append(MessagePassed(where, _WHOLE, len(octets), Why.SIZE))
            return Look((), extent)
        left_before = isinstance(cleaned, LeftBefore)
        events.append(
            FetchedAgain(where, edits) if left_before else _first_fetch(octets, where, cleaned, extent)
        )
        if cuts_text:
            events.append(MessagePassed(where, _WHOLE, len(octets), Why.LIMIT))
        # That a start is the same says nothing of the rest: some servers write a mail anew each time.
        return Look(edits, extent)

    def note_recorded(self, where: Where, look: Look) -> None:
        """Hear that what a message is as a whole was reported."""
        self.looks.keep(where, replace(self.looks.get(where) or look, is_recorded=True))

    def note_other(self, uid: int | None, look: Look, section: str) -> Look:
        """Hear that a section is another one to the server; give what holds from here on."""
        look = look.without(section)
        self.looks.keep(self.where(uid), look)
        return look

    def judge_head(self, octets: bytes, uid: int | None) -> tuple[bytes, Sequence[Event]]:
        """Clean header fields of a message at which nobody has looked."""
        where = self.where(uid)
        try:
            cleaned = self._clean(octets, where, Extent.HEAD)
        except Exception as error:  # noqa: BLE001 - whatever a cleaner does, the mail arrives
            return octets, [MessagePassed(where, "HEADER", len(octets), Why.ERROR, type(error).__name__)]
        if len(cleaned.raw) != len(octets):
            return octets, [MessagePassed(where, "HEADER", len(octets), Why.SIZE)]
        return cleaned.raw, [HeadFetched(where, cleaned)]


def _first_fetch(octets: bytes, where: Where, cleaned: Rewritten, extent: Extent) -> MessageFetched:
    before = after = ""
    if extent is Extent.WHOLE:
        before = hashlib.sha256(octets).hexdigest()
        after = hashlib.sha256(cleaned.raw).hexdigest() if cleaned.edits else before
    return MessageFetched(where, len(octets), before, after, cleaned, extent)
