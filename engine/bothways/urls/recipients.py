"""Does a URL carry the reader's address? In the open, coded, hashed, in up to three layers.

    reader = Recipients.of(["dana@buyer.example"])
    hit = reader.find(address)        # None, or the strongest Hit

A Hit says which address by its place in the list, never the address itself: no repr, log line or exception of
this module holds one. What is looked for is in `recipient_forms`, `transforms` and `candidates`, how in
`recipient_search`.
Work per URL is bounded: a sender who hides an address behind thousands of tokens is not found out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from bothways.urls.address import Address
from bothways.urls.candidates import Candidates
from bothways.urls.recipient_forms import Form
from bothways.urls.recipient_search import LONGEST_URL, Found, Search
from bothways.urls.recipient_sieve import sift

_MOST_PARAMETERS = 200


class Where(StrEnum):
    """The part of the URL that carries the address."""

    HOST = "host"
    USER = "user"
    PATH = "path"
    QUERY = "query"
    FRAGMENT = "fragment"


@dataclass(frozen=True, slots=True)
class Hit:
    """An address found in a URL.

    `address` is its place in the list given; `chain` names codings and hashes, the outermost first, () for
    one in the open (percent escapes, which are the URL's own, are not named); `parameter` is the name of the
    query parameter whose value carries it, "" elsewhere. A hit that is not `strong` (a local part alone, a
    checksum) only counts beside another signal.
    """

    address: int
    form: Form
    chain: tuple[str, ...]
    where: Where
    parameter: str
    strong: bool


class Recipients:
    """The reader's addresses, ready to be looked for. Make it with `of`, which keeps what it made."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    @cached_property
    def _candidates(self) -> Candidates:
        return Candidates(self._addresses)  # many mails load nothing that could hold an address

    def __repr__(self) -> str:
        return "Recipients(...)"

    @staticmethod
    def of(addresses: Sequence[str]) -> "Recipients":
        """Give the search for these addresses, the first sixteen; what is no address is passed over."""
        return _make(tuple(addresses))

    def find(self, address: Address) -> Hit | None:
        """Give the strongest hit in a URL, None where it names no address."""
        if self._candidates.match is None:
            return None
        best = Search(self._candidates).run(address.href)
        return None if best is None else self._locate(best, address)

    def find_all(self, addresses: Sequence[Address]) -> list[Hit | None]:
        """Give what `find` gives of each, in less time."""
        if self._candidates.match is None:
            return [None] * len(addresses)
        left = sift([address.href for address in addresses], self._candidates)
        return [self.find(address) if address.href in left else None for address in addresses]

    def _locate(self, best: "Found", address: Address) -> Hit:
        """Say in which part of the URL it is; what only the whole URL shows counts for the path."""
        pieces = [
            (Where.HOST, "", address.host),
            (Where.USER, "", _user(address)),
            (Where.PATH, "", address.path),
        ]
        for pair in address.query[:LONGEST_URL].split("&", _MOST_PARAMETERS):
            name, _, value = pair.partition("=")
            pieces += [(Where.QUERY, name[:64], value), (Where.QUERY, "", name)]
        pieces.append((Where.FRAGMENT, "", address.fragment))
        where, parameter = Where.PATH, ""
        for place, name, text in pieces:
            found = Search(self._candidates).run(text) if text else None
            if found is not None and found.rank >= best.rank:
                best, where, parameter = found, place, name
                break
        if parameter and Search(self._candidates).run(parameter) is not None:
            parameter = ""  # a name that is itself an address
        return Hit(best.address, best.form, best.chain, where, parameter, best.strong)


@lru_cache(maxsize=32)
def _make(addresses: tuple[str, ...]) -> Recipients:
    return Recipients(addresses)


def _user(address: Address) -> str:
    user, at, _ = address.href.partition("://")[2].partition("/")[0].rpartition("@")
    return user if at else ""
