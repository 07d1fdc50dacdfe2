"""What a URL may hold of some addresses, made ready for the search.

Readable forms and their direct codings become one automaton (Aho-Corasick), which only says where to look;
what it points at is decoded and compared. Hashes become tables by length, made when the first digest of that
length is looked up: most URLs never ask for most of them, and two layers are what costs.

Measured: with 3,300 digests as patterns an automaton takes 13 ms to build and megabytes, with the readable
forms alone 0.1 ms, and 1 us a URL (pyahocorasick took twice as long, RE2 three times; as a table of states it
would take 0.8 us, and five times as long to build, which counts where every mail has another reader).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bothways.urls import transforms
from bothways.urls.recipient_forms import Form, Text, spell

MOST_ADDRESSES = 16
_SHORTEST_CORE = 8
_LONGEST_PATTERN = 24
"""Octets of a text that the automaton compares; the rest is compared when the place is decoded."""
_KEY = 12
"""Octets of a digest that a table keeps: chance finds one among 2^96."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a digest was made of: which address (its place in the list), which form, by which layers."""

    address: int
    form: Form
    chain: tuple[str, ...]


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
        self._tables: dict[int, dict[bytes, Origin]] = {}
        self._inner: list[tuple[bytes, Origin, bool]] | None = None

    def __repr__(self) -> str:
        return f"Candidates({len(self.spellings)} spellings)"

    def find_digest(self, digest: bytes) -> Origin | None:
        """Look up a digest, raw octets, of one or two layers."""
        return self._table(len(digest)).get(digest[:_KEY])

    def find_digest_within(self, octets: bytes, size: int) -> Origin | None:
        """Look for a digest of this many octets anywhere in longer octets."""
        table = self._table(size)
        keys = (octets[start : start + _KEY] for start in range(len(octets) - size + 1))
        return next((table[key] for key in keys if key in table), None)

    def _table(self, size: int) -> dict[bytes, Origin]:
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

    def _hash_all(self, size: int) -> dict[bytes, Origin]:
        table: dict[bytes, Origin] = {}
        hashes = {n: h for n, h in _ALL_HASHES.items() if transforms.DIGEST_SIZES[n] == size}
        for name, hash_ in hashes.items():
            for index, text in self.spellings:
                table.setdefault(hash_(text.value)[:_KEY], Origin(index, text.form, (name,)))
        for value, origin, usual in self._inner_texts():
            for name, hash_ in hashes.items():
                if name in transforms.SLOW and origin.form is not Form.WHOLE:
                    continue
                if usual or name not in _FEW_INNER:
                    chain = Origin(origin.address, origin.form, (name, *origin.chain))
                    table.setdefault(hash_(value)[:_KEY], chain)
        return table

    def _inner_texts(self) -> list[tuple[bytes, Origin, bool]]:
        """What a second layer hashes, made once; the flag is False for a spelling that few would choose."""
        if self._inner is None:
            self._inner = [
                entry for index, text in self.spellings if text.usual for entry in _wrap(index, text)
            ]
        return self._inner


_ALL_HASHES = transforms.HASHES | transforms.CHECKSUMS
_FEW_INNER = transforms.SLOW | transforms.CHECKSUMS.keys()
"""As the outer of two layers these take usual texts only: the one is slow, and for whole addresses alone, the
other is found by chance."""


def _fold(spellings: list[tuple[int, Text]]) -> list[tuple[bytes, int, Form]]:
    folded = {text.value.lower(): (index, text.form) for index, text in reversed(spellings)}
    return [(value, index, form) for value, (index, form) in reversed(folded.items())]


def _wrap(index: int, text: Text) -> Iterator[tuple[bytes, Origin, bool]]:
    for name, value in transforms.represent(text.value):
        yield value, Origin(index, text.form, (name,)), True
    for name, hash_ in _ALL_HASHES.items():
        for number, (coding, value) in enumerate(transforms.represent_digest(hash_(text.value))):
            chain = (coding, name) if coding else (name,)
            yield value, Origin(index, text.form, chain), number < 2


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
