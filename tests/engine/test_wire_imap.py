"""Dialogues through the IMAP engine, cut in every way: who gets which octets, and what is reported."""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle

import pytest
from bothways.message.edits import Edit, apply
from bothways.wire.events import (
    Event,
    Extent,
    FetchedAgain,
    LeftBefore,
    LoggedIn,
    MessageFetched,
    MessagePassed,
    Refused,
    Selected,
    SpecialUse,
    WentThrough,
    Where,
    Why,
)
from bothways.wire.imap import ImapEngine, Uses
from bothways.wire.looks import Looks
from hypothesis import given
from hypothesis import strategies as st

MAIL = b"Subject: hi\r\n\r\n<img src=http://t.test/open>\r\n"
CLEAN = b"Subject: hi\r\n\r\n                            \r\n"
OPENED = (
    b"S: * OK [CAPABILITY IMAP4rev1 STARTTLS COMPRESS=DEFLATE AUTH=PLAIN] hello\r\n",
    b"C: a1 LOGIN buyer@mail.test secret\r\n",
    b"S: a1 OK logged in\r\n",
    b"C: a2 SELECT INBOX\r\n",
    b"S: * 3 EXISTS\r\n",
    b"S: * OK [UIDVALIDITY 77] valid\r\n",
    b"S: a2 OK [READ-WRITE] done\r\n",
)


@dataclass(frozen=True)
class Blanked:
    raw: bytes
    edits: tuple[Edit, ...] = ()


class BlankedBefore(Blanked, LeftBefore):
    """One that the cleaner has on record."""


def blank(raw: bytes, where: Where, extent: Extent = Extent.WHOLE) -> Blanked:
    start = raw.find(b"<img")
    if start < 0:
        return Blanked(raw)
    edit = Edit(start, raw[start : raw.find(b">", start) + 1], b" " * (raw.find(b">", start) + 1 - start))
    return Blanked(apply(raw, [edit]), (edit,))


@dataclass
class Heard:
    client: bytes
    server: bytes
    events: list[Event]

    def of(self, kind: type) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


def play(turns: Iterable[bytes], size: int = 1 << 20, engine: ImapEngine | None = None) -> Heard:
    """Run turns that start with "C: " or "S: " through an engine, `size` octets at a time."""
    engine = engine or ImapEngine(blank)
    heard = Heard(b"", b"", [])
    for turn in turns:
        receive = engine.from_client if turn.startswith(b"C: ") else engine.from_server
        for start in range(3, len(turn), size):
            step = receive(turn[start : start + size])
            heard.client += step.to_client
            heard.server += step.to_server
            heard.events += step.events
    return heard


def fetched(*items: bytes, end: bytes = b")\r\n", number: int = 2) -> bytes:
    return b"S: * %d FETCH (" % number + b" ".join(items) + end


def literal(name: bytes, octets: bytes = MAIL) -> bytes:
    return b"%s {%d}\r\n%s" % (name, len(octets), octets)


WHOLE = [
    *OPENED,
    b"C: a3 UID FETCH 1:9 (FLAGS BODY.PEEK[] RFC822)\r\n",
    fetched(b"UID 5", b"FLAGS (\\Seen $x)", literal(b"BODY[]"), literal(b"rfc822")),
    fetched(literal(b'BODY[HEADER.FIELDS ("BODY[] {3}" X)]', b"x"), literal(b"BODY[]"), b"UID 6", number=3),
    fetched(b'ENVELOPE ("a (b" {3}\r\na)b NIL)', literal(b"BODY[]"), b"UID 7", number=4),
    b"S: a3 OK done\r\n",
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1 << 20])
def test_whole_messages_are_cleaned_however_the_octets_arrive(size: int) -> None:
    heard = play(WHOLE, size)
    sent = b"".join(turn[3:] for turn in WHOLE if turn.startswith(b"S: "))
    expected = sent.replace(MAIL, CLEAN).replace(b" STARTTLS COMPRESS=DEFLATE", b"")
    assert heard.client == expected
    assert heard.server == b"".join(turn[3:] for turn in WHOLE if turn.startswith(b"C: "))
    looked_at = [e.where.uid for e in heard.events if isinstance(e, MessageFetched)]
    assert looked_at == [5, 6, 7]
    assert [e.where.uid for e in heard.events if isinstance(e, FetchedAgain)] == [5]
    assert heard.events == play(WHOLE).events


def test_what_is_reported_names_server_and_client() -> None:
    turns = [
        b"S: * OK hi\r\n",
        b'C: i ID ("version" "140.1" "name" "Thunder\\"bird" "x" NIL)\r\n',
        b"S: * ID NIL\r\ni OK done\r\n",
    ]
    heard = play([*turns, *OPENED[1:]], engine=ImapEngine(blank, server="imap.test"))
    where = Where("buyer@mail.test", "INBOX", 77, server="imap.test", client='Thunder"bird 140.1')
    assert heard.events[-1] == Selected(where)


def test_what_is_reported_names_account_mailbox_and_validity() -> None:
    heard = play(WHOLE)
    assert heard.events[0] == LoggedIn("buyer@mail.test")
    assert heard.events[1] == Selected(Where("buyer@mail.test", "INBOX", 77))
    first = heard.of(MessageFetched)[0]
    assert isinstance(first, MessageFetched)
    assert first.where == Where("buyer@mail.test", "INBOX", 77, 5)
    assert (first.size, first.cleaned.raw) == (len(MAIL), CLEAN)
    assert first.original_sha256 != first.cleaned_sha256


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60))
def test_random_cuts_change_nothing(cuts: list[int]) -> None:
    engine = ImapEngine(blank)
    heard = Heard(b"", b"", [])
    turns = cycle(cuts)
    for turn in WHOLE:
        receive, rest = (engine.from_client if turn[:1] == b"C" else engine.from_server), turn[3:]
        while rest:
            cut = next(turns)
            step = receive(rest[:cut])
            heard.client, heard.server, rest = (
                heard.client + step.to_client,
                heard.server + step.to_server,
                rest[cut:],
            )
    assert (heard.client, heard.server) == (play(WHOLE).client, play(WHOLE).server)


def test_a_message_above_the_limit_streams_behind_what_is_looked_at() -> None:
    engine = ImapEngine(blank, limit=100)
    play([*OPENED, b"C: a3 UID FETCH 9 BODY[]\r\n"], engine=engine)
    start = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n<img src=x>\r\n--b\r\nA: b\r\n\r\n"
    big = start + b"x" * 100
    head = b"* 2 FETCH (BODY[] {%d}\r\n" % len(big)
    assert engine.from_server(head + big[:99]).to_client == b""
    step = engine.from_server(big[99:110])
    assert step.to_client == head + big[:110].replace(b"<img src=x>", b" " * 11)
    assert isinstance(step.events[0], MessageFetched)
    assert (step.events[0].extent, step.events[0].original_sha256) == (Extent.START, "")
    step = engine.from_server(big[110:] + b" UID 9)\r\n")
    assert step.to_client == big[110:] + b" UID 9)\r\n"
    (again,) = step.events
    assert isinstance(again, FetchedAgain)
    assert again.original_sha256 == hashlib.sha256(big).hexdigest()


@pytest.mark.parametrize("limit", [100, 1000])
def test_a_message_that_is_on_record_is_only_fetched_again(limit: int) -> None:
    start = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n<img src=x>\r\n--b\r\nA: b\r\n\r\n"
    mail = start + b"x" * 100

    def clean(raw: bytes, where: Where, extent: Extent = Extent.WHOLE) -> Blanked:
        blanked = blank(raw, where, extent)
        return BlankedBefore(blanked.raw, blanked.edits)

    turns = [*OPENED, b"C: a3 UID FETCH 9 BODY[]\r\n", fetched(b"UID 9", literal(b"BODY[]", mail))]
    heard = play(turns, engine=ImapEngine(clean, limit=limit))
    assert heard.client.endswith(mail.replace(b"<img src=x>", b" " * 11) + b")\r\n")
    first, *others = heard.of(FetchedAgain)
    assert first == FetchedAgain(Where("buyer@mail.test", "INBOX", 77, 9), blank(mail, first.where).edits)
    # Of one that was known by its start the rest may be another: what it is as a whole is told.
    digests = [hashlib.sha256(mail).hexdigest()] if limit < len(mail) else []
    assert [each.original_sha256 for each in others] == digests
    assert heard.of(MessageFetched) == []


def test_text_that_is_cut_off_passes_and_is_reported() -> None:
    engine = ImapEngine(blank, limit=20)
    turns = [*OPENED, b"C: a3 UID FETCH 9 BODY[]\r\n", fetched(literal(b"BODY[]"))]
    heard = play(turns, engine=engine)
    assert heard.client.endswith(MAIL + b")\r\n")
    assert heard.events[-1] == MessagePassed(
        Where("buyer@mail.test", "INBOX", 77, 9), "BODY[]", 15, Why.LIMIT
    )


def failing(raw: bytes, where: Where, extent: Extent) -> Blanked:
    raise RecursionError


def growing(raw: bytes, where: Where, extent: Extent) -> Blanked:
    return Blanked(raw + b" ")


@pytest.mark.parametrize(
    ("clean", "why", "detail"), [(failing, Why.ERROR, "RecursionError"), (growing, Why.SIZE, "")]
)
def test_a_cleaner_that_fails_changes_nothing(clean: object, why: Why, detail: str) -> None:
    engine = ImapEngine(clean)  # type: ignore[arg-type]
    heard = play([*OPENED, fetched(literal(b"BODY[]"))], engine=engine)
    assert heard.client.endswith(MAIL + b")\r\n")
    assert [(e.why, e.detail) for e in heard.events if isinstance(e, MessagePassed)] == [(why, detail)]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (b"STARTTLS", "STARTTLS"),
        (b"compress DEFLATE", "COMPRESS"),
        (b"UID FETCH 1 (UID BINARY.PEEK[1])", "UID FETCH BINARY"),
        (b"AUTHENTICATE SCRAM-SHA-256-PLUS cD10bHMtdW5pcXVl", "AUTHENTICATE SCRAM-SHA-256-PLUS"),
    ],
)
def test_what_would_hide_mail_is_refused_in_its_turn(command: bytes, name: str) -> None:
    heard = play([b"S: * OK hi\r\n", b"C: a NOOP\r\nb " + command + b"\r\n", b"S: a OK x\r\nb OK x\r\n"])
    assert heard.server == b"a NOOP\r\nb NOOP\r\n"
    assert (
        heard.client
        == b"* OK hi\r\na OK x\r\nb BAD %s is not available through this proxy\r\n" % name.encode()
    )
    assert heard.events == [Refused(name)]


def test_a_literal_that_the_server_refuses_is_not_waited_for() -> None:
    turns = [
        b"C: a APPEND x {900}\r\n",
        b"S: a NO [TRYCREATE] no\r\n",
        b"C: b STARTTLS\r\n",
        b"S: b OK x\r\n",
    ]
    heard = play([b"S: * OK hi\r\n", *turns], 1)
    assert heard.server == b"a APPEND x {900}\r\nb NOOP\r\n"
    assert heard.client.endswith(b"b BAD STARTTLS is not available through this proxy\r\n")


def test_appended_octets_are_no_commands() -> None:
    octets = b"b STARTTLS\r\n"
    sent = [
        b"a APPEND x {12}\r\n",
        octets + b" {12+}\r\n" + octets + b"\r\n",
        b"c APPEND x ~{12+}\r\n" + octets + b"\r\n",
    ]
    heard = play([b"S: * OK hi\r\n", b"C: " + sent[0], b"S: + go\r\n", b"C: " + sent[1], b"C: " + sent[2]], 1)
    assert heard.server == b"".join(sent)
    assert heard.events == []


def test_octets_sent_before_the_go_ahead_wait_for_it() -> None:
    engine = ImapEngine(blank)
    assert engine.from_client(b"a LOGIN {5}\r\nbuyer {6}\r\nsecret\r\n").to_server == b"a LOGIN {5}\r\n"
    assert engine.from_server(b"+ go\r\n").to_server == b"buyer {6}\r\n"
    assert engine.from_server(b"+ go\r\n").to_server == b"secret\r\n"
    assert engine.from_server(b"a OK in\r\n").events == (LoggedIn("buyer"),)


@pytest.mark.parametrize(
    "turns",
    [
        [b"C: a AUTHENTICATE PLAIN AGJ1eWVyAHNlY3JldA==\r\n", b"S: a OK in\r\n"],
        [b"C: a AUTHENTICATE PLAIN\r\n", b"S: + \r\n", b"C: AGJ1eWVyAHNlY3JldA==\r\n", b"S: a OK in\r\n"],
        [
            b"C: a AUTHENTICATE LOGIN\r\n",
            b"S: + VXNlcg==\r\n",
            b"C: YnV5ZXI=\r\n",
            b"C: c2VjcmV0\r\n",
            b"S: a OK in\r\n",
        ],
        [b'C: a login "buyer" "se\\"cret"\r\n', b"S: a OK in\r\n"],
        [b"C: a LOGIN {5+}\r\nbuyer {6+}\r\nsecret\r\n", b"S: a OK in\r\n"],
    ],
)
def test_the_account_is_read_from_every_kind_of_login(turns: list[bytes]) -> None:
    heard = play([b"S: * OK hi\r\n", *turns], 1)
    assert heard.events == [LoggedIn("buyer")]
    assert heard.server == b"".join(turn[3:] for turn in turns if turn.startswith(b"C: "))


def test_a_failed_login_and_a_failed_select_leave_no_trace() -> None:
    turns = [
        b"C: b LOGIN x y\r\n",
        b"S: b NO no\r\n",
        b"C: c SELECT Gone\r\n",
        b"S: c NO no\r\n",
        fetched(literal(b"BODY[]")),
    ]
    last = play([*OPENED, *turns]).events[-1]
    assert isinstance(last, MessageFetched)
    assert last.where == Where("buyer@mail.test")


def test_idle_ends_with_done_and_pushes_pass() -> None:
    turns = [
        b"C: a IDLE\r\n",
        b"S: + idling\r\n* 4 EXISTS\r\n",
        b"C: DONE\r\nb NOOP\r\n",
        b"S: a OK x\r\nb OK x\r\n",
    ]
    heard = play([b"S: * OK hi\r\n", *turns], 1)
    assert heard.server == b"a IDLE\r\nDONE\r\nb NOOP\r\n"
    assert heard.client == b"* OK hi\r\n+ idling\r\n* 4 EXISTS\r\na OK x\r\nb OK x\r\n"
    assert heard.events == []


@pytest.mark.parametrize(
    "listed",
    [
        b'* LIST (\\HasNoChildren \\Drafts) "/" "My &ANw-nfinished"\r\n',
        b'* LIST (\\Drafts) "/" {16}\r\nMy &ANw-nfinished\r\n',
    ],
)
def test_drafts_pass_unchanged(listed: bytes) -> None:
    turns = [
        b"C: l LIST * *\r\n",
        b"S: " + listed + b"l OK done\r\n",
        b'C: s SELECT "My &ANw-nfinished"\r\n',
        b"S: s OK done\r\n",
        fetched(literal(b"BODY[]")),
    ]
    if b"{16}" in listed:
        turns[1] = turns[1].replace(b"{16}", b"{17}")
    heard = play([*OPENED, *turns], 1)
    assert heard.client.endswith(MAIL + b")\r\n")
    assert heard.events[-1] == Selected(
        Where("buyer@mail.test", "My Ünfinished", None, None, SpecialUse.DRAFTS)
    )


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n", "not_a_response"),
        (b"* 1 FETCH (BODY[] {5+}\r\n", "server_sent_nonsync_literal"),
    ],
)
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_an_odd_server_makes_it_transparent_and_loses_nothing(odd: bytes, reason: str, size: int) -> None:
    after = fetched(literal(b"BODY[]"))
    heard = play([*OPENED, b"S: " + odd, after, b"C: z STARTTLS\r\n"], size)
    assert heard.client.endswith(odd + after[3:])
    assert heard.server.endswith(b"z STARTTLS\r\n")
    assert heard.events[-1] == WentThrough(reason, Where("buyer@mail.test", "INBOX", 77))


@pytest.mark.parametrize(
    "odd",
    [
        b"zz OK nobody asked\r\n",
        b'* 1 FETCH (BODY" {5}\r\nabcde)\r\n',
        b"* 1 FETCH (FLAGS () BODY[] {5}\r\nabcde BODY[TEXT)\r\n",
        b"* 1 FETCH (BODY[HEADER.FIELDS ({1}\r\nA)] {5}\r\nabcde)\r\n",
        b"* 1 FETCH (BODY[1] NIL\r\n",
        b"* 1 FETCH (BODY[1] NIL FLAGS (" + b"x " * 600_000 + b"))\r\n",
    ],
)
@pytest.mark.parametrize("size", [3, 1 << 20])
def test_an_odd_response_passes_alone(odd: bytes, size: int) -> None:
    heard = play([*OPENED, b"S: " + odd, fetched(b"UID 5", literal(b"BODY[]"))], size)
    assert heard.client.endswith(odd + fetched(b"UID 5", literal(b"BODY[]", CLEAN))[3:])
    assert heard.of(WentThrough) == []
    passed = [e.why for e in heard.events if isinstance(e, MessagePassed)]
    assert passed == ([] if odd.startswith(b"zz") else [Why.ODD])


def test_braces_in_status_text_announce_nothing() -> None:
    heard = play([b"S: * OK hello {5}\r\n* NO full {7}\r\n", b"C: a NOOP\r\n", b"S: a OK {3}\r\n"], 1)
    assert heard.client == b"* OK hello {5}\r\n* NO full {7}\r\na OK {3}\r\n"
    assert heard.events == []


def test_what_is_held_comes_out_when_the_connection_ends() -> None:
    engine = ImapEngine(blank)
    play(OPENED, engine=engine)
    octets = b"* 1 FETCH (BODY[] {46}\r\n" + MAIL + b" BODY[] {99}\r\nhalf"
    assert engine.from_server(octets).to_client == b""
    assert engine.close().to_client == octets


@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=60)), max_size=8))
def test_noise_never_raises_and_loses_nothing(turns: list[tuple[bool, bytes]]) -> None:
    engine = ImapEngine(blank)
    sent, got = {True: b"", False: b""}, {True: b"", False: b""}
    for of_client, octets in turns:
        sent[of_client] += octets
        step = (engine.from_client if of_client else engine.from_server)(octets)
        got = {True: got[True] + step.to_server, False: got[False] + step.to_client}
    last = engine.close()
    assert (got[True] + last.to_server, got[False] + last.to_client) == (sent[True], sent[False])


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_a_literal_that_is_refused_while_it_is_sent_stays_a_literal(size: int) -> None:
    text = b"look at this {9}\r\nx STARTTLS\r\n"
    turns = [
        *OPENED,
        b"C: a3 APPEND Nowhere {%d+}\r\n" % len(text) + text[:4],
        b"S: a3 NO [TRYCREATE] no such mailbox\r\n",
        b"C: " + text[4:] + b"\r\n",
        b"C: a4 NOOP\r\n",
        b"S: a4 OK done\r\n",
    ]
    heard = play(turns, size)
    assert heard.server.endswith(text + b"\r\na4 NOOP\r\n")
    assert heard.of(Refused) == heard.of(WentThrough) == []


def test_a_second_literal_of_a_command_that_was_answered_is_not_waited_for() -> None:
    turns = [
        *OPENED,
        b"C: a3 APPEND Nowhere {4+}\r\nab",
        b"S: a3 NO no such mailbox\r\n",
        b"C: cd {5}\r\na4 NOOP\r\n",
    ]
    assert play(turns).server.endswith(b"abcd {5}\r\na4 NOOP\r\n")


def test_many_commands_at_once_cost_time_in_proportion() -> None:
    engine = ImapEngine(blank)
    commands = b"".join(b"t%d NOOP\r\n" % number for number in range(20_000))
    started = time.process_time()
    assert engine.from_client(commands).to_server == commands
    assert time.process_time() - started < 20


def test_what_a_mailbox_is_for_is_known_on_the_next_connection_of_the_account() -> None:
    uses: Uses = {}
    play([*OPENED, b'S: * LIST (\\Drafts) "/" Koncepty\r\n'], engine=ImapEngine(blank, uses=uses))
    select = (b"C: a3 SELECT Koncepty\r\n", b"S: a3 OK done\r\n", *WHOLE[len(OPENED) :])
    again = play([*OPENED, *select], engine=ImapEngine(blank, uses=uses))
    assert again.of(Selected)[-1] == Selected(Where("buyer@mail.test", "Koncepty", use=SpecialUse.DRAFTS))
    assert again.of(MessageFetched) == []
    stranger = [turn.replace(b"buyer", b"other") for turn in OPENED]
    assert play([*stranger, *select], engine=ImapEngine(blank, uses=uses)).of(MessageFetched)


def test_logins_without_a_name_share_nothing() -> None:
    uses: Uses = {}
    looks = Looks()
    unnamed = [
        OPENED[0],
        b"C: a1 AUTHENTICATE GSSAPI YII=\r\n",
        b"S: a1 OK in\r\n",
        *OPENED[3:],
        b'S: * LIST (\\Drafts) "/" INBOX\r\n',
        *WHOLE[len(OPENED) :],
    ]
    for _ in range(2):
        heard = play(unnamed, engine=ImapEngine(blank, uses=uses, looks=looks))
        assert len(heard.of(MessageFetched)) == 3
    assert uses == {}


WORDS = st.sampled_from(
    [
        *(
            b"* 1 FETCH (",
            b"UID 5",
            b"BODY[]",
            b"BODY[]<0>",
            b"BODY[1.MIME]<3>",
            b"RFC822.TEXT",
            b"{3}\r\nabc",
        ),
        *(
            b"{9}\r\nab\r\ncd\r\n)",
            b'"x\\"y"',
            b"NIL",
            b"(a (b) c)",
            b" ",
            b" ",
            b")",
            b")\r\n",
            b"\r\n",
            b"(",
            b'"',
        ),
        *(
            b"BODYSTRUCTURE ((",
            b"* 1 EXPUNGE\r\n",
            b"+ go\r\n",
            b"a OK x\r\n",
            b"c NO x\r\n",
            b"* VANISHED 5\r\n",
        ),
        *(b"BODY[HEADER.FIELDS (A B)]", b"FLAGS (\\Seen)", b"ENVELOPE (", b"MODSEQ (7)", b"RFC822.SIZE 9"),
    ]
)
COMMANDS = st.sampled_from(
    [
        *(b"a SELECT INBOX\r\n", b"c UID FETCH 5 (BODY.PEEK[1])\r\n", b"c FETCH 1 (BODY[]<0.5> RFC822)\r\n"),
        *(
            b"c FETCH 1:* BODY[TEXT]\r\n",
            b"c UID FETCH 5 (BODY[HEADER.FIELDS ({1}\r\n",
            b"d NOOP\r\n",
            b"d IDLE\r\n",
        ),
    ]
)


@given(st.lists(WORDS, max_size=60), st.integers(1, 40))
def test_a_server_that_talks_nonsense_is_passed_on_to_the_octet(words: list[bytes], size: int) -> None:
    engine = ImapEngine(blank)
    play(OPENED, engine=engine)
    said = b"S: " + b"".join(words)
    heard = play([said], size, engine)
    assert heard.client + engine.close().to_client == said[3:]
    assert all(e.reason == "not_a_response" for e in heard.events if isinstance(e, WentThrough))


@given(st.lists(st.one_of(st.tuples(st.just(False), WORDS), st.tuples(st.just(True), COMMANDS)), max_size=60))
def test_no_dialogue_is_a_fault(turns: list[tuple[bool, bytes]]) -> None:
    engine = ImapEngine(blank)
    play(OPENED, engine=engine)
    for of_client, octets in turns:
        step = (engine.from_client if of_client else engine.from_server)(octets)
        assert not any(isinstance(e, WentThrough) and e.reason.startswith("fault") for e in step.events)
    engine.close()


def test_what_waits_for_a_look_that_never_comes_is_bounded() -> None:
    engine = ImapEngine(blank)
    play([*OPENED, b"C: a UID FETCH 5 (BODY.PEEK[1] BODY.PEEK[2])\r\n"], engine=engine)
    piece = b" BODY[1] {0}\r\n" * 1000
    got, sent = b"", b"* 2 FETCH (UID 5" + piece * 40
    for start in range(0, len(sent), 10_000):
        got += engine.from_server(sent[start : start + 10_000]).to_client
        assert start + 10_000 - len(got) < 2_000_000
    assert got + engine.close().to_client == sent
    assert len(got) > 100_000
