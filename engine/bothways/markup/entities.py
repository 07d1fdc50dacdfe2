"""Character references of HTML, decoded the way browsers do, with the way back to the text as written."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from html.entities import html5

REFERENCE = re.compile(
    r"&(?:\#(?:[xX](?P<hex>[0-9a-fA-F]++)|(?P<decimal>[0-9]++));?"
    r"|(?P<name>[a-zA-Z][a-zA-Z0-9]{1,40}+)(?P<end>;?)(?P<glued>(?==))?)"
)
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# "Numeric character reference end state": C1 controls are read as windows-1252.
_C1 = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded text that knows where each of its characters stood.

    Of each run: `starts` the decoded offset, `origins` the written one, `literal` whether it is a plain copy.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    literal: tuple[bool, ...]

    def origin(self, position: int) -> int:
        """Give the written offset of a decoded one; inside a reference, where that begins."""
        run = bisect_right(self.starts, position) - 1
        shift = position - self.starts[run] if self.literal[run] else 0
        return self.origins[run] + shift


def as_written(raw: str, offset: int = 0) -> Decoded:
    """Take a text that begins at `offset` as it is, without references."""
    return Decoded(raw, (0,), (offset,), (True,))


def decode_attribute(raw: str) -> str:
    """Decode the references of an attribute value."""
    references = raw.count("&")
    if not references:
        return raw
    if references == raw.count("&amp;"):  # as in most URLs
        return raw.replace("&amp;", "&")
    return REFERENCE.sub(_in_attribute, raw)


def map_attribute(raw: str, offset: int = 0) -> Decoded:
    """Decode an attribute value that begins at `offset`, keeping the way back."""
    return _map(raw, offset, in_attribute=True)


def map_text(raw: str, offset: int = 0) -> Decoded:
    """Decode a text node that begins at `offset`, keeping the way back."""
    return _map(raw, offset, in_attribute=False)


def decode_in_text(match: re.Match[str]) -> str:
    """Decode a match of `REFERENCE` in a text node."""
    return _numeric(match) if match["name"] is None else unescape(match[0])


def assemble(raw: str, offset: int, changes: Iterable[tuple[int, int, str]]) -> Decoded:
    """Give a text that begins at `offset` with some spans of it exchanged, keeping the way back."""
    pieces: list[str] = []
    runs: list[tuple[int, int, bool]] = []
    length = last = 0
    for begin, end, value in changes:
        runs += ((length, offset + last, True), (length + begin - last, offset + begin, False))
        pieces += (raw[last:begin], value)
        length += begin - last + len(value)
        last = end
    pieces.append(raw[last:])
    runs.append((length, offset + last, True))
    starts, origins, literal = zip(*runs, strict=True)
    return Decoded("".join(pieces), starts, origins, literal)


def _map(raw: str, offset: int, *, in_attribute: bool) -> Decoded:
    if "&" not in raw:
        return as_written(raw, offset)
    decode = _in_attribute if in_attribute else decode_in_text
    changes = ((*match.span(), decode(match)) for match in REFERENCE.finditer(raw))
    return assemble(raw, offset, (change for change in changes if raw[change[0] : change[1]] != change[2]))


def _in_attribute(match: re.Match[str]) -> str:
    name = match["name"]
    if name is None:
        return _numeric(match)
    if match["end"]:
        return html5.get(name + ";", match[0])
    # "For historical reasons": without a semicolon a name that is followed by = or alphanumerics stays.
    return match[0] if match["glued"] is not None else html5.get(name, match[0])


def _numeric(match: re.Match[str]) -> str:
    digits = (match["hex"] or match["decimal"]).lstrip("0") or "0"
    if len(digits) > 7:
        return _REPLACEMENT
    code = int(digits, 16 if match["hex"] else 10)
    if code == 0 or code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return _REPLACEMENT
    return _C1.get(code) or chr(code)
