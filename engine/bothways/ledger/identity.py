"""Which message a delivery belongs to.

- A place on an IMAP server or the SHA-256 of the original octets decides alone.
- A webmail's id decides unless Message-ID, sender or date speak against it: such ids are used again.
- A Message-ID decides only where sender, date and the set of findings are the same: senders use an id again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, bindparam, case, select

from bothways.ledger.prepared import Row, fetch
from bothways.ledger.records import alias_strength
from bothways.ledger.rows import storable_or_none
from bothways.ledger.tables import aliases, findings, messages

if TYPE_CHECKING:
    from datetime import datetime

    from bothways.judge.findings import Finding
    from bothways.ledger.records import MessageRecord

MAX_CANDIDATES = 100
"""A sender may use one Message-ID for thousands of mails; the latest are looked at."""
WEAK_LAST = case((aliases.c.alias.like("mid:%"), 1), else_=0)
"""Order by it, so that a limit never cuts off what names a message most strongly."""
_URLS = select(findings.c.url_sha256).where(findings.c.message == bindparam("of"))


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery on its way in: its aliases from strong to weak, its findings by the URL's SHA-256."""

    record: MessageRecord
    names: tuple[str, ...]
    sender: int | None
    date: datetime | None
    findings: dict[str, Finding]


def find_message(connection: Connection, arrival: Arrival) -> str | None:
    """Give the internal id of the message that was delivered, None when it is a new one."""
    names = {f"name{number}": name for number, name in enumerate(arrival.names)}
    rows = fetch(connection, _select_named(tuple(names)), names) if names else []
    for row in sorted(rows, key=lambda row: arrival.names.index(row["alias"])):
        if _is_message(connection, arrival, row, alias_strength(row["alias"])):
            return str(row["id"])
    return None


@cache
def _select_named(parameters: tuple[str, ...]) -> Select[Any]:
    """Make the statement once for each number of names: a list that expands is written anew every time."""
    return (
        select(messages.c.id, messages.c.message_id, messages.c.sender_id, messages.c.date, aliases.c.alias)
        .join(aliases, aliases.c.message == messages.c.id)
        .where(aliases.c.alias.in_([bindparam(parameter) for parameter in parameters]))
        .order_by(WEAK_LAST, messages.c.first_seen.desc(), messages.c.id)
        .limit(MAX_CANDIDATES)
    )


def _is_message(connection: Connection, arrival: Arrival, row: Row, strength: int) -> bool:
    told = (storable_or_none(arrival.record.message_id), arrival.sender, arrival.date)
    kept = (row["message_id"], row["sender_id"], row["date"])
    if strength == 3:
        return True
    if strength == 2:
        return all(old is None or new is None or old == new for old, new in zip(kept, told, strict=True))
    return kept[1:] == told[1:] and _urls_of(connection, row["id"]) == arrival.findings.keys()


def _urls_of(connection: Connection, message: str) -> set[str]:
    return {row["url_sha256"] for row in fetch(connection, _URLS, {"of": message})}
