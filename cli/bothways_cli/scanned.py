"""What `scan` says of one mail, in the shape that every output format starts from."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bothways.clean import clean_message
from bothways.judge.findings import Action, Finding
from bothways.message.mime import split
from bothways.settings import AS_SHIPPED, Settings
from bothways.urls.telling import LinkReport, report

from bothways_cli.sources import Mail
from bothways_cli.words import vendor_name


@dataclass(frozen=True, slots=True)
class Scanned:
    """One mail and what was found in it. `sender` is the address of From, "" where there is none."""

    source: str
    message_id: str | None = None
    date: datetime | None = None
    sender: str = ""
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Counts over a whole scan or clean."""

    messages: int = 0
    tracked: int = 0
    unreadable: int = 0
    actions: Counter[Action] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    def add(self, findings: tuple[Finding, ...], notes: tuple[str, ...] = ()) -> None:
        """Count one mail."""
        self.messages += 1
        self.notes.update(notes)
        self.tracked += bool(findings)
        self.actions.update(finding.action for finding in findings)


def scan_mail(mail: Mail, settings: Settings = AS_SHIPPED) -> Scanned:
    """Look for trackers in one mail."""
    if mail.raw is None:
        return Scanned(mail.source, notes=mail.notes)
    message = split(mail.raw)
    recipients = settings.recipients_of(mail.raw)
    cleaned = clean_message(mail.raw, recipients=recipients, policy=settings.to_policy())
    return Scanned(
        source=mail.source,
        message_id=message.message_id,
        date=message.date,
        sender=message.sender,
        findings=tuple(cleaned.findings),
        notes=tuple(cleaned.notes),
    )


def as_object(scanned: Scanned) -> dict[str, Any]:
    """Return a scanned mail as the documented JSON object."""
    return {
        "source": scanned.source,
        "message_id": scanned.message_id,
        "date": scanned.date.isoformat() if scanned.date else None,
        "from": scanned.sender or None,
        "findings": [finding_object(finding) for finding in scanned.findings],
        "notes": list(scanned.notes),
    }


def finding_object(finding: Finding) -> dict[str, Any]:
    """Return a finding as the documented JSON object."""
    link = LinkReport() if finding.link is None else report(finding.link)
    return {
        "kind": finding.kind.value,
        "certainty": finding.certainty.value,
        "action": finding.action.value,
        "why_seen": finding.why_seen.value if finding.why_seen else None,
        "visible": finding.visible,
        "url": finding.url,
        "replacement": finding.replacement,
        "element": finding.element,
        "attribute": finding.attribute,
        "vendor": finding.vendor,
        "vendor_name": vendor_name(finding.vendor),
        "company": finding.company,
        "carrier": finding.carrier,
        "reasons": [{"code": reason.code, "evidence": reason.evidence} for reason in finding.reasons],
        **link_object(link),
    }


def link_object(link: LinkReport) -> dict[str, Any]:
    """Return what there is to say of a link as the documented fields, in `scan` and in `links`."""
    return {
        "layers": [{"vendor": layer.vendor, "url": layer.url} for layer in link.layers],
        "removed": list(link.removed),
        "tells": [told._asdict() for told in link.tells],
    }
