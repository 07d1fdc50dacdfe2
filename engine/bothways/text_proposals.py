"""What to change in a plain text: the links that are click wrappers."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter

from bothways.arranging import Proposal
from bothways.judge.policy import FREE, Policy, Setting
from bothways.link_proposals import propose_link
from bothways.markup.references import Link, find_text_links
from bothways.message.armour import Region
from bothways.message.edits import Change

_CLOSERS = frozenset(">)]}\"'")
_LINE_BREAK = re.compile(r"[\r\n]")
_LINE_END = frozenset({"", "\r", "\n"})


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
        proposal = propose_link(link, policy, where, partial(_change_in_text, text, link, flowed=flowed))
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


def _change_in_text(text: str, link: Link, target: str, *, flowed: bool) -> Change:
    """Put the target in the link's place, with the bracket that closes it: padding follows both."""
    closer = text[link.end : link.end + 1]
    closer = closer if closer in _CLOSERS else ""
    end = link.end + len(closer)
    return Change(link.start, end, (target + closer,), pad=not flowed or text[end : end + 1] not in _LINE_END)
