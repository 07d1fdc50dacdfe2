"""The ledger as one object, for the proxy, the API and the command. Every method is one short transaction."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from bothways.ledger import incidents, pairing, queries, recording, settings, tables
from bothways.ledger.copies import Copy, find_copies
from bothways.ledger.database import open_engine, transaction
from bothways.ledger.elsewhere import look_elsewhere
from bothways.ledger.records import Incident, MessageRecord, Refetch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from bothways.ledger.queries import StoredMessage, Totals
    from bothways.ledger.records import Event, OpenAttempt


class Ledger:
    """What was found in the mail that went by. Safe to use from many threads and processes at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, home: Path | str) -> Ledger:
        """Open the ledger in the folder `home` (made with it where missing) or at a database URL.

        Raises LedgerError when it is another user's, open to others, broken or of a newer program.
        """
        return cls(open_engine(home))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def reading(self) -> AbstractContextManager[Connection]:
        """Give a connection that sees one state throughout."""
        return transaction(self._engine, writes=False)

    def writing(self) -> AbstractContextManager[Connection]:
        """Give a connection that is the only writer until the block ends; an exception undoes all of it."""
        return transaction(self._engine, writes=True)

    def record(self, event: Event) -> str:
        """Keep one event; gives the internal id of its message (of its row where it is none)."""
        return self.record_all([event])[0]

    def record_all(self, events: Iterable[Event]) -> list[str]:
        """Keep events in one transaction: all of them or, when one fails, none."""
        with self.writing() as connection:
            groups = groupby(events, key=lambda event: isinstance(event, Refetch))
            return [
                identifier for _, group in groups for identifier in _record_group(connection, list(group))
            ]

    def find_messages(self, aliases: Iterable[str]) -> list[StoredMessage]:
        """Give the messages known by any of the aliases: most strongly named first, then the latest."""
        with self.reading() as connection:
            return queries.find_messages(connection, aliases)

    def message(self, identifier: str) -> StoredMessage | None:
        """Give one message by its internal id, with what other mails say of its findings."""
        with self.reading() as connection:
            message = queries.read_message(connection, identifier)
            return None if message is None else look_elsewhere(connection, message)

    def totals(self, since: datetime, until: datetime) -> Totals:
        """Count over the messages first seen from `since` to before `until`."""
        with self.reading() as connection:
            return queries.total(connection, since, until)

    def copies(self, *, alias: str | None = None, cleaned_sha256: str | None = None) -> list[Copy]:
        """Give the cleaned copies that left, with their edits, by place or by what they look like now."""
        with self.reading() as connection:
            return find_copies(connection, alias=alias, cleaned_sha256=cleaned_sha256)

    def incidents(self, limit: int = 100) -> list[incidents.StoredIncident]:
        """Give what passed without being looked at and is no message here, the newest first."""
        with self.reading() as connection:
            return incidents.list_incidents(connection, limit)

    def count_incidents(self, since: datetime) -> int:
        """Count what last passed so at `since` or after it; repeats within a day are one."""
        with self.reading() as connection:
            return incidents.count_incidents(connection, since)

    def paused_until(self) -> datetime | None:
        """Tell until when cleaning is paused, None when it is not."""
        with self.reading() as connection:
            return settings.read_pause(connection, _now())

    def pause(self, until: datetime) -> None:
        """Pause cleaning; mail fetched meanwhile stays as it is in the mail program."""
        with self.writing() as connection:
            settings.write_pause(connection, until)

    def resume(self) -> None:
        """End a pause."""
        with self.writing() as connection:
            settings.write_pause(connection, None)

    def new_pairing_code(self) -> str:
        """Make the six digits that pair one client within two minutes."""
        with self.writing() as connection:
            return pairing.new_code(connection, _now())

    def redeem_pairing_code(
        self, code: str, name: str
    ) -> pairing.Paired | pairing.WrongCode | pairing.NoCode:
        """Trade a code for a client's token."""
        with self.writing() as connection:
            return pairing.redeem(connection, code, name, _now())

    def client_of(self, token: str) -> pairing.Client | None:
        """Give the client that a token belongs to and note, to the minute, that it was used."""
        with self.reading() as connection:
            client = pairing.find_client(connection, token)
        now = _now()
        if client and (client.last_used_at is None or now - client.last_used_at >= pairing.USE_NOTED_EVERY):
            # A ledger that cannot be written just now can still be read.
            with suppress(OperationalError), self.writing() as connection:
                pairing.note_use(connection, client, now)
        return client

    def clients(self) -> list[pairing.Client]:
        """Give all clients ever paired."""
        with self.reading() as connection:
            return pairing.list_clients(connection)

    def revoke_client(self, identifier: str) -> bool:
        """End a client's token."""
        with self.writing() as connection:
            return pairing.revoke(connection, identifier, _now())

    def delete_all(self) -> None:
        """Forget all mail, the edits too: what was cleaned on its way can then no longer be restored.

        Paired clients and settings stay.
        """
        with self.writing() as connection:
            for table in reversed(tables.metadata.sorted_tables):
                if table not in (tables.settings, tables.clients, tables.pairing_codes):
                    connection.execute(table.delete())


def _record_group(connection: Connection, events: Sequence[Event]) -> list[str]:
    refetches = [event for event in events if isinstance(event, Refetch)]
    if refetches:
        return recording.record_refetches(connection, refetches)
    return [_record(connection, event) for event in events if not isinstance(event, Refetch)]


def _record(connection: Connection, event: MessageRecord | OpenAttempt | Incident) -> str:
    if isinstance(event, MessageRecord):
        return recording.record_message(connection, event)
    if isinstance(event, Incident):
        return str(incidents.record_incident(connection, event))
    return str(recording.record_open_attempt(connection, event))


def _now() -> datetime:
    return datetime.now(UTC)
