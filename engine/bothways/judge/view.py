"""What the signals look at: one load, where it goes, what a reader would see of it, what is around it."""

from typing import TYPE_CHECKING, NamedTuple

from bothways.markup.slots import Resource

if TYPE_CHECKING:
    from bothways.judge.appearance import Appearance
    from bothways.urls.address import Address
    from bothways.urls.recipients import Hit

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".ico", ".avif", ".apng", ".tif")
_FILES = (*_PICTURES, ".css", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".js", ".mp4", ".webm", ".mp3")
_DIGITS = "0123456789"
_PICTURE_HOSTS = frozenset(
    [
        "assets",
        "avatars",
        "cdn",
        "cloudfront",
        "cloudinary",
        "fbcdn",
        "files",
        "ggpht",
        "googleusercontent",
        "gravatar",
        "gstatic",
        "image",
        "images",
        "img",
        "imgix",
        "licdn",
        "media",
        "photo",
        "photos",
        "pics",
        "pictures",
        "static",
        "twimg",
        "unsplash",
    ]
)
"""Parts of names of hosts that serve pictures, many of them without a file's name."""
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
        """True for a URL that names no file, at a host that is not one of pictures by its name."""
        if self.is_file or self.address.path in {"", "/"}:
            return False
        return _PICTURE_HOSTS.isdisjoint(part.rstrip(_DIGITS) for part in self.address.host.split("."))

    @property
    def blank(self) -> bool:
        """True for a file of no declared size whose name says that it shows nothing."""
        if not (self.is_file and self.unsized):
            return False
        name = self.address.path.rpartition("/")[2].partition(".")[0].lower()
        return name in _BLANK_NAMES or name.rstrip(_DIGITS).rstrip("_-") in _BLANK_NAMES


def is_file(path: str) -> bool:
    """Say whether a path ends as a file of a page does."""
    return path[-6:].lower().endswith(_FILES)
