"""What the API's tests share: the app on a fresh ledger, and a paired client."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bothways.judge.findings import Action, Certainty, Finding, Kind, Reason
from bothways.ledger import Ledger, MessageRecord
from bothways.status import RunStatus
from bothways_api.app import create_app
from flask import Flask
from flask.testing import FlaskClient


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def status() -> RunStatus:
    return RunStatus()


@pytest.fixture
def app(ledger: Ledger, status: RunStatus) -> Flask:
    return create_app(ledger, status)


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A client without a token."""
    return app.test_client()


@dataclass
class Paired:
    """A client that sends its token with every request."""

    http: FlaskClient
    token: str

    def ask(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        return self.http.open(f"/api/v1/{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self.ask("GET", path, **options)


@pytest.fixture
def client(stranger: FlaskClient, ledger: Ledger) -> Paired:
    code = {"code": ledger.new_pairing_code(), "name": "Chromium"}
    return Paired(stranger, stranger.post("/api/v1/pair", json=code).json["token"])


@pytest.fixture
def make_record() -> Callable[..., MessageRecord]:
    """Make the record of a mail fetched now with a blocked pixel; any field may be given."""
    pixel = Finding(
        Kind.OPEN,
        Certainty.KNOWN,
        Action.BLOCKED,
        "https://t.example/o/1",
        "img",
        "src",
        vendor="hubspot",
        carrier="t.example",
        reasons=(Reason("vendor_shape", "hubspot"),),
        replacement="",
    )

    def make(**fields: Any) -> MessageRecord:
        told = {
            "aliases": ("mid:<1@seller.example>", "imap:buyer/INBOX/7/1"),
            "message_id": "<1@seller.example>",
            "sender": "anna@seller.example",
            "sender_name": "Anna",
            "subject": "An offer",
            "date": datetime(2026, 5, 4, 12, tzinfo=UTC),
            "at": datetime.now(UTC),
            "route": "imap",
            "delivery": "fetched",
            "findings": (pixel,),
        }
        return MessageRecord(**(told | fields))

    return make
