"""`bothways scan`: list the trackers in mails, as text, JSON lines, CSV or one HTML page."""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from io import TextIOWrapper

import click
from bothways.settings import Settings

from bothways_cli.errors import Exit, complain
from bothways_cli.progress import progress
from bothways_cli.rules import use_own_rules
from bothways_cli.scanned import Scanned, Tally, scan_mail
from bothways_cli.settled import policy_option, recipient_option, use_settings
from bothways_cli.sources import Unreadable, read_all

FORMATS = ("text", "ndjson", "csv", "html")


@click.command(
    epilog="""\b
Examples:
  bothways scan offer.eml
  bothways scan ~/Maildir inbox.mbox
  bothways scan --format ndjson ~/Mail | jq '.findings[].vendor_name'
  bothways scan --format html ~/Mail > trackers.html
  bothways scan --fail-on-findings - < offer.eml
  bothways scan --explain offer.eml

\b
ndjson: one object a mail with source (its path; in an mbox with #1, #2 ...),
        message_id, date, from, findings, notes. Of a link also layers, removed
        and tells (what a click would have told), as in "bothways links".
csv:    one row a finding.
"""
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--fail-on-findings", is_flag=True, help="Exit with 1 when anything was found.")
@click.option(
    "--explain",
    is_flag=True,
    help="Show each load with its signals, what a click on a link tells, and every verdict.",
)
@policy_option
@recipient_option
def scan(
    paths: tuple[str, ...],
    form: str,
    *,
    fail_on_findings: bool,
    explain: bool,
    policy: str | None,
    recipient: tuple[str, ...],
) -> None:
    """List the trackers in mails. Changes nothing and calls no one.

    PATH is a mail (.eml), an mbox, a Maildir, a folder with any of these in it, or - for standard input.
    """
    use_own_rules()
    settings = use_settings(policy=policy, recipients=recipient)
    if explain:
        _explain_all(paths, settings)
        return
    tally = Tally()
    if form != "text" and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    # Only the format in use is imported: HTML brings a template engine.
    write = import_module(f"bothways_cli.formats.{form}").write
    with progress(tally) as step:
        write(_scan_all(paths, settings, tally, step), tally, sys.stdout)
    if tally.unreadable:
        raise SystemExit(Exit.UNREADABLE)
    if fail_on_findings and tally.tracked:
        raise SystemExit(Exit.FINDINGS)


def _explain_all(paths: tuple[str, ...], settings: Settings) -> None:
    from bothways_cli.explained import write_explained  # noqa: PLC0415 - only where it is asked for

    unreadable = False
    for mail in read_all(paths):
        if isinstance(mail, Unreadable):
            unreadable = True
            complain(mail.source, mail.reason)
        else:
            write_explained(mail, settings)
    if unreadable:
        raise SystemExit(Exit.UNREADABLE)


def _scan_all(
    paths: tuple[str, ...], settings: Settings, tally: Tally, step: Callable[[], None]
) -> Iterator[Scanned]:
    for mail in read_all(paths):
        if isinstance(mail, Unreadable):
            tally.unreadable += 1
            complain(mail.source, mail.reason)
            continue
        scanned = scan_mail(mail, settings)
        tally.add(scanned.findings, scanned.notes)
        step()
        yield scanned
