"""Bodies asked for in every way, of a small server with real FETCH semantics: all agree on one cleaned mail.

What the client must get is what the same server would say of the mails once they are cleaned.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bothways.clean import Cleaned, clean_message
from bothways.message.mime import split
from bothways.wire.events import (
    Event,
    Extent,
    FetchedAgain,
    HeadFetched,
    MessageFetched,
    MessagePassed,
    Where,
    Why,
)
from bothways.wire.imap import ImapEngine
from bothways.wire.looks import Looks

MAILS = Path(__file__).parent.parent / "mail"
NAMES = ("alternative-with-attachment", "base64", "forwarded", "receipts", "quoted-printable", "unharmed")
RAW = [(MAILS / f"{name}.eml").read_bytes() for name in NAMES]
UIDS = (11, 12, 15, 20, 21, 30)
ITEM = re.compile(rb"([A-Za-z][A-Za-z0-9.]*(?:\[[^\]]*\])?)(?:<(\d+)\.(\d+)>)?")
READER = "reader@mail.test"


def clean(raw: bytes, where: Where, extent: Extent = Extent.WHOLE) -> Cleaned:
    return clean_message(raw, recipients=(READER,), keep_length=True)


KEPT = [clean(raw, Where()).raw for raw in RAW]


def sections_of(raw: bytes) -> dict[str, tuple[int, int]]:
    """Give every section by RFC 9051, 6.4.5.1, read off the parts."""
    message, found = split(raw), {"": (0, len(raw))}
    for part in message.parts:
        inner = part.section or "TEXT"
        number = part.section.removesuffix(".TEXT")
        found.setdefault(inner, (part.body_start, part.body_end))
        if part.section and not part.section.endswith("TEXT"):
            found.setdefault(f"{number}.MIME", (part.header_start, part.body_start))
        if part.content_type == "message/rfc822":
            child = message.parts[message.parts.index(part) + 1]
            found[f"{number}.HEADER"] = (child.header_start, child.body_start)
            found[f"{number}.TEXT"] = (child.body_start, child.body_end)
    root = message.parts[0]
    return {**found, "HEADER": (0, root.body_start), "TEXT": (root.body_start, len(raw))}


SPANS = [sections_of(raw) for raw in RAW]


@dataclass
class Server:
    """Answers FETCH; the switches are liberties that servers take."""

    mails: Sequence[bytes]
    spans: Sequence[dict[str, tuple[int, int]]] = tuple(SPANS)
    uids: Sequence[int] = UIDS
    uid_last: bool = False
    backwards: bool = False
    quotes: bool = False
    cramped: bool = False
    hates_windows: bool = False
    heard: list[bytes] = field(default_factory=list)

    def answer(self, octets: bytes) -> bytes:
        return b"".join(self._answer(line) for line in octets.splitlines(keepends=True))

    def _answer(self, line: bytes) -> bytes:
        self.heard.append(line)
        tag, _, rest = line.rstrip().partition(b" ")
        if rest.startswith(b"SELECT"):
            return b"* %d EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n%s OK done\r\n" % (len(self.mails), tag)
        by_uid = rest.upper().startswith(b"UID ")
        words = (rest[4:] if by_uid else rest).split(b" ", 2)
        if words[0].upper() != b"FETCH":
            return tag + b" OK done\r\n"
        if self.hates_windows and b"PEEK[]<0." in line:
            return tag + b" BAD no windows\r\n"
        items = list(ITEM.finditer(words[2]))
        told = b"".join(self._tell(index, items, by_uid) for index in self._numbers(words[1], by_uid))
        return told + tag + b" OK done\r\n"

    def _numbers(self, chosen: bytes, by_uid: bool) -> list[int]:
        known = list(self.uids) if by_uid else list(range(1, len(self.mails) + 1))
        ranges = []
        for word in chosen.split(b","):
            ends = [known[-1] if end == b"*" else int(end) for end in word.split(b":")]
            ranges.append((min(ends), max(ends)))
        return [i for i, one in enumerate(known) if any(low <= one <= high for low, high in ranges)]

    def _tell(self, index: int, items: Sequence[re.Match[bytes]], by_uid: bool) -> bytes:
        values = [self._value(index, item) for item in items if item[1].upper() != b"UID"]
        if self.backwards:
            values.reverse()
        if by_uid or any(item[1].upper() == b"UID" for item in items):
            values.insert(len(values) if self.uid_last else 0, b"UID %d" % self.uids[index])
        return b"* %d FETCH (%s)\r\n" % (index + 1, b" ".join(values))

    def _value(self, index: int, item: re.Match[bytes]) -> bytes:
        name = item[1].upper().replace(b".PEEK", b"")
        if name == b"FLAGS":
            return b"FLAGS (\\Seen)"
        if name == b"RFC822.SIZE":
            return b"RFC822.SIZE %d" % len(self.mails[index])
        octets = self._section(index, name)
        if item[2] is not None:
            start, count = int(item[2]), int(item[3])
            octets, name = octets[start : start + count], b"%s<%d>" % (name, start)
        if self.quotes and not re.search(rb"[\r\n\x80-\xff]", octets):
            return name + b' "' + re.sub(rb'([\\"])', rb"\\\1", octets) + b'"'
        return b"%s%s{%d}\r\n%s" % (name, b"" if self.cramped else b" ", len(octets), octets)

    def _section(self, index: int, name: bytes) -> bytes:
        raw, spans = self.mails[index], self.spans[index]
        whole = {b"RFC822": "", b"RFC822.TEXT": "TEXT", b"RFC822.HEADER": "HEADER"}
        section = whole.get(name, name[5:-1].decode())
        if section.startswith("HEADER.FIELDS"):
            wanted = section.partition("(")[2].rstrip(")").split()
            # A server chooses by the names that it has, whatever has become of them since.
            names = RAW[KEPT.index(raw)] if raw in KEPT else raw
            fields = re.finditer(
                rb"([^\r\n:]+):[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", names[: spans["HEADER"][1]]
            )
            chosen = [f.span() for f in fields if (f[1].decode().upper() in wanted) ^ (".NOT" in section)]
            return b"".join(raw[slice(*span)] for span in chosen) + b"\r\n"
        start, end = spans.get(section, (0, 0))
        return raw[start:end]


@dataclass
class Talk:
    """A client, an engine and a server, octets handed over `size` at a time."""

    server: Server
    engine: ImapEngine = field(default_factory=lambda: ImapEngine(clean))
    size: int = 1 << 20
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.say(b"l LOGIN " + READER.encode() + b" x\r\n")
        self.say(b"s SELECT INBOX\r\n")

    def say(self, octets: bytes) -> bytes:
        """Send octets of the client, give what comes back."""
        got, to_server = b"", b""
        for piece in self._cut(octets):
            step = self.engine.from_client(piece)
            to_server += step.to_server
            self.events += step.events
        while to_server:
            answer, to_server = self.server.answer(to_server), b""
            for piece in self._cut(answer):
                step = self.engine.from_server(piece)
                got, to_server = got + step.to_client, to_server + step.to_server
                self.events += step.events
        return got

    def _cut(self, octets: bytes) -> Iterator[bytes]:
        return (octets[start : start + self.size] for start in range(0, len(octets), self.size))

    def of(self, kind: type) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


ITEMS = (
    b"BODY.PEEK[TEXT]",
    b"RFC822.TEXT",
    b"BODY.PEEK[1]",
    b"BODY[1.1]",
    b"BODY.PEEK[2]",
    b"BODY.PEEK[1.2]<10.300>",
    b"BODY.PEEK[2.HEADER]",
    b"BODY.PEEK[1.HEADER]",
    b"BODY.PEEK[2.TEXT]<3.90>",
    b"BODY.PEEK[1.MIME]",
    b"BODY.PEEK[HEADER]<100.150>",
    b"BODY.PEEK[]<0.400>",
    b"BODY.PEEK[]<0.90000>",
    b"BODY.PEEK[]<333.400>",
    b"(FLAGS BODY.PEEK[]<0.10> BODY.PEEK[]<0.600> BODY.PEEK[1] BODY.PEEK[]<20.40>)",
    b"(UID BODY.PEEK[TEXT]<50.500> BODY.PEEK[HEADER] RFC822.SIZE)",
    b"(BODY.PEEK[] BODY.PEEK[1])",
    b"(BODY.PEEK[1]<0.70> RFC822)",
    b"RFC822.HEADER",
)
LIBERTIES = (
    {},
    {"uid_last": True},
    {"backwards": True, "uid_last": True},
    {"quotes": True},
    {"cramped": True},
)


@pytest.mark.parametrize("liberty", LIBERTIES, ids=str)
@pytest.mark.parametrize("by_uid", [True, False])
def test_every_way_to_ask_gives_the_cleaned_mail(liberty: dict[str, bool], by_uid: bool) -> None:
    for item in ITEMS:
        if "backwards" in liberty and item.count(b"[]<0.") > 1:
            continue  # of two windows with one name nobody could say which is which
        talk, after = Talk(Server(RAW, **liberty)), Server(KEPT, **liberty)
        command = b"a UID FETCH 1:* " + item + b"\r\n" if by_uid else b"a FETCH 1:* " + item + b"\r\n"
        assert talk.say(command) == after.answer(command), item
        assert talk.of(MessagePassed) == [], item


@pytest.mark.parametrize("size", [1, 2, 5, 33])
@pytest.mark.parametrize("limit", [300, 2 << 20])
def test_how_the_octets_are_cut_changes_nothing(size: int, limit: int) -> None:
    for item in ITEMS:
        if limit == 300:
            one, other = (Talk(Server(RAW), ImapEngine(clean, limit=limit), cut) for cut in (size, 1 << 20))
            command = b"a FETCH 1:6 " + item + b"\r\n"
            assert one.say(command) == other.say(command), item
            assert one.events == other.events, item
            continue
        command = b"a FETCH 1:6 " + item + b"\r\n"
        assert Talk(Server(RAW), size=size).say(command) == Server(KEPT).answer(command), item


@pytest.mark.parametrize("seed", range(8))
def test_random_questions_in_a_row_agree_on_one_mail(seed: int) -> None:
    chance = random.Random(seed)
    liberty = chance.choice([liberty for liberty in LIBERTIES if "backwards" not in liberty])
    after, talk = Server(KEPT, **liberty), Talk(Server(RAW, **liberty), ImapEngine(clean, looks=Looks(9_000)))
    for turn in range(60):
        command = b"t%d %s" % (turn, random_fetch(chance))
        assert talk.say(command) == after.answer(command), command
    assert talk.of(MessagePassed) == []


@pytest.mark.parametrize("limit", [600, 700, 900, 1100, 1500])
def test_whatever_is_cut_off_all_answers_agree_on_one_mail(limit: int) -> None:
    chance, talk = random.Random(limit), Talk(Server(RAW), ImapEngine(clean, limit=limit))
    told = [(command, talk.say(command)) for command in (b"t " + random_fetch(chance) for _ in range(60))]
    finals = []
    for uid, raw in zip(UIDS, RAW, strict=True):
        answer = talk.say(b"t UID FETCH %d BODY.PEEK[]\r\n" % uid)
        start = answer.index(b"}\r\n") + 3
        finals.append(answer[start : start + len(raw)])
    assert len(set(finals) & set(RAW)) < len(RAW)
    for command, answer in told:
        if b"FIELDS" not in command:
            assert answer == Server(finals).answer(command), command
    assert [e for e in talk.events if isinstance(e, MessagePassed) and e.why is Why.MISMATCH] == []


def random_fetch(chance: random.Random) -> bytes:
    fields = "(DISPOSITION-NOTIFICATION-TO RETURN-RECEIPT-TO SUBJECT)"
    sections = [
        *SPANS[0],
        *SPANS[2],
        *SPANS[3],
        f"HEADER.FIELDS {fields}",
        f"HEADER.FIELDS.NOT {fields[:4]}X)",
    ]
    items = []
    for _ in range(chance.randint(1, 4)):
        item = b"BODY%s[%s]" % (chance.choice((b"", b".PEEK")), chance.choice(sections).encode())
        if chance.random() < 0.5:
            item += b"<%d.%d>" % (chance.choice((0, 0, chance.randint(0, 1500))), chance.randint(1, 900))
        items.append(item)
    items += chance.sample(
        [b"UID", b"FLAGS", b"RFC822.SIZE", b"RFC822", b"RFC822.TEXT"], chance.randint(0, 2)
    )
    chance.shuffle(items)
    if chance.random() < 0.5:
        return b"UID FETCH %s (%s)\r\n" % (chance.choice((b"11", b"15,20", b"1:*", b"30")), b" ".join(items))
    return b"FETCH %s (%s)\r\n" % (chance.choice((b"1", b"3:4", b"2,6", b"*", b"4")), b" ".join(items))


def windows(talk: Talk, count: int) -> bytes:
    """Read the first mail in windows, as Thunderbird does."""
    got, size = b"", len(RAW[0])
    for start in range(0, size, count):
        answer = talk.say(b"w UID FETCH 11 (BODY.PEEK[]<%d.%d>)\r\n" % (start, count))
        (length,) = re.findall(rb"\{(\d+)\}\r\n", answer)[:1]
        at = answer.index(b"}\r\n") + 3
        got += answer[at : at + int(length)]
    return got


@pytest.mark.parametrize("count", [1, 7, 100, 1000])
def test_windows_put_together_are_the_cleaned_mail(count: int) -> None:
    assert windows(Talk(Server(RAW)), count) == KEPT[0]


def test_windows_after_the_whole_and_the_whole_after_windows() -> None:
    for first in (b"BODY.PEEK[]", b"BODY.PEEK[]<9.9>"):
        talk = Talk(Server(RAW))
        talk.say(b"a UID FETCH 11 " + first + b"\r\n")
        assert windows(talk, 200) == KEPT[0]
        assert KEPT[0] in talk.say(b"b UID FETCH 11 BODY.PEEK[]\r\n")
        (event,) = talk.of(MessageFetched)
        assert isinstance(event, MessageFetched)
        assert event.extent is Extent.WHOLE
        assert len(talk.of(FetchedAgain)) == (2 if first == b"BODY.PEEK[]" else 1) - (first == b"BODY.PEEK[]")


def test_what_rides_along_is_small_and_rare() -> None:
    talk = Talk(Server(RAW))
    talk.say(b"a UID FETCH 11 (RFC822.SIZE)\r\n")
    talk.say(b"b UID FETCH 11 (BODY.PEEK[]<0.90000>)\r\n")
    assert windows(talk, 300) == KEPT[0]
    assert all(b"PEEK[]<0.1048576>" not in line for line in talk.server.heard)
    talk.say(b"c UID FETCH 12 (BODY[1])\r\n")
    talk.say(b"d UID FETCH 12 (BODY[1])\r\n")
    assert talk.server.heard[-2:] == [
        b"c UID FETCH 12 (BODY.PEEK[]<0.1048576> BODY[1])\r\n",
        b"d UID FETCH 12 (BODY[1])\r\n",
    ]


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_the_text_beside_its_header_is_not_fetched_twice(size: int) -> None:
    talk = Talk(Server(RAW), size=size)
    alone, beside = (
        b"a UID FETCH 11:12 (BODY.PEEK[TEXT])\r\n",
        b"b UID FETCH 15,20 (RFC822.HEADER RFC822.TEXT)\r\n",
    )
    assert talk.say(alone) == Server(KEPT).answer(alone)
    assert talk.server.heard[-1] == b"a UID FETCH 11:12 (BODY.PEEK[HEADER] BODY.PEEK[TEXT])\r\n"
    assert talk.say(beside) == Server(KEPT).answer(beside)
    assert talk.server.heard[-1] == beside
    assert [e.extent for e in talk.events if isinstance(e, MessageFetched)] == [Extent.WHOLE] * 4
    assert windows(talk, 100) == KEPT[0]


def test_the_text_beside_its_header_is_cleaned_when_the_whole_was_there_before() -> None:
    talk = Talk(Server(RAW))
    talk.say(b"a UID FETCH 11 BODY.PEEK[]\r\n")
    for items in (b"(RFC822.HEADER RFC822.TEXT)", b"BODY[TEXT]", b"(BODY[TEXT] BODY[HEADER])"):
        command = b"b UID FETCH 11 " + items + b"\r\n"
        assert talk.say(command) == Server(KEPT).answer(command)
    assert talk.of(MessagePassed) == []


def test_a_header_of_any_length_beside_its_text() -> None:
    long = b"".join(b"X-%d: y\r\n" % number for number in range(40_000))
    mail = long + RAW[0]
    talk = Talk(Server([mail], [sections_of(mail)], [1]), size=65536)
    got = talk.say(b"a UID FETCH 1 (BODY.PEEK[HEADER] BODY.PEEK[TEXT])\r\n")
    assert KEPT[0][SPANS[0]["TEXT"][0] :] in got


@pytest.mark.parametrize("others", [b"FLAGS", b"RFC822.SIZE", b"BODY.PEEK[]", b"BODY.PEEK[HEADER]"])
def test_a_question_that_needs_no_look_goes_as_it_is(others: bytes) -> None:
    talk = Talk(Server(RAW))
    talk.say(b"a UID FETCH 11 " + others + b"\r\n")
    assert talk.server.heard[-1] == b"a UID FETCH 11 " + others + b"\r\n"


def test_a_server_that_dislikes_our_item_is_asked_the_client_s_own_words() -> None:
    talk = Talk(Server(RAW, hates_windows=True))
    command = b"a UID FETCH 11 (BODY.PEEK[1.2])\r\n"
    assert talk.say(command) == Server(RAW).answer(command)
    assert [e.why for e in talk.events if isinstance(e, MessagePassed)] == [Why.PART]
    again = b"b UID FETCH 12 (BODY.PEEK[1])\r\n"
    assert talk.say(again) == Server(RAW).answer(again)
    assert talk.server.heard.count(again) == 1


def test_pipelined_commands_keep_their_order() -> None:
    commands = b"".join(
        b"p%d %s\r\n" % pair
        for pair in enumerate(
            (
                b"UID FETCH 11 (BODY.PEEK[]<0.50>)",
                b"FETCH 1 BODY.PEEK[]<0.30>",
                b"NOOP",
                b"UID FETCH 12:15 BODY.PEEK[1]",
                b"FETCH 2 (BODY.PEEK[]<0.5000>)",
                b"FETCH 4 (BODY.PEEK[TEXT] FLAGS)",
            )
        )
    )
    assert Talk(Server(RAW)).say(commands) == Server(KEPT).answer(commands)


def test_commands_at_once_may_bring_starts_of_different_lengths() -> None:
    mails = [RAW[0], RAW[1] + b"An epilogue.\r\n" * 600, RAW[2]]
    talk = Talk(Server(mails, [sections_of(raw) for raw in mails], UIDS[:3]))
    talk.say(b"s UID FETCH 11 (RFC822.SIZE)\r\n")
    talk.say(b"w UID FETCH 12 BODY.PEEK[]\r\n")
    got = talk.say(b"a UID FETCH 12:15 BODY.PEEK[1]<0.9>\r\nb UID FETCH 11 BODY.PEEK[1]<0.9>\r\n")
    assert all(b"BODY.PEEK[]<0." in line for line in talk.server.heard[-2:])
    assert b"BODY[]" not in got


def test_a_fetch_waits_for_the_mailbox_that_is_being_opened() -> None:
    engine = ImapEngine(clean)
    step = engine.from_client(b"l LOGIN a b\r\ns SELECT Drafts\r\na FETCH 1 BODY[TEXT]\r\nb NOOP\r\n")
    assert step.to_server == b"l LOGIN a b\r\ns SELECT Drafts\r\n"
    engine.from_server(b"l OK x\r\n")
    assert engine.from_server(b"s OK x\r\n").to_server == b"a FETCH 1 BODY[TEXT]\r\nb NOOP\r\n"


def test_another_client_s_expunge_does_not_mix_up_mails() -> None:
    talk = Talk(Server(RAW))
    talk.say(b"a FETCH 1:* (UID RFC822.SIZE)\r\n")
    talk.say(b"b FETCH 2 BODY.PEEK[1]\r\n")
    talk.engine.from_server(b"* 1 EXPUNGE\r\n")
    talk.server = Server(RAW[1:], SPANS[1:], UIDS[1:])
    after = Server(KEPT[1:], SPANS[1:], UIDS[1:])
    for command in (
        b"c FETCH 1 BODY.PEEK[1]\r\n",
        b"d FETCH 2 BODY.PEEK[2]<5.500>\r\n",
        b"e FETCH 3 BODY[1]\r\n",
    ):
        assert talk.say(command) == after.answer(command)
    assert talk.server.heard[0] == b"c FETCH 1 BODY.PEEK[1]\r\n"


def test_a_look_that_there_is_no_memory_for_passes_and_is_reported() -> None:
    talk = Talk(Server(RAW), ImapEngine(clean, looks=Looks(450)))
    assert talk.say(b"a UID FETCH 11 BODY.PEEK[]\r\n") == Server(RAW).answer(
        b"a UID FETCH 11 BODY.PEEK[]\r\n"
    )
    (passed,) = talk.of(MessagePassed)
    assert isinstance(passed, MessagePassed)
    assert passed.why is Why.LIMIT
    assert talk.of(MessageFetched) == []


def test_header_fields_lose_the_names_that_ask_for_receipts() -> None:
    talk = Talk(Server(RAW))
    fields = b"BODY.PEEK[HEADER.FIELDS (SUBJECT DISPOSITION-NOTIFICATION-TO RETURN-RECEIPT-TO)]"
    got = talk.say(b"a UID FETCH 20 (" + fields + b")\r\n")
    direct = Server(RAW).answer(b"a UID FETCH 20 (" + fields + b")\r\n")
    assert len(got) == len(direct)
    assert b"Disposition-Notification-To" in direct
    assert b"Subject: Please confirm" in got
    assert not re.search(rb"^(Disposition|Return)-", got, re.MULTILINE)
    (event,) = talk.of(HeadFetched)
    assert isinstance(event, HeadFetched)
    assert len(event.cleaned.edits) == 2


def test_what_is_held_of_a_mail_is_never_more_than_the_limit() -> None:
    asked: list[int] = []

    def measure(raw: bytes, where: Where, extent: Extent) -> Cleaned:
        asked.append(len(raw))
        return Cleaned(raw)

    big = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\nContent-Type: a/b\r\n\r\n"
    )
    big += b"x" * 5_000_000
    talk = Talk(Server([big], [sections_of(big)], [1]), ImapEngine(measure), 65536)
    assert talk.say(b"a FETCH 1 (BODY[])\r\n").count(b"x" * 5_000_000) == 1
    assert asked == [big.index(b"xxx")]
    assert talk.of(MessagePassed) == []
