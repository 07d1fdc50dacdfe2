"""`bothways scan --explain`: each load of a mail, what spoke for and against it, and each finding.

Of a link also what a click would have told.
"""

from collections.abc import Iterable

import click
from bothways.explain import Explained, explain_message
from bothways.judge.findings import Finding, Kind
from bothways.judge.weighing import LIKELY
from bothways.settings import AS_SHIPPED, Settings

from bothways_cli.sources import Mail
from bothways_cli.words import click_tells, printable, vendor_name

_WIDTH = 100


def write_explained(mail: Mail, settings: Settings = AS_SHIPPED) -> None:
    """Print every load of a mail with its signals, their weights and the verdict, and every other finding."""
    click.echo(printable(mail.source))
    references = findings = 0
    raw = mail.raw or b""
    recipients = settings.recipients_of(raw)
    for row in explain_message(raw, recipients=recipients, policy=settings.to_policy()):
        references += row.judgement is not None
        findings += row.finding is not None
        for line in _lines(row):
            click.echo(line)
    click.echo(f"  {references} references, {findings} findings; likely from a sum of {LIKELY:g} on\n")


def _lines(row: Explained) -> Iterable[str]:
    yield f"  {row.element} {row.attribute}".rstrip() + f"  {_short(row.url)}"
    yield f"    {_where(row)}"
    judgement, finding = row.judgement, row.finding
    vendor = judgement.vendor if judgement else finding and finding.vendor
    if vendor:
        yield f"    vendor rule  {vendor_name(vendor)}"
    for reason, weight in judgement.weighed if judgement else ():
        yield f"    {weight:+.1f}  {reason.code}  {_short(reason.evidence)}".rstrip()
    if judgement is None and finding is not None:
        for reason in finding.reasons:
            if reason.code != "vendor_rule":
                yield f"    {reason.code}  {_short(reason.evidence)}".rstrip()
    for line in click_tells(finding) if finding is not None else ():
        yield f"    a click tells  {_short(line)}"
    yield f"    {_verdict(row)}"


def _where(row: Explained) -> str:
    if row.section is None:
        return "outside of the texts"
    where = f"part {row.section or '-'}"
    where += "" if row.position is None else f", at {row.position:.0%} of it"
    return f"{where}, {row.context}" if row.context else where


def _verdict(row: Explained) -> str:
    score = "" if row.judgement is None else f" {row.judgement.score:.1f}:"
    if row.finding is not None:
        return f"={score} {_told(row.finding)}"
    if row.judgement is None or row.judgement.remote:
        return f"={score} no finding"
    return "not remote: no finding"


def _told(finding: Finding) -> str:
    seen = "in sight" if finding.visible else "out of sight"
    sight = f", {seen}" if finding.kind in (Kind.OPEN, Kind.PREFETCH) else ""
    why = f" ({finding.why_seen})" if finding.why_seen else ""
    target = f" -> {_short(finding.replacement)}" if finding.replacement else ""
    return f"{finding.certainty} {finding.kind}{sight}: {finding.action}{why}{target}"


def _short(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= _WIDTH else f"{shown[: _WIDTH - 3]}..."
