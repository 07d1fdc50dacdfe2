"""Test vectors of the hashes that the standard library lacks."""

import hashlib

import pytest
from bothways.urls import batches, digests


@pytest.mark.parametrize(
    ("data", "expected"),
    [  # RFC 1320 A.5
        (b"", "31d6cfe0d16ae931b73c59d7e0c089c0"),
        (b"a", "bde52cb31de33e46245e05fbdbd6fb24"),
        (b"abc", "a448017aaf21d8525fc10ae87aa6729d"),
        (b"1234567890" * 8, "e33b4ddc9c38f2199c3e7b164fcc0536"),
    ],
)
def test_md4(data, expected):
    assert digests.md4(data).hex() == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [  # from the hash's home page
        (b"", "9c1185a5c5e9fc54612808977ee8f548b2258d31"),
        (b"abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
        (b"1234567890" * 8, "9b752e45573d4b39f4dbd3323cab82bf63326bfb"),
    ],
)
def test_ripemd160(data, expected):
    assert digests.ripemd160(data).hex() == expected


@pytest.mark.skipif("ripemd160" not in hashlib.algorithms_available, reason="OpenSSL without it")
def test_ripemd160_of_every_length():
    for length in range(130):
        data = bytes(range(length))
        assert digests.ripemd160(data) == hashlib.new("ripemd160", data).digest()


@pytest.mark.parametrize(
    ("data", "expected"),
    [  # ISO/IEC 10118-3, the first and last eight octets
        (b"", "19fa61d75522a466 08b138cc42a66eb3"),
        (b"a", "8aca2602792aec6f 3b478584fdae231a"),
        (b"abc", "4e2448a4c6f486bb d225292076d4eef5"),
        (b"1234567890" * 8, "466ef18babb0154d 2c2a80cf3a9a083b"),
    ],
)
def test_whirlpool(data, expected):
    digest = digests.whirlpool(data)
    assert len(digest) == 64
    assert expected.startswith(digest[:8].hex())
    assert expected.endswith(digest[-8:].hex())


@pytest.mark.parametrize(
    ("data", "expected"), [(b"", 0), (b"hello", 0x248BFA47), (b"hello, world", 0x149BBB7F)]
)
def test_murmur3(data, expected):
    assert int.from_bytes(digests.murmur3(data)) == expected


@pytest.mark.parametrize("name", ["md4", "whirlpool", "murmur3"])
def test_many_at_once_come_out_as_one_by_one(name):
    texts = [bytes(range(length)) for length in (0, 31, 32, 55, 56, 64, 130, 31)]
    assert getattr(batches, name)(texts) == [getattr(digests, name)(text) for text in texts]
    assert getattr(batches, name)([]) == []
