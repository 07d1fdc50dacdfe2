"""One function a signal: what it saw, as a reason, or None; `weighing` says how much each speaks for."""

import re
from typing import TYPE_CHECKING

from bothways.judge.findings import Reason
from bothways.judge.phrases import cut_if_named, is_phrase
from bothways.judge.tokens import count_numbers, find_token, has_ids, is_signed, speaks_of_file
from bothways.judge.view import is_file
from bothways.markup.slots import Resource

if TYPE_CHECKING:
    from bothways.judge.view import View
    from bothways.urls.recipients import Hit

_TRACKING_WORDS = frozenset(
    [
        "beacon",
        "beacons",
        "emailopen",
        "emailtracker",
        "emailtracking",
        "imp",
        "impression",
        "mailopen",
        "mailopened",
        "mailtracker",
        "mailtracking",
        "open",
        "opened",
        "opens",
        "openrate",
        "pixel",
        "pixels",
        "readreceipt",
        "track",
        "tracker",
        "trackers",
        "tracking",
        "trk",
        "trkopen",
        "webbug",
    ]
)
_STEMS = ("beacon", "imp", "open", "pixel", "readreceipt", "track", "trk", "webbug")
"""Each of these words holds one: most paths hold none, and need no look at their words."""
HOST_WORDS = _TRACKING_WORDS | {"click", "clicks", "links", "trck", "metrics", "stats", "px"}
PIXEL_NAMES = frozenset(["beacon", "o", "open", "opened", "tp", "track"])
"""Not `pixel`, `blank` or `1x1`: layouts name their spacers so."""
_OPENING_FOLDERS = frozenset(["beacon", "beacons", "emailopen", "mailopen", "open", "opened", "opens"])
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_SHEETS = frozenset([Resource.STYLESHEET, Resource.FONT])
_ODD = _SHEETS | {Resource.MEDIA, Resource.FRAME, Resource.SCRIPT, Resource.OBJECT, Resource.PING}
_ODD |= {Resource.PREFETCH}
_PUBLIC_FONTS = ("fonts.googleapis.com", "fonts.gstatic.com")
"""They are asked for by codes: a choice of letters, the same for all."""
_PHOTOS = (".jpg", ".jpeg", ".webp", ".svg")
_LONG_PATH = 300
_BIG = 16
"""In pixels: both sides of anything that shows something."""


def see_tiny(view: "View") -> Reason | None:
    """A declared size at which nothing can be seen; no room at all says no more than that it is hidden."""
    if not view.speck:
        return None
    sides = (view.appearance.width, view.appearance.height)
    return Reason("tiny", "x".join("?" if side is None else f"{side:g}" for side in sides))


def see_blank(view: "View") -> Reason | None:
    """A file that shows nothing by its name, where no size is declared."""
    return Reason("pixel_name", view.address.path.rpartition("/")[2]) if view.blank else None


def see_hidden(view: "View") -> Reason | None:
    """A style that keeps the element out of sight."""
    return Reason("hidden", view.appearance.hidden_by) if view.appearance.hidden_by else None


def see_hidden_inside(view: "View") -> Reason | None:
    """A style around it that keeps all of its content out of sight."""
    return Reason("hidden_inside", view.inside) if view.inside and not view.appearance.hidden_by else None


def see_token(view: "View") -> Reason | None:
    """A piece of the URL that looks made for one reader or one send."""
    token = find_token(view.address)
    return Reason("token", token[:80]) if token else None


def see_numbers(view: "View") -> Reason | None:
    """Several numbers standing by themselves, as a data base's ids do, in what is no file with a name."""
    count = count_numbers(view.address)
    return Reason("numbers", str(count)) if count >= (4 if view.is_file else 2) else None


def see_tracking_word(view: "View") -> Reason | None:
    """A word such as `open` or `beacon` standing alone in the path, and in no everyday phrase."""
    for piece in cut_if_named(view.address.path[:_LONG_PATH], _STEMS):
        for word in _WORDS.findall(piece):
            if word.lower() in _TRACKING_WORDS and not is_phrase(piece):
                return Reason("tracking_word", word)
    return None


def see_tracking_host(view: "View") -> Reason | None:
    """A host whose own label names what it does."""
    for label in view.address.host.split(".")[:-2]:
        if label in HOST_WORDS:
            return Reason("tracking_host", label)
    return None


def see_pixel_name(view: "View") -> Reason | None:
    """A file named as beacons are, in a folder of its own token (`/a1b2c3/o.gif`)."""
    if not view.is_file:
        return None
    folder, _, name = view.address.path.rpartition("/")
    stem = name.lower().removesuffix(".gif").removesuffix(".png")
    if stem == name.lower() or stem not in PIXEL_NAMES or not folder:
        return None
    return Reason("pixel_name", name)


def see_opening_folder(view: "View") -> Reason | None:
    """A folder named after openings, over a file that nobody sees (`/open/a1b2c3/image.gif`)."""
    if not view.is_file or not view.unseen or view.address.path.lower().endswith(_PHOTOS):
        return None
    for folder in view.address.path[:_LONG_PATH].lower().split("/")[:-1]:
        if folder in _OPENING_FOLDERS:
            return Reason("opening_folder", folder)
    return None


def see_click_host(view: "View") -> Reason | None:
    """The host that also counts this mail's clicks, in a URL that is no plain file."""
    if view.address.host not in view.click_hosts or see_plain_file(view):
        return None
    return Reason("click_host", view.address.host)


def see_endpoint(view: "View") -> Reason | None:
    """Something out of sight that is no file of a page, or a pixel asked for with ids: a program answers."""
    return Reason("endpoint", view.address.path.rpartition("/")[2][:80]) if _answers(view) else None


def see_odd_loader(view: "View") -> Reason | None:
    """Sound, frames, scripts and plug-ins, which no mail shows; sheets and hints that name no file."""
    if view.resource not in _ODD or view.is_file or view.address.host.endswith(_PUBLIC_FONTS):
        return None
    return Reason("odd_loader", view.resource.value)


def see_reader(view: "View") -> Reason | None:
    """The reader's own address in the URL, in the open, coded or hashed."""
    return Reason("reader", describe(view.hit)) if view.hit and view.hit.strong else None


def see_reader_faintly(view: "View") -> Reason | None:
    """What may be the reader's address, or a part of it, and may be chance."""
    return Reason("reader_faintly", describe(view.hit)) if view.hit and not view.hit.strong else None


def describe(hit: "Hit") -> str:
    """Say where and in which form an address stands, never the address itself."""
    how = " of ".join(hit.chain) or "in the open"
    return f"{hit.form}, {how}, {hit.where}" + (f" {hit.parameter}" if hit.parameter else "")


def see_edge_of_body(view: "View") -> Reason | None:
    """The very beginning or end of the text, where tools insert their beacons."""
    if 0.03 < view.position < 0.97 or see_loose(view) or (view.pictured and not view.unseen):
        return None
    return Reason("edge_of_body", "start" if view.position < 0.5 else "end")


def see_loose(view: "View") -> Reason | None:
    """Alone before or after all of the body's text, of no size, with no text and no file's name.

    What a layout shows stands in an element of it: this was put there by a program.
    """
    if not (view.loose and view.unsized and view.nameless) or view.alternative.strip():
        return None
    return Reason("edge_of_body", view.loose)


def see_background(view: "View") -> Reason | None:
    """A background whose URL names no file, as the pictures that layouts lay behind a text do."""
    if not (view.background and view.nameless):
        return None
    return Reason("background", view.address.path.rpartition("/")[2][:80])


def see_plain_file(view: "View") -> Reason | None:
    """A file's name and no query, as a layout's spacers and icons have (speaks against a finding)."""
    if not view.is_file or not speaks_of_file(view.address):
        return None
    return Reason("plain_file", view.address.path.rpartition("/")[2][:80])


def see_signed_file(view: "View") -> Reason | None:
    """An address signed for the file's own server, as parcel photos have (speaks against a finding)."""
    return Reason("signed_file") if is_signed(view.address) else None


def see_alternative(view: "View") -> Reason | None:
    """A text for those who do not see the picture: it means to show something (speaks against a finding).

    A size at which nothing can be seen tells more than the text.
    """
    if view.appearance.tiny and not view.appearance.collapsed:
        return None
    text = view.alternative.strip()
    return Reason("alternative", text[:80]) if len(text) > 2 else None


def see_big(view: "View") -> Reason | None:
    """A declared size at which a picture shows something (speaks against a finding).

    One side tells so where nothing says that the picture is out of sight, or counts openings.
    """
    sides = (view.appearance.width, view.appearance.height)
    if view.unsized or any(side is not None and side < _BIG for side in sides):
        return None
    if None in sides and (view.unseen or (_names_opening(view) and not view.pictured)):
        return None
    return Reason("big", "x".join("?" if side is None else f"{side:g}" for side in sides))


def _names_opening(view: "View") -> bool:
    return not _OPENING_FOLDERS.isdisjoint(view.address.path[:_LONG_PATH].lower().split("/"))


def _answers(view: "View") -> bool:
    if view.is_file:
        pixel = (view.appearance.tiny and not view.appearance.collapsed) or view.blank
        return pixel and has_ids(view.address)
    return view.unseen and view.address.path not in {"", "/"} and not is_file(view.address.query)
