"""The codings and hashes under which senders hide an address in a URL, in both directions.

`HASHES`, `CHECKSUMS` and `represent` make what a sender would have written; the decoders and `inflate` read
a URL's tokens back. Decoders give None for what is not of their coding; nothing here raises.
"""

import base64
import binascii
import gzip
import hashlib
import html
import json
import re
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from urllib.parse import quote_from_bytes

from bothways.urls import batches, digests

type Hash = Callable[[bytes], bytes]


def _library(name: str) -> Hash:
    return lambda data: hashlib.new(name, data, usedforsecurity=False).digest()


HASHES: dict[str, Hash] = {
    name: _library(name)
    for name in [
        *["md5", "sha1", "sha224", "sha256", "sha384", "sha512"],
        *["sha3_224", "sha3_256", "sha3_384", "sha3_512", "blake2b", "blake2s"],
    ]
}
# OpenSSL may be built without it; the answer must be the same everywhere.
HASHES["ripemd160"] = (
    _library("ripemd160") if "ripemd160" in hashlib.algorithms_available else digests.ripemd160
)
HASHES["md4"] = digests.md4
HASHES["whirlpool"] = digests.whirlpool
_BATCHES: dict[str, Callable[[Sequence[bytes]], list[bytes]]] = {
    "md4": batches.md4,
    "whirlpool": batches.whirlpool,
    "murmur3": batches.murmur3,
}
SLOW = frozenset(["md4", "whirlpool"])
"""Hashes in Python, many times slower than the others."""
CHECKSUMS: dict[str, Hash] = {
    "crc32": lambda data: zlib.crc32(data).to_bytes(4),
    "adler32": lambda data: zlib.adler32(data).to_bytes(4),
    "murmur3": digests.murmur3,
}
"""Four octets: chance finds one in a few million tokens, so they only count beside another signal."""
DIGEST_SIZES = {name: len(hash_(b"")) for name, hash_ in (HASHES | CHECKSUMS).items()}


def hash_all(name: str, values: Sequence[bytes]) -> list[bytes]:
    """Hash many octets by one hash or checksum."""
    if name in _BATCHES:
        return _BATCHES[name](values)
    if name in hashlib.algorithms_available:
        return _hash_by_library(name, values)
    hash_ = HASHES.get(name) or CHECKSUMS[name]
    return [hash_(value) for value in values]


def _hash_by_library(name: str, values: Sequence[bytes]) -> list[bytes]:
    """Hash by the standard library: to copy a hash that is ready takes a third of making it."""
    ready = hashlib.new(name, usedforsecurity=False)
    digests = []
    for value in values:
        made = ready.copy()
        made.update(value)
        digests.append(made.digest())
    return digests


_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ROT13 = bytes.maketrans(_LETTERS, _LETTERS[13:26] + _LETTERS[:13] + _LETTERS[39:] + _LETTERS[26:39])
_URL_ALPHABET = bytes.maketrans(b"-_", b"+/")
TO_URL_ALPHABET = bytes.maketrans(b"+/", b"-_")
BASE58 = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_B58_VALUE = {octet: value for value, octet in enumerate(BASE58)}
_B32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_B32_PAIRS = [bytes((one, other)) for one in _B32 for other in _B32]
_B32_DIGITS = bytes.maketrans(
    _B32 + _B32[:26].lower(), b"0123456789abcdefghijklmnopqrstuv" + b"0123456789abcdefghijklmnop"
)
HEX = b"0123456789abcdefABCDEF"
_LONGEST_BASE58 = 512
MOST_INFLATED = 16_384


def encode_base58(data: bytes) -> bytes:
    """Base58 as Bitcoin writes it: leading zero octets are ones."""
    number, digits = int.from_bytes(data), bytearray()
    while number:
        number, value = divmod(number, 58)
        digits.append(BASE58[value])
    return b"1" * (len(data) - len(data.lstrip(b"\0"))) + digits[::-1]


def encode_base32(data: bytes) -> bytes:
    """Base32 (RFC 4648), upper case and padded; the standard library's is a slower loop."""
    size = -(-len(data) // 5) * 5
    number = int.from_bytes(data.ljust(size, b"\0"))
    text = b"".join([_B32_PAIRS[number >> shift & 1023] for shift in range(size * 8 - 10, -1, -10)])
    letters = -(-len(data) * 8 // 5)
    return text[:letters] + b"=" * (len(text) - letters)


def encode_rot13(data: bytes) -> bytes:
    """Letters 13 places on; the way back is the same."""
    return data.translate(_ROT13)


def represent(data: bytes) -> Iterator[tuple[str, Collection[bytes]]]:
    """Give all texts that a sender may have made of an address before hashing it, by their codings' names."""
    yield "base16", (data.hex().encode(), data.hex().upper().encode())
    base32 = encode_base32(data)
    yield "base32", (base32, base32.rstrip(b"="))
    yield "base58", (encode_base58(data),)
    yield "base64", _all_base64(data)
    packed = zlib.compress(data)
    yield "zlib", (packed,)
    yield "deflate", (packed[2:-4],)  # the same without head and checksum (RFC 1950 2.2)
    yield "gzip", (gzip.compress(data, mtime=0),)
    escapes = "%" + data.hex("%")
    yield "percent", (quote_from_bytes(data, safe="").encode(), escapes.upper().encode(), escapes.encode())
    yield "rot13", (encode_rot13(data),)
    text = data.decode("utf-8", "replace")
    yield "json", (json.dumps(text).encode(),)
    numbers = "".join([f"&#{ord(letter)};" for letter in text])
    yield "entities", (text.replace("@", "&#64;").encode("utf-8", "replace"), numbers.encode())


def represent_digest(digest: bytes) -> tuple[list[bytes], bytes, set[bytes]]:
    """Give the spellings of a digest that a second hash may have taken: usual ones, capital hex, base64."""
    return [digest.hex().encode(), digest], digest.hex().upper().encode(), _all_base64(digest)


def _all_base64(data: bytes) -> set[bytes]:
    padded = binascii.b2a_base64(data, newline=False)
    in_url = padded.translate(TO_URL_ALPHABET)
    return {padded, in_url, padded.rstrip(b"="), in_url.rstrip(b"=")}


def decode_base16(token: bytes) -> bytes | None:
    """Hex digits of either case."""
    if len(token) & 1 or token.strip(HEX):
        return None
    return bytes.fromhex(token.decode())


def decode_base64(token: bytes) -> bytes | None:
    """Either alphabet, padded or not."""
    try:
        return binascii.a2b_base64(token.translate(_URL_ALPHABET) + b"==")
    except ValueError:
        return None


def decode_base32(token: bytes) -> bytes | None:
    """One case throughout, padded or not."""
    token = token.rstrip(b"=")
    if not (token.isupper() or token.islower()) or token.upper().strip(_B32) or len(token) > 4096:
        return None
    whole = len(token) * 5 // 8
    return (int(token.translate(_B32_DIGITS), 32) >> (len(token) * 5 - whole * 8)).to_bytes(whole)


def decode_base58(token: bytes) -> bytes | None:
    """Base58, short tokens only: its cost grows with the square."""
    if len(token) > _LONGEST_BASE58 or token.strip(BASE58):
        return None
    number = 0
    for octet in token:
        number = number * 58 + _B58_VALUE[octet]
    zeroes = len(token) - len(token.lstrip(b"1"))
    return bytes(zeroes) + number.to_bytes((number.bit_length() + 7) // 8)


def _begins_block(octet: int) -> bool:
    """True for what a last deflate block begins with (RFC 1951 3.2.3): an own code, or ASCII in the fixed."""
    code = int(f"{octet >> 3:05b}"[::-1], 2)  # the five high bits of the first literal's code
    return octet & 7 == 5 or (octet & 7 == 3 and (0x30 + 0x1F) >> 3 <= code <= (0x30 + 0x7E) >> 3)


# A stored block of its own begins with 1.
_BLOCK_BEGINNINGS = frozenset(octet for octet in range(256) if octet == 1 or _begins_block(octet))


def begins_packed(octet: int) -> bool:
    """True for the first octet of anything that `inflate` may unpack."""
    return octet in (0x1F, 0x78) or octet in _BLOCK_BEGINNINGS


def inflate(data: bytes) -> tuple[str, bytes] | None:
    """Unpack gzip, zlib or raw deflate, as far as it goes; None where it is neither or nothing comes out."""
    first, second = data[0], data[1]
    if first == 0x1F and second == 0x8B:
        name, window = "gzip", 31
    elif first == 0x78 and (first << 8 | second) % 31 == 0:
        name, window = "zlib", 15
    elif first in _BLOCK_BEGINNINGS:
        name, window = "deflate", -15  # its first block is the last one, as it is for anything short
    else:
        return None
    stream = zlib.decompressobj(window)
    try:
        text = stream.decompress(data, MOST_INFLATED)
    except zlib.error:
        return None
    # Raw deflate has no mark of its own: only its end tells it from anything else.
    return (name, text) if text and (stream.eof or name != "deflate") else None


_ESCAPE = re.compile(rb"\\u([0-9A-Fa-f]{4})")


def unescape(text: bytes) -> tuple[str, bytes] | None:
    """Undo HTML character references or JSON escapes; None where there are none."""
    if b"&" in text and b";" in text and (b"&#" in text or b"&commat;" in text or b"&period;" in text):
        return "entities", html.unescape(text.decode("utf-8", "replace")).encode("utf-8", "replace")
    if b"\\u" in text:
        return "json", _ESCAPE.sub(lambda found: chr(int(found[1], 16)).encode("utf-8", "replace"), text)
    return None


def cut_base64(data: bytes, least: int) -> set[bytes]:
    """The characters that a text always has inside a bigger base64 token, at each of the three alignments."""
    return _cut(data, least, 3, 6, base64.b64encode)


def cut_base32(data: bytes, least: int) -> set[bytes]:
    """The same for base32, at each of its five alignments."""
    return _cut(data, least, 5, 5, encode_base32)


def _cut(data: bytes, least: int, group: int, bits: int, encode: Hash) -> set[bytes]:
    cores = set()
    for ahead in range(group):
        first, last = -(-8 * ahead // bits), 8 * (ahead + len(data)) // bits
        core = encode(bytes(ahead) + data)[first:last]
        if len(core) >= least:
            cores.add(core)
    return cores
