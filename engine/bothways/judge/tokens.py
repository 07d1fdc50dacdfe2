"""Which pieces of a URL look made for one reader or one send, rather than for one picture."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bothways.urls.address import Address

_WHOLE = re.compile(
    r"[0-9]{8,}+|[0-9a-fA-F]{16,}+"
    r"|[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"
)
"""A long number, decimal or hexadecimal, or a UUID."""
_WORD = re.compile(r"[A-Za-z0-9_~+=-]{8,}+")
_SEPARATOR = re.compile(r"[/.,;:&|!]")
_SEPARATOR_OR_ESCAPE = re.compile(r"[/.,;:&|!]|%[0-9A-Fa-f]{2}")
_SHORTEST = 8
_TWO_DIGITS = re.compile(r"[0-9][^0-9]*+[0-9]")
_RUN = re.compile(r"[0-9][0-9_~+=-]*+|[A-Z][A-Z_~+=-]*+|[a-z][a-z_~+=-]*+")
"""Of one kind of letters, whatever signs stand between them."""
_ID = re.compile(r"[0-9]{4}")
_NUMBER = re.compile(r"(?<=[/=,._-])\d{2,15}(?=[/?&,._-]|$)")
_OF_THE_FILE = frozenset(
    [
        "auto",
        "build",
        "cache",
        "cb",
        "crop",
        "date",
        "dpr",
        "fit",
        "format",
        "h",
        "hash",
        "height",
        "itok",
        "ixlib",
        "lastmodified",
        "modified",
        "mtime",
        "q",
        "quality",
        "rev",
        "sfvrsn",
        "size",
        "t",
        "timestamp",
        "ts",
        "updated",
        "v",
        "ver",
        "version",
        "w",
        "width",
        "_",
    ]
)
"""Parameters that speak of the file: its version, size or quality."""
_STEADY = _OF_THE_FILE - {"_", "cache", "cb", "hash", "t", "timestamp", "ts"}
"""Those that are the same for all readers: beacons, too, are made new by the time."""
_MEASURES = frozenset(["dpr", "h", "height", "q", "quality", "size", "w", "width"])
_LONGEST_MEASURE = 5
"""In characters: what is longer is no measure, but a reader's hash by the same name."""
_SIGNED = frozenset(["x-amz-signature", "x-goog-signature", "signature", "sig", "key-pair-id", "policy"])
"""Parameters of a signed address of a file (S3, Google Cloud Storage, CloudFront, Azure)."""
_JSON = "eyJ"
"""How a JSON object in base64 begins, and so a JSON web token: no version of a file."""
_LONG = 2000
"""Characters of a URL that are looked at: what no token reaches needs no answer."""


def find_token(address: "Address") -> str:
    """Give the first piece of the path or query that looks like a token, "" where there is none."""
    for piece in _pieces(address):
        if len(piece) >= _SHORTEST and is_token(piece):
            return piece
    return ""


def is_signed(address: "Address") -> bool:
    """True for an address whose query is a signature that the file's server checks."""
    if not address.query:
        return False
    names = {pair.partition("=")[0].lower() for pair in address.query[:_LONG].split("&")}
    if "x-amz-signature" in names or "x-goog-signature" in names or len(names & _SIGNED) >= 2:
        return True
    return len(names) > 1 and names - _OF_THE_FILE == {"s"}


def speaks_of_file(address: "Address") -> bool:
    """True for no query, or one that only tells the file's version, size or quality."""
    if not address.query:
        return True
    pairs = [pair.partition("=") for pair in address.query[:_LONG].split("&")]
    return all(_is_steady(name.lower(), value) for name, _, value in pairs)


def _is_steady(name: str, value: str) -> bool:
    if name not in _STEADY or value.startswith(_JSON):
        return False
    return name not in _MEASURES or len(value) <= _LONGEST_MEASURE


def has_ids(address: "Address") -> bool:
    """True for a query with numbers that do not speak of the file, as the ids of readers and sends are."""
    pairs = [pair.partition("=") for pair in address.query[:_LONG].split("&")]
    return any(value and name.lower() not in _OF_THE_FILE and _ID.search(value) for name, _, value in pairs)


def count_numbers(address: "Address") -> int:
    """Count the numbers that stand by themselves in path and query, as the ids of a data base do."""
    return len(_NUMBER.findall(f"{address.path}?{address.query}"[:_LONG]))


def is_token(piece: str) -> bool:
    """True for UUIDs, long hexadecimal or decimal numbers, and words as only a generator mixes them."""
    if len(piece) < _SHORTEST:
        return False
    if _WHOLE.fullmatch(piece):
        return True
    if not _TWO_DIGITS.search(piece) or not _WORD.fullmatch(piece):
        return False
    changes = len(_RUN.findall(piece)) - 1
    return changes >= 4 and changes * 5 >= len(piece)


def _pieces(address: "Address") -> list[str]:
    pieces = _cut(address.path[:_LONG])
    if address.query:
        for pair in address.query[:_LONG].split("&"):
            name, _, value = pair.partition("=")
            if name.lower() not in _OF_THE_FILE or value.startswith(_JSON):
                pieces += _cut(value or name)
    return pieces


def _cut(text: str) -> list[str]:
    return (_SEPARATOR_OR_ESCAPE if "%" in text else _SEPARATOR).split(text)
