"""What the engine's tests share: a ledger in a fresh home, and events to put into it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bothways.judge.findings import Action, Certainty, Finding, Kind
from bothways.ledger import Ledger, MessageRecord

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder that does not exist yet."""
    return tmp_path / "home"


@pytest.fixture
def ledger(home: Path) -> Iterator[Ledger]:
    opened = Ledger.open(home)
    yield opened
    opened.close()


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    """Make a blocked open pixel of a known vendor; any field may be given."""

    def make(url: str = "https://t.example/o/1", **fields: Any) -> Finding:
        told = {
            "kind": Kind.OPEN,
            "certainty": Certainty.KNOWN,
            "action": Action.BLOCKED,
            "element": "img",
            "attribute": "src",
            "vendor": "hubspot",
        }
        return Finding(url=url, **(told | fields))

    return make


@pytest.fixture
def make_record() -> Callable[..., MessageRecord]:
    """Make the record of a mail fetched at noon, known by its Message-ID alone; any field may be given."""

    def make(**fields: Any) -> MessageRecord:
        told = {
            "aliases": ("mid:<1@seller.example>",),
            "message_id": "<1@seller.example>",
            "sender": "anna@seller.example",
            "sender_name": "Anna",
            "subject": "An offer",
            "date": NOON,
            "at": NOON,
            "route": "imap",
            "delivery": "fetched",
        }
        return MessageRecord(**(told | fields))

    return make
