"""Hashing beside the mail's way gives what hashing in its way gives."""

import hashlib
from random import Random

from bothways_proxy.hashing import SideHasher


def test_a_large_mail_in_pieces_has_the_digest_of_the_whole() -> None:
    raw = Random(1).randbytes(5_000_000)
    hasher, sizes, position = SideHasher(), Random(2), 0
    while position < len(raw):
        size = sizes.choice((0, 1, 700, 65535, 900_000))
        hasher.update(raw[position : position + size])
        position += size
    assert hasher.hexdigest() == hashlib.sha256(raw).hexdigest()


def test_two_mails_at_a_time_do_not_meet() -> None:
    hashers = [SideHasher() for _ in range(5)]
    for _ in range(40):
        for number, hasher in enumerate(hashers):
            hasher.update(bytes([number]) * 100_000)
    expected = [hashlib.sha256(bytes([number]) * 4_000_000).hexdigest() for number in range(5)]
    assert [hasher.hexdigest() for hasher in hashers] == expected


def test_nothing_and_little_are_hashed_too() -> None:
    assert SideHasher().hexdigest() == hashlib.sha256().hexdigest()
    hasher = SideHasher()
    hasher.update(b"a")
    assert hasher.hexdigest() == hasher.hexdigest() == hashlib.sha256(b"a").hexdigest()
