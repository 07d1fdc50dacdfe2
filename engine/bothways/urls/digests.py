"""The hashes that the standard library lacks, or has only where OpenSSL offers them.

Senders hash addresses with whatever their language had at hand, so the search for a reader's address knows
these too. They are here to recognise what others made, never to protect anything. Each takes octets and gives
octets.
"""

import struct

from bothways.urls import batches

_WORD = 0xFFFFFFFF


def _rotate(value: int, count: int) -> int:
    value &= _WORD
    return (value << count | value >> (32 - count)) & _WORD


def _pad(data: bytes) -> bytes:
    """Padding of the MD4 family: a one bit, zeroes, the length in bits, little-endian."""
    return data + b"\x80" + bytes((55 - len(data)) % 64) + struct.pack("<Q", len(data) * 8)


def md4(data: bytes) -> bytes:
    """MD4 (RFC 1320), 16 octets."""
    return batches.md4([data])[0]


_RHO = (7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8)
_SHIFTS = (
    (11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8),
    (12, 13, 11, 15, 6, 9, 9, 7, 12, 15, 11, 13, 7, 8, 7, 7),
    (13, 15, 14, 11, 7, 7, 6, 8, 13, 14, 13, 12, 5, 5, 6, 9),
    (14, 11, 12, 14, 8, 6, 5, 5, 15, 12, 15, 14, 9, 9, 8, 6),
    (15, 12, 13, 13, 9, 5, 8, 6, 14, 11, 12, 11, 8, 6, 5, 5),
)
_LEFT_CONSTANTS = (0, 0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xA953FD4E)
_RIGHT_CONSTANTS = (0x50A28BE6, 0x5C4DD124, 0x6D703EF3, 0x7A6D76E9, 0)


def _mix(number: int, x: int, y: int, z: int) -> int:
    match number:
        case 0:
            return x ^ y ^ z
        case 1:
            return (x & y) | (~x & z)
        case 2:
            return (x | ~y) ^ z
        case 3:
            return (x & z) | (y & ~z)
        case _:
            return x ^ (y | ~z)


def _ripemd_line(words: tuple[int, ...], state: list[int], order: list[int], *, left: bool) -> list[int]:
    a, b, c, d, e = state
    for number in range(5):
        constant = (_LEFT_CONSTANTS if left else _RIGHT_CONSTANTS)[number]
        for index in order:
            total = a + _mix(number if left else 4 - number, b, c, d) + words[index] + constant
            a, e, d, c, b = e, d, _rotate(c, 10), b, (_rotate(total, _SHIFTS[number][index]) + e) & _WORD
        order = [_RHO[index] for index in order]
    return [a, b, c, d, e]


def ripemd160(data: bytes) -> bytes:
    """RIPEMD-160 (Dobbertin, Bosselaers, Preneel 1996), 20 octets."""
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0]
    for words in struct.iter_unpack("<16I", _pad(data)):
        left = _ripemd_line(words, state, list(range(16)), left=True)
        right = _ripemd_line(words, state, [(9 * index + 5) % 16 for index in range(16)], left=False)
        state = [(state[(at + 1) % 5] + left[(at + 2) % 5] + right[(at + 3) % 5]) & _WORD for at in range(5)]
    return struct.pack("<5I", *state)


def whirlpool(data: bytes) -> bytes:
    """Whirlpool (ISO/IEC 10118-3:2004), 64 octets."""
    return batches.whirlpool([data])[0]


def murmur3(data: bytes) -> bytes:
    """MurmurHash3 x86 32 with seed 0 (Appleby), 4 octets, the most significant first."""
    return batches.murmur3([data])[0]
