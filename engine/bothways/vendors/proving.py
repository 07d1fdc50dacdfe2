"""Does a vendor's file do what it says? Its samples prove its shapes, and other vendors' samples show what it
would take from them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bothways.urls.address import Address, parse
from bothways.urls.codings import DecodeError
from bothways.urls.domains import registrable
from bothways.urls.wrappers import read_target
from bothways.vendors.catalogue import Catalogue, Match
from bothways.vendors.checking import Fault
from bothways.vendors.model import Category, Shape, Vendor


@dataclass(frozen=True, slots=True)
class Overlap:
    """A sample URL that two vendors' rules fit: `winner` is named, `loser` is not.

    `loser` is None for a URL that the catalogue keeps as a lookalike, which should stay nobody's.
    """

    url: str
    winner: str
    loser: str | None


def prove(vendor: Vendor) -> list[Fault]:
    """List which samples do not come out as the file says, the vendor seen alone."""
    faults = list(_judge_hosts(vendor))
    alone = Catalogue([vendor])
    used: set[Shape] = set()
    for fault, shape in (*_try_opens(vendor, alone), *_try_clicks(vendor, alone)):
        faults += [fault] if fault else []
        used |= {shape} if shape else set()
    shapes = {f"open[{n}]": shape for n, shape in enumerate(vendor.opens)}
    shapes |= {f"click[{n}]": shape for n, shape in enumerate(vendor.clicks)}
    faults += [
        Fault(place, "no sample proves this shape") for place, shape in shapes.items() if shape not in used
    ]
    if not vendor.samples.others:
        faults.append(Fault("samples.other", "give a lookalike that must not match"))
    for n, url in enumerate(vendor.samples.others):
        if _matches(alone, parse(url)):
            faults.append(Fault(f"samples.other[{n}]", f"must not match, and does: {url}"))
    return faults


def find_overlaps(vendor: Vendor, others: Catalogue) -> list[Overlap]:
    """List sample URLs that the vendor would take from others, or they from it, if it were an own rule."""
    alone = Catalogue([vendor])
    both = Catalogue([vendor, *others.vendors.values()])
    overlaps = []
    for url, owner in (*_sample_urls([vendor]), *_sample_urls(list(others.vendors.values()))):
        address = parse(url)
        if not address or not _matches(alone, address):
            continue
        now = {match.vendor.id for match in _matches(both, address)}
        if owner != vendor.id and vendor.id in now:
            overlaps.append(Overlap(url, vendor.id, owner))
        overlaps += [
            Overlap(url, name, vendor.id) for name in sorted(now - {vendor.id}) if owner == vendor.id
        ]
    return overlaps


def _judge_hosts(vendor: Vendor) -> Iterator[Fault]:
    places = [("open", n, shape) for n, shape in enumerate(vendor.opens)]
    for kind, n, shape in places + [("click", n, shape) for n, shape in enumerate(vendor.clicks)]:
        for host in shape.hosts:
            if registrable(f"x.y.{host}") == f"y.{host}":
                yield Fault(f"{kind}[{n}].hosts", f"{host} is everyone's: a public suffix")


def _try_opens(vendor: Vendor, alone: Catalogue) -> Iterator[tuple[Fault | None, Shape | None]]:
    for n, url in enumerate(vendor.samples.opens):
        address = parse(url)
        match = alone.match_open(address) if address else None
        if match is None:
            yield Fault(f"samples.open[{n}]", f"no open shape fits it: {url}"), None
        elif address and vendor.category is not Category.IMAGE_PROXY and alone.match_click(address):
            yield Fault(f"samples.open[{n}]", f"a click shape fits it too: {url}"), match.shape
        else:
            yield None, match.shape


def _try_clicks(vendor: Vendor, alone: Catalogue) -> Iterator[tuple[Fault | None, Shape | None]]:
    for n, sample in enumerate(vendor.samples.clicks):
        address = parse(sample.url)
        match = alone.match_click(address) if address else None
        if match is None:
            yield Fault(f"samples.click[{n}]", f"no click shape fits it: {sample.url}"), None
            continue
        target = _target(match)
        said, found = sample.target or "none", target or "none"
        wrong = Fault(f"samples.click[{n}].target", f"is {found}, not {said}: {sample.url}")
        yield (None if target == sample.target else wrong), match.shape


def _target(match: Match) -> str | None:
    try:
        return read_target(match)[0] if match.shape.steps else None
    except DecodeError as error:
        return f"not to be decoded ({error})"


def _sample_urls(vendors: list[Vendor]) -> Iterator[tuple[str, str | None]]:
    for vendor in vendors:
        for url in (*vendor.samples.opens, *(sample.url for sample in vendor.samples.clicks)):
            yield url, vendor.id
        for url in vendor.samples.others:
            yield url, None


def _matches(catalogue: Catalogue, address: Address | None) -> list[Match]:
    if address is None:
        return []
    return [match for match in (catalogue.match_open(address), catalogue.match_click(address)) if match]
