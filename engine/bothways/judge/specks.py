"""What speaks against a speck, a picture too small to be seen: a layout has some of its own, to keep room."""

import re
from typing import TYPE_CHECKING

from bothways.judge.findings import Reason
from bothways.judge.signals import see_plain_file

if TYPE_CHECKING:
    from bothways.judge.view import View

_MADE = re.compile(r"[A-Za-z][0-9]+[A-Za-z]|[a-z][A-Z][A-Za-z]*[0-9]|[0-9]{5}")
"""As programs name files, and people hardly do."""


def see_stray(view: "View") -> Reason | None:
    """A speck before or after all of the body's text, in no element of a layout: there it keeps no room.

    What is named as spacers are may be one, where nothing is asked of it or its host shows pictures; what
    hardly has a name may be one where its host serves pictures.
    """
    if not (view.loose and view.speck):
        return None
    if view.spacing and (see_plain_file(view) or not view.alone):
        return None
    if view.laconic and (view.pictured or not view.alone):
        return None
    return Reason("stray", view.loose)


def see_alone(view: "View") -> Reason | None:
    """A speck of a host that shows nothing in this mail: spacers are many, and beside their pictures.

    Somebody's spacer in somebody else's mail has a word for a name, and no program's.
    """
    if not view.speck or not see_plain_file(view) or view.spacing or view.laconic:
        return None
    if not _MADE.search(view.address.path) or not view.alone:
        return None
    return Reason("alone", view.address.host)
