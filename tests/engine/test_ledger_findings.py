"""What the ledger says of a URL: once per message, and never better than it was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from bothways.judge.findings import Action, Certainty, Kind, Reason, WhySeen
from bothways.ledger.queries import Counts
from bothways.urls.links import clean_link
from bothways.urls.telling import LinkReport, report
from bothways.urls.wrappers import LinkOptions
from bothways.vendors.catalogue import default_catalogue

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PLACE = "imap:buyer/INBOX/7/1"


def actions(ledger, name=PLACE):
    (message,) = ledger.find_messages([name])
    return [(stored.finding.action, stored.finding.url) for stored in message.findings]


def test_a_finding_comes_back_as_it_went_in(ledger, make_record, make_finding):
    finding = make_finding(
        kind=Kind.CLICK,
        certainty=Certainty.LIKELY,
        action=Action.SEEN,
        why_seen=WhySeen.NO_ROOM,
        visible=True,
        company="HubSpot",
        carrier="t.example",
        reasons=(Reason("vendor", "hubspot"), Reason("tiny")),
        replacement="",
    )
    identifier = ledger.record(make_record(findings=(finding,)))
    (stored,) = ledger.message(identifier).findings
    assert stored.finding == finding
    assert (stored.first_seen, stored.last_seen) == (NOON, NOON)


@pytest.mark.parametrize(
    "url",
    [
        "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fshop.example%2F%3Fmc_eid%3Db%26utm_source%3Dnews",
        "https://seller.us9.list-manage.com/track/click?u=de49160031912fd8c37783d6&id=59bfc85401&e=3cf31fc5ae",
        "https://shop.example/?vero_id=buyer%40example.com",
    ],
)
def test_what_a_click_would_have_told_is_known_later_too(ledger, make_record, make_finding, url):
    link = clean_link(url, default_catalogue(), LinkOptions())
    whose = {"vendor": link.vendor, "company": link.company, "carrier": link.carrier}
    finding = make_finding(url, kind=Kind.CLICK, link=link, **whose)
    (stored,) = ledger.message(ledger.record(make_record(findings=(finding,)))).findings
    assert stored.finding.link == link
    assert report(stored.finding.link) == report(link) != LinkReport()


@pytest.mark.parametrize("order", [1, -1])
def test_within_a_delivery_a_url_that_got_through_once_got_through(ledger, make_record, make_finding, order):
    found = (make_finding(), make_finding(action=Action.SEEN, why_seen=WhySeen.NO_ROOM))
    ledger.record(make_record(aliases=(PLACE,), findings=found[::order]))
    assert actions(ledger) == [("seen", "https://t.example/o/1")]


def test_the_later_delivery_of_a_route_replaces_the_earlier(ledger, make_record, make_finding):
    paused = make_finding(action=Action.SEEN, why_seen=WhySeen.POLICY)
    shown = make_record(aliases=("web:h/u/INBOX/5",), route="web", delivery="viewed")
    ledger.record(replace(shown, findings=(paused,)))
    ledger.record(replace(shown, findings=(make_finding(),), at=NOON + timedelta(hours=1)))
    (message,) = ledger.find_messages(["web:h/u/INBOX/5"])
    assert message.counts == Counts(blocked=1)
    assert message.findings[0].finding.why_seen is None
    assert message.views == 2


def test_a_webmail_does_not_undo_what_a_mail_program_let_pass(ledger, make_record, make_finding):
    digest = "sha256:" + "ab" * 32
    signed = make_finding(action=Action.SEEN, why_seen=WhySeen.SIGNED)
    ledger.record(make_record(aliases=(PLACE, digest), findings=(signed,)))
    shown = make_record(aliases=("web:h/u/INBOX/5", digest), route="web", delivery="viewed")
    ledger.record(replace(shown, findings=(make_finding(),)))
    assert actions(ledger) == [("seen", signed.url)]
    ledger.record(replace(shown, findings=(signed,)))
    ledger.record(replace(shown, findings=(make_finding(),)))
    assert actions(ledger) == [("seen", signed.url)]


def test_what_got_through_over_another_route_counts(ledger, make_record, make_finding):
    digest = "sha256:" + "ab" * 32
    ledger.record(make_record(aliases=(PLACE, digest), findings=(make_finding(),)))
    passed = make_finding(action=Action.SEEN, why_seen=WhySeen.POLICY)
    ledger.record(make_record(aliases=(digest,), route="web", delivery="viewed", findings=(passed,)))
    assert actions(ledger) == [("seen", passed.url)]


def test_vendors_are_counted_in_a_message(ledger, make_record, make_finding):
    found = [make_finding(f"https://t.example/{n}", vendor=v) for n, v in enumerate(["a", "b", "b", None])]
    identifier = ledger.record(make_record(findings=tuple(found)))
    assert [(v.id, v.count) for v in ledger.message(identifier).vendors] == [("b", 2), ("a", 1)]


def test_hostile_text_is_kept_as_far_as_a_database_takes_it(ledger, make_record, make_finding):
    nasty = "\0\ud800'\"; DROP TABLE messages;--\U0001f600" + "x" * 100_000
    found = (make_finding(nasty, vendor=nasty, carrier=nasty, reasons=(Reason(nasty, nasty),) * 99),)
    record = make_record(
        aliases=(f"mid:{nasty}",), message_id=nasty, sender=nasty, sender_name=nasty, subject=nasty,
        findings=found, notes=(nasty,) * 999, date=datetime.max.replace(tzinfo=UTC) - timedelta(days=1),
    )  # fmt: skip
    assert ledger.record(record) == ledger.record(record)
    (message,) = ledger.find_messages([f"mid:{nasty}"])
    assert message.subject.startswith("\ufffd")
    assert len(message.findings[0].finding.url) == 65536
    assert len(message.notes) == 1


def test_a_date_that_utc_cannot_hold_counts_as_none(ledger, make_record):
    far = datetime.max.replace(tzinfo=timezone(-timedelta(hours=5)))
    identifier = ledger.record(make_record(date=far))
    assert ledger.message(identifier).date is None
