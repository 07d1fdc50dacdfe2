"""The vocabulary of verdicts: what was found in a mail, how sure that is and what became of it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bothways.urls.links import CleanedLink


class Kind(StrEnum):
    """What a finding would tell the sender."""

    OPEN = "open"
    """An automatic load whose URL singles out the reader or the send, visible or not."""
    CLICK = "click"
    RECEIPT = "receipt"
    PREFETCH = "prefetch"


class Certainty(StrEnum):
    """How a finding came about."""

    KNOWN = "known"
    """A vendor's rule matched."""
    LIKELY = "likely"
    """Its shape says so; the reasons are listed."""


class Action(StrEnum):
    """What became of a finding."""

    BLOCKED = "blocked"
    """A load that no longer happens."""
    CLEANED = "cleaned"
    """A link that now leads straight to its target."""
    SEEN = "seen"
    """Found and left as it is; `WhySeen` says why."""


class WhySeen(StrEnum):
    """Why a finding was left in the mail."""

    POLICY = "policy"
    SIGNED = "signed"
    ATTACHMENT = "attachment"
    NO_ROOM = "no_room"
    OPAQUE = "opaque"
    LIMIT = "limit"
    OWN = "own"


class Reason(NamedTuple):
    """One signal that spoke for a finding: its code and what it saw."""

    code: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One tracked URL of one mail.

    `url` is as written, with character references decoded and tab, CR, LF and NUL removed.
    `vendor` is a catalogue id, None where the tool is unknown; `carrier` is the host that the URL names.
    `replacement` is what stands in its place now, "" where it was taken out, None where it was left.
    `link` is what the rules made of a link, kept for who asks what a click tells (`urls.telling`).
    """

    kind: Kind
    certainty: Certainty
    action: Action
    url: str
    element: str
    attribute: str
    why_seen: WhySeen | None = None
    visible: bool = False
    vendor: str | None = None
    company: str | None = None
    carrier: str | None = None
    reasons: tuple[Reason, ...] = ()
    replacement: str | None = None
    link: "CleanedLink | None" = field(default=None, compare=False, repr=False)

    def decided(
        self, action: Action, why_seen: WhySeen | None = None, replacement: str | None = None
    ) -> "Finding":
        """Give the same finding with what became of it; `dataclasses.replace` takes four times as long."""
        return Finding(
            self.kind,
            self.certainty,
            action,
            self.url,
            self.element,
            self.attribute,
            why_seen,
            self.visible,
            self.vendor,
            self.company,
            self.carrier,
            self.reasons,
            replacement,
            self.link,
        )
