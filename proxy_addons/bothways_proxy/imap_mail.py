"""What the IMAP connections share: how a message is cleaned, and how what happened gets into the ledger."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bothways import clean_message
from bothways.clean import Cleaned
from bothways.ledger import LedgerWriter, MessageRecord
from bothways.ledger.copies import Copy
from bothways.ledger.records import Route, imap_alias, mid_alias, sha256_alias
from bothways.message.edits import apply
from bothways.message.mime import split
from bothways.status import RunStatus
from bothways.wire.events import (
    Event,
    MessageFetched,
    MessagePassed,
    Refused,
    SpecialUse,
    WentThrough,
    Where,
    Why,
)

from bothways_proxy.pause import PauseWatch

logger = logging.getLogger(__name__)

type CopiesAt = Callable[[str], Sequence[Copy]]

_LONGEST_HEADER = 1 << 18
_MOST_NOTED = 10_000


def no_copies(_: str) -> Sequence[Copy]:
    """Say that nothing left before."""
    return ()


class ImapMail:
    """Cleans whole messages and records them.

    `copies_at` tells what left before for a place on a server: a client's copy of a mail never changes under
    it, whatever rules, policy or pause are later.
    """

    route: Route = "imap"

    def __init__(
        self, writer: LedgerWriter, status: RunStatus, paused: PauseWatch, copies_at: CopiesAt = no_copies
    ) -> None:
        self._writer = writer
        self._status = status
        self._paused = paused
        self._copies_at = copies_at
        self._noted: set[tuple[Where, Why]] = set()

    def clean(self, raw: bytes, where: Where) -> Cleaned:
        """Clean a message as its place asks for: while paused it stays as it is, sent mail is only judged."""
        first = self._first_look(raw, where)
        if first is not None:
            return first
        if self._paused():
            return Cleaned(raw, notes=("paused",))
        if self._writer.full:
            # What the ledger cannot keep could never be put back.
            return Cleaned(raw, notes=("failed:ledger_full",))
        return clean_message(raw, recipients=_own_addresses(raw, where), keep_length=True)

    def _first_look(self, raw: bytes, where: Where) -> Cleaned | None:
        """Give what left before; a mail that was fetched without a UID is known by its octets alone."""
        digest = hashlib.sha256(raw).hexdigest()
        try:
            for copy in self._copies_at(next(iter(_place(where)), sha256_alias(digest))):
                if copy.original_sha256 == digest and copy.route == self.route:
                    return Cleaned(apply(raw, copy.edits), edits=copy.edits)
        except Exception:
            logger.exception("what was decided before for a mail could not be read")
        return None

    def hear(self, event: Event) -> None:
        """Take note of what an engine reports."""
        match event:
            case MessageFetched(where, _, original, after, Cleaned() as cleaned):
                self._record(record_fetched(where, original, after, cleaned))
            case MessagePassed(where, item, size, why, detail):
                logger.info("passed %s of %d octets unchanged: %s %s", item, size, why, detail)
                if self._is_new(where, why):
                    self._record(record_passed(event))
            case Refused(command):
                logger.info("refused %s", command)
            case WentThrough(reason):
                logger.warning("an IMAP connection passes untouched from here on: %s", reason)

    def _is_new(self, where: Where, why: Why) -> bool:
        """Whether this was not noted before: a large mail is read in hundreds of windows."""
        if (where, why) in self._noted:
            return False
        if len(self._noted) >= _MOST_NOTED:
            self._noted.clear()
        self._noted.add((where, why))
        return True

    def _record(self, record: MessageRecord) -> None:
        self._status.saw_message(record.at)
        if record.aliases:
            self._writer.put(replace(record, route=self.route))


def record_fetched(
    where: Where, original_sha256: str, cleaned_sha256: str, cleaned: Cleaned
) -> MessageRecord:
    """Say what the ledger keeps of a message that was fetched whole."""
    head = split(cleaned.raw[: _header_end(cleaned.raw)])
    aliases = [*_place(where), sha256_alias(original_sha256)]
    if head.message_id:
        aliases.insert(0, mid_alias(head.message_id))
    return MessageRecord(
        aliases=tuple(aliases),
        message_id=head.message_id,
        sender=head.sender,
        sender_name=head.sender_name,
        subject=head.subject,
        date=head.date,
        at=datetime.now(UTC),
        route="imap",
        delivery="fetched",
        findings=cleaned.findings,
        edits=cleaned.edits,
        notes=cleaned.notes,
        original_sha256=original_sha256,
        cleaned_sha256=cleaned_sha256,
    )


def record_passed(event: MessagePassed) -> MessageRecord:
    """Say what the ledger keeps of a body that nobody looked at: its place and why."""
    note = f"not_looked_at:{event.why}" + (f":{event.detail}" if event.detail else "")
    return MessageRecord(
        aliases=_place(event.where),
        message_id=None,
        sender="",
        sender_name="",
        subject="",
        date=None,
        at=datetime.now(UTC),
        route="imap",
        delivery="fetched",
        notes=(note,),
    )


def _place(where: Where) -> tuple[str, ...]:
    if where.uid is None or where.uidvalidity is None:
        return ()
    return (imap_alias(where.account, where.mailbox, where.uidvalidity, where.uid),)


def _own_addresses(raw: bytes, where: Where) -> tuple[str, ...]:
    """The reader's addresses: mail from one of them is the reader's own and stays as it is.

    In a mailbox of sent mail the sender is one, whatever the login is called. Anyone may write the reader's
    address into From: such a mail that came from a server (RFC 5321, 4.4: it has a Received) is not own.
    """
    login = (where.account,) if "@" in where.account else ()
    head = split(raw[: _header_end(raw)])
    if where.use is SpecialUse.SENT:
        return (*login, head.sender)
    claimed = head.sender.lower() == where.account.lower()
    return () if claimed and head.header("Received") is not None else login


def _header_end(raw: bytes) -> int:
    ends = [end for end in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if end >= 0]
    return min(*ends, _LONGEST_HEADER) + 2 if ends else _LONGEST_HEADER
