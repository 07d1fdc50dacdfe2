"""The cleaned copies that left through Bothways: with its edits each can be restored, octet for octet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, bindparam, insert, select

from bothways.ledger.prepared import fetch, run
from bothways.ledger.records import canonical_alias
from bothways.ledger.rows import insert_row
from bothways.ledger.tables import copies, edits
from bothways.message.edits import Edit

if TYPE_CHECKING:
    from datetime import datetime

    from bothways.ledger.identity import Arrival

MAX_COPIES = 20


def _select_by(*names: str) -> Select[Any]:
    """Make a statement that asks for copies by these columns, each a parameter of its own name."""
    return select(copies).where(*(copies.c[name] == bindparam(name) for name in names))


_COPIES: dict[tuple[str, ...], Select[Any]] = {
    names: _select_by(*names).order_by(copies.c.id).limit(MAX_COPIES)
    for names in (("place",), ("cleaned_sha256",), ("place", "cleaned_sha256"))
}
_HELD = _select_by("place", "original_sha256", "cleaned_sha256").with_only_columns(copies.c.id).limit(1)
# A place whose mailbox was made anew, or of another server's account of that name, holds another mail.
_HELD_ON_SERVER = _select_by("place", "original_sha256").with_only_columns(copies.c.id).limit(1)
_ADD_EDITS = insert(edits)
_EDITS = (
    select(edits.c.start, edits.c.original, edits.c.replacement)
    .where(edits.c.copy == bindparam("of"))
    .order_by(edits.c.position)
)


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
    held = _HELD_ON_SERVER if key["place"].startswith("imap:") else _HELD
    if fetch(connection, held, key):
        return
    copy = insert_row(connection, copies, {"message": message, "route": record.route, "at": record.at, **key})
    if record.edits:
        run(connection, _ADD_EDITS, *(_edit_row(copy, *pair) for pair in enumerate(record.edits)))


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
    wanted = {}
    if alias is not None:
        wanted["place"] = canonical_alias(alias)
    if cleaned_sha256 is not None:
        wanted["cleaned_sha256"] = cleaned_sha256.lower()
    if not wanted:
        return []
    rows = fetch(connection, _COPIES[tuple(wanted)], wanted)
    return [Copy(edits=_edits_of(connection, row.pop("id")), **row) for row in rows]


def _edits_of(connection: Connection, copy: int) -> tuple[Edit, ...]:
    return tuple(Edit(**row) for row in fetch(connection, _EDITS, {"of": copy}))
