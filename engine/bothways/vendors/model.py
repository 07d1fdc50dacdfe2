"""What the catalogue says of a vendor: its name, what it tells its customer, and the shapes of its URLs."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """What a vendor is to the one who receives its mail."""

    SALES = "sales"
    """A tool with which one person writes to one person."""
    MARKETING = "marketing"
    TRANSACTIONAL = "transactional"
    SELF_HOSTED = "self_hosted"
    """Software on the sender's own host."""
    PLATFORM = "platform"
    """A site that mails its own members."""
    PIXEL = "pixel"
    """Opens and pictures only; the mail goes out through others."""
    IMAGE_PROXY = "image_proxy"
    REDIRECT = "redirect"
    """A search engine's or a webmail's exit."""
    GATEWAY = "gateway"
    """The receiver's own link protection."""
    AFFILIATE = "affiliate"


class Learns(StrEnum):
    """What a vendor hands its customer."""

    OPEN = "open"
    TIME = "time"
    PLACE = "place"
    DEVICE = "device"
    CLICKS = "clicks"
    DWELL = "dwell"
    """How long the mail was open."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One form that a vendor's URLs take. All parts must hold.

    `hosts` are domains that count with their subdomains, `anywhere` adds every other host. `host` narrows
    that by a pattern over the whole host, `path` by one over the whole path, `query` by one over each named
    parameter's decoded value, `whole_query` by one over the query as it stands. `steps` lead from the URL to
    its target; a click shape without any is opaque.
    `content`: people see such a picture too, so the shape alone makes it no open pixel.
    """

    hosts: tuple[str, ...]
    anywhere: bool
    host: str
    path: str
    query: tuple[tuple[str, str], ...]
    whole_query: str = ""
    steps: tuple[str, ...] = ()
    identifies: str = ""
    content: bool = False


@dataclass(frozen=True, slots=True)
class ClickSample:
    """A click URL and what it leads to; None where only the vendor's server knows."""

    url: str
    target: str | None


@dataclass(frozen=True, slots=True)
class Samples:
    """URLs that prove a vendor's shapes: those that match, and lookalikes that must not."""

    opens: tuple[str, ...]
    clicks: tuple[ClickSample, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vendor:
    """One mail tool. `tracks_by_default` is None where that is not known; `source` says how we know."""

    id: str
    name: str
    company: str
    category: Category
    tracks_by_default: bool | None
    learns: tuple[Learns, ...]
    source: str
    opens: tuple[Shape, ...]
    clicks: tuple[Shape, ...]
    samples: Samples
