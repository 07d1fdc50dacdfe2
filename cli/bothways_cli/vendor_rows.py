"""A vendor as an object for programs and as a line for people."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bothways.vendors.catalogue import default_catalogue, own_rules
from bothways.vendors.model import Vendor
from bothways.vendors.reading import CatalogueError

from bothways_cli.words import printable

_HEADING = ["id", "name", "company", "category", "opens", "clicks", "decodable", "rule"]
_KEYS = (*_HEADING[:-1], "own", "left_out")


def list_rows() -> Iterator[dict[str, Any]]:
    """Give an object for each vendor of this process, and one for each own file that is left out."""
    own = {vendor.id for vendor in own_rules().vendors}
    catalogue = default_catalogue()
    for name in sorted(catalogue.vendors):
        yield _row(catalogue.vendors[name], own=name in own)
    for error in own_rules().left_out:
        yield _row_left_out(error)


def _row(vendor: Vendor, *, own: bool) -> dict[str, Any]:
    undone = [bool(shape.steps) for shape in vendor.clicks]
    return {
        "id": vendor.id,
        "name": vendor.name,
        "company": vendor.company,
        "category": vendor.category.value,
        "opens": len(vendor.opens),
        "clicks": len(vendor.clicks),
        "decodable": ("yes" if all(undone) else "partly" if any(undone) else "no") if undone else None,
        "own": own,
        "left_out": None,
    }


def _row_left_out(error: CatalogueError) -> dict[str, Any]:
    told = {"id": Path(error.file).stem, "own": True, "left_out": str(error)}
    return dict.fromkeys(_KEYS) | told


def holds(row: dict[str, Any], word: str) -> bool:
    """Tell whether a vendor's words hold one, given in lower case."""
    return any(word in str(row[key] or "").lower() for key in ("id", "name", "company", "category"))


def write_table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Write rows as columns that line up; a vendor without click shapes has nothing to decode."""
    if not rows:
        return []
    words = [_HEADING]
    for row in rows:
        decodable, own = row["decodable"] or "-", "own" if row["own"] else "shipped"
        words.append([*(printable(str(row[key])) for key in _HEADING[:-2]), decodable, own])
    widths = [max(map(len, column)) for column in zip(*words, strict=True)]
    padded = (zip(line, widths, strict=True) for line in words)
    return ["  ".join(cell.ljust(width) for cell, width in line).rstrip() for line in padded]
