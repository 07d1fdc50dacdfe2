"""Which parts of a mail are read for trackers, and as what.

A part that came as a file is read by its name where its type says nothing, and never edited. Not looked
into: archives, office documents, PDF, and the certificates of S/MIME, whose addresses (issuer, OCSP, CRL) a
client may ask when it checks a signature; no edit of a signed mail could take those out.
"""

from dataclasses import dataclass
from enum import StrEnum

from bothways.message.mime import Part


class Form(StrEnum):
    """How the text of a part is read."""

    HTML = "html"
    XML = "xml"
    """HTML by the names of its elements, but every tag must stay balanced."""
    SHEET = "sheet"
    CALENDAR = "calendar"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Leaf:
    """How a part is read, and whether it came as a file."""

    form: Form
    as_file: bool


_BY_TYPE = {
    "text/html": Form.HTML,
    "text/x-amp-html": Form.HTML,
    "application/xhtml+xml": Form.XML,
    "image/svg+xml": Form.XML,
    "text/css": Form.SHEET,
    "text/calendar": Form.CALENDAR,
    "application/ics": Form.CALENDAR,
}
_BY_SUFFIX = {
    "html": Form.HTML,
    "htm": Form.HTML,
    "shtml": Form.HTML,
    "xhtml": Form.XML,
    "xht": Form.XML,
    "svg": Form.XML,
    "css": Form.SHEET,
    "ics": Form.CALENDAR,
}


def read_leaf(part: Part) -> Leaf | None:
    """Say how a part is read; None for containers and for what holds no text."""
    if not part.is_leaf:
        return None
    form = _BY_TYPE.get(part.content_type)
    if form is not None:
        return Leaf(form, part.attached)
    named = _BY_SUFFIX.get(part.filename.rpartition(".")[2].lower())
    if named is not None and (part.attached or not part.is_text):
        return Leaf(named, as_file=True)
    # What lies in an attached text file is read as a file, not as a mail.
    return Leaf(Form.TEXT, as_file=False) if part.is_text and not part.attached else None
