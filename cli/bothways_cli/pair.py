"""`bothways pair`: a code that connects the browser extension to this Bothways."""

from datetime import datetime
from pathlib import Path

import click
from bothways.ledger.pairing import CODE_LIFE

from bothways_cli.errors import WrongUse
from bothways_cli.home import find_home, home_option, is_held
from bothways_cli.open_ledger import has_ledger, open_ledger


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
    place = find_home(home)
    if not has_ledger(place):
        raise WrongUse(f"no Bothways was ever run with the home folder {place}: name its own with --home")
    with open_ledger(place) as ledger:
        code = ledger.new_pairing_code()
    until = datetime.now().astimezone() + CODE_LIFE
    click.echo(f"{code}\nType it into the extension's popup before {until:%H:%M:%S}.")
    if not is_held(place):
        click.echo(f"Nothing answers yet: no Bothways runs with the home folder {place}.", err=True)
