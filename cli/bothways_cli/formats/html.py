"""One self-contained page: it loads nothing, runs nothing, and no URL in it can be clicked."""

from collections.abc import Iterable
from typing import TextIO

from jinja2 import Environment, PackageLoader

from bothways_cli.formats.text import summary, whose
from bothways_cli.scanned import Scanned, Tally
from bothways_cli.words import ACTIONS, WHY_SEEN, click_tells, tell_note


def write(scanned: Iterable[Scanned], tally: Tally, out: TextIO) -> None:
    """Write the page as the mails come."""
    environment = Environment(
        loader=PackageLoader("bothways_cli", "formats"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.get_template("scan.html.jinja")
    for piece in template.generate(
        mails=(mail for mail in scanned if mail.findings or mail.notes),
        whose=whose,
        actions=ACTIONS,
        why_seen=WHY_SEEN,
        click_tells=click_tells,
        tell_note=tell_note,
        summary=lambda: summary(tally).plain,
    ):
        out.write(piece.encode("utf-8", "replace").decode())
