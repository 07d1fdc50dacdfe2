"""Follows one FETCH response through its text pieces: which item is the next literal the value of?"""

import re

from bothways.wire.events import OddityError

_TOKEN = re.compile(rb"\"(?:[^\"\\\r\n]|\\.)*\"|[()\[\]]|[ \r\n]+|[^\s()\[\]\"]+")
_NUMBERED = re.compile(rb"\* \d+ FETCH (?=\()", re.IGNORECASE)
_BODY_ITEM = re.compile(r"BODY\[(?:(?:\d+\.)*(?:TEXT|\d+))?\]")


class FetchReader:
    """`feed` it a response's text pieces in order and call `literal_ended` between them.

    `uid` is known once the response told it; `item` is the upper-case name of the item whose value is next.
    It reads "msg-att" (RFC 9051, section 9): pairs of a name and a value inside one pair of parentheses.
    """

    def __init__(self) -> None:
        self.uid: int | None = None
        self._name = bytearray()
        self._depth = 0
        self._in_section = False
        self._in_value = False

    @property
    def item(self) -> str | None:
        """The item that a literal would now be the value of; None deeper inside."""
        if self._depth != 1 or not self._in_value:
            return None
        return self._name.decode("ascii", "replace").upper()

    def feed(self, text: bytes) -> None:
        """Read one text piece, without the literal that it may announce. Raises OddityError on nonsense."""
        position = self._after_number(text)
        while position < len(text):
            token = _TOKEN.match(text, position)
            if token is None:
                raise OddityError("fetch_syntax")
            self._read(token[0])
            position = token.end()

    def _after_number(self, text: bytes) -> int:
        if self._depth:
            return 0
        start = _NUMBERED.match(text)
        if start is None:
            raise OddityError("fetch_syntax")
        return start.end()

    def literal_ended(self) -> None:
        """Tell that the announced literal is over."""
        self._end_value()

    def _read(self, token: bytes) -> None:
        if self._in_section:
            self._name += token
            self._in_section = token != b"]"
        elif token == b"(":
            self._depth += 1
        elif token == b")":
            self._depth -= 1
            self._end_value()
        elif self._depth == 1:
            self._read_item(token)

    def _read_item(self, token: bytes) -> None:
        if token.isspace():
            self._in_value = self._in_value or bool(self._name)
        elif not self._in_value:
            self._name += token
            self._in_section = token == b"["
        else:
            if self._name.upper() == b"UID" and token.isdigit():
                self.uid = int(token)
            self._end_value()

    def _end_value(self) -> None:
        if self._depth <= 1 and not self._in_section:
            self._name.clear()
            self._in_value = False


def is_whole_message(item: str) -> bool:
    """Whether the item's value is the message from its first octet to its last."""
    return item in {"BODY[]", "RFC822"}


def is_piece_of_body(item: str) -> bool:
    """Whether the item's value holds text of the body: a window, a part, the text without its header."""
    section = item.partition("<")[0]
    return item == "RFC822.TEXT" or section.startswith("BINARY[") or _BODY_ITEM.fullmatch(section) is not None
