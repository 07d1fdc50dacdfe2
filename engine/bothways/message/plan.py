"""What a caller wants changed in a text, what becomes of the octets, and what both planners share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bothways.message.charsets import encode_candidate, errors_of, modes_of
from bothways.message.encodings import PartText
from bothways.message.quoted_printable import QuotedPrintable


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a mail: at octet `start` of the original, `original` gives way to `replacement`."""

    start: int
    original: bytes
    replacement: bytes

    @property
    def end(self) -> int:
        """The octet of the original after this edit."""
        return self.start + len(self.original)


@dataclass(frozen=True, slots=True)
class Change:
    """Characters [start, end) of a text to be replaced by the first candidate that fits.

    "" takes them out; `pad` says that spaces may stand around the replacement.
    """

    start: int
    end: int
    candidates: tuple[str, ...]
    pad: bool = True


@dataclass(frozen=True, slots=True)
class Planned:
    """The edits, sorted and disjoint; `chosen` holds what stands for each change, None where refused."""

    edits: tuple[Edit, ...]
    chosen: tuple[str | None, ...]


class Slot(NamedTuple):
    """A change in decoded octets.

    `number` is its place in the list of the caller, `written` what it takes of the octets of the mail,
    `texts` hold the candidates that can be written.
    """

    number: int
    start: int
    end: int
    written: tuple[int, int]
    texts: tuple[tuple[str, bytes], ...]
    pad: bool


def place(raw: bytes, part_text: PartText, changes: Sequence[Change]) -> Iterator[Slot]:
    """Yield the changes that can be made at all, in the order of the text.

    Left out are spans outside the text, spans that cut a unit of the charset, candidates that it
    cannot hold, and of two changes that overlap the one that begins later.
    """
    last_end = 0
    for index in sorted(range(len(changes)), key=lambda number: (changes[number].start, number)):
        change = changes[index]
        if not max(last_end, 0) <= change.start <= change.end <= len(part_text.text):
            continue
        start, end = part_text.characters.span(change.start, change.end)
        written = part_text.body.span(start, end)
        if _follows_broken(raw, part_text, written[0]) or not _is_exact(part_text, change, start, end):
            continue
        encoded = ((text, encode_candidate(text, part_text.codec)) for text in change.candidates)
        texts = tuple((text, octets) for text, octets in encoded if octets is not None)
        if texts:
            last_end = change.end
            yield Slot(index, start, end, written, texts, change.pad)


def _follows_broken(raw: bytes, part_text: PartText, position: int) -> bool:
    """Say whether what is put at a position could complete a broken `=` of quoted-printable before it."""
    return isinstance(part_text.body, QuotedPrintable) and part_text.body.follows_broken(raw, position)


def _is_exact(part_text: PartText, change: Change, start: int, end: int) -> bool:
    """Check that the octets are those of the characters."""
    if not part_text.characters.is_exact(change.start, change.end):
        return False
    if modes_of(part_text.codec) is not None:
        return True
    octets = part_text.body.octets[start:end]
    text = part_text.text[change.start : change.end]
    try:
        return octets.decode(part_text.codec, errors_of(part_text.codec)) == text
    except UnicodeError:
        return False
