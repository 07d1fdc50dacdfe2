"""Who a parameter identifies, and a URL without those that tell on its reader.

The table is parameters.toml. Taking a parameter out is cutting its pair out of the text: order, encoding and
all the rest of the URL stay as they were written, and what nobody knows stays too.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from bothways.urls.address import Address, decode_value
from bothways.urls.domains import parents


class Tells(StrEnum):
    """Whom or what a parameter tells of; the words of parameters.toml."""

    RECIPIENT = "recipient"
    SEND = "send"
    VISITOR = "visitor"
    CLICK = "click"
    CAMPAIGN = "campaign"
    AMBIGUOUS = "ambiguous"
    FUNCTIONAL = "functional"


_STAYS = (Tells.AMBIGUOUS, Tells.FUNCTIONAL)


@dataclass(frozen=True, slots=True)
class Family:
    """The parameters of one tool; of a habit of many, without a company. `vendor` is a catalogue id."""

    name: str
    company: str | None = None
    vendor: str | None = None


class Entry(NamedTuple):
    """What one name means, where its value is of the kind that `value` asks for."""

    tells: Tells
    family: Family
    value: re.Pattern[str] | None = None
    lone: bool = False
    """Whether it tracks only where a query holds nothing but tracking parameters, and others beside it."""
    beside: frozenset[str] = frozenset()
    """The names that a query must have for this one to count; only together with `value`."""


class Pair(NamedTuple):
    """One `name=value` of a query as it is written. `entry` is what the table says, None where nothing."""

    text: str
    entry: Entry | None

    @property
    def name(self) -> str:
        """The name, without the `amp;` of a link that was escaped once too often."""
        return self.text.partition("=")[0].removeprefix("amp;")


_HEAD = 4
"""So many characters of a beginning find it."""


class Names:
    """Parameter names with their meaning: whole ones, and beginnings."""

    def __init__(self) -> None:
        self._whole: dict[str, Entry] = {}
        self._beginnings: dict[str, tuple[str, Entry]] = {}
        self._telling: set[str] = set()

    def add(self, name: str, entry: Entry) -> None:
        """File a name; one that ends in `*` is a beginning. ValueError where it is taken."""
        key = name.lower()
        if not key.endswith("*"):
            taken = self._whole.setdefault(key, entry) is not entry
        else:
            taken = len(key) <= _HEAD or key[:_HEAD] in self._beginnings
            self._beginnings[key[:_HEAD]] = key[:-1], entry
            key = key[:_HEAD]
        if entry.tells not in _STAYS:
            self._telling.add(key)
        if taken:
            raise ValueError(f"{name} stands twice or is too short")

    def may_tell(self, names: Sequence[str]) -> bool:
        """False where none of the names, lower-case but else as they are written, is taken out."""
        telling = self._telling
        return not (telling.isdisjoint(names) and telling.isdisjoint([name[:_HEAD] for name in names]))

    def find(self, name: str) -> Entry | None:
        """Give what a lower-case name means."""
        entry = self._whole.get(name)
        if entry is None and name[:_HEAD] in self._beginnings:
            beginning, told = self._beginnings[name[:_HEAD]]
            return told if name.startswith(beginning) else None
        return entry


class Table:
    """All of a parameter file, ready to be asked."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._anywhere = Names()
        self._sites: dict[str, Names] = {}
        self._segments: dict[str, tuple[str, Family]] = {}
        self._leave: dict[str, list[str]] = {}
        self.families = [self._file(row) for row in content["family"]]
        self._beginnings = tuple({beginning for beginning, _ in self._segments.values()})
        self._pages: set[str] = set()
        for row in content["leave"]:
            self._pages.update(row.get("pages", ()))
            for host in row.get("hosts", ()):
                self._leave.setdefault(host, []).append(row["path"])

    def _file(self, row: Mapping[str, Any]) -> Family:
        family = Family(row["name"], row.get("company"), row.get("vendor"))
        values = {name: re.compile(pattern) for name, pattern in row.get("values", {}).items()}
        lone, beside = row.get("lone", ()), frozenset(row.get("beside", ()))
        hosts = row.get("hosts")
        shelves = [self._sites.setdefault(host, Names()) for host in hosts] if hosts else [self._anywhere]
        for tells in Tells:
            for name in row.get(tells.value, ()):
                for shelf in shelves:
                    shelf.add(name, Entry(tells, family, values.get(name), name in lone, beside))
        for host in hosts or ():
            if "segment" in row:
                self._segments[host] = row["segment"], family
        return family

    def may_tell(self, url: str, address: Address) -> bool:
        """False for a URL of which nothing is taken out, as of most; it costs less than to read it."""
        return (address.query != "" and self._names_may_tell(address)) or _holds_any(url, self._beginnings)

    def _names_may_tell(self, address: Address) -> bool:
        query = address.query.lower()
        names = [pair.partition("=")[0] for pair in query.split("&")]
        if self._anywhere.may_tell(names) or "amp;" in query:
            return True
        if "%" in query and "%" in "".join(names):
            return True
        hosts = parents(address.host)
        return not self._sites.keys().isdisjoint(hosts) and any(
            self._sites[part].may_tell(names) for part in hosts if part in self._sites
        )

    def read(self, host: str, query: str) -> list[Pair]:
        """Read a query as it is written, each pair with what the table says of it on this host."""
        shelves = [self._anywhere]
        if not self._sites.keys().isdisjoint(parents(host)):
            shelves = [self._sites[part] for part in parents(host) if part in self._sites] + shelves
        return [Pair(text, _find(shelves, text, query)) for text in query.split("&")]

    def find_segment(self, host: str, path: str) -> tuple[str, Family] | None:
        """Give the beginning of path segments that on this site tell where a link was found."""
        if not _holds_any(path, self._beginnings):
            return None
        return next((self._segments[part] for part in parents(host) if part in self._segments), None)

    def leaves(self, host: str, path: str) -> bool:
        """Whether links of this site and path are left as they are, whatever they hold."""
        if path in self._pages:
            return True
        if self._leave.keys().isdisjoint(parents(host)):
            return False
        return any(
            path.startswith(beginning) for part in parents(host) for beginning in self._leave.get(part, ())
        )


def _holds_any(text: str, pieces: tuple[str, ...]) -> bool:
    for piece in pieces:  # noqa: SIM110 - a generator costs more than the answer, which is no for most links
        if piece in text:
            return True
    return False


def goes(entry: Entry, *, strip_campaign: bool) -> bool:
    """Whether a parameter is taken out of a link."""
    if entry.tells in _STAYS:
        return False
    return strip_campaign or entry.tells is not Tells.CAMPAIGN


def join(pairs: Iterable[Pair]) -> str:
    """Write a query from the pairs that stay, "" where only separators are left."""
    query = "&".join([pair.text for pair in pairs])
    return query if query.strip("&") else ""


@cache
def default_table() -> Table:
    """The shipped table, read at the first call."""
    return Table(tomllib.loads(Path(__file__).with_name("parameters.toml").read_text(encoding="utf-8")))


_TWO_IN_ONE = re.compile(r";\s*(?:amp;)?[\w.-]+=")


def _find(shelves: list[Names], text: str, query: str) -> Entry | None:
    name, _, value = text.partition("=")
    name = name.lower()
    if name[:4] == "amp;" or "%" in name:
        name = decode_value(name.removeprefix("amp;")).lower()
    for names in shelves:
        entry = names.find(name)
        if entry is not None:
            return entry if _counts(entry, value, query) else None
    return None


def _counts(entry: Entry, value: str, query: str) -> bool:
    # Some servers part pairs at ";" too: what follows one may be needed.
    if ";" in value and _TWO_IN_ONE.search(value):
        return False
    return entry.value is None or (
        entry.value.fullmatch(decode_value(value)) is not None
        and (not entry.beside or entry.beside <= _names(query))
    )


@lru_cache(maxsize=1)  # each pair of a query may ask
def _names(query: str) -> frozenset[str]:
    return frozenset(Pair(text, None).name.lower() for text in query.split("&"))
