"""Statements that go to the driver as they are: values in and out, and its errors."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from bothways.ledger import Ledger
from bothways.ledger.prepared import fetch, run
from bothways.ledger.tables import open_attempts, settings
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

KEPT = select(open_attempts).where(open_attempts.c.host == bindparam("host"))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def attempt(number: int) -> dict[str, object]:
    at = (NOON + timedelta(minutes=number)).astimezone(timezone(timedelta(hours=3)))
    return {
        "at": at,
        "url": f"https://t.test/{number}%?:x",
        "host": "t.test",
        "vendor": None,
        "blocked": True,
    }


def test_values_come_out_as_they_went_in(ledger: Ledger) -> None:
    rows = [attempt(number) for number in range(3)]
    with ledger.writing() as connection:
        run(connection, insert(open_attempts), *rows)
        run(connection, insert(open_attempts))
        found = fetch(connection, KEPT, {"host": "t.test"})
    assert [{name: row[name] for name in rows[0]} for row in found] == rows
    assert {row["at"].tzinfo for row in found} == {UTC}
    assert found[0]["blocked"] is True


def test_each_set_of_columns_is_a_statement_of_its_own(ledger: Ledger) -> None:
    change = update(open_attempts).where(open_attempts.c.host == bindparam("of"))
    with ledger.writing() as connection:
        run(connection, insert(open_attempts), attempt(0))
        run(connection, change, {"of": "t.test", "blocked": False})
        run(connection, change, {"of": "t.test", "vendor": "acme", "url": "x"})
        (row,) = fetch(connection, KEPT, {"host": "t.test"})
    assert (row["blocked"], row["vendor"], row["url"]) == (False, "acme", "x")


def test_what_the_driver_raises_is_an_error_of_sqlalchemy_s_and_undoes_all(ledger: Ledger) -> None:
    row = {"key": "a", "value": {"b": [1]}}
    with pytest.raises(IntegrityError) as raised, ledger.writing() as connection:
        run(connection, insert(settings), row, row)
    assert raised.value.orig is raised.value.__cause__
    with ledger.reading() as connection:
        assert fetch(connection, select(settings), {}) == []
