"""The ledger's file: private, sound, of this program, up to date."""

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from bothways.ledger import Ledger, LedgerError
from bothways.ledger.database import FILE_NAME, HEAD
from bothways.ledger.tables import UtcDateTime, metadata
from sqlalchemy import create_engine
from sqlalchemy.dialects import sqlite


def test_file_and_folder_are_the_users_alone(home, ledger):
    assert home.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in home.iterdir()} == {0o600}


def test_the_steps_lead_to_the_tables_of_the_code(home, ledger):
    engine = create_engine(f"sqlite:///{home / FILE_NAME}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == HEAD
    engine.dispose()


@pytest.mark.parametrize("microsecond", [0, 1, 999_999])
@pytest.mark.parametrize("year", [1, 2026])
def test_a_moment_has_the_text_that_sqlalchemy_writes(year, microsecond):
    here = datetime(year, 5, 4, 14, 0, 9, microsecond, tzinfo=timezone(timedelta(hours=2)))
    written = UtcDateTime().bind_processor(sqlite.dialect())(here)
    naive = here.astimezone(UTC).replace(tzinfo=None)
    assert written == sqlite.DATETIME().bind_processor(sqlite.dialect())(naive)


def test_a_ledger_is_opened_again_with_what_it_held(home, make_record):
    for _ in range(2):
        opened = Ledger.open(home)
        identifier = opened.record(make_record())
        opened.close()
    opened = Ledger.open(str(home))
    assert opened.message(identifier).fetched == 2
    opened.close()


def test_it_is_write_ahead_and_checks_its_keys(ledger):
    with ledger.reading() as connection:
        ask = lambda name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()  # noqa: E731
        assert (ask("journal_mode"), ask("synchronous"), ask("foreign_keys")) == ("wal", 1, 1)


@pytest.mark.parametrize(("name", "mode"), [(".", 0o750), (FILE_NAME, 0o644)])
def test_what_others_can_read_is_refused_with_the_way_out(home, name, mode):
    Ledger.open(home).close()
    (home / name).chmod(mode)
    with pytest.raises(LedgerError, match=r"open to other users.*chmod"):
        Ledger.open(home)


def test_another_users_folder_is_refused(home, monkeypatch):
    Ledger.open(home).close()
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(LedgerError, match="another user"):
        Ledger.open(home)


def test_a_broken_file_is_refused(home):
    home.mkdir(mode=0o700)
    path = home / FILE_NAME
    path.touch(mode=0o600)
    path.write_bytes(b"this is no database" * 1000)
    with pytest.raises(LedgerError, match="cannot be read"):
        Ledger.open(home)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer Bothways"),
        ("DROP TABLE alembic_version", "another program"),
    ],
)
def test_another_programs_or_a_newer_ledger_is_refused(home, statement, why):
    Ledger.open(home).close()
    with sqlite3.connect(home / FILE_NAME) as connection:
        connection.execute(statement)
    connection.close()
    with pytest.raises(LedgerError, match=why):
        Ledger.open(home)


@pytest.mark.parametrize("url", ["nonsense://x/y", "postgresql+nodriver://h/d", "http://"])
def test_a_url_of_no_database_is_refused(url):
    with pytest.raises(LedgerError):
        Ledger.open(url)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger.open(tmp_path / "file" / "home")


def test_many_programs_may_make_the_ledger_at_once(home):
    program = "import sys; from bothways.ledger import Ledger; Ledger.open(sys.argv[1]).close()"
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(home)], stderr=subprocess.PIPE) for _ in range(3)
    ]
    assert [(process.communicate()[1], process.returncode) for process in running] == [(b"", 0)] * 3
