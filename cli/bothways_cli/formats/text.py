"""For people: a block a mail, colours on a terminal, counts at the end.

Only mails with findings, or with notes of more than a precaution, are shown. Nothing that a mail says
reaches the terminal unescaped.
"""

from collections.abc import Iterable
from typing import TextIO

from bothways.judge.findings import Action, Certainty, Finding
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bothways_cli.scanned import Scanned, Tally
from bothways_cli.words import ACTIONS, WHY_SEEN, count, printable, tell_note, vendor_name

STYLES = {Action.BLOCKED: "bold green", Action.CLEANED: "bold cyan", Action.SEEN: "bold yellow"}
PIPE_WIDTH = 10_000
"""Columns where standard output is no terminal: nothing wraps there."""


def write(scanned: Iterable[Scanned], tally: Tally, out: TextIO) -> None:
    """Write mails as they come, then the counts."""
    console = Console(
        file=out, highlight=False, markup=False, emoji=False, width=None if out.isatty() else PIPE_WIDTH
    )
    for mail in scanned:
        if mail.findings or any(not note.startswith("remote:") for note in mail.notes):
            write_mail(mail, console)
    console.print(summary(tally))


def write_mail(mail: Scanned, console: Console) -> None:
    """Write one mail and its findings."""
    day = mail.date.strftime("%Y-%m-%d %H:%M") if mail.date else "no date"
    console.print(Text(printable(mail.source), "bold"), overflow="fold")
    console.print(Text(f"  {printable(mail.sender) or 'no sender'}, {day}", "dim"), overflow="fold")
    for note in mail.notes:
        console.print(Padding(Text(tell_note(note), "italic"), (0, 0, 0, 2), expand=False))
    for finding in mail.findings:
        write_finding(finding, console)
    console.print()


def write_finding(finding: Finding, console: Console) -> None:
    """Write one finding: what, whose, how sure, and the URL below."""
    line = Text("  ")
    line.append(f"{ACTIONS[finding.action]:8}", STYLES[finding.action])
    line.append(f"{finding.certainty.capitalize():7}{finding.kind:9}")
    line.append(whose(finding))
    if finding.why_seen:
        line.append(f" ({WHY_SEEN[finding.why_seen]})")
    if finding.certainty is Certainty.LIKELY:
        line.append(" because " + ", ".join(reason.code for reason in finding.reasons), "dim")
    console.print(line)
    console.print(Padding(Text(printable(finding.url), overflow="fold"), (0, 0, 0, 10), expand=False))
    if finding.replacement:
        console.print(
            Padding(
                Text("-> " + printable(finding.replacement), overflow="fold"), (0, 0, 0, 10), expand=False
            )
        )


def whose(finding: Finding) -> str:
    """Name the tool behind a finding as far as it is known, and the host that carries it."""
    name = vendor_name(finding.vendor)
    carrier = printable(finding.carrier or "")
    if name is None:
        return carrier or told_by_parameters(finding) or "unknown"
    company = f" by {finding.company}" if finding.company and finding.company not in name else ""
    return f"{name}{company}" + (f" at {carrier}" if carrier else "")


def told_by_parameters(finding: Finding) -> str:
    """Name the parameters by which a link tells the page itself who clicked, "" where none did."""
    names = [printable(reason.evidence) for reason in finding.reasons if reason.code == "parameter"]
    return "in the link itself: " + ", ".join(names) if names else ""


def summary(tally: Tally) -> Text:
    """Say how much was found, and that nothing was changed."""
    if not tally.actions:
        return Text(f"{count(tally.messages, 'mail')}: no known trackers found.")
    done = tally.actions
    return Text(
        f"{count(tally.messages, 'mail')}, {tally.tracked:,} with trackers. Nothing was changed. "
        f"Cleaning would block {count(done[Action.BLOCKED], 'load')} and "
        f"clean {count(done[Action.CLEANED], 'link')}; "
        f"{done[Action.SEEN]:,} would stay as seen."
    )
