"""From what stands in a mail to a verdict: does this URL tell somebody that this reader opened the mail?

A vendor's rule makes a finding known. Without one, the signals of `signals.py` are added up by their weights,
and a sum of at least `LIKELY` makes it likely. A verdict depends on the mail and the rules alone; what to do
about it is the policy's matter, so a finding leaves here as `seen`.
"""

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from bothways.judge.appearance import look
from bothways.judge.findings import Action, Certainty, Finding, Kind, Reason
from bothways.judge.signals import WEIGHTS, View
from bothways.urls.address import parse
from bothways.vendors.catalogue import default_catalogue
from bothways.vendors.model import Category

if TYPE_CHECKING:
    from bothways.markup.references import Reference
    from bothways.urls.address import Address
    from bothways.vendors.catalogue import Match

LIKELY = 3.5
"""The least sum of weights that makes a finding: no single signal reaches it."""


def judge_reference(reference: "Reference", *, base: str = "") -> Finding | None:
    """Judge one automatic load; `base` is what relative URLs of the document stand on."""
    address = parse(absolute(reference.url, base))
    if address is None:
        return None
    appearance = look(reference.tag)
    match = _match(address)
    reasons, score = weigh(View(address, appearance, reference.position))
    if match is None and score < LIKELY:
        return None
    return Finding(
        Kind.OPEN,
        Certainty.LIKELY if match is None else Certainty.KNOWN,
        Action.SEEN,
        reference.url,
        reference.element,
        reference.attribute,
        visible=appearance.visible and (match is None or match.content),
        vendor=match.vendor.id if match else None,
        company=match.vendor.company if match else None,
        carrier=address.host,
        reasons=(*_rule(match), *reasons),
    )


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


def weigh(view: View) -> tuple[tuple[Reason, ...], float]:
    """Collect the signals that fire, and the sum of their weights."""
    seen = [(signal(view), weight) for signal, weight in WEIGHTS.items()]
    fired = [(reason, weight) for reason, weight in seen if reason is not None]
    return tuple(reason for reason, _ in fired), sum(weight for _, weight in fired)


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


def _match(address: "Address") -> "Match | None":
    """Ask the catalogue; a webmail's image proxy is on the reader's side: its name alone is no finding."""
    match = default_catalogue().match_open(address)
    return None if match is None or match.vendor.category is Category.IMAGE_PROXY else match


def _rule(match: "Match | None") -> tuple[Reason, ...]:
    return () if match is None else (Reason("vendor_rule", match.vendor.id),)
