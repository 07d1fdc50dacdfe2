"""The cleaned copies that left through Bothways: with its edits each can be restored, octet for octet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select

from bothways.ledger.records import canonical_alias
from bothways.ledger.rows import insert_row
from bothways.ledger.tables import copies, edits
from bothways.message.edits import Edit

if TYPE_CHECKING:
    from datetime import datetime

    from bothways.ledger.identity import Arrival

MAX_COPIES = 20


@dataclass(frozen=True, slots=True)
class Copy:
    """One cleaned copy: where it went, the SHA-256 of both sides ("" where unknown), and what was changed."""

    message: str
    place: str
    route: str
    original_sha256: str
    cleaned_sha256: str
    at: datetime
    edits: tuple[Edit, ...]


def keep_copy(connection: Connection, message: str, arrival: Arrival) -> None:
    """Keep the edits of a copy that left; at a place on an IMAP server the first look at a mail holds."""
    record = arrival.record
    if not arrival.names or not (record.edits or record.original_sha256 or record.holds_place):
        return
    key = {
        "place": arrival.names[0],
        "original_sha256": (record.original_sha256 or "").lower(),
        "cleaned_sha256": (record.cleaned_sha256 or "").lower(),
    }
    # A place whose mailbox was made anew, or of another server's account of that name, holds another mail.
    same = [name for name in key if name != "cleaned_sha256" or not key["place"].startswith("imap:")]
    held = select(copies.c.id).where(*(copies.c[name] == key[name] for name in same))
    if connection.execute(held.limit(1)).first() is not None:
        return
    copy = insert_row(connection, copies, {"message": message, "route": record.route, "at": record.at, **key})
    if record.edits:
        connection.execute(insert(edits), [_edit_row(copy, *pair) for pair in enumerate(record.edits)])


def _edit_row(copy: int, position: int, edit: Edit) -> dict[str, object]:
    return {
        "copy": copy,
        "position": position,
        "start": edit.start,
        "original": edit.original,
        "replacement": edit.replacement,
    }


def find_copies(connection: Connection, *, alias: str | None, cleaned_sha256: str | None) -> list[Copy]:
    """Give the copies at a place and/or with a content, the oldest first; without either, none."""
    wanted = []
    if alias is not None:
        wanted.append(copies.c.place == canonical_alias(alias))
    if cleaned_sha256 is not None:
        wanted.append(copies.c.cleaned_sha256 == cleaned_sha256.lower())
    if not wanted:
        return []
    rows = connection.execute(
        select(copies).where(*wanted).order_by(copies.c.id).limit(MAX_COPIES)
    ).mappings()
    return [
        Copy(
            message=row["message"],
            place=row["place"],
            route=row["route"],
            original_sha256=row["original_sha256"],
            cleaned_sha256=row["cleaned_sha256"],
            at=row["at"],
            edits=_edits_of(connection, row["id"]),
        )
        for row in rows.all()
    ]


def _edits_of(connection: Connection, copy: int) -> tuple[Edit, ...]:
    rows = connection.execute(select(edits).where(edits.c.copy == copy).order_by(edits.c.position)).mappings()
    return tuple(Edit(row["start"], row["original"], row["replacement"]) for row in rows)
