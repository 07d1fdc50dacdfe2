"""Undo click wrappers, layer by layer, with what stands in the URL; nothing is ever requested.

Only a URL that has a catalogue vendor's shape is looked into: an unknown host's `?url=` is that site's own
business, and following it would lend a hand to open redirects. What comes out is http or https, or the
link stays as it is.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bothways.urls.address import Address, decode_path, parse
from bothways.urls.codings import DecodeError
from bothways.urls.decoders import decode
from bothways.vendors.catalogue import Catalogue, Match
from bothways.vendors.model import Category

MOST_LAYERS = 16
"""More than any chain of tools makes; documents that wrap a link anew at each copy come to a dozen.

Past it the link is refused whole: a link of which a part is undone would look clean and still report the
click. The work is bounded all the same, for no layer is longer than a decoder gives.
"""

OPAQUE = "opaque"
"""Why a wrapper was left of which its vendor's server alone knows the target."""


class LinkAction(StrEnum):
    """What becomes of a link."""

    UNWRAP = "unwrap"
    STRIP = "strip"
    KEEP = "keep"
    KEEP_OPAQUE = "keep_opaque"
    """A known wrapper whose target only the vendor's server knows."""
    REFUSE = "refuse"
    """A known wrapper whose token is cut, altered or leads to something else than a web page."""
    REPORT_ONLY = "report_only"
    """Could be undone, and is not: the user did not say so, or the page needs what tells on the reader."""


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """What a user wants done to links."""

    unwrap_gateways: bool = False
    unwrap_affiliates: bool = False
    strip_campaign: bool = True


class Layer(NamedTuple):
    """One wrapper of a link: whose it is, its URL, and what in it identifies whom, by the vendor's file."""

    vendor: str
    url: str
    identifies: str = ""


class Undone(NamedTuple):
    """What a link's wrappers came to.

    `url` is the target, or the link as it was. `vendor` is the outermost wrapper's. `layers` are the
    wrappers that were undone, the outermost first. `target` is where a wrapper that was left leads, where
    that is known; `why` says why one was left. `address` is `url` as a browser reads it.
    """

    url: str
    action: LinkAction
    vendor: str | None = None
    layers: tuple[Layer, ...] = ()
    target: str | None = None
    why: str = ""
    address: Address | None = None


def undo(url: str, catalogue: Catalogue, options: LinkOptions) -> Undone:
    """Undo a link's click wrappers as far as they can be read and the options allow."""
    address = parse(url)
    match = catalogue.match_click(address) if address else None
    if match is None:
        return Undone(url, LinkAction.KEEP, address=address)
    return peel(match, url, catalogue, options)


def peel(match: Match, url: str, catalogue: Catalogue, options: LinkOptions) -> Undone:
    """Undo the wrappers of a link that has the shape of one; `url` is the link as it is written."""
    layers: list[Layer] = []
    current, vendor = url, match.vendor.id
    inner: Match | None = match
    while inner is not None:
        outcome = _look_into(current, inner, options)
        if isinstance(outcome, Undone):
            return outcome if not layers else _stop(current, layers, outcome)
        if len(layers) == MOST_LAYERS:
            return Undone(url, LinkAction.REFUSE, vendor, why="too many layers")
        layers.append(Layer(inner.vendor.id, current, inner.shape.identifies))
        current, address = outcome
        inner = catalogue.match_click(address)
    return Undone(current, LinkAction.UNWRAP, vendor, tuple(layers), address=address)


def _stop(current: str, layers: list[Layer], inner: Undone) -> Undone:
    """An inner wrapper stays: what stood around it is undone all the same."""
    return Undone(current, LinkAction.UNWRAP, layers[0].vendor, tuple(layers), inner.target, inner.why)


def _look_into(url: str, match: Match, options: LinkOptions) -> tuple[str, Address] | Undone:
    """Give a wrapper's target, or what to do with a wrapper that stays."""
    vendor = match.vendor
    if not match.shape.steps:
        return Undone(url, LinkAction.KEEP_OPAQUE, vendor.id, (), None, OPAQUE)
    try:
        target, address = read_target(match)
    except DecodeError as error:
        return Undone(url, LinkAction.REFUSE, vendor.id, why=str(error))
    if vendor.category is Category.GATEWAY and not options.unwrap_gateways:
        return Undone(url, LinkAction.REPORT_ONLY, vendor.id, target=target, why="gateway")
    if vendor.category is Category.AFFILIATE and not options.unwrap_affiliates:
        return Undone(url, LinkAction.REPORT_ONLY, vendor.id, target=target, why="affiliate")
    return target, address


_ENCODED_TWICE = re.compile(r"https?%3a(?:/|%2f){2}", re.IGNORECASE)
_WEB = re.compile(r"https?:", re.IGNORECASE)
_PLAIN = re.compile(r"(?i:https?://)[!#-;=?-~]+")


def read_target(match: Match) -> tuple[str, Address]:
    """Decode a wrapper's target, as it is written in the token; DecodeError if it is not a web address."""
    text = decode(match.shape.steps, match.source).strip()
    if _ENCODED_TWICE.match(text):
        text = decode_path(text)
    address = parse(text) if _WEB.match(text) else None
    if address is None or not address.host:
        raise DecodeError("not a web address")
    # A space, a quote or a letter beyond ASCII would not survive in every place a link can stand,
    # and "https:host" is a path where the page is https.
    text = text if address.href == text or _PLAIN.fullmatch(text) else address.href
    carried = match.address.fragment
    if carried and "#" not in text:
        # A redirect's target inherits the fragment of the URL that led to it (Fetch, "location URL").
        text = f"{text}#{carried}"
        address = parse(text) or address
    return text, address
