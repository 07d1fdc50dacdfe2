"""What header values say to people: encoded words (RFC 2047), addresses, dates."""

import binascii
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bothways.message.charsets import decode_loosely

_WORD = re.compile(r"=\?([^?\s]{1,75})\?([BbQq])\?([^?]*+)\?=")
_UNDERLINED = re.compile(rb"=([0-9A-Fa-f]{2})")
_BETWEEN_ADDRESSES = re.compile(r"[\s<>(),;:\"\[\]]++")
_BRACKETED = re.compile(r"<([^<>]*+)>")
_MAX_DATE = 200


def decode_words(text: str) -> str:
    """Decode the encoded words of a value; a broken word stays as it is written.

    Neighbours of one charset are joined before decoding: senders cut inside characters.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    held: list[bytes] = []
    held_charset = ""
    last_end = 0
    for match in _WORD.finditer(text):
        charset = match[1].split("*", 1)[0].lower()
        between = text[last_end : match.start()]
        adjacent = last_end > 0 and not between.strip()
        if held and (not adjacent or charset != held_charset):
            out.append(decode_loosely(b"".join(held), held_charset))
            held = []
        if not adjacent:
            out.append(between)
        held.append(_word_octets(match[2], match[3]))
        held_charset = charset
        last_end = match.end()
    if held:
        out.append(decode_loosely(b"".join(held), held_charset))
    out.append(text[last_end:])
    return "".join(out)


def _word_octets(kind: str, text: str) -> bytes:
    octets = text.encode("utf-8", "surrogateescape")
    if kind in "Qq":
        underlined = octets.replace(b"_", b" ")
        return _UNDERLINED.sub(lambda found: bytes.fromhex(found[1].decode("ascii")), underlined)
    digits = re.sub(rb"[^A-Za-z0-9+/]", b"", octets)
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


def read_addresses(value: str) -> tuple[str, ...]:
    """Return the addresses of a From, To or Delivered-To value, each once, in order."""
    words = _BETWEEN_ADDRESSES.split(value)
    return tuple(dict.fromkeys(word for word in words if "@" in word[1:-1]))


def read_mailbox(value: str) -> tuple[str, str]:
    """Return (address, display name) of the first mailbox in a value, "" where one is missing."""
    bracketed = _BRACKETED.search(value)
    if bracketed and "@" in bracketed[1]:
        return bracketed[1].strip(), decode_words(_unquote(value[: bracketed.start()]))
    addresses = read_addresses(value)
    return (addresses[0] if addresses else ""), ""


def _unquote(name: str) -> str:
    """Take the quotes and quoted pairs from a display name (RFC 5322, 3.2.4)."""
    stripped = name.strip(" \t\r\n,")
    if len(stripped) >= 2 and stripped[0] == stripped[-1] == '"':
        return re.sub(r"\\(.)", r"\1", stripped[1:-1])
    return stripped


def read_date(value: str) -> datetime | None:
    """Return the moment a Date value names, None where it names none; no zone counts as UTC."""
    try:
        date = parsedate_to_datetime(value[:_MAX_DATE])
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)
