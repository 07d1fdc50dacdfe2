"""The text of a part, with a map from its characters back to the octets of the raw mail.

Decoding never raises and is linear; the maps are built when the first span is asked for.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bothways.message.base64_body import Base64
from bothways.message.characters import CharMap, decode_octets
from bothways.message.charsets import choose_codec
from bothways.message.quoted_printable import QuotedPrintable

if TYPE_CHECKING:
    from bothways.message.mime import Part

_IDENTITY = frozenset(["", "7bit", "8bit", "binary"])
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_SNIFFED = 4096


class Plain:
    """A body that stands for itself."""

    def __init__(self, raw: bytes, start: int, end: int) -> None:
        self.start = start
        self.notes: tuple[str, ...] = ()
        self.octets = raw[start:end]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the octets [start, end) stand in the mail."""
        return self.start + start, self.start + end


type Body = Plain | QuotedPrintable | Base64


@dataclass(frozen=True, slots=True)
class PartText:
    """A part's decoded text.

    `codec` is the Python codec that reads it, `body` its octets after transfer decoding; `notes` tell of
    what was broken: "charset:unknown", "charset:broken", "encoding:NAME", "base64:not canonical".
    """

    text: str
    part: "Part"
    notes: tuple[str, ...]
    codec: str
    body: Body = field(repr=False)
    characters: CharMap = field(repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the octets of the raw mail that write the characters [start, end).

        The span goes from the first octet to the last; in base64 it covers whole groups.
        """
        return self.body.span(*self.characters.span(start, end))


def decode_text(raw: bytes, part: "Part") -> PartText:
    """Decode a part's transfer encoding and charset; `raw` is the whole mail."""
    body, notes = _decode_transfer(raw, part)
    label = part.charset
    if not label and part.content_type.endswith("html") and _may_switch(body.octets):
        label = _declared_inside(body.octets)
    wanted, note = choose_codec(label, body.octets)
    text, characters, codec = decode_octets(body.octets, wanted)
    found = [*notes, *body.notes, note, "" if codec == wanted else "charset:broken"]
    return PartText(text, part, tuple(entry for entry in found if entry), codec, body, characters)


def _decode_transfer(raw: bytes, part: "Part") -> tuple[Body, list[str]]:
    match part.encoding:
        case "quoted-printable":
            return QuotedPrintable(raw, part.body_start, part.body_end), []
        case "base64":
            return Base64(raw, part.body_start, part.body_end), []
        case encoding:
            notes = [] if encoding in _IDENTITY else [f"encoding:{encoding[:40]}"]
            return Plain(raw, part.body_start, part.body_end), notes


def _may_switch(octets: bytes) -> bool:
    """Say whether a charset matters: ISO-2022-JP is all ASCII, and an escape in it is nothing."""
    return not octets.isascii() or b"\x1b" in octets


def _declared_inside(octets: bytes) -> str:
    """Return the charset that an HTML text names in its own head; never UTF-16, which would not read so."""
    match = _META_CHARSET.search(octets[:_SNIFFED])
    label = match[1].decode("ascii").lower() if match else ""
    return "utf-8" if label.startswith(("utf-16", "utf-32", "utf-7")) else label
