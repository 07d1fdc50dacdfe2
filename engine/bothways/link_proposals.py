"""What to change for a link: its target in the place of a click wrapper, without what tells on the reader."""

import re
from collections.abc import Callable
from typing import NamedTuple

from bothways.arranging import Proposal
from bothways.judge.findings import Action, Certainty, Finding, Kind, Reason, WhySeen
from bothways.judge.policy import Policy, Setting, decide_link
from bothways.markup.references import Link
from bothways.message.edits import Change
from bothways.urls.address import parse
from bothways.urls.domains import registrable
from bothways.urls.links import NEEDED, CleanedLink, Known, read_link, take_out
from bothways.urls.wrappers import LinkAction
from bothways.vendors.catalogue import default_catalogue

_CHANGED = frozenset({LinkAction.UNWRAP, LinkAction.STRIP})
_DONE = frozenset({"", NEEDED})
"""Why something was left, where the URL is the target all the same."""


class _Standing(NamedTuple):
    """Where a link stands, its text read only where somebody asks."""

    link: Link
    list_unsubscribe: bool

    @property
    def text(self) -> str:
        return self.link.text


def propose_link(
    link: Link,
    policy: Policy,
    setting: Setting,
    change: Callable[[str], Change],
    known: Known | None = None,
) -> Proposal | None:
    """Give what to do about a link, None where nothing tracks; `change` puts a target in its place.

    `known` is filled and asked: it holds the links before it in the same text.

    A link that needs the parameters that tell on its reader (to leave a list, to sign in) is no finding.
    """
    cleaned = _clean(link, policy, setting, {} if known is None else known)
    if cleaned is None:
        return None
    wrapped = cleaned.action is not LinkAction.STRIP and cleaned.vendor is not None
    if not wrapped and not cleaned.taken:
        return None
    if cleaned.action in _CHANGED:
        action, why = decide_link(policy, setting)
    else:
        asked = cleaned.action is LinkAction.REPORT_ONLY
        action, why = Action.SEEN, WhySeen.POLICY if asked else WhySeen.OPAQUE
    done = action is Action.CLEANED
    finding = Finding(
        Kind.CLICK,
        Certainty.KNOWN,
        action,
        link.url,
        link.element,
        link.attribute,
        why_seen=why,
        visible=True,
        vendor=cleaned.vendor,
        company=cleaned.company,
        # A link that only has parameters is carried by nobody: its host is the page's own.
        carrier=cleaned.carrier,
        reasons=_reasons(link, cleaned, wrapped=wrapped),
        replacement=cleaned.url if done else None,
        link=cleaned,
    )
    return Proposal(finding, change(cleaned.url) if done else None)


def _clean(link: Link, policy: Policy, setting: Setting, known: Known) -> CleanedLink | None:
    """Clean a link, of which only what depends on where it stands is worked out each time."""
    if link.url in known:
        read = known[link.url]
    else:
        read = known[link.url] = read_link(link.url, default_catalogue(), policy.links)
    if read is None:
        return None
    if read.telling is None:
        return read.left
    standing = _Standing(link, link.url in setting.unsubscribe)
    return take_out(read.left, read.telling, default_catalogue(), standing)


def _reasons(link: Link, cleaned: CleanedLink, *, wrapped: bool) -> tuple[Reason, ...]:
    reasons = [Reason("vendor_rule", cleaned.vendor)] if wrapped and cleaned.vendor else []
    if cleaned.taken:
        reasons += [Reason("parameter", name) for name in cleaned.removed]
    shown = find_mismatch(link, cleaned)
    return (*reasons, Reason("mismatch", shown)) if shown else tuple(reasons)


_SHOWN = re.compile(
    r"(?:https?://(?:www\.)?|www\.)([\w.-]+\.[a-z]{2,})(?::\d+)?(?:[/?#]\S*)?"
    r"|((?:[\w-]+\.)+(?:com|org|net|edu|gov|info|biz|de|fr|it|es|nl|eu|pl|ch|at|se|ca|us|uk|jp|in|br|au))/?",
    re.IGNORECASE | re.ASCII,
)


def find_mismatch(link: Link, cleaned: CleanedLink) -> str:
    """Give the host that a link's text shows where its target lies with another owner, "" where not.

    Of a wrapper whose target only its vendor knows nothing is said.
    """
    known = cleaned.url if cleaned.action in _CHANGED and cleaned.why in _DONE else cleaned.target
    found = _SHOWN.fullmatch(link.text.strip()) if known and "." in link.text else None
    target = parse(known) if found and known else None
    if found is None or target is None:
        return ""
    shown = (found[1] or found[2]).lower()
    if target.host == shown or target.host.endswith(f".{shown}"):
        return ""
    return shown if registrable(shown) != registrable(target.host) else ""
