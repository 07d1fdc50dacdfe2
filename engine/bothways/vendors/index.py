"""Which shapes could a URL have? Found by dictionary look-ups, so that the answer costs the same
however many vendors there are.

A shape that names its hosts is filed under each of them and found by the host's suffixes. A shape for any
host is filed under one literal segment of its path pattern or one parameter that it demands: the one that
fewest others have, for many say `open` and few say whose. Several may fit one URL; the most specific comes
first.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from bothways.urls.address import Address
from bothways.urls.domains import parents
from bothways.vendors.model import Shape, Vendor

_MOST_SEGMENTS = 16
_KNOWN_HOSTS = 64
"""So many hosts are remembered with their shapes: the links of one mail lead to few."""

_QUANTIFIERS = "?*+{"
_MAY_BE_MISSING = ("?", "*", "{")
_UNIT = re.compile(r"[A-Za-z0-9_/=%~-]|\\[.+?|*-]")
# A literal, with an optional group before it that ends in a slash or behind it that starts with one.
_LITERAL = re.compile(r"(?:\(\?:[^()|]*/\)\?)?((?:[A-Za-z0-9_-]|\\[.-])+)(?:\(\?:/[^()|]*\)\?)?")


class Candidate(NamedTuple):
    """A shape filed under one key; a higher rank is more specific. The rank decides before anything else."""

    rank: tuple[int, int, int]
    order: int
    vendor: Vendor
    shape: Shape
    beginning: str
    """What every path of the shape begins with."""


class Key(NamedTuple):
    """What every URL of a shape holds: a whole segment of its path, or a parameter's name."""

    is_parameter: bool
    text: str


class ShapeIndex:
    """The shapes of one kind (opens or clicks) of all vendors."""

    def __init__(self, shapes: Iterable[tuple[Vendor, Shape]]) -> None:
        self._hosts: dict[str, list[Candidate]] = {}
        self._segments: dict[str, list[Candidate]] = {}
        self._parameters: dict[str, list[Candidate]] = {}
        self._list_of_host = lru_cache(_KNOWN_HOSTS)(self._list_host)
        filed = [(vendor, shape, literal_segments(shape.path)) for vendor, shape in shapes]
        uses = Counter(
            key for _, shape, segments in filed if shape.anywhere for key in _keys(shape, segments)
        )
        for order, (vendor, shape, segments) in enumerate(filed):
            literal = sum(map(len, segments))
            self._file_by_host(-order, vendor, shape, literal)
            if shape.anywhere:
                rank = (1 if shape.host else 0, len(shape.query), literal)
                key = min(_keys(shape, segments), key=lambda key: (uses[key], -len(key.text)))
                shelf = self._parameters if key.is_parameter else self._segments
                shelf.setdefault(key.text, []).append(
                    Candidate(rank, -order, vendor, shape, literal_beginning(shape.path))
                )
        self._ends = frozenset(map(_end, self._hosts))
        self._all_segments, self._all_parameters = frozenset(self._segments), frozenset(self._parameters)

    def _file_by_host(self, order: int, vendor: Vendor, shape: Shape, literal: int) -> None:
        for host in shape.hosts:
            rank = (len(host), len(shape.query), literal)
            self._hosts.setdefault(host, []).append(
                Candidate(rank, order, vendor, shape, literal_beginning(shape.path))
            )

    def find(self, address: Address, parameters: Mapping[str, str]) -> list[Candidate]:
        """List the shapes worth trying on a URL, the most specific first."""
        path, segments, names = address.path, self._segments, self._parameters
        filed = self._list_of_host(address.host)
        parts = path.split("/", _MOST_SEGMENTS)
        # Most URLs hold none: to learn that takes no loop in Python.
        if not self._all_segments.isdisjoint(parts):
            filed = filed + [each for part in parts if part in segments for each in segments[part]]
        if parameters and not self._all_parameters.isdisjoint(parameters):
            filed = filed + [each for name in parameters if name in names for each in names[name]]
        if not filed:
            return filed
        found = [candidate for candidate in filed if path.startswith(candidate.beginning)]
        if len(found) > 1:
            found.sort(key=_specificity, reverse=True)
        return found

    def _list_host(self, host: str) -> list[Candidate]:
        if _end(host) not in self._ends:
            return []
        return [candidate for suffix in parents(host) for candidate in self._hosts.get(suffix, ())]


def _end(host: str) -> str:
    """Give the last two labels of a host: few vendors have the same."""
    return ".".join(host.rstrip(".").rsplit(".", 2)[-2:])


def _keys(shape: Shape, segments: Iterable[str]) -> list[Key]:
    keys = [Key(False, segment) for segment in segments]  # noqa: FBT003
    return keys + [Key(True, name) for name, _ in shape.query]  # noqa: FBT003


def literal_segments(path: str) -> list[str]:
    r"""List the segments that every path of a pattern holds literally (`/ls/click` -> ls, click).

    Only what stands between slashes outside any group is counted, so that it is sure to be a whole segment.
    """
    pieces = _split_outside_groups(path)
    if pieces is None:
        return []
    segments = []
    for piece, following in zip(pieces[1:], [*pieces[2:], ""], strict=True):
        bounded = not following.startswith(tuple(_QUANTIFIERS)) or (following == "?" and piece is pieces[-2])
        literal = _LITERAL.fullmatch(piece)
        if bounded and literal:
            segments.append(literal[1].replace("\\", ""))
    return segments


def literal_beginning(path: str) -> str:
    r"""Give what every path of a pattern begins with, as far as it is text (`/open\.php.*` -> /open.php)."""
    if _split_outside_groups(path) is None:
        return ""
    beginning, end = "", 0
    while unit := _UNIT.match(path, end):
        end = unit.end()
        if path[end : end + 1] in _MAY_BE_MISSING:
            break
        beginning += unit[0].removeprefix("\\")
    return beginning


def _split_outside_groups(path: str) -> list[str] | None:
    """Split a pattern at its slashes outside groups and classes; None where `|` stands outside."""
    pieces, start, depth, escaped = [], 0, 0, False
    for position, character in enumerate(path):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif depth == 0 and character == "|":
            return None
        elif depth == 0 and character == "/":
            pieces.append(path[start:position])
            start = position + 1
    return [*pieces, path[start:]]


def _specificity(candidate: Candidate) -> tuple[tuple[int, int, int], int]:
    return candidate.rank, candidate.order
