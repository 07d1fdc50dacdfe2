"""How much each signal speaks for a finding, and what they come to together."""

from typing import TYPE_CHECKING, NamedTuple

from bothways.judge.endpoints import see_opening_endpoint, see_opening_query
from bothways.judge.findings import Reason
from bothways.judge.signals import (
    HOST_WORDS,
    PIXEL_NAMES,
    see_alternative,
    see_background,
    see_big,
    see_blank,
    see_click_host,
    see_edge_of_body,
    see_endpoint,
    see_hidden,
    see_hidden_inside,
    see_loose,
    see_numbers,
    see_odd_loader,
    see_opening_folder,
    see_pixel_name,
    see_plain_file,
    see_reader,
    see_reader_faintly,
    see_signed_file,
    see_tiny,
    see_token,
    see_tracking_host,
    see_tracking_word,
)
from bothways.judge.specks import see_alone, see_stray
from bothways.judge.view import is_blank, is_file, name_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from bothways.judge.view import View
    from bothways.urls.address import Address

LIKELY = 3.0
"""The least sum of weights that makes a finding: only the reader's address reaches it alone."""

WEIGHTS: "dict[Callable[[View], Reason | None], float]" = {
    see_tiny: 2.0,
    see_blank: 2.0,
    see_hidden: 2.0,
    see_hidden_inside: 1.5,
    see_token: 2.0,
    see_numbers: 0.5,
    see_tracking_word: 1.5,
    see_tracking_host: 1.0,
    see_pixel_name: 1.0,
    see_opening_folder: 2.0,
    see_opening_query: 1.5,
    see_opening_endpoint: 1.5,
    see_stray: 2.0,
    see_alone: 1.5,
    see_click_host: 1.5,
    see_endpoint: 1.5,
    see_odd_loader: 1.5,
    see_reader: 8.0,
    see_reader_faintly: 1.0,
    see_edge_of_body: 0.5,
    see_loose: 1.5,
    see_background: 1.0,
    see_plain_file: -2.5,
    see_signed_file: -2.0,
    see_alternative: -1.0,
    see_big: -1.0,
}
"""How much each signal speaks for a finding.

Set by hand from what the signals mean, in steps of a half, and checked, not fitted, on labelled mail: out of
sight and made for one reader together suffice; so does an endpoint out of sight (nobody serves what nobody
sees), and a folder of openings over a file out of sight; the reader's address suffices alone, whatever speaks
against it; a plain file name outweighs either of the two, for layouts are full of spacers with hashed names.
A speck outside of any layout, or alone of its host, is hardly a spacer: one more sign suffices, or both.
An image in no element but the body, of no size, counts as out of sight only where its URL is made for one.
"""

_SIGNALS = tuple(WEIGHTS.items())
_SOONEST = (
    see_reader,
    see_reader_faintly,
    see_plain_file,
    see_click_host,
    see_odd_loader,
    see_edge_of_body,
    see_pixel_name,
    see_loose,
    see_background,
    see_alternative,
    see_signed_file,
    see_big,
    see_tracking_host,
    see_hidden_inside,
    see_hidden,
    see_endpoint,
    see_tiny,
    see_stray,
    see_blank,
    see_opening_folder,
    see_opening_query,
    see_opening_endpoint,
    see_tracking_word,
    see_numbers,
    see_alone,
    see_token,
)
"""The order in which it shows soonest that there is no finding; the last ones go through all of the URL."""
_OF_FEW = frozenset(
    (
        see_reader,
        see_reader_faintly,
        see_tiny,
        see_blank,
        see_hidden,
        see_hidden_inside,
        see_opening_folder,
        see_endpoint,
        see_stray,
        see_alone,
    )
)
"""What says nothing of a load that can be seen and does not carry the reader's address, as most pictures."""
_OF_FILES = frozenset((see_blank, see_pixel_name, see_opening_folder, see_plain_file))
"""What says nothing of a URL that names no file."""
_OF_PROGRAMS = frozenset((see_odd_loader, see_loose, see_background, see_opening_endpoint))
"""What says nothing of a file with a name."""
_PLACES = {signal: place for place, signal in enumerate(WEIGHTS)}


class _Rows(NamedTuple):
    """The signals that may say something of one kind of load, by place and weight, and the most they give."""

    rows: "tuple[tuple[int, Callable[[View], Reason | None], float], ...]"
    most: float


def _list_rows(*, is_file: bool, is_usual: bool) -> _Rows:
    silent = (_OF_PROGRAMS if is_file else _OF_FILES) | (_OF_FEW if is_usual else frozenset())
    rows = tuple((_PLACES[signal], signal, WEIGHTS[signal]) for signal in _SOONEST if signal not in silent)
    return _Rows(rows, sum(max(weight, 0) for _, _, weight in rows))


_ROWS = {
    (is_file, is_usual): _list_rows(is_file=is_file, is_usual=is_usual)
    for is_file in (False, True)
    for is_usual in (False, True)
}

type Weighed = tuple[tuple[Reason, float], ...]


def names_picture(address: "Address") -> bool:
    """Say whether a URL has so plain a file's name that, where it is seen, it comes to `LIKELY` by no sign
    but the reader's address, as most that mail loads.

    Against the name stand at most a token, numbers, a word of its path, and where it stands in the text.
    """
    if address.query or not is_file(address.path):
        return False
    name = name_file(address.path)
    return name not in PIXEL_NAMES and not is_blank(name) and HOST_WORDS.isdisjoint(address.host.split("."))


def weigh(view: "View") -> tuple[Weighed, float]:
    """Collect the signals that fire, each with its weight, and the sum of the weights."""
    fired = []
    for signal, weight in _SIGNALS:
        reason = signal(view)
        if reason is not None:
            fired.append((reason, weight))
    return tuple(fired), sum([weight for _, weight in fired])


def weigh_if_likely(view: "View") -> tuple[Weighed, float] | None:
    """Do the same, or give None as soon as it shows that the sum cannot reach `LIKELY`."""
    rows, most = _ROWS[view.is_file, not (view.hit or view.unseen)]
    fired: list[tuple[int, Reason, float]] = []
    for place, signal, weight in rows:
        reason = signal(view)
        if reason is not None:
            fired.append((place, reason, weight))
        if (reason is None) is (weight > 0):
            most -= abs(weight)
            if most < LIKELY:
                return None
    return tuple([(reason, weight) for _, reason, weight in sorted(fired)]), most
