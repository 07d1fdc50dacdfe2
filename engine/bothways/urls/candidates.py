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


class Origin(NamedTuple):
    """What a digest was made of: which address (its place in the list), which form, by which layers."""

    address: int
    form: Form
    chain: tuple[str, ...]


class _Inner:
    """What a second layer hashes: values, and of each what it was made of."""

    def __init__(self) -> None:
        self.values: list[bytes] = []
        self.origins: list[Origin] = []

    def add(self, value: bytes, origin: Origin) -> None:
        """Add a value."""
        self.values.append(value)
        self.origins.append(origin)


class _Inners(NamedTuple):
    """What few would choose, which only fast hashes take; what is usual; what of that is of a whole address,
    which all take."""

    rare: _Inner
    usual: _Inner
    whole: _Inner


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
        self._inners: _Inners | None = None

    def __repr__(self) -> str:
        return f"Candidates({len(self.spellings)} spellings)"

    def find_digest(self, digest: bytes) -> Origin | None:
        """Look up a digest, raw octets, of one or two layers."""
        return _unfold(self._table(len(digest)).get(digest))

    def find_digest_within(self, octets: bytes, size: int) -> Origin | None:
        """Look for a digest of this many octets anywhere in longer octets."""
        if size > len(octets):
            return None
        table = self._table(size)
        keys = (octets[start : start + size] for start in range(len(octets) - size + 1))
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
        rare, usual, whole = self._inner_texts()
        for name in names:
            table |= _file(name, whole)
            if name not in transforms.SLOW:
                table |= _file(name, usual)
            if name not in _FEW_INNER:
                table |= _file(name, rare)
        bare = _Inner()
        for index, text in self.spellings:
            bare.add(text.value, Origin(index, text.form, ()))
        for name in names:
            table |= _file(name, bare)
        return table

    def _inner_texts(self) -> _Inners:
        """What a second layer hashes, made once."""
        if self._inners is None:
            self._inners = _Inners(_Inner(), _Inner(), _Inner())
            texts = [(index, text) for index, text in self.spellings if text.usual]
            for index, text in texts:
                taken = self._inners.whole if text.form is Form.WHOLE else self._inners.usual
                for name, value in transforms.represent(text.value):
                    taken.add(value, Origin(index, text.form, (name,)))
            for name in _ALL_HASHES:
                digests = transforms.hash_all(name, [text.value for _, text in texts])
                for (index, text), digest in zip(texts, digests, strict=True):
                    _add_digest(self._inners, Origin(index, text.form, (name,)), digest)
        return self._inners


_ALL_HASHES = transforms.HASHES | transforms.CHECKSUMS
_FEW_INNER = transforms.SLOW | transforms.CHECKSUMS.keys()
"""As the outer of two layers these take usual texts only: the one is slow, and for whole addresses alone, the
other is found by chance."""


def _fold(spellings: list[tuple[int, Text]]) -> list[tuple[bytes, int, Form]]:
    folded = {text.value.lower(): (index, text.form) for index, text in reversed(spellings)}
    return [(value, index, form) for value, (index, form) in reversed(folded.items())]


def _file(name: str, inner: _Inner) -> dict[bytes, tuple[str, Origin]]:
    digests = transforms.hash_all(name, inner.values)
    return dict(zip(reversed(digests), zip(repeat(name), reversed(inner.origins)), strict=False))


def _unfold(found: tuple[str, Origin] | None) -> Origin | None:
    """Put the outer hash before what it was made of."""
    return None if found is None else found[1]._replace(chain=(found[0], *found[1].chain))


def _add_digest(inners: _Inners, origin: Origin, digest: bytes) -> None:
    usual, capital, coded = transforms.represent_digest(digest)
    taken = inners.whole if origin.form is Form.WHOLE else inners.usual
    taken.values += usual
    taken.origins += [origin] * len(usual)
    inners.rare.values += [capital, *coded]
    in_base64 = origin._replace(chain=("base64", *origin.chain))
    inners.rare.origins += [origin, *repeat(in_base64, len(coded))]


def _code(value: bytes) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """What a bigger token holds of a text that was coded with it, and the codings, the outermost first."""
    cores: list[tuple[bytes, tuple[str, ...]]] = [
        (value.hex().encode(), ("base16",)),
        (transforms.encode_base58(value), ("base58",)),
    ]
    beginning = value[:_LONGEST_PATTERN]  # no coding of it is shorter
    for core in transforms.cut_base64(beginning, _SHORTEST_CORE):
        cores += [(core, ("base64",)), (core.translate(transforms.TO_URL_ALPHABET), ("base64",))]
    cores += [(core, ("base32",)) for core in transforms.cut_base32(beginning, _SHORTEST_CORE)]
    yield transforms.encode_rot13(value), ("rot13",)
    for core, codings in cores:
        yield core, codings
        yield transforms.encode_rot13(core), ("rot13", *codings)


def _build_automaton(patterns: list[bytes]) -> Callable[..., list[tuple[int, int, int]]]:
    # Imported here: only who knows the reader needs it.
    from ahocorasick_rs import BytesAhoCorasick, Implementation  # noqa: PLC0415

    return BytesAhoCorasick(patterns, implementation=Implementation.ContiguousNFA).find_matches_as_indexes
