"""Which way a body of a FETCH response goes, by what is known of its message."""

import re

from bothways.message.receipts import RECEIPT_FIELDS, overwrite_name
from bothways.wire.events import Event, Why
from bothways.wire.imap_desk import Body, Desk
from bothways.wire.imap_fetch import Section
from bothways.wire.imap_streams import Again, Hashed, Overlaid, Passing, Stream
from bothways.wire.looks import Look
from bothways.wire.overlay import Overlay

_LONGEST_FIELDS = 1 << 18
_MAIL = re.compile(rb"BINARY\[|BODY\[|RFC822", re.IGNORECASE)
_RECEIPT_FIELD = re.compile(
    rb"^(%s)(?=[ \t]*:)" % b"|".join(re.escape(name.encode()) for name in sorted(RECEIPT_FIELDS)),
    re.IGNORECASE | re.MULTILINE,
)


class Ways:
    """What one response has told of its message, and what follows for each body in it.

    `events` are the reports that came up and were not taken yet. `is_ridden`: what rode along in the question
    has come, nothing more of it is to be waited for.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.number = 0
        self.told_uid: int | None = None
        self.told_size: int | None = None
        self.is_ridden = False
        self.header: bytes | None = None
        self.events: list[Event] = []
        self._known: Look | None = None
        self._fields: dict[str, tuple[bytes, bytes]] = {}

    @property
    def uid(self) -> int | None:
        """The message's UID, as far as it is known by now."""
        return self.told_uid if self.told_uid is not None else self._desk.uid_of(self.number)

    @property
    def size(self) -> int | None:
        """The message's size, as far as it is known by now."""
        return self.told_size if self.told_size is not None else self._desk.size_of(self.uid)

    def look_at(self, octets: bytes, *, whole: bool, sections: bool = False) -> Look:
        """Look at the message, or at its first octets."""
        self._known, events = self._desk.judge(octets, self.uid, whole=whole, sections=sections)
        self.events += events
        return self._known

    def choose(self, body: Body, *, forced: bool) -> Stream | None:
        """Choose the way of a body; None as long as more has to be known first and it is not `forced`."""
        section = body.section
        if section is None:
            if _MAIL.match(body.item.name) and not self._desk.passes_unchanged:
                self.events.append(body.passed(self._desk.where(self.uid), Why.PART))
            return Passing()
        self._known = look = self._known or self._desk.look(self.uid)
        if section.name is None or (section.is_fields and look is None):
            return self._choose_for_fields(body, section, look, forced=forced)
        if self._is_whole(body, section):
            return self._choose_for_whole(body, look, forced=forced)
        overlay = look.overlay(section.name, section.origin) if look else None
        if look is None or overlay is None:
            return self._choose_for_piece(body, section, look, forced=forced)
        return self._choose_for_known(body, section, look, overlay)

    def _choose_for_known(self, body: Body, section: Section, look: Look, overlay: Overlay) -> Stream | None:
        name = section.name or ""
        head = look.head_of(name, section.origin)[: body.size]
        if len(body.octets) < len(head) and not body.is_over:
            return None
        where = self._desk.where(self.uid)
        if body.octets.startswith(head):
            return Overlaid(body, where, overlay)
        # The server numbers the parts of this mail in another way: these edits are another part's.
        self._known = self._desk.note_other(self.uid, look, name)
        self.events.append(body.passed(where, Why.MISMATCH))
        return Passing()

    def _choose_for_piece(
        self, body: Body, section: Section, look: Look | None, *, forced: bool
    ) -> Stream | None:
        if self._is_start(body, section) and (self.uid is not None or forced):
            way = self._choose_for_start(body, section)
            if way is not None or not forced:
                return way
        elif not forced and self._may_be_known_later():
            return None
        if body.size:
            self.events.append(body.passed(self._desk.where(self.uid), _why_passed(section, look)))
        return Passing()

    def _may_be_known_later(self) -> bool:
        return self.uid is None or (bool(self._desk.ride.size) and not self.is_ridden)

    def _is_whole(self, body: Body, section: Section) -> bool:
        """Whether a body is the message from its first octet to its last; a window that came short is."""
        if section.name != "" or section.origin:
            return False
        ride = self._desk.ride
        return not section.windowed or (not ride.size and bool(ride.others) and body.size < min(ride.others))

    def _choose_for_whole(self, body: Body, look: Look | None, *, forced: bool) -> Stream | None:
        where = self._desk.where(self.uid)
        if look is None:
            whole, limit = body.size <= self._desk.limit, self._desk.limit
            if len(body.octets) < limit and not (body.is_over and (forced or self.uid)):
                return None
            look = self.look_at(bytes(body.octets[:limit]), whole=whole)
            if not look.needs_hashes:
                return Overlaid(body, where, Overlay(look.edits, 0))
        elif not look.needs_hashes:
            return Again(body, where, look)
        return Hashed(self._desk, body, where, look)

    def _is_start(self, body: Body, section: Section) -> bool:
        """Whether a body can be judged with the header that comes beside it, or is as long as any look."""
        if section.is_text:
            return self._desk.ride.brings_header
        return section.is_start_window and body.size >= self._desk.limit

    def _choose_for_start(self, body: Body, section: Section) -> Stream | None:
        """Look at the first octets, or all, of a message that does not come in one piece."""
        header = self.header if section.is_text else b""
        if header is None:
            return None
        limit = self._desk.limit
        whole = section.is_text and len(header) + body.size <= limit
        if len(header) + len(body.octets) < limit and not (whole and body.is_over):
            return None
        look = self.look_at((header + body.octets)[:limit], whole=whole, sections=section.is_text)
        return Overlaid(body, self._desk.where(self.uid), Overlay(look.edits, len(header)))

    def _choose_for_fields(
        self, body: Body, section: Section, look: Look | None, *, forced: bool
    ) -> Stream | None:
        """Header fields are judged by their names, once they are there."""
        if not body.is_over:
            return None if body.size <= _LONGEST_FIELDS else Passing()
        octets = bytes(body.octets)
        if not section.windowed:
            body.octets = bytearray(self._clean_fields(octets, look))
            return Passing()
        # A window may begin inside a name: it is cut out of the whole list, which rides along.
        if section.fields not in self._fields and not forced:
            return None
        original, cleaned = self._fields.get(section.fields, (b"", b""))
        window = slice(section.origin, section.origin + len(octets))
        if original[window] == octets:
            body.octets = bytearray(cleaned[window])
        else:
            self.events.append(body.passed(self._desk.where(self.uid), Why.WINDOW))
        return Passing()

    def note_fields(self, body: Body) -> None:
        """Take a list of header fields of which windows are asked for."""
        if body.section is not None:
            octets = body.take()
            look = self._known or self._desk.look(self.uid)
            self._fields[body.section.fields] = octets, self._clean_fields(octets, look)

    def _clean_fields(self, octets: bytes, look: Look | None) -> bytes:
        if look is not None:
            return _silence(octets, look.silenced)
        if not _RECEIPT_FIELD.search(octets):
            return octets
        cleaned, events = self._desk.judge_head(octets, self.uid)
        self.events += events
        return cleaned


def _why_passed(section: Section, look: Look | None) -> Why:
    if look is not None and not look.is_whole:
        return Why.LIMIT
    return Why.WINDOW if section.windowed else Why.PART


def _silence(octets: bytes, names: frozenset[str]) -> bytes:
    """Overwrite the names of these fields, given in lower case."""

    def overwrite(found: re.Match[bytes]) -> bytes:
        name = found[1].decode("ascii")
        return overwrite_name(name).encode("ascii") if name.lower() in names else found[0]

    return _RECEIPT_FIELD.sub(overwrite, octets)
