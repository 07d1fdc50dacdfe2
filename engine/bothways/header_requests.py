"""What a mail asks for outside of its texts: receipts, and bodies that lie elsewhere."""

from dataclasses import replace

from bothways.judge.findings import Action, Certainty, Finding, Kind, Reason, WhySeen
from bothways.judge.policy import Policy, Setting, decide_load, why_untouchable
from bothways.message.edits import Edit
from bothways.message.mime import Message, Part, Protection
from bothways.message.receipts import Receipt, find_receipts, silence
from bothways.urls.address import parse

_LONGEST = 2_000
_FTP = frozenset(("ftp", "anon-ftp", "tftp"))


def judge_receipts(message: Message, policy: Policy, *, own: bool) -> tuple[list[Finding], list[Edit]]:
    """Judge the fields that ask for a receipt, and overwrite their names where that may be."""
    findings: list[Finding] = []
    edits: list[Edit] = []
    for receipt in find_receipts(message):
        setting = Setting(signed=receipt.signed, attached=receipt.attached, own=own)
        action, why = decide_load(Kind.RECEIPT, policy, setting, visible=False)
        finding = replace(_describe(receipt), action=action, why_seen=why)
        if action is Action.BLOCKED:
            finding = replace(finding, replacement="")
            edits.append(silence(message.raw, receipt))
        findings.append(finding)
    return findings, edits


def judge_external_bodies(message: Message, policy: Policy, *, own: bool) -> list[Finding]:
    """Report parts whose body a client would fetch (RFC 2046, 5.2.3); clients ask first, so they are left."""
    findings = []
    for part in message.parts:
        if part.content_type == "message/external-body" and (url := _external_url(part)):
            setting = Setting(signed=part.protection is not Protection.NONE, own=own)
            why = why_untouchable(setting, policy) or WhySeen.ATTACHMENT
            findings.append(_describe_external(part, url, why))
    return findings


def _describe(receipt: Receipt) -> Finding:
    name = receipt.header.name
    return Finding(
        Kind.RECEIPT,
        Certainty.KNOWN,
        Action.SEEN,
        receipt.value[:_LONGEST],
        "header",
        name,
        reasons=(Reason("receipt_field", name),),
    )


def _describe_external(part: Part, url: str, why: WhySeen) -> Finding:
    address = parse(url)
    return Finding(
        Kind.OPEN,
        Certainty.LIKELY,
        Action.SEEN,
        url[:_LONGEST],
        "external-body",
        "url",
        why_seen=why,
        carrier=None if address is None else address.host,
        reasons=(Reason("external_body", part.parameters.get("access-type", "")[:40].lower()),),
    )


def _external_url(part: Part) -> str:
    """Give where the body lies, "" where no address is told (RFC 2046, 5.2.3; RFC 2017)."""
    told = part.parameters
    access = told.get("access-type", "").lower()
    if access == "url":
        return "".join(told.get("url", "").split())
    if access in _FTP and told.get("site"):
        path = "/".join(filter(None, (told.get("directory", "").strip("/"), told.get("name", ""))))
        return f"{access.removeprefix('anon-')}://{told['site']}/{path}"
    if access == "mail-server" and told.get("server"):
        return f"mailto:{told['server']}"
    return ""
