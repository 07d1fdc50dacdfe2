"""Every coding and hash, alone and in pairs: written with the standard library, found by the engine."""

import base64
import codecs
import gzip
import hashlib
import json
import zlib
from urllib.parse import quote

import pytest
from bothways.urls import digests, transforms
from bothways.urls.address import parse
from bothways.urls.recipient_forms import Form
from bothways.urls.recipients import Recipients

READER = "Dana.Buyer@procure.example.com"
LOWER = READER.lower().encode()


def rot13(data):
    return codecs.encode(data.decode("latin-1"), "rot13").encode("latin-1")


def base58(data):
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = alphabet[digit] + text
    return ("1" * (len(data) - len(data.lstrip(b"\0"))) + text).encode()


CODINGS = {
    "percent": lambda data: "".join(f"%{octet:02x}" for octet in data).encode(),
    "base16": lambda data: data.hex().encode(),
    "base16-upper": lambda data: data.hex().upper().encode(),
    "base32": base64.b32encode,
    "base32-bare": lambda data: base64.b32encode(data).rstrip(b"="),
    "base58": base58,
    "base64": base64.b64encode,
    "base64-bare": lambda data: base64.b64encode(data).rstrip(b"="),
    "base64-url": base64.urlsafe_b64encode,
    "base64-url-bare": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "json": lambda data: json.dumps(data.decode("latin-1")).encode(),
    "entities": lambda data: "".join(f"&#{octet};" for octet in data).encode(),
    "rot13": rot13,
    "zlib": zlib.compress,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": lambda data: zlib.compress(data, 9, -15),
}
OF_TEXT = frozenset(["json", "entities", "rot13"])
BINARY = frozenset(["zlib", "gzip", "deflate"])
LIBRARY_HASHES = [
    *["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512"],
    *["blake2b", "blake2s"],
]
HASHES = {name: lambda data, name=name: getattr(hashlib, name)(data).digest() for name in LIBRARY_HASHES}
HASHES |= {"ripemd160": digests.ripemd160, "md4": digests.md4, "whirlpool": digests.whirlpool}
CHECKSUMS = {
    "crc32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
    "adler32": lambda data: zlib.adler32(data).to_bytes(4, "big"),
    "murmur3": digests.murmur3,
}
ALL_HASHES = HASHES | CHECKSUMS


def write(name, data):
    """One layer: octets of a coding, the hex digits of a hash."""
    return CODINGS[name](data) if name in CODINGS else ALL_HASHES[name](data).hex().encode()


def carry(octets):
    """What a sender can put into a query: text as it is, anything else percent-encoded or in base64."""
    if octets.isascii():
        return [quote(octets, safe="")]
    return [quote(octets, safe=""), base64.urlsafe_b64encode(octets).decode().rstrip("="), octets.hex()]


def search(value, reader=READER, where="https://t.example.net/o?u={}&x=1"):
    address = parse(where.format(value))
    assert address is not None
    return Recipients.of([reader]).find(address)


def family(name):
    return name.partition("-")[0]


@pytest.mark.parametrize("name", [*CODINGS, *HASHES])
def test_single(name):
    for value in carry(write(name, LOWER)):
        hit = search(value)
        assert hit is not None
        assert hit.strong
        assert hit.form is Form.WHOLE
        assert name in ("percent", "json") or family(name) in hit.chain
        assert (hit.where, hit.parameter, hit.address) == ("query", "u", 0)


def can_follow(outer, inner):
    """False for a coding of text over octets, which nobody writes."""
    return outer not in OF_TEXT or inner not in BINARY


@pytest.mark.parametrize("outer", [*CODINGS, *HASHES])
def test_pairs(outer):
    missed = []
    for inner in [*CODINGS, *HASHES]:
        for value in carry(write(outer, write(inner, LOWER))) if can_follow(outer, inner) else []:
            hit = search(value)
            if hit is None or not hit.strong or hit.form is not Form.WHOLE:
                missed.append((outer, inner, value))
    assert missed == []


@pytest.mark.parametrize("outer", HASHES)
def test_hash_of_digest_octets(outer):
    for inner in HASHES:
        hit = search(HASHES[outer](HASHES[inner](LOWER)).hex())
        assert hit is not None
        assert hit.chain == (outer, inner)


@pytest.mark.parametrize("name", HASHES)
def test_digest_spellings(name):
    digest = HASHES[name](LOWER)
    spellings = [digest.hex().upper(), base58(digest).decode(), base64.b32encode(digest).decode()]
    spellings += [base64.b64encode(digest).decode(), base64.urlsafe_b64encode(digest).decode()]
    spellings += [text.rstrip("=") for text in spellings[2:]]
    for value in spellings:
        hit = search(quote(value, safe=""))
        assert hit is not None
        assert hit.chain[-1] == name


@pytest.mark.parametrize("name", HASHES)
def test_digest_inside_a_longer_token(name):
    digest = HASHES[name](LOWER).hex()
    for value in (f"uid{digest}xyz", f"12ab{digest}", f"0{digest}", f"{digest}77", f"v1_{digest}-9"):
        hit = search(value)
        assert hit is not None
        assert hit.chain == (name,)


@pytest.mark.parametrize("outer", CHECKSUMS)
def test_checksums_are_weak(outer):
    hit = search(CHECKSUMS[outer](LOWER).hex())
    assert hit is not None
    assert hit.chain == (outer,)
    assert not hit.strong
    for inner in [*CODINGS, *HASHES, *CHECKSUMS]:
        hit = search(CHECKSUMS[outer](write(inner, LOWER)).hex())
        assert hit is not None
        assert not hit.strong


@pytest.mark.parametrize("inner", CHECKSUMS)
def test_hash_or_coding_of_a_checksum_is_weak(inner):
    for outer in [*CODINGS, *HASHES]:
        for value in carry(write(outer, write(inner, LOWER))):
            hit = search(value)
            # Eight characters deflate to fewer octets than are looked at.
            assert hit is None if outer == "deflate" and hit is None else not hit.strong


@pytest.mark.parametrize("ahead", range(9))
@pytest.mark.parametrize("code", ["base64-bare", "base64-url", "base16", "base32-bare"])
def test_inside_a_bigger_token(code, ahead):
    inside = b'{"id":1,"'[9 - ahead :] + b'"' + LOWER + b'","v":2}'
    for prefix in ("", "2", "x2", "AB2", "uid2"):
        hit = search(quote(prefix + write(code, inside).decode(), safe=""))
        assert hit is not None
        assert hit.strong, prefix


def test_three_layers():
    packed = base64.urlsafe_b64encode(zlib.compress(json.dumps({"e": LOWER.decode()}).encode())).rstrip(b"=")
    assert search(packed.decode()).chain == ("base64", "zlib")
    assert search(packed.hex()).chain == ("base16", "base64", "zlib")
    deep = LOWER
    for _ in range(3):
        deep = base64.urlsafe_b64encode(deep)
    assert search(deep.decode().rstrip("=")).chain == ("base64",) * 3


def test_double_percent():
    hit = search(quote(quote(READER, safe=""), safe=""))
    assert hit is not None
    assert hit.chain == ("percent",)


def test_registry_is_covered():
    assert set(HASHES) == set(transforms.HASHES)
    assert set(CHECKSUMS) == set(transforms.CHECKSUMS)
    assert {name for name, _ in transforms.represent(b"a@b.example")} == {family(name) for name in CODINGS}
