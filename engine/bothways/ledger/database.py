"""Opening the ledger's database: who may read it, how SQLite is tuned, bringing its tables up to date.

All that is particular to SQLite is in this module. WAL with synchronous=NORMAL survives `kill -9` of the
program; after a power cut the last transactions may be missing, the file stays sound.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONEncoder
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

FILE_NAME = "ledger.sqlite3"
HEAD = "0004"
BUSY_SECONDS = 10
POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": 40, "pool_use_lifo": True}
"""The connection that was used last comes first: it still holds the pages that the next transaction needs."""
_write_json = JSONEncoder(check_circular=False, separators=(",", ":")).encode


class LedgerError(Exception):
    """The ledger cannot be opened; the text says why and what to do."""


def open_engine(home: Path | str) -> Engine:
    """Give an engine on the ledger in the folder `home`, or at a database URL, its tables up to date."""
    if isinstance(home, str) and "://" in home:
        where, url = home, home
    else:
        path = prepare_file(Path(home))
        where, url = str(path), f"sqlite:///{path}"
    try:
        engine = create_engine(make_url(url), json_serializer=_write_json, **POOL)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise LedgerError(f"not a database URL that can be used here: {error}") from error
    if engine.dialect.name == "sqlite":
        _tune_sqlite(engine)
    try:
        _bring_up_to_date(engine, where)
    except DatabaseError as error:
        engine.dispose()
        raise LedgerError(f"the ledger {where} cannot be read: {error.orig}") from error
    except LedgerError:
        engine.dispose()
        raise
    return engine


def prepare_file(home: Path) -> Path:
    """Make the home folder (0700) and an empty ledger file (0600) where missing; refuse open ones."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = home.resolve() / FILE_NAME
        _check_private(path.parent, "folder", 0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
    except OSError as error:
        raise LedgerError(f"the ledger in {home} cannot be opened: {error.strerror or error}") from error
    _check_private(path, "ledger", 0o600)
    return path


def _check_private(path: Path, what: str, wanted: int) -> None:
    found = path.stat()
    if found.st_uid != os.getuid():
        raise LedgerError(f"the {what} {path} belongs to another user")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise LedgerError(f"the {what} {path} is open to other users; close it with: chmod {wanted:o} {path}")


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself: `transaction` does
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_SECONDS * 1000}",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


@contextmanager
def transaction(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """Give a connection in a transaction, the only one that writes where `writes`."""
    with _own_errors(engine), engine.connect() as connection, connection.begin():
        if connection.dialect.name == "sqlite":
            # A write that began as a read may find another writer was faster; IMMEDIATE waits instead.
            # A listener to "begin" would cost every statement a tenth of its time.
            connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        yield connection


@contextmanager
def _own_errors(engine: Engine) -> Iterator[None]:
    """Turn what the driver raises at a prepared statement into what SQLAlchemy raises at any other."""
    driver = engine.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance("", {}, error, driver.Error, dialect=engine.dialect) from error


def _bring_up_to_date(engine: Engine, where: str) -> None:
    with transaction(engine, writes=False) as connection:
        if _version(connection, where) == HEAD:
            return
    with transaction(engine, writes=True) as connection:
        found = _version(connection, where)
        if found != HEAD:
            _upgrade(connection, found, where)


def _version(connection: Connection, where: str) -> str | None:
    names = inspect(connection).get_table_names()
    if "alembic_version" in names:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if names:
        raise LedgerError(f"{where} holds the tables of another program")
    return None


def _upgrade(connection: Connection, found: str | None, where: str) -> None:
    # Alembic is loaded only where there is something to do: it costs every start a third of a second.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "bothways.ledger:migrations")
    config.attributes["connection"] = connection
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise LedgerError(f"the ledger {where} was written by a newer Bothways (its shape is {found!r})")
    command.upgrade(config, "head")
