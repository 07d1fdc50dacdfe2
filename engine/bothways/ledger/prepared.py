"""Statements on the way of mail: worked out once, then given to the database's driver as they are.

SQLAlchemy writes them, and knows how values are written and read; its own way to the driver takes forty times
what SQLite takes for a row. They run in the connection's transaction. What the driver raises, `transaction`
turns into SQLAlchemy's errors.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Insert, Select, Update
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.types import TypeEngine

type Statement = Select[Any] | Insert | Update
type Row = dict[str, Any]
type _Converters = tuple[tuple[str, Callable[[Any], Any]], ...]


class _Prepared(NamedTuple):
    """`own` are the values that are part of the statement; `order` is None where the driver knows names."""

    sql: str
    own: Row
    writers: _Converters
    order: tuple[str, ...] | None
    columns: tuple[str, ...]
    readers: _Converters

    def write(self, told: Mapping[str, Any]) -> Any:
        values = {**self.own, **told}
        for name, write in self.writers:
            values[name] = write(values[name])
        return values if self.order is None else [values[name] for name in self.order]

    def read(self, values: Sequence[Any]) -> Row:
        row = dict(zip(self.columns, values, strict=True))
        for name, read in self.readers:
            row[name] = read(row[name])
        return row


def run(connection: Connection, statement: Statement, *rows: Mapping[str, Any]) -> None:
    """Run a statement for each of the rows, which all name the same parameters."""
    if not rows:
        return
    prepared = _prepare(statement, tuple(rows[0]), connection.dialect)
    with closing(_cursor(connection)) as cursor:
        if len(rows) == 1:
            cursor.execute(prepared.sql, prepared.write(rows[0]))
        else:
            cursor.executemany(prepared.sql, [prepared.write(row) for row in rows])


def fetch(connection: Connection, statement: Statement, told: Mapping[str, Any]) -> list[Row]:
    """Run a statement that gives rows; each is its values by the names of the columns."""
    prepared = _prepare(statement, tuple(told), connection.dialect)
    with closing(_cursor(connection)) as cursor:
        cursor.execute(prepared.sql, prepared.write(told))
        return [prepared.read(values) for values in cursor.fetchall()]


def _cursor(connection: Connection) -> DBAPICursor:
    return connection.connection.cursor()


@lru_cache(maxsize=512)
def _prepare(statement: Statement, names: tuple[str, ...], dialect: Dialect) -> _Prepared:
    columns = None if isinstance(statement, Select) else names
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    types = {name: compiled.binds[name].type for name in compiled.params}
    given = [(str(column.key), column.type) for column in statement.exported_columns]
    return _Prepared(
        sql=str(compiled),
        own={name: value for name, value in compiled.params.items() if name not in names},
        writers=_converters(types.items(), lambda kind: kind.bind_processor(dialect), dialect),
        order=None if compiled.positiontup is None else tuple(compiled.positiontup),
        columns=tuple(name for name, _ in given),
        readers=_converters(given, lambda kind: kind.result_processor(dialect, None), dialect),
    )


def _converters(
    types: Iterable[tuple[str, TypeEngine[Any]]],
    choose: Callable[[TypeEngine[Any]], Callable[[Any], Any] | None],
    dialect: Dialect,
) -> _Converters:
    found = ((name, choose(kind.dialect_impl(dialect))) for name, kind in types)
    return tuple((name, convert) for name, convert in found if convert is not None)
