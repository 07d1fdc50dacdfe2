"""Where the sections of a message stand, and how far the first octets of one can be judged.

The names are those that IMAP gives to parts (RFC 9051, 6.4.5.1).
"""

from collections.abc import Iterator, Mapping, Sequence

from bothways.message.mime import Part, split

MOST = 2_000
"""Sections of one message that are remembered."""
HEAD = 64
"""Octets by which a section is known again: of a broken mail servers number the parts in their own ways."""

type Sections = Mapping[str, int]
"""The first octet of each section, by its name in upper case ("2.1.MIME"); "" is the whole message."""


def find_sections(raw: bytes, *, whole: bool) -> Sections:
    """Give the sections of a message, or of its first octets; a name that two parts claim is left out."""
    raw = raw if whole else raw.removesuffix(b"\r")  # half a line break would count as a whole one
    parts = split(raw).parts
    if not whole:
        parts = parts[: len(parts) - _without_head(parts, raw)]
    found: dict[str, int] = {"": 0}
    doubtful: set[str] = set()
    for name, start in _all_sections(parts):
        if len(found) >= MOST:
            break
        if found.setdefault(name, start) != start:
            doubtful.add(name)
    return {name: start for name, start in found.items() if name not in doubtful}


def find_heads(raw: bytes, sections: Sections) -> Mapping[int, bytes]:
    """Give the first octets of each section, by where it begins."""
    return {start: raw[start : start + HEAD] for start in sections.values()}


def cut_off(raw: bytes) -> tuple[int, bool]:
    """Say how many of a message's first octets hold whole parts, and whether text is what is cut off."""
    raw = raw.removesuffix(b"\r")
    parts = split(raw).parts
    last, beheaded = parts[-1], _without_head(parts, raw)
    if beheaded:
        return parts[-beheaded].header_start, False
    if last.body_end < len(raw):
        return len(raw), False
    return last.body_start, last.is_text and not last.attached


def _without_head(parts: Sequence[Part], raw: bytes) -> int:
    """Count the last parts whose header may not be there whole, with the empty line behind it."""
    whole = (
        number for number, part in enumerate(reversed(parts)) if part.header_end < part.body_start < len(raw)
    )
    return next(whole, len(parts))


def _all_sections(parts: Sequence[Part]) -> Iterator[tuple[str, int]]:
    open_parts: list[Part] = []
    for part in parts:
        del open_parts[part.depth :]
        parent = open_parts[-1] if open_parts else None
        open_parts.append(part)
        if parent is None:
            yield from _of_message("", part)
        elif parent.content_type.startswith("message/"):
            yield from _of_message(parent.section, part)
        else:
            yield from _of_part(part.section, part)


def _of_message(number: str, root: Part) -> Iterator[tuple[str, int]]:
    """Give the sections of a message: `number` is that of the part which holds it, "" at the top."""
    prefix = f"{number}." if number else ""
    yield f"{prefix}HEADER", root.header_start
    yield f"{prefix}TEXT", root.body_start
    if not root.content_type.startswith("multipart/"):
        yield from _of_part(f"{prefix}1", root)


def _of_part(number: str, part: Part) -> Iterator[tuple[str, int]]:
    # Some servers take a part without parts for its own first one, as RFC 9051 does with a message.
    for name in (number, f"{number}.1") if part.is_leaf else (number,):
        yield name, part.body_start
        yield f"{name}.MIME", part.header_start
