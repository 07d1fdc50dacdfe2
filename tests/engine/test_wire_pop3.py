"""Dialogues through the POP3 engine, cut in every way: who gets which octets, and what is reported."""

import hashlib
import time
import tracemalloc
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle

import pytest
from bothways.message.edits import Edit
from bothways.wire.events import (
    Event,
    Extent,
    HeadFetched,
    LoggedIn,
    MessageFetched,
    MessagePassed,
    Refused,
    WentThrough,
    Where,
    Why,
)
from bothways.wire.pop3 import Pop3Engine
from hypothesis import given
from hypothesis import strategies as st

MAIL = b"Subject: hi\r\n\r\n.<img src=http://t.test/open>\r\n"
STUFFED = b"Subject: hi\r\n\r\n..<img src=http://t.test/open>\r\n"
CLEAN = b"Subject: hi\r\n\r\n..%s\r\n" % (b" " * len("<img src=http://t.test/open>"))
OPENED = (
    b"S: +OK ready <1.2@mail.test>\r\n",
    b"C: USER buyer@mail.test\r\n",
    b"S: +OK\r\n",
    b"C: PASS secret\r\n",
    b"S: +OK logged in\r\n",
)
CUTS = [1, 2, 3, 7, 64, 1 << 20]


@dataclass(frozen=True)
class Blanked:
    raw: bytes
    edits: tuple[Edit, ...] = ()


def clean(raw: bytes, where: Where, extent: Extent = Extent.WHOLE, held: object = None) -> Blanked:
    """Blank the image of a whole message; write a start in capitals and dash a head out."""
    if extent is not Extent.WHOLE:
        return Blanked(raw.upper() if extent is Extent.START else raw.replace(b"hi", b"--"))
    start = raw.find(b"<img")
    end = raw.find(b">", start) + 1
    return Blanked(raw if start < 0 or not end else raw[:start] + b" " * (end - start) + raw[end:])


@dataclass
class Heard:
    client: bytes
    server: bytes
    events: list[Event]

    def of(self, kind: type) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


def said(turns: Iterable[bytes], side: bytes) -> bytes:
    return b"".join(turn[3:] for turn in turns if turn.startswith(side))


def new_engine(limit: int = 1 << 20) -> Pop3Engine:
    return Pop3Engine(clean, limit=limit)


def play(turns: Iterable[bytes], cuts: Iterable[int] = (1 << 20,), engine: Pop3Engine | None = None) -> Heard:
    """Run turns that start with "C: " or "S: " through an engine, cut into pieces of these sizes."""
    engine = engine or new_engine()
    heard, sizes = Heard(b"", b"", []), cycle(cuts)
    for turn in turns:
        receive, rest = (engine.from_client if turn[:1] == b"C" else engine.from_server), turn[3:]
        while rest:
            size = next(sizes)
            step = receive(rest[:size])
            heard.client += step.to_client
            heard.server += step.to_server
            heard.events += step.events
            rest = rest[size:]
    return heard


DIALOGUE = [
    *OPENED,
    b"C: CAPA\r\nSTAT\r\nLIST\r\nUIDL\r\nLIST 1\r\n",
    b"S: +OK\r\nUIDL\r\nSTLS\r\nSASL PLAIN SCRAM-SHA-256-PLUS\r\nPIPELINING\r\n.\r\n",
    b"S: +OK 2 90\r\n+OK 2 messages:\r\n1 44\r\n2 44\r\n.\r\n+OK\r\n1 a\r\n2 b\r\n.\r\n+OK 1 44\r\n",
    b"C: RETR 1\r\nretr 2\r\nTOP 1 0\r\nTOP 2 1\r\nTOP 2 9\r\nDELE 1\r\nSTLS\r\nNOOP\r\n",
    b"S: +OK 44 octets\r\n" + STUFFED + b".\r\n+OK\r\n" + STUFFED + b".\r\n",
    b"S: +OK\r\nSubject: hi\r\n\r\n.\r\n+OK\r\n" + STUFFED + b".\r\n+OK\r\n" + STUFFED + b".\r\n",
    b"S: -ERR locked\r\n+OK\r\n",
    b"C: RETR 9\r\nQUIT\r\n",
    b"S: -ERR no such message\r\n+OK bye\r\n",
]


@pytest.mark.parametrize("size", CUTS)
def test_messages_are_cleaned_however_the_octets_arrive(size: int) -> None:
    heard = play(DIALOGUE, [size])
    sent = said(DIALOGUE, b"S").replace(b"STLS\r\n", b"").replace(b" SCRAM-SHA-256-PLUS", b"")
    sent = sent.replace(STUFFED, CLEAN, 2).replace(b"hi\r\n\r\n.\r\n", b"--\r\n\r\n.\r\n")
    sent = sent.replace(STUFFED, STUFFED.upper(), 1).replace(STUFFED, CLEAN)
    refusal = b"-ERR STLS is not available through this proxy\r\n"
    assert heard.client == sent.replace(b"locked\r\n", b"locked\r\n" + refusal)
    assert heard.server == said(DIALOGUE, b"C").replace(b"STLS\r\n", b"")
    assert heard.of(Refused) == [Refused("STLS")]
    assert [e.extent for e in heard.events if isinstance(e, MessageFetched)] == [
        "whole",
        "whole",
        "start",
        "whole",
    ]
    assert (len(heard.of(HeadFetched)), heard.of(WentThrough)) == (1, [])


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60))
def test_random_cuts_change_nothing(cuts: list[int]) -> None:
    heard, whole = play(DIALOGUE, cuts), play(DIALOGUE)
    assert (heard.client, heard.server) == (whole.client, whole.server)
    assert sorted(map(repr, heard.events)) == sorted(map(repr, whole.events))


def test_what_is_reported_counts_octets_without_the_dots_of_the_wire() -> None:
    heard = play([*OPENED, b"C: RETR 1\r\n", b"S: +OK\r\n" + STUFFED + b".\r\n"])
    assert heard.events[0] == LoggedIn("buyer@mail.test")
    (fetched,) = heard.of(MessageFetched)
    assert isinstance(fetched, MessageFetched)
    assert (fetched.where, fetched.size) == (Where("buyer@mail.test"), len(MAIL))
    assert fetched.original_sha256 != fetched.cleaned_sha256


@pytest.mark.parametrize(
    ("turns", "account"),
    [
        ([b"C: APOP buyer c4c9334bac560ecc979e58001b3e22fb\r\n", b"S: +OK\r\n"], "buyer"),
        ([b"C: AUTH PLAIN AGJ1eWVyAHBhc3M=\r\n", b"S: +OK\r\n"], "buyer"),
        ([b"C: AUTH PLAIN\r\n", b"S: + \r\n", b"C: AGJ1eWVyAHBhc3M=\r\n", b"S: +OK\r\n"], "buyer"),
        (
            [
                b"C: AUTH LOGIN\r\n",
                b"S: + VXNlcm5hbWU6\r\n",
                b"C: YnV5ZXI=\r\n",
                b"S: + UGFzc3dvcmQ6\r\n",
                b"C: cGFzcw==\r\n",
                b"S: +OK\r\n",
            ],
            "buyer",
        ),
        ([b"C: USER no\r\nPASS no\r\nUSER yes\r\nPASS yes\r\n", b"S: +OK\r\n-ERR\r\n+OK\r\n+OK\r\n"], "yes"),
    ],
)
def test_who_logs_in_is_known(turns: list[bytes], account: str) -> None:
    for size in CUTS:
        assert play([OPENED[0], *turns], [size]).events == [LoggedIn(account)]


def test_a_turn_of_an_exchange_is_not_a_command() -> None:
    turns = [OPENED[0], b"C: AUTH X\r\n", b"S: + \r\n", b"C: STLS\r\nSTLS\r\n", b"S: -ERR no\r\n"]
    heard = play(turns)
    assert heard.server == b"AUTH X\r\nSTLS\r\n"
    assert heard.client.endswith(b"-ERR no\r\n-ERR STLS is not available through this proxy\r\n")


def test_a_login_bound_to_the_channel_is_refused_here() -> None:
    turns = [
        OPENED[0],
        b"C: AUTH\r\nAUTH scram-sha-1-plus biws\r\nCAPA\r\n",
        b"S: +OK\r\nPLAIN\r\nSCRAM-SHA-1-PLUS\r\n.\r\n",
        b"S: -ERR\r\n",
    ]
    heard = play(turns)
    assert heard.server == b"AUTH\r\nCAPA\r\n"
    assert heard.client.endswith(
        b"+OK\r\nPLAIN\r\n.\r\n-ERR AUTH SCRAM-SHA-1-PLUS is not available through this proxy\r\n-ERR\r\n"
    )


@pytest.mark.parametrize("size", CUTS)
@pytest.mark.parametrize("command", [b"RETR 1", b"TOP 1 51"])
def test_of_a_large_message_the_first_lines_are_cleaned(command: bytes, size: int) -> None:
    text = b"Subject: hi\r\n\r\n" + b".a line\r\n" * 50
    wire = text.replace(b"\n.", b"\n..")
    turns = [*OPENED, b"C: %s\r\nNOOP\r\n" % command, b"S: +OK\r\n" + wire + b".\r\n+OK last\r\n"]
    heard = play(turns, [size], new_engine(limit=100))
    cut = wire.rindex(b"\r\n", 0, 100)
    assert heard.client.endswith(wire[:cut].upper() + wire[cut:] + b".\r\n+OK last\r\n")
    (fetched,) = heard.of(MessageFetched)
    assert isinstance(fetched, MessageFetched)
    assert fetched.size == len(wire[:cut].replace(b"\n.", b"\n"))
    assert fetched.original_sha256 == hashlib.sha256(text).hexdigest()
    cleaned = heard.client[heard.client.index(b"SUBJECT") : heard.client.rindex(b".\r\n+OK")]
    assert fetched.cleaned_sha256 == hashlib.sha256(cleaned.replace(b"\n.", b"\n")).hexdigest()


@pytest.mark.parametrize("lines", [b"50", b"x", b""])
def test_the_hashes_are_those_of_a_whole_message_alone(lines: bytes) -> None:
    wire = b"Subject: hi\r\n\r\n" + b"a line\r\n" * 50
    turns = [*OPENED, b"C: TOP 1 %s\r\n" % lines, b"S: +OK\r\n" + wire + b".\r\n"]
    for limit in (100, 10_000):
        (fetched,) = play(turns, engine=new_engine(limit)).of(MessageFetched)
        assert isinstance(fetched, MessageFetched)
        assert (fetched.extent, fetched.original_sha256, fetched.cleaned_sha256) == (Extent.START, "", "")


@pytest.mark.parametrize("size", CUTS)
@pytest.mark.parametrize("extra", range(-3, 4))
def test_the_limit_is_the_same_for_every_cut(size: int, extra: int) -> None:
    wire = b"a" * (98 + extra) + b"\r\n"
    turns = [*OPENED, b"C: RETR 1\r\n", b"S: +OK\r\n" + wire + b".\r\n"]
    heard = play(turns, [size], new_engine(limit=100))
    assert heard.client.endswith(b"\n" + (wire if extra <= 0 else wire[:100].upper() + wire[100:]) + b".\r\n")


@pytest.mark.parametrize("cleaned", [b"", b"Subject: hi\r\n\r\n", MAIL[:-1] + b"x", MAIL + b"x"])
def test_a_cleaner_that_answers_with_another_size_or_end_changes_nothing(cleaned: bytes) -> None:
    engine = Pop3Engine(lambda *_: Blanked(cleaned))
    heard = play([*OPENED, b"C: RETR 1\r\n", b"S: +OK\r\n" + STUFFED + b".\r\n"], engine=engine)
    assert heard.client.endswith(STUFFED + b".\r\n")
    assert heard.of(MessagePassed) == [MessagePassed(Where("buyer@mail.test"), "RETR", len(MAIL), Why.SIZE)]


def test_a_cleaner_that_fails_changes_nothing() -> None:
    def fail(raw: bytes, *_: object) -> Blanked:
        raise ZeroDivisionError

    turns = [*OPENED, b"C: RETR 1\r\n", b"S: +OK\r\n" + STUFFED + b".\r\n"]
    heard = play(turns, engine=Pop3Engine(fail))
    assert heard.client.endswith(STUFFED + b".\r\n")
    (passed,) = heard.of(MessagePassed)
    assert isinstance(passed, MessagePassed)
    assert (passed.why, passed.detail) == (Why.ERROR, "ZeroDivisionError")


def test_other_extensions_pass() -> None:
    turns = [
        *OPENED,
        b"C: LANG\r\nLANG en\r\nUTF8\r\nXSENDER 1\r\nXTND XLST\r\nUIDL 1\r\nRETR 1\r\n",
        b"S: +OK\r\nen English\r\n.\r\n+OK en\r\n+OK\r\n+OK a@b.test\r\n-ERR\r\n+OK 1 x\r\n",
        b"S: +OK\r\n" + STUFFED + b".\r\n",
    ]
    heard = play(turns)
    assert heard.client == said(turns, b"S").replace(STUFFED, CLEAN)
    assert heard.server == said(turns, b"C")
    assert heard.of(WentThrough) == []


@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        ([b"S: * OK IMAP4rev1 here\r\n"], "not_an_answer"),
        ([*OPENED, b"S: what\r\n"], "not_an_answer"),
        ([*OPENED, b"C: NOOP\r\n", b"S: + go on\r\n"], "unexpected_prompt"),
        ([*OPENED, b"C: XTND XMIT\r\n", b"S: +OK send\r\n", b"C: STLS\r\n.\r\n"], "xtnd"),
        ([*OPENED, b"C: " + b"x" * 70_000], "line_too_long"),
        ([*OPENED, b"C: NOOP\r\n", b"S: " + b"x" * 70_000], "line_too_long"),
    ],
)
def test_what_is_not_understood_goes_through(turns: list[bytes], reason: str) -> None:
    more = [b"C: RETR 1\r\n", b"S: +OK\r\n" + STUFFED + b".\r\n"]
    heard = play([*turns, *more])
    assert heard.client == said([*turns, *more], b"S")
    assert heard.server == said([*turns, *more], b"C")
    account = "buyer@mail.test" if turns[0] == OPENED[0] else ""
    assert heard.events[-1] == WentThrough(reason, Where(account))


def test_a_server_may_hang_up_unasked() -> None:
    heard = play([*OPENED, b"S: -ERR idle for too long\r\n"])
    assert heard.client == said([*OPENED, b"S: -ERR idle for too long\r\n"], b"S")
    assert heard.of(WentThrough) == []


def test_what_is_held_comes_out_when_a_side_is_gone() -> None:
    engine = new_engine()
    turns = [*OPENED, b"C: RETR 1\r\n", b"S: +OK\r\n" + STUFFED + b"."]
    heard = play(turns, engine=engine)
    rest = engine.close()
    assert heard.client + rest.to_client == said(turns, b"S")
    assert engine.close().to_client == b""


octets = st.binary(max_size=200) | st.text("+OK-ERR .\r\nab", max_size=300).map(str.encode)
commands = st.sampled_from(
    [
        b"RETR 1\r\n",
        b"TOP 1 3\r\n",
        b"LIST\r\n",
        b"CAPA\r\n",
        b"AUTH\r\n",
        b"AUTH X\r\n",
        b"USER a\r\n",
        b"Q\n",
    ]
)
turns_of_any_kind = st.lists(
    st.tuples(st.just(b"S: "), octets | st.just(b"+OK\r\n") | st.just(STUFFED + b".\r\n"))
    | st.tuples(st.just(b"C: "), octets | commands),
    max_size=12,
)


@given(turns_of_any_kind, st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_random_octets_never_break_it_and_none_is_lost(
    turns: list[tuple[bytes, bytes]], cuts: list[int]
) -> None:
    joined = [b"".join(turn) for turn in turns]
    cut, whole = (Pop3Engine(lambda raw, *_: Blanked(raw), limit=60) for _ in range(2))
    heard, expected = (play([b"S: +OK\r\n", *joined], *how) for how in ((cuts, cut), ((1 << 20,), whole)))
    rest, expected_rest = cut.close(), whole.close()
    assert heard.client + rest.to_client == expected.client + expected_rest.to_client
    assert heard.server + rest.to_server == expected.server + expected_rest.to_server
    hidden = (b"STLS", b"-PLUS")
    assert not any(isinstance(e, WentThrough) and e.reason.startswith("fault") for e in heard.events)
    if not any(word in turn.upper() for turn in joined for word in hidden):
        assert heard.client + rest.to_client == b"+OK\r\n" + said(joined, b"S")
        assert heard.server + rest.to_server == said(joined, b"C")


def test_a_large_message_takes_no_more_memory_than_its_start() -> None:
    engine = new_engine(limit=1 << 16)
    play([*OPENED, b"C: RETR 1\r\n", b"S: +OK\r\nSubject: x\r\n\r\n"], engine=engine)
    chunk = b"a line of an attachment, as long as they are\r\n..\r\n" * 300
    tracemalloc.start()
    passed = sum(len(engine.from_server(chunk).to_client) for _ in range(300))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert passed > 300 * len(chunk) - 100
    assert peak < 1 << 20


@pytest.mark.parametrize("unit", [b"..\r\n", b"\r\n", b"x", b"\n", b".x\n"])
def test_hostile_texts_take_time_in_proportion(unit: bytes) -> None:
    turns = [*OPENED, b"C: RETR 1\r\n", b"S: +OK\r\n" + unit * (2_000_000 // len(unit)) + b"\r\n.\r\n"]
    begun = time.process_time()
    heard = play(turns, [4096])
    assert heard.client.endswith(unit + b"\r\n.\r\n") or unit == b"x"
    assert time.process_time() - begun < 20
