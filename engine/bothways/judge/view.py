"""What the signals look at: one load, where it goes, what a reader would see of it, what is around it."""

import re
from typing import TYPE_CHECKING, NamedTuple

from bothways.markup.slots import Resource

if TYPE_CHECKING:
    from bothways.judge.appearance import Appearance
    from bothways.judge.company import Company
    from bothways.urls.address import Address
    from bothways.urls.recipients import Hit

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".ico", ".avif", ".apng", ".tif")
_FILES = (*_PICTURES, ".css", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".js", ".mp4", ".webm", ".mp3")
_DIGITS = "0123456789"
_LONG_PATH = 300
_TO_SLASH = str.maketrans("-_", "//")
_PICTURE_HOST = re.compile(
    r"asset|asyncgw|attach|avatar|blob|cdn|cloudfront|cloudinary|content|file|ggpht|im(?:age|g)|licdn|media|muscache"
    r"|photo|pic(?:s|tures?)\b|s3\b|scene7|slack-edge|st(?:atic|orage)|twimg|unsplash|upload|(?:docs|drive|mail|maps)\.google"
    r"|googleapis|gravatar|outlook\.(?:live|office)|yimg"
)
"""Of hosts that serve pictures, or what people keep there, many without a file's name."""
_PICTURED = frozenset(
    [
        "artwork",
        "asset",
        "assets",
        "attachment",
        "attachments",
        "avatar",
        "avatars",
        "badge",
        "badges",
        "banner",
        "banners",
        "barcode",
        "blob",
        "blobs",
        "chart",
        "charts",
        "countdown",
        "cover",
        "document",
        "documents",
        "download",
        "downloads",
        "file",
        "files",
        "gallery",
        "getmedia",
        "graph",
        "icon",
        "icons",
        "image",
        "images",
        "imgs",
        "logo",
        "logos",
        "map",
        "maps",
        "media",
        "photo",
        "photos",
        "pic",
        "pics",
        "picture",
        "pictures",
        "preview",
        "qr",
        "qrcode",
        "rating",
        "render",
        "resize",
        "rtaimage",
        "signature",
        "signatures",
        "stars",
        "static",
        "storage",
        "thumb",
        "thumbnail",
        "thumbnails",
        "timer",
        "upload",
        "uploads",
        "useravatar",
        "wp-content",
    ]
)
"""Words of a path where there are pictures, though none be named; a program that counts may be `img`."""
_BLANK_NAMES = frozenset(
    [
        "1px",
        "1x1",
        "blank",
        "clear",
        "dot",
        "empty",
        "invisible",
        "pixel",
        "shim",
        "spacer",
        "trans",
        "transparent",
    ]
)
"""Of files that show nothing, whatever their size."""
_LETTERS = re.compile(r"[a-z]+")
_FILLING = frozenset(
    [
        "black",
        "blind",
        "border",
        "bottom",
        "corner",
        "divider",
        "espaciador",
        "filler",
        "gray",
        "grey",
        "leer",
        "line",
        "placeholder",
        "platzhalter",
        "rule",
        "separator",
        "shadow",
        "slice",
        "space",
        "top",
        "vide",
        "white",
    ]
)
"""Words in the names of what layouts lay out with, and show a speck of at times."""


class View(NamedTuple):
    """What the signals look at: one load, where it goes, what a reader would see of it, what is
    around it."""

    address: "Address"
    appearance: "Appearance"
    position: float
    """Where in the text it stands, 0 at the beginning and 1 at the end."""
    resource: Resource = Resource.IMAGE
    alternative: str = ""
    """The text for those who do not see the picture."""
    inside: str = ""
    """The declaration of an element around it that hides it, "" where none does."""
    click_hosts: frozenset[str] = frozenset()
    """The hosts of this mail's click wrappers."""
    hit: "Hit | None" = None
    """Where the URL carries the reader's address."""
    is_file: bool = False
    """True for a path that ends as a file of a page does."""
    background: bool = False
    """True for what is laid behind a text: by an attribute, or by a style."""
    loose: str = ""
    """Where it stands in no element but the body: "first" or "last" in it, "" where elsewhere."""
    url: str = ""
    """As it stands in the text."""
    company: "Company | None" = None
    """What else the text loads."""

    @property
    def unseen(self) -> bool:
        """True where its own tag or one around it keeps it out of sight, or its name says it is blank."""
        return bool(self.inside) or not self.appearance.visible or self.blank

    @property
    def unsized(self) -> bool:
        """True where neither side is declared."""
        return self.appearance.width is None and self.appearance.height is None

    @property
    def nameless(self) -> bool:
        """True for a URL that names no file, and nothing by which its host or its path is one of pictures."""
        return not (self.is_file or self.address.path in {"", "/"} or self.pictured)

    @property
    def pictured(self) -> bool:
        """True for a host or a path that speaks of pictures."""
        if _PICTURE_HOST.search(self.address.host):
            return True
        words = self.address.path[:_LONG_PATH].lower().translate(_TO_SLASH)
        return "/img/" in words or not _PICTURED.isdisjoint(words.split("/"))

    @property
    def blank(self) -> bool:
        """True for a file of no declared size whose name says that it shows nothing."""
        if not (self.is_file and self.unsized):
            return False
        return is_blank(self._name)

    @property
    def speck(self) -> bool:
        """True for a size at which nothing can be seen, and that is no room kept for other screens."""
        look = self.appearance
        return look.tiny and not (look.hidden_by and 0 in {look.width, look.height})

    @property
    def spacing(self) -> bool:
        """True for a file whose name says that it keeps room, or is a part of a frame."""
        name = self._name
        if not self.is_file:
            return False
        return any(word in name for word in _BLANK_NAMES) or not _FILLING.isdisjoint(_LETTERS.findall(name))

    @property
    def laconic(self) -> bool:
        """True for a file whose name hardly says anything, as those of many spacers."""
        return self.is_file and len(self._name) < 3

    @property
    def alone(self) -> bool:
        """True for what is loaded once, from a host that shows nothing in the text."""
        return self.company is not None and self.company.lacks(self.url)

    @property
    def _name(self) -> str:
        return name_file(self.address.path)


def name_file(path: str) -> str:
    """Give the name of the file at the end of a path, without its ending and in small letters."""
    return path.rpartition("/")[2].partition(".")[0].lower()


def is_blank(name: str) -> bool:
    """Say whether a file of this name, without its ending and in small letters, shows nothing."""
    return name in _BLANK_NAMES or name.rstrip(_DIGITS).rstrip("_-") in _BLANK_NAMES


def is_file(path: str) -> bool:
    """Say whether a path ends as a file of a page does."""
    return path[-6:].lower().endswith(_FILES)
