"""Is a link a deed or a key, rather than a page to read? Then not one parameter of it is touched.

Four things say so: a signed query (its server refuses a URL of which anything is missing), words of leaving,
confirming, resetting, signing in or answering an invitation, a parameter that is a secret, and a path that
holds another URL, whose query this is. The words (deeds.toml) are looked for in the path, in the parameters
that would stay, and in the link's text. On doubt a link is a deed: better longer than broken.

A page that is made for one reader is no deed, but needs what names the reader: the letter as a page of the
web, a survey, an order that is looked up by an address.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self

import re2  # type: ignore[import-untyped]

from bothways.urls.address import Address, decode_path, decode_value
from bothways.urls.domains import parents


class Context(Protocol):
    """Where a link stands: its anchor's text, and whether the mail's List-Unsubscribe names it."""

    @property
    def text(self) -> str:
        """The text, which is asked for where a link has parameters that tell on its reader."""
        ...

    @property
    def list_unsubscribe(self) -> bool:
        """Whether the link is named there."""
        ...


class LinkContext(NamedTuple):
    """A context that is known."""

    text: str = ""
    list_unsubscribe: bool = False


NOWHERE = LinkContext()

_WORDS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"[A-Z](?<=[a-z0-9][A-Z])")
_HOLDS_A_URL = re.compile(r"https?:/", re.IGNORECASE)
_NOT_SPLIT = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "đ": "d"})
"""Letters that Unicode does not split into a plain one and an accent."""
_FEW_WORDS = 4
_LONG = 2000


@dataclass(frozen=True, slots=True)
class Deeds:
    """The words of deeds.toml, ready to be looked for."""

    signed: frozenset[str]
    ends: frozenset[str]
    checks: frozenset[str]
    secrets: frozenset[str]
    asked: frozenset[str]
    askers: dict[str, list[str]]
    """How the paths of pages that ask begin, by their sites."""
    looked_up: frozenset[str]
    any: Any
    """Any word of all below and of the two above: most links hold none."""
    copy: Any
    anywhere: Any
    short: Any

    @classmethod
    def read(cls, content: dict[str, Any]) -> Self:
        """Make ready what the file says."""
        signed = content["signed"]
        words = [word for language in content["anywhere"].values() for word in language]
        short = [f"{word}$" for word in content["short"]["words"]]
        copies = content["copy"]["words"]
        askers: dict[str, list[str]] = {}
        for page in content["asked"]["pages"]:
            site, slash, path = page.partition("/")
            askers.setdefault(site, []).append(slash + path)
        segments = content["asked"]["segments"] + content["looked-up"]["segments"]
        return cls(
            frozenset(signed["names"]),
            frozenset(signed["ends"]),
            frozenset(signed["checks"]),
            frozenset(content["secret"]["words"]),
            _join(content["asked"]["segments"]),
            askers,
            _join(content["looked-up"]["segments"]),
            _any_of([*words, *short, *copies, *(f"{word}$" for word in segments)]),
            _any_of(copies),
            _any_of(words),
            _any_of(short),
        )


def _join(words: Iterable[str]) -> frozenset[str]:
    """Write words as one, as they stand in half of all URLs."""
    return frozenset(word.replace("-", "") for word in words)


def _any_of(words: Iterable[str]) -> Any:
    """Make one expression of RE2, over octets: a hundred words cost it no more than one.

    Its word boundaries know ASCII only; words of other alphabets count inside others too.
    """
    parted: list[str] = []
    others: list[str] = []
    for word in words:
        body = r"[\W_]?".join(map(re.escape, _plain(word.removesuffix("$")).split("-")))
        if body.isascii():
            parted.append(body + (r"\b" if word.endswith("$") else ""))
        else:
            others.append(body)
    return re2.compile("|".join([rf"\b(?:{'|'.join(parted)})", *dict.fromkeys(others)]))


@cache
def default_deeds() -> Deeds:
    """The shipped words, read at the first call."""
    return Deeds.read(tomllib.loads(Path(__file__).with_name("deeds.toml").read_text(encoding="utf-8")))


class Loses(IntEnum):
    """What a link would lose of its reader, if it were stripped."""

    NOTHING = 0
    ID = 1
    ADDRESS = 2
    """The address in clear: pages look things up by it."""


def is_deed(
    address: Address, kept: Iterable[str], context: Context = NOWHERE, loses: Loses = Loses.NOTHING
) -> bool:
    """Whether a link does something or opens something for its reader alone.

    `kept` are the pairs of its query, as written, that are not tracking parameters.
    """
    # Pages that are programs keep their own path and parameters in the fragment.
    beyond = address.fragment[:_LONG].replace("?", "&").split("&") if address.fragment else []
    pairs = [pair.partition("=")[::2] for pair in (*kept, *(piece for piece in beyond if "=" in piece))]
    if context.list_unsubscribe or is_signed(name for name, _ in pairs):
        return True
    if loses is not Loses.NOTHING and (_asks(address) or _is_answer(name for name, _ in pairs)):
        return True
    path = decode_path(address.path[:_LONG])
    if (":/" in path and _HOLDS_A_URL.search(path)) or any(_is_secret(name) for name, _ in pairs):
        return True
    pieces = [path, *(decode_value(value[:_LONG]) for _, value in pairs)]
    pieces += (decode_path(piece) for piece in beyond)
    words = _put_together(context.text, *pieces)
    octets = words.encode("utf-8", "replace")
    if not default_deeds().any.search(octets):
        return False
    return _say_deed(octets) or (loses is not Loses.NOTHING and _is_readers_own(words, octets, loses))


def _is_readers_own(words: str, octets: bytes, loses: Loses) -> bool:
    """Whether a page is made for one reader, whom it knows by what the link would lose."""
    deeds = default_deeds()
    titles = _join(piece.partition(".")[0] for piece in words.split("/"))
    if not deeds.asked.isdisjoint(titles) or deeds.copy.search(octets):
        return True
    return loses is Loses.ADDRESS and not deeds.looked_up.isdisjoint(titles)


def _asks(address: Address) -> bool:
    """Whether a page is a form of a site where many make theirs."""
    askers = default_deeds().askers
    return not askers.keys().isdisjoint(parents(address.host)) and any(
        address.path.startswith(beginning)
        for site in parents(address.host)
        for beginning in askers.get(site, ())
    )


def _is_answer(names: Iterable[str]) -> bool:
    """Whether a parameter is what its reader answers (`rating=5`)."""
    return not default_deeds().asked.isdisjoint(name.lower() for name in names)


def is_signed(names: Iterable[str]) -> bool:
    """Whether a query with these names is signed (S3, CloudFront, Azure, Google, Laravel and their kin)."""
    deeds = default_deeds()
    lower = {name.removeprefix("amp;").lower() for name in names}
    if not deeds.signed.isdisjoint(lower):
        return True
    return not deeds.ends.isdisjoint(lower) and not deeds.checks.isdisjoint(lower)


def says_deed(*pieces: str) -> bool:
    """Whether a piece of a URL or a link's text speaks of a deed."""
    return _say_deed(_put_together(*pieces).encode("utf-8", "replace"))


def _put_together(*pieces: str) -> str:
    return _plain("/".join([piece[:_LONG] for piece in pieces if piece]))


def _say_deed(octets: bytes) -> bool:
    deeds = default_deeds()
    if deeds.anywhere.search(octets):
        return True
    short = (piece for piece in octets.split(b"/") if deeds.short.search(piece))
    return any(len(_WORDS.findall(piece.decode())) <= _FEW_WORDS for piece in short)


def _plain(text: str) -> str:
    """Write a text in lower case, without accents; `_`, which is a letter to expressions, becomes `-`."""
    lower = _CAMEL.sub(r"-\g<0>", text).lower().replace("_", "-")
    if lower.isascii():
        return lower
    split = unicodedata.normalize("NFD", lower).translate(_NOT_SPLIT)
    return unicodedata.normalize("NFC", "".join(sign for sign in split if not unicodedata.combining(sign)))


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    name = decode_path(name.removeprefix("amp;"))
    secrets = default_deeds().secrets
    return name.lower() in secrets or not secrets.isdisjoint(_WORDS.findall(_plain(name)))
