"""What a URL says of the program that answers it: that it counts openings of mail."""

import re
from typing import TYPE_CHECKING

from bothways.judge.findings import Reason
from bothways.judge.phrases import cut_if_named, is_phrase

if TYPE_CHECKING:
    from bothways.judge.view import View

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_COUNTED = frozenset(["beacon", "emailopen", "emailopened", "emailtracker", "emailtracking", "mailopen"])
_COUNTED |= {"mailopened", "mailtracker", "mailtracking", "openpixel", "openrate", "opentrack", "pixel"}
_COUNTED |= {"readreceipt", "trackopen", "webbug"}
"""Words that say so in whatever company."""
_OPENS = frozenset(["open", "opened", "opening", "openings", "opens"])
_ENDINGS = frozenset(["action", "ashx", "asp", "aspx", "do", "jsp", "php"])
_READS = frozenset(["read", "track", "tracker", "tracking"])
_OF_MAIL = frozenset(["campaign", "edm", "email", "emails", "log", "mail", "mailer", "mailing", "mails"])
_OF_MAIL |= {"mark", "message", "mkt", "msg", "newsletter", "receipt", "track", "tracker", "tracking"}
"""What stands beside them in the name of such a program: tournaments are open, too, and parcels tracked."""
_VALUES = frozenset(["emailopen", "emailopened", "mailopen", "mailopened", "open", "opened", "opens"])
_STATES = frozenset(["filter", "is", "issues", "state", "status", "tab", "view"])
"""Parameters that say how something stands: tickets and doors are open, too."""
_BEFORE = _OF_MAIL | {"event", "first", "pixel", "tracked", "unique"}
"""What stands before the deed, where it is no tournament."""
_STEMS = ("beacon", "open", "pixel", "read", "track", "webbug")
"""Each of these names holds one: most URLs hold none."""
_TO_DOT = str.maketrans("-_:", "...")
_LONG = 300


def see_opening_query(view: "View") -> Reason | None:
    """A parameter that says that this is an opening (`event=open`, `type=app.mailopen`)."""
    query = view.address.query[:_LONG].lower()
    if "open" not in query:
        return None
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        before, _, deed = value.translate(_TO_DOT).rpartition(".")
        if deed not in _VALUES or name in _STATES:
            continue
        if not before or "mail" in deed or before.rpartition(".")[2] in _BEFORE:
            return Reason("opening_query", pair[:80])
    return None


def see_opening_endpoint(view: "View") -> Reason | None:
    """No file and no size, nothing that speaks of pictures, and a piece of the path named after openings.

    Pictures without a size are files with a name, or their host or path speaks of pictures.
    """
    pieces = cut_if_named(view.address.path[:_LONG], _STEMS)
    if not pieces or not (view.unsized and view.nameless) or view.alternative.strip():
        return None
    for piece in pieces:
        if not is_phrase(piece) and _counts(frozenset([word.lower() for word in _WORDS.findall(piece)])):
            return Reason("opening_endpoint", piece[:80])
    return None


def _counts(words: frozenset[str]) -> bool:
    if not words.isdisjoint(_COUNTED):
        return True
    opens = words & _OPENS
    if opens and words <= opens | _ENDINGS:
        return True
    deeds = opens or words & _READS
    return bool(deeds) and not (words - deeds).isdisjoint(_OF_MAIL)
