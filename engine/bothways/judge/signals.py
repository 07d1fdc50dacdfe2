"""One function a signal: what it saw, as a reason, or None."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bothways.judge.findings import Reason
from bothways.judge.tokens import find_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from bothways.judge.appearance import Appearance
    from bothways.urls.address import Address

_TRACKING_WORDS = frozenset(
    [
        "beacon",
        "open",
        "opened",
        "opens",
        "pixel",
        "track",
        "tracker",
        "trackers",
        "tracking",
        "trk",
        "trkopen",
        "emailopen",
        "mailopen",
        "imp",
        "impression",
    ]
)
_WORDS = re.compile(r"[A-Za-z]{2,}+")
_PICTURE = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".ico")


@dataclass(frozen=True, slots=True)
class View:
    """What the signals look at: one load, where it goes and what a reader would see of it."""

    address: "Address"
    appearance: "Appearance"
    position: float
    """Where in the text it stands, 0 at the beginning and 1 at the end."""


def see_tiny(view: View) -> Reason | None:
    """A declared size at which nothing can be seen."""
    if not view.appearance.tiny:
        return None
    sides = (view.appearance.width, view.appearance.height)
    return Reason("tiny", "x".join("?" if side is None else f"{side:g}" for side in sides))


def see_hidden(view: View) -> Reason | None:
    """A style that keeps the element out of sight."""
    return Reason("hidden", view.appearance.hidden_by) if view.appearance.hidden_by else None


def see_token(view: View) -> Reason | None:
    """A piece of the URL that looks made for one reader or one send."""
    token = find_token(view.address)
    return Reason("token", token[:80]) if token else None


def see_tracking_word(view: View) -> Reason | None:
    """A word such as `open` or `beacon` standing alone in the path."""
    for word in _WORDS.findall(view.address.path[:300]):
        if word.lower() in _TRACKING_WORDS:
            return Reason("tracking_word", word)
    return None


def see_edge_of_body(view: View) -> Reason | None:
    """The very beginning or end of the text, where tools insert their beacons."""
    if 0.03 < view.position < 0.97:
        return None
    return Reason("edge_of_body", "start" if view.position < 0.5 else "end")


def see_plain_file(view: View) -> Reason | None:
    """A picture's file name and no query: as a layout's spacers and icons have (speaks against a finding)."""
    if view.address.query or not view.address.path.lower().endswith(_PICTURE):
        return None
    return Reason("plain_file", view.address.path.rpartition("/")[2][:80])


WEIGHTS: "dict[Callable[[View], Reason | None], float]" = {
    see_tiny: 2.0,
    see_hidden: 2.0,
    see_token: 2.0,
    see_tracking_word: 1.5,
    see_edge_of_body: 0.5,
    see_plain_file: -2.5,
}
"""How much each signal speaks for a finding, chosen by hand: out of sight and made for one reader together
suffice (see `LIKELY` in judge.py), neither alone does, and a plain file name outweighs either."""
