"""`bothways clients`: who is paired and may ask this Bothways, and ending that."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from bothways.ledger.pairing import Client

from bothways_cli.errors import WrongUse
from bothways_cli.home import find_home, home_option
from bothways_cli.open_ledger import has_ledger, open_ledger
from bothways_cli.words import printable

SHOWN = 8
"""Characters of an ID; as many as single one out name it."""
_HEADING = ("ID", "PAIRED", "LAST SEEN", "STATE", "NAME")


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  bothways clients
  bothways clients revoke 3f2a91c0

\b
A client is a browser or mail program whose extension was paired with a code of
"bothways pair". It may read what the ledger holds, and pause the cleaning.
""",
)
@home_option
@click.pass_context
def clients(ctx: click.Context, home: Path | None) -> None:
    """List the paired clients, in the order in which they were paired."""
    ctx.obj = find_home(home)
    if ctx.invoked_subcommand is not None:
        return
    rows = read_clients(ctx.obj)
    if not rows:
        click.echo('No client was ever paired. A code for one: "bothways pair".', err=True)
    for line in write_table(rows):
        click.echo(line)


@clients.command(
    epilog="""\b
Example:
  bothways clients revoke 3f2a91c0
The way back is a new code: bothways pair
"""
)
@click.argument("name", metavar="ID")
@home_option
@click.pass_obj
def revoke(found: Path, name: str, home: Path | None) -> None:
    """End a client's access, from its next question on. ID is its ID, or a beginning that no other has."""
    place = find_home(home) if home else found
    client = _choose(read_clients(place), name)
    with open_ledger(place) as ledger:
        ended = ledger.revoke_client(client.id)
    told = "may no longer ask" if ended else "was revoked before"
    click.echo(f"{client.id[:SHOWN]} ({printable(client.name) or 'no name'}) {told}")


def read_clients(home: Path) -> list[Client]:
    """Give all clients ever paired; where there is no ledger none is made."""
    if not has_ledger(home):
        return []
    with open_ledger(home) as ledger:
        return ledger.clients()


def write_table(rows: Sequence[Client]) -> list[str]:
    """Write clients as columns that line up, the name, which a client chose itself, last."""
    if not rows:
        return []
    words = [_HEADING, *(_cells(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*words, strict=True)]
    padded = (zip(line, widths, strict=True) for line in words)
    return ["  ".join(cell.ljust(width) for cell, width in line).rstrip() for line in padded]


def _cells(row: Client) -> tuple[str, ...]:
    state = f"revoked {_minute(row.revoked_at)}" if row.revoked_at else "may ask"
    return row.id[:SHOWN], _minute(row.created_at), _minute(row.last_used_at), state, printable(row.name)


def _minute(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "never"


def _choose(rows: Sequence[Client], name: str) -> Client:
    """Find the client that an ID, or the beginning of one, names."""
    named = [row for row in rows if name and row.id.startswith(name.lower())]
    if len(named) != 1:
        raise WrongUse(
            f"{len(named)} clients have an ID that begins with {name}: give more of it"
            if named
            else f"no client has the ID {printable(name)}: bothways clients lists them"
        )
    return named[0]
