"""A PostgreSQL of the tests' own, reached by a socket in its folder alone."""

import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from testbed.processes import running, wait_until

PROGRAMS = Path("/usr/lib/postgresql")
USER = "postgres"


@dataclass(frozen=True)
class Postgres:
    """A running server; `folder` holds its socket."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_database(self, template: str = "template1") -> str:
        """Make a database like the template, which nobody may be using, and give its name."""
        name = f"ledger{next(self._numbers)}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def url(self, name: str) -> str:
        """Give a database's address as SQLAlchemy takes it."""
        return f"postgresql+psycopg://{USER}@/{name}?host={self.folder}"

    def connect(self) -> psycopg.Connection:
        """Connect to the server's own database; each statement is a transaction."""
        return psycopg.connect(host=str(self.folder), user=USER, dbname="postgres", autocommit=True)


@contextmanager
def run_postgres(folder: Path) -> Iterator[Postgres]:
    """Start a server with everything it keeps under `folder`; it refuses to run as root."""
    programs = max(PROGRAMS.glob("*/bin"), key=lambda path: int(path.parent.name))
    prefix = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"] if os.geteuid() == 0 else []
    if prefix:
        shutil.chown(folder, USER, USER)
    data, log = folder / "data", folder / "postgres.log"
    make = [programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*prefix, *make], check=True, capture_output=True, cwd=folder)
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
