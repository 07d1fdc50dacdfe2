"""Counts are per message."""

from datetime import UTC, datetime, timedelta, timezone

from bothways.judge.findings import Action, Kind, WhySeen
from bothways.ledger import OpenAttempt
from bothways.ledger.queries import Counts

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_mail_seen_often_counts_once(ledger, make_record, make_finding):
    for hour in range(5):
        ledger.record(make_record(findings=(make_finding(),), at=NOON + timedelta(hours=hour)))
    totals = ledger.totals(NOON - DAY, NOON + DAY)
    assert (totals.messages, totals.tracked, totals.counts) == (1, 1, Counts(blocked=1))


def test_totals_tell_what_became_of_the_urls(ledger, make_record, make_finding):
    found = (
        make_finding("https://t.example/1"),
        make_finding("https://t.example/2", kind=Kind.CLICK, action=Action.CLEANED, replacement="https://x/"),
        make_finding("https://t.example/3", action=Action.SEEN, why_seen=WhySeen.SIGNED),
    )
    ledger.record(make_record(findings=found))
    ledger.record(make_record(aliases=("mid:<2@x>",)))
    totals = ledger.totals(NOON, NOON + DAY)
    assert (totals.messages, totals.tracked) == (2, 1)
    assert totals.counts == Counts(blocked=1, cleaned=1, seen=1)


def test_totals_hold_their_start_and_not_their_end(ledger, make_record):
    ledger.record(make_record())
    ledger.record(OpenAttempt("https://t.example/1", NOON, "hubspot", "t.example"))
    assert ledger.totals(NOON - DAY, NOON).messages == 0
    inside = ledger.totals(NOON, NOON + DAY)
    assert (inside.messages, inside.open_attempts) == (1, 1)


def test_times_of_any_zone_mean_the_same_moment(ledger, make_record):
    ledger.record(make_record(at=NOON.astimezone(timezone(timedelta(hours=9)))))
    assert ledger.totals(NOON, NOON + timedelta(seconds=1)).messages == 1


def test_a_sender_is_summed_up_over_all_mails(ledger, make_record, make_finding):
    ledger.record(make_record(aliases=("mid:<1@x>",), findings=(make_finding(),)))
    ledger.record(make_record(aliases=("mid:<2@x>",), sender="ANNA@seller.example", at=NOON + DAY))
    identifier = ledger.record(make_record(aliases=("mid:<3@x>",), sender_name="Anna B.", at=NOON - DAY))
    sender = ledger.message(identifier).sender
    assert (sender.messages, sender.tracked, sender.name) == (3, 1, "Anna B.")
    assert (sender.first_seen, sender.last_seen) == (NOON - DAY, NOON + DAY)


def test_delete_all_forgets_mail_and_keeps_clients(ledger, make_record, make_finding):
    ledger.record(make_record(findings=(make_finding(),), original_sha256="ab"))
    ledger.record(OpenAttempt("https://t.example/1", NOON, "hubspot", "t.example"))
    paired = ledger.redeem_pairing_code(ledger.new_pairing_code(), "Chromium")
    ledger.delete_all()
    totals = ledger.totals(NOON - DAY, NOON + DAY)
    assert (totals.messages, totals.open_attempts) == (0, 0)
    assert ledger.client_of(paired.token).name == "Chromium"
