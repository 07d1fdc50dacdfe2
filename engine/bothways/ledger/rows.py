"""What every module that writes rows shares: text that any database takes, moments that widen, new ids.

Statements on the way of mail are built once, at import: to build one costs several times what it does.
"""

import re
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, RowMapping, Table, insert
from sqlalchemy.sql.dml import ReturningInsert

from bothways.ledger.prepared import Row, fetch

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
MAX_TEXT = 2000
MAX_URL = 65536


def storable(text: str, limit: int = MAX_TEXT) -> str:
    """Make any string fit a text column: no NUL (PostgreSQL refuses it), no lone surrogate, bounded."""
    text = text[:limit]
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", text)


def storable_or_none(text: str | None) -> str | None:
    """Make a string storable, an empty one None."""
    return storable(text) if text else None


def widen(row: Row | RowMapping, at: datetime) -> dict[str, datetime]:
    """Move first and last seen apart so that they hold `at`; events may come out of order."""
    changes = {}
    if at < row["first_seen"]:
        changes["first_seen"] = at
    if at > row["last_seen"]:
        changes["last_seen"] = at
    return changes


def insert_row(connection: Connection, table: Table, row: Row) -> int:
    """Insert a row into a table with a counted id and give that id."""
    return int(fetch(connection, _inserting(table), row)[0]["id"])


@cache
def _inserting(table: Table) -> ReturningInsert[int]:
    return insert(table).returning(table.c.id)
