"""One FETCH response on its way to the client.

Each body in it goes one of these ways, once it is known which (imap_ways.py):

- It is ours (imap_asked.py): it is gathered and judged, and never leaves.
- The message was looked at before: the edits are laid over it as it streams.
- It is the whole message: its first octets are held until they can be judged, the rest streams.
- Header fields are held until they are there, and judged by their names.
- Nothing can be known of it: it streams as it is and is reported.

What comes behind a body whose way is not known yet waits. Nothing is left out but our own items, and no size
ever changes.
"""

from collections import deque

from bothways.wire.between import Piece
from bothways.wire.events import MessagePassed, Why
from bothways.wire.imap_desk import Body, Desk
from bothways.wire.imap_fetch import (
    FetchReader,
    FetchSyntaxError,
    Item,
    Section,
    quote_value,
    read_section,
    unquote_value,
)
from bothways.wire.imap_riders import Riders
from bothways.wire.imap_streams import Stream
from bothways.wire.imap_ways import Ways

_MOST_WAITING = 4 << 20
_PLAIN_COST = 200
_LONGEST_TEXT = 1 << 20


class Passage:
    """Feed it the pieces of one response in order; each call gives what may leave."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._reader = FetchReader()
        self._ways = Ways(desk)
        self._riders = Riders(desk, self._ways)
        self._structure = b""
        self._ready: list[Piece] = []
        self._queue: deque[Item | Body] = deque()
        self._front: Stream | None = None  # the way of the body at the front of the queue, once it is known
        self._waiting_size = 0
        self._body: Body | None = None  # whose octets come now
        self._is_open = False  # the response's head has left
        self._is_odd = False

    def text(self, line: bytes) -> list[Piece]:
        """Take a text piece, with the announcement of the literal at its end if there is one."""
        if not self._is_odd:
            begun = self._reader.head
            try:
                items = self._read(line)
            except FetchSyntaxError:
                self._become_odd(begun)
            except Exception:
                self._become_odd(begun)
                self._ready.append(line)
                raise
            else:
                self._ways.number = self._reader.number
                self._take_all(items)
                self._advance()
                return self._drain()
        self._ready.append(line)
        return self._drain()

    def octets(self, octets: bytes) -> list[Piece]:
        """Take octets of the literal."""
        body = self._body
        if body is None:
            return [octets]
        try:
            self._riders.note_octets(body, octets)
            if self._front is not None and self._queue[0] is body and not body.octets:
                return [self._front.feed(octets)]
        except Exception:
            self._become_odd(self._reader.head)
            self._ready.append(octets)
            raise
        body.octets += octets
        if self._queue and self._queue[-1] is body:
            self._waiting_size += len(octets)
            self._advance()
        return self._drain()

    def literal_over(self) -> list[Piece]:
        """Hear that the literal is over."""
        body, self._body = self._body, None
        if body is not None:
            body.is_over = True
            self._riders.note_over(body)
            self._advance()
        return self._drain()

    def end(self) -> list[Piece]:
        """Hear that the response is over."""
        if self._is_odd:
            return []
        uid = self._ways.uid
        if uid is not None and self._structure:
            self._desk.learn_structure(uid, self._structure)
        start = self._riders.tell_start_by_size(one for one in self._queue if isinstance(one, Body))
        if start is not None:
            self._queue.remove(start)
        self._riders.judge(forced=True)
        self._advance(forced=True)
        if not self._is_open and not self._riders.dropped:
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

    def _read(self, line: bytes) -> list[Item]:
        if len(line) > _LONGEST_TEXT:
            raise FetchSyntaxError
        return list(self._reader.feed(line))

    def _take_all(self, items: list[Item]) -> None:
        for index, item in enumerate(items):
            try:
                self._take(item)
            except Exception:  # a fault of ours: what was not taken is to leave as it is
                held = any(item is one for one in self._held_items())
                self._queue += items[index + held :]
                raise

    def _held_items(self) -> list[Item]:
        held = [*self._queue, *self._riders.unfinished()]
        return [entry if isinstance(entry, Item) else entry.item for entry in held]

    def _take(self, item: Item) -> None:
        if self._learn(item):
            self._riders.dropped = True
            return
        section = None if self._desk.passes_unchanged else read_section(item.name)
        body = _read_body(item, section)
        if body is None:
            if not self._riders.take_nil(section):
                self._queue.append(item)
                self._waiting_size += _PLAIN_COST
            return
        self._body = None if body.is_over else body
        if not self._riders.take(body):
            self._queue.append(body)
            self._waiting_size += _PLAIN_COST + len(body.octets)
        if body.is_over:
            self._riders.note_over(body)

    def _learn(self, item: Item) -> bool:
        """Note what an item tells of the message; True where it is for us alone."""
        name, number, ways = item.name.upper(), self._reader.number, self._ways
        if name == b"UID" and item.value.isdigit():
            ways.told_uid = int(item.value)
            self._desk.learn(number, ways.told_uid, ways.told_size)
            return self._desk.ride.uid
        if name == b"RFC822.SIZE" and item.value.isdigit():
            ways.told_size = int(item.value)
            self._desk.learn(number, ways.uid, ways.told_size)
        if name == b"BODYSTRUCTURE" and not item.is_open:
            self._structure = item.value
        return False

    # What leaves.

    def _advance(self, *, forced: bool = False) -> None:
        """Let go what stands at the front of the queue, as far as its way is known or too much waits."""
        forced = forced or self._waiting_size > _MOST_WAITING
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
                self._waiting_size -= _PLAIN_COST
            self._queue.popleft()

    def _set_out(self, body: Body, *, forced: bool) -> Stream | None:
        if self._desk.ride.others and not forced and self._riders.may_be_start(body.section):
            return None
        way = self._ways.choose(body, forced=forced)
        if way is not None and not body.is_quoted:
            self._write_head(body.item)
        return way

    def _pass(self, body: Body, way: Stream) -> bool:
        """Pass on what is gathered; tell whether that was all."""
        self._waiting_size -= len(body.octets)
        if body.is_quoted:
            pieces = [way.feed(bytes(body.octets)), *way.finish()]
            value = quote_value(b"".join(piece for piece in pieces if isinstance(piece, bytes)))
            self._write_head(body.item, value)
            self._ready += (piece for piece in pieces if not isinstance(piece, bytes))
        elif body.octets:
            self._ready.append(way.feed(bytes(body.octets)))
            body.octets.clear()
        if body.is_over and not body.is_quoted:
            self._ready += way.finish()
        self._ready += self._ways.events
        self._ways.events.clear()
        return body.is_over

    def _open(self) -> None:
        self._is_open = True
        self._ready.append(self._reader.head)

    def _write_head(self, item: Item, value: bytes | None = None) -> None:
        lead = item.lead
        if not self._is_open:
            lead = b"" if self._riders.dropped else lead
            self._open()
        self._ready.append(lead + item.name + item.gap + (item.value if value is None else value))

    def _become_odd(self, begun: bytes) -> None:
        """From here on the response passes as it comes."""
        if self._is_odd:
            return
        self._is_odd = True
        self._ready.append(MessagePassed(self._desk.where(self._ways.uid), "FETCH", 0, Why.ODD))
        self._leave_front()
        self._queue += self._riders.unfinished()
        for entry in self._queue:
            self._write_head(entry if isinstance(entry, Item) else entry.item)
            if isinstance(entry, Body) and not entry.is_quoted:
                self._ready.append(entry.take())
        self._queue.clear()
        self._body = None
        if begun and not self._is_open:
            self._open()
        if self._reader.is_over:
            self._ready.append(self._reader.tail)

    def _leave_front(self) -> None:
        """Let go what is held of the body whose head has left."""
        body = self._queue[0] if self._front is not None and self._queue else None
        if self._front is not None and isinstance(body, Body) and not body.is_quoted:
            self._ready += [self._front.release(), body.take()]
            self._queue.popleft()


def _read_body(item: Item, section: Section | None) -> Body | None:
    """Give the body that an item holds: any literal, or a quoted string that is octets of a mail."""
    if item.is_literal or item.is_open:
        return Body(item, section if item.is_literal else None, item.literal_size)
    octets = unquote_value(item.value) if section is not None else None
    if octets is None:
        return None
    return Body(item, section, len(octets), bytearray(octets), is_over=True, is_quoted=True)
