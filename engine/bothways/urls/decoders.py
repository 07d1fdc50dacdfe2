"""The steps that lead from a click wrapper's URL to its target, named so that a vendor's file can chain
them: `steps = ["query:p", "base64", "json:p", "json:url"]`.

The first step takes a text from the URL, each later one turns it by one coding. A step may carry an argument
behind a colon. Whatever does not come out as it should raises DecodeError.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from bothways.urls import codings, vendor_codings
from bothways.urls.address import Address, decode_value
from bothways.urls.codings import LONGEST, DecodeError, Token, as_text

type Taker = Callable[[Source, str], str]
type Turner = Callable[[Token, str], Token]


class Source(NamedTuple):
    """Where the first step takes from: a wrapper's address and the groups of its path pattern."""

    address: Address
    groups: tuple[str, ...] = ()


def decode(steps: tuple[str, ...], source: Source) -> str:
    """Run a vendor's steps; the text that comes out, not yet judged to be a URL. DecodeError if any fails."""
    (take, argument), *turns = _compile(steps)
    token: Token = _bounded(take(source, argument))
    for turn, detail in turns:
        token = _bounded(turn(token, detail))
    return as_text(token)


@lru_cache(maxsize=1024)
def _compile(steps: tuple[str, ...]) -> list[tuple[Callable[..., Token], str]]:
    compiled: list[tuple[Callable[..., Token], str]] = []
    for step in steps:
        name, _, argument = step.partition(":")
        known: Mapping[str, Callable[..., Token]] = TURNERS if compiled else TAKERS
        if name not in known:
            raise ValueError(f"unknown step {step!r}")
        compiled.append((known[name], argument))
    return compiled


def check_steps(steps: tuple[str, ...]) -> None:
    """ValueError where a step is unknown or stands where it cannot."""
    _compile(steps)


def _bounded(token: Token) -> Token:
    if not token or len(token) > LONGEST:
        raise DecodeError("empty or too long")
    return token


def take_query(source: Source, name: str) -> str:
    """The decoded value of a parameter, the first of that name."""
    return decode_value(_raw_values(source, name)[0])


def take_last_query(source: Source, name: str) -> str:
    """The decoded value of a parameter, the last of that name."""
    return decode_value(_raw_values(source, name)[-1])


def take_tail(source: Source, name: str) -> str:
    """All that follows `name=`, to the end of the URL: a target that was put there unencoded."""
    _, found, tail = f"&{source.address.query}".partition(f"&{name}=")
    if not found:
        raise DecodeError(f"no {name}")
    return f"{tail}#{source.address.fragment}" if source.address.fragment else tail


def take_path(source: Source, number: str) -> str:
    """A group of the path pattern, still percent-encoded; the first unless a number says which."""
    group = int(number or 1)
    if not 0 < group <= len(source.groups):
        raise DecodeError("no such group")
    return source.groups[group - 1]


def take_path_and_query(source: Source, number: str) -> str:
    """A group that ends the path, with the query and fragment behind it."""
    address = source.address
    query = f"?{address.query}" if address.query else ""
    fragment = f"#{address.fragment}" if address.fragment else ""
    return take_path(source, number) + query + fragment


def take_whole_query(source: Source, _: str) -> str:
    """The query as it stands."""
    return source.address.query


def take_fragment(source: Source, _: str) -> str:
    """The fragment as it stands."""
    return source.address.fragment


def _raw_values(source: Source, name: str) -> list[str]:
    pairs = (pair.partition("=") for pair in source.address.query.split("&", 400))
    values = [value for key, _, value in pairs if key.removeprefix("amp;") == name]
    if not values:
        raise DecodeError(f"no {name}")
    return values


TAKERS: dict[str, Taker] = {
    "query": take_query,
    "last-query": take_last_query,
    "tail": take_tail,
    "path": take_path,
    "path-and-query": take_path_and_query,
    "whole-query": take_whole_query,
    "fragment": take_fragment,
}

TURNERS: dict[str, Turner] = {
    "percent": codings.turn_percent,
    "base64": codings.turn_base64,
    "base32": codings.turn_base32,
    "base32hex": codings.turn_base32hex,
    "hex": codings.turn_hex,
    "zlib": codings.turn_zlib,
    "whole-zlib": codings.turn_whole_zlib,
    "members": codings.turn_members,
    "json": codings.turn_json,
    "querystring": codings.turn_querystring,
    "jwt": codings.turn_jwt,
    "part": codings.turn_part,
    "after": codings.turn_after,
    "before": codings.turn_before,
    "scheme": codings.turn_scheme,
    "unescape": codings.turn_unescape,
    "slashes": codings.turn_slashes,
    "swap": codings.turn_swap,
    "sparkpost": vendor_codings.turn_sparkpost,
    "zeta": vendor_codings.turn_zeta,
    "proofpoint3": vendor_codings.turn_proofpoint3,
    "without-suffix": vendor_codings.turn_without_suffix,
}
