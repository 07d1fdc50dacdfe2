"""What holds for a command: the settings file of the home folder, and the options that win over it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from bothways.settings import FILE_NAME, POLICIES, Settings, SettingsError, parse_settings, read_settings

from bothways_cli.errors import WrongUse
from bothways_cli.home import find_home


def settings_path(home: Path | None) -> Path:
    """Return where the settings of a home folder lie."""
    return find_home(home) / FILE_NAME


def use_settings(home: Path | None = None, *, policy: str | None = None, **wanted: Any) -> Settings:
    """Read the settings of a home folder, with what options say in their place; raise `WrongUse`.

    To be called where the own vendor rules are in use already: settings may name their vendors.
    """
    try:
        settings = read_settings(settings_path(home))
        if wanted.get("recipients"):
            wanted["recipients"] = _check_recipients(wanted["recipients"])
    except SettingsError as error:
        raise WrongUse(str(error)) from error
    options = {"policy": policy, **wanted}
    return replace(settings, **{key: value for key, value in options.items() if value})


def _check_recipients(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Read addresses as the settings file has them."""
    listed = ", ".join(f'"{address}"' for address in addresses if '"' not in address and "\\" not in address)
    return parse_settings("--recipient", f"recipients = [{listed}]".encode()).recipients


def policy_option[F: Callable[..., Any]](command: F) -> F:
    """Add `--policy` to a command."""
    return click.option(
        "--policy",
        type=click.Choice(list(POLICIES)),
        help="What is to be done about what is found; else as settled, see `bothways settings`.",
    )(command)


def recipient_option[F: Callable[..., Any]](command: F) -> F:
    """Add `--recipient` to a command."""
    return click.option(
        "--recipient",
        multiple=True,
        metavar="ADDRESS",
        help="An address of yours: URLs that hold it tell on you. Else as settled, else as the mail says.",
    )(command)
