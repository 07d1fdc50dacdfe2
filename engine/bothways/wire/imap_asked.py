"""What a client's FETCH asks for, and how a question of ours rides along in it.

The text of a window or of a single part cannot be judged alone. So the start of the message is asked for
in the same command, before what the client wants; its octets never reach the client. That costs no round
trip, holds nobody up, and speaks of the very messages that the command speaks of, whatever another client
removes meanwhile.
"""

import re
from dataclasses import dataclass

from bothways.wire.imap_fetch import Section, read_section

_SET = re.compile(rb"([0-9:*,]+|\$) +")
_TOKEN = re.compile(
    rb" +|[()]|([A-Za-z][A-Za-z0-9._-]*+(?:\[(?:[^\]\"{\r\n]++|\"(?:[^\"\\\r\n]++|\\.)*+\")*+\])?)"
    rb"(?:<(\d{1,18})\.(\d{1,18})>)?|\d+"
)
_PEEK = re.compile(rb"^(BODY)\.PEEK(?=\[)", re.IGNORECASE)
MOST_NUMBERS = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """A section that the client asks for; `count` is that of a window, else 0."""

    section: Section
    count: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """One FETCH. `numbers` are its messages where it names few of them, one by one.

    [start, end) is where its items stand in the text that was read, parentheses included.
    """

    numbers: tuple[int, ...]
    wanted: tuple[Wanted, ...]
    has_uid: bool
    start: int
    end: int

    @property
    def has_header(self) -> bool:
        """Whether the message's header is asked for, whole."""
        return any(wanted.section.is_header for wanted in self.wanted)

    def fields(self, *, windowed: bool) -> frozenset[str]:
        """Give the lists of header fields that are asked for, in windows or not."""
        sections = (wanted.section for wanted in self.wanted)
        return frozenset(each.fields for each in sections if each.fields and each.windowed is windowed)

    @property
    def windows_at_start(self) -> tuple[int, ...]:
        """How many octets each window at the start of the message asks for."""
        return tuple(wanted.count for wanted in self.wanted if wanted.section.is_start_window)


def read_asked(text: bytes) -> Asked | None:
    """Read what follows FETCH in a command; None where that is not certain (it goes on after a literal)."""
    numbers = _SET.match(text)
    if numbers is None:
        return None
    position = start = numbers.end()
    depth = 0
    wanted: list[Wanted] = []
    has_uid = False
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            return None
        position = token.end()
        depth += (token[0] == b"(") - (token[0] == b")")
        if token[1]:
            has_uid = has_uid or token[1].upper() == b"UID"
            wanted += _read_wanted(token)
        if not depth:
            return Asked(_few(numbers[1]), tuple(wanted), has_uid, start, position)
    return None


def _read_wanted(token: re.Match[bytes]) -> list[Wanted]:
    window = b"<%s>" % token[2] if token[2] is not None else b""
    section = read_section(_PEEK.sub(rb"\1", token[1]) + window)
    return [] if section is None else [Wanted(section, int(token[3] or 0))]


def _few(numbers: bytes) -> tuple[int, ...]:
    """Give the numbers of a set that is a short list of them, () for any other."""
    words = numbers.split(b",")
    if len(words) > MOST_NUMBERS or not all(word.isdigit() and len(word) <= 10 for word in words):
        return ()
    return tuple(int(word) for word in words)


def add_items(text: bytes, asked: Asked, items: bytes) -> bytes:
    """Put items before those that the client asks for."""
    inside = text[asked.start : asked.end]
    if inside.startswith(b"("):
        inside = inside[1:-1]
    return b"%s(%s %s)%s" % (text[: asked.start], items, inside.strip(), text[asked.end :])
