"""One pass over a raw mail that opens and closes its entities.

Boundary lines are looked for once, over the whole mail; each is held against the multiparts that
are open at that place, so that an outer boundary ends whatever is inside.
"""

import re
from dataclasses import dataclass, field

from bothways.message.boundaries import BoundaryLines
from bothways.message.headers import Block, read_block, read_parameters, read_token, read_value
from bothways.message.mime import Message, Part, Protection

MAX_DEPTH = 100
MAX_PARTS = 10_000

_MBOX_LINE = re.compile(rb">?From [^\r\n]*+(?:\r\n?|\n|\Z)")
_TYPE = re.compile(r"\s*([!#-'*+.0-9A-Z^-~-]+)\s*/\s*([!#-'*+.0-9A-Z^-~-]+)")
_OPAQUE_ENCODINGS = frozenset(["base64", "quoted-printable", "x-uuencode", "uuencode"])
_EMBEDDED = frozenset(["message/rfc822", "message/global", "message/news"])
_CMS = frozenset(["application/pkcs7-mime", "application/x-pkcs7-mime"])


@dataclass(slots=True)
class _Entity:
    """A part while it is open."""

    section: str
    depth: int
    protection: Protection
    start: int
    block: Block
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    encoding: str = ""
    disposition: str = ""
    filename: str = ""
    body_end: int = -1
    boundary: bytes | None = None
    children: int = 0
    child_type: str = "text/plain"
    seen_boundary: bool = False
    is_leaf: bool = True


class Splitter:
    """Splits one mail; use it once."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._entities: list[_Entity] = []
        self._open: list[_Entity] = []
        self._marks: dict[bytes, tuple[int, bool]] = {}
        self._lines = BoundaryLines(raw)
        self._notes: dict[str, None] = {}

    def run(self) -> Message:
        """Return the mail's parts."""
        raw = self._raw
        self._begin(0, None, "text/plain")
        position = 0
        while self._marks:
            opened = [entity.boundary for entity in self._open if entity.boundary]
            line = self._lines.find(opened, max(position, self._entities[-1].block.body_start))
            if line is None or not self._meet(line):
                break
            position = line.end()
        self._end_all()
        root = self._entities[0]
        parts = tuple(self._freeze(entity) for entity in self._entities)
        return Message(raw, parts, root.block.headers, tuple(self._notes))

    def _meet(self, line: re.Match[bytes]) -> bool:
        """Take a line that begins with `--`; return False where nothing after it will be split."""
        index, closes = self._marks.get(line[0].rstrip(b" \t\r\n"), (-1, False))
        if index < 0:
            return True
        entity = self._open[index]
        self._close(index + 1, line.start())
        if closes:
            entity.boundary = None
            self._mark()
        return closes or self._next_child(entity, line.end())

    def _mark(self) -> None:
        """List the lines that mean something here; of two open multiparts the inner one has its way."""
        self._marks = {}
        for index, entity in enumerate(self._open):
            if entity.boundary is not None:
                self._marks[entity.boundary] = (index, False)
                self._marks[entity.boundary + b"--"] = (index, True)

    def _next_child(self, entity: _Entity, start: int) -> bool:
        entity.seen_boundary = True
        if len(self._entities) >= MAX_PARTS:
            self._notes["limit:parts"] = None
            return False
        self._begin(start, entity, entity.child_type)
        return True

    def _close(self, keep: int, line_start: int) -> None:
        """End every entity inside the first `keep` open ones before a boundary line."""
        end = line_start - _break_before(self._raw, line_start)
        closed = self._open[keep:]
        del self._open[keep:]
        for entity in closed:
            self._end(entity, end)
        if any(entity.boundary for entity in closed):
            self._mark()

    def _end(self, entity: _Entity, end: int) -> None:
        entity.body_end = max(end, entity.block.body_start)
        if entity.content_type.startswith("multipart/") and not entity.seen_boundary:
            self._notes["boundary:missing"] = None
        elif entity.boundary is not None:
            self._notes["boundary:unclosed"] = None

    def _end_all(self) -> None:
        for entity in self._open:
            self._end(entity, len(self._raw))

    def _begin(self, start: int, parent: _Entity | None, default_type: str) -> None:
        """Open an entity, and the messages inside it as far as they are nothing but messages."""
        while True:
            entity = self._read(start, parent, default_type)
            self._entities.append(entity)
            self._open.append(entity)
            if entity.content_type.startswith("multipart/"):
                self._open_multipart(entity)
                return
            if entity.content_type not in _EMBEDDED or entity.encoding in _OPAQUE_ENCODINGS:
                return
            if not self._may_nest(entity) or len(self._entities) >= MAX_PARTS:
                return
            entity.is_leaf = False
            start, parent, default_type = entity.block.body_start, entity, "text/plain"

    def _open_multipart(self, entity: _Entity) -> None:
        boundary = entity.parameters.get("boundary", "").rstrip()
        if boundary and self._may_nest(entity):
            entity.boundary = b"--" + boundary.encode("utf-8", "surrogateescape")
            entity.is_leaf = False
            self._mark()
        if entity.content_type == "multipart/digest":
            entity.child_type = "message/rfc822"

    def _may_nest(self, entity: _Entity) -> bool:
        if entity.depth < MAX_DEPTH:
            return True
        self._notes["limit:depth"] = None
        return False

    def _read(self, start: int, parent: _Entity | None, default_type: str) -> _Entity:
        if parent is None or parent.content_type in _EMBEDDED:
            mbox_line = _MBOX_LINE.match(self._raw, start)
            start = mbox_line.end() if mbox_line else start
        block = read_block(self._raw, start)
        if block.cut:
            self._notes["limit:headers"] = None
        depth = parent.depth + 1 if parent else 0
        protection = parent.protection if parent else Protection.NONE
        entity = _Entity("", depth, protection, start, block, content_type=default_type)
        self._describe(entity)
        entity.section = _section(parent, entity)
        return entity

    def _describe(self, entity: _Entity) -> None:
        """Fill in what the fields say; of a repeated field the first counts."""
        values = {key: read_value(self._raw, header) for key, header in entity.block.about_body.items()}
        if kind := values.get("content-type"):
            entity.content_type = _read_type(kind)
            entity.parameters = read_parameters(kind)
        if encoding := values.get("content-transfer-encoding"):
            entity.encoding = read_token(encoding)
        if disposition := values.get("content-disposition"):
            entity.disposition = read_token(disposition)
            entity.filename = read_parameters(disposition).get("filename", "")
        entity.filename = entity.filename or entity.parameters.get("name", "")
        entity.protection = entity.protection or _own_protection(entity)

    def _freeze(self, entity: _Entity) -> Part:
        return Part(
            section=entity.section,
            header_start=entity.start,
            header_end=entity.block.end,
            body_start=entity.block.body_start,
            body_end=entity.body_end,
            headers=entity.block.headers,
            content_type=entity.content_type,
            parameters=entity.parameters,
            charset=entity.parameters.get("charset", "").lower(),
            encoding=entity.encoding,
            disposition=entity.disposition,
            filename=entity.filename,
            protection=entity.protection,
            attached=entity.is_leaf and entity.disposition == "attachment",
            depth=entity.depth,
            is_leaf=entity.is_leaf,
        )


def _read_type(value: str) -> str:
    """Return "type/subtype"; what is not of this form is text/plain (RFC 2045, 5.2)."""
    match = _TYPE.match(value)
    return f"{match[1]}/{match[2]}".lower() if match else "text/plain"


def _own_protection(entity: _Entity) -> Protection:
    if entity.content_type == "multipart/signed":
        return Protection.SIGNED
    if entity.content_type == "multipart/encrypted":
        return Protection.ENCRYPTED
    if entity.content_type in _CMS:
        signed = entity.parameters.get("smime-type", "").lower() == "signed-data"
        return Protection.SIGNED if signed else Protection.ENCRYPTED
    return Protection.NONE


def _section(parent: _Entity | None, entity: _Entity) -> str:
    """Number an entity as IMAP does: the body of an embedded message shares the number of its container."""
    is_multipart = entity.content_type.startswith("multipart/")
    if parent is None:
        return "" if is_multipart else "1"
    if parent.content_type in _EMBEDDED:
        return f"{parent.section}.TEXT" if is_multipart else f"{parent.section}.1"
    parent.children += 1
    prefix = parent.section.removesuffix("TEXT").removesuffix(".")
    return f"{prefix}.{parent.children}" if prefix else str(parent.children)


def _break_before(raw: bytes, position: int) -> int:
    """Return the length of the line break that ends right before a position: it belongs to the boundary."""
    if raw[max(0, position - 2) : position] == b"\r\n":
        return 2
    return 1 if raw[max(0, position - 1) : position] in (b"\r", b"\n") else 0
