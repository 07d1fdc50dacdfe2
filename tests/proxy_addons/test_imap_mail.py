"""What the IMAP connections share: what a mail becomes at its place, and what is noted of it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bothways.clean import Cleaned
from bothways.judge.findings import Action, Kind, WhySeen
from bothways.ledger.copies import Copy
from bothways.ledger.records import Event, Incident, MessageRecord, Refetch
from bothways.message.edits import Edit
from bothways.settings import Settings
from bothways.status import RunStatus
from bothways.wire.events import (
    Extent,
    FetchedAgain,
    HeadFetched,
    LeftBefore,
    MessageFetched,
    MessagePassed,
    SpecialUse,
    WentThrough,
    Where,
    Why,
)
from bothways_proxy.imap_mail import ImapMail, no_copies
from bothways_proxy.pause import PauseWatch, never

PIXEL = (
    b'<img src="https://mandrillapp.com/track/open.php?u=30489975&amp;id=f2ab9c4f7c4e4b1fa2f6e3c1a2b3c4d5" '
    b'width="1" height="1">'
)
MAIL = (
    b"From: Jane <me@vendor.test>\r\nMessage-ID: <one@vendor.test>\r\nSubject: Hi\r\n"
    b"Content-Type: text/html\r\n\r\n<p>x</p>" + PIXEL + b"\r\n"
)
HERE = Where("reader@mail.test", "INBOX/a", 7, 9)


class Queue(list[Event]):
    full = False

    def put(self, event: Event) -> bool:
        self.append(event)
        return True


def mail(
    queue: Queue,
    paused_until: Callable[[], datetime | None] = never,
    copies_at: Callable[[str], Sequence[Copy]] = no_copies,
) -> ImapMail:
    return ImapMail(queue, RunStatus(), PauseWatch(paused_until), copies_at)  # type: ignore[arg-type]


def test_a_mail_is_cleaned_in_its_own_length() -> None:
    cleaned = mail(Queue()).clean(MAIL, HERE)
    assert (PIXEL in cleaned.raw, len(cleaned.raw)) == (False, len(MAIL))


def test_a_mail_whose_edits_nobody_could_keep_stays_as_it_is() -> None:
    queue = Queue()
    queue.full = True
    assert mail(queue).clean(MAIL, HERE) == Cleaned(MAIL, notes=("failed:ledger_full",))


@pytest.mark.parametrize(
    "where", [Where("me@vendor.test", "INBOX"), Where("me", "Sent", use=SpecialUse.SENT)]
)
def test_own_mail_is_only_judged(where: Where) -> None:
    cleaned = mail(Queue()).clean(MAIL, where)
    assert cleaned.raw == MAIL
    assert [(f.action, f.why_seen) for f in cleaned.findings] == [(Action.SEEN, WhySeen.OWN)]


def test_a_sender_who_writes_the_reader_s_address_into_from_is_not_the_reader() -> None:
    raw = b"Received: from seller.test by mail.test\r\n" + MAIL
    assert PIXEL not in mail(Queue()).clean(raw, Where("ME@vendor.test", "INBOX")).raw
    assert PIXEL in mail(Queue()).clean(raw, Where("me@vendor.test", "Sent", use=SpecialUse.SENT)).raw


def test_what_left_before_leaves_again() -> None:
    edit = Edit(MAIL.index(b"<p>x</p>"), b"<p>x</p>", b"        ")
    digest = hashlib.sha256(MAIL).hexdigest()
    copy = Copy("m", "p", "imap", digest, "", datetime.now(UTC), (edit,))
    asked = []
    first = mail(Queue(), copies_at=lambda place: asked.append(place) or [copy])
    assert first.clean(MAIL, HERE).raw == MAIL.replace(b"<p>x</p>", b"        ")
    assert asked == ["imap:reader@mail.test/INBOX%2Fa/7/9"]
    assert PIXEL not in first.clean(MAIL + b" ", HERE).raw


def test_a_mail_without_a_uid_is_known_by_its_octets() -> None:
    digest = hashlib.sha256(MAIL).hexdigest()
    other = Copy("m", "p", "imap", "0" * 64, "", datetime.now(UTC), (Edit(0, b"x", b"y"),))
    copy = Copy("m", "p", "imap", digest, "", datetime.now(UTC), ())
    asked = []
    first = mail(Queue(), copies_at=lambda place: asked.append(place) or [other, copy])
    assert first.clean(MAIL, Where("reader", "INBOX", 7)).raw == MAIL
    assert asked == [f"sha256:{digest}"]


def copies_of(*copies: Copy) -> Callable[[str], list[Copy]]:
    return lambda place: [copy for copy in copies if copy.place == place]


def copy_at(place: str, edits: tuple[Edit, ...], digest: str = "") -> Copy:
    return Copy("m", place, "imap", digest, "", datetime.now(UTC), edits)


PLACE = "imap:reader@mail.test/INBOX%2Fa/7/9"
TAKEN_OUT = Edit(MAIL.index(b"<p>x</p>"), b"<p>x</p>", b"        ")


def test_the_start_of_a_mail_is_known_by_its_place_and_its_octets() -> None:
    behind = Edit(len(MAIL) + 50, b"a", b"b")
    first = mail(Queue(), copies_at=copies_of(copy_at(PLACE, (TAKEN_OUT, behind), "f" * 64)))
    cleaned = first.clean(MAIL, HERE, Extent.START)
    assert cleaned.raw == MAIL.replace(b"<p>x</p>", b"        ")
    assert cleaned.edits == (TAKEN_OUT, behind)
    assert PIXEL not in first.clean(MAIL.replace(b"<p>x", b"<p>y"), HERE, Extent.START).raw


def test_the_whole_keeps_what_its_start_was_given() -> None:
    assert PIXEL in mail(Queue(), copies_at=copies_of(copy_at(PLACE, (TAKEN_OUT,)))).clean(MAIL, HERE).raw
    assert PIXEL in mail(Queue(), copies_at=copies_of(copy_at(PLACE, ()))).clean(MAIL, HERE, Extent.START).raw


def test_only_what_the_ledger_knows_whole_at_this_place_is_on_record() -> None:
    digest = hashlib.sha256(MAIL).hexdigest()
    where, old = Where("reader", "INBOX", 7, 9, server="imap.one.test"), "imap:reader/INBOX/7/9"
    here = "imap:reader@imap.one.test/INBOX/7/9"
    for place, known, whole, start in (
        (here, digest, True, True),
        (here, "", False, False),
        (old, digest, False, False),
    ):
        held = mail(Queue(), copies_at=copies_of(copy_at(place, (TAKEN_OUT,), known)))
        assert isinstance(held.clean(MAIL, where), LeftBefore) is whole
        assert isinstance(held.clean(MAIL, where, Extent.START), LeftBefore) is start


def test_a_mail_whose_start_was_looked_at_is_on_record_once_its_whole_is() -> None:
    at_first, whole = copy_at(PLACE, (TAKEN_OUT,)), copy_at(PLACE, (TAKEN_OUT,), "f" * 64)
    other = copy_at(PLACE, (), "e" * 64)
    for copies, known in (((at_first,), False), ((at_first, other, whole), True), ((at_first, other), False)):
        held = mail(Queue(), copies_at=copies_of(*copies)).clean(MAIL, HERE, Extent.START)
        assert held.edits == (TAKEN_OUT,)
        assert isinstance(held, LeftBefore) is known


def test_two_servers_with_one_login_are_two_accounts() -> None:
    asked: list[str] = []
    shared = mail(queue := Queue(), copies_at=lambda place: asked.append(place) or [])
    where = Where("reader", "INBOX", 7, 9, server="imap.one.test")
    shared.hear(MessageFetched(where, len(MAIL), "a" * 64, "b" * 64, shared.clean(MAIL, where)))
    (record,) = queue
    assert isinstance(record, MessageRecord)
    assert "imap:reader@imap.one.test/INBOX/7/9" in record.aliases
    assert asked == ["imap:reader@imap.one.test/INBOX/7/9", "imap:reader/INBOX/7/9"]


@pytest.mark.parametrize("login", ["reader", "reader@mail.test"])
def test_nothing_changed_under_the_old_name_of_a_place_proves_nothing(login: str) -> None:
    where = Where(login, "INBOX", 7, 9, server="imap.one.test")
    for known, extent in (("f" * 64, Extent.START), ("", Extent.START), ("", Extent.WHOLE)):
        old = mail(Queue(), copies_at=copies_of(copy_at(f"imap:{login}/INBOX/7/9", (), known)))
        assert PIXEL not in old.clean(MAIL, where, extent).raw


def test_what_was_changed_under_the_old_name_of_a_place_holds() -> None:
    where = Where("reader@mail.test", "INBOX", 7, 9, server="imap.one.test")
    old = mail(Queue(), copies_at=copies_of(copy_at("imap:reader@mail.test/INBOX/7/9", (TAKEN_OUT,))))
    assert old.clean(MAIL, where, Extent.START).edits == (TAKEN_OUT,)


def test_an_account_without_a_name_has_no_places() -> None:
    asked: list[str] = []
    unnamed = mail(queue := Queue(), copies_at=lambda place: asked.append(place) or [])
    where = Where("", "INBOX", 7, 9, server="imap.one.test")
    unnamed.hear(MessageFetched(where, len(MAIL), "a" * 64, "b" * 64, unnamed.clean(MAIL, where)))
    (record,) = queue
    assert isinstance(record, MessageRecord)
    assert set(record.aliases) == {"mid:<one@vendor.test>", "sha256:" + "a" * 64}
    assert asked == [f"sha256:{hashlib.sha256(MAIL).hexdigest()}"]


def test_a_ledger_that_fails_does_not_stop_the_cleaning() -> None:
    def fail(_: str = "") -> None:
        raise OSError

    assert PIXEL not in mail(Queue(), fail, fail).clean(MAIL, HERE).raw  # type: ignore[arg-type]


def test_a_fetched_mail_is_noted_with_its_names() -> None:
    queue = Queue()
    mail(queue).hear(MessageFetched(HERE, len(MAIL), "a" * 64, "b" * 64, Cleaned(MAIL)))
    (record,) = queue
    assert isinstance(record, MessageRecord)
    assert set(record.aliases) == {
        "mid:<one@vendor.test>",
        "imap:reader@mail.test/INBOX%2Fa/7/9",
        "sha256:" + "a" * 64,
    }
    assert (record.sender, record.sender_name, record.subject) == ("me@vendor.test", "Jane", "Hi")


def test_the_start_of_a_mail_is_noted_as_one_and_holds_its_place() -> None:
    queue = Queue()
    mail(queue).hear(MessageFetched(HERE, 5000, "", "", Cleaned(MAIL), Extent.START))
    (record,) = queue
    assert isinstance(record, MessageRecord)
    assert set(record.aliases) == {"mid:<one@vendor.test>", PLACE}
    assert (record.notes, record.original_sha256, record.holds_place) == (
        ("looked_at:first:5000",),
        None,
        True,
    )


def test_a_mail_that_is_fetched_again_is_noted_by_its_place() -> None:
    shared = mail(queue := Queue())
    shared.hear(FetchedAgain(HERE, (TAKEN_OUT,)))
    shared.hear(FetchedAgain(HERE, (TAKEN_OUT,), "a" * 64, "b" * 64))
    first, second = queue
    assert isinstance(first, Refetch)
    assert isinstance(second, MessageRecord)
    assert first.alias == PLACE
    assert (second.aliases, second.edits) == ((PLACE, "sha256:" + "a" * 64), (TAKEN_OUT,))


def test_a_receipt_in_header_fields_is_noted_once_and_without_edits() -> None:
    shared = mail(queue := Queue())
    fields = b"Subject: Hi\r\nDisposition-Notification-To: me@vendor.test\r\n\r\n"
    cleaned = shared.clean(fields, HERE, Extent.HEAD)
    assert cleaned.raw == fields.replace(b"Disposition-Notification-To", b"X-" + b"x" * 25)
    shared.hear(HeadFetched(HERE, cleaned))
    shared.hear(HeadFetched(HERE, cleaned))
    (record,) = queue
    assert isinstance(record, MessageRecord)
    assert [finding.kind for finding in record.findings] == [Kind.RECEIPT]
    assert (record.edits, record.holds_place) == ((), False)


def test_windows_of_one_mail_are_noted_once() -> None:
    shared = mail(queue := Queue())
    for item in ("BODY[]<0>", "BODY[]<100>", "BODY[]<200>"):
        shared.hear(MessagePassed(HERE, item, 100, Why.WINDOW))
    (record,) = queue
    assert isinstance(record, MessageRecord)
    assert record.notes == ("not_looked_at:window",)


def test_what_passes_without_a_place_and_a_connection_that_does_are_incidents() -> None:
    shared = mail(queue := Queue())
    here = Where("a", "b", server="imap.mail.test")
    shared.hear(MessagePassed(here, "BODY[1]", 100, Why.PART))
    shared.hear(MessagePassed(here, "BODY[]", 100, Why.ERROR, "KeyError"))
    shared.hear(WentThrough("not_a_response", here))
    told = [(event.kind, event.reason) for event in queue if isinstance(event, Incident)]
    assert told == [("passed", "part"), ("passed", "error:KeyError"), ("went_through", "not_a_response")]
    assert {(e.route, e.account, e.server) for e in queue if isinstance(e, Incident)} == {
        ("imap", "a", "imap.mail.test")
    }


def test_what_is_settled_holds_for_mail_of_the_proxy() -> None:
    settings = Settings(policy="watch", recipients=("me@vendor.test",))
    watched = ImapMail(Queue(), RunStatus(), PauseWatch(never), settings=settings)  # type: ignore[arg-type]
    assert watched.clean(MAIL, HERE).raw == MAIL
    own = replace(settings, policy="default")
    mails = ImapMail(Queue(), RunStatus(), PauseWatch(never), settings=own)  # type: ignore[arg-type]
    assert [finding.why_seen for finding in mails.clean(MAIL, HERE).findings] == [WhySeen.OWN]
    received = b"Received: from a by b; c\r\n" + MAIL
    assert PIXEL not in mails.clean(received, HERE).raw
