"""Where server, client or mail take a liberty: nothing is lost, nothing passes without a mark."""

from collections.abc import Callable

import pytest
from bothways.clean import Cleaned, clean_message
from bothways.wire.events import Event, Extent, MessagePassed, Where, Why
from bothways.wire.imap import ImapEngine
from bothways.wire.imap_bodies import Bodies
from bothways.wire.imap_fetch import FetchReader
from bothways.wire.imap_passage import Passage
from bothways.wire.imap_riders import Riders
from bothways.wire.imap_streams import Passing
from bothways.wire.imap_structure import estimate_text_end
from bothways.wire.imap_ways import Ways

PIXEL = (
    b'<img src="https://mandrillapp.com/track/open.php?u=30489975&id=f2ab9c4f7c4e4b1fa2f6e3c1a2b3c4d5" '
    b"width=1 height=1>"
)
PAGE = b"Content-Type: text/html\r\n\r\n<p>Good day</p>" + PIXEL + b"\r\n"
NOTE = b"Content-Type: text/plain\r\n\r\nGood day\r\n"
HEAD = b"From: sam@vendor.test\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n"


def clean(raw: bytes, where: Where, extent: Extent = Extent.WHOLE) -> Cleaned:
    return clean_message(raw, keep_length=True)


def opened() -> ImapEngine:
    engine = ImapEngine(clean)
    engine.from_client(b"a LOGIN u p\r\nb SELECT INBOX\r\n")
    engine.from_server(b"* OK hi\r\na OK\r\n* OK [UIDVALIDITY 5] x\r\nb OK\r\n")
    return engine


def literal(name: bytes, octets: bytes) -> bytes:
    return b"%s {%d}\r\n%s" % (name, len(octets), octets)


def passed(events: tuple[Event, ...]) -> list[Why]:
    return [event.why for event in events if isinstance(event, MessagePassed)]


def test_a_part_that_the_server_numbers_otherwise_is_marked() -> None:
    # Without an empty line before it, the first boundary is a line of the header to some servers.
    mail = HEAD + b"--b\r\n" + NOTE + b"--b\r\n" + NOTE + b"--b\r\n" + PAGE + b"--b--\r\n"
    page = PAGE.partition(b"\r\n\r\n")[2]
    ours = literal(b"BODY[]<0>", mail)
    engine = opened()
    engine.from_client(b"c UID FETCH 7 (BODY.PEEK[2])\r\n")
    step = engine.from_server(b"* 1 FETCH (UID 7 %s %s)\r\nc OK\r\n" % (ours, literal(b"BODY[2]", page)))
    assert step.to_client == b"* 1 FETCH (UID 7 %s)\r\nc OK\r\n" % literal(b"BODY[2]", page)
    assert passed(step.events) == [Why.MISMATCH]
    sent = engine.from_client(b"d UID FETCH 7 (BODY.PEEK[2]<100.20> BODY.PEEK[3])\r\n").to_server
    assert sent == b"d UID FETCH 7 (BODY.PEEK[2]<100.20> BODY.PEEK[3])\r\n"
    step = engine.from_server(b"* 1 FETCH (UID 7 %s)\r\n" % literal(b"BODY[2]<100>", page[100:120]))
    assert passed(step.events) == [Why.WINDOW]


def test_a_fetch_that_goes_on_after_a_literal_waits_for_what_rides_in_another() -> None:
    mail = HEAD + b"\r\n--b\r\n" + NOTE + b"--b\r\n" + PAGE + b"--b--\r\n"
    second = b"d UID FETCH 7 (BODY.PEEK[]<0.50> BODY.PEEK[HEADER.FIELDS ({4+}\r\nFrom)])\r\n"
    engine = opened()
    assert b"[]<0." in engine.from_client(b"c UID FETCH 7 (BODY.PEEK[2])\r\n").to_server
    assert not engine.from_client(second).to_server
    rest = PAGE.partition(b"\r\n\r\n")[2][:-2]
    both = literal(b"BODY[]<0>", mail), literal(b"BODY[2]", rest)
    assert engine.from_server(b"* 1 FETCH (UID 7 %s %s)\r\nc OK\r\n" % both).to_server == second
    window = b"* 1 FETCH (UID 7 %s)\r\n" % literal(b"BODY[]<0>", mail[:50])
    assert engine.from_server(window).to_client == window
    third = b"e UID FETCH 8 (BODY.PEEK[2])\r\n"
    assert not engine.from_client(third).to_server
    assert b"<0." in engine.from_server(b"d OK\r\n").to_server


SIMPLE = b"From: sam@vendor.test\r\n\r\nGood day\r\n"
ANSWER = b"* 1 FETCH (FLAGS () UID 7 %s)\r\nc OK\r\n" % b" ".join(
    (
        literal(b"BODY[]", SIMPLE),
        literal(b"BODY[1]", b"Good day\r\n"),
        b'BODY[TEXT] "Good day" INTERNALDATE NIL',
        literal(b"BODY[HEADER.FIELDS (FROM)]", SIMPLE[:25]),
    )
)
FAULTS: list[tuple[type, str]] = [
    *((Bodies, name) for name in ("learn", "look", "judge", "where")),
    *((FetchReader, name) for name in ("_begin", "_item")),
    *((Passage, name) for name in ("_read", "_take", "_learn", "_advance", "_set_out", "_pass", "end")),
    *((Riders, name) for name in ("take", "take_nil", "note_octets", "note_over", "judge")),
    (Passing, "feed"),
    (Passing, "finish"),
    (Ways, "choose"),
]


def failing_at(number: int, function: Callable[..., object]) -> Callable[..., object]:
    calls = iter(range(1, 10_000))

    def call(*arguments: object, **more: object) -> object:
        if next(calls) == number:
            raise RuntimeError
        return function(*arguments, **more)

    return call


@pytest.mark.parametrize(("owner", "name"), FAULTS)
@pytest.mark.parametrize("size", [7, 1000])
def test_wherever_a_fault_of_ours_is_every_octet_arrives(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str, size: int
) -> None:
    function = getattr(owner, name)
    for number in range(1, 12):
        engine = opened()
        engine.from_client(b"c UID FETCH 7 (FLAGS BODY[] BODY[1] BODY[TEXT] BODY[HEADER.FIELDS (FROM)])\r\n")
        monkeypatch.setattr(owner, name, failing_at(number, function))
        pieces = (ANSWER[start : start + size] for start in range(0, len(ANSWER), size))
        assert b"".join(engine.from_server(piece).to_client for piece in pieces) == ANSWER, number


def test_mail_in_a_form_that_cannot_be_read_here_is_marked() -> None:
    engine = opened()
    engine.from_client(b"c UID FETCH 7 (BODY[HEADER.FIELDS ({4+}\r\nFrom)] BINARY[1])\r\n")
    answer = b"* 1 FETCH (UID 7 %s)\r\n" % literal(b"BINARY[1]", PIXEL)
    step = engine.from_server(answer)
    assert (step.to_client, passed(step.events)) == (answer, [Why.PART])


def test_a_server_that_took_our_items_ill_gets_no_more_of_them() -> None:
    engine = opened()
    engine.from_client(b"c UID FETCH 7 (BODY.PEEK[2])\r\nd NOOP\r\n")
    assert engine.from_server(b"c BAD what\r\nd OK\r\n").to_client == b"c BAD what\r\nd OK\r\n"
    again = b"e UID FETCH 7 (BODY.PEEK[2])\r\n"
    assert engine.from_client(again).to_server == again


@pytest.mark.parametrize(
    ("last", "counts"),
    [
        (b'("text" "html" NIL NIL NIL "7bit" 10 1 NIL ("inline" NIL) ("attachment" "en") NIL)', True),
        (b'("text" "html" NIL NIL NIL "7bit" 10 1 NIL ("attachment" NIL) NIL NIL)', False),
        (b'("application" "xhtml+xml" NIL NIL NIL "7bit" 10 NIL NIL NIL NIL)', True),
        (b'("application" "xhtml+xml" NIL NIL NIL "7bit" 10 NIL ("attachment" NIL) NIL NIL)', False),
        (b'("message" "rfc822" NIL NIL NIL "7bit" 10 (NIL) ("text") 3 NIL ("attachment" NIL) NIL)', True),
        (b'("image" "png" NIL NIL NIL "base64" 10 NIL NIL NIL NIL)', False),
    ],
)
def test_what_may_hold_text_behind_a_large_file_is_looked_at(last: bytes, *, counts: bool) -> None:
    file = b'("application" "pdf" NIL NIL NIL "base64" 500000 NIL ("attachment" NIL) NIL NIL)'
    end = estimate_text_end(b'(%s%s "mixed")' % (file, last))
    assert end is not None
    assert (end > 500_000) is counts
