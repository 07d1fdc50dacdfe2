"""The general codings that click wrappers' tokens are made of, one function each.

Each turns a text, or octets, into the next. All are strict: what is cut, altered or of another kind raises
DecodeError, nothing is guessed.
"""

import binascii
import html
import json
import re
import zlib
from urllib.parse import parse_qs

from bothways.urls.address import decode_path

LONGEST = 65_536
"""The most characters or octets that any step takes or gives."""

type Token = str | bytes


class DecodeError(ValueError):
    """A token that is cut, altered or of another kind."""


def as_text(token: Token) -> str:
    """A token as text; DecodeError where it is not UTF-8."""
    try:
        return token if isinstance(token, str) else token.decode()
    except UnicodeDecodeError:
        raise DecodeError("not UTF-8") from None


def as_octets(token: Token) -> bytes:
    """A token as octets."""
    return token if isinstance(token, bytes) else token.encode("utf-8", "replace")


def turn_percent(token: Token, _: str) -> str:
    """Percent escapes."""
    return decode_path(as_text(token))


_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_URL_ALPHABET = str.maketrans("-_ ", "+/+", "\r\n")


def turn_base64(token: Token, _: str) -> bytes:
    """Base64 in either alphabet, padded or not, in lines or not; a space is the `+` that a form took."""
    text = as_text(token).translate(_URL_ALPHABET)
    bare = text.rstrip("=")
    if len(bare) % 4 == 1 or not _BASE64.fullmatch(text):
        raise DecodeError("not base64")
    return binascii.a2b_base64(bare + "=" * (-len(bare) % 4))


_BASE32 = re.compile(r"[A-Z2-7]+")
_BASE32HEX = re.compile(r"[0-9a-v]+")
_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghijklmnopqrstuv")
_BASE32_ENDS = frozenset({0, 2, 4, 5, 7})


def turn_base32(token: Token, _: str) -> bytes:
    """Base32, upper case, padded or not."""
    return _read_base32(as_text(token), _BASE32, _DIGITS)


def turn_base32hex(token: Token, _: str) -> bytes:
    """Base32 in its extended hex alphabet (RFC 4648, 7), lower case, padded or not."""
    return _read_base32(as_text(token), _BASE32HEX, {})


def _read_base32(text: str, form: re.Pattern[str], digits: dict[int, int]) -> bytes:
    bare = text.rstrip("=")
    if len(bare) % 8 not in _BASE32_ENDS or not form.fullmatch(bare):
        raise DecodeError("not base32")
    # As one number: `base64.b32decode` is a loop in Python, twenty times slower.
    octets, rest = divmod(len(bare) * 5, 8)
    return (int(bare.translate(digits), 32) >> rest).to_bytes(octets, "big")


def turn_hex(token: Token, _: str) -> bytes:
    """Hexadecimal octets."""
    try:
        return bytes.fromhex(as_text(token))
    except ValueError:
        raise DecodeError("not hexadecimal") from None


def turn_zlib(token: Token, _: str) -> bytes:
    """A zlib stream. It need not end (some senders only flush it), but it must not be broken."""
    try:
        return zlib.decompressobj().decompress(as_octets(token), LONGEST)
    except zlib.error:
        raise DecodeError("not zlib") from None


def turn_whole_zlib(token: Token, _: str) -> bytes:
    """A zlib stream with its end: where nothing else says that the token is whole."""
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(as_octets(token), LONGEST)
    except zlib.error:
        raise DecodeError("not zlib") from None
    if not stream.eof:
        raise DecodeError("cut")
    return text


def turn_json(token: Token, keys: str) -> str:
    """A text field of a JSON object; further keys after commas must be there too."""
    wanted, *demanded = keys.split(",")
    try:
        fields = json.loads(as_text(token))
    except (ValueError, RecursionError):
        raise DecodeError("not JSON") from None
    if not isinstance(fields, dict) or not all(key in fields for key in demanded):
        raise DecodeError("not the JSON object it should be")
    value = fields.get(wanted)
    if not isinstance(value, str):
        raise DecodeError(f"no text {wanted}")
    return value


def turn_members(token: Token, _: str) -> str:
    """The members of a JSON object that lost its braces."""
    return "{" + as_text(token) + "}"


def turn_querystring(token: Token, keys: str) -> str:
    """A parameter of a query string; further keys after commas must be there too, and not be empty."""
    wanted, *demanded = keys.split(",")
    try:
        fields = parse_qs(as_text(token), strict_parsing=False, errors="strict", max_num_fields=200)
    except ValueError:
        raise DecodeError("not a query string") from None
    if wanted not in fields or not all(key in fields for key in demanded):
        raise DecodeError("not the query string it should be")
    return fields[wanted][0]


_JWT = re.compile(r"eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]{16,}")


def turn_jwt(token: Token, _: str) -> bytes:
    """The payload of a JSON web token that has all its three parts; the signature is not checked."""
    parts = _JWT.fullmatch(as_text(token))
    if parts is None:
        raise DecodeError("not a JSON web token")
    return turn_base64(parts[1], "")


def turn_part(token: Token, where: str) -> str:
    """One part of a text that a separator splits: `part:!-!:2` is the third."""
    separator, _, number = where.rpartition(":")
    parts = as_text(token).split(separator)
    if int(number) >= len(parts):
        raise DecodeError("too few parts")
    return parts[int(number)]


def turn_after(token: Token, prefix: str) -> str:
    """What follows a fixed beginning."""
    text = as_text(token)
    if not text.startswith(prefix):
        raise DecodeError(f"does not begin with {prefix}")
    return text.removeprefix(prefix)


def turn_before(token: Token, suffix: str) -> str:
    """What stands before the last of a separator: what follows it is no part of the target."""
    before, found, _ = as_text(token).rpartition(suffix)
    if not found:
        raise DecodeError(f"no {suffix}")
    return before


def turn_scheme(token: Token, scheme: str) -> str:
    """Put a scheme before a text that has none."""
    text = as_text(token)
    if text.lower().startswith(("http://", "https://")):
        return text
    return f"{scheme}:{text}" if text.startswith("//") else f"{scheme}://{text}"


def turn_unescape(token: Token, _: str) -> str:
    """HTML character references."""
    return html.unescape(as_text(token))


def turn_slashes(token: Token, _: str) -> str:
    r"""Slashes that JSON escaped once more than it needed: `\\/` becomes `/`."""
    return as_text(token).replace("\\/", "/")


def turn_swap(token: Token, pairs: str) -> str:
    """Replace characters one by one: `swap:-%_/` makes `-` a `%` and `_` a `/`."""
    return as_text(token).translate(str.maketrans(pairs[::2], pairs[1::2]))
