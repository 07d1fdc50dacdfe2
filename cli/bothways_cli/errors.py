"""What ends a command early, and the exit codes that scripts rely on."""

from enum import IntEnum

import click


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    FINDINGS = 1
    """Done, with findings; only where it was asked for."""
    WRONG_USE = 2
    UNREADABLE = 3
    """Some input could not be read; it is named on standard error, the rest is done."""


class WrongUse(click.ClickException):
    """A command that cannot be carried out as it was given."""

    exit_code = Exit.WRONG_USE


def complain(source: str, reason: str) -> None:
    """Name an input that could not be read on standard error."""
    click.echo(f"bothways: {source}: {reason}", err=True)
