"""What the rules made of a link, as the ledger keeps it beside the finding.

What a click would have told is worked out of it by `urls.telling` when somebody asks, not before.
"""

from typing import Any

from sqlalchemy import RowMapping

from bothways.ledger.rows import MAX_URL, storable
from bothways.urls.links import CleanedLink, Removed
from bothways.urls.parameters import Tells
from bothways.urls.wrappers import Layer, LinkAction

MAX_PARAMETERS = 100


def write_link(url: str, link: CleanedLink) -> dict[str, Any]:
    """Give a link in the ledger's form; `url` is the finding's, which is not kept once more."""
    return {
        "action": link.action,
        "why": link.why,
        "url": _write_url(url, link.url),
        "layers": [[layer.vendor, _write_url(url, layer.url), layer.identifies] for layer in link.layers],
        "taken": [
            [storable(removed.name), storable(removed.text), *removed[2:]]
            for removed in link.taken[:MAX_PARAMETERS]
        ],
    }


def read_link(row: RowMapping) -> CleanedLink | None:
    """Read the link of a finding's row back, None where there is none."""
    kept, url = row["link"], row["url"]
    if kept is None:
        return None
    return CleanedLink(
        url=_read_url(url, kept["url"]),
        action=LinkAction(kept["action"]),
        vendor=row["vendor"],
        layers=tuple(
            Layer(whose, _read_url(url, layer), identifies) for whose, layer, identifies in kept["layers"]
        ),
        taken=tuple(Removed(name, text, Tells(tells), *whose) for name, text, tells, *whose in kept["taken"]),
        company=row["company"],
        why=kept["why"],
        carrier=row["carrier"],
    )


def _write_url(own: str, url: str) -> str | None:
    return None if url == own else storable(url, MAX_URL)


def _read_url(own: str, kept: str | None) -> str:
    return own if kept is None else kept
