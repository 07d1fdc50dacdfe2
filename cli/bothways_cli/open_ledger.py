"""The ledger of a home folder, open for as long as one command needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bothways.ledger import Ledger, LedgerError

from bothways_cli.errors import WrongUse


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
