"""Octets in a charset as text, with the way back from a character to its octets.

Decoding never raises: an octet that the charset does not know becomes a lone surrogate
(`surrogateescape`), so that each character still has its octets. Every supported charset is a superset of
ASCII, UTF-16 / UTF-32, or one that switches modes by escape sequences; labels are read as browsers
read them (https://encoding.spec.whatwg.org/#names-and-labels).
"""

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass

_SINGLE = frozenset(
    ["ascii", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "ptcp154", "tis-620", "hp-roman8", "cp866"]
    + [f"iso8859-{part}" for part in range(1, 17)]
    + [f"cp{page}" for page in (437, 720, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865)]
    + [f"cp{page}" for page in (869, 874, 1006, *range(1250, 1259))]
)
_MULTI = frozenset(["utf-8", "gb18030", "cp950", "cp949", "cp932", "euc_jp"])
_WIDE = frozenset(["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
_READ_AS = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "big5hkscs": "cp950",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "shift_jis_2004": "cp932",
    "shift_jisx0213": "cp932",
    "euc_jis_2004": "euc_jp",
    "euc_jisx0213": "euc_jp",
    "utf-8-sig": "utf-8",
    "iso2022_jp_1": "iso2022_jp_2",
    "iso2022_jp": "iso2022_jp_2",
}
_LABELS = {
    "ks_c_5601-1987": "cp949",
    "windows-949": "cp949",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gb18030",
    "windows-936": "gb18030",
    "cp936": "gb18030",
    "windows-874": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-cp1252": "cp1252",
    "unicode-1-1-utf-8": "utf-8",
    "utf8": "utf-8",
    "cp-850": "cp850",
    "unicode": "utf-16-le",
    "ucs-2": "utf-16-le",
    "csunicode": "utf-16-le",
    "iso-10646-ucs-2": "utf-16-le",
    "unicodefeff": "utf-16-le",
    "unicodefffe": "utf-16-be",
}


@dataclass(frozen=True, slots=True)
class Modes:
    """How a charset that switches modes is cut.

    `unit` matches what is not plain ASCII; `lead` is what its codec needs before one.
    """

    unit: re.Pattern[bytes]
    lead: bytes
    reserved: str
    """ASCII characters that mean something else in this charset."""


_MODES = {
    # JIS X 0201 Roman is read as ASCII: it differs in two characters, and old mailers end with it.
    "iso2022_jp_2": Modes(
        re.compile(rb"\x1b(?!\([BJ])(?:[^\x1b]|\x1b(?!\([BJ]))*+(?:\x1b\([BJ])?|\x1b\([BJ]"), b"", "\\~\x1b"
    ),
    "iso2022_kr": Modes(re.compile(rb"\x1b\$\)C|\x0e[^\x0f\r\n]*+\x0f?"), b"\x1b$)C", "\x0e\x0f\x1b"),
    "hz": Modes(re.compile(rb"~(?:\{(?:[^~\r\n]|~(?!\}))*+(?:~\})?|~|\r?\n)"), b"", "~"),
    "utf-7": Modes(re.compile(rb"\+[A-Za-z0-9+/]*+-?"), b"", "+\\~"),
}

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_WIDE_LABELS = _WIDE | {"utf-16", "utf-32"}


def _find_marked(octets: bytes) -> str | None:
    if octets.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")) and not octets.startswith(b"\xff\xfe\0\0"):
        return "utf-16"
    return None


def find_codec(label: str) -> str | None:
    """Return the codec that reads a charset label, None for one that is unknown or no charset."""
    name = label.strip(" \t\r\n\"'").lower()
    if name in _LABELS:
        return _LABELS[name]
    try:
        name = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return None
    name = _READ_AS.get(name, name)
    if name in _SINGLE or name in _MULTI or name in _WIDE or name in _MODES or name in ("utf-16", "utf-32"):
        return name
    return None


def space_in(codec: str) -> bytes:
    """Return one space as the codec writes it."""
    return " ".encode(codec) if codec in _WIDE else b" "


def errors_of(codec: str) -> str:
    """Return the error handler that gives every octet a character."""
    return "surrogatepass" if codec in _WIDE else "surrogateescape"


def decode_loosely(octets: bytes, label: str = "utf-8") -> str:
    """Decode a short text such as a header value: by its label, else UTF-8, else windows-1252."""
    codec = None if label == "utf-8" else find_codec(label)
    if codec is not None:
        with suppress(UnicodeError):
            return octets.decode(codec)
    try:
        return octets.decode()
    except UnicodeError:
        return octets.decode("cp1252", "replace")


def choose_codec(label: str, octets: bytes) -> tuple[str, str]:
    """Return (codec, note) for the text of a part; the note is "" where the label served.

    Without a label, with ASCII or an unknown one, text is UTF-8 where it is valid, else windows-1252. A mark
    at its start counts more than the label, and markup without a zero octet is not of wide units.
    """
    codec = _find_marked(octets) or (find_codec(label) if label else "ascii")
    if codec in _WIDE_LABELS and b"<" in octets and b"\0" not in octets and octets.isascii():
        codec = None
    if codec in ("utf-16", "utf-32"):
        return _choose_wide(codec, octets), ""
    if codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        return codec, ""
    if codec is None or codec == "ascii":
        guess = "ascii" if octets.isascii() else _guess(octets)
        return guess, ("" if codec else "charset:unknown")
    return codec, ""


def decode_document(octets: bytes, label: str) -> str:
    """Decode what a browser opens by itself: a mark at its start counts more than the label."""
    marked = next((codec for mark, codec in _MARKS.items() if octets.startswith(mark)), None)
    return octets.decode(marked or find_codec(label) or "utf-8", "replace")


def _guess(octets: bytes) -> str:
    try:
        octets.decode("utf-8")
    except UnicodeError:
        return "cp1252"
    return "utf-8"


def _choose_wide(codec: str, octets: bytes) -> str:
    """Find the byte order: by a mark, else by where the zero octets of markup stand."""
    if codec == "utf-32":
        return "utf-32-be" if octets.startswith((b"\0\0\xfe\xff", b"\0\0\0")) else "utf-32-le"
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16-le" if octets[0] == 0xFF else "utf-16-be"
    head = octets[:1024]
    return "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"


def modes_of(codec: str) -> Modes | None:
    """Return how a charset that switches modes is cut, None for all others."""
    return _MODES.get(codec)


def encode_candidate(text: str, codec: str) -> bytes | None:
    """Encode a replacement, None where the charset cannot hold it."""
    modes = _MODES.get(codec)
    if modes is not None and (not text.isascii() or any(char in modes.reserved for char in text)):
        return None
    try:
        return text.encode(codec if codec not in ("ascii", *_MODES) else "ascii")
    except UnicodeError:
        return None
