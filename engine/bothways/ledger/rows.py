"""What every module that writes rows shares: text that any database takes, moments that widen, new ids."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, insert

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
MAX_TEXT = 2000
MAX_URL = 65536


def storable(text: str, limit: int = MAX_TEXT) -> str:
    """Make any string fit a text column: no NUL (PostgreSQL refuses it), no lone surrogate, bounded."""
    return _UNSTORABLE.sub("\ufffd", text[:limit])


def storable_or_none(text: str | None) -> str | None:
    """Make a string storable, an empty one None."""
    return storable(text) if text else None


def widen(row: RowMapping, at: datetime) -> dict[str, datetime]:
    """Move first and last seen apart so that they hold `at`; events may come out of order."""
    changes = {}
    if at < row["first_seen"]:
        changes["first_seen"] = at
    if at > row["last_seen"]:
        changes["last_seen"] = at
    return changes


def insert_row(connection: Connection, table: Table, row: dict[str, Any]) -> int:
    """Insert a row into a table with a counted id and give that id."""
    return int(connection.execute(insert(table).returning(table.c.id), row).scalar_one())
