"""Which deliveries are one message."""

from datetime import UTC, datetime, timedelta

import pytest

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
MID = "mid:<1@seller.example>"
PLACE = "imap:buyer/INBOX/7/1"


def test_the_same_mail_twice_is_one_message(ledger, make_record, make_finding):
    first = ledger.record(make_record(findings=(make_finding(),)))
    again = ledger.record(make_record(findings=(make_finding(),), at=NOON + timedelta(hours=1)))
    (message,) = ledger.find_messages([MID])
    assert first == again == message.id
    assert (message.fetched, message.views) == (2, 0)
    assert (message.first_seen, message.last_seen) == (NOON, NOON + timedelta(hours=1))


@pytest.mark.parametrize(
    "other",
    [
        {"sender": "ben@seller.example"},
        {"date": NOON + timedelta(seconds=1)},
        {"date": None},
        {"findings": ()},
    ],
)
def test_a_message_id_used_again_for_another_mail_names_two_messages(
    ledger, make_record, make_finding, other
):
    one = ledger.record(make_record(findings=(make_finding(),)))
    two = ledger.record(make_record(**({"findings": (make_finding(),)} | other)))
    assert one != two
    assert {message.id for message in ledger.find_messages([MID])} == {one, two}


def test_another_order_of_the_same_findings_is_the_same_message(ledger, make_record, make_finding):
    a, b = make_finding("https://t.example/a"), make_finding("https://t.example/b")
    assert ledger.record(make_record(findings=(a, b))) == ledger.record(make_record(findings=(b, a, a)))


def test_a_place_on_a_server_decides_alone(ledger, make_record, make_finding):
    part = make_record(aliases=(PLACE,), message_id=None, sender="", subject="", date=None)
    whole = make_record(aliases=(PLACE, MID), findings=(make_finding(),))
    assert ledger.record(part) == ledger.record(whole)
    (message,) = ledger.find_messages([MID])
    assert message.message_id == "<1@seller.example>"
    assert message.sender is not None
    assert message.sender.address == "anna@seller.example"
    assert message.aliases == (PLACE, MID)


def test_the_same_octets_in_two_mailboxes_are_one_message(ledger, make_record):
    digest = "sha256:" + "ab" * 32
    one = ledger.record(make_record(aliases=(PLACE, digest)))
    two = ledger.record(make_record(aliases=("imap:buyer/Archive/3/9", digest.upper().replace("SHA", "sha"))))
    assert one == two
    assert len(ledger.find_messages([PLACE, "imap:buyer/Archive/3/9", digest])) == 1


def test_a_webmail_number_used_again_is_another_message(ledger, make_record):
    web = "web:mail.example/-/INBOX/5"
    shown = {"route": "web", "delivery": "viewed"}
    one = ledger.record(make_record(aliases=(web,), message_id=None, **shown))
    same = ledger.record(make_record(aliases=(web,), date=None, **shown))
    other = ledger.record(make_record(aliases=(web,), message_id="<2@x.example>", **shown))
    assert one == same != other


def test_the_most_strongly_named_message_comes_first(ledger, make_record, make_finding):
    placed = ledger.record(make_record(aliases=(PLACE, MID)))
    later = ledger.record(make_record(findings=(make_finding(),), at=NOON + timedelta(days=1)))
    assert [message.id for message in ledger.find_messages([MID])] == [later, placed]
    assert [message.id for message in ledger.find_messages([MID, PLACE])] == [placed, later]


def test_a_place_is_found_behind_many_mails_of_one_message_id(ledger, make_record):
    placed = ledger.record(make_record(aliases=(PLACE, MID)))
    ledger.record_all(make_record(at=NOON + timedelta(n), date=NOON + timedelta(n)) for n in range(1, 150))
    assert ledger.record(make_record(aliases=(PLACE, MID), date=None)) == placed
    assert len(ledger.find_messages([MID])) == 50
    assert ledger.find_messages([MID, PLACE])[0].id == placed


def test_no_alias_names_nothing(ledger, make_record):
    one = ledger.record(make_record(aliases=()))
    two = ledger.record(make_record(aliases=()))
    assert one != two
    assert ledger.find_messages([]) == []
    assert ledger.find_messages(["nonsense", "", "mid:"]) == []
    assert ledger.message(one).subject == "An offer"
    assert ledger.message("no such id") is None
