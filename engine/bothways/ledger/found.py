"""Keeping the findings of a delivery, once per (message, URL).

- Within a delivery the weakest protection stands: a URL that got through in one slot got through (seen before
  blocked before cleaned).
- A later delivery over the same route replaces what the earlier one said.
- A delivery over another route replaces it only where the URL got through there: what a mail program let pass
  is not undone by a webmail that blocks it. On a tie the mail program's word stays: its copy never changes.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, exists, insert, select, update

from bothways.judge.findings import Action, Finding
from bothways.ledger.identity import Arrival
from bothways.ledger.link_rows import write_link
from bothways.ledger.prepared import Row, fetch, run
from bothways.ledger.rows import MAX_URL, storable, storable_or_none, widen
from bothways.ledger.shapes import digest_shape
from bothways.ledger.tables import findings, vendors

MAX_FINDINGS = 2000
MAX_REASONS = 50
_KEPT = select(findings).where(findings.c.message == bindparam("of"))
_ADD_FINDINGS = insert(findings)
_CHANGE = update(findings).where(findings.c.id == bindparam("this"))
_COLUMNS = {name: bindparam(name, type_=vendors.c[name].type) for name in ("id", "name", "company")}
_ADD_NEW_VENDORS = insert(vendors).from_select(
    list(_COLUMNS),
    select(*_COLUMNS.values()).where(~exists().where(vendors.c.id == _COLUMNS["id"])),
)
_WEIGHT = {Action.SEEN: 2, Action.BLOCKED: 1, Action.CLEANED: 0}


def merge_by_url(found: Iterable[Finding]) -> dict[str, Finding]:
    """Give one finding a URL, by the SHA-256 of the URL."""
    standing: dict[str, Finding] = {}
    for finding in found:
        digest = hashlib.sha256(finding.url.encode("utf-8", "surrogatepass")).hexdigest()
        other = standing.get(digest)
        if other is None:
            if len(standing) < MAX_FINDINGS:
                standing[digest] = finding
        elif _WEIGHT[finding.action] > _WEIGHT[other.action]:
            standing[digest] = finding
    return standing


def add_findings(connection: Connection, message: str, arrival: Arrival, digests: Iterable[str]) -> None:
    """Add those findings of a delivery whose URLs are new to the message."""
    at = arrival.record.at
    rows = [
        {
            "message": message,
            "url_sha256": digest,
            "shape": digest_shape(arrival.findings[digest].url),
            "first_seen": at,
            "last_seen": at,
            **_columns(arrival.findings[digest], arrival.record.route),
        }
        for digest in digests
    ]
    if rows:
        _keep_vendors(connection, arrival.findings.values())
        run(connection, _ADD_FINDINGS, *rows)


def update_findings(connection: Connection, message: str, arrival: Arrival) -> None:
    """Bring the findings that a message has up to date, and add those that are new to it."""
    if not arrival.findings:
        return
    known = {row["url_sha256"]: row for row in fetch(connection, _KEPT, {"of": message})}
    add_findings(connection, message, arrival, [digest for digest in arrival.findings if digest not in known])
    for digest, finding in arrival.findings.items():
        if (row := known.get(digest)) is None:
            continue
        columns = _columns(finding, arrival.record.route)
        changes = widen(row, arrival.record.at) | (columns if _replaces(columns, row) else {})
        changes = {name: value for name, value in changes.items() if value != row[name]}
        if "vendor" in changes:
            _keep_vendors(connection, [finding])
        if changes:
            run(connection, _CHANGE, {"this": row["id"], **changes})


def _replaces(columns: dict[str, Any], row: Row) -> bool:
    if columns["action_route"] == row["action_route"]:
        return True
    passes_now, passed = columns["action"] == Action.SEEN, row["action"] == Action.SEEN
    return passes_now if passes_now != passed else bool(row["action_route"] == "web")


def _columns(finding: Finding, route: str) -> dict[str, Any]:
    return {
        "url": storable(finding.url, MAX_URL),
        "kind": finding.kind.value,
        "certainty": finding.certainty.value,
        "action": finding.action.value,
        "action_route": route,
        "why_seen": finding.why_seen and finding.why_seen.value,
        "visible": finding.visible,
        "element": storable(finding.element),
        "attribute": storable(finding.attribute),
        "vendor": _vendor_key(finding.vendor),
        "company": storable_or_none(finding.company),
        "carrier": storable_or_none(finding.carrier),
        "reasons": [
            {"code": storable(reason.code), "evidence": storable(reason.evidence)}
            for reason in finding.reasons[:MAX_REASONS]
        ],
        "replacement": None if finding.replacement is None else storable(finding.replacement, MAX_URL),
        "link": None if finding.link is None else write_link(finding.url, finding.link),
    }


def _keep_vendors(connection: Connection, found: Iterable[Finding]) -> None:
    named = {key: finding.company for finding in found if (key := _vendor_key(finding.vendor))}
    rows = [{"id": key, "name": key, "company": storable(company or "")} for key, company in named.items()]
    run(connection, _ADD_NEW_VENDORS, *rows)


def _vendor_key(vendor: str | None) -> str | None:
    return storable(vendor, 128) if vendor else None
