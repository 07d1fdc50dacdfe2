"""Mail that passed without being looked at: counted, bounded, let go."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from bothways.ledger import LedgerWriter
from bothways.ledger.incidents import KEPT, MAX_ROWS
from bothways.ledger.records import Incident

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ODD = Incident("went_through", "not_a_response", NOON, "imap", "reader@mail.test", "imap.mail.test")


def test_what_is_recorded_is_told(ledger):
    identifier = ledger.record(ODD)
    (told,) = ledger.incidents()
    assert (str(told.id), told.kind, told.reason, told.route) == (
        identifier,
        "went_through",
        "not_a_response",
        "imap",
    )
    assert (told.account, told.server, told.times) == ("reader@mail.test", "imap.mail.test", 1)
    assert told.first_seen == told.last_seen == NOON


def test_the_same_within_a_day_is_one_row(ledger):
    for hours in (0, 5, 3, 23):
        ledger.record(replace(ODD, at=NOON + hours * HOUR))
    (told,) = ledger.incidents()
    assert (told.times, told.first_seen, told.last_seen) == (4, NOON, NOON + 23 * HOUR)
    ledger.record(replace(ODD, at=NOON + 25 * HOUR))
    assert [told.times for told in ledger.incidents()] == [1, 4]


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "passed"},
        {"reason": "fault:KeyError"},
        {"route": "pop3"},
        {"account": "other@mail.test"},
        {"server": ""},
    ],
)
def test_another_place_or_reason_is_another_row(ledger, other):
    ledger.record_all([ODD, replace(ODD, **other)])
    assert [told.times for told in ledger.incidents()] == [1, 1]


def test_the_newest_come_first_and_no_more_than_asked_for(ledger):
    for hours in (1, 3, 2):
        ledger.record(replace(ODD, account=str(hours), at=NOON + hours * HOUR))
    assert [told.account for told in ledger.incidents(2)] == ["3", "2"]


def test_those_of_a_time_are_counted(ledger):
    ledger.record_all([ODD, replace(ODD, at=NOON + HOUR), replace(ODD, reason="x", at=NOON + 2 * HOUR)])
    counted = [ledger.count_incidents(NOON + hours * HOUR) for hours in (0, 1, 2, 3)]
    assert counted == [2, 2, 1, 0]


def test_old_ones_are_let_go_and_so_are_too_many(ledger):
    ledger.record_all([ODD, replace(ODD, at=NOON + KEPT + HOUR)])
    assert [told.last_seen for told in ledger.incidents()] == [NOON + KEPT + HOUR]
    later = NOON + KEPT + 2 * HOUR
    ledger.record_all(replace(ODD, account=str(number), at=later) for number in range(MAX_ROWS + 5))
    told = ledger.incidents(2 * MAX_ROWS)
    assert len(told) == MAX_ROWS
    assert told[-1].account == "5"


def test_what_no_column_holds_is_made_to_fit(ledger):
    ledger.record(replace(ODD, reason="fault:" + "x" * 900, account="a\0\udcff", server="s" * 9000))
    (told,) = ledger.incidents()
    assert (len(told.reason), told.account, len(told.server)) == (64, "a\ufffd\ufffd", 2000)
    ledger.record(replace(ODD, reason="fault:" + "x" * 900, account="a\0\udcff", server="s" * 9000))
    assert [told.times for told in ledger.incidents()] == [2]


def test_the_writer_takes_them_and_delete_all_forgets_them(ledger):
    writer = LedgerWriter(ledger)
    writer.start()
    assert writer.put(ODD)
    assert writer.stop(10)
    assert len(ledger.incidents()) == 1
    ledger.delete_all()
    assert ledger.incidents() == []
