"""How far into a message its text goes, by the server's BODYSTRUCTURE (RFC 9051, 7.5.2, "body")."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(rb"\s++|\"((?:[^\"\\]++|\\.)*+)\"|([()])|([^\s()\"]++)", re.DOTALL)
_MOST_TOKENS = 20_000
_DEEPEST = 100
_HEAD = 64 << 10
_PART_HEAD = 2 << 10

type Node = bytes | list[Node]


def estimate_text_end(value: bytes) -> int | None:
    """Give the octet of the message before which all its text surely ends; None where that is not told.

    Header blocks are not counted in a BODYSTRUCTURE, so there is room for them.
    """
    body = _read(value)
    if body is None:
        return None
    position = last = 0
    for size, is_text in _leaves(body):
        position += size + _PART_HEAD
        if is_text:
            last = position
    return _HEAD + last


def _read(value: bytes) -> list[Node] | None:
    """Read one parenthesized list into lists of words."""
    outer: list[Node] = []
    open_lists = [outer]
    for number, token in enumerate(_TOKEN.finditer(value)):
        if number > _MOST_TOKENS or len(open_lists) > _DEEPEST:
            return None
        if token[2] == b"(":
            open_lists.append([])
        elif token[2] == b")":
            closed = open_lists.pop()
            if not open_lists:
                return None
            open_lists[-1].append(closed)
        elif token[1] is not None or token[3]:
            open_lists[-1].append(token[1] if token[1] is not None else token[3])
    first = outer[0] if len(outer) == 1 and len(open_lists) == 1 else None
    return first if isinstance(first, list) else None


def _leaves(body: list[Node]) -> Iterator[tuple[int, bool]]:
    """Give size and kind of each part that has no parts, in their order; a mail inside counts as text."""
    if body and isinstance(body[0], list):
        for child in body:
            if not isinstance(child, list):
                return
            yield from _leaves(child)
        return
    size = body[6] if len(body) > 6 else b""
    octets = int(size) if isinstance(size, bytes) and size.isdigit() and len(size) < 19 else 0
    yield octets, _is_text(body)


def _is_text(leaf: list[Node]) -> bool:
    """Whether there may be text to clean: also in a mail that came as a file."""
    kind, subtype = (node.lower() if isinstance(node, bytes) else b"" for node in [*leaf[:2], b"", b""][:2])
    if kind == b"message":
        return True
    if kind != b"text" and subtype != b"xhtml+xml":
        return False
    # body-fld-dsp comes after the lines of a text, which others have not, and the MD5
    place = 9 if kind == b"text" else 8
    disposition = leaf[place] if len(leaf) > place else b""
    word = disposition[0] if isinstance(disposition, list) and disposition else b""
    return not (isinstance(word, bytes) and word.lower() == b"attachment")
