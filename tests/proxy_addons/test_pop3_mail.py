"""What the POP3 connections share: what a start becomes, and what is noted of it."""

import hashlib
import random
from collections.abc import Sequence
from datetime import UTC, datetime

from bothways.clean import Cleaned
from bothways.ledger.copies import Copy
from bothways.ledger.records import Event, Incident, MessageRecord
from bothways.message.edits import Edit
from bothways.status import RunStatus
from bothways.wire.events import Extent, HeadFetched, MessageFetched, MessagePassed, WentThrough, Where, Why
from bothways_proxy.pause import PauseWatch, never
from bothways_proxy.pop3_mail import Pop3Mail
from testbed.letters import all_letters

PIXEL = (
    b'<img src="https://mandrillapp.com/track/open.php?u=30489975&amp;id=f2ab9c4f7c4e4b1fa2f6e3c1a2b3c4d5" '
    b'width="1" height="1">'
)
HEAD = b"From: Jane <me@vendor.test>\r\nMessage-ID: <one@vendor.test>\r\nSubject: Hi\r\n"
START = HEAD + b"Content-Type: text/html\r\n\r\n<p>x</p>" + PIXEL + b"\r\n<p>cut <b"
HERE = Where("reader@mail.test")


class Queue(list[Event]):
    full = False

    def put(self, event: Event) -> bool:
        self.append(event)
        return True


def mail(queue: Queue, copies: Sequence[Copy] = ()) -> Pop3Mail:
    return Pop3Mail(queue, RunStatus(), PauseWatch(never), lambda place: copies)  # type: ignore[arg-type]


def sha256(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def test_a_start_is_cleaned_as_the_whole_will_be() -> None:
    shared, choose = mail(Queue()), random.Random(7)
    for letter in all_letters("start"):
        whole = shared.clean(letter.raw, HERE)
        body = letter.raw.index(b"\n\n" if b"\r" not in letter.raw else b"\r\n\r\n")
        for cut in [choose.randint(body + 4, min(len(letter.raw), 60_000)) for _ in range(8)]:
            start = letter.raw[: letter.raw.rfind(b"\n", 0, cut) + 1]
            cleaned = shared.clean(start, HERE, Extent.START)
            assert set(cleaned.edits) <= set(whole.edits), letter.name
            within = {edit for edit in whole.edits if edit.start + len(edit.original) + 2000 < len(start)}
            assert within <= set(cleaned.edits), letter.name


def test_armour_that_may_end_later_is_left_alone() -> None:
    wrapped = b"https://mandrillapp.com/track/click/30489975/shop.test?p=eyJzIjoiVGVzdCIsInYiOjEsInAiOiJ7fSJ9"
    text = HEAD + b"Disposition-Notification-To: me@vendor.test\r\n\r\nSee " + wrapped + b" there\r\n"
    armoured = text.replace(b"See", b"-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\nSee")
    shared = mail(Queue())
    cleaned = shared.clean(armoured, HERE, Extent.START)
    assert b"\r\nX-xxxxxxxxxxxxxxxxxxxxxxxxx:" in cleaned.raw
    assert armoured[armoured.index(b"\r\n\r\n") :] in cleaned.raw


def test_a_start_that_left_before_leaves_again() -> None:
    edit = Edit(START.index(b"<p>x</p>"), b"<p>x</p>", b"        ")
    copy = Copy("m", "p", "pop3", sha256(b"of all of it"), "", datetime.now(UTC), (edit,))
    other = Copy("m", "p", "imap", sha256(START), "", datetime.now(UTC), ())
    cleaned = mail(Queue(), [other, copy]).clean(START, HERE, Extent.START)
    assert cleaned.raw == START.replace(b"<p>x</p>", b"        ")


def test_a_large_mail_is_noted_under_its_start_with_the_hashes_of_the_whole() -> None:
    shared = mail(queue := Queue())
    cleaned = shared.clean(START, HERE, Extent.START)
    assert PIXEL not in cleaned.raw
    shared.hear(MessageFetched(HERE, len(START), "a" * 64, "b" * 64, cleaned, Extent.START))
    (record,) = queue
    assert isinstance(record, MessageRecord)
    assert set(record.aliases) == {"mid:<one@vendor.test>", f"sha256:{sha256(START)}"}
    assert (record.route, record.original_sha256, record.cleaned_sha256) == ("pop3", "a" * 64, "b" * 64)
    assert f"looked_at:first:{len(START)}" in record.notes


def test_a_start_whose_end_nobody_saw_is_noted_as_what_it_is() -> None:
    shared = mail(queue := Queue())
    cleaned = shared.clean(START, HERE, Extent.START)
    shared.hear(MessageFetched(HERE, len(START), "", "", cleaned, Extent.START))
    (record,) = queue
    assert isinstance(record, MessageRecord)
    assert (record.original_sha256, record.cleaned_sha256) == (sha256(START), sha256(cleaned.raw))
    assert record.notes == cleaned.notes == ()


def test_a_preview_in_which_nothing_was_changed_is_not_noted() -> None:
    shared = mail(queue := Queue())
    shared.hear(MessageFetched(HERE, len(HEAD), "", "", Cleaned(HEAD), Extent.START))
    shared.hear(HeadFetched(HERE, Cleaned(HEAD)))
    assert queue == []


def test_a_whole_mail_is_noted_as_fetched_over_pop3() -> None:
    shared = mail(queue := Queue())
    shared.hear(MessageFetched(HERE, len(START), sha256(START), "b" * 64, Cleaned(START)))
    (record,) = queue
    assert isinstance(record, MessageRecord)
    assert (record.route, record.original_sha256) == ("pop3", sha256(START))


def test_a_mail_that_passed_and_a_connection_that_did_are_incidents() -> None:
    shared = mail(queue := Queue())
    for _ in range(2):
        shared.hear(MessagePassed(HERE, "RETR", 100, Why.LIMIT))
    shared.hear(WentThrough("xtnd", HERE))
    told = [(event.kind, event.reason, event.account) for event in queue if isinstance(event, Incident)]
    passed = ("passed", "limit", "reader@mail.test")
    assert told == [passed, passed, ("went_through", "xtnd", "reader@mail.test")]
    assert {event.route for event in queue if isinstance(event, Incident)} == {"pop3"}
