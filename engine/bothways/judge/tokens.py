"""Which pieces of a URL look made for one reader or one send, rather than for one picture."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bothways.urls.address import Address

_UUID = re.compile(r"(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
_HEX = re.compile(r"(?i)[0-9a-f]{16,}+")
_WORD = re.compile(r"[A-Za-z0-9_~+=-]{8,}+")
_SEPARATORS = re.compile(r"[/.,;:&|!]|%[0-9A-Fa-f]{2}")
_TO_SLASH = str.maketrans(".,;:&|!", "///////")
_TWO_DIGITS = re.compile(r"[0-9][^0-9]*+[0-9]")
_RUNS = re.compile(r"[0-9]+|[A-Z]+|[a-z]+")
_NO_LETTERS = str.maketrans("", "", "_~+=-")
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
_SIGNED = frozenset(["x-amz-signature", "x-goog-signature", "signature", "sig", "key-pair-id", "policy"])
"""Parameters of a signed address of a file (S3, Google Cloud Storage, CloudFront, Azure)."""
_JSON = "eyJ"
"""How a JSON object in base64 begins, and so a JSON web token: no version of a file."""
_LONG = 2000
"""Characters of a URL that are looked at: what no token reaches needs no answer."""


def find_token(address: "Address") -> str:
    """Give the first piece of the path or query that looks like a token, "" where there is none."""
    return next((piece for piece in _pieces(address) if is_token(piece)), "")


def is_signed(address: "Address") -> bool:
    """True for an address whose query is a signature that the file's server checks."""
    if not address.query:
        return False
    names = {pair.partition("=")[0].lower() for pair in address.query[:_LONG].split("&")}
    return "x-amz-signature" in names or "x-goog-signature" in names or len(names & _SIGNED) >= 2


def has_ids(address: "Address") -> bool:
    """True for a query with numbers that do not speak of the file, as the ids of readers and sends are."""
    pairs = [pair.partition("=") for pair in address.query[:_LONG].split("&")]
    return any(value and name.lower() not in _OF_THE_FILE and _ID.search(value) for name, _, value in pairs)


def count_numbers(address: "Address") -> int:
    """Count the numbers that stand by themselves in path and query, as the ids of a data base do."""
    return len(_NUMBER.findall(f"{address.path}?{address.query}"[:_LONG]))


def is_token(piece: str) -> bool:
    """True for UUIDs, long hexadecimal or decimal numbers, and words as only a generator mixes them."""
    if len(piece) < 8:
        return False
    if piece.isdigit() or _UUID.fullmatch(piece) or _HEX.fullmatch(piece):
        return True
    if not _TWO_DIGITS.search(piece) or not _WORD.fullmatch(piece):
        return False
    runs = _RUNS.findall(piece.translate(_NO_LETTERS))
    digits = sum(len(run) for run in runs if run.isdigit())
    changes = len(runs) - 1
    return digits >= 2 and changes >= 4 and changes * 5 >= len(piece)


def _pieces(address: "Address") -> "Iterator[str]":
    yield from _cut(address.path[:_LONG])
    if address.query:
        for pair in address.query[:_LONG].split("&"):
            name, _, value = pair.partition("=")
            if name.lower() not in _OF_THE_FILE or value.startswith(_JSON):
                yield from _cut(value or name)


def _cut(text: str) -> list[str]:
    return _SEPARATORS.split(text) if "%" in text else text.translate(_TO_SLASH).split("/")
