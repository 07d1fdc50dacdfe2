"""Words of openings in names of other things: an open house, a race track, Beacon Hill, pixel art."""

import re
from collections.abc import Sequence

_HYPHENED = re.compile(r"[a-z]{2,}(?:-(?:[a-z]+|[0-9]{1,4}))+|[0-9]{1,4}(?:-[a-z]{2,})+")
_OF_THE_TRADE = frozenset(
    [
        "api",
        "app",
        "beacon",
        "beacons",
        "campaign",
        "click",
        "count",
        "counter",
        "edm",
        "email",
        "emails",
        "event",
        "events",
        "gif",
        "id",
        "image",
        "img",
        "imp",
        "impression",
        "log",
        "mail",
        "mailer",
        "mailing",
        "mailopen",
        "mails",
        "mark",
        "message",
        "mkt",
        "msg",
        "newsletter",
        "open",
        "opened",
        "opener",
        "opening",
        "openings",
        "opens",
        "php",
        "pixel",
        "pixels",
        "png",
        "rate",
        "read",
        "receipt",
        "stats",
        "track",
        "tracker",
        "trackers",
        "tracking",
        "trk",
        "user",
        "view",
        "web",
        "webbug",
    ]
)
"""What the names of programs that count openings are made of."""
_OF_NOTHING_ELSE = frozenset(["mailopen", "opens", "tracker", "trackers", "trk", "webbug"])
_SHORT = 2
"""In letters: programs have a prefix of as many."""


def is_phrase(piece: str) -> bool:
    """Say whether a piece of a path is hyphened words, one of which has nothing to do with mail."""
    if "-" not in piece or not _HYPHENED.fullmatch(piece):
        return False
    words = piece.split("-")
    if not _OF_NOTHING_ELSE.isdisjoint(words):
        return False
    return any(word.isalpha() and len(word) > _SHORT and word not in _OF_THE_TRADE for word in words)


def cut_if_named(path: str, stems: Sequence[str]) -> list[str]:
    """Cut a path into its pieces; there are none where it holds no stem of the words looked for, as most."""
    lower = path.lower()
    for stem in stems:
        if stem in lower:
            return path.split("/")
    return []
