"""What to change for a link: the target in the place of the click wrapper."""

from collections.abc import Callable
from dataclasses import replace

from bothways.arranging import Proposal
from bothways.judge.findings import Action, Certainty, Finding, Kind, Reason, WhySeen
from bothways.judge.policy import Policy, Setting, decide_link
from bothways.markup.references import Link
from bothways.message.edits import Change
from bothways.urls.address import parse
from bothways.urls.wrappers import LinkAction, LinkOptions, undo
from bothways.vendors.catalogue import default_catalogue

_IN_MAIL = LinkOptions()


def propose_link(
    link: Link, policy: Policy, setting: Setting, change: Callable[[str], Change]
) -> Proposal | None:
    """Give what to do about a link, None where it wraps nothing; `change` puts a target in its place."""
    undone = undo(link.url, default_catalogue(), _IN_MAIL)
    if undone.vendor is None:
        return None
    finding = _click(link, undone.vendor)
    if undone.action is LinkAction.REPORT_ONLY:
        return Proposal(replace(finding, why_seen=WhySeen.POLICY))
    if undone.action is not LinkAction.UNWRAP:
        return Proposal(finding)
    action, why = decide_link(policy, setting)
    if action is not Action.CLEANED:
        return Proposal(replace(finding, action=action, why_seen=why))
    return Proposal(
        replace(finding, action=action, why_seen=None, replacement=undone.url), change(undone.url)
    )


def _click(link: Link, vendor: str) -> Finding:
    address = parse(link.url)
    return Finding(
        Kind.CLICK,
        Certainty.KNOWN,
        Action.SEEN,
        link.url,
        link.element,
        link.attribute,
        why_seen=WhySeen.OPAQUE,
        visible=True,
        vendor=vendor,
        company=default_catalogue().vendors[vendor].company,
        carrier=None if address is None else address.host,
        reasons=(Reason("vendor_rule", vendor),),
    )
