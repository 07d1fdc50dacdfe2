"""What a token's length, first letters and alphabet say of how it may be coded.

Most tokens of a URL are no address in any coding; these tables say so before anything is decoded.
"""

import re

from bothways.urls import transforms

_REACH = 2048
"""Octets before and behind a match that may belong to its token."""

SIZES = frozenset(transforms.DIGEST_SIZES.values())
LONG_SIZES = sorted(size for size in SIZES if size >= 16)
# Of octets "\w" is ASCII. What has small letters only is a word: no coding of an address leaves it so.
TOKEN = re.compile(rb"[^\w-](?![a-z_-]*+[^\w-])([\w-]{8,}+|[\w+/-]{6}==)")
ALPHABET = re.compile(
    rb"(?P<base16>(?:[0-9A-Fa-f]{2})++)|(?P<base32>[A-Z2-7]++|[a-z2-7]++)|(?P<base58>[1-9A-HJ-NP-Za-km-z]++)"
)
WIDE_TOKEN = re.compile(rb"[A-Za-z0-9+/]{11,}")
TURNED_ESCAPE = re.compile(rb"%[2-7][N-Sn-s]")
ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")
ESCAPED_OCTETS = re.compile(rb"[^/?&=#;,]+")
ESCAPED_TOKEN = re.compile(rb"[A-Za-z0-9%]{11,}")
ROT13_HEX = transforms.encode_rot13(transforms.HEX)
HEX_RUN = b"h" * 32
HEX_MAP = bytes(0x68 if octet in transforms.HEX else 0x20 for octet in range(256))
ROT13_HEX_MAP = bytes(0x68 if octet in ROT13_HEX else 0x20 for octet in range(256))
EITHER_MAP = bytes(max(one, other) for one, other in zip(HEX_MAP, ROT13_HEX_MAP, strict=True))
PACKINGS = frozenset(["zlib", "gzip", "deflate"])
DECODERS = {
    "base16": transforms.decode_base16,
    "base32": transforms.decode_base32,
    "base58": transforms.decode_base58,
}
TURNED = {
    "base64": transforms.decode_base64,
    "base32": transforms.decode_base32,
    "base58": transforms.decode_base58,
}
CODED_DIGESTS = frozenset(
    [-(-size * 8 // bits) for size in LONG_SIZES for bits in (5, 6)]
    + [length for size in LONG_SIZES for length in range(round(size * 1.365) - 1, round(size * 1.365) + 2)]
)
"""Characters of a digest in base32, base64 and base58."""
_ALPHABETS = {
    "base58": (transforms.BASE58 + b"0OIl", 1),
    "base16": (transforms.HEX, 2),
    "base32": (b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 8),
    "base64": (b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_", 4),
}
COMMON = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/:?#[]@!$'()*,=&"
ESCAPING = re.compile(rb"[%;\\]")
_BASE64_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _begins_well(first: int, second: int) -> bool:
    """True where base64's first two letters may begin ASCII, a zlib or gzip header or packed ASCII."""
    octet = first << 2 | second >> 4
    ascii_ = first < 32 and not second & 8
    return ascii_ or transforms.begins_packed(octet)


BEGINNINGS = frozenset(
    letters.translate(table)
    for one, first in enumerate(_BASE64_LETTERS)
    for two, second in enumerate(_BASE64_LETTERS)
    if _begins_well(one, two)
    for letters in [bytes([first, second])]
    for table in (None, transforms.TO_URL_ALPHABET)
)
PACKED_FIRST = frozenset(octet for octet in range(256) if transforms.begins_packed(octet))
JSON_FIRST = b'{["'


def decode_around(text: bytes, start: int, names: tuple[str, ...]) -> list[bytes]:
    """Decode the token around a place at each alignment."""
    coding = names[-1]
    alphabet, alignments = _ALPHABETS[coding]
    low = max(0, start - _REACH)
    window = text[low : start + _REACH]
    if names[0] == "rot13":
        window = transforms.encode_rot13(window)
    if coding == "base32":
        window = window.upper()
    ahead, behind = window[: start - low], window[start - low :]
    run = ahead[len(ahead.rstrip(alphabet)) :] + behind[: len(behind) - len(behind.lstrip(alphabet))]
    return [decoded for skip in range(alignments) if (decoded := _DECODE_PART[coding](run[skip:]))]


def _decode_hex(run: bytes) -> bytes | None:
    return transforms.decode_base16(run[: len(run) & ~1])


def _decode_cut(run: bytes) -> bytes | None:
    return transforms.decode_base64(run[: len(run) - (len(run) % 4 == 1)])


_DECODE_PART = {
    "base16": _decode_hex,
    "base32": transforms.decode_base32,
    "base58": transforms.decode_base58,
    "base64": _decode_cut,
}
