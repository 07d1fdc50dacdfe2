"""One FETCH response on its way to the client.

Each body in it goes one of these ways, once it is known which:

- It is ours (see imap_asked.py): it is gathered and judged, and never leaves.
- The message was looked at before: the edits are laid over it as it streams.
- It is the whole message: its first octets are held until they can be judged, the rest streams.
- Header fields are held until they are there, and judged by their names.
- Nothing can be known of it: it streams as it is and is reported.

What comes behind a body whose way is not known yet waits. Nothing is left out but our own items, and no size
ever changes.
"""

import re
from collections import deque

from bothways.message.receipts import RECEIPT_FIELDS, overwrite_name
from bothways.wire.events import MessagePassed, Why
from bothways.wire.imap_desk import Body, Desk, Piece
from bothways.wire.imap_fetch import (
    FetchReader,
    FetchSyntaxError,
    Item,
    Section,
    quote_value,
    read_section,
    unquote_value,
)
from bothways.wire.imap_streams import Again, Hashed, Overlaid, Passing, Stream
from bothways.wire.looks import Look
from bothways.wire.overlay import Overlay

_MOST_WAITING = 4 << 20
_LONGEST_FIELDS = 1 << 18
_PLAIN_COST = 200
_RECEIPT_FIELD = re.compile(
    rb"^(%s)(?=[ \t]*:)" % b"|".join(re.escape(name.encode()) for name in sorted(RECEIPT_FIELDS)),
    re.IGNORECASE | re.MULTILINE,
)


class Passage:
    """Feed it the pieces of one response in order; each call gives what may leave."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._reader = FetchReader()
        self._uid: int | None = None
        self._size: int | None = None
        self._structure = b""
        self._known: Look | None = None
        self._ready: list[Piece] = []
        self._queue: deque[Item | Body] = deque()
        self._front: Stream | None = None  # the way of the body at the front of the queue, once it is known
        self._waiting_size = 0
        self._body: Body | None = None  # whose octets come now
        self._ours: Body | None = None
        self._ride_is_over = False
        self._dropped = False
        self._is_open = False  # the response's head has left
        self._is_odd = False

    def text(self, line: bytes) -> list[Piece]:
        """Take a text piece, with the announcement of the literal at its end if there is one."""
        if not self._is_odd:
            begun = self._reader.head
            try:
                items = list(self._reader.feed(line))
            except FetchSyntaxError:
                self._become_odd(begun)
            else:
                for item in items:
                    self._take(item)
                self._advance()
                return self._drain()
        self._ready.append(line)
        return self._drain()

    def octets(self, octets: bytes) -> list[Piece]:
        """Take octets of the literal."""
        body = self._body
        if body is None:
            return [octets]
        if self._front is not None and self._queue[0] is body and not body.octets:
            return [self._front.feed(octets)]
        body.octets += octets
        if body is not self._ours:
            self._waiting_size += len(octets)
            self._advance(forced=self._waiting_size > _MOST_WAITING)
        return self._drain()

    def literal_over(self) -> list[Piece]:
        """Hear that the literal is over."""
        body, self._body = self._body, None
        if body is not None:
            body.is_over = True
            if body is self._ours:
                self._judge_ours()
            self._advance()
        return self._drain()

    def end(self) -> list[Piece]:
        """Hear that the response is over."""
        if self._is_odd:
            return []
        uid = self._known_uid()
        if uid is not None and self._structure:
            self._desk.learn_structure(uid, self._structure)
        self._tell_ours_by_size()
        self._judge_ours(forced=True)
        self._advance(forced=True)
        if not self._is_open and not self._dropped:
            self._open()
        if self._is_open:
            self._ready.append(self._reader.tail)
        return self._drain()

    def release(self) -> bytes:
        """Give up all that is held, as it came; what comes from here on is no longer seen."""
        self._become_odd(self._reader.head)
        return b"".join(piece for piece in self._drain() if isinstance(piece, bytes))

    def _drain(self) -> list[Piece]:
        ready, self._ready = self._ready, []
        return ready

    # What the items are.

    def _take(self, item: Item) -> None:
        if self._learn(item):
            self._dropped = True
            return
        section = None if self._desk.passes_unchanged else read_section(item.name)
        body = _read_body(item, section)
        if body is None and self._may_be_ours(section):
            # NIL for all that is asked of a message that is gone: ours is one of them.
            self._ride_is_over = self._dropped = True
        elif body is None:
            self._queue.append(item)
            self._waiting_size += _PLAIN_COST
        else:
            self._take_body(body)

    def _learn(self, item: Item) -> bool:
        """Note what an item tells of the message; True where it is for us alone."""
        name, number = item.name.upper(), self._reader.number
        if name == b"UID" and item.value.isdigit():
            self._uid = int(item.value)
            self._desk.learn(number, self._uid, self._size)
            return self._desk.ride.uid
        if name == b"RFC822.SIZE" and item.value.isdigit():
            self._size = int(item.value)
            self._desk.learn(number, self._known_uid(), self._size)
        if name == b"BODYSTRUCTURE" and not item.is_open:
            self._structure = item.value
        return False

    def _take_body(self, body: Body) -> None:
        self._body = None if body.is_over else body
        if self._is_ours(body):
            self._ours = body
            self._dropped = True
            if body.is_over:
                self._judge_ours()
        else:
            self._queue.append(body)
            self._waiting_size += len(body.octets)

    def _may_be_ours(self, section: Section | None) -> bool:
        if section is None or not section.is_start_window:
            return False
        return bool(self._desk.ride.size) and not self._ours and not self._ride_is_over

    def _is_ours(self, body: Body) -> bool:
        """Whether it is certain that this is ours: longer than the client's own windows of the same name."""
        others = self._desk.ride.others
        return self._may_be_ours(body.section) and (not others or body.size > max(others))

    def _tell_ours_by_size(self) -> None:
        """Of windows with one name ours is the longest; of two as long either holds the same octets."""
        windows = [
            entry for entry in self._queue if isinstance(entry, Body) and self._may_be_ours(entry.section)
        ]
        if len(windows) > len(self._desk.ride.others):
            self._ours = max(windows, key=lambda body: body.size)
            self._queue.remove(self._ours)
            self._dropped = True

    def _judge_ours(self, *, forced: bool = False) -> None:
        body = self._ours
        if body is None or self._ride_is_over or not (forced or self._known_uid()):
            return
        self._ride_is_over = True
        whole = body.size < self._desk.ride.size or body.size == self._known_size()
        self._look_at(body.take(), whole=whole, sections=True)

    # What leaves.

    def _advance(self, *, forced: bool = False) -> None:
        """Let go what stands at the front of the queue, as far as its way is known."""
        while self._queue:
            entry = self._queue[0]
            if isinstance(entry, Item):
                self._write_head(entry)
                self._waiting_size -= _PLAIN_COST
            else:
                self._front = self._front or self._set_out(entry, forced=forced)
                if self._front is None or not self._pass(entry, self._front):
                    return
                self._front = None
            self._queue.popleft()

    def _set_out(self, body: Body, *, forced: bool) -> Stream | None:
        way = self._way_of(body, forced=forced)
        if way is not None and not body.is_quoted:
            self._write_head(body.item)
        return way

    def _pass(self, body: Body, way: Stream) -> bool:
        """Pass on what is gathered; tell whether that was all."""
        self._waiting_size -= len(body.octets)
        if body.is_quoted:
            pieces = [way.feed(body.take()), *way.finish()]
            value = quote_value(b"".join(piece for piece in pieces if isinstance(piece, bytes)))
            self._write_head(body.item, value)
            self._ready += (piece for piece in pieces if not isinstance(piece, bytes))
            return True
        if body.octets:
            self._ready.append(way.feed(body.take()))
        if body.is_over:
            self._ready += way.finish()
        return body.is_over

    def _way_of(self, body: Body, *, forced: bool) -> Stream | None:
        """Choose the way of a body; None as long as more has to be known first."""
        section, look = body.section, self._look()
        if section is None:
            return Passing()
        if self._may_be_ours(section) and self._desk.ride.others and not forced:
            return None
        if section.name is None or (section.is_fields and look is None):
            return self._way_of_fields(body, look)
        if self._is_whole(body, section):
            return self._way_of_whole(body, look, forced=forced)
        return self._way_of_piece(body, section, section.name, look, forced=forced)

    def _way_of_piece(
        self, body: Body, section: Section, name: str, look: Look | None, *, forced: bool
    ) -> Stream | None:
        where = self._desk.where(self._known_uid())
        overlay = look.overlay(name, section.origin) if look else None
        if overlay is None and body.is_start_window and body.size >= self._desk.limit and self._known_uid():
            overlay = self._overlay_of_long_start(body)
            if overlay is None:
                return None
        if overlay is not None:
            return Overlaid(body, where, overlay)
        if not forced and self._may_be_known_later():
            return None
        if body.size:
            self._ready.append(body.passed(where, _why_passed(section, look)))
        return Passing()

    def _may_be_known_later(self) -> bool:
        return self._known_uid() is None or bool(self._desk.ride.size and not self._ride_is_over)

    def _way_of_whole(self, body: Body, look: Look | None, *, forced: bool) -> Stream | None:
        where = self._desk.where(self._known_uid())
        if look is None:
            has_enough = len(body.octets) >= self._desk.limit
            if not has_enough and not (body.is_over and (forced or self._known_uid())):
                return None
            look = self._look_at(bytes(body.octets), whole=body.is_over)
            if look.is_whole or not look.edits:
                return Overlaid(body, where, look.overlay_all())
        elif look.is_whole or not look.edits:
            return Again(body, where, look)
        return Hashed(body, where, look)

    def _overlay_of_long_start(self, body: Body) -> Overlay | None:
        """Look at a window that is longer than the limit: at its first octets, whatever follows it."""
        if len(body.octets) < self._desk.limit:
            return None
        return self._look_at(bytes(body.octets), whole=False).overlay_all()

    def _way_of_fields(self, body: Body, look: Look | None) -> Stream | None:
        if not body.is_over:
            return None if body.size <= _LONGEST_FIELDS else Passing()
        octets = bytes(body.octets)
        if look is not None:
            body.octets = bytearray(_silence(octets, look.silenced))
        elif _RECEIPT_FIELD.search(octets):
            cleaned, events = self._desk.judge_head(octets, self._known_uid())
            body.octets = bytearray(cleaned)
            self._ready += events
        return Passing()

    def _is_whole(self, body: Body, section: Section) -> bool:
        """Whether a body is the message from its first octet to its last."""
        if section.name != "" or section.origin:
            return False
        if not section.windowed or body.size == self._known_size():
            return True
        ride = self._desk.ride
        return not ride.size and bool(ride.others) and body.size < min(ride.others)

    # What is known of the message.

    def _known_uid(self) -> int | None:
        return self._uid if self._uid is not None else self._desk.uid_of(self._reader.number)

    def _known_size(self) -> int | None:
        return self._size if self._size is not None else self._desk.size_of(self._known_uid())

    def _look(self) -> Look | None:
        self._known = self._known or self._desk.look(self._known_uid())
        return self._known

    def _look_at(self, octets: bytes, *, whole: bool, sections: bool = False) -> Look:
        self._known, events = self._desk.judge(octets, self._known_uid(), whole=whole, sections=sections)
        self._ready += events
        return self._known

    # What is written.

    def _open(self) -> None:
        self._is_open = True
        self._ready.append(self._reader.head)

    def _write_head(self, item: Item, value: bytes | None = None) -> None:
        lead = item.lead
        if not self._is_open:
            lead = b"" if self._dropped else lead
            self._open()
        self._ready.append(lead + item.name + item.gap + (item.value if value is None else value))

    def _become_odd(self, begun: bytes) -> None:
        """From here on the response passes as it comes."""
        if self._is_odd:
            return
        self._is_odd = True
        self._ready.append(MessagePassed(self._desk.where(self._known_uid()), "FETCH", 0, Why.ODD))
        if self._front is not None:
            self._ready.append(self._front.release())
            self._queue.popleft()
        if self._ours is not None and not self._ours.is_over:
            self._queue.append(self._ours)
        for entry in self._queue:
            self._write_head(entry if isinstance(entry, Item) else entry.item)
            if isinstance(entry, Body) and not entry.is_quoted:
                self._ready.append(entry.take())
        self._queue.clear()
        self._body = None
        if begun and not self._is_open:
            self._open()


def _read_body(item: Item, section: Section | None) -> Body | None:
    """Give the body that an item holds: any literal, or a quoted string that is octets of a mail."""
    if item.is_literal or item.is_open:
        return Body(item, section if item.is_literal else None, item.literal_size)
    octets = unquote_value(item.value) if section is not None else None
    if octets is None:
        return None
    return Body(item, section, len(octets), bytearray(octets), is_over=True, is_quoted=True)


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
