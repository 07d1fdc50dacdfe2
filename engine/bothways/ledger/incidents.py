"""Mail that passed without being looked at, where no message in the ledger stands for it.

What happens again within a day at the same place, for the same reason, is one row that counts. The table is
bounded by itself: rows are let go after `KEPT`, and beyond `MAX_ROWS` the oldest ones.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update

from bothways.ledger.records import Incident
from bothways.ledger.rows import insert_row, storable, widen
from bothways.ledger.tables import incidents

ONE_ROW_FOR = timedelta(days=1)
KEPT = timedelta(days=90)
MAX_ROWS = 1000
MAX_CODE = 64


@dataclass(frozen=True, slots=True)
class StoredIncident:
    """What happened `times` times from `first_seen` to `last_seen`."""

    id: int
    kind: str
    reason: str
    route: str
    account: str
    server: str
    times: int
    first_seen: datetime
    last_seen: datetime


def record_incident(connection: Connection, incident: Incident) -> int:
    """Keep an incident: count it where it is one of today's again, else add its row."""
    place = {
        "kind": incident.kind,
        "reason": storable(incident.reason, MAX_CODE),
        "route": incident.route,
        "account": storable(incident.account),
        "server": storable(incident.server),
    }
    same = [incidents.c[name] == value for name, value in place.items()]
    day = incidents.c.first_seen.between(incident.at - ONE_ROW_FOR, incident.at + ONE_ROW_FOR)
    latest = select(incidents).where(*same, day).order_by(incidents.c.first_seen.desc()).limit(1)
    row = connection.execute(latest).mappings().first()
    if row is None:
        moments = {"first_seen": incident.at, "last_seen": incident.at}
        identifier = insert_row(connection, incidents, {**place, "times": 1, **moments})
        _let_go(connection, incident.at)
        return identifier
    counted = {"times": row["times"] + 1, **widen(row, incident.at)}
    connection.execute(update(incidents).where(incidents.c.id == row["id"]), counted)
    return int(row["id"])


def list_incidents(connection: Connection, limit: int) -> list[StoredIncident]:
    """Give the latest incidents, the newest first."""
    rows = select(incidents).order_by(incidents.c.last_seen.desc(), incidents.c.id.desc()).limit(limit)
    return [StoredIncident(**row) for row in connection.execute(rows).mappings()]


def count_incidents(connection: Connection, since: datetime) -> int:
    """Count the incidents that last happened at `since` or after it, repeats as one."""
    counted = select(func.count()).select_from(incidents).where(incidents.c.last_seen >= since)
    return int(connection.execute(counted).scalar_one())


def _let_go(connection: Connection, now: datetime) -> None:
    connection.execute(delete(incidents).where(incidents.c.last_seen < now - KEPT))
    newest_first = select(incidents.c.id).order_by(incidents.c.last_seen.desc(), incidents.c.id.desc())
    beyond = connection.execute(newest_first.offset(MAX_ROWS)).scalars().all()
    if beyond:
        connection.execute(delete(incidents).where(incidents.c.id.in_(beyond)))
