"""What a URL may hold of some addresses, made ready for the search.

Readable forms and their direct codings become one automaton (Aho-Corasick), which only says where to look;
what it points at is decoded and compared. Hashes become sets by length, made when the first digest of that
length is looked up: most URLs never ask for most of them, and two layers are what costs.

Measured: with 3,300 digests as patterns an automaton takes 13 ms to build and megabytes, with the readable
forms alone 0.05 ms, and 1.2 us a URL (pyahocorasick took twice as long, RE2 three times; its states in one
piece would answer in 1 us, and take twice as long to build, which counts where each mail has another reader).
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from bothways.urls import transforms
from bothways.urls.recipient_forms import Form, Text, spell

MOST_ADDRESSES = 16
_SHORTEST_CORE = 8
_LONGEST_PATTERN = 24
"""Octets of a text that the automaton compares; the rest is compared when the place is decoded."""
_LONGEST_BASE32 = 16
"""Octets that fill as many characters of base32, wherever in a group they begin."""


class Origin(NamedTuple):
    """What a digest was made of: which address (its place in the list), which form, by which layers."""

    address: int
    form: Form
    chain: tuple[str, ...]


class _Inner:
    """What a hash is made of: values, and of each what it was made of itself."""

    def __init__(self) -> None:
        self.values: list[bytes] = []
        self.origins: list[Origin] = []

    def add(self, values: Collection[bytes], origin: Origin) -> None:
        """Add values of one origin."""
        self.values += values
        self.origins += [origin] * len(values)


class _Inners(NamedTuple):
    """What is hashed: the spellings themselves; in a second layer what few would choose, which only fast
    hashes take; what is usual; what of that is of a whole address, which all take."""

    bare: _Inner
    rare: _Inner
    usual: _Inner
    whole: _Inner

    def taken_by(self, name: str) -> Iterator[_Inner]:
        """Give what is hashed by one hash; of equal digests the first counts."""
        yield self.bare
        if name not in _FEW_INNER:
            yield self.rare
        if name not in transforms.SLOW:
            yield self.usual
        yield self.whole


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
        self._digests: dict[int, frozenset[bytes]] = {}
        self._origins: dict[int, dict[bytes, Origin]] = {}

    def __repr__(self) -> str:
        return f"Candidates({len(self.spellings)} spellings)"

    def find_digest(self, digest: bytes) -> Origin | None:
        """Look up a digest, raw octets, of one or two layers."""
        return self._trace(digest) if digest in self._digests_of(len(digest)) else None

    def find_digest_within(self, octets: bytes, size: int) -> Origin | None:
        """Look for a digest of this many octets anywhere in longer octets."""
        if size > len(octets):
            return None
        digests = self._digests_of(size)
        windows = (octets[start : start + size] for start in range(len(octets) - size + 1))
        return next((self._trace(window) for window in windows if window in digests), None)

    def _digests_of(self, size: int) -> frozenset[bytes]:
        if size not in self._digests:
            self._digests[size] = frozenset(chain.from_iterable(made for _, made in self._hash_all(size)))
        return self._digests[size]

    def _trace(self, digest: bytes) -> Origin:
        """Say what a digest was made of; most readers are never found in one, so nothing is kept before."""
        size = len(digest)
        if size not in self._origins:
            self._origins[size] = {}
            for name, made in self._hash_all(size):
                origins = chain.from_iterable(inner.origins for inner in self._inners.taken_by(name))
                for each, origin in zip(made, origins, strict=True):
                    whole = origin._replace(chain=(name, *origin.chain))
                    self._origins[size].setdefault(each, whole)
        return self._origins[size][digest]

    def count_digests(self) -> int:
        """How many digests have been made so far."""
        return sum(map(len, self._digests.values()))

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

    def _hash_all(self, size: int) -> Iterator[tuple[str, list[bytes]]]:
        """Give the hashes of one size, each with its digests of all that it may have been made of."""
        for name, length in transforms.DIGEST_SIZES.items():
            if length == size:
                values = chain.from_iterable(inner.values for inner in self._inners.taken_by(name))
                yield name, transforms.hash_all(name, list(values))

    @cached_property
    def _inners(self) -> _Inners:
        inners = _Inners(_Inner(), _Inner(), _Inner(), _Inner())
        for index, text in self.spellings:
            inners.bare.add([text.value], Origin(index, text.form, ()))
        texts = [(index, text) for index, text in self.spellings if text.usual]
        for index, text in texts:
            taken = inners.whole if text.form is Form.WHOLE else inners.usual
            for name, values in transforms.represent(text.value):
                taken.add(values, Origin(index, text.form, (name,)))
        for name in _ALL_HASHES:
            digests = transforms.hash_all(name, [text.value for _, text in texts])
            for (index, text), digest in zip(texts, digests, strict=True):
                _add_digest(inners, digest, index, text.form, name)
        return inners


_ALL_HASHES = transforms.HASHES | transforms.CHECKSUMS
_FEW_INNER = transforms.SLOW | transforms.CHECKSUMS.keys()
"""As the outer of two layers these take usual texts only: the one is slow, and for whole addresses alone, the
other is found by chance."""


def _fold(spellings: list[tuple[int, Text]]) -> list[tuple[bytes, int, Form]]:
    folded = {text.value.lower(): (index, text.form) for index, text in reversed(spellings)}
    return [(value, index, form) for value, (index, form) in reversed(folded.items())]


def _add_digest(inners: _Inners, digest: bytes, index: int, form: Form, name: str) -> None:
    usual, capital, coded = transforms.represent_digest(digest)
    origin = Origin(index, form, (name,))
    (inners.whole if form is Form.WHOLE else inners.usual).add(usual, origin)
    inners.rare.add((capital,), origin)
    inners.rare.add(coded, Origin(index, form, ("base64", name)))


def _code(value: bytes) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """What a bigger token holds of a text that was coded with it, and the codings, the outermost first."""
    cores: list[tuple[bytes, tuple[str, ...]]] = [
        (value.hex().encode(), ("base16",)),
        (transforms.encode_base58(value), ("base58",)),
    ]
    beginning = value[:_LONGEST_PATTERN]  # no coding of it is shorter
    for core in transforms.cut_base64(beginning, _SHORTEST_CORE):
        cores += [(core, ("base64",)), (core.translate(transforms.TO_URL_ALPHABET), ("base64",))]
    cores += [(core, ("base32",)) for core in transforms.cut_base32(value[:_LONGEST_BASE32], _SHORTEST_CORE)]
    yield transforms.encode_rot13(value), ("rot13",)
    for core, codings in cores:
        yield core, codings
        yield transforms.encode_rot13(core), ("rot13", *codings)


def _build_automaton(patterns: list[bytes]) -> Callable[..., list[tuple[int, int, int]]]:
    # Imported here: only who knows the reader needs it.
    from ahocorasick_rs import BytesAhoCorasick, Implementation  # noqa: PLC0415

    return BytesAhoCorasick(patterns, implementation=Implementation.NoncontiguousNFA).find_matches_as_indexes
