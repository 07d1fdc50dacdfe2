"""What to do about a finding: the reader's choice, and the limits that no choice overrides.

A policy also decides about loads that are no finding, since whoever is asked hears that the mail was opened:
under strict nothing remote loads at all; under default only what shows something does (`precautions.py`).
Those stops are edits without a finding, for nothing speaks against the sender, and are counted in a note."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bothways.judge.findings import Action, Kind, WhySeen
from bothways.urls.wrappers import LinkOptions

if TYPE_CHECKING:
    from bothways.urls.links import Known
    from bothways.urls.recipients import Recipients

_LINKS = LinkOptions()


@dataclass(frozen=True, slots=True)
class Policy:
    """What the reader wants done.

    `clean_signed` also edits parts under a signature (which then no longer verifies); `clean_signed_from`
    does so for some senders: addresses, or `@` and a domain, in lower case. `own_tools` are the tools that
    the reader sends mail with, by vendor id or host: see `own_tools.py`.
    """

    name: str
    block_invisible: bool = True
    block_visible: bool = False
    clean_links: bool = True
    clean_signed: bool = False
    clean_signed_from: frozenset[str] = frozenset()
    links: LinkOptions = _LINKS
    own_tools: frozenset[str] = frozenset()

    def toward(self, sender: str) -> "Policy":
        """Give the policy for the mail of one sender."""
        address = sender.lower()
        if self.clean_signed or not {address, "@" + address.rpartition("@")[2]} & self.clean_signed_from:
            return self
        return replace(self, clean_signed=True)


DEFAULT = Policy("default")
"""Invisible loads are blocked and links cleaned; an image that a person would see is reported and kept.

Of what is no finding, pictures stay, and the style sheets and fonts of public hosts that serve everybody
alike; frames, scripts, media, hints to load ahead and other style sheets and fonts do not load."""

STRICT = Policy("strict", block_visible=True)
"""Visible images that single out the reader are blocked too, and so is everything else that is remote."""

WATCH = Policy("watch", block_invisible=False, clean_links=False)
"""Nothing is changed; findings are reported."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where in the mail a finding lies, as far as that forbids a change, and whose mail it is.

    `unsubscribe` are the URLs that the mail names for leaving its list, `reader` the reader's addresses;
    `reply` where the mail answers another, of which it may quote; `links` what came of its links so far, for
    a mail's two texts mostly hold the same ones.
    """

    signed: bool = False
    attached: bool = False
    own: bool = False
    unsubscribe: frozenset[str] = frozenset()
    reader: "Recipients | None" = None
    reply: bool = False
    links: "Known | None" = field(default=None, compare=False, repr=False)


FREE = Setting()
"""A place where nothing forbids a change."""


def why_untouchable(setting: Setting, policy: Policy) -> WhySeen | None:
    """Give the reason for which nothing in this setting may be changed, None where it may."""
    if setting.own:
        return WhySeen.OWN
    if setting.attached:
        return WhySeen.ATTACHMENT
    if setting.signed and not policy.clean_signed:
        return WhySeen.SIGNED
    return None


def decide_load(
    kind: Kind, policy: Policy, setting: Setting, *, visible: bool
) -> tuple[Action, WhySeen | None]:
    """Decide about an automatic load that was found; `kind` tells a receipt from an open."""
    untouchable = why_untouchable(setting, policy)
    if untouchable is not None:
        return Action.SEEN, untouchable
    wanted = policy.block_visible if visible and kind is Kind.OPEN else policy.block_invisible
    return (Action.BLOCKED, None) if wanted else (Action.SEEN, WhySeen.POLICY)


def decide_link(policy: Policy, setting: Setting) -> tuple[Action, WhySeen | None]:
    """Decide about a click wrapper whose target is known."""
    untouchable = why_untouchable(setting, policy)
    if untouchable is not None:
        return Action.SEEN, untouchable
    return (Action.CLEANED, None) if policy.clean_links else (Action.SEEN, WhySeen.POLICY)
