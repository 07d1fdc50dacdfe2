"""The vendor catalogue: which tool's open pixel or click wrapper is this URL?

A match names the vendor by its most specific shape: a named host before any host, the longer host, more
demanded parameters, more literal path. The host that carried the URL is told apart from the vendor. What
no shape fits stays unknown: a wrong name is worse than none.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from bothways.urls.address import Address, decode_value, parse, read_parameters
from bothways.urls.codings import DecodeError
from bothways.urls.decoders import Source, decode
from bothways.vendors.index import ShapeIndex
from bothways.vendors.model import Shape, Vendor
from bothways.vendors.own import NO_OWN_RULES, OwnRules, read_own_rules
from bothways.vendors.patterns import SOMETHING, pattern
from bothways.vendors.reading import CatalogueError, read_vendor

NO_PARAMETERS: Mapping[str, str] = MappingProxyType({})
# A rule for all of a tracking host: where a click shape says more of the URL, it is a click.
_WHOLE_HOST = frozenset({"/.*", "/.+"})

SHIPPED = Path(__file__).resolve().parent
"""Where the shipped vendor files lie."""

RULES_DATE = date(2026, 11, 22)
"""When the shipped vendor files were last worked on."""


class Match(NamedTuple):
    """A URL that has a vendor's shape.

    `host` is where a request for `address` goes, the carrier's name for the reader. `proxy` is the image
    proxy whose URL held this one (saved or forwarded webmail), `content` says that people see such a
    picture: then the vendor is known, but the shape alone does not make it an open pixel. `groups` are what
    the path pattern took out for the shape's steps.
    """

    vendor: Vendor
    shape: Shape
    address: Address
    content: bool = False
    proxy: Vendor | None = None
    groups: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The host that the URL names."""
        return self.address.host

    @property
    def source(self) -> Source:
        """What the shape's steps start from."""
        return Source(self.address, self.groups)


class Catalogue:
    """All vendors, indexed. Building one reads no file and compiles no pattern."""

    def __init__(self, vendors: Iterable[Vendor], rules_date: date = RULES_DATE) -> None:
        by_id: dict[str, Vendor] = {}
        for vendor in vendors:
            if vendor.id in by_id:
                raise CatalogueError(f"{vendor.id}.toml", "id", "is taken by another vendor")
            by_id[vendor.id] = vendor
        self.vendors: Mapping[str, Vendor] = MappingProxyType(by_id)
        self.rules_date = rules_date
        self._opens = ShapeIndex((vendor, shape) for vendor in by_id.values() for shape in vendor.opens)
        self._clicks = ShapeIndex((vendor, shape) for vendor in by_id.values() for shape in vendor.clicks)

    def match_open(self, address: Address) -> Match | None:
        """Name the vendor whose open pixel this URL is; an image proxy's URL is judged by what it holds."""
        match = _first(self._opens, address)
        if match is None or (match.shape.path in _WHOLE_HOST and self.match_click(address)):
            return None
        if not match.shape.steps:
            return match
        try:
            held = parse(decode(match.shape.steps, match.source))
        except DecodeError:
            return match
        inner = _first(self._opens, held) if held else None
        if inner is None or inner.shape.steps:
            return match
        return Match(inner.vendor, inner.shape, inner.address, inner.content, match.vendor)

    def match_click(self, address: Address) -> Match | None:
        """Name the vendor whose click wrapper this URL is."""
        return _first(self._clicks, address)


def load(folder: Path) -> list[Vendor]:
    """Read all vendor files of a folder, in the order of their names; CatalogueError for a bad one."""
    return [read_vendor(path) for path in sorted(folder.glob("*.toml"))]


def default_catalogue() -> Catalogue:
    """The catalogue of this process: the shipped vendors and the own rules in use, read at the first call."""
    return _catalogue_with(_own_rules[0])


def use_own_rules(folder: Path) -> OwnRules:
    """Let this process use the vendor files of a folder beside the shipped ones, from its next mail on.

    Specificity decides between two rules; where it is equal, the own one wins. Files that cannot be used are
    left out; the result says why. No folder is no own rule. Safe from any thread.
    """
    own = read_own_rules(folder, shipped_ids())
    _own_rules[0] = own
    return own


def own_rules() -> OwnRules:
    """The own rules in use."""
    return _own_rules[0]


def shipped_catalogue() -> Catalogue:
    """The shipped vendors alone, whatever own rules are in use."""
    return _catalogue_with(NO_OWN_RULES)


def shipped_ids() -> frozenset[str]:
    """The ids of the shipped vendors, without reading their files."""
    return frozenset(path.stem for path in SHIPPED.glob("*.toml"))


_own_rules = [NO_OWN_RULES]


# One catalogue for each set of own rules: a thread that still builds the one before cannot put it back.
@lru_cache(maxsize=2)
def _catalogue_with(own: OwnRules) -> Catalogue:
    return Catalogue([*own.vendors, *load(SHIPPED)])


def _first(index: ShapeIndex, address: Address) -> Match | None:
    parameters = read_parameters(address.query) if address.query else NO_PARAMETERS
    for candidate in index.find(address, parameters):
        shape = candidate.shape
        found = _fit(shape, address, parameters)
        if found:
            groups: tuple[str, ...] = ()
            if shape.steps and shape.steps[0].startswith("path"):
                groups = tuple([_as_text(group) for group in found.groups()])
            return Match(candidate.vendor, shape, address, shape.content, None, groups)
    return None


def _as_text(group: str | bytes | None) -> str:
    return group.decode() if isinstance(group, bytes) else group or ""


def _fit(shape: Shape, address: Address, parameters: Mapping[str, str]) -> Any:
    """Give what the path pattern found where all of a shape holds, something false where not."""
    for name, _ in shape.query:  # what costs least comes first
        if name not in parameters:
            return None
    if shape.host and not pattern(shape.host).fullmatch(address.host):
        return None
    found = pattern(shape.path).fullmatch(address.path)
    if not found:
        return None
    if shape.whole_query and not pattern(shape.whole_query).fullmatch(address.query):
        return None
    for name, wanted in shape.query:
        value = parameters[name]
        if wanted != SOMETHING and ("%" in value or "+" in value):
            value = decode_value(value)
        if not pattern(wanted).fullmatch(value):
            return None
    return found
