"""What speaks against a speck, a picture too small to be seen: a layout has some of its own, to keep room."""

from typing import TYPE_CHECKING

from bothways.judge.findings import Reason
from bothways.judge.signals import see_plain_file

if TYPE_CHECKING:
    from bothways.judge.view import View


def see_stray(view: "View") -> Reason | None:
    """A speck before or after all of the body's text, in no element of a layout: there it keeps no room.

    What is named as spacers are may be one, where its host serves what the mail shows.
    """
    if not (view.loose and view.speck) or (view.spacing and not view.alone):
        return None
    return Reason("stray", view.loose)


def see_alone(view: "View") -> Reason | None:
    """A speck of a host that shows nothing in this mail: spacers are many, and beside their pictures."""
    if not view.speck or not see_plain_file(view) or view.spacing or not view.alone:
        return None
    return Reason("alone", view.address.host)
