"""Loads that no signal speaks against, stopped all the same: whoever is asked hears that a mail was opened.

Under the default policy only what shows something may load: pictures, and the style sheets and fonts of
hosts that serve the same ones to everybody. Frames, scripts, objects, media, hints to load ahead and style
sheets of unknown hosts show nothing that a mail needs. Under strict nothing remote loads. Such a stop is an
edit without a finding, because nothing speaks against the sender; a note `remote:N` counts them.
"""

import re

from bothways.judge.policy import Policy
from bothways.markup.references import Reference
from bothways.markup.scanner import Tag
from bothways.markup.slots import LINK_RESOURCES, Resource
from bothways.neutralise import in_css, read_property

FONT_HOSTS = frozenset(
    (
        "cdn.jsdelivr.net",
        "cdnjs.cloudflare.com",
        "fonts.bunny.net",
        "fonts.cdnfonts.com",
        "fonts.googleapis.com",
        "fonts.gstatic.com",
        "fonts.shopifycdn.com",
        "maxcdn.bootstrapcdn.com",
        "netdna.bootstrapcdn.com",
        "rsms.me",
        "use.fontawesome.com",
        "use.typekit.net",
    )
)
"""Public hosts of fonts and of the style sheets that name them; services that count loads are left out."""

_STYLING = frozenset((Resource.STYLESHEET, Resource.FONT))
_NO_PICTURE = frozenset(("link", "use", "feimage", "amp-pixel", "set", "animate"))
"""Elements that load an image for something else than to show it."""
_PICTURES = frozenset(
    (
        "background",
        "background-image",
        "border-image",
        "border-image-source",
        "content",
        "list-style",
        "list-style-image",
        "mask",
        "mask-border",
        "mask-box-image",
        "mask-image",
    )
)
_VENDOR_PREFIX = re.compile(r"-(?:webkit|moz|ms|o)-")
_NEVER_LOADED = frozenset(
    (("img", "longdesc"), ("iframe", "longdesc"), ("frame", "longdesc"), ("embed", "pluginspage"))
)
_LOADING_RELATIONS = frozenset(LINK_RESOURCES) | {"alternate", "manifest", "next", "search"}
_SCHEME = re.compile(r"(?i)([a-z][a-z0-9+.-]*+):")
_LOCAL_SCHEMES = frozenset(
    ("about", "blob", "cid", "clsid", "data", "java", "javascript", "mailto", "mid", "sms", "tel", "urn")
)
_ABSOLUTE = re.compile(r"(?i)(?:[a-z][a-z0-9+.-]*+:)?+[/\\]{2}([^/\\?#:@]*+)")


def must_not_load(html: str, reference: Reference, policy: Policy, base: str) -> bool:
    """Say whether a load that is no finding is to be stopped; `base` is what relative URLs stand on."""
    if not policy.block_invisible:
        return False
    if not policy.block_visible and (shows_picture(html, reference) or _is_public_styling(reference)):
        return False
    return loads(reference) and _leads_out(html, reference, base)


def shows_picture(html: str, reference: Reference) -> bool:
    """Say whether a reader would see what is loaded, as far as its place tells."""
    if reference.resource is not Resource.IMAGE or reference.element in _NO_PICTURE:
        return False
    if not in_css(reference):
        return True
    name, _ = read_property(html, reference)
    name = _VENDOR_PREFIX.sub("", name, count=1)
    return not name or name.startswith("--") or name in _PICTURES


def loads(reference: Reference) -> bool:
    """Say whether clients load this by themselves: a description, or a relation that only informs, is not."""
    if reference.element != "link" or reference.resource is not Resource.OTHER or reference.tag is None:
        return (reference.element, reference.attribute) not in _NEVER_LOADED
    return not _LOADING_RELATIONS.isdisjoint(" ".join(reference.tag.get_all("rel")).lower().split())


def is_remote(url: str, base: str) -> bool:
    """Say whether a URL leads out of the mail: by any scheme that is not known to stay inside."""
    scheme = _SCHEME.match(url)
    if scheme is not None:
        return scheme[1].lower() not in _LOCAL_SCHEMES
    if url[:1] in "/\\" and url[1:2] in "/\\" and len(url) > 2:
        return True
    return bool(url) and url[0] != "#" and is_remote(base, "")


def _leads_out(html: str, reference: Reference, base: str) -> bool:
    """Say whether a load leaves the mail; of a picture, a fragment alone is the base itself."""
    if reference.url[:1] == "#":
        return is_remote(base, "") and shows_picture(html, reference)
    return is_remote(reference.url, base)


def asks_for_lookups(tag: Tag) -> bool:
    """Say whether a tag makes a client look up the hosts of all links: one may be made for the reader."""
    control = (tag.get("http-equiv") or "").strip().lower()
    return control == "x-dns-prefetch-control" and (tag.get("content") or "").strip().lower() != "off"


def _is_public_styling(reference: Reference) -> bool:
    if reference.resource not in _STYLING and reference.resource is not Resource.PREFETCH:
        return False
    host = _ABSOLUTE.match(reference.url)
    return host is not None and host[1].lower() in FONT_HOSTS
