"""The parts of a raw mail as spans of its octets (RFC 2045, 2046), and who protects them.

Nothing is copied or re-written: a `Part` says where its header block and its body stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from bothways.message.headers import Header, read_value
from bothways.message.words import decode_words, read_addresses, read_date, read_mailbox

_TRANSPORT_SIGNATURES = frozenset(["dkim-signature", "arc-message-signature", "arc-seal"])


class Protection(StrEnum):
    """What an edit of a part would break."""

    NONE = ""
    SIGNED = "signed"
    ENCRYPTED = "encrypted"


class Part(NamedTuple):
    """One entity of a mail, leaf and container alike, in the order of the mail.

    `section` is what IMAP calls it (RFC 3501, 6.4.5): "1.2"; "" for a multipart root, "1" for a root
    without parts, "2.TEXT" for the multipart inside the message/rfc822 part "2".
    [header_start, header_end) holds the fields, [body_start, body_end) the body; the empty line between
    and the line break before a boundary belong to neither.
    `content_type` and `encoding` are lower case; a part under protection says so itself.
    """

    section: str
    header_start: int
    header_end: int
    body_start: int
    body_end: int
    headers: tuple[Header, ...]
    content_type: str
    parameters: Mapping[str, str]
    charset: str
    encoding: str
    disposition: str
    filename: str
    protection: Protection
    attached: bool
    depth: int
    is_leaf: bool = True

    @property
    def is_text(self) -> bool:
        """Whether this is a leaf of text; `attached` says whether it came as a file."""
        return self.is_leaf and (
            self.content_type.startswith("text/") or self.content_type == "application/xhtml+xml"
        )


@dataclass(frozen=True)
class Message:
    """A raw mail, its parts (the root first) and the fields of its own header block.

    `notes` name what was met on the way: "limit:depth", "limit:parts", "limit:headers",
    "boundary:missing", "boundary:unclosed".
    """

    raw: bytes = field(repr=False)
    parts: tuple[Part, ...]
    headers: tuple[Header, ...] = field(repr=False)
    notes: tuple[str, ...]

    @cached_property
    def _fields(self) -> dict[str, list[Header]]:
        """The fields by their lower-case names."""
        named: dict[str, list[Header]] = {}
        for header in self.headers:
            named.setdefault(header.key, []).append(header)
        return named

    def _values(self, name: str) -> list[str]:
        return [read_value(self.raw, header) for header in self._fields.get(name.lower(), ())]

    def header(self, name: str) -> str | None:
        """Return the first field of a name, unfolded and with its encoded words decoded."""
        values = self._values(name)
        return decode_words(values[0]) if values else None

    def header_all(self, name: str) -> list[str]:
        """Return every field of a name, as `header` does."""
        return [decode_words(value) for value in self._values(name)]

    @property
    def message_id(self) -> str | None:
        """The Message-ID as written, with its brackets."""
        values = self._values("message-id")
        return "".join(values[0].split()) or None if values else None

    @cached_property
    def _mailbox(self) -> tuple[str, str]:
        values = self._values("from") or self._values("sender")
        return read_mailbox(values[0]) if values else ("", "")

    @property
    def sender(self) -> str:
        """The address in From (else Sender), "" where there is none."""
        return self._mailbox[0]

    @property
    def sender_name(self) -> str:
        """The display name in From, decoded."""
        return self._mailbox[1]

    @property
    def subject(self) -> str:
        """The decoded subject."""
        return self.header("subject") or ""

    @property
    def date(self) -> datetime | None:
        """The moment the Date field names, always with a zone."""
        values = self._values("date")
        return read_date(values[0]) if values else None

    @property
    def recipients(self) -> tuple[str, ...]:
        """The addresses this copy went to: Delivered-To and X-Original-To, else To."""
        values = self._values("delivered-to") + self._values("x-original-to") or self._values("to")
        return tuple(dict.fromkeys(address for value in values for address in read_addresses(value)))

    @property
    def transport_signed(self) -> bool:
        """Whether a DKIM or ARC signature covers the mail on its way."""
        return not _TRANSPORT_SIGNATURES.isdisjoint(self._fields)


def split(raw: bytes) -> Message:
    """Split a raw mail into its parts; never raises, linear in the mail's length.

    Line ends may be CRLF, LF, CR or mixed; an mbox "From " line may come first.
    """
    from bothways.message.splitter import Splitter  # noqa: PLC0415 - it builds what stands above

    return Splitter(raw).run()
