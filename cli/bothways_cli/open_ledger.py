"""The ledger of a home folder, open for as long as one command needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bothways.ledger import Ledger, LedgerError
from bothways.ledger.database import FILE_NAME

from bothways_cli.errors import WrongUse


def has_ledger(home: Path) -> bool:
    """Say whether a Bothways was ever run with a home folder."""
    return (home / FILE_NAME).exists()


@contextmanager
def open_ledger(home: Path) -> Iterator[Ledger]:
    """Open the ledger in a home folder, or raise `WrongUse`; one that is missing is made."""
    try:
        ledger = Ledger.open(home)
    except LedgerError as error:
        raise WrongUse(str(error)) from error
    try:
        yield ledger
    finally:
        ledger.close()
