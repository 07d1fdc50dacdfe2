"""What other mails say beside a finding: counted over messages, from an index, and bounded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from bothways.judge.findings import Action, Kind
from bothways.ledger import elsewhere
from bothways.ledger.elsewhere import Elsewhere, same_shape, same_url
from sqlalchemy import text

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(days=1)
FORM = "https://t.example/o/{}/open.gif"


@pytest.fixture
def deliver(ledger, make_record, make_finding):
    """Record a mail with open pixels at these URLs; give its internal id."""

    def record(number: int, *urls: str, **fields: object) -> str:
        found = tuple(make_finding(url) for url in urls)
        told = {"aliases": (f"imap:a/INBOX/1/{number}",), "message_id": f"<{number}@x>", "findings": found}
        return ledger.record(make_record(**(told | fields)))

    return record


def beside(ledger, message):
    return [stored.elsewhere for stored in ledger.message(message).findings]


def test_the_same_address_and_the_same_form_are_counted_in_other_mails(ledger, deliver):
    url = FORM.format("b7Qx91LmZ2")
    deliver(1, url, at=LATER)
    deliver(2, FORM.format("c8Ry02MnA3"), sender="ben@other.example", at=NOON)
    deliver(3, FORM.format("d9Sz13NoB4"), FORM.format("e0Ta24OpC5"), at=LATER)
    asked = deliver(4, url, "https://t.example/logo.png", at=LATER)
    assert beside(ledger, asked) == [Elsewhere(1, 2, 2, NOON), None]


def test_one_mail_delivered_often_is_one_mail_and_says_nothing_of_itself(ledger, deliver):
    asked = [deliver(1, FORM.format("b7Qx91LmZ2"), FORM.format("c8Ry02MnA3")) for _ in range(3)]
    assert len(set(asked)) == 1
    assert beside(ledger, asked[0]) == [None, None]


def test_a_form_without_a_token_is_no_evidence(ledger, deliver):
    deliver(1, "https://t.example/o?id=a")
    asked = deliver(2, "https://t.example/o?id=b")
    assert beside(ledger, asked) == [None]


def test_a_mail_without_a_sender_counts_as_a_mail(ledger, deliver):
    url = FORM.format("b7Qx91LmZ2")
    deliver(1, url, sender="")
    assert beside(ledger, deliver(2, url)) == [Elsewhere(1, 0, 0, NOON)]


def test_it_changes_neither_verdict_nor_action(ledger, deliver, make_finding):
    url = FORM.format("b7Qx91LmZ2")
    deliver(1, url)
    asked = deliver(2, url)
    (stored,) = ledger.message(asked).findings
    assert stored.finding == make_finding(url)
    (found,) = ledger.find_messages(["imap:a/INBOX/1/2"])
    assert found.findings == (replace(stored, elsewhere=None),)


def test_counting_ends_at_its_bounds(ledger, make_record, make_finding, monkeypatch):
    monkeypatch.setattr(elsewhere, "MOST_MAILS", 3)
    monkeypatch.setattr(elsewhere, "MOST_FINDINGS", 2)
    click = make_finding(FORM.format("a0click000001"), kind=Kind.CLICK, action=Action.SEEN)
    opens = tuple(make_finding(FORM.format(f"b7Qx91LmZ{n}")) for n in range(2))
    events = [make_record(aliases=(f"imap:a/INBOX/1/{n}",), findings=(click, *opens)) for n in range(5)]
    message = ledger.record_all(events)[-1]
    assert [found and found.same_url for found in beside(ledger, message)] == [None, 3, 3]


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
def test_both_questions_are_answered_from_an_index_alone(ledger, deliver):
    message = deliver(1, FORM.format("b7Qx91LmZ2"))
    for question, index in (
        (same_url(message, "0" * 64), "ix_findings_url_sha256_message"),
        (same_shape(message, "0" * 32), "ix_findings_shape_message_url_sha256"),
    ):
        with ledger.reading() as connection:
            compiled = question.compile(connection, compile_kwargs={"literal_binds": True})
            plan = [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
        assert any(f"USING COVERING INDEX {index}" in step for step in plan), plan
        assert not any("SCAN findings" in step or "TEMP B-TREE" in step for step in plan), plan
