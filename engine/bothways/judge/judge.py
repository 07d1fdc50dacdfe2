"""From what stands in a mail to a verdict: does this URL tell somebody that this reader opened the mail?

A vendor's rule makes a finding known. Without one, the signals of `signals.py` are added up by their weights,
and a sum of at least `LIKELY` makes it likely. A verdict depends on the mail and the rules alone; what to do
about it is the policy's matter, so a finding leaves here as `seen`.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from bothways.judge.appearance import Appearance, look
from bothways.judge.findings import Action, Certainty, Finding, Kind, Reason
from bothways.judge.sheets import find_occasion
from bothways.judge.styled import is_bare, style
from bothways.judge.surroundings import NOTHING_AROUND, Surroundings
from bothways.judge.view import View, is_file
from bothways.judge.weighing import LIKELY, Weighed, names_picture, weigh, weigh_if_likely
from bothways.markup.slots import Resource
from bothways.urls.address import parse
from bothways.vendors.catalogue import default_catalogue
from bothways.vendors.model import Category

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bothways.markup.references import Reference
    from bothways.urls.address import Address
    from bothways.urls.recipients import Hit
    from bothways.vendors.catalogue import Match

_WORDS = re.compile(r"[a-z]+")
_OPENING = frozenset(
    (
        "beacon",
        "emailopen",
        "mailopen",
        "open",
        "opened",
        "openrate",
        "opens",
        "pixel",
        "readreceipt",
        "webbug",
    )
)
"""Words of a path under which opens are counted, and nothing else is served."""
_BACKGROUNDS = frozenset(["background", "style", "css_url"])
"""The attributes, or for style sheets what is reported as one, that lay a picture behind a text."""
_SHOWN = frozenset([Resource.IMAGE, Resource.FRAME, Resource.OBJECT, Resource.MEDIA])
"""Loads of which a reader could see something; a style sheet, a font or a script shows nothing itself."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that led to a verdict: each signal that fired with its weight, their sum, the finding if any."""

    weighed: Weighed = ()
    score: float = 0.0
    vendor: str | None = None
    finding: Finding | None = None
    remote: bool = True


NOT_REMOTE = Judgement(remote=False)
"""Of a URL that no client asks a web server for."""


class Reading(NamedTuple):
    """What a URL says wherever it stands: whose shape it has, where it carries the reader's address.

    `shown` is the address that the signals look at: of a webmail's image proxy, what it stands for.
    `plain` where only what is out of sight could be a finding.
    """

    address: "Address"
    match: "Match | None"
    shown: "Address"
    hit: "Hit | None"
    plain: bool


def read_url(url: str, surroundings: Surroundings = NOTHING_AROUND) -> Reading | None:
    """Read a URL of a text; None where no client asks a web server for it."""
    address = parse(absolute(url, surroundings.base))
    if address is None:
        return None
    shown = _original(address)
    hit = surroundings.recipients.find(shown) if surroundings.recipients else None
    return _reading(address, shown, hit)


def read_urls(urls: "Iterable[str]", surroundings: Surroundings) -> "dict[str, Reading | None]":
    """Read the URLs of a text together: the reader's address is looked for in all of them at once."""
    readings: dict[str, Reading | None] = {}
    remote: list[tuple[str, Address, Address]] = []
    for url in dict.fromkeys(urls):
        address = parse(absolute(url, surroundings.base))
        readings[url] = None
        if address is not None:
            remote.append((url, address, _original(address)))
    shown = [original for _, _, original in remote]
    hits = surroundings.recipients.find_all(shown) if surroundings.recipients else [None] * len(shown)
    for (url, address, original), hit in zip(remote, hits, strict=True):
        readings[url] = _reading(address, original, hit)
    return readings


def _reading(address: "Address", shown: "Address", hit: "Hit | None") -> Reading:
    match = _match(address)
    return Reading(address, match, shown, hit, match is None and hit is None and names_picture(shown))


def judge_reference(
    reference: "Reference", surroundings: Surroundings = NOTHING_AROUND, appearance: Appearance | None = None
) -> Finding | None:
    """Judge one automatic load; `appearance` is its tag's, where the caller has looked at it already."""
    reading = read_url(reference.url, surroundings)
    return None if reading is None else judge_reading(reference, reading, surroundings, appearance)


def judge_reading(
    reference: "Reference", reading: Reading, surroundings: Surroundings, appearance: Appearance | None = None
) -> Finding | None:
    """Judge a load whose URL has been read, as one that stands in a text many times needs to be but once."""
    appearance = appearance or look(reference.tag)
    if (
        reading.plain
        and appearance.visible
        and reference.element != "style"
        and not surroundings.hiding_at(reference.start)
    ):
        return None
    view = _view(reference, reading, surroundings, appearance)
    weighed = weigh(view) if reading.match else weigh_if_likely(view)
    if weighed is not None or is_bare(view):
        styled = style(reference, view, surroundings)
        if styled is not view:
            view, weighed = styled, weigh(styled) if reading.match else weigh_if_likely(styled)
    return None if weighed is None else _find(reference, reading, view, *weighed)


def explain_reference(
    reference: "Reference", surroundings: Surroundings = NOTHING_AROUND, appearance: Appearance | None = None
) -> Judgement:
    """Judge as `judge_reference` does, and tell all that led there."""
    reading = read_url(reference.url, surroundings)
    if reading is None:
        return NOT_REMOTE
    view = _view(reference, reading, surroundings, appearance or look(reference.tag))
    view = style(reference, view, surroundings)
    weighed, score = weigh(view)
    vendor = reading.match.vendor.id if reading.match else None
    return Judgement(weighed, score, vendor, _find(reference, reading, view, weighed, score))


def _find(
    reference: "Reference",
    reading: Reading,
    view: View,
    weighed: Weighed,
    score: float,
) -> Finding | None:
    match = reading.match
    if match is None and score < LIKELY:
        return None
    seen = match.content if match else not _is_open_endpoint(view, weighed)
    shows = seen and not view.unseen and reference.resource in _SHOWN and reference.element != "bgsound"
    return Finding(
        Kind.OPEN,
        Certainty.LIKELY if match is None else Certainty.KNOWN,
        Action.SEEN,
        reference.url,
        reference.element,
        reference.attribute,
        visible=shows,
        vendor=match.vendor.id if match else None,
        company=match.vendor.company if match else None,
        carrier=reading.address.host,
        reasons=(*_rule(match), *(reason for reason, _ in weighed)),
    )


def _is_open_endpoint(view: View, weighed: Weighed) -> bool:
    """Say whether a load of no declared size, with no text in its place, says itself that it counts opens.

    In labelled mail no picture that shows anything has such a URL, unless it is a file with a name. A word
    such as `track` is not enough: parcels are tracked too, and their pictures are looked at.
    """
    size = view.appearance
    if size.width is not None or size.height is not None or view.alternative.strip():
        return False
    if any(reason.code in {"pixel_name", "opening_query", "opening_endpoint"} for reason, _ in weighed):
        return True
    return not view.is_file and not _OPENING.isdisjoint(_WORDS.findall(view.address.path[:300].lower()))


def judge_open_url(url: str) -> Finding | None:
    """Judge a bare URL that somebody asks for: a finding only where a vendor's open shape matches it."""
    address = parse(url)
    match = None if address is None else _match(address)
    if address is None or match is None or match.content:
        return None
    return Finding(
        Kind.OPEN,
        Certainty.KNOWN,
        Action.SEEN,
        url,
        "",
        "",
        vendor=match.vendor.id,
        company=match.vendor.company,
        carrier=address.host,
        reasons=_rule(match),
    )


def absolute(url: str, base: str) -> str:
    """Complete a URL as a mail client does: `//host/...` by https; what has no base stays as it is."""
    if url.startswith(("http:", "https:")):
        return url
    if url.startswith(("//", "\\\\")):
        return "https:" + url
    try:
        return urljoin(base, url) if base else url
    except ValueError:
        return url


def _view(
    reference: "Reference", reading: Reading, surroundings: Surroundings, appearance: Appearance
) -> View:
    tag = reference.tag
    inside = surroundings.hiding_at(reference.start)
    if tag and reference.element == "style" and not inside:
        inside = find_occasion(tag.source, tag.end, reference.start)
    return View(
        reading.shown,
        appearance,
        reference.position,
        reference.resource,
        (tag.get("alt") or "") if tag else "",
        inside,
        surroundings.click_hosts,
        reading.hit,
        is_file(reading.shown.path),
        reference.resource is Resource.IMAGE and reference.attribute in _BACKGROUNDS,
        surroundings.loose.get(tag.start, "") if tag else "",
        reference.url,
        surroundings.company,
    )


def _original(address: "Address") -> "Address":
    """Give what a webmail's image proxy stands for, where its URL tells (`...#https://...`)."""
    if not address.fragment.startswith("http") or not _is_proxied(address):
        return address
    return parse(address.fragment) or address


def _is_proxied(address: "Address") -> bool:
    match = default_catalogue().match_open(address)
    return match is not None and Category.IMAGE_PROXY in {
        match.vendor.category,
        match.proxy and match.proxy.category,
    }


def _match(address: "Address") -> "Match | None":
    """Ask the catalogue; a webmail's image proxy is on the reader's side: its name alone is no finding."""
    match = default_catalogue().match_open(address)
    return None if match is None or match.vendor.category is Category.IMAGE_PROXY else match


def _rule(match: "Match | None") -> tuple[Reason, ...]:
    return () if match is None else (Reason("vendor_rule", match.vendor.id),)
