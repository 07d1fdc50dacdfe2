"""What the engine's tests share: a ledger in a fresh home, and events to put into it.

The tests of what the ledger says run on PostgreSQL as well; those of its file do not.
"""

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bothways.judge.findings import Action, Certainty, Finding, Kind
from bothways.ledger import Ledger, MessageRecord
from bothways.ledger.tables import metadata
from testbed.postgres import Postgres, run_postgres

ON_BOTH = {
    f"test_ledger_{name}"
    for name in (
        "copies",
        "counts",
        "elsewhere",
        "findings",
        "identity",
        "incidents",
        "pairing",
        "prepared",
        "records",
    )
}
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of what a ledger says on both databases, but those that name one or look at the file."""
    named = any("ledger" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    looks_at_file = "home" in inspect.signature(metafunc.function).parameters
    says = "ledger" in metafunc.fixturenames and metafunc.definition.path.stem in ON_BOTH
    if says and not named and not looks_at_file:
        metafunc.parametrize("ledger", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def postgres(stage: Path, require_debian: Callable[..., None]) -> Iterator[Postgres]:
    """Give a running PostgreSQL."""
    require_debian("postgresql")
    folder = stage / "postgres"
    folder.mkdir(mode=0o755)
    with run_postgres(folder) as server:
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder that does not exist yet."""
    return tmp_path / "home"


@pytest.fixture
def ledger(home: Path, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """Give an empty ledger, in a file where a test does not ask for another database."""
    elsewhere = getattr(request, "param", "sqlite") == "postgresql"
    opened = Ledger.open(request.getfixturevalue("postgres").url if elsewhere else home)
    yield opened
    if elsewhere:
        with opened.writing() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
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
