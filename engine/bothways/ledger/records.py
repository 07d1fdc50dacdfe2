"""What goes into the ledger: a message that was delivered, a tracker's URL that was requested."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

from bothways.ledger.rows import storable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bothways.judge.findings import Finding
    from bothways.message.edits import Edit

type Route = Literal["imap", "pop3", "web", "file"]
type Delivery = Literal["fetched", "viewed"]
type IncidentKind = Literal["went_through", "passed"]

MAX_ALIAS = 900
"""Octets of an alias; PostgreSQL indexes no more than 2,704."""
_STRENGTH = {"imap": 3, "sha256": 3, "web": 2, "mid": 1}
_ESCAPED_IN_MID = re.compile("%2f|%25", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """A message that was delivered: fetched by a mail program or shown by a webmail.

    `at` is when that was and must know its time zone; `date` is what the mail itself says.
    `edits` count octets of the original whose SHA-256 is `original_sha256`. `holds_place`: they are the first
    look at what its first alias names, even where there are none and no SHA-256 is known. `client` is what
    the mail program called itself, "" where it did not.
    """

    aliases: tuple[str, ...]
    message_id: str | None
    sender: str
    sender_name: str
    subject: str
    date: datetime | None
    at: datetime
    route: Route
    delivery: Delivery
    findings: tuple[Finding, ...] = ()
    edits: tuple[Edit, ...] = ()
    notes: tuple[str, ...] = ()
    original_sha256: str | None = None
    cleaned_sha256: str | None = None
    holds_place: bool = False
    client: str = ""


@dataclass(frozen=True, slots=True)
class Refetch:
    """A message that the ledger has, known by its `alias`, was fetched once more, unchanged."""

    alias: str
    at: datetime
    route: Route
    client: str = ""


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """A request for a known open shape that came through the proxy, whoever made it."""

    url: str
    at: datetime
    vendor: str | None
    host: str
    blocked: bool = True


@dataclass(frozen=True, slots=True)
class Incident:
    """Mail went by without being looked at, and no message in the ledger says so.

    `went_through`: a connection, from `at` on; `passed`: one mail, or a piece of one. `reason` is a code,
    with a detail after a colon where it has one. `account` and `server` are "" where they are not known.
    """

    kind: IncidentKind
    reason: str
    at: datetime
    route: Route
    account: str = ""
    server: str = ""


type Event = MessageRecord | OpenAttempt | Refetch | Incident


def mid_alias(message_id: str) -> str:
    """Name a message by its Message-ID, as written, with the brackets."""
    return canonical_alias(f"mid:{message_id}")


def imap_alias(account: str, mailbox: str, uidvalidity: int, uid: int) -> str:
    """Name a message by its place on an IMAP server, which never holds another one."""
    return canonical_alias("imap:" + _join((account, mailbox, str(uidvalidity), str(uid))))


def web_alias(host: str, user: str, mailbox: str, identifier: str) -> str:
    """Name a message by its place in a webmail; an unknown user is "-"."""
    return canonical_alias("web:" + _join((host, user or "-", mailbox, identifier)))


def sha256_alias(digest: str) -> str:
    """Name a message by the SHA-256 (hexadecimal) of its original octets."""
    return canonical_alias(f"sha256:{digest}")


def canonical_alias(alias: str) -> str:
    """Bring an alias to the one spelling that the ledger keeps, however its writer percent-encoded it."""
    scheme, _, rest = alias.strip().partition(":")
    if scheme in {"imap", "web"}:
        rest = _join(unquote(piece) for piece in rest.split("/"))
    elif scheme == "mid":
        rest = _ESCAPED_IN_MID.sub(lambda escape: unquote(escape[0]), rest.strip())
    elif scheme == "sha256":
        rest = rest.lower()
    return _bound(storable(f"{scheme}:{rest}", 10 * MAX_ALIAS))


def alias_strength(alias: str) -> int:
    """Tell how much an alias proves: a place or the very octets 3, a webmail's id 2, a Message-ID 1."""
    return _STRENGTH.get(alias.partition(":")[0], 0)


def _join(pieces: Iterable[str]) -> str:
    return "/".join(piece.replace("%", "%25").replace("/", "%2F") for piece in pieces)


def _bound(alias: str) -> str:
    octets = alias.encode()
    if len(octets) <= MAX_ALIAS:
        return alias
    kept = octets[: MAX_ALIAS - 65].decode("utf-8", "ignore")
    return f"{kept}~{hashlib.sha256(octets).hexdigest()}"
