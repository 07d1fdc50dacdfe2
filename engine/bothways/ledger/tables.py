"""The ledger's tables. Bodies are never among them.

    messages --< aliases      what a message is known by; one Message-ID may name several messages
             --< views        each delivery
             --< findings     one per URL
             --< copies --< edits    the octets that were changed, for each cleaned copy that left
    senders, vendors          who wrote, whose tool
    open_attempts             tracker requests that the proxy answered itself
    incidents                 what passed without being looked at and is no message here
    settings, clients, pairing_codes

Written in SQLAlchemy's portable types only: PostgreSQL is a URL away.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: goes in with any time zone, comes out in UTC; SQLite keeps no zone and is given UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], object] | None:
        """Write SQLAlchemy's own text for SQLite, in a quarter of its time: a mail has dozens of moments."""
        return _write_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Refuse a moment without a time zone."""
        return None if value is None else _to_utc(value)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Give the moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _to_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment in the ledger needs its time zone")  # it could mean anything
    return value.astimezone(UTC)


@lru_cache(maxsize=64)  # all rows of a delivery tell its moment
def _write_text(value: datetime | None) -> str | None:
    return None if value is None else _to_utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


def _moment(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, UtcDateTime, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def _word(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(64), nullable=nullable)


def _of(parent: str, name: str, kind: Any = Integer) -> Column[Any]:
    return Column(name, kind, ForeignKey(parent, ondelete="CASCADE"), nullable=False)


senders = Table(
    "senders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", String(320), nullable=False, unique=True),
    _text("name"),
    _moment("first_seen"),
    _moment("last_seen"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(32), primary_key=True),
    _text("message_id", nullable=True),
    Column("sender_id", Integer, ForeignKey("senders.id"), nullable=True, index=True),
    _text("subject"),
    _moment("date", nullable=True),
    _word("route"),
    Column("notes", JSON, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False, index=True),
    _moment("last_seen"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("alias", String(900), primary_key=True),
    Column(
        "message", String(32), ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
)

views = Table(
    "views",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("messages.id", "message", String(32)),
    _moment("at"),
    _word("route"),
    _word("delivery"),
    _text("client", nullable=True),
    Index(None, "message", "delivery"),
)

vendors = Table(
    "vendors",
    metadata,
    Column("id", String(128), primary_key=True),
    _text("name"),
    _text("company"),
)

findings = Table(
    "findings",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("messages.id", "message", String(32)),
    _word("url_sha256"),
    _text("url"),
    _word("kind"),
    _word("certainty"),
    _word("action"),
    _word("action_route"),
    _word("why_seen", nullable=True),
    Column("visible", Boolean, nullable=False),
    _text("element"),
    _text("attribute"),
    Column("vendor", String(128), ForeignKey("vendors.id"), nullable=True, index=True),
    _text("company", nullable=True),
    _text("carrier", nullable=True),
    Column("reasons", JSON, nullable=False),
    _text("replacement", nullable=True),
    Column("link", JSON(none_as_null=True), nullable=True),
    Column("shape", String(32), nullable=True),
    _moment("first_seen"),
    _moment("last_seen"),
    UniqueConstraint("message", "url_sha256"),
    # In how many other mails does a URL stand, or one of its shape: answered from these alone.
    Index(None, "url_sha256", "message"),
    Index(None, "shape", "message", "url_sha256"),
)

copies = Table(
    "copies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message", String(32), ForeignKey("messages.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("place", String(900), nullable=False),
    _word("route"),
    _word("original_sha256"),
    Column("cleaned_sha256", String(64), nullable=False, index=True),
    _moment("at"),
    UniqueConstraint("place", "original_sha256", "cleaned_sha256"),
)

edits = Table(
    "edits",
    metadata,
    Column("copy", Integer, ForeignKey("copies.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("start", Integer, nullable=False),
    Column("original", LargeBinary, nullable=False),
    Column("replacement", LargeBinary, nullable=False),
)

open_attempts = Table(
    "open_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    _text("url"),
    _text("host"),
    Column("vendor", String(128), nullable=True),
    Column("blocked", Boolean, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", Integer, primary_key=True),
    _word("kind"),
    _word("reason"),
    _word("route"),
    _text("account"),
    _text("server"),
    Column("times", Integer, nullable=False),
    _moment("first_seen"),
    Column("last_seen", UtcDateTime, nullable=False, index=True),
)

settings = Table(
    "settings",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)

clients = Table(
    "clients",
    metadata,
    Column("id", String(32), primary_key=True),
    _text("name"),
    Column("token_sha256", String(64), nullable=False, unique=True),
    _moment("created_at"),
    _moment("last_used_at", nullable=True),
    _moment("revoked_at", nullable=True),
)

pairing_codes = Table(
    "pairing_codes",
    metadata,
    Column("id", Integer, primary_key=True),
    _word("code_sha256"),
    _moment("expires_at"),
    Column("tries_left", Integer, nullable=False),
)
