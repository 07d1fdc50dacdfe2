"""The shape of a URL: what stays of it while its tokens change from mail to mail.

Host, path and parameter names as they are written; in the path every token and every number is a `*`, and of
a parameter only the name counts. Two URLs of one shape come from one form that somebody filled in twice.
"""

import hashlib
import re
from functools import lru_cache

from bothways.judge.tokens import count_numbers, find_token, is_token
from bothways.urls.address import Address, parse

_PIECES = re.compile(r"([/.,;:&|!]|%[0-9A-Fa-f]{2})")
_SHORTEST_TOKEN = 8
_LONG = 2000
_MOST_NAMES = 40
_DIGEST_OCTETS = 16


def write_shape(url: str) -> str:
    """Write a URL's shape; "" for what is no web address, or holds nothing that could change."""
    address = _read(url)
    if address is None:
        return ""
    path = _blank_path(address.path[:_LONG])
    if path == address.path and not address.query:
        return ""
    pairs = address.query[:_LONG].split("&", _MOST_NAMES)[:_MOST_NAMES]
    return f"{address.host}{path}?{'&'.join([_name(pair) for pair in pairs])}"


def digest_shape(url: str) -> str | None:
    """Give what the ledger keeps of a URL's shape, 32 hexadecimal digits; None where it has none."""
    shape = write_shape(url)
    return hashlib.blake2b(shape.encode(), digest_size=_DIGEST_OCTETS).hexdigest() if shape else None


def has_token(url: str) -> bool:
    """Whether a URL holds what changes from reader to reader or from mail to mail: a token, or ids."""
    address = _read(url)
    return address is not None and (find_token(address) != "" or count_numbers(address) >= 2)


def _read(url: str) -> Address | None:
    address = parse(f"https:{url}" if url.startswith("//") else url)
    if address is None or not address.fragment.startswith("http"):
        return address
    # A webmail's image proxy: the picture's own address follows the "#".
    return parse(address.fragment) or address


@lru_cache(maxsize=256)  # the links of a tool mostly differ in their queries alone
def _blank_path(path: str) -> str:
    pieces = _PIECES.split(path)
    return "".join([piece if len(piece) < 2 else _blank(piece) for piece in pieces])


def _blank(piece: str) -> str:
    if len(piece) < _SHORTEST_TOKEN:
        return "*" if piece.isdigit() and len(piece) > 1 else piece
    return "*" if is_token(piece) else piece


def _name(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{name}=" if equals else _blank(name)
