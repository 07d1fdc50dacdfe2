"""Registrable domains, offline: which hosts belong to one owner.

The public suffix list is the snapshot inside tldextract; it is never fetched.
"""

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tldextract import TLDExtract


MOST_LABELS = 12


@lru_cache(maxsize=64)  # one link asks several times
def parents(host: str) -> tuple[str, ...]:
    """Give a host and its parent domains, of a host of too many labels the last ones.

    a.b.example -> a.b.example, b.example, example
    """
    host = host.rstrip(".")
    if host.count(".") >= MOST_LABELS:
        host = ".".join(host.rsplit(".", MOST_LABELS)[1:])
    found = []
    while host:
        found.append(host)
        host = host.partition(".")[2]
    return tuple(found)


@cache
def _extractor() -> "TLDExtract":
    # Imported here: it takes a quarter of a second, and most commands never ask.
    import tldextract  # noqa: PLC0415

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=8192)
def registrable(host: str) -> str:
    """Give the registrable domain of a host (`a.b.example.co.uk` -> `example.co.uk`), lower case.

    An IP address, a single label or a bare public suffix is its own domain.
    """
    host = host.lower().rstrip(".")
    return _extractor()(host).top_domain_under_public_suffix or host
