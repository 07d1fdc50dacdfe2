"""`bothways pair`: a code that connects the browser extension to this Bothways."""

from datetime import datetime
from pathlib import Path

import click
from bothways.ledger.pairing import CODE_LIFE

from bothways_cli.home import find_home, home_option, make_home
from bothways_cli.open_ledger import open_ledger


@click.command(
    epilog="""\b
Example:
  bothways pair
Then click the extension's button and type the code. Works while `bothways run` is up.
"""
)
@home_option
def pair(home: Path | None) -> None:
    """Show a six-digit code to type into the browser extension.

    It holds for two minutes and for one client. A code shown before no longer holds.
    """
    code = new_code(make_home(find_home(home)))
    until = datetime.now().astimezone() + CODE_LIFE
    click.echo(f"{code}\nType it into the extension's popup before {until:%H:%M:%S}.")


def new_code(home: Path) -> str:
    """Make a pairing code in the ledger of a home folder."""
    with open_ledger(home) as ledger:
        return ledger.new_pairing_code()
