"""Where the sections of a well-formed mail stand, as RFC 3501 (6.4.5) names them: an oracle for FETCH.

It is written for the mails of these tests alone, apart from the program's own splitter.
"""

import email
import re
from collections.abc import Iterator

type Span = tuple[int, int]

_FIELD = re.compile(rb"[^\r\n][^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*")


def find_sections(raw: bytes) -> dict[str, Span]:
    """Give the span of every section that can be asked for: "", "HEADER", "TEXT", "1", "1.MIME"..."""
    body = _body_start(raw, 0, len(raw))
    found = {"": (0, len(raw)), "HEADER": (0, body), "TEXT": (body, len(raw))}
    found.update(_message(raw, 0, len(raw), ""))
    return found


def find_fields(raw: bytes, names: set[str], *, others: bool = False) -> Iterator[Span]:
    """Give the spans of the fields that HEADER.FIELDS (or with `others` HEADER.FIELDS.NOT) holds."""
    for field in _FIELD.finditer(raw, 0, _body_start(raw, 0, len(raw))):
        name = field[0].partition(b":")[0].strip().decode().upper()
        if (name in names) != others:
            yield field.span()


def _body_start(raw: bytes, start: int, end: int) -> int:
    """The empty line belongs to the header; a part may begin with it."""
    if raw.startswith(b"\r\n", start):
        return start + 2
    found = raw.find(b"\r\n\r\n", start, end)
    return end if found < 0 else found + 4


def _message(raw: bytes, start: int, end: int, prefix: str) -> Iterator[tuple[str, Span]]:
    """Give the numbered sections of a message; one that is no multipart is its own part 1."""
    body = _body_start(raw, start, end)
    head = email.message_from_bytes(raw[start:body])
    if head.get_content_maintype() == "multipart":
        yield from _parts(raw, body, end, prefix, head.get_boundary() or "")
    else:
        yield from _part(raw, start, end, f"{prefix}1")


def _parts(raw: bytes, body: int, end: int, prefix: str, boundary: str) -> Iterator[tuple[str, Span]]:
    line = re.compile(rb"(?:\A|(?<=\n))--%b(--)?[ \t]*(?:\r\n|\Z)" % re.escape(boundary.encode()))
    marks = []
    for mark in line.finditer(raw[:end], body):
        marks.append(mark)
        if mark[1]:
            break
    ends = [max(mark.start() - 2, 0) for mark in marks[1:]]
    if marks and not marks[-1][1]:
        ends.append(end)
    for number, (mark, stop) in enumerate(zip(marks, ends, strict=False), 1):
        yield from _part(raw, mark.end(), max(stop, mark.end()), f"{prefix}{number}")


def _part(raw: bytes, start: int, end: int, name: str) -> Iterator[tuple[str, Span]]:
    body = _body_start(raw, start, end)
    yield f"{name}.MIME", (start, body)
    yield name, (body, end)
    head = email.message_from_bytes(raw[start:body])
    if head.get_content_maintype() == "multipart":
        yield from _parts(raw, body, end, f"{name}.", head.get_boundary() or "")
    elif head.get_content_type() == "message/rfc822":
        inner = _body_start(raw, body, end)
        yield f"{name}.HEADER", (body, inner)
        yield f"{name}.TEXT", (inner, end)
        yield from _message(raw, body, end, f"{name}.")
