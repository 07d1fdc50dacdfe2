"""Words that are looked for in the whole of a text, all at once.

For each single one `bytes.find` takes three times as long as this for all.
"""

from collections.abc import Callable, Iterator
from functools import cached_property

_PIECE = 65_536
"""Octets that are looked through at a time: no more matches than they hold are kept."""


class Words:
    """Some words, of which none holds another or ends as another begins; made ready when first looked for."""

    def __init__(self, *words: bytes) -> None:
        self._words = words
        self._overlap = max(map(len, words)) - 1

    @cached_property
    def _match(self) -> Callable[[bytes], list[tuple[int, int, int]]]:
        # Imported here, as in `candidates`: most commands look through no mail.
        from ahocorasick_rs import BytesAhoCorasick, MatchKind  # noqa: PLC0415

        # Of this kind only does the library compare many octets in one step.
        return BytesAhoCorasick(self._words, matchkind=MatchKind.LeftmostFirst).find_matches_as_indexes

    def find(self, text: bytes, end: int) -> Iterator[tuple[int, int]]:
        """Give what stands before a place: the word's number and where it begins, in the text's order."""
        for start in range(0, end, _PIECE):
            piece = text[start : min(start + _PIECE + self._overlap, end)]
            for number, place, _ in self._match(piece):
                if place < _PIECE:
                    yield number, start + place
