"""A ledger of the first shape is brought up to date, with all that it holds."""

import sqlite3

import pytest
from alembic import command
from alembic.config import Config
from bothways.ledger import Ledger
from bothways.ledger.database import FILE_NAME
from sqlalchemy import create_engine, text

URL = "https://t.example/o/b7Qx91LmZ{}"
OLD_FINDING = """INSERT INTO findings (message, url_sha256, url, kind, certainty, action, action_route,
    visible, element, attribute, reasons, first_seen, last_seen)
    VALUES (:message, :digest, :url, 'open', 'known', 'blocked', 'imap', 0, 'img', 'src', '[]', :at, :at)"""
OLD_MESSAGE = """INSERT INTO messages (id, subject, route, notes, first_seen, last_seen)
    VALUES (:message, 'An offer', 'imap', '[]', :at, :at)"""
AT = "2026-05-04 12:00:00.000000"


def migrate(home, target):
    """Run Alembic by itself on a ledger's file, as far as a step."""
    config = Config()
    config.set_main_option("script_location", "bothways.ledger:migrations")
    engine = create_engine(f"sqlite:///{home / FILE_NAME}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if target == "0001" else command.upgrade)(config, target)
    engine.dispose()


@pytest.fixture
def old(home):
    """A ledger of the first shape with two mails of one form."""
    Ledger.open(home).close()
    migrate(home, "0001")
    with sqlite3.connect(home / FILE_NAME) as connection:
        for number in range(1500):
            row = {"message": f"m{number}", "digest": f"{number:064}", "url": URL.format(number), "at": AT}
            connection.execute(OLD_MESSAGE, row)
            connection.execute(OLD_FINDING, row)
    connection.close()
    return home


def test_old_findings_are_kept_and_their_shapes_filled_in(old):
    ledger = Ledger.open(old)
    (stored,) = ledger.message("m1499").findings
    assert (stored.finding.url, stored.finding.link) == (URL.format(1499), None)
    assert (stored.elsewhere.same_url, stored.elsewhere.same_shape) == (0, 1000)
    with ledger.reading() as connection:
        counted = connection.execute(text("SELECT count(shape), count(DISTINCT shape) FROM findings")).one()
    assert tuple(counted) == (1500, 1)
    ledger.close()


def test_what_can_hold_no_shape_stays_without(old):
    with sqlite3.connect(old / FILE_NAME) as connection:
        connection.execute("UPDATE findings SET url = 'mailto:anna@seller.example'")
    connection.close()
    ledger = Ledger.open(old)
    assert ledger.message("m1").findings[0].elsewhere is None
    ledger.close()
