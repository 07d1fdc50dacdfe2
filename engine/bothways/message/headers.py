"""Header blocks of a raw mail: fields as spans, and the values that the rest of the engine reads.

Nothing here raises on hostile input and everything is linear in it: what a value cannot be read as
is left as it was written.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from bothways.message.charsets import decode_loosely
from bothways.message.words import decode_words

MAX_HEADERS = 10_000
"""Fields of one block that are read; the block is followed to its end all the same."""
MAX_VALUE = 65_536
"""Octets of one value that are read."""

ABOUT_BODY = frozenset(("content-type", "content-transfer-encoding", "content-disposition"))

_LINE = rb"[\0-\t\x0b\x0c\x0e-\xff]*+(?:\r\n?|\n|\Z)"  # of all octets but CR and LF: [^\r\n] is slower
# One logical line: perhaps "name:", then all up to a break that no blank follows (RFC 5322, 2.2.3). What
# begins with two hyphens may be a boundary, so it is no field.
_FIELD = re.compile(rb"(?:(?!--)([!-9;-~]++)[ \t]*+:[ \t]*+())?+%b(?:[ \t]%b)*+" % (_LINE, _LINE))
_BREAK = re.compile(rb"\r\n?|\n")
_BREAKS = frozenset((b"\r", b"\n", b""))
_PARAMETER = re.compile(r";\s*+([^\s=;\"]++)\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)\"?|([^;\s]*+))", re.DOTALL)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_CONTINUED = re.compile(r"([^*]+)(?:\*([0-9]{1,4}))?(\*)?")


class Header(NamedTuple):
    """One field as a span of the raw mail; `end` includes the line break, `key` is `name` in lower case.

    A line without a colon inside a block is a field with an empty name.
    """

    name: str
    start: int
    end: int
    value_start: int
    key: str


class Block(NamedTuple):
    """A header block: its fields, where they end, where the body begins, and whether a limit was met.

    `about_body` holds the first of each field that says what the body is.
    """

    headers: tuple[Header, ...]
    end: int
    body_start: int
    cut: bool
    about_body: dict[str, Header]


def read_block(raw: bytes, start: int) -> Block:
    """Read the fields from `start` up to an empty line, a line that begins with `--`, or the end.

    A block whose first line is no field is none at all: the body begins there. Of a block that is too long
    only the first fields and those about its content are kept.
    """
    headers: list[Header] = []
    about_body: dict[str, Header] = {}
    cut = False
    position = body_start = start
    for field in _FIELD.finditer(raw, start):
        name, end = field[1], field.end()
        if name is not None:
            written, value_start = name.decode(), field.start(2)
        elif raw[position : position + 1] in _BREAKS:
            line_break = _BREAK.match(raw, position)
            body_start = line_break.end() if line_break else position
            break
        elif raw.startswith(b"--", position) or position == start:  # nor is text where no field stood yet
            break
        else:
            written, value_start = "", position
        key = written.lower()
        header = Header(written, position, end, value_start, key)
        if key in ABOUT_BODY:
            about_body.setdefault(key, header)
        if len(headers) < MAX_HEADERS or key.startswith("content-"):
            headers.append(header)
        else:
            cut = True
        position = body_start = end
    return Block(tuple(headers), position, body_start, cut, about_body)


def read_value(raw: bytes, header: Header) -> str:
    """Return a field's value, unfolded and stripped, still holding its encoded words."""
    start = header.value_start
    octets = raw[start : min(header.end, start + MAX_VALUE)].strip(b" \t\r\n")
    if b"\n" in octets or b"\r" in octets:
        octets = octets.translate(None, b"\r\n")  # inside of a field, a blank follows every break
    return decode_loosely(octets)


def read_parameters(value: str) -> dict[str, str]:
    """Read the `; name=value` list of a structured field (RFC 2045 and the RFC 2231 extensions).

    Names are lower case; of a repeated name the first counts.
    """
    if ";" not in value:
        return {}
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for written, quoted, bare in _PARAMETER.findall(value):
        name, text = written.lower(), quoted or bare
        if "\\" in quoted:
            text = _QUOTED_PAIR.sub(r"\1", quoted)
        extended = _CONTINUED.fullmatch(name) if "*" in name else None
        if extended is None:
            plain.setdefault(name, decode_words(text))
        else:
            piece = (text, extended[3] is not None)
            pieces.setdefault(extended[1], {}).setdefault(int(extended[2] or 0), piece)
    for name, numbered in pieces.items():
        plain[name] = _join_pieces(numbered)
    return plain


def _join_pieces(numbered: dict[int, tuple[str, bool]]) -> str:
    """Put `name*0*=charset'language'text; name*1=...` together; pieces count up to the first gap."""
    charset = "utf-8"
    found: list[bytes] = []
    for number in range(len(numbered)):
        if number not in numbered:
            break
        text, encoded = numbered[number]
        if encoded and number == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        octets = text.encode("utf-8", "surrogateescape")
        found.append(unquote_to_bytes(octets) if encoded else octets)
    return decode_loosely(b"".join(found), charset)


def read_token(value: str) -> str:
    """Return the first word of a structured field, lower case, without comments, quotes and parameters."""
    if not value:
        return ""
    head = value.split(";", 1)[0].strip()
    while head.startswith("(") and ")" in head:
        head = head.split(")", 1)[1].lstrip()
    return head.split("(", 1)[0].strip(" \t\r\n\"'").lower()
