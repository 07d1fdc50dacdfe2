"""What the catalogue knows of a vendor; of an id that it no longer has, what the ledger knows."""

from typing import Any

from bothways.ledger.queries import VendorCount
from bothways.vendors.catalogue import default_catalogue


def describe_vendor(counted: VendorCount) -> dict[str, Any]:
    """Give a vendor's entry in a message."""
    known = default_catalogue().vendors.get(counted.id)
    if known is None:
        told: dict[str, Any] = {
            "name": counted.name,
            "company": counted.company,
            "category": "",
            "learns": [],
            "tracks_by_default": None,
        }
    else:
        told = {
            "name": known.name,
            "company": known.company,
            "category": known.category,
            "learns": list(known.learns),
            "tracks_by_default": known.tracks_by_default,
        }
    return {"id": counted.id, **told, "count": counted.count}


def name_vendor(identifier: str | None) -> tuple[str | None, str | None]:
    """Give a vendor's name and company, (id, None) where the catalogue does not know it."""
    known = default_catalogue().vendors.get(identifier) if identifier else None
    return (identifier, None) if known is None else (known.name, known.company)
