"""One row a finding, with a heading; a mail without findings has no row.

A cell that a spreadsheet would take for a formula is preceded by an apostrophe
(OWASP, "CSV Injection"); its full-width kin count as well.
"""

import csv
from collections.abc import Iterable
from typing import Any, TextIO

from bothways_cli.scanned import Scanned, Tally, as_object

MAIL_COLUMNS = ("source", "message_id", "date", "from")
FINDING_COLUMNS = (
    *("kind", "certainty", "action", "why_seen", "visible", "url", "replacement"),
    *("element", "attribute", "vendor", "vendor_name", "company", "carrier", "reasons", "tells"),
)
COLUMNS = MAIL_COLUMNS + FINDING_COLUMNS
FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def write(scanned: Iterable[Scanned], tally: Tally, out: TextIO) -> None:  # noqa: ARG001 - every format's shape
    """Write rows as they come."""
    table = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\r\n")
    table.writeheader()
    for mail in scanned:
        head = as_object(mail)
        for finding in head.pop("findings"):
            reasons = " ".join(reason["code"] for reason in finding["reasons"])
            tells = " ".join(f"{told['by']}:{told['tells']}" for told in finding["tells"])
            row = {**head, **finding, "reasons": reasons, "tells": tells}
            table.writerow({column: cell(row[column]) for column in COLUMNS})


def cell(value: Any) -> str:
    """Return a value as text that a spreadsheet shows and does not compute."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value).encode("utf-8", "replace").decode()
    return "'" + text if text.lstrip(" ").startswith(FORMULA_STARTS) else text
