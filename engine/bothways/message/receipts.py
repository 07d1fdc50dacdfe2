"""Header fields that ask the reader's client to report that a mail was read.

Such a field counts only at the head of a mail, its own or that of a mail inside it; the head of a signed
mail stands outside of what its signature covers (RFC 1847, 2.1; RFC 8551, 3.1). To silence a field its
name is overwritten and its octets stay: a line of spaces would continue the field before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bothways.message.headers import Header, read_value
from bothways.message.mime import Message, Part, Protection
from bothways.message.plan import Edit

RECEIPT_FIELDS = frozenset(
    (
        "disposition-notification-to",  # RFC 8098
        "return-receipt-to",  # sendmail, then Eudora, Outlook and others
        "return-receipt-requested",
        "read-receipt-to",
        "x-confirm-reading-to",  # Pegasus Mail
        "x-pmrqc",  # the same, its oldest form
        "generate-delivery-report",  # gateways to X.400 (RFC 2156)
        "x-acknowledge-to",
    )
)
_EMBEDDED = frozenset(("message/rfc822", "message/global", "message/news"))


@dataclass(frozen=True, slots=True)
class Receipt:
    """One such field: `value` says to whom the report would go.

    `signed` where the head that holds it lies within a signed or encrypted part, `attached` where its mail
    came as a file.
    """

    header: Header
    value: str
    signed: bool = False
    attached: bool = False


def asks_for_receipt(name: str) -> bool:
    """Say whether a field of this name, in any case, asks for a receipt."""
    return name.lower() in RECEIPT_FIELDS


def overwrite_name(name: str) -> str:
    """Give the name of the same length that asks for nothing."""
    return "X-" + "x" * (len(name) - 2)


def find_receipts(message: Message) -> Iterator[Receipt]:
    """Give the fields that ask for a receipt, at the head of the mail and of each mail inside it."""
    open_parts: list[Part] = []
    for part in message.parts:
        del open_parts[part.depth :]
        parent = open_parts[-1] if open_parts else None
        open_parts.append(part)
        if parent is None or parent.content_type in _EMBEDDED:
            yield from _find_at_head(message.raw, part, parent)


def silence(raw: bytes, receipt: Receipt) -> Edit:
    """Overwrite the field's name."""
    start, name = receipt.header.start, receipt.header.name
    return Edit(start, raw[start : start + len(name)], overwrite_name(name).encode("ascii"))


def _find_at_head(raw: bytes, part: Part, parent: Part | None) -> Iterator[Receipt]:
    signed = parent is not None and parent.protection is not Protection.NONE
    attached = parent is not None and parent.disposition == "attachment"
    for header in part.headers:
        if header.key in RECEIPT_FIELDS:
            yield Receipt(header, read_value(raw, header), signed, attached)
