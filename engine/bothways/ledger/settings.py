"""Settings that hold across starts; so far one: until when cleaning is paused."""

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select

from bothways.ledger.tables import settings

PAUSED_UNTIL = "paused_until"


def read_pause(connection: Connection, now: datetime) -> datetime | None:
    """Tell until when cleaning is paused, None when it is not (any more)."""
    value = connection.execute(select(settings.c.value).where(settings.c.key == PAUSED_UNTIL)).scalar()
    until = datetime.fromisoformat(value) if isinstance(value, str) else None
    return until if until is not None and until > now else None


def write_pause(connection: Connection, until: datetime | None) -> None:
    """Pause until a moment, or with None go on at once."""
    connection.execute(delete(settings).where(settings.c.key == PAUSED_UNTIL))
    if until is not None:
        value = until.astimezone(UTC).isoformat()
        connection.execute(insert(settings).values(key=PAUSED_UNTIL, value=value))
