"""What `vendors check` and `vendors add` ask of one vendor file."""

from dataclasses import dataclass
from pathlib import Path

from bothways.vendors.catalogue import SHIPPED, Catalogue, shipped_catalogue, shipped_ids
from bothways.vendors.checking import Fault, find_faults
from bothways.vendors.model import Vendor
from bothways.vendors.own import parse_own, read_octets
from bothways.vendors.proving import Overlap, find_overlaps, prove
from bothways.vendors.reading import CatalogueError


@dataclass(frozen=True, slots=True)
class Checked:
    """One file: its octets as they were checked, its vendor where it could be read, and what was found."""

    path: Path
    octets: bytes = b""
    vendor: Vendor | None = None
    faults: tuple[Fault, ...] = ()
    overlaps: tuple[Overlap, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the file can be used as it is."""
        return not self.faults


def check_rule(path: Path) -> Checked:
    """Check a vendor file by its schema, its samples and the shipped catalogue; OSError if unreadable."""
    try:
        octets = read_octets(path)
        vendor = parse_own(path.name, octets)
    except CatalogueError as error:
        return Checked(path, faults=(Fault(error.key, error.problem),))
    faults = find_faults(vendor)
    if vendor.id in shipped_ids() and not _is_shipped(path):
        faults.append(Fault("id", f"{vendor.id} is the id of a shipped vendor: choose another"))
    # Samples are tried only with shapes that can be.
    faults = faults or prove(vendor)
    if faults:
        return Checked(path, octets, vendor, tuple(faults))
    shipped = shipped_catalogue().vendors.values()
    others = Catalogue(other for other in shipped if other.id != vendor.id)
    return Checked(path, octets, vendor, overlaps=tuple(find_overlaps(vendor, others)))


def _is_shipped(path: Path) -> bool:
    return path.resolve().parent == SHIPPED
