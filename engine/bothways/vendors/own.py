"""A user's own vendor files: the shipped ones' schema, in a folder of the user's.

Only what is good is used. A file that is not is left out and named, and no mail waits for it.
"""

import tomllib
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from bothways.vendors.checking import find_faults
from bothways.vendors.model import Vendor
from bothways.vendors.reading import CatalogueError, read_table

LARGEST_FILE = 16 * 1024
"""Octets of one file. The TOML parser takes quadratic time; the largest shipped file has 2.5 KB."""
MOST_FILES = 200


@dataclass(frozen=True, slots=True, eq=False)
class OwnRules:
    """The vendors of a user's folder, in the order of their names, and why files of it were left out."""

    vendors: tuple[Vendor, ...] = ()
    left_out: tuple[CatalogueError, ...] = ()


NO_OWN_RULES = OwnRules()


def read_own_rules(folder: Path, taken: Container[str]) -> OwnRules:
    """Read all `*.toml` of a folder; never raises. `taken` are the ids that the shipped catalogue has."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except FileNotFoundError:
        return NO_OWN_RULES
    except OSError as error:
        return OwnRules(left_out=(CatalogueError(folder.name, "folder", error.strerror or str(error)),))
    vendors, left_out = [], []
    for path in paths[:MOST_FILES]:
        try:
            vendors.append(read_own(path, taken))
        except OSError as error:
            left_out.append(CatalogueError(path.name, "file", error.strerror or str(error)))
        except CatalogueError as error:
            left_out.append(error)
    if len(paths) > MOST_FILES:
        left_out.append(CatalogueError(folder.name, "folder", f"all but its first {MOST_FILES} files"))
    return OwnRules(tuple(vendors), tuple(left_out)) if vendors or left_out else NO_OWN_RULES


def read_own(path: Path, taken: Container[str]) -> Vendor:
    """Read one file; CatalogueError where it does not follow the schema or cannot be used, OSError."""
    vendor = parse_own(path.name, read_octets(path))
    if vendor.id in taken:
        raise CatalogueError(path.name, "id", f"{vendor.id} is the name of a shipped vendor: choose another")
    for fault in find_faults(vendor):
        raise CatalogueError(path.name, *fault)
    return vendor


def read_octets(path: Path) -> bytes:
    """Read a regular file up to its bound; CatalogueError where it is another thing or larger, OSError."""
    if not path.is_file():
        path.stat()  # says why, where there is nothing at all
        raise CatalogueError(path.name, "file", "is no regular file")
    with path.open("rb") as stream:
        octets = stream.read(LARGEST_FILE + 1)
    if len(octets) > LARGEST_FILE:
        raise CatalogueError(path.name, "file", f"is larger than {LARGEST_FILE // 1024} KiB")
    return octets


def parse_own(name: str, octets: bytes) -> Vendor:
    """Make a vendor of a file's octets; CatalogueError where they do not follow the schema."""
    try:
        # All errors of the parser are ValueErrors, a number too long for Python among them.
        values = tomllib.loads(octets.decode())
    except RecursionError:
        raise CatalogueError(name, "file", "is nested too deeply") from None
    except ValueError as error:
        raise CatalogueError(name, "file", str(error)) from None
    vendor = read_table(name, values)
    if f"{vendor.id}.toml" != name:
        raise CatalogueError(name, "id", f"must be the file's name: call the file {vendor.id}.toml")
    return vendor
