"""When a FETCH of the client goes to the server, and what of ours rides along in it (see imap_asked.py)."""

from dataclasses import replace

from bothways.wire.imap_asked import Asked, Wanted, add_items
from bothways.wire.imap_bodies import Bodies
from bothways.wire.imap_client import Command
from bothways.wire.imap_desk import Ride
from bothways.wire.looks import Look

START_SIZE = 1 << 20
"""Octets that are asked for of a message whose size nobody knows."""
_OPENING = frozenset(("SELECT", "EXAMINE", "CLOSE", "UNSELECT", "LOGIN", "AUTHENTICATE"))


class Rides:
    """The dispatcher of one connection's FETCH commands. `refused` once a server did not take our items."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self.refused = False

    def may_go(self, command: Command) -> bool:
        """Whether the answers to this command could be told from those to the commands in flight.

        What the client itself asks for may have the same name in the answer as ours.
        """
        asked = command.asked
        if asked is None:  # it may ask for anything behind its literal
            return not any(_brings(other.ride) for other in self._bodies.fetches())
        if not asked.wanted:
            return True
        if any(one.name in _OPENING for one in self._bodies.in_flight):
            return False
        ride = self._plan(command, asked)
        if _brings(ride) and any(other.asked is None for other in self._bodies.fetches()):
            return False
        others = [(other.ride, other.asked) for other in self._bodies.fetches() if other.asked]
        return not any(_meets(theirs, asked) or _meets(ride, wanted) for theirs, wanted in others)

    def with_ride(self, command: Command, rest: bytes) -> bytes:
        """Give the text after FETCH as the server gets it, noting in the command what was put in."""
        asked = command.asked
        if asked is None or not asked.wanted:
            return rest
        ride = command.ride = self._plan(command, asked)
        items = [b"UID"] if ride.uid else []
        items += [b"BODY.PEEK[]<0.%d>" % ride.size] if ride.size else []
        items += [b"BODY.PEEK[HEADER]"] if ride.adds_header else []
        items += [b"BODY.PEEK" + fields[4:].encode("latin-1") for fields in sorted(ride.fields)]
        return add_items(rest, asked, b" ".join(items)) if items else rest

    def _plan(self, command: Command, asked: Asked) -> Ride:
        place = self._bodies.place
        others = asked.windows_at_start
        if self.refused or not place.mailbox or self._bodies.passes_unchanged:
            return Ride(0, others)
        by_uid = command.name == "UID FETCH"
        uids = asked.numbers if by_uid else tuple(map(self._bodies.mailbox.uid_of, asked.numbers))
        knows_uids = bool(uids) and None not in uids
        ride = Ride(
            0, others, not by_uid and not asked.has_uid and not knows_uids, fields=asked.fields(windowed=True)
        )
        needy = [wanted for wanted in asked.wanted if _needs_look(wanted)]
        if not needy or (knows_uids and all(self._is_known(uid, needy) for uid in uids)):
            return ride
        if all(wanted.section.is_text for wanted in needy):
            # With the header beside it the text is the whole message: nothing is fetched twice.
            return replace(ride, brings_header=True, adds_header=not asked.has_header)
        return replace(ride, size=self._size(uids, others))

    def _is_known(self, uid: int | None, needy: list[Wanted]) -> bool:
        """Whether nothing more has to be asked for to clean what is wanted of a message."""
        look, size = self._bodies.look(uid), self._bodies.size_of(uid)
        return all(_is_resolved(wanted, look) or _covers(wanted, size) for wanted in needy)

    def _size(self, uids: tuple[int | None, ...], others: tuple[int, ...]) -> int:
        """Say how much to ask for: more than the client's own windows at the start, never above the limit."""
        limit, longest = self._bodies.limit, max(others, default=0)
        if longest >= limit:
            return 0  # such a window is as good as ours
        return min(limit, max(self._useful(uids), longest + 1))

    def _useful(self, uids: tuple[int | None, ...]) -> int:
        """Say how far into these messages looking makes sense, as far as the client has asked before."""
        ends = [self._useful_of(uid) for uid in uids]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else START_SIZE

    def _useful_of(self, uid: int | None) -> int | None:
        size, text_end = self._bodies.size_of(uid), self._bodies.mailbox.text_end_of(uid)
        known = [end for end in (size and _room(size), text_end) if end is not None]
        if text_end is None and size is not None and size > self._bodies.limit:
            return None
        return min(known, default=None)


def _brings(ride: Ride) -> bool:
    """Whether octets that are ours are in the answers."""
    return bool(ride.size or ride.fields or ride.adds_header)


def _meets(ride: Ride, asked: Asked) -> bool:
    """Whether answers to what one command asks for could be taken for what rides in another."""
    if ride.fields & asked.fields(windowed=False):
        return True
    return bool(ride.size and asked.windows_at_start) or (ride.adds_header and asked.has_header)


def _needs_look(wanted: Wanted) -> bool:
    section = wanted.section
    return not section.is_fields and (section.name != "" or section.windowed)


def _is_resolved(wanted: Wanted, look: Look | None) -> bool:
    if look is None or wanted.section.name is None:
        return False
    # A section that is in no list of them will not be in another one.
    return look.sections is not None or look.start_of(wanted.section.name) is not None


def _covers(wanted: Wanted, size: int | None) -> bool:
    """Whether a window holds the whole message: it will come short and can be judged by itself."""
    return wanted.section.is_start_window and size is not None and wanted.count >= _room(size)


def _room(size: int) -> int:
    """Give the octets that surely hold a message: some servers tell sizes before they know them."""
    return size + size // 8 + 4096
