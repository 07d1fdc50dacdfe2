"""Writing events: a delivery of a message, a request for a tracker's URL."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from bothways.ledger.copies import keep_copy
from bothways.ledger.found import add_findings, merge_by_url, update_findings
from bothways.ledger.identity import Arrival, find_message
from bothways.ledger.prepared import fetch, run
from bothways.ledger.records import (
    MessageRecord,
    OpenAttempt,
    Refetch,
    alias_strength,
    canonical_alias,
)
from bothways.ledger.rows import MAX_URL, insert_row, storable, storable_or_none, widen
from bothways.ledger.tables import aliases, messages, open_attempts, senders, views

MAX_ALIASES = 16
MAX_NOTES = 100
_SENDER = select(senders).where(senders.c.address == bindparam("address"))
_CHANGE_SENDER = update(senders).where(senders.c.id == bindparam("this"))
_MESSAGE = select(messages).where(messages.c.id == bindparam("this"))
_ADD_MESSAGE = insert(messages)
_CHANGE_MESSAGE = update(messages).where(messages.c.id == bindparam("this"))
_MOMENT = bindparam("moment", type_=messages.c.last_seen.type)
_SEE_AGAIN = _CHANGE_MESSAGE.where(messages.c.last_seen <= _MOMENT).values(
    last_seen=_MOMENT, route=bindparam("by")
)
_ALIASES = select(aliases.c.alias).where(aliases.c.message == bindparam("of"))
_ADD_ALIASES = insert(aliases)
_NAMED = select(aliases.c.alias, aliases.c.message).where(
    aliases.c.alias.in_(bindparam("names", expanding=True))
)
_ADD_VIEWS = insert(views)


def record_open_attempt(connection: Connection, attempt: OpenAttempt) -> int:
    """Keep a tracker request that the proxy saw."""
    row = {
        "at": attempt.at,
        "url": storable(attempt.url, MAX_URL),
        "host": storable(attempt.host),
        "vendor": storable_or_none(attempt.vendor),
        "blocked": attempt.blocked,
    }
    return insert_row(connection, open_attempts, row)


def record_message(connection: Connection, record: MessageRecord) -> str:
    """Keep a delivery and give the internal id of its message."""
    arrival = Arrival(
        record=record,
        names=_order_aliases(record.aliases),
        sender=_keep_sender(connection, record),
        date=_utc(record.date),
        findings=merge_by_url(record.findings),
    )
    message = find_message(connection, arrival)
    if message is None:
        message = _add_message(connection, arrival)
    else:
        _update_message(connection, message, arrival)
    delivery = {"message": message, "at": record.at, "route": record.route, "delivery": record.delivery}
    run(connection, _ADD_VIEWS, delivery | {"client": storable_or_none(record.client)})
    keep_copy(connection, message, arrival)
    return message


def record_refetches(connection: Connection, refetches: Sequence[Refetch]) -> list[str]:
    """Count fetches of known messages, many at once; give their ids, "" for an alias that names none."""
    names = [canonical_alias(refetch.alias) for refetch in refetches]
    named = connection.execute(_NAMED, {"names": list(set(names))})
    message_of = {row.alias: row.message for row in named}
    deliveries = [
        {
            "message": message_of[name],
            "at": refetch.at,
            "route": refetch.route,
            "delivery": "fetched",
            "client": storable_or_none(refetch.client),
        }
        for name, refetch in zip(names, refetches, strict=True)
        if name in message_of
    ]
    if deliveries:
        run(connection, _ADD_VIEWS, *deliveries)
        latest = [{"this": each["message"], "moment": each["at"], "by": each["route"]} for each in deliveries]
        run(connection, _SEE_AGAIN, *latest)
    return [message_of.get(name, "") for name in names]


def _order_aliases(names: Iterable[str]) -> tuple[str, ...]:
    canonical = {canonical_alias(name) for name in names}
    return tuple(sorted(canonical, key=lambda name: (-alias_strength(name), name))[:MAX_ALIASES])


def _keep_sender(connection: Connection, record: MessageRecord) -> int | None:
    address = storable(record.sender.strip().lower(), 320)
    if not address:
        return None
    known = fetch(connection, _SENDER, {"address": address})
    name = storable(record.sender_name.strip())
    if not known:
        fresh = {"address": address, "name": name, "first_seen": record.at, "last_seen": record.at}
        return insert_row(connection, senders, fresh)
    (row,) = known
    changes = widen(row, record.at) | ({"name": name} if name not in {"", row["name"]} else {})
    if changes:
        run(connection, _CHANGE_SENDER, {"this": row["id"], **changes})
    return int(row["id"])


def _add_message(connection: Connection, arrival: Arrival) -> str:
    record, identifier = arrival.record, secrets.token_hex(16)
    row = {
        "id": identifier,
        "message_id": storable_or_none(record.message_id),
        "sender_id": arrival.sender,
        "subject": storable(record.subject),
        "date": arrival.date,
        "route": record.route,
        "notes": _merge_notes(record.notes),
        "first_seen": record.at,
        "last_seen": record.at,
    }
    run(connection, _ADD_MESSAGE, row)
    _add_aliases(connection, identifier, arrival.names)
    add_findings(connection, identifier, arrival, arrival.findings)
    return identifier


def _update_message(connection: Connection, message: str, arrival: Arrival) -> None:
    """Bring a known message up to date; what it already says of itself stays."""
    record = arrival.record
    (row,) = fetch(connection, _MESSAGE, {"this": message})
    told = {
        "message_id": storable_or_none(record.message_id),
        "sender_id": arrival.sender,
        "subject": storable(record.subject),
        "date": arrival.date,
    }
    changes = {key: value for key, value in told.items() if value and not row[key]}
    notes = _merge_notes(row["notes"], record.notes)
    latest = {"route": record.route} if record.at >= row["last_seen"] else {}
    changed = {**changes, **widen(row, record.at), **latest, "notes": notes}
    run(connection, _CHANGE_MESSAGE, {"this": message, **changed})
    known = {each["alias"] for each in fetch(connection, _ALIASES, {"of": message})}
    _add_aliases(connection, message, [name for name in arrival.names if name not in known])
    update_findings(connection, message, arrival)


def _add_aliases(connection: Connection, message: str, names: Iterable[str]) -> None:
    run(connection, _ADD_ALIASES, *({"alias": name, "message": message} for name in names))


def _merge_notes(*told: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(storable(note) for notes in told for note in notes))[:MAX_NOTES]


def _utc(date: datetime | None) -> datetime | None:
    """A mail may claim any date: one without a zone counts as UTC, one that UTC cannot hold as none."""
    if date is None:
        return None
    try:
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
