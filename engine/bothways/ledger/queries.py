"""Reading the ledger: messages by what they are known by, and counts over a time.

Counts are per message: however often a mail was fetched or shown, over however many routes, it and each of
its URLs count once, at the time it was first seen. Orders are stable and sizes bounded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, distinct, func, select

from bothways.judge.findings import Action, Certainty, Finding, Kind, Reason, WhySeen
from bothways.ledger.identity import WEAK_LAST
from bothways.ledger.link_rows import read_link
from bothways.ledger.records import alias_strength, canonical_alias
from bothways.ledger.tables import aliases, findings, messages, open_attempts, senders, vendors, views

if TYPE_CHECKING:
    from bothways.ledger.elsewhere import Elsewhere

MAX_ALIASES = 50
MAX_MESSAGES = 50
MAX_CLIENTS = 20
MAX_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class Counts:
    """How many URLs of a message, or of many, were stopped, cleaned and let through."""

    blocked: int = 0
    cleaned: int = 0
    seen: int = 0


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding with its number in the ledger and when it was first and last met.

    `elsewhere` is what other mails say, where that was asked for.
    """

    id: int
    url_sha256: str
    finding: Finding
    first_seen: datetime
    last_seen: datetime
    elsewhere: "Elsewhere | None" = None


@dataclass(frozen=True, slots=True)
class SenderSummary:
    """Who wrote: how many mails the ledger knows of, and in how many of them something tracks."""

    address: str
    name: str
    messages: int
    tracked: int
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class VendorCount:
    """How many URLs of a message are a vendor's."""

    id: str
    name: str
    company: str
    count: int


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """All that the ledger knows of one message; at most MAX_FINDINGS findings, the counts hold all."""

    id: str
    aliases: tuple[str, ...]
    message_id: str | None
    subject: str
    date: datetime | None
    route: str
    notes: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    sender: SenderSummary | None
    views: int
    fetched: int
    counts: Counts
    vendors: tuple[VendorCount, ...]
    findings: tuple[StoredFinding, ...]
    clients: tuple[str, ...] = ()
    """The mail programs that fetched it, as they call themselves, by name."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over the messages first seen in a time, and the tracker requests answered in it."""

    messages: int
    tracked: int
    counts: Counts
    open_attempts: int


def find_messages(connection: Connection, wanted: Iterable[str]) -> list[StoredMessage]:
    """Give the messages known by any of the aliases: those named most strongly first, then the latest."""
    names = sorted({canonical_alias(name) for name in wanted})[:MAX_ALIASES]
    found = connection.execute(
        select(aliases.c.alias, messages.c.id, messages.c.last_seen)
        .join(messages, messages.c.id == aliases.c.message)
        .where(aliases.c.alias.in_(names))
        .order_by(WEAK_LAST, messages.c.last_seen.desc(), messages.c.id)
        .limit(MAX_MESSAGES * MAX_ALIASES)
    ).all()
    strength: dict[str, int] = {}
    for alias, identifier, _ in found:
        strength[identifier] = max(strength.get(identifier, 0), alias_strength(alias))
    ordered = sorted(strength, key=lambda identifier: -strength[identifier])[:MAX_MESSAGES]
    read = (read_message(connection, identifier) for identifier in ordered)
    return [message for message in read if message is not None]


def read_message(connection: Connection, identifier: str) -> StoredMessage | None:
    """Give one message by its internal id."""
    row = connection.execute(select(messages).where(messages.c.id == identifier)).mappings().first()
    if row is None:
        return None
    deliveries = _tally(connection, views.c.delivery, views.c.message == identifier)
    names = select(aliases.c.alias).where(aliases.c.message == identifier).order_by(aliases.c.alias)
    return StoredMessage(
        id=row["id"],
        aliases=tuple(connection.execute(names).scalars()),
        message_id=row["message_id"],
        subject=row["subject"],
        date=row["date"],
        route=row["route"],
        notes=tuple(row["notes"]),
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        sender=None if row["sender_id"] is None else summarise_sender(connection, row["sender_id"]),
        views=deliveries.get("viewed", 0),
        fetched=deliveries.get("fetched", 0),
        counts=_counts(connection, findings.c.message == identifier),
        vendors=_vendors_of(connection, identifier),
        findings=_findings_of(connection, identifier),
        clients=_clients_of(connection, identifier),
    )


def _clients_of(connection: Connection, identifier: str) -> tuple[str, ...]:
    told = select(views.c.client).where(views.c.message == identifier, views.c.client.is_not(None)).distinct()
    return tuple(sorted(connection.execute(told.limit(MAX_CLIENTS)).scalars()))


def summarise_sender(connection: Connection, sender: int) -> SenderSummary:
    """Count what the ledger knows of one sender."""
    row = connection.execute(select(senders).where(senders.c.id == sender)).mappings().one()
    wrote = messages.c.sender_id == sender
    return SenderSummary(
        address=row["address"],
        name=row["name"],
        messages=_count_messages(connection, wrote),
        tracked=_count_tracked(connection, wrote),
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
    )


def total(connection: Connection, since: datetime, until: datetime) -> Totals:
    """Count the messages first seen from `since` to before `until`, and what tracks in them."""
    came = and_(messages.c.first_seen >= since, messages.c.first_seen < until)
    asked = and_(open_attempts.c.at >= since, open_attempts.c.at < until)
    attempts = connection.execute(select(func.count()).select_from(open_attempts).where(asked)).scalar_one()
    return Totals(
        messages=_count_messages(connection, came),
        tracked=_count_tracked(connection, came),
        counts=_counts(connection, came),
        open_attempts=attempts,
    )


def _count_messages(connection: Connection, condition: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(messages).where(condition)).scalar_one()


def _count_tracked(connection: Connection, condition: ColumnElement[bool]) -> int:
    tracked = select(func.count(distinct(messages.c.id))).join(findings, findings.c.message == messages.c.id)
    return connection.execute(tracked.where(condition)).scalar_one()


def _counts(connection: Connection, condition: ColumnElement[bool]) -> Counts:
    tally = _tally(connection, findings.c.action, and_(messages.c.id == findings.c.message, condition))
    return Counts(
        blocked=tally.get(Action.BLOCKED, 0),
        cleaned=tally.get(Action.CLEANED, 0),
        seen=tally.get(Action.SEEN, 0),
    )


def _tally(
    connection: Connection, column: ColumnElement[str], condition: ColumnElement[bool]
) -> dict[str, int]:
    grouped = select(column, func.count()).where(condition).group_by(column)
    return {row[0]: row[1] for row in connection.execute(grouped)}


def _vendors_of(connection: Connection, message: str) -> tuple[VendorCount, ...]:
    number = func.count().label("number")
    rows = connection.execute(
        select(vendors.c.id, vendors.c.name, vendors.c.company, number)
        .join(findings, findings.c.vendor == vendors.c.id)
        .where(findings.c.message == message)
        .group_by(vendors.c.id, vendors.c.name, vendors.c.company)
        .order_by(number.desc(), vendors.c.id)
    )
    return tuple(VendorCount(*row) for row in rows)


def _findings_of(connection: Connection, message: str) -> tuple[StoredFinding, ...]:
    rows: Sequence[RowMapping] = (
        connection.execute(
            select(findings).where(findings.c.message == message).order_by(findings.c.id).limit(MAX_FINDINGS)
        )
        .mappings()
        .all()
    )
    return tuple(_stored(row) for row in rows)


def _stored(row: RowMapping) -> StoredFinding:
    return StoredFinding(
        id=row["id"],
        url_sha256=row["url_sha256"],
        finding=_finding(row),
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
    )


def _finding(row: RowMapping) -> Finding:
    return Finding(
        kind=Kind(row["kind"]),
        certainty=Certainty(row["certainty"]),
        action=Action(row["action"]),
        url=row["url"],
        element=row["element"],
        attribute=row["attribute"],
        why_seen=WhySeen(row["why_seen"]) if row["why_seen"] else None,
        visible=row["visible"],
        vendor=row["vendor"],
        company=row["company"],
        carrier=row["carrier"],
        reasons=tuple(Reason(**reason) for reason in row["reasons"]),
        replacement=row["replacement"],
        link=read_link(row),
    )
