"""The items of one FETCH response that rode along in the client's question: told apart, gathered, judged."""

from collections.abc import Iterable, Iterator

from bothways.wire.imap_desk import Body, Desk
from bothways.wire.imap_fetch import Section
from bothways.wire.imap_ways import Ways


class Riders:
    """What of one response is ours. `dropped`: an item was left out of what the client gets."""

    def __init__(self, desk: Desk, ways: Ways) -> None:
        self._desk = desk
        self._ways = ways
        self._start: Body | None = None
        self._asides: list[Body] = []  # the header, lists of header fields
        self._header: bytearray | None = None  # the message's, as it comes, for the text beside it
        self.dropped = False

    def take_nil(self, section: Section | None) -> bool:
        """Take a value of NIL, if it is ours: that is said of all that is asked of a message that is gone."""
        if self.may_be_start(section):
            self._ways.is_ridden = self.dropped = True
            return True
        is_aside = self._is_aside(section)
        self.dropped = self.dropped or is_aside
        return is_aside

    def take(self, body: Body) -> bool:
        """Take a body that begins, if it is certain that it is ours."""
        if self._desk.ride.brings_header and _is_header(body) and body.size <= self._desk.limit:
            self._header = bytearray(body.octets)
        if self._is_start(body):
            self._start = body
        elif self._is_aside(body.section, body.size):
            self._asides.append(body)
        else:
            return False
        self.dropped = True
        return True

    def note_octets(self, body: Body, octets: bytes) -> None:
        """Hear octets of any body as they come."""
        if self._header is not None and _is_header(body):
            self._header += octets

    def note_over(self, body: Body) -> None:
        """Hear that a body is over."""
        if body is self._start:
            self.judge()
        elif self._header is not None and _is_header(body):
            self._ways.header = bytes(self._header)
        elif any(body is one for one in self._asides):
            self._ways.note_fields(body)

    def may_be_start(self, section: Section | None) -> bool:
        """Whether this may be our start of the message, which has not come yet."""
        if section is None or not section.is_start_window:
            return False
        return bool(self._desk.ride.size) and not self._start and not self._ways.is_ridden

    def tell_start_by_size(self, bodies: Iterable[Body]) -> Body | None:
        """Of windows with one name ours is the longest; of two as long either holds the same octets."""
        windows = [body for body in bodies if self.may_be_start(body.section)]
        if len(windows) <= len(self._desk.ride.others):
            return None
        self._start = max(windows, key=lambda body: body.size)
        self.dropped = True
        return self._start

    def judge(self, *, forced: bool = False) -> None:
        """Look at the start of the message, once it is known which message it is."""
        body = self._start
        if body is not None and not self._ways.is_ridden and (forced or self._ways.uid):
            self._ways.is_ridden = True
            self._ways.look_at(body.take(), whole=body.size < self._desk.ride.size, sections=True)

    def unfinished(self) -> Iterator[Body]:
        """Give those of which not all has come."""
        bodies = (self._start, *self._asides)
        return (body for body in bodies if body is not None and not body.is_over)

    def _is_start(self, body: Body) -> bool:
        ride = self._desk.ride
        longest = max(ride.size, ride.most)
        return self.may_be_start(body.section) and max(ride.others, default=-1) < body.size <= longest

    def _is_aside(self, section: Section | None, size: int = 0) -> bool:
        ride = self._desk.ride
        if section is None or section.windowed or size > self._desk.limit:
            return False
        is_list = section.name is None and section.fields in ride.fields
        is_header = section.is_header and ride.adds_header
        return (is_list or is_header) and all(section != one.section for one in self._asides)


def _is_header(body: Body) -> bool:
    return body.section is not None and body.section.is_header
