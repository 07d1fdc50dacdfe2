"""The line itself: from a mail to the same mail without trackers, with every change listed.

raw octets --split--> parts --decode--> text --find--> references, links --judge--> findings
    --decide(policy)--> changes --plan--> edits of the original's octets --apply--> raw octets'
"""

import logging
import re
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING

from bothways.arranging import Proposal, arrange, settle
from bothways.broken_links import Flow
from bothways.calendars import Room, propose_calendar
from bothways.header_requests import judge_external_bodies, judge_receipts
from bothways.judge.findings import Action, Finding, WhySeen
from bothways.judge.policy import DEFAULT, Policy, Setting
from bothways.leaves import Form, Leaf, read_leaf
from bothways.message.armour import find_protected
from bothways.message.edits import Edit, Planned, apply, refill, restore_octets, splice
from bothways.message.encodings import decode_text
from bothways.message.mime import Message, Protection, split
from bothways.proposals import propose_html, propose_sheet
from bothways.text_proposals import propose_text
from bothways.urls.links import CleanedLink, clean_link
from bothways.urls.purpose import NOWHERE, LinkContext
from bothways.urls.recipients import Recipients
from bothways.urls.wrappers import LinkOptions
from bothways.vendors.catalogue import default_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bothways.message.encodings import PartText
    from bothways.urls.links import Known

LINKS = LinkOptions()
_IN_ANGLES = re.compile(r"<([^<>]+)>")
_MOST_READERS = 4
"""Addresses taken for the reader's where only the mail names them: a list in To is not one reader."""
_RENDERING = Setting(reply=True)
"""A text without its mail: whether that answers another is not known."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A mail after cleaning: its octets, what was found, what was changed, marks on what could not be done.

    `edits` are spans of the original's octets, sorted and disjoint; without one, `raw` is the original.
    """

    raw: bytes
    findings: tuple[Finding, ...] = ()
    edits: tuple[Edit, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextEdit:
    """One change of a text: `start` counts characters of the original text."""

    start: int
    original: str
    replacement: str


@dataclass(frozen=True, slots=True)
class CleanedText:
    """A text after cleaning, with its findings and its edits in characters."""

    text: str
    findings: tuple[Finding, ...] = ()
    edits: tuple[TextEdit, ...] = ()


def clean_message(
    raw: bytes, *, recipients: "Sequence[str]" = (), policy: Policy = DEFAULT, keep_length: bool = False
) -> Cleaned:
    """Take trackers out of a raw mail.

    `recipients` are the reader's own addresses. With `keep_length` the result has the same octet count, the
    same lines and the same line breaks. Never raises: a mail that cannot be handled comes back unchanged with
    a note `failed:...`.
    """
    try:
        return _clean_message(raw, recipients, policy, keep_length=keep_length)
    except Exception as error:
        log.exception("a mail passes unchanged")
        return Cleaned(raw, notes=(f"failed:{type(error).__name__}",))


def clean_html(
    html: str, *, recipients: "Sequence[str]" = (), policy: Policy = DEFAULT, base_url: str | None = None
) -> CleanedText:
    """Take trackers out of an HTML text that is a rendering of a mail, as a webmail shows it."""
    setting = replace(_RENDERING, reader=Recipients.of(recipients) if recipients else None, links={})
    return _apply_to_text(html, propose_html(html, policy, setting, base=base_url or ""))


def clean_text(text: str, *, policy: Policy = DEFAULT) -> CleanedText:
    """Take click wrappers out of a plain text."""
    return _apply_to_text(text, propose_text(text, policy, replace(_RENDERING, links={})))


def clean_url(
    url: str,
    *,
    options: LinkOptions = LINKS,
    recipients: "Sequence[str]" = (),
    context: LinkContext | None = None,
) -> CleanedLink:
    """Take click wrappers off one URL, layer by layer, and tracking parameters out; nobody is asked."""
    del recipients  # what a link tells does not depend on whom it tells of
    return clean_link(url, default_catalogue(), options, context or NOWHERE)


def restore(cleaned: Cleaned) -> bytes:
    """Give back the original mail, octet for octet."""
    return restore_octets(cleaned.raw, cleaned.edits)


@dataclass(frozen=True, slots=True)
class CleanedPart:
    """One part after cleaning: how it was read, what was found, its edits, the loads stopped besides."""

    text: "PartText"
    leaf: Leaf
    setting: Setting
    findings: tuple[Finding, ...]
    edits: tuple[Edit, ...] = ()
    precautions: int = 0


def judge_head(
    message: Message, recipients: "Sequence[str]", policy: Policy
) -> tuple[list[Finding], list[Edit]]:
    """Judge what a mail asks for outside of its texts."""
    sender = message.sender
    own, policy = _is_own(sender, recipients), policy.toward(sender)
    findings, edits = judge_receipts(message, policy, own=own)
    return findings + judge_external_bodies(message, policy, own=own), edits


def clean_parts(
    message: Message, recipients: "Sequence[str]", policy: Policy, *, keep_length: bool = False
) -> "Iterator[CleanedPart]":
    """Clean every part of a mail that is read for trackers, in their order."""
    sender = message.sender
    own, policy = _is_own(sender, recipients), policy.toward(sender)
    reply = any(message.header(name) for name in ("in-reply-to", "references"))
    unsubscribe = frozenset(_IN_ANGLES.findall(message.header("list-unsubscribe") or ""))
    reader = Recipients.of(recipients or message.recipients[:_MOST_READERS])
    links: Known = {}
    for part in message.parts:
        leaf = read_leaf(part)
        if leaf is not None:
            text = decode_text(message.raw, part)
            signed = part.protection is not Protection.NONE
            setting = Setting(signed, leaf.as_file, own, unsubscribe, reader, reply, links)
            cleaned = _clean_leaf(message.raw, text, leaf, policy, setting, keep_length=keep_length)
            yield CleanedPart(text, leaf, setting, *cleaned)


def _is_own(sender: str, recipients: "Sequence[str]") -> bool:
    return sender.lower() in {address.lower() for address in recipients}


def _clean_message(raw: bytes, recipients: "Sequence[str]", policy: Policy, *, keep_length: bool) -> Cleaned:
    message = split(raw)
    findings, edits = judge_head(message, recipients, policy)
    notes = list(message.notes)
    precautions = 0
    for part in clean_parts(message, recipients, policy, keep_length=keep_length):
        findings += part.findings
        edits += part.edits
        notes += part.text.notes
        precautions += part.precautions
    edits.sort(key=attrgetter("start"))
    cleaned = apply(raw, edits)
    if not _unharmed(raw, cleaned, edits, keep_length=keep_length):
        return Cleaned(raw, tuple(map(_left, findings)), notes=(*notes, "failed:check"))
    if precautions:
        notes.append(f"remote:{precautions}")
    if edits and message.transport_signed:
        notes.append("dkim")
    return Cleaned(cleaned, _unique(findings), tuple(edits), tuple(dict.fromkeys(notes)))


def _clean_leaf(
    raw: bytes,
    text: "PartText",
    leaf: Leaf,
    policy: Policy,
    setting: Setting,
    *,
    keep_length: bool,
) -> tuple[tuple[Finding, ...], tuple[Edit, ...], int]:
    """Give the findings of a part, its edits, and how many loads were stopped as a precaution."""
    proposals = _propose(text, leaf.form, policy, setting, keep_length=keep_length)
    if not proposals:
        return (), (), 0
    changes, carried = arrange(proposals)
    plan = refill if keep_length else splice
    planned = plan(raw, text, changes) if changes else Planned((), ())
    findings, precautions = settle(proposals, carried, planned.chosen)
    return tuple(findings), planned.edits, precautions


def _propose(
    text: "PartText", form: Form, policy: Policy, setting: Setting, *, keep_length: bool
) -> list[Proposal]:
    match form:
        case Form.HTML | Form.XML:
            return propose_html(text.text, policy, setting, xml=form is Form.XML)
        case Form.SHEET:
            return propose_sheet(text.text, policy, setting)
        case Form.CALENDAR:
            quoted = text.part.encoding == "quoted-printable"
            room = Room.ANY if not keep_length else Room.QUOTED if quoted else Room.KEPT
            return propose_calendar(text.text, policy, setting, room)
        case Form.TEXT:
            armour, flow = find_protected(text), Flow.of(text.part.parameters)
            return propose_text(text.text, policy, setting, armour=armour, flow=flow, keep_length=keep_length)


def _unharmed(raw: bytes, cleaned: bytes, edits: "Sequence[Edit]", *, keep_length: bool) -> bool:
    """Check what the rest of the program promises, whatever the planner did."""
    if not edits:
        return cleaned == raw
    if keep_length and (len(cleaned) != len(raw) or cleaned.count(b"\n") != raw.count(b"\n")):
        return False
    return restore_octets(cleaned, edits) == raw


def _left(finding: Finding) -> Finding:
    if finding.action is Action.SEEN:
        return finding
    return replace(finding, action=Action.SEEN, why_seen=WhySeen.LIMIT, replacement=None)


def _unique(findings: "Sequence[Finding]") -> tuple[Finding, ...]:
    """A URL that stands in a mail many times with one outcome is one finding, with its first reasons."""
    first: dict[tuple[object, ...], Finding] = {}
    for f in findings:
        first.setdefault((f.kind, f.url, f.element, f.attribute, f.action, f.why_seen), f)
    return tuple(first.values())


def _apply_to_text(text: str, proposals: "Sequence[Proposal]") -> CleanedText:
    changes, carried = arrange(proposals)
    pieces: list[str] = []
    edits: list[TextEdit] = []
    position = 0
    for change in changes:
        pieces += text[position : change.start], change.candidates[0]
        edits.append(TextEdit(change.start, text[change.start : change.end], change.candidates[0]))
        position = change.end
    pieces.append(text[position:])
    chosen = [change.candidates[0] for change in changes]
    return CleanedText("".join(pieces), _unique(settle(proposals, carried, chosen)[0]), tuple(edits))
