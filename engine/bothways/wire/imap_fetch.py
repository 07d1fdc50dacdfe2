"""One FETCH response, item by item (RFC 9051, 7.5.2 and "msg-att" in section 9)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_START = re.compile(rb"\* (\d{1,10}) FETCH \(", re.IGNORECASE)
_NAME = re.compile(
    rb"( *)([A-Za-z][A-Za-z0-9._-]*+"
    rb"(?:\[(?:[^\]\"{\r\n]++|\"(?:[^\"\\\r\n]++|\\.)*+\")*+\](?:<\d{1,18}>)?)?)( *)"
)
_QUOTED = re.compile(rb"\"((?:[^\"\\\r\n]++|\\.)*+)\"")
_ATOM = re.compile(rb"[^\s()\"{]++")
_LITERAL = re.compile(rb"~?\{(\d{1,18})\}\r?\n\Z")
_IN_LIST = re.compile(rb"\"(?:[^\"\\\r\n]++|\\.)*+\"|[()]|[^()\"]++")
_END = re.compile(rb" *\)\r?\n\Z")
_BODY = re.compile(r"BODY\[((?:(?:\d+\.)*(?:\d+|HEADER|TEXT|MIME))?)\](?:<(\d+)>)?")
_FIELDS = re.compile(r"BODY\[(?:\d+\.)*HEADER\.FIELDS.*\](?:<(\d+)>)?", re.DOTALL)
_RFC822 = {"RFC822": "", "RFC822.TEXT": "TEXT", "RFC822.HEADER": "HEADER"}


class FetchSyntaxError(Exception):
    """A response that is not what the grammar says; where it ends is still certain."""


@dataclass(slots=True)
class Item:
    """One item with its value; `lead` and `gap` are the spaces before its name and its value.

    `value` is the text of the value, of a literal its announcement. `is_open`: the value goes on after a
    literal inside it that its text announces.
    """

    lead: bytes
    name: bytes
    gap: bytes
    value: bytes
    is_literal: bool = False
    is_open: bool = False

    @property
    def literal_size(self) -> int:
        """How many octets the literal has."""
        announced = _LITERAL.search(self.value, max(0, len(self.value) - 25))
        return int(announced[1]) if announced else 0


class FetchReader:
    """`feed` it a response's text pieces in order, each with the announcement of the literal at its end.

    `number` is the message's; `is_over` once the response has come to its end.
    """

    def __init__(self) -> None:
        self.number = 0
        self.head = b""
        self.tail = b""
        self.is_over = False
        self._depth = 0

    def feed(self, text: bytes) -> Iterator[Item]:
        """Give the items that this piece holds or begins. Raises FetchSyntaxError where it is none."""
        position = 0
        if not self.head:
            position = self._begin(text)
        elif self._depth:
            end = self._list_end(text, 0)
            yield Item(b"", b"", b"", text[:end], is_open=bool(self._depth))
            position = end
        while position < len(text):
            if _END.match(text, position):
                self.tail = text[position:]
                self.is_over = True
                return
            item, position = self._item(text, position)
            yield item

    def _begin(self, text: bytes) -> int:
        start = _START.match(text)
        if start is None:
            raise FetchSyntaxError
        self.number = int(start[1])
        self.head = start[0]
        return start.end()

    def _item(self, text: bytes, position: int) -> tuple[Item, int]:
        name = _NAME.match(text, position)
        if name is None:
            raise FetchSyntaxError
        start = name.end()
        if _LITERAL.match(text, start):
            return Item(name[1], name[2], name[3], text[start:], is_literal=True), len(text)
        if not name[3]:
            raise FetchSyntaxError
        if text[start : start + 1] == b"(":
            end = self._list_end(text, start)
        else:
            value = _QUOTED.match(text, start) or _ATOM.match(text, start)
            if value is None:
                raise FetchSyntaxError
            end = value.end()
        return Item(name[1], name[2], name[3], text[start:end], is_open=bool(self._depth)), end

    def _list_end(self, text: bytes, position: int) -> int:
        for token in _IN_LIST.finditer(text, position):
            if token.start() != position:
                break
            position = token.end()
            self._depth += (token[0] == b"(") - (token[0] == b")")
            if not self._depth:
                return position
        if position != len(text) or not _LITERAL.search(text, max(0, position - 25)):
            raise FetchSyntaxError
        return position


@dataclass(frozen=True, slots=True)
class Section:
    """What a body item holds: the section's name in upper case, and the octet of it that comes first.

    `name` is None for chosen header fields, whose octets stand nowhere in the message in one piece; `fields`
    is then the item without its window.
    """

    name: str | None
    origin: int = 0
    windowed: bool = False
    fields: str = ""

    @property
    def is_start_window(self) -> bool:
        """Whether it is a window at the very start of the message."""
        return self.name == "" and self.windowed and not self.origin

    @property
    def is_header(self) -> bool:
        """Whether it is the message's header, whole."""
        return self.name == "HEADER" and not self.windowed

    @property
    def is_text(self) -> bool:
        """Whether it is all that follows the message's header."""
        return self.name == "TEXT" and not self.windowed

    @property
    def is_fields(self) -> bool:
        """Whether it holds whole header fields, which can be judged by their names."""
        return self.name is None or self.is_header


def read_section(name: bytes) -> Section | None:
    """Say which section an item's value is, None where it is no octets of a message."""
    text = name.decode("latin-1").upper()
    if text in _RFC822:
        return Section(_RFC822[text])
    found = _BODY.fullmatch(text)
    if found:
        return Section(found[1], int(found[2] or 0), found[2] is not None)
    found = _FIELDS.fullmatch(text)
    if found is None:
        return None
    return Section(None, int(found[1] or 0), found[1] is not None, text.partition("]<")[0].rstrip("]") + "]")


def unquote_value(value: bytes) -> bytes | None:
    """Give the octets that a value's text stands for; None for NIL and what is no string."""
    quoted = _QUOTED.fullmatch(value)
    return re.sub(rb"\\(.)", rb"\1", quoted[1]) if quoted else None


def quote_value(octets: bytes) -> bytes:
    """Write octets as a quoted string (RFC 9051, 4.3)."""
    return b'"' + re.sub(rb"([\\\"])", rb"\\\1", octets) + b'"'
