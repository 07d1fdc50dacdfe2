"""The same FETCHes at a server itself and through Bothways: is every answer a cut of one cleaned mail?"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from testbed.fetches import Fetch
from testbed.imap_wire import Kind, Response, Value, Wire
from testbed.sections import Span, find_fields, find_sections
from testbed.varied import RECEIPTS

_BODY = re.compile(r"BODY\[([^\]]*)\](?:<(\d+)>)?")
_FIELDS = re.compile(r"HEADER\.FIELDS(\.NOT)? \(([^)]*)\)")
_FIRST_PART = re.compile(r"\.1(?=(\.[A-Z]+)?\Z)")
_OTHER_NAMES = {"RFC822": "BODY[]", "RFC822.HEADER": "BODY[HEADER]", "RFC822.TEXT": "BODY[TEXT]"}
_COMES_UNASKED = {"FLAGS", "UID", "MODSEQ"}

type Item = tuple[str, Value]
type Told = dict[int, list[Item]]
"""What was told of each message, by UID."""


class Session:
    """One way to an open mailbox: as this session was told, its messages in order and how many are gone."""

    def __init__(self, wire: Wire, arrived: Sequence[int]) -> None:
        """`arrived` are the UIDs of all mails that ever came, in order; others may lengthen it."""
        self._wire = wire
        self._arrived = arrived
        self.uids: list[int] = []
        self.gone = 0
        self._heard = 0
        for response in wire.ask("SELECT INBOX"):
            self._hear(response)

    def numbers(self) -> dict[int, int]:
        """Give the message numbers by UID."""
        return {uid: number for number, uid in enumerate(self.uids, 1)}

    def send(self, fetches: Iterable[Fetch]) -> list[bytes]:
        """Send commands in one piece, each with the numbers of this moment; give their tags."""
        numbers = self.numbers()
        return self._wire.send(*(fetch.command(numbers) for fetch in fetches))

    def answers(self, tags: Iterable[bytes]) -> tuple[Told, list[bytes]]:
        """Read until these commands are over, in any order: what was told by UID, and their last lines."""
        told: Told = defaultdict(list)
        left, ends = set(tags), []
        while left:
            response = self._wire.read()
            number = response.numbered(b"FETCH")
            if number is not None:
                told[self.uids[number - 1]] += [
                    item for item in response.items().items() if item[0] not in _COMES_UNASKED
                ]
            elif (tag := response.line.partition(b" ")[0]) in left:
                left.remove(tag)
                ends.append(response.line)
            else:
                self._hear(response)
        return told, ends

    def settle(self) -> None:
        """Hear what has changed."""
        for response in self._wire.ask("NOOP"):
            self._hear(response)

    def _hear(self, response: Response) -> None:
        gone, count = response.numbered(b"EXPUNGE"), response.numbered(b"EXISTS")
        if gone is not None:
            del self.uids[gone - 1]
            self.gone += 1
        if count is not None:
            new = self._arrived[self._heard :][: count - len(self.uids)]
            self.uids += new
            self._heard += len(new)


@dataclass(slots=True)
class Comparison:
    """Collects what contradicts; `originals` are the mails as they were stored, by UID."""

    originals: dict[int, bytes] = field(default_factory=dict)
    sections: dict[int, Mapping[str, Span]] = field(default_factory=dict)
    mismatches: list[str] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    compared: int = 0
    _cuts: dict[int, dict[tuple[str, int, int], str]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, uid: int, raw: bytes) -> None:
        """Take note of a stored mail."""
        self.originals[uid] = raw
        self.sections[uid] = find_sections(raw)

    def compare(self, what: str, direct: Told, ours: Told, *, changing: bool) -> None:
        """Hold the answers to the same commands against each other; while mails go, only each by itself.

        Of a mail that is gone a server says nothing, nothing of use or, for a while, all.
        """
        for uid in (direct.keys() | ours.keys()) - self.gone:
            before, after = Counter(map(_described, direct[uid])), Counter(map(_described, ours[uid]))
            after.pop("BODY[]<0> atom b'NIL'", 0)
            if before != after and not changing:
                differ = f"{list(before - after)} direct, {list(after - before)} through"
                self.mismatches.append(f"{what}, uid {uid}: {differ}")
            for item in direct[uid]:
                self._check_oracle(f"{what}, uid {uid}", uid, item)
            for item in ours[uid]:
                self._keep(f"{what}, uid {uid}", uid, item)

    def _check_oracle(self, what: str, uid: int, item: Item) -> None:
        if body := _body_of(item):
            section, origin, octets = body
            if self._cut(uid, self.originals[uid], section)[origin : origin + len(octets)] != octets:
                self.mismatches.append(f"{what}: these tests look for {section}<{origin}> at the wrong place")

    def _keep(self, what: str, uid: int, item: Item) -> None:
        if body := _body_of(item):
            section, origin, octets = body
            self.compared += 1
            digest = hashlib.sha256(octets).hexdigest()
            if self._cuts[uid].setdefault((section, origin, len(octets)), digest) != digest:
                self.mismatches.append(f"{what}: {section}<{origin}> was told otherwise before")

    def _cut(self, uid: int, raw: bytes, section: str) -> bytes:
        """Give the value of a section, of the cleaned mail too: it stands where it stands in the original."""
        if fields := _FIELDS.fullmatch(section):
            names = set(fields[2].upper().replace('"', "").split())
            spans = find_fields(self.originals[uid], names, others=bool(fields[1]))
            return b"".join(raw[start:end] for start, end in spans) + b"\r\n"
        start, end = self.sections[uid].get(section) or self._absent(uid, section)
        return raw[start:end]

    def _absent(self, uid: int, section: str) -> Span:
        """Dovecot takes a leaf for its own first part; for what else is not there it gives an empty value."""
        while (shorter := _FIRST_PART.sub("", section, count=1)) != section:
            section = shorter
            if section in self.sections[uid]:
                return self.sections[uid][section]
        return 0, 0

    def settle(self, uid: int, cleaned: bytes) -> None:
        """Hold everything that was told of a mail against the one cleaned mail; from now on it may go."""
        self.gone.add(uid)
        for (section, origin, length), digest in self._cuts.pop(uid, {}).items():
            cut = self._cut(uid, cleaned, section)[origin : origin + length]
            if hashlib.sha256(cut).hexdigest() != digest:
                self.mismatches.append(
                    f"uid {uid}: {section!r}<{origin}.{length}> is no cut of the cleaned mail"
                )
        self._compare_heads(uid, cleaned)

    def _compare_heads(self, uid: int, cleaned: bytes) -> None:
        """Of the header nothing but the name of a field that asks for a receipt may differ, and it must."""
        start, end = self.sections[uid]["HEADER"]
        before, after = self.originals[uid][start:end].split(b"\r\n"), cleaned[start:end].split(b"\r\n")
        for old, new in zip(before, after, strict=True):
            if new != _without_receipt(old):
                self.mismatches.append(f"uid {uid}: header line {old!r} became {new!r}")


def _without_receipt(line: bytes) -> bytes:
    name, colon, value = line.partition(b":")
    asks = name.decode().title() in RECEIPTS
    return b"X-" + b"x" * (len(name) - 2) + colon + value if asks else line


def _body_of(item: Item) -> tuple[str, int, bytes] | None:
    """Give section, origin and octets of an item that holds some of the mail."""
    name, value = item
    found = _BODY.fullmatch(_OTHER_NAMES.get(name, name))
    if found is None or value.kind is Kind.ATOM:
        return None
    return found[1], int(found[2] or 0), value.octets


def _described(item: Item) -> str:
    """Say all that must not differ: of what is in the mail the length, of the rest everything."""
    name, value = item
    return f"{name} {value.kind} {len(value.octets) if _body_of(item) else value.octets!r}"
