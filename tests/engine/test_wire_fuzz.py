"""Octets that no client or server should send, through the engines: nothing raises, hangs or is lost.

The same examples in every run; with `--long` others are looked for, ten minutes in all.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from typing import Protocol

import hypothesis
import pytest
from bothways.message.edits import Edit
from bothways.wire.events import Extent, Step, Where
from bothways.wire.imap import ImapEngine
from bothways.wire.pop3 import Pop3Engine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

LONG_SECONDS = 100
SLOWEST_MILLISECONDS = 4_000
"""One example; what is quadratic or hangs takes longer."""

type Turns = Sequence[tuple[str, bytes]]

MAIL = b'Subject: hi\r\nReturn-Receipt-To: a@b\r\n\r\n<img src="http://t.test/open">\r\n.\r\n..x\r\n'
ODD = (b"\r\n", b"\n", b"\r", b"\0", b"\xff", b" ", b"(", b")", b"[", b"]", b"<0>", b"{", b'"', b"\\", b"*")
BODIES = [b"%s {%d}\r\n%s" % (name, len(MAIL), MAIL) for name in (b"BODY[]", b"BODY[]<0>", b"RFC822")]
IMAP_SERVER = (
    *ODD,
    *BODIES,
    *(
        b"BODY[1]<3> {5}\r\nabcde",
        b"BODY[] NIL",
        b'BODY[TEXT] "a\\"b"',
        b"BODY[1.MIME] {0}\r\n",
        b"BODY[]<0> ~{2}\r\n",
    ),
    *(b"* 1 FETCH (", b"* 2 FETCH (UID 5 ", b"UID 7", b"FLAGS (\\Seen)", b"RFC822.SIZE 99", b")\r\n"),
    *(b"BODY[HEADER.FIELDS (X)] {4}\r\n", b"{3}\r\n", b"{9999999}\r\n", b"BODYSTRUCTURE ", b"ENVELOPE ("),
    *(
        b"+ \r\n",
        b"a1 OK x\r\n",
        b"a2 NO x\r\n",
        b"a3 BAD\r\n",
        b"* BYE\r\n",
        b"* 1 EXPUNGE\r\n",
        b"* 3 EXISTS\r\n",
    ),
    *(b"* OK [UIDVALIDITY 7] x\r\n", b'* LIST (\\Drafts) "/" {6}\r\nDrafts\r\n', b"* SEARCH 1 2\r\n"),
)
IMAP_CLIENT = (
    *ODD,
    *(
        b"a1 LOGIN a b\r\n",
        b"a1 LOGIN {3}\r\n",
        b"a2 SELECT INBOX\r\n",
        b"a3 NOOP\r\n",
        b"a4 IDLE\r\n",
        b"DONE\r\n",
    ),
    *(
        b"a5 APPEND x {5}\r\n",
        b"a6 APPEND x {5+}\r\nabcde\r\n",
        b"a7 AUTHENTICATE PLAIN\r\n",
        b"AGEAYg==\r\n",
    ),
)
FETCHES = (
    *(
        b"a1 FETCH 1 BODY[]\r\n",
        b"a2 UID FETCH 5,7 (UID BODY.PEEK[1]<3.5>)\r\n",
        b"a3 FETCH 1:* (FLAGS RFC822)\r\n",
    ),
    *(
        b"a1 UID FETCH 5 BODY.PEEK[]<0.9>\r\n",
        b"a2 FETCH 1 BODY[TEXT]\r\n",
        b"a3 FETCH 1 {3}\r\n",
        b"a2 SELECT b\r\n",
    ),
    *(b"a3 UID FETCH 5 (RFC822.SIZE BODYSTRUCTURE)\r\n", b"a1 FETCH 2 (BODY[]<9.9> BODY[1.MIME]))\r\n"),
)
OPENED = [
    ("S", b"* OK hello\r\n"),
    ("C", b"l LOGIN a b\r\n"),
    ("S", b"l OK\r\n"),
    ("C", b"s SELECT INBOX\r\n"),
    ("S", b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\ns OK\r\n"),
]
ITEMS = (
    *BODIES,
    *(
        b"UID 5",
        b"UID 7",
        b"FLAGS (\\Seen)",
        b"RFC822.SIZE 83",
        b"RFC822.SIZE 9",
        b"BODY[]<0> NIL",
        b'BODY[TEXT] "a"',
    ),
    *(b"BODY[1]<3> {5}\r\n<img>", b"BODY[1] {2}\r\nxy", b"BODY[2.1.MIME] {0}\r\n", b'ENVELOPE ("{3}" NIL)'),
    *(b"BODY[HEADER] {28}\r\nReturn-Receipt-To: <a@b.c>\r\n", b'BODYSTRUCTURE ("text" "html" NIL)'),
)
OPENED_POP3 = [("S", b"+OK\r\n"), ("C", b"USER a\r\nPASS b\r\n"), ("S", b"+OK\r\n+OK\r\n")]
ANSWERS = (
    b"+OK\r\n" + MAIL.replace(b"\r\n.", b"\r\n..") + b".\r\n",
    b"+OK 9 octets\r\n.\r\n",
    b"-ERR\r\n",
    b"+OK\r\n",
)
POP3_SERVER = (
    *ODD,
    *(
        b"+OK\r\n",
        b"-ERR\r\n",
        b"+OK 99 octets\r\n",
        b".\r\n",
        b"\r\n.\r\n",
        b"+ \r\n",
        b"+OK ready <1.2@x>\r\n",
        b"..",
    ),
    *(MAIL.replace(b"\r\n.", b"\r\n.."), b"1 99\r\n", b"UIDL\r\n", b"TOP\r\n", b"\n.\n"),
)
POP3_CLIENT = (
    *ODD,
    *(
        b"USER a\r\n",
        b"PASS b\r\n",
        b"LIST\r\n",
        b"UIDL\r\n",
        b"STAT\r\n",
        b"QUIT\r\n",
        b"AUTH PLAIN\r\n",
        b"AGEAYg==\r\n",
    ),
)
ASKING = (
    b"RETR 1\r\n",
    b"RETR 2\r\n",
    b"TOP 1 0\r\n",
    b"TOP 2 99\r\n",
    b"retr 1\n",
    b"CAPA\r\n",
    b"STLS\r\n",
)


class Engine(Protocol):
    def from_client(self, data: bytes) -> Step: ...

    def from_server(self, data: bytes) -> Step: ...

    def close(self) -> Step: ...


@dataclass(frozen=True)
class Kept:
    raw: bytes
    edits: tuple[Edit, ...] = ()


def keep(raw: bytes, where: Where, extent: Extent = Extent.WHOLE, held: object = None) -> Kept:
    return Kept(raw)


def blank(raw: bytes, where: Where, extent: Extent = Extent.WHOLE, held: object = None) -> Kept:
    """Take out every image that is whole."""
    start = raw.find(b"<img")
    end = raw.find(b">", start) + 1
    if start < 0 or not end:
        return Kept(raw)
    gap = b" " * (end - start)
    return Kept(raw[:start] + gap + raw[end:], (Edit(start, raw[start:end], gap),))


def turns(client: Iterable[bytes], server: Iterable[bytes]) -> st.SearchStrategy[Turns]:
    """Give dialogues whose turns are put together of these pieces."""
    sides = (("C", tuple(client)), ("S", tuple(server)))
    said = [
        st.tuples(st.just(side), st.lists(st.sampled_from(pieces), min_size=1, max_size=9).map(b"".join))
        for side, pieces in sides
    ]
    return st.lists(st.one_of(said), max_size=14)


def likely_imap() -> st.SearchStrategy[Turns]:
    """Give dialogues of whole commands and responses about an open mailbox, in any order."""
    fetched = st.tuples(st.integers(1, 3), st.lists(st.sampled_from(ITEMS), min_size=1, max_size=4)).map(
        lambda told: b"* %d FETCH (%s)\r\n" % (told[0], b" ".join(told[1]))
    )
    others = st.sampled_from(
        (b"a1 OK\r\n", b"a2 OK\r\n", b"a3 NO\r\n", b"* 1 EXPUNGE\r\n", b"* 4 EXISTS\r\n")
    )
    commands = st.sampled_from([fetch for fetch in FETCHES if b"{" not in fetch])
    return _likely(OPENED, commands, st.one_of(fetched, fetched, others))


def likely_pop3() -> st.SearchStrategy[Turns]:
    """Give dialogues of whole commands and answers, in any order."""
    commands = st.sampled_from((*ASKING, b"LIST\r\n", b"NOOP\r\n"))
    return _likely(OPENED_POP3, commands, st.sampled_from(ANSWERS))


def _likely(
    opened: Turns, commands: st.SearchStrategy[bytes], answers: st.SearchStrategy[bytes]
) -> st.SearchStrategy[Turns]:
    said = st.one_of(st.tuples(st.just("C"), commands), st.tuples(st.just("S"), answers))
    return st.lists(said, max_size=14).map(lambda dialogue: [*opened, *dialogue])


def play(engine: Engine, dialogue: Turns, cuts: Iterable[int] = (1 << 20,)) -> tuple[bytes, bytes]:
    """Give what the client and the server got in the end, the turns being cut into pieces of these sizes."""
    client, server = bytearray(), bytearray()
    sizes = cycle(cuts)
    for side, octets in dialogue:
        rest = octets
        while rest:
            size = next(sizes)
            step = (engine.from_client if side == "C" else engine.from_server)(rest[:size])
            client += step.to_client
            server += step.to_server
            rest = rest[size:]
    step = engine.close()
    return bytes(client + step.to_client), bytes(server + step.to_server)


def fuzz(check: Callable[..., None], long: bool, *strategies: st.SearchStrategy[object]) -> None:
    """Run a property on a fixed set of examples, or on ever others until time is up."""
    until = time.monotonic() + LONG_SECONDS
    for number in count():
        examples = settings(
            max_examples=500,
            database=None,
            deadline=SLOWEST_MILLISECONDS,
            suppress_health_check=list(HealthCheck),
        )
        hypothesis.seed(number)(examples(given(*strategies)(check)))()
        if not long or time.monotonic() > until:
            return


ENGINES = {
    "imap": (ImapEngine, IMAP_CLIENT, FETCHES, IMAP_SERVER, likely_imap()),
    "pop3": (Pop3Engine, POP3_CLIENT, ASKING, POP3_SERVER, likely_pop3()),
}
every_engine = pytest.mark.parametrize("name", ENGINES)
CUTS = st.lists(st.integers(1, 9) | st.just(1 << 20), min_size=1, max_size=9)


@every_engine
@pytest.mark.timeout(1200)
def test_cuts_change_nothing(name: str, long: bool) -> None:
    engine, client, asking, server, likely = ENGINES[name]

    def check(dialogue: Turns, cuts: list[int]) -> None:
        whole = play(engine(blank, limit=60), dialogue)
        assert play(engine(blank, limit=60), dialogue, [1]) == whole
        assert play(engine(blank, limit=60), dialogue, cuts) == whole

    fuzz(check, long, turns(client + asking, server) | likely, CUTS)


@every_engine
@pytest.mark.timeout(1200)
def test_no_octet_is_lost_where_no_mail_was_asked_for(name: str, long: bool) -> None:
    engine, client, _, server, _ = ENGINES[name]

    def check(dialogue: Turns, cuts: list[int]) -> None:
        said = [b"".join(octets for side, octets in dialogue if side == one) for one in "SC"]
        assert list(play(engine(keep), dialogue, cuts)) == said

    fuzz(check, long, turns(client, server), CUTS)


@every_engine
@pytest.mark.timeout(1200)
def test_any_octets_at_all_pass(name: str, long: bool) -> None:
    engine = ENGINES[name][0]
    octets = st.lists(st.tuples(st.sampled_from("CS"), st.binary(min_size=1, max_size=300)), max_size=9)

    def check(dialogue: Turns, cuts: list[int]) -> None:
        said = [b"".join(octets for side, octets in dialogue if side == one) for one in "SC"]
        assert list(play(engine(keep), dialogue, cuts)) == said

    fuzz(check, long, octets, CUTS)
