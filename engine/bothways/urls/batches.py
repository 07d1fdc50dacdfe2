"""MD4, Whirlpool and MurmurHash3 of many texts at once, which in Python costs little more than of one.

The search for a reader's address hashes hundreds of texts with each, and no library of Python has them
everywhere. The texts lie side by side in one long number or one string of octets, a lane each, so that every
step of a hash is done for all of them by a few operations in C.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache

_LANE = 64
"""Bits from one text's word to the next's: room for what a sum or a product of 32 bits carries."""
_WORD = 0xFFFFFFFF


def _by_size(
    texts: Iterable[bytes], hash_alike: Callable[[list[bytes]], Iterable[bytes]]
) -> dict[bytes, bytes]:
    """Hash texts in groups of one length."""
    groups: dict[int, list[bytes]] = {}
    for text in texts:
        groups.setdefault(len(text), []).append(text)
    return {
        text: digest
        for group in groups.values()
        for text, digest in zip(group, hash_alike(group), strict=True)
    }


def _lanes(words: Sequence[int]) -> int:
    """Put a word into each lane, the first one lowest."""
    return int.from_bytes(struct.pack(f"<{len(words)}Q", *words), "little")


def _unpack(value: int, count: int) -> tuple[int, ...]:
    return struct.unpack(f"<{count}Q", value.to_bytes(8 * count, "little"))


def _ones(count: int) -> int:
    """Give 1 in each lane: times a word, it is that word in each."""
    return ((1 << _LANE * count) - 1) // ((1 << _LANE) - 1)


_MD4_START = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
_MD4_ROUNDS = (
    (0, tuple(range(16)), (3, 7, 11, 19)),
    (0x5A827999, (0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), (3, 5, 9, 13)),
    (0x6ED9EBA1, (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15), (3, 9, 11, 15)),
)


def md4(texts: Sequence[bytes]) -> list[bytes]:
    """MD4 (RFC 1320), 16 octets, of each text."""
    padded = [
        text + b"\x80" + bytes((55 - len(text)) % 64) + struct.pack("<Q", len(text) * 8) for text in texts
    ]
    made = _by_size(padded, _md4_alike)
    return [made[text] for text in padded]


def _md4_alike(padded: list[bytes]) -> Iterable[bytes]:
    count = len(padded)
    ones = _ones(count)
    state = tuple(word * ones for word in _MD4_START)
    for at in range(0, len(padded[0]), 64):
        words = struct.unpack(f"<{16 * count}I", b"".join([text[at : at + 64] for text in padded]))
        turned = _md4_block([_lanes(words[number::16]) for number in range(16)], state, ones)
        state = tuple((one + other) & _WORD * ones for one, other in zip(state, turned, strict=True))
    return [
        struct.pack("<4I", *words) for words in zip(*(_unpack(word, count) for word in state), strict=True)
    ]


def _md4_block(words: list[int], state: tuple[int, ...], ones: int) -> tuple[int, int, int, int]:
    a, b, c, d = state
    mask = _WORD * ones
    for number, (constant, order, shifts) in enumerate(_MD4_ROUNDS):
        added = constant * ones
        for step, index in enumerate(order):
            if number == 0:
                mixed = d ^ (b & (c ^ d))
            elif number == 1:
                mixed = (b & c) | (d & (b | c))
            else:
                mixed = b ^ c ^ d
            total = (a + mixed + words[index] + added) & mask
            shift = shifts[step & 3]
            a, d, c, b = d, c, b, (total << shift | total >> (32 - shift)) & mask
    return a, b, c, d


_E = (1, 11, 9, 12, 13, 6, 15, 3, 14, 8, 7, 4, 10, 2, 5, 0)
_R = (7, 12, 11, 13, 14, 4, 9, 15, 6, 3, 8, 10, 2, 5, 1, 0)


def _substitute(octet: int) -> int:
    high, low = _E[octet >> 4], _E.index(octet & 15)
    middle = _R[high ^ low]
    return _E[high ^ middle] << 4 | _E.index(low ^ middle)


def _double(value: int) -> int:
    return value << 1 ^ (0x11D if value & 0x80 else 0)


_BOX = bytes(map(_substitute, range(256)))
_BOX_2 = bytes(map(_double, _BOX))
_BOX_4 = bytes(map(_double, _BOX_2))
_BOX_8 = bytes(map(_double, _BOX_4))
_ROUNDS = 10


def whirlpool(texts: Sequence[bytes]) -> list[bytes]:
    """Whirlpool (ISO/IEC 10118-3:2004), 64 octets, of each text."""
    padded = [text + b"\x80" + bytes((31 - len(text)) % 64) + (len(text) * 8).to_bytes(32) for text in texts]
    made = _by_size(padded, _whirl_alike)
    return [made[text] for text in padded]


def _whirl_alike(padded: list[bytes]) -> Iterable[bytes]:
    """A state is the columns of all texts' matrices, one behind the other: by column, row and text."""
    count = len(padded)
    chain = 0
    for at in range(0, len(padded[0]), 64):
        joined = b"".join([text[at : at + 64] for text in padded])
        block = int.from_bytes(
            b"".join([joined[8 * row + column :: 64] for column in range(8) for row in range(8)]), "little"
        )
        keys = _first_keys(count) if at == 0 else _schedule(chain, count)
        state = block ^ chain
        for key in keys:
            state = _whirl(state, count) ^ key
        chain ^= state ^ block
    columns = chain.to_bytes(64 * count, "little")
    return [b"".join([columns[text::count][row::8] for row in range(8)]) for text in range(count)]


def _whirl(state: int, count: int) -> int:
    """Substitute octets, shift columns, mix rows: of each row times (1, 1, 4, 1, 8, 5, 2, 9), turned."""
    size, column = 64 * count, 8 * count
    octets = state.to_bytes(size, "little")
    pieces = [octets[:column]]
    for number in range(1, 8):
        start, cut = number * column, (number + 1) * column - number * count
        pieces += octets[cut : start + column], octets[start:cut]
    shifted = b"".join(pieces)
    one, two, four, eight = (
        int.from_bytes(shifted.translate(box), "little") for box in (_BOX, _BOX_2, _BOX_4, _BOX_8)
    )
    mixed = one
    for number, row in enumerate((one, four, one, eight, one ^ four, two, one ^ eight), 1):
        mixed ^= row << number * column * 8 ^ row >> (8 - number) * column * 8
    return mixed & (1 << size * 8) - 1


def _schedule(key: int, count: int) -> Iterable[int]:
    """Give the keys of the rounds of a block, made from what the blocks before it came to."""
    for number in range(_ROUNDS):
        rows = [bytes([octet]) * count + bytes(7 * count) for octet in _BOX[8 * number : 8 * number + 8]]
        key = _whirl(key, count) ^ int.from_bytes(b"".join(rows), "little")
        yield key


@cache
def _first_keys_of_one() -> list[bytes]:
    return [key.to_bytes(64, "little") for key in _schedule(0, 1)]


@lru_cache(maxsize=4)  # most readers' addresses have as many spellings
def _first_keys(count: int) -> list[int]:
    """Give the keys of the first blocks of so many texts, which depend on nothing else."""
    keys = _first_keys_of_one()
    return [int.from_bytes(b"".join([bytes([octet]) * count for octet in key]), "little") for key in keys]


def murmur3(texts: Sequence[bytes]) -> list[bytes]:
    """MurmurHash3 x86 32 with seed 0 (Appleby), 4 octets, the most significant first, of each text.

    The longest text lies in the lowest lane: where the shorter ones have ended, only lower lanes go on.
    """
    ordered = sorted(set(texts), key=len, reverse=True)
    all_ones = _ones(len(ordered))
    mask = _WORD * all_ones
    value, count = 0, len(ordered)
    for number, words in enumerate(_scrambled_words(ordered)):
        while len(ordered[count - 1]) < 4 * number + 4:
            count -= 1
        lower = (1 << _LANE * count) - 1
        going = value & lower ^ int.from_bytes(words[: 8 * count], "little")
        mixed = _rotate(going, 13, mask) * 5 + (0xE6546B64 * all_ones & lower)
        value = value & ~lower | mixed & mask & lower
    value ^= _scramble(_lanes([int.from_bytes(text[len(text) & ~3 :], "little") for text in ordered]), mask)
    value ^= _lanes([len(text) for text in ordered])
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        value = (value ^ value >> shift & mask) * factor & mask
    made = dict(zip(ordered, _unpack(value, len(ordered)), strict=True))
    return [made[text].to_bytes(4) for text in texts]


def _scrambled_words(texts: list[bytes]) -> list[bytes]:
    """Give the first words of all texts, scrambled, then the second ones, as far as the longest text goes."""
    steps = len(texts[0]) // 4 if texts else 0
    padded = b"".join([text[: 4 * steps].ljust(4 * steps, b"\0") for text in texts])
    words = struct.unpack(f"<{steps * len(texts)}I", padded)
    ordered = [word for number in range(steps) for word in words[number::steps]]
    lanes = _scramble(_lanes(ordered), _WORD * _ones(len(ordered))).to_bytes(8 * len(ordered), "little")
    size = 8 * len(texts)
    return [lanes[size * number : size * (number + 1)] for number in range(steps)]


def _rotate(value: int, count: int, mask: int) -> int:
    return (value << count | value >> (32 - count)) & mask


def _scramble(words: int, mask: int) -> int:
    return _rotate(words * 0xCC9E2D51 & mask, 15, mask) * 0x1B873593 & mask
