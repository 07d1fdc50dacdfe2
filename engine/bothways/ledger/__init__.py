"""The ledger: what was found in which mail, when, and what was changed in it. Never a body."""

from bothways.ledger.database import LedgerError
from bothways.ledger.queries import StoredMessage, Totals
from bothways.ledger.records import MessageRecord, OpenAttempt
from bothways.ledger.store import Ledger
from bothways.ledger.writer import LedgerWriter

__all__ = ["Ledger", "LedgerError", "LedgerWriter", "MessageRecord", "OpenAttempt", "StoredMessage", "Totals"]
