"""The home folder: everything that Bothways keeps lies under it, for its owner alone.

One running program a home folder: `lock` holds a file in it as long as the program lives; a program that is
killed leaves no lock behind.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import platformdirs

from bothways_cli.errors import WrongUse

LOCK_NAME = "bothways.lock"


def find_home(chosen: Path | None) -> Path:
    """Return the home folder: the one chosen, else `BOTHWAYS_HOME`, else the platform's data folder."""
    if chosen is None and (named := os.environ.get("BOTHWAYS_HOME")):
        chosen = Path(named)
    return (chosen or platformdirs.user_data_path("bothways", appauthor=False)).expanduser().absolute()


def make_home(home: Path) -> Path:
    """Create the home folder, closed to everyone else, or raise `WrongUse`."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUse(f"cannot use the home folder {home}: {error.strerror}") from error
    return home


@contextmanager
def lock(home: Path) -> Iterator[None]:
    """Hold the home folder for this process; raise `WrongUse` where another one does."""
    try:
        descriptor = os.open(home / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise WrongUse(f"cannot use the home folder {home}: {LOCK_NAME}: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            raise WrongUse(
                f"Bothways already runs with the home folder {home} (process {holder}).\n"
                "Stop that one first, or name another folder with --home."
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        # The file stays: taking it away would let a third program lock a new file of the same name.
        os.close(descriptor)


def is_held(home: Path) -> bool:
    """Say whether a program runs with a home folder."""
    try:
        with (home / LOCK_NAME).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def home_option[F: Callable[..., Any]](command: F) -> F:
    """Add `--home` to a command."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Where everything is kept. Default: $BOTHWAYS_HOME, else the platform's data folder.",
    )(command)
