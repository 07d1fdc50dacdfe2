"""Codings that one vendor invented for its click wrappers, one function each."""

import re

from bothways.urls.codings import DecodeError, Token, as_octets, as_text, turn_base64


def turn_sparkpost(token: Token, wanted: str) -> bytes:
    """A field of SparkPost's older token: base64 with `~` padding around a list of typed fields.

    A field's first octet holds its type in the low six bits and in the high two how many octets of length
    follow, least significant first. The list must end where the token ends.
    """
    octets = turn_base64(as_text(token).replace("~", "="), "")
    fields: dict[int, bytes] = {}
    position = 0
    while position < len(octets):
        kind, size = octets[position] & 0x3F, octets[position] >> 6
        start = position + 1 + size
        end = start + int.from_bytes(octets[position + 1 : start], "little")
        if size > 2 or end > len(octets):
            raise DecodeError("not the field list it should be")
        fields.setdefault(kind, octets[start:end])
        position = end
    if int(wanted) not in fields:
        raise DecodeError("no such field")
    return fields[int(wanted)]


def turn_zeta(token: Token, _: str) -> str:
    """Zeta's blocks between slashes, each with its kind in front: V holds the URL, q its query, in base64."""
    blocks = as_text(token).split("/")
    target = next((block[1:] for block in blocks if block.startswith("V")), "")
    # P is what the base64 of a query's "?" begins with; other blocks may begin with a q as well.
    query = next((block[1:] for block in blocks if block.startswith("qP")), "")
    return as_text(turn_base64(target, "")) + as_text(turn_base64(query, ""))


def turn_proofpoint3(token: Token, _: str) -> bytes:
    """Proofpoint's third form, `URL__;CHARACTERS!...`: each `*` stands for the next of the characters.

    `**` and a letter stand for a run of them, counted in octets of UTF-8 (A is two).
    """
    found = _PROOFPOINT3.fullmatch(as_octets(token))
    if found is None:
        raise DecodeError("cut")
    taken = turn_base64(found[2].decode(), "")
    position = 0

    def put_back(star: re.Match[bytes]) -> bytes:
        nonlocal position
        length = _RUN_LENGTHS.index(star[1]) + 2 if star[1] else _octets_of_character(taken, position)
        piece = taken[position : position + length]
        if not piece or len(piece) < length:
            raise DecodeError("too few characters")
        position += length
        return piece

    return _ONE_SLASH.sub(rb"\1//", _STAR.sub(put_back, found[1]))


def _octets_of_character(octets: bytes, position: int) -> int:
    lead = octets[position] if position < len(octets) else 0
    return 1 + (lead >= 0xC0) + (lead >= 0xE0) + (lead >= 0xF0)


_PROOFPOINT3 = re.compile(rb"(.+?)__;([\w-]*={0,2})!.*", re.DOTALL)
_RUN_LENGTHS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_STAR = re.compile(rb"\*(?:\*([\w-]))?")
_ONE_SLASH = re.compile(rb"^(https?:)/(?!/)")


def turn_without_suffix(token: Token, suffix: str) -> str:
    """A URL whose host loses a suffix that a session proxy put behind it."""
    text = as_text(token)
    before, found, after = text.partition(suffix)
    if not found or "/" in before.partition("://")[2]:
        raise DecodeError(f"no {suffix}")
    return before + after
