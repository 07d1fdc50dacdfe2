"""The words of IMAP (RFC 9051, RFC 3501): lines to their parts, and the lines that this project rewrites."""

import base64
import binascii
import re
from dataclasses import dataclass

from bothways.wire.events import SpecialUse

# literal = "{" number64 ["+"] "}" CRLF *CHAR8; literal8 = "~{" number64 "}" CRLF *OCTET (RFC 9051, section 9)
_LITERAL = re.compile(rb"~?\{(\d{1,18})(\+?)\}\r?\n\Z")
_COMMAND = re.compile(
    rb"([^\s\"(){%*\\]+) +(?:(UID) +)?([A-Za-z][A-Za-z0-9._-]*)(?: +|(?=\r?\n))", re.IGNORECASE
)
_ARGUMENT = re.compile(rb"\"((?:[^\"\\\r\n]|\\.)*)\"|([^\s\"(){]+)")
_CAPABILITY_CODE = re.compile(rb"\[CAPABILITY ([^\]\r\n]*)\]", re.IGNORECASE)
_UIDVALIDITY_CODE = re.compile(rb"\[UIDVALIDITY (\d{1,10})\]", re.IGNORECASE)
_LIST = re.compile(
    rb"\* (?:LIST|XLIST|LSUB) \(([^)]*)\) (?:NIL|\"(?:[^\"\\]|\\.)*\") (.*)", re.IGNORECASE | re.DOTALL
)
_LITERAL_WORD = re.compile(rb"~?\{\d{1,18}\+?\}\r?\n(.*)", re.DOTALL)
_BINARY_ITEM = re.compile(rb"[ (]BINARY(?:\.PEEK|\.SIZE)?\[", re.IGNORECASE)
_CHANNEL_BOUND = re.compile(r"SCRAM-[A-Z0-9-]+-PLUS", re.IGNORECASE)
_GONE = re.compile(rb"\* (?:(\d{1,10}) EXPUNGE|VANISHED(?! \(EARLIER\)))\b", re.IGNORECASE)
_ID_PAIR = re.compile(rb"\"((?:[^\"\\\r\n]|\\.)*+)\" +\"((?:[^\"\\\r\n]|\\.)*+)\"")
_LONGEST_ID = 4096
_LONGEST_CLIENT = 80
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")

STATUS_WORDS = frozenset((b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH"))
_REFUSED = frozenset(("STARTTLS", "COMPRESS", "CONVERT", "UID CONVERT", "GENURLAUTH", "URLFETCH", "RESETKEY"))
_HIDDEN = frozenset(("STARTTLS", "BINARY", "URLAUTH", "CONVERT", "UIDONLY"))
_HIDDEN_STARTS = ("COMPRESS=", "URLAUTH=")
_USES = {"\\DRAFTS": SpecialUse.DRAFTS, "\\SENT": SpecialUse.SENT}
# For servers without RFC 6154: the last level of the name, in the words of common clients and servers.
_DRAFTS = """drafts draft templates template entwürfe vorlagen brouillons modèles borradores plantillas bozze
modelli rascunhos concepten sjablonen kladder utkast szkice"""
_SENT = """sent|sent items|sent messages|sent mail|gesendet|gesendete objekte|gesendete elemente|envoyés
éléments envoyés|enviados|elementos enviados|posta inviata|inviata|verzonden|verzonden items|sendt
skickat|wysłane"""
_NAMES = {
    SpecialUse.DRAFTS: frozenset(_DRAFTS.split()),
    SpecialUse.SENT: frozenset(_SENT.replace("\n", "|").split("|")),
}


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal that a line announces: `synchronizing` means that the sender waits for a "+" first."""

    size: int
    synchronizing: bool


def announced_literal(line: bytes) -> Literal | None:
    """Read the literal that follows `line`, if one does."""
    if not line.endswith((b"}\r\n", b"}\n")):
        return None
    found = _LITERAL.search(line)
    return Literal(int(found[1]), not found[2]) if found else None


def split_command(line: bytes) -> tuple[bytes, str, bytes]:
    """Cut a command line into tag, upper-case name ("UID FETCH" is one) and the rest; "" for no command."""
    found = _COMMAND.match(line)
    if not found:
        return line.split(maxsplit=1)[0] if line.strip() else b"", "", b""
    name = found[3].decode("ascii").upper()
    return found[1], f"UID {name}" if found[2] else name, line[found.end() :]


def first_argument(rest: bytes) -> tuple[bytes | None, bytes]:
    """Read a command's first astring, None where it is a literal or missing; and what follows."""
    found = _ARGUMENT.match(rest)
    if not found:
        return None, rest
    word = unquote(found[1]) if found[1] is not None else found[2]
    return word, rest[found.end() :].lstrip(b" ")


def numbers_gone(line: bytes) -> int | None:
    """Read EXPUNGE (its number) and VANISHED (0: no numbers are told); None for any other response."""
    found = _GONE.match(line)
    return None if found is None else int(found[1] or 0)


def unquote(inside: bytes) -> bytes:
    r"""Undo the backslashes of a quoted string."""
    return re.sub(rb"\\(.)", rb"\1", inside)


def refused_as(name: str, rest: bytes) -> str | None:
    """Name the command when it must not reach the server: it would carry mail past this engine."""
    if name in _REFUSED:
        return name
    if name in {"FETCH", "UID FETCH"} and _BINARY_ITEM.search(b" " + rest):
        return f"{name} BINARY"
    if name == "AUTHENTICATE":
        mechanism = (first_argument(rest)[0] or b"").decode("ascii", "replace")
        if _CHANNEL_BOUND.fullmatch(mechanism):
            return f"{name} {mechanism.upper()}"
    return None


def hide_capabilities(line: bytes) -> bytes:
    """Take out of a CAPABILITY response or response code what this engine cannot stand behind."""
    if line[:13].upper() == b"* CAPABILITY ":
        text = line.rstrip(b"\r\n")
        return b"* CAPABILITY " + _without_hidden(text[13:]) + line[len(text) :]
    return _CAPABILITY_CODE.sub(
        lambda found: b"[CAPABILITY " + _without_hidden(found[1]) + b"]", line, count=1
    )


def _without_hidden(listed: bytes) -> bytes:
    words = listed.split(b" ")
    names = {word.upper() for word in words}
    kept = [word for word in words if not _is_hidden(word.decode("ascii", "replace").upper())]
    if b"IMAP4REV1" in names:  # IMAP4rev2 holds BINARY; a client falls back to rev1 where both are offered
        kept = [word for word in kept if word.upper() != b"IMAP4REV2"]
    return b" ".join(kept) if kept != words else listed


def _is_hidden(name: str) -> bool:
    if name in _HIDDEN or name.startswith(_HIDDEN_STARTS):
        return True
    return name.startswith("AUTH=") and _CHANNEL_BOUND.fullmatch(name[5:]) is not None


def client_name(rest: bytes) -> str | None:
    """Read name and version out of an ID command (RFC 2971, 3.1); None where it tells none."""
    pairs = _ID_PAIR.findall(rest[:_LONGEST_ID])
    told = {unquote(key).lower(): unquote(value).decode("utf-8", "replace") for key, value in pairs}
    words = " ".join(told.get(key, "") for key in (b"name", b"version")).split()
    return "".join(c for c in " ".join(words) if c.isprintable())[:_LONGEST_CLIENT] or None


def uid_validity(line: bytes) -> int | None:
    """Read the UIDVALIDITY response code of a status line."""
    found = _UIDVALIDITY_CODE.search(line)
    return int(found[1]) if found else None


def listed_mailbox(response: bytes) -> tuple[str, SpecialUse] | None:
    """Read name and special use from a whole LIST response, its literals included."""
    found = _LIST.match(response)
    if not found:
        return None
    literal = _LITERAL_WORD.match(found[2])
    name = literal[1] if literal else first_argument(found[2])[0]
    if name is None:
        return None
    flags = found[1].decode("ascii", "replace").upper().split()
    use = next((_USES[flag] for flag in flags if flag in _USES), SpecialUse.NONE)
    return mailbox_name(name.rstrip(b"\r\n")), use


def mailbox_name(octets: bytes) -> str:
    """Decode a mailbox name: modified UTF-7 (RFC 3501, 5.1.3), or UTF-8 where it is not that."""
    text = octets.decode("utf-8", "replace")
    if text.upper() == "INBOX":
        return "INBOX"
    try:
        return _SHIFTED.sub(lambda found: _shifted(found[1]), text)
    except (binascii.Error, UnicodeDecodeError):
        return text


def _shifted(inside: str) -> str:
    if not inside:
        return "&"
    padded = inside.replace(",", "/") + "=" * (-len(inside) % 4)
    return base64.b64decode(padded, validate=True).decode("utf-16-be")


def use_by_name(mailbox: str) -> SpecialUse:
    """Guess the special use of a mailbox that LIST said nothing of."""
    last = re.split(r"[./\\]", mailbox)[-1].casefold()
    return next((use for use, names in _NAMES.items() if last in names), SpecialUse.NONE)
