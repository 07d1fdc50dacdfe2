"""What every module that writes rows shares: text that any database takes, moments that widen, new ids.

Statements on the way of mail are built once, at import: to build one costs several times what it does.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, RowMapping, Table, insert
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
MAX_TEXT = 2000
MAX_URL = 65536


class _Prepared(NamedTuple):
    """A statement that inserts: how each column is written, and the order where the driver knows no names."""

    sql: str
    writers: tuple[tuple[str, Callable[[Any], Any]], ...]
    in_order: Callable[[Any], tuple[Any, ...]] | None


def storable(text: str, limit: int = MAX_TEXT) -> str:
    """Make any string fit a text column: no NUL (PostgreSQL refuses it), no lone surrogate, bounded."""
    text = text[:limit]
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", text)


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
    return int(connection.execute(_inserting(table), row).scalar_one())


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns; for dozens of them in a third of SQLAlchemy's own time."""
    sql, writers, in_order = _prepare(table, tuple(rows[0]), connection.dialect)
    written = [{**row, **{name: write(row[name]) for name, write in writers}} for row in rows]
    connection.exec_driver_sql(sql, [in_order(row) for row in written] if in_order else written)


@lru_cache(maxsize=64)
def _prepare(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Prepared:
    compiled = insert(table).compile(dialect=dialect, column_keys=names)
    types = {name: table.c[name].type.dialect_impl(dialect) for name in names}
    found = {name: kind.bind_processor(dialect) for name, kind in types.items()}
    writers = tuple((name, write) for name, write in found.items() if write is not None)
    order = compiled.positiontup if isinstance(compiled, SQLCompiler) else None
    return _Prepared(str(compiled), writers, itemgetter(*order) if order else None)


@cache
def _inserting(table: Table) -> ReturningInsert[int]:
    return insert(table).returning(table.c.id)
