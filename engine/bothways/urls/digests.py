"""The hashes that the standard library lacks, or has only where OpenSSL offers them.

Senders hash addresses with whatever their language had at hand, so the search for a reader's address knows
these too. They are here to recognise what others made, never to protect anything. Each takes octets and gives
octets.
"""

import struct
from functools import cache

_WORD = 0xFFFFFFFF


def _rotate(value: int, count: int) -> int:
    value &= _WORD
    return (value << count | value >> (32 - count)) & _WORD


def _pad(data: bytes) -> bytes:
    """Padding of the MD4 family: a one bit, zeroes, the length in bits, little-endian."""
    return data + b"\x80" + bytes((55 - len(data)) % 64) + struct.pack("<Q", len(data) * 8)


_MD4_ROUNDS = (
    (0, tuple(range(16)), (3, 7, 11, 19)),
    (0x5A827999, (0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), (3, 5, 9, 13)),
    (0x6ED9EBA1, (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15), (3, 9, 11, 15)),
)


def md4(data: bytes) -> bytes:
    """MD4 (RFC 1320), 16 octets."""
    state = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
    for words in struct.iter_unpack("<16I", _pad(data)):
        a, b, c, d = state
        for number, (constant, order, shifts) in enumerate(_MD4_ROUNDS):
            for step, index in enumerate(order):
                if number == 0:
                    mixed = d ^ (b & (c ^ d))
                elif number == 1:
                    mixed = (b & c) | (d & (b | c))
                else:
                    mixed = b ^ c ^ d
                total = (a + mixed + words[index] + constant) & _WORD
                shift = shifts[step & 3]
                a, d, c, b = d, c, b, (total << shift | total >> (32 - shift)) & _WORD
        state = tuple((x + y) & _WORD for x, y in zip(state, (a, b, c, d), strict=True))  # type: ignore[assignment]
    return struct.pack("<4I", *state)


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


_E = (1, 11, 9, 12, 13, 6, 15, 3, 14, 8, 7, 4, 10, 2, 5, 0)
_R = (7, 12, 11, 13, 14, 4, 9, 15, 6, 3, 8, 10, 2, 5, 1, 0)


def _substitute(octet: int) -> int:
    high, low = _E[octet >> 4], _E.index(octet & 15)
    middle = _R[high ^ low]
    return _E[high ^ middle] << 4 | _E.index(low ^ middle)


def _multiply(value: int, factor: int) -> int:
    product = 0
    while factor:
        if factor & 1:
            product ^= value
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
        factor >>= 1
    return product


@cache
def _whirlpool_tables() -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    box = [_substitute(octet) for octet in range(256)]
    first = [int.from_bytes(bytes(_multiply(value, f) for f in (1, 1, 4, 1, 8, 5, 2, 9))) for value in box]
    turned = tuple(tuple((w >> 8 * t | w << (64 - 8 * t)) & (2**64 - 1) for w in first) for t in range(8))
    return turned, tuple(int.from_bytes(box[8 * number : 8 * number + 8]) for number in range(10))


def _whirl(rows: list[int]) -> list[int]:
    t0, t1, t2, t3, t4, t5, t6, t7 = _whirlpool_tables()[0]
    o = b"".join([row.to_bytes(8) for row in rows]) * 2
    return [
        t0[o[i]] ^ t1[o[i + 57]] ^ t2[o[i + 50]] ^ t3[o[i + 43]]
        ^ t4[o[i + 36]] ^ t5[o[i + 29]] ^ t6[o[i + 22]] ^ t7[o[i + 15]]
        for i in range(0, 64, 8)
    ]  # fmt: skip


def whirlpool(data: bytes) -> bytes:
    """Whirlpool (ISO/IEC 10118-3:2004), 64 octets."""
    constants = _whirlpool_tables()[1]
    padded = data + b"\x80" + bytes((31 - len(data)) % 64) + (len(data) * 8).to_bytes(32)
    chain = [0] * 8
    for block in struct.iter_unpack(">8Q", padded):
        key, state = chain, [x ^ y for x, y in zip(block, chain, strict=True)]
        for constant in constants:
            key = _whirl(key)
            key[0] ^= constant
            state = [x ^ y for x, y in zip(_whirl(state), key, strict=True)]
        chain = [x ^ y ^ z for x, y, z in zip(chain, state, block, strict=True)]
    return struct.pack(">8Q", *chain)


def murmur3(data: bytes) -> bytes:
    """MurmurHash3 x86 32 with seed 0 (Appleby), 4 octets, the most significant first."""
    value = 0
    tail = len(data) & ~3
    for (word,) in struct.iter_unpack("<I", data[:tail]):
        value = (_rotate(value ^ _scramble(word), 13) * 5 + 0xE6546B64) & _WORD
    value ^= _scramble(int.from_bytes(data[tail:], "little")) ^ len(data)
    value = (value ^ value >> 16) * 0x85EBCA6B & _WORD
    value = (value ^ value >> 13) * 0xC2B2AE35 & _WORD
    return (value ^ value >> 16).to_bytes(4)


def _scramble(word: int) -> int:
    return _rotate(word * 0xCC9E2D51, 15) * 0x1B873593 & _WORD
