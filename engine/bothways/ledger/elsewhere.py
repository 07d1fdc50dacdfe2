"""What the ledger knows of other mails, as evidence beside a finding; no verdict and no edit rests on it.

The same URL in other mails, and its shape with other tokens. Costs are bounded: the findings asked for, and
the mails counted for each; both questions are answered from an index.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select

from bothways.judge.findings import Kind
from bothways.ledger.queries import StoredFinding, StoredMessage
from bothways.ledger.shapes import digest_shape, has_token
from bothways.ledger.tables import findings, messages

MOST_MAILS = 1000
"""Counting ends here: so many mails, or more."""
MOST_FINDINGS = 100
"""Of a message's findings so many are asked for, links last."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Other mails that hold a finding's URL, or one of its shape with a token that this mail does not hold.

    `senders` and `first_seen` are those of all these mails; where there are more than are counted, of those
    that were.
    """

    same_url: int
    same_shape: int
    senders: int
    first_seen: datetime


class _BySender(NamedTuple):
    """One sender's mails."""

    sender: int | None
    mails: int
    first_seen: datetime


def look_elsewhere(connection: Connection, message: StoredMessage) -> StoredMessage:
    """Put beside a message's findings what other mails say of them."""
    asked = sorted(message.findings, key=lambda stored: stored.finding.kind is Kind.CLICK)[:MOST_FINDINGS]
    alike: dict[str, list[_BySender]] = {}
    known: dict[int, Elsewhere] = {}
    for stored in asked:
        url = stored.finding.url
        shape = digest_shape(url) if has_token(url) else None
        if shape is not None and shape not in alike:
            alike[shape] = _count(connection, same_shape(message.id, shape))
        same = _count(connection, same_url(message.id, stored.url_sha256))
        found = _sum_up(same, alike[shape] if shape else [])
        if found is not None:
            known[stored.id] = found
    return replace(message, findings=tuple(_put_beside(stored, known) for stored in message.findings))


def same_url(message: str, url_sha256: str) -> Select[tuple[str]]:
    """Ask for the other messages that hold a URL."""
    return _others(message, findings.c.url_sha256 == url_sha256)


def same_shape(message: str, shape: str) -> Select[tuple[str]]:
    """Ask for the other messages that hold a URL of this shape which the message itself does not hold."""
    own = select(findings.c.url_sha256).where(findings.c.message == message)
    return _others(message, findings.c.shape == shape, findings.c.url_sha256.not_in(own))


def _others(message: str, *conditions: ColumnElement[bool]) -> Select[tuple[str]]:
    others = select(findings.c.message).where(*conditions, findings.c.message != message)
    return others.distinct().limit(MOST_MAILS)


def _count(connection: Connection, others: Select[tuple[str]]) -> list[_BySender]:
    chosen = others.subquery()
    by_sender = (
        select(messages.c.sender_id, func.count(), func.min(messages.c.first_seen))
        .join(chosen, messages.c.id == chosen.c.message)
        .group_by(messages.c.sender_id)
    )
    return [_BySender(*row) for row in connection.execute(by_sender)]


def _sum_up(same: list[_BySender], alike: list[_BySender]) -> Elsewhere | None:
    both = [*same, *alike]
    if not both:
        return None
    return Elsewhere(
        same_url=sum(row.mails for row in same),
        same_shape=sum(row.mails for row in alike),
        senders=len({row.sender for row in both if row.sender is not None}),
        first_seen=min(row.first_seen for row in both),
    )


def _put_beside(stored: StoredFinding, known: dict[int, Elsewhere]) -> StoredFinding:
    return replace(stored, elsewhere=known[stored.id]) if stored.id in known else stored
