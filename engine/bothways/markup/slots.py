"""The table of places in HTML from which a client can be made to load or to go somewhere.

A new place is a new row: element and attribute, how the value is read, and what a load of it is.
"""

from dataclasses import dataclass
from enum import StrEnum


class Reading(StrEnum):
    """How an attribute's value holds its URLs."""

    URL = "url"
    URLS = "urls"
    """Separated by spaces."""
    CANDIDATES = "candidates"
    """The candidates of a srcset."""
    STYLE = "style"
    DOCUMENT = "document"
    """A whole HTML text."""
    REFRESH = "refresh"
    ANIMATED = "animated"
    """What the attribute that `attributeName` names becomes, one after the other."""
    LINK = "link"
    """Where a click leads; nothing loads by itself."""
    BASE = "base"


class Resource(StrEnum):
    """What a reference loads, and by that how it can be neutralised."""

    IMAGE = "image"
    STYLESHEET = "stylesheet"
    FONT = "font"
    FRAME = "frame"
    SCRIPT = "script"
    MEDIA = "media"
    OBJECT = "object"
    PREFETCH = "prefetch"
    PING = "ping"
    NAVIGATION = "navigation"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Slot:
    """One row: how to read the value and what it loads; `element` where the report names another element."""

    reading: Reading
    resource: Resource = Resource.OTHER
    element: str = ""


_IMAGE = Slot(Reading.URL, Resource.IMAGE)
_CANDIDATES = Slot(Reading.CANDIDATES, Resource.IMAGE)
_MEDIA = Slot(Reading.URL, Resource.MEDIA)
_FRAME = Slot(Reading.URL, Resource.FRAME)
_SCRIPT = Slot(Reading.URL, Resource.SCRIPT)
_OBJECT = Slot(Reading.URL, Resource.OBJECT)
_OTHER = Slot(Reading.URL)
_PING = Slot(Reading.URLS, Resource.PING)
_LINK = Slot(Reading.LINK)
_STYLE = Slot(Reading.STYLE, Resource.IMAGE)

_IMG = {
    "src": _IMAGE,
    "srcset": _CANDIDATES,
    "lowsrc": _IMAGE,
    "dynsrc": _IMAGE,
    "longdesc": _OTHER,
    "attributionsrc": _PING,
}
_SVG = {"href": _IMAGE, "xlink:href": _IMAGE}
_SVG_PART = {"href": _OTHER, "xlink:href": _OTHER}
_ANIMATION = dict.fromkeys(("from", "to", "by", "values"), Slot(Reading.ANIMATED, Resource.IMAGE))
_MATH = {"href": _LINK, "xlink:href": _LINK}
_A = {"href": _LINK, "xlink:href": _LINK, "ping": _PING, "attributionsrc": _PING}

ELEMENTS: dict[str, dict[str, Slot]] = {
    "img": _IMG,
    # <image> is <img>, but inside <svg> it is itself
    "image": {name: Slot(row.reading, row.resource, "img") for name, row in _IMG.items()} | _SVG,
    "input": {"src": _IMAGE, "srcset": _CANDIDATES, "lowsrc": _IMAGE, "dynsrc": _IMAGE, "formaction": _LINK},
    "source": {"src": _MEDIA, "srcset": _CANDIDATES},
    "audio": {"src": _MEDIA},
    "video": {"src": _MEDIA, "poster": _IMAGE},
    "track": {"src": _MEDIA},
    "bgsound": {"src": _MEDIA},
    "embed": {"src": _OBJECT, "pluginspage": _OTHER},
    "object": {
        "data": _OBJECT,
        "codebase": _OBJECT,
        "classid": _OBJECT,
        "archive": Slot(Reading.URLS, Resource.OBJECT),
    },
    "applet": {"code": _OBJECT, "codebase": _OBJECT, "object": _OBJECT, "archive": _OBJECT},
    "iframe": {"src": _FRAME, "srcdoc": Slot(Reading.DOCUMENT), "longdesc": _OTHER},
    "frame": {"src": _FRAME, "longdesc": _OTHER},
    "portal": {"src": _FRAME},
    "script": {"src": _SCRIPT, "href": _SCRIPT, "xlink:href": _SCRIPT, "attributionsrc": _PING},
    "link": {"href": _OTHER, "imagesrcset": _CANDIDATES},
    "html": {"manifest": _OTHER},
    "meta": {"content": Slot(Reading.REFRESH, Resource.NAVIGATION)},
    "base": {"href": Slot(Reading.BASE)},
    "a": _A,
    "area": _A,
    "form": {"action": _LINK},
    "button": {"formaction": _LINK},
    "use": _SVG,
    "feimage": _SVG,
    "amp-img": {"src": _IMAGE, "srcset": _CANDIDATES},
    "amp-anim": {"src": _IMAGE, "srcset": _CANDIDATES},
    "amp-pixel": {"src": _IMAGE},
    "amp-list": {"src": _OTHER},
    "amp-state": {"src": _OTHER},
    "amp-autocomplete": {"src": _OTHER},
    "amp-video": {"src": _MEDIA, "poster": _IMAGE},
    "amp-audio": {"src": _MEDIA},
    "amp-iframe": {"src": _FRAME, "srcdoc": Slot(Reading.DOCUMENT)},
    "model": {"src": _MEDIA, "poster": _IMAGE, "environmentmap": _IMAGE},
    "fencedframe": {"src": _FRAME},
    # of old browsers
    "layer": {"src": _FRAME},
    "ilayer": {"src": _FRAME},
    "sound": {"src": _MEDIA},
    "xml": {"src": _OTHER},
    "menuitem": {"icon": _OTHER},
    "command": {"icon": _OTHER},
    # SVG: what may stand in another document
    **dict.fromkeys(
        (
            *("lineargradient", "radialgradient", "pattern", "filter", "mpath", "textpath", "tref", "cursor"),
            *("font-face-uri", "color-profile", "altglyph", "glyphref", "prefetch", "animation"),
            "foreignobject",
        ),
        _SVG_PART,
    ),
    "set": _ANIMATION,
    "animate": _ANIMATION,
    # MathML: any element may be a link
    **dict.fromkeys(
        (
            *(
                "mi",
                "mn",
                "mo",
                "ms",
                "mtext",
                "mspace",
                "mrow",
                "mfrac",
                "msqrt",
                "mroot",
                "mstyle",
                "merror",
            ),
            *("mpadded", "mphantom", "mfenced", "menclose", "msub", "msup", "msubsup", "munder", "mover"),
            *("munderover", "mmultiscripts", "mtable", "mtr", "mlabeledtr", "mtd", "mstack", "mlongdiv"),
            *("msgroup", "msrow", "mscarries", "mscarry", "msline", "maction", "semantics", "maligngroup"),
            *("malignmark", "mprescripts", "none"),
        ),
        _MATH,
    ),
    "math": _MATH | {"altimg": _IMAGE},
    "mglyph": _MATH | {"src": _IMAGE},
    "annotation": _MATH | {"src": _OTHER},
    "annotation-xml": _MATH | {"src": _OTHER},
}
"""By element and attribute, both in lower case."""

PLAIN_ELEMENTS = (
    *("td", "tr", "table", "div", "span", "p", "tbody", "font", "br", "b", "body", "blockquote", "strong"),
    *("h1", "h2", "h3", "h4", "hr", "li", "ul", "ol", "em", "i", "u", "th", "dd", "dt", "center", "wbr"),
)
"""Those without rows of their own that mails are full of, the commonest first."""

PREFIXED: dict[str, Slot] = {
    "src": _IMAGE,
    "o:href": _IMAGE,
    "o:althref": _IMAGE,
    "r:href": _IMAGE,
    "althref": _IMAGE,
    "href": _LINK,
}
"""Any element of another vocabulary, as `v:fill`, `v:imagedata` and `v:roundrect` of VML."""

_OFFICE = ("v", "o", "w", "x")
"""Prefixes of Office's vocabularies, whose elements are themselves whatever name they share with HTML."""

ANY: dict[str, Slot] = {
    "style": _STYLE,
    "background": _IMAGE,
    "filter": _STYLE,
    "mask": _STYLE,
    "clip-path": _STYLE,
    "fill": _STYLE,
    "stroke": _STYLE,
    "cursor": _STYLE,
    "marker-start": _STYLE,
    "marker-mid": _STYLE,
    "marker-end": _STYLE,
}
"""Attributes that load on whatever element they stand; the later ones are presentation attributes of SVG."""

_SLOTS = {name: ANY | rows for name, rows in ELEMENTS.items()}
_PREFIXED_SLOTS = ANY | PREFIXED


def slots_of(element: str) -> dict[str, Slot]:
    """Give the rows of an element by attribute."""
    if ":" not in element:
        return _SLOTS.get(element, ANY)
    prefix, _, name = element.partition(":")
    rows = None if prefix in _OFFICE else _SLOTS.get(name)
    return _PREFIXED_SLOTS | rows if rows else _PREFIXED_SLOTS


FOREIGN_ELEMENTS = frozenset(("svg", "math"))
"""Elements inside which raw-text elements are ordinary ones."""

MIXING_ELEMENTS = FOREIGN_ELEMENTS | {"select", "frameset"}
"""The same, and those that ignore some of them: what is text there depends on what is open."""

LINK_RESOURCES: dict[str, Resource] = {
    "stylesheet": Resource.STYLESHEET,
    "import": Resource.FRAME,
    "icon": Resource.IMAGE,
    "apple-touch-icon": Resource.IMAGE,
    "apple-touch-icon-precomposed": Resource.IMAGE,
    "mask-icon": Resource.IMAGE,
    "prefetch": Resource.PREFETCH,
    "prerender": Resource.PREFETCH,
    "preload": Resource.PREFETCH,
    "modulepreload": Resource.PREFETCH,
    "preconnect": Resource.PREFETCH,
    "dns-prefetch": Resource.PREFETCH,
    "compression-dictionary": Resource.PREFETCH,
}
"""What a `<link>` loads, by a word of its `rel`."""

SHEET_KINDS: dict[str, tuple[str, Resource]] = {
    "import": ("css_import", Resource.STYLESHEET),
    "font": ("css_font", Resource.FONT),
}
"""How a report names a URL of a style element and what it loads, by the kind of `CssUrl`; else an image."""
