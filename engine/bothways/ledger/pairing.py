"""Who may ask the API: clients paired by a short code, each with a token of its own, all kept as hashes.

A code has six digits, lives two minutes, works once and bears five tries; a new code ends the one before.
With 5 tries in 1,000,000 and a person at the keyboard for each code, guessing does not pay.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from bothways.ledger.rows import storable
from bothways.ledger.tables import clients, pairing_codes

CODE_LIFE = timedelta(minutes=2)
TRIES = 5
USE_NOTED_EVERY = timedelta(minutes=1)
MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class Client:
    """A paired client."""

    id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Paired:
    """A fresh pairing; the token is told this once and kept nowhere."""

    client_id: str
    token: str


@dataclass(frozen=True, slots=True)
class WrongCode:
    """The code was not this one."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class NoCode:
    """No code is open: none was made, or it was used, is too old or was guessed at too often."""


def new_code(connection: Connection, now: datetime) -> str:
    """Make a code of six digits; the one before no longer holds."""
    code = f"{secrets.randbelow(1_000_000):06}"
    connection.execute(delete(pairing_codes))
    connection.execute(
        insert(pairing_codes).values(code_sha256=_digest(code), expires_at=now + CODE_LIFE, tries_left=TRIES)
    )
    return code


def redeem(connection: Connection, code: str, name: str, now: datetime) -> Paired | WrongCode | NoCode:
    """Trade a code for a token. Needs a writing transaction, so that two tries cannot share one count."""
    row = connection.execute(select(pairing_codes).where(pairing_codes.c.expires_at > now)).mappings().first()
    if row is None:
        return NoCode()
    if not hmac.compare_digest(row["code_sha256"], _digest(code)):
        return _count_try(connection, row["id"], row["tries_left"] - 1)
    connection.execute(delete(pairing_codes))
    token, identifier = secrets.token_urlsafe(32), secrets.token_hex(16)
    connection.execute(
        insert(clients).values(
            id=identifier, name=storable(name, MAX_NAME), token_sha256=_digest(token), created_at=now
        )
    )
    return Paired(identifier, token)


def find_client(connection: Connection, token: str) -> Client | None:
    """Give the client that holds this token, None for a revoked or unknown one."""
    digest, found = _digest(token), None
    for row in connection.execute(select(clients).where(clients.c.revoked_at.is_(None))).mappings():
        if hmac.compare_digest(row["token_sha256"], digest):
            found = row
    return None if found is None else _client(found)


def note_use(connection: Connection, client: Client, now: datetime) -> None:
    """Keep when a client last asked."""
    connection.execute(update(clients).where(clients.c.id == client.id).values(last_used_at=now))


def list_clients(connection: Connection) -> list[Client]:
    """Give all clients, the revoked ones too, in the order they were paired."""
    rows = connection.execute(select(clients).order_by(clients.c.created_at, clients.c.id)).mappings()
    return [_client(row) for row in rows]


def revoke(connection: Connection, identifier: str, now: datetime) -> bool:
    """End a client's token; False when there is no such client or it was ended before."""
    ended = update(clients).where(clients.c.id == identifier, clients.c.revoked_at.is_(None))
    return connection.execute(ended.values(revoked_at=now)).rowcount > 0


def _count_try(connection: Connection, identifier: int, tries_left: int) -> WrongCode:
    if tries_left > 0:
        counted = update(pairing_codes).where(pairing_codes.c.id == identifier)
        connection.execute(counted.values(tries_left=tries_left))
    else:
        connection.execute(delete(pairing_codes))
    return WrongCode(max(tries_left, 0))


def _client(row: RowMapping) -> Client:
    return Client(row["id"], row["name"], row["created_at"], row["last_used_at"], row["revoked_at"])


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
