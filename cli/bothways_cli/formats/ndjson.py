"""One JSON object a mail, one a line, ASCII only."""

import json
from collections.abc import Iterable
from typing import TextIO

from bothways_cli.scanned import Scanned, Tally, as_object


def write(scanned: Iterable[Scanned], tally: Tally, out: TextIO) -> None:  # noqa: ARG001 - every format's shape
    """Write mails as they come."""
    for mail in scanned:
        out.write(json.dumps(as_object(mail)) + "\n")
