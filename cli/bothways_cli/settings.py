"""`bothways settings`: what is settled, and where each of it comes from."""

import json
from pathlib import Path

import click
from bothways.settings import FILE_NAME, KEYS, Settings, SettingsError, parse_settings

from bothways_cli.errors import Exit, complain
from bothways_cli.home import home_option
from bothways_cli.rules import use_own_rules
from bothways_cli.settled import settings_path, use_settings
from bothways_cli.words import printable


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  bothways settings
  bothways settings check draft.toml
  bothways settings > draft.toml

\b
The file settings.toml in the home folder holds, in TOML, any of:
  policy = "default"       or "strict": nothing remote loads, not even pictures;
                           or "watch": nothing is changed
  recipients = ["me@example.org"]
                           your own addresses; else those of the login and of the mail
  own_tools = ["hubspot", "links.example.org"]
                           mail tools of your own, by id (bothways vendors list) or host:
                           what of them stands in the quotation of a reply is told as
                           your own and left
  clean_signed = true      also clean what a signature covers; it then no longer verifies
  clean_signed_from = ["news@example.net", "@example.com"]
                           the same for some senders, or all of a domain
  unwrap_gateways = true   also undo the links of mail security gateways
  unwrap_affiliates = true also undo the links that pay somebody for a click
  strip_campaign = false   leave parameters that tell of a campaign alone
Settings act on mail that was not looked at yet. Options win over the file.
`bothways links` undoes gateways and affiliates, unless the file says false.
""",
)
@home_option
@click.pass_context
def settings(ctx: click.Context, home: Path | None) -> None:
    """Show what is settled, as a settings file; what is as shipped stands behind a #."""
    if ctx.invoked_subcommand is None:
        use_own_rules(home)
        for line in write_settings(use_settings(home), settings_path(home)):
            click.echo(line)


@settings.command(
    epilog="""\b
Example:
  bothways settings check draft.toml

\b
Exit codes: 0 it is good; 2 it is not; 3 it could not be read.
"""
)
@click.argument("file", type=click.Path(path_type=Path))
@home_option
def check(file: Path, home: Path | None) -> None:
    """Check a settings file. Changes nothing."""
    use_own_rules(home)
    try:
        parse_settings(str(file), file.read_bytes())
    except OSError as error:
        complain(str(file), error.strerror or str(error))
        raise SystemExit(Exit.UNREADABLE) from None
    except SettingsError as error:
        click.echo(printable(str(error)))
        raise SystemExit(Exit.WRONG_USE) from None
    click.echo(f"{printable(str(file))}: good")


def write_settings(settled: Settings, path: Path) -> list[str]:
    """Write settings in TOML, with a remark on where each comes from: only what is given counts in it."""
    lines = [f"# {path}{'' if path.exists() else ' (not there)'}"]
    for key in KEYS:
        value = getattr(settled, key)
        written = json.dumps(list(value) if isinstance(value, tuple) else value)
        is_given = key in settled.given
        lines.append(
            f"{key} = {written}  # {FILE_NAME}" if is_given else f"# {key} = {written}  (as shipped)"
        )
    return [printable(line) for line in lines]
