"""What becomes of a link: its target in the place of a click wrapper, without what tells on the reader."""

import re
from typing import NamedTuple

from bothways.judge.findings import Action, Certainty, Finding, Kind, Reason, WhySeen
from bothways.judge.policy import Policy, Setting, decide_link
from bothways.markup.references import Link
from bothways.urls.address import parse
from bothways.urls.domains import registrable
from bothways.urls.links import NEEDED, CleanedLink, ReadLink, read_link, take_out
from bothways.urls.wrappers import OPAQUE, LinkAction
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


def judge_link(link: Link, policy: Policy, setting: Setting) -> Finding | None:
    """Give what a link tells and what becomes of it, None where nothing tracks.

    A `replacement` is its target, to be put in its place. A link that needs the parameters that tell on its
    reader (to leave a list, to sign in) is no finding.
    """
    read = _read(link.url, policy, setting)
    if read is None:
        return None
    cleaned, wrapped = read.left, read.left.vendor is not None
    if read.telling is not None:
        standing = _Standing(link, link.url in setting.unsubscribe)
        cleaned = take_out(cleaned, read.telling, default_catalogue(), standing)
    if not wrapped and not cleaned.taken:
        return None
    if cleaned.action in _CHANGED:
        action, why = decide_link(policy, setting)
    else:
        asked = cleaned.action is LinkAction.REPORT_ONLY
        action, why = Action.SEEN, WhySeen.POLICY if asked else WhySeen.OPAQUE
    return Finding(
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
        replacement=cleaned.url if action is Action.CLEANED else None,
        link=cleaned,
    )


def _read(url: str, policy: Policy, setting: Setting) -> ReadLink | None:
    """Read a link once in a mail: only what depends on where it stands is worked out each time."""
    known = setting.links
    if known is None:
        return read_link(url, default_catalogue(), policy.links)
    if url not in known:
        known[url] = read_link(url, default_catalogue(), policy.links)
    return known[url]


def _reasons(link: Link, cleaned: CleanedLink, *, wrapped: bool) -> tuple[Reason, ...]:
    if cleaned.why == OPAQUE and cleaned.vendor:
        return (Reason("vendor_rule", cleaned.vendor),)
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
