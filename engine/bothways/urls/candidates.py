"""What a URL may hold of some addresses, made ready for the search.

Readable forms and their direct codings become one automaton (Aho-Corasick), which only says where to look;
what it points at is decoded and compared. Hashes become tables by length, made when the first digest of that
length is looked up: most URLs never ask for most of them, and two layers are what costs.

Measured: with 3,300 digests as patterns an automaton takes 13 ms to build and megabytes, with the readable
forms alone 0.1 ms, and 1 us a URL (pyahocorasick took twice as long, RE2 three times; as a table of states it
would take 0.8 us, and five times as long to build, which counts where every mail has another reader).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import NamedTuple

from bothways.urls import transforms
from bothways.urls.recipient_forms import Form, Text, spell

MOST_ADDRESSES = 16
_SHORTEST_CORE = 8
_LONGEST_PATTERN = 24
"""Octets of a text that the automaton compares; the rest is compared when the place is decoded."""
_KEY = 12
"""Octets of a digest that a table keeps: chance finds one among 2^96."""


class Origin(NamedTuple):
    """What a digest was made of: which address (its place in the list), which form, by which layers."""

    address: int
    form: Form
    chain: tuple[str, ...]


class _Inner(NamedTuple):
    """What a second layer hashes; not `usual` is a spelling that few would choose."""

    value: bytes
    origin: Origin
    usual: bool


class Candidates:
    """The spellings of addresses, the automaton over them and the tables of their digests."""

    def __init__(self, addresses: Sequence[str]) -> None:
        spelled = [spell(address) for address in addresses[:MOST_ADDRESSES]]
        self.spellings = [(index, text) for index, texts in enumerate(spelled) for text in texts]
        patterns = self._collect_patterns()
        self.codings = list(patterns.values())
        """By the number of a pattern: how what it finds is to be decoded."""
        self.match = _build_automaton(list(patterns)) if patterns else None
        """Where patterns stand in a lower-cased text; None where there is nothing to look for."""
        self.readable = _fold(self.spellings)
        """Lower-cased spellings, with the place of their address and their form."""
        self.taggable = [
            (local + b"+", b"@" + domain, index)
            for value, index, form in self.readable
            if form is Form.WHOLE
            for local, _, domain in [value.rpartition(b"@")]
        ]
        """What an address begins and ends with that has a tag in it, and the place of the address without."""
        self._tables: dict[int, dict[bytes, tuple[str, Origin]]] = {}
        self._inner: list[_Inner] | None = None

    def __repr__(self) -> str:
        return f"Candidates({len(self.spellings)} spellings)"

    def find_digest(self, digest: bytes) -> Origin | None:
        """Look up a digest, raw octets, of one or two layers."""
        return _unfold(self._table(len(digest)).get(digest[:_KEY]))

    def find_digest_within(self, octets: bytes, size: int) -> Origin | None:
        """Look for a digest of this many octets anywhere in longer octets."""
        if size > len(octets):
            return None
        table = self._table(size)
        keys = (octets[start : start + _KEY] for start in range(len(octets) - size + 1))
        return next((_unfold(table[key]) for key in keys if key in table), None)

    def _table(self, size: int) -> dict[bytes, tuple[str, Origin]]:
        if size not in self._tables:
            self._tables[size] = self._hash_all(size)
        return self._tables[size]

    def count_digests(self) -> int:
        """How many digests the tables made so far hold."""
        return sum(len(table) for table in self._tables.values())

    def _collect_patterns(self) -> dict[bytes, tuple[str, ...]]:
        """All in lower case: the automaton runs over a lower-cased text."""
        patterns: dict[bytes, tuple[str, ...]] = {}
        for _, text in self.spellings:
            value = text.value.lower()
            patterns.setdefault(value[:_LONGEST_PATTERN], ())
            if text.form is Form.WHOLE:
                patterns.setdefault((value.partition(b"@")[0] + b"+")[:_LONGEST_PATTERN], ())
            if text.form is not Form.LOCAL_PART:
                for core, codings in _code(text.value):
                    patterns.setdefault(core.lower()[:_LONGEST_PATTERN], codings)
        return patterns

    def _hash_all(self, size: int) -> dict[bytes, tuple[str, Origin]]:
        """Make the table of one size: by digest the outer hash, and what it was made of.

        One layer counts before two, and of equal digests the first.
        """
        names = [name for name, length in transforms.DIGEST_SIZES.items() if length == size]
        table: dict[bytes, tuple[str, Origin]] = {}
        for name in names:
            hashed = [inner for inner in self._inner_texts() if _is_hashed_again(name, inner)]
            table |= _file(name, [inner.value for inner in hashed], [inner.origin for inner in hashed])
        values = [text.value for _, text in self.spellings]
        origins = [Origin(index, text.form, ()) for index, text in self.spellings]
        for name in names:
            table |= _file(name, values, origins)
        return table

    def _inner_texts(self) -> list[_Inner]:
        """What a second layer hashes, made once."""
        if self._inner is None:
            usual = [(index, text) for index, text in self.spellings if text.usual]
            self._inner = [inner for index, text in usual for inner in _wrap(index, text)]
            for name in _ALL_HASHES:
                digests = transforms.hash_all(name, [text.value for _, text in usual])
                for (index, text), digest in zip(usual, digests, strict=True):
                    self._inner += _spell_digest(Origin(index, text.form, (name,)), digest)
        return self._inner


_ALL_HASHES = transforms.HASHES | transforms.CHECKSUMS
_FEW_INNER = transforms.SLOW | transforms.CHECKSUMS.keys()
"""As the outer of two layers these take usual texts only: the one is slow, and for whole addresses alone, the
other is found by chance."""


def _fold(spellings: list[tuple[int, Text]]) -> list[tuple[bytes, int, Form]]:
    folded = {text.value.lower(): (index, text.form) for index, text in reversed(spellings)}
    return [(value, index, form) for value, (index, form) in reversed(folded.items())]


def _is_hashed_again(name: str, inner: _Inner) -> bool:
    if name in transforms.SLOW and inner.origin.form is not Form.WHOLE:
        return False
    return inner.usual or name not in _FEW_INNER


def _file(name: str, values: list[bytes], origins: list[Origin]) -> dict[bytes, tuple[str, Origin]]:
    keys = [digest[:_KEY] for digest in transforms.hash_all(name, values)]
    return dict(zip(reversed(keys), zip(repeat(name), reversed(origins)), strict=False))


def _unfold(found: tuple[str, Origin] | None) -> Origin | None:
    """Put the outer hash before what it was made of."""
    return None if found is None else found[1]._replace(chain=(found[0], *found[1].chain))


def _wrap(index: int, text: Text) -> Iterator[_Inner]:
    for name, value in transforms.represent(text.value):
        yield _Inner(value, Origin(index, text.form, (name,)), usual=True)


def _spell_digest(origin: Origin, digest: bytes) -> Iterator[_Inner]:
    coded = origin._replace(chain=("base64", *origin.chain))
    for number, (coding, value) in enumerate(transforms.represent_digest(digest)):
        yield _Inner(value, coded if coding else origin, usual=number < 2)


def _code(value: bytes) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """What a bigger token holds of a text that was coded with it, and the codings, the outermost first."""
    cores: list[tuple[bytes, tuple[str, ...]]] = [
        (value.hex().encode(), ("base16",)),
        (transforms.encode_base58(value), ("base58",)),
    ]
    for core in transforms.cut_base64(value, _SHORTEST_CORE):
        cores += [(core, ("base64",)), (core.translate(transforms.TO_URL_ALPHABET), ("base64",))]
    cores += [(core, ("base32",)) for core in transforms.cut_base32(value, _SHORTEST_CORE)]
    yield transforms.encode_rot13(value), ("rot13",)
    for core, codings in cores:
        yield core, codings
        yield transforms.encode_rot13(core), ("rot13", *codings)


def _build_automaton(patterns: list[bytes]) -> Callable[..., list[tuple[int, int, int]]]:
    # Imported here: only who knows the reader needs it.
    from ahocorasick_rs import BytesAhoCorasick, Implementation  # noqa: PLC0415

    return BytesAhoCorasick(patterns, implementation=Implementation.ContiguousNFA).find_matches_as_indexes
