"""What the ledger keeps of mail that came through, in words of the ledger."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from bothways.clean import Cleaned
from bothways.ledger import MessageRecord
from bothways.ledger.records import imap_alias, mid_alias, sha256_alias
from bothways.message.mime import Message, split
from bothways.wire.events import FetchedAgain, MessagePassed, Where

_LONGEST_HEADER = 1 << 18


def record_fetched(
    where: Where, original_sha256: str, cleaned_sha256: str, cleaned: Cleaned
) -> MessageRecord:
    """Say what the ledger keeps of a message that was looked at; its place is held by what was decided."""
    head = read_head(cleaned.raw)
    places = name_places(where)
    aliases = list(places[:1])
    if original_sha256:
        aliases.append(sha256_alias(original_sha256))
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
        original_sha256=original_sha256 or None,
        cleaned_sha256=cleaned_sha256 or None,
        holds_place=bool(places),
        client=where.client,
    )


def record_as_whole(event: FetchedAgain) -> MessageRecord:
    """Say what the ledger keeps of a whole message of which only the start was looked at."""
    record = _bare_record(event.where)
    return replace(
        record,
        aliases=(*record.aliases, sha256_alias(event.original_sha256)),
        edits=tuple(event.edits),
        original_sha256=event.original_sha256,
        cleaned_sha256=event.cleaned_sha256,
    )


def record_head(where: Where, cleaned: Cleaned) -> MessageRecord:
    """Say what the ledger keeps of header fields: their edits are none of the message's own."""
    record = record_fetched(where, "", "", cleaned)
    return replace(record, edits=(), holds_place=False)


def record_passed(event: MessagePassed) -> MessageRecord:
    """Say what the ledger keeps of a body that nobody looked at: its place and why."""
    note = f"not_looked_at:{event.why}" + (f":{event.detail}" if event.detail else "")
    return replace(_bare_record(event.where), notes=(note,))


def _bare_record(where: Where) -> MessageRecord:
    return MessageRecord(
        aliases=name_places(where)[:1],
        message_id=None,
        sender="",
        sender_name="",
        subject="",
        date=None,
        at=datetime.now(UTC),
        route="imap",
        delivery="fetched",
        client=where.client,
    )


def name_places(where: Where) -> tuple[str, ...]:
    """Name a message's place, first as it is written now, then as it was: without the server's name.

    An account without a name, of which nobody knows whose it is, has no places.
    """
    if not where.account or where.uid is None or where.uidvalidity is None:
        return ()
    accounts = [where.account]
    if where.server:
        accounts.insert(0, f"{where.account}@{where.server}")
    return tuple(imap_alias(name, where.mailbox, where.uidvalidity, where.uid) for name in accounts)


def read_head(raw: bytes) -> Message:
    """Read the header of a message, of which only the first 256 KiB count."""
    return _split_head(raw[: _header_end(raw)])


@lru_cache(maxsize=4)  # read to clean the mail, and again to record it
def _split_head(head: bytes) -> Message:
    return split(head)


def _header_end(raw: bytes) -> int:
    end = _after_line(raw, b"\r\n\r\n", _LONGEST_HEADER)
    # In a mail with CRLF there is no such line: it is not looked for behind the header.
    return _after_line(raw, b"\n\n", end)


def _after_line(raw: bytes, empty_line: bytes, end: int) -> int:
    found = raw.find(empty_line, 0, end)
    return end if found < 0 else found + 2
