"""What to change for each finding: the least harmful edit that stops the load or shortens the link.

A void element that only loads is taken out whole; of any other element the attribute is emptied, so that what
it encloses stays; a CSS image becomes `none`; a link keeps its tag and gets its target.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape, unescape
from operator import attrgetter

from bothways.judge.findings import Action, Certainty, Finding, Kind, Reason, WhySeen
from bothways.judge.judge import judge_reference
from bothways.judge.policy import FREE, Policy, Setting, decide_link, decide_load
from bothways.judge.surroundings import survey
from bothways.markup.references import Link, Reference, find, find_text_links
from bothways.markup.slots import ANY, Reading
from bothways.markup.tokens import Context
from bothways.message.armour import Region
from bothways.message.edits import Change
from bothways.urls.address import parse
from bothways.urls.wrappers import LinkAction, LinkOptions, undo
from bothways.vendors.catalogue import default_catalogue

_VOID_LOADERS = frozenset({"img", "image", "input", "link", "embed", "source", "track", "bgsound", "meta"})
"""Elements without content that do nothing but load: nothing is lost but the load when the tag goes."""
_CLOSERS = frozenset(">)]}\"'")
_LINE_BREAK = re.compile(r"[\r\n]")
_LINE_END = frozenset({"", "\r", "\n"})
_IN_MAIL = LinkOptions()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A finding with the action that was decided, and the change that carries it out, if any."""

    finding: Finding
    change: Change | None = None


def propose_html(html: str, policy: Policy, setting: Setting = FREE, *, base: str = "") -> list[Proposal]:
    """Judge all that an HTML text loads and links to."""
    found = find(html)
    surroundings = survey(html, found, base)
    proposals = []
    for reference in found.references:
        finding = judge_reference(reference, surroundings)
        if finding is not None:
            proposals.append(_propose_load(html, reference, finding, policy, setting))
    for link in found.links:
        proposal = _propose_link(link, policy, setting, partial(_change_of_link, html, link))
        if proposal is not None:
            proposals.append(proposal)
    return proposals


def propose_text(
    text: str,
    policy: Policy,
    setting: Setting = FREE,
    *,
    armour: Sequence[Region] = (),
    flowed: bool = False,
    keep_length: bool = False,
) -> list[Proposal]:
    """Judge the links of a plain text.

    `armour` are the regions under a signature, sorted and disjoint. To keep the length, the rest of a
    line moves up and is padded at its end, where nobody sees it; but in a `flowed` text (RFC 3676) a space
    before a line break has a meaning, so there the padding follows the link, and one at a line's end stays.
    """
    proposals = []
    for link in find_text_links(text):
        region = bisect_right(armour, link.end, key=attrgetter("start")) - 1
        inside = region >= 0 and link.start < armour[region].end
        where = replace(setting, signed=True) if inside else setting
        proposal = _propose_link(link, policy, where, partial(_change_in_text, text, link, flowed=flowed))
        if proposal is not None:
            proposals.append(proposal)
    return _pad_at_line_end(text, proposals) if keep_length and not flowed else proposals


def _pad_at_line_end(text: str, proposals: list[Proposal]) -> list[Proposal]:
    """Make one change of all changes on a line, from the first one's start to the line's end."""
    lines: dict[int, list[Change]] = {}
    line_end = 0
    for change in (proposal.change for proposal in proposals if proposal.change):
        if change.start >= line_end:
            found = _LINE_BREAK.search(text, change.end)
            line_end = found.start() if found else len(text)
        lines.setdefault(line_end, []).append(change)
    whole = {
        change.start: Change(changes[0].start, end, (_rewrite(text, changes, end),))
        for end, changes in lines.items()
        for change in changes
    }
    return [
        replace(proposal, change=whole[proposal.change.start]) if proposal.change else proposal
        for proposal in proposals
    ]


def _rewrite(text: str, changes: Sequence[Change], end: int) -> str:
    """Write what stands from the first change to `end`, with all changes made."""
    pieces: list[str] = []
    position = changes[0].start
    for change in changes:
        pieces += text[position : change.start], change.candidates[0]
        position = change.end
    return "".join([*pieces, text[position:end]])


def arrange(proposals: Sequence[Proposal]) -> tuple[list[Change], list[int | None]]:
    """Sort the changes, leave out those within another, and tell each proposal which one carries it out."""
    wanted = [(proposal.change, index) for index, proposal in enumerate(proposals) if proposal.change]
    wanted.sort(key=lambda row: (row[0].start, -row[0].end))
    changes: list[Change] = []
    carried: list[int | None] = [None] * len(proposals)
    for change, index in wanted:
        if not changes or change.end > changes[-1].end:
            changes.append(change)
        carried[index] = len(changes) - 1
    return changes, carried


def settle(
    proposals: Sequence[Proposal], carried: Sequence[int | None], chosen: Sequence[str | None]
) -> list[Finding]:
    """Say of each finding what became of it: where its change found no room, it is seen."""
    return [
        proposal.finding if index is None or chosen[index] is not None else _no_room(proposal.finding)
        for proposal, index in zip(proposals, carried, strict=True)
    ]


def _no_room(finding: Finding) -> Finding:
    return replace(finding, action=Action.SEEN, why_seen=WhySeen.NO_ROOM, replacement=None)


def _propose_load(
    html: str, reference: Reference, finding: Finding, policy: Policy, setting: Setting
) -> Proposal:
    action, why = decide_load(finding.kind, policy, setting, visible=finding.visible)
    if action is not Action.BLOCKED:
        return Proposal(replace(finding, action=action, why_seen=why))
    return Proposal(replace(finding, action=action, replacement=""), _change_of_load(html, reference))


def _change_of_load(html: str, reference: Reference) -> Change:
    if reference.tag is not None and reference.tag.name in _VOID_LOADERS and not _in_css(reference):
        return Change(reference.tag.start, reference.tag.end, ("",))
    if _in_css(reference):
        return Change(
            reference.start, reference.end, ("" if reference.attribute == "css_import" else "none",)
        )
    return _change_of_value(html, reference, "")


def _in_css(reference: Reference) -> bool:
    slot = ANY.get(reference.attribute)
    return reference.element == "style" or (slot is not None and slot.reading is Reading.STYLE)


def _change_of_value(html: str, place: Reference | Link, *values: str) -> Change:
    """Put a value into an attribute and close it right after, so that padding falls outside the value."""
    start, end = place.start, place.end
    if place.context == Context.SRCDOC:
        # The inner text's quotes are the outer attribute's characters: keep to what is inside them.
        return Change(start, end, tuple(escape(value) for value in values))
    quote = html[end : end + 1]
    if quote in {'"', "'"} and html[start - 1 : start] == quote:
        return Change(start, end + 1, tuple(value + quote for value in values))
    return Change(start, end, tuple(f'"{value}"' for value in values))


def _change_in_text(text: str, link: Link, target: str, *, flowed: bool) -> Change:
    """Put the target in the link's place, with the bracket that closes it: padding follows both."""
    closer = text[link.end : link.end + 1]
    closer = closer if closer in _CLOSERS else ""
    end = link.end + len(closer)
    return Change(link.start, end, (target + closer,), pad=not flowed or text[end : end + 1] not in _LINE_END)


def _propose_link(
    link: Link, policy: Policy, setting: Setting, change: Callable[[str], Change]
) -> Proposal | None:
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


def _change_of_link(html: str, link: Link, target: str) -> Change:
    return _change_of_value(html, link, *_written(target))


def _written(url: str) -> tuple[str, ...]:
    """Ways to write a URL in an attribute: escaped, and plain where that reads as the same URL."""
    escaped = escape(url)
    plain_reads_same = unescape(url) == url and not set(url) & set("\"'<>` ")
    return (escaped, url) if plain_reads_same and escaped != url else (escaped,)
