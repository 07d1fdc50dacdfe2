"""A PostgreSQL of the tests' own, reached by a socket in its folder alone."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from testbed.processes import run_to_end, running, wait_until

PROGRAMS = Path("/usr/lib/postgresql")
USER = "postgres"


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server; `folder` holds its socket."""

    folder: Path

    @property
    def url(self) -> str:
        """The address of its one database, as SQLAlchemy takes it."""
        return f"postgresql+psycopg://{USER}@/{USER}?host={self.folder}"

    def connect(self) -> psycopg.Connection:
        """Connect to that database; each statement is a transaction."""
        return psycopg.connect(host=str(self.folder), user=USER, autocommit=True)


@contextmanager
def run_postgres(folder: Path) -> Iterator[Postgres]:
    """Start a server with everything it keeps under `folder`; it refuses to run as root."""
    programs = max(PROGRAMS.glob("*/bin"), key=lambda path: int(path.parent.name))
    prefix = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"] if os.geteuid() == 0 else []
    if prefix:
        shutil.chown(folder, USER, USER)
    data, log = folder / "data", folder / "postgres.log"
    make = [programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"]
    run_to_end([*prefix, *make], folder=folder)
    settings = ["listen_addresses=", f"unix_socket_directories={folder}", "fsync=off"]
    serve = [programs / "postgres", "-D", data, *(word for one in settings for word in ("-c", one))]
    with running([*prefix, *serve], log=log) as process:
        server = Postgres(folder)
        wait_until(lambda: _answers(server), process, log)
        yield server


def _answers(server: Postgres) -> bool:
    try:
        server.connect().close()
    except psycopg.OperationalError:
        return False
    return True
