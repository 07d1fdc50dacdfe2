"""What a click on a link would have told: whom each wrapper and each parameter names.

For a report: nothing of it is worked out before somebody asks. An e-mail address is looked for in clear and
in what tokens of a wrapper decode to; whose it is does not matter here.
"""

import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from bothways.urls.address import decode_value, parse
from bothways.urls.codings import LONGEST, DecodeError, turn_base64
from bothways.urls.links import NEEDED, CleanedLink
from bothways.urls.parameters import Tells
from bothways.urls.wrappers import Layer
from bothways.vendors.catalogue import default_catalogue

_ADDRESS = re.compile(rb"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9@])")
_TOKEN = re.compile(r"[A-Za-z0-9_+/-]{12,}={0,2}")
_USER = re.compile(r"://[^/?#@]*@")
_DEEPEST = 2
_MOST_READINGS = 200
_SEARCHED = 8192
"""Characters of a URL in which an address is looked for."""
_MOST_SEARCHED = 4
"""Layers of a link in which an address is looked for; what is inside them stands in the outer ones too."""


_WHOM = {
    Tells.RECIPIENT: re.compile(
        r"\b(?:reader|contact|subscri(?:ber|ption)|member|prospect|recipient|lead|person|row)\b"
    ),
    Tells.SEND: re.compile(
        r"\b(?:copy|send|mail|mailing|message|thread|delivery|campaign|bulletin|broadcast)\b"
    ),
}
"""What the words by which vendors' files say what a wrapper identifies come to."""


class Told(NamedTuple):
    """One thing a click tells: `by` is a parameter's name or a wrapper's vendor.

    `tells` is a class of parameters ("recipient", "send", ...) or "address" for an e-mail address. Of a
    wrapper it is "click", with the words of its vendor's file in `detail`, and what these words come to.
    """

    by: str
    tells: str
    detail: str = ""


class LinkReport(NamedTuple):
    """What there is to say of a link: what a click tells, the layers and the parameters taken off."""

    tells: tuple[Told, ...] = ()
    layers: tuple[Layer, ...] = ()
    removed: tuple[str, ...] = ()


def report(link: CleanedLink) -> LinkReport:
    """Say all there is to say of a link."""
    return LinkReport(tell(link), link.layers, link.removed)


def tell(link: CleanedLink) -> tuple[Told, ...]:
    """Say what a click on the link as it was would have told, the wrappers first."""
    told: list[Told] = []
    for depth, layer in enumerate((*link.layers, *_staying(link))):
        told.append(Told(layer.vendor, "click", layer.identifies))
        told += [Told(layer.vendor, tells) for tells in read_identifies(layer.identifies)]
        address = find_email(layer.url) if depth < _MOST_SEARCHED else ""
        if address:
            told.append(Told(layer.vendor, "address", address))
    for removed in link.taken:
        told.append(Told(removed.name, removed.tells.value))
        address = find_email(removed.text)
        if address:
            told.append(Told(removed.name, "address", address))
    return tuple(dict.fromkeys(told))


def read_identifies(words: str) -> tuple[str, ...]:
    """Give the classes that a vendor's file names: whether a wrapper identifies the reader, and the send."""
    return tuple(tells.value for tells, pattern in _WHOM.items() if pattern.search(words))


def _staying(link: CleanedLink) -> tuple[Layer, ...]:
    """Give the wrapper that was left in the link, through which a click still goes."""
    address = None if link.vendor is None or link.why in ("", NEEDED) else parse(link.url)
    match = default_catalogue().match_click(address) if address else None
    return () if match is None else (Layer(match.vendor.id, link.url, match.shape.identifies),)


def find_email(url: str) -> str:
    """Give an e-mail address that a URL holds in clear, or in base64 with or without zlib; else ""."""
    text = _USER.sub("://", decode_value(decode_value(url[:_SEARCHED])))
    for octets in islice(_readings(text), _MOST_READINGS):
        found = _ADDRESS.search(octets)
        if found:
            return found[0].decode("ascii")
    return ""


def _readings(text: str, depth: int = 0) -> Iterator[bytes]:
    """Give a text, and what its tokens decode to."""
    yield text.encode("utf-8", "replace")
    if depth == _DEEPEST:
        return
    for token in _TOKEN.findall(text):
        for piece in dict.fromkeys([token, *token.split("/")]):
            octets = _decode(piece)
            if octets:
                yield from _readings(octets.decode("utf-8", "replace"), depth + 1)


def _decode(token: str) -> bytes:
    try:
        octets = turn_base64(token, "")
    except DecodeError:
        return b""
    try:
        return zlib.decompressobj().decompress(octets, LONGEST)
    except zlib.error:
        return octets
