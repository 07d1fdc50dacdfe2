"""Canned answers of the API, in the shapes that the real one gives."""

from datetime import UTC, datetime
from typing import Any

_COUNTS = {"messages": 14, "tracked": 9, "blocked": 12, "cleaned": 31, "seen": 4, "open_attempts": 2}
TOTALS = {"today": {key: value // 3 for key, value in _COUNTS.items()}, "days30": _COUNTS}
SENDER = {
    "address": "jane@seller.example",
    "name": "Jane Seller",
    "messages": 14,
    "tracked": 12,
    "first_seen": "2026-03-03T09:00:00+00:00",
    "last_seen": "2026-11-20T17:30:00+00:00",
}
HUBSPOT = {
    "id": "hubspot",
    "name": "HubSpot",
    "company": "HubSpot, Inc.",
    "category": "sales",
    "learns": ["open", "time", "place", "device", "clicks"],
    "tracks_by_default": True,
    "count": 3,
}


def finding(kind: str = "open", action: str = "blocked", **changes: Any) -> dict[str, Any]:
    """Give a finding of HubSpot's; `changes` replaces fields."""
    link = kind == "click"
    return {
        "id": "f1",
        "kind": kind,
        "certainty": "known",
        "action": action,
        "why_seen": None,
        "visible": link,
        "url": "https://t.sidekickopen.example/e1t/o/W2v8k3"
        if not link
        else "https://hs.example/click/W2v8k3/123",
        "replacement": "" if action == "blocked" else None,
        "element": "a" if link else "img",
        "attribute": "href" if link else "src",
        "vendor": "hubspot",
        "vendor_name": "HubSpot",
        "company": "HubSpot, Inc.",
        "carrier": "t.sidekickopen.example",
        "reasons": [{"code": "vendor_rule", "evidence": "hubspot"}, {"code": "tiny", "evidence": "1x1"}],
        "tells": [],
        "layers": [],
        "removed": [],
        "elsewhere": None,
        **changes,
    }


def incident(kind: str, reason: str, **changes: Any) -> dict[str, Any]:
    """Give what passed just now without being looked at; `changes` replaces fields."""
    now = datetime.now(UTC).isoformat()
    return {
        "id": 1,
        "kind": kind,
        "reason": reason,
        "route": "imap",
        "account": "anna@buyer.example",
        "server": "imap.example.org",
        "times": 2,
        "first_seen": now,
        "last_seen": now,
        **changes,
    }


def message(*findings: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Give a message with these findings, its counts to match."""
    actions = [item["action"] for item in findings]
    return {
        "id": "m1",
        "aliases": [],
        "message_id": "<m1@seller.example>",
        "date": "2026-11-20T17:30:00+00:00",
        "subject": "Quick question",
        "sender": SENDER,
        "first_seen": "2026-11-20T17:31:00+00:00",
        "last_seen": "2026-11-20T17:31:00+00:00",
        "views": 1,
        "fetched": 1,
        "route": "imap",
        "clients": [],
        "notes": [],
        "counts": {action: actions.count(action) for action in ("blocked", "cleaned", "seen")},
        "vendors": [HUBSPOT] if any(item["vendor"] == "hubspot" for item in findings) else [],
        "findings": list(findings),
        **changes,
    }


OPEN = finding()
LIKELY = finding(
    certainty="likely",
    vendor=None,
    vendor_name=None,
    company=None,
    carrier="img.unknown.example",
    url="https://img.unknown.example/open/8f3a2c91b7",
    reasons=[
        {"code": "tiny", "evidence": "1x1"},
        {"code": "token", "evidence": "8f3a2c91b7"},
        {"code": "a_new_signal", "evidence": ""},
    ],
)
CLEANED = finding(
    "click",
    "cleaned",
    replacement="https://seller.example/pricing",
    tells=[
        {"by": "hubspot", "tells": "click", "detail": "the token: one reader and one send"},
        {"by": "hubspot", "tells": "recipient", "detail": ""},
        {"by": "hubspot", "tells": "send", "detail": ""},
        {"by": "hubspot", "tells": "address", "detail": "me@buyer.example"},
        {"by": "mc_eid", "tells": "recipient", "detail": ""},
        {"by": "utm_source", "tells": "campaign", "detail": ""},
        {"by": "utm_medium", "tells": "campaign", "detail": ""},
    ],
    layers=[
        {"vendor": "hubspot", "vendor_name": "HubSpot", "url": "https://hs.example/click/W2v8k3/123"},
    ],
    removed=["mc_eid", "utm_source", "utm_medium"],
)
PARAMETERS = finding(
    "click",
    "cleaned",
    vendor=None,
    vendor_name=None,
    company=None,
    carrier=None,
    url="https://shop.example/chairs?utm_source=news&gclid=Q",
    replacement="https://shop.example/chairs",
    reasons=[{"code": "parameter", "evidence": name} for name in ("utm_source", "gclid")],
    tells=[
        {"by": "utm_source", "tells": "campaign", "detail": ""},
        {"by": "gclid", "tells": "click", "detail": ""},
    ],
    removed=["utm_source", "gclid"],
)
OPAQUE = finding("click", "seen", why_seen="opaque", url="https://hs.example/opaque/" + "Q" * 180)
SIGNED = finding(action="seen", why_seen="signed")
