"""The small decoders that lead from a click wrapper's URL to its target, named so that a vendor's file
can chain them: `steps = ["query:p", "base64", "json:p", "json:url"]`.

The first step takes a text from the URL, each later one turns a text (or octets) into the next. Every
decoder is strict: what is cut, altered or of another kind raises DecodeError, nothing is guessed.
"""

import base64
import binascii
import html
import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs

from bothways.urls.address import Address, decode_path, decode_value

LONGEST = 65_536
"""The most characters or octets that any step takes or gives."""

type Token = str | bytes
type Taker = Callable[[Source, str], str]
type Turner = Callable[[Token, str], Token]


class DecodeError(ValueError):
    """A token that is cut, altered or of another kind."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the first step takes from: a wrapper's address and the groups of its path pattern."""

    address: Address
    groups: tuple[str, ...] = ()


def decode(steps: tuple[str, ...], source: Source) -> str:
    """Run a vendor's steps; the text that comes out, not yet judged to be a URL. DecodeError if any fails."""
    (take, argument), *turns = _compile(steps)
    token: Token = _bounded(take(source, argument))
    for turn, detail in turns:
        token = _bounded(turn(token, detail))
    return _text(token)


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


def _text(token: Token) -> str:
    try:
        return token if isinstance(token, str) else token.decode()
    except UnicodeDecodeError:
        raise DecodeError("not UTF-8") from None


def _octets(token: Token) -> bytes:
    return token if isinstance(token, bytes) else token.encode("utf-8", "replace")


# --- first steps: what to take from the URL ---


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


# --- later steps: one decoding each ---


def turn_percent(token: Token, _: str) -> str:
    """Percent escapes."""
    return decode_path(_text(token))


_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_URL_ALPHABET = str.maketrans("-_ ", "+/+")


def turn_base64(token: Token, _: str) -> bytes:
    """Base64 in either alphabet, padded or not; a space stands for the `+` that a form decoding took."""
    text = _text(token).translate(_URL_ALPHABET)
    bare = text.rstrip("=")
    if len(bare) % 4 == 1 or not _BASE64.fullmatch(text):
        raise DecodeError("not base64")
    return binascii.a2b_base64(bare + "=" * (-len(bare) % 4))


def turn_base32(token: Token, _: str) -> bytes:
    """Base32, upper case, padded or not."""
    bare = _text(token).rstrip("=")
    try:
        return base64.b32decode(bare + "=" * (-len(bare) % 8))
    except ValueError:
        raise DecodeError("not base32") from None


def turn_hex(token: Token, _: str) -> bytes:
    """Hexadecimal octets."""
    try:
        return bytes.fromhex(_text(token))
    except ValueError:
        raise DecodeError("not hexadecimal") from None


def turn_zlib(token: Token, _: str) -> bytes:
    """A zlib stream. It need not end (some senders only flush it), but it must not be broken."""
    try:
        return zlib.decompressobj().decompress(_octets(token), LONGEST)
    except zlib.error:
        raise DecodeError("not zlib") from None


def turn_json(token: Token, keys: str) -> str:
    """A text field of a JSON object; further keys after commas must be there too."""
    wanted, *demanded = keys.split(",")
    try:
        fields = json.loads(_text(token))
    except (ValueError, RecursionError):
        raise DecodeError("not JSON") from None
    if not isinstance(fields, dict) or not all(key in fields for key in demanded):
        raise DecodeError("not the JSON object it should be")
    value = fields.get(wanted)
    if not isinstance(value, str):
        raise DecodeError(f"no text {wanted}")
    return value


def turn_querystring(token: Token, keys: str) -> str:
    """A parameter of a query string; further keys after commas must be there too, and not be empty."""
    wanted, *demanded = keys.split(",")
    try:
        fields = parse_qs(_text(token), strict_parsing=False, errors="strict", max_num_fields=200)
    except ValueError:
        raise DecodeError("not a query string") from None
    if wanted not in fields or not all(key in fields for key in demanded):
        raise DecodeError("not the query string it should be")
    return fields[wanted][0]


_JWT = re.compile(r"eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]{16,}")


def turn_jwt(token: Token, _: str) -> bytes:
    """The payload of a JSON web token that has all its three parts; the signature is not checked."""
    parts = _JWT.fullmatch(_text(token))
    if parts is None:
        raise DecodeError("not a JSON web token")
    return turn_base64(parts[1], "")


def turn_part(token: Token, where: str) -> str:
    """One part of a text that a separator splits: `part:!-!:2` is the third."""
    separator, _, number = where.rpartition(":")
    parts = _text(token).split(separator)
    if int(number) >= len(parts):
        raise DecodeError("too few parts")
    return parts[int(number)]


def turn_after(token: Token, prefix: str) -> str:
    """What follows a fixed beginning."""
    text = _text(token)
    if not text.startswith(prefix):
        raise DecodeError(f"does not begin with {prefix}")
    return text.removeprefix(prefix)


def turn_scheme(token: Token, scheme: str) -> str:
    """Put a scheme before a text that has none."""
    text = _text(token)
    if text.lower().startswith(("http://", "https://")):
        return text
    return f"{scheme}:{text}" if text.startswith("//") else f"{scheme}://{text}"


def turn_unescape(token: Token, _: str) -> str:
    """HTML character references."""
    return html.unescape(_text(token))


def turn_slashes(token: Token, _: str) -> str:
    r"""Slashes that JSON escaped once more than it needed: `\\/` becomes `/`."""
    return _text(token).replace("\\/", "/")


def turn_swap(token: Token, pairs: str) -> str:
    """Replace characters one by one: `swap:-%_/` makes `-` a `%` and `_` a `/`."""
    return _text(token).translate(str.maketrans(pairs[::2], pairs[1::2]))


def turn_sparkpost(token: Token, wanted: str) -> bytes:
    """A field of SparkPost's older token: base64 with `~` padding around a list of typed fields.

    A field's first octet holds its type in the low six bits and in the high two how many octets of length
    follow, least significant first. The list must end where the token ends.
    """
    octets = turn_base64(_text(token).replace("~", "="), "")
    fields: dict[int, bytes] = {}
    position = 0
    while position < len(octets):
        kind, size = octets[position] & 0x3F, octets[position] >> 6
        start = position + 1 + size
        end = start + int.from_bytes(octets[position + 1 : start], "little")
        if size > 2 or end > len(octets):
            raise DecodeError("not the field list it should be")
        fields.setdefault(kind, octets[start:end])
        position = end
    if int(wanted) not in fields:
        raise DecodeError("no such field")
    return fields[int(wanted)]


def turn_zeta(token: Token, _: str) -> str:
    """Zeta's blocks between slashes, each with its kind in front: V holds the URL, q its query, in base64."""
    blocks = _text(token).split("/")
    target = next((block[1:] for block in blocks if block.startswith("V")), "")
    # P is what the base64 of a query's "?" begins with; other blocks may begin with a q as well.
    query = next((block[1:] for block in blocks if block.startswith("qP")), "")
    return _text(turn_base64(target, "")) + _text(turn_base64(query, ""))


def turn_proofpoint3(token: Token, _: str) -> bytes:
    """Proofpoint's third form, `URL__;CHARACTERS!...`: each `*` stands for the next of the characters.

    `**` and a letter stand for a run of them, counted in octets of UTF-8 (A is two).
    """
    found = _PROOFPOINT3.fullmatch(_octets(token))
    if found is None:
        raise DecodeError("cut")
    taken = turn_base64(found[2].decode(), "")
    position = 0

    def put_back(star: re.Match[bytes]) -> bytes:
        nonlocal position
        length = _RUN_LENGTHS.index(star[1]) + 2 if star[1] else _octets_of_character(taken, position)
        piece = taken[position : position + length]
        if not piece or len(piece) < length:
            raise DecodeError("too few characters")
        position += length
        return piece

    return _ONE_SLASH.sub(rb"\1//", _STAR.sub(put_back, found[1]))


def _octets_of_character(octets: bytes, position: int) -> int:
    lead = octets[position] if position < len(octets) else 0
    return 1 + (lead >= 0xC0) + (lead >= 0xE0) + (lead >= 0xF0)


_PROOFPOINT3 = re.compile(rb"(.+?)__;([\w-]*={0,2})!.*", re.DOTALL)
_RUN_LENGTHS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_STAR = re.compile(rb"\*(?:\*([\w-]))?")
_ONE_SLASH = re.compile(rb"^(https?:)/(?!/)")


def turn_without_suffix(token: Token, suffix: str) -> str:
    """A URL whose host loses a suffix that a session proxy put behind it."""
    text = _text(token)
    before, found, after = text.partition(suffix)
    if not found or "/" in before.partition("://")[2]:
        raise DecodeError(f"no {suffix}")
    return before + after


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
    "percent": turn_percent,
    "base64": turn_base64,
    "base32": turn_base32,
    "hex": turn_hex,
    "zlib": turn_zlib,
    "json": turn_json,
    "querystring": turn_querystring,
    "jwt": turn_jwt,
    "part": turn_part,
    "after": turn_after,
    "scheme": turn_scheme,
    "unescape": turn_unescape,
    "slashes": turn_slashes,
    "swap": turn_swap,
    "sparkpost": turn_sparkpost,
    "zeta": turn_zeta,
    "proofpoint3": turn_proofpoint3,
    "without-suffix": turn_without_suffix,
}
