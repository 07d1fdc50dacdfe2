"""The command `bothways`: one module a command, loaded only when that command is called."""

import os
import signal
import sys
from importlib import import_module
from io import TextIOWrapper

import click

COMMANDS = {
    "demo": "See it work: sample mails, a local tracker, the real proxy between them.",
    "run": "Start the proxy and the local API; keep them up until Ctrl-C.",
    "ca": "Show the certificate to trust where TLS is opened: its file and its hosts.",
    "pair": "Show a code that connects the browser extension.",
    "clients": "Show who is paired; end the access of one.",
    "scan": "List the trackers in mails; changes nothing.",
    "clean": "Write a copy of mails with the trackers taken out.",
    "restore": "Put cleaned mails back to what they were, octet for octet.",
    "links": "Undo tracked links: URLs in, one a line; where they lead out.",
    "settings": "Show what is settled and where it comes from; check a settings file.",
    "vendors": "List the mail tools known by name; check and add rules of your own.",
}
"""Every command with its line of help. Its module has the same name, and so has the function in it."""

EPILOG = """\b
Begin with:
  bothways demo
  bothways scan ~/Mail
  bothways COMMAND --help

\b
Exit codes: 0 done; 1 done, with findings (only where asked for);
2 wrong use; 3 some input could not be read, the rest is done.
"""


class LazyGroup(click.Group):
    """A group that imports a command's module at its first use, so that `--help` loads none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command; None for a name that is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"bothways_cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the table of commands from `COMMANDS` alone."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a reader that has gone away, or Ctrl-C, ends it the way it ends other tools."""
        if isinstance(sys.stdout, TextIOWrapper):
            # A letter that the locale does not have must not end a scan.
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            end_by(signal.SIGPIPE)
        except KeyboardInterrupt:
            end_by(signal.SIGINT)
        return result


def end_by(number: signal.Signals) -> None:
    """End this process by a signal, so that the shell sees why; no exit code of ours means that."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def show_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's
    """Print the program's version and the date of its vendor rules."""
    if wanted:
        version = import_module("bothways").__version__
        rules = import_module("bothways.vendors.catalogue").RULES_DATE
        own = len(import_module("bothways_cli.rules").use_own_rules().vendors)
        told = f"rules of {rules.isoformat()}" + (f", {own} of your own" if own else "")
        click.echo(f"bothways {version} ({told})")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=show_version,
    help="Show the version and the date of the vendor rules.",
)
def main() -> None:
    """Take the trackers out of incoming mail, and keep a record of who tracked what.

    Nothing here ever calls a tracker, not to check it and not to follow a link.
    """
