"""`bothways scan --explain`: each reference of a mail, what spoke for and against it, and the verdict."""

from collections.abc import Iterable

import click
from bothways.explain import Explained, explain_message
from bothways.judge.signals import LIKELY

from bothways_cli.sources import Mail
from bothways_cli.words import printable, vendor_name

_WIDTH = 100


def write_explained(mail: Mail) -> None:
    """Print every reference of a mail with its signals, their weights and the verdict."""
    click.echo(printable(mail.source))
    rows = list(explain_message(mail.raw or b""))
    for row in rows:
        for line in _lines(row):
            click.echo(line)
    found = sum(row.judgement.finding is not None for row in rows)
    click.echo(f"  {len(rows)} references, {found} findings; likely from a sum of {LIKELY:g} on\n")


def _lines(row: Explained) -> Iterable[str]:
    reference, judgement = row.reference, row.judgement
    yield f"  {reference.element} {reference.attribute}  {_short(reference.url)}"
    where = f"    part {row.part.section or '-'}, at {reference.position:.0%} of it"
    yield f"{where}, {reference.context}" if reference.context else where
    if judgement.vendor:
        yield f"    vendor rule  {vendor_name(judgement.vendor)}"
    for reason, weight in judgement.weighed:
        yield f"    {weight:+.1f}  {reason.code}  {_short(reason.evidence)}".rstrip()
    yield f"    {_verdict(row)}"


def _verdict(row: Explained) -> str:
    finding, score = row.judgement.finding, row.judgement.score
    if finding is not None:
        seen = "in sight" if finding.visible else "out of sight"
        return f"= {score:.1f}: {finding.certainty} {finding.kind}, {seen}"
    if row.judgement.remote:
        return f"= {score:.1f}: no finding"
    return "not remote: no finding"


def _short(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= _WIDTH else f"{shown[: _WIDTH - 3]}..."
