"""What to change in a plain text: the links that are click wrappers.

A link that was cut by line wrapping gives way to its target on one line: a link in one piece is one that
every client can open. Where the length is kept, so is every line break, and the target stands on the first
line that holds it, or over the lines as its wrapper did.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from bothways.arranging import Proposal
from bothways.broken_links import Flow, TextLink, find_links_over_lines
from bothways.judge.policy import FREE, Policy, Setting
from bothways.link_proposals import judge_link
from bothways.markup.found import Link
from bothways.message.armour import Region
from bothways.message.edits import Change
from bothways.own_tools import find_own, find_quoted_lines

_CLOSERS = frozenset(">)]}\"'")
_LINE_BREAK = re.compile(r"[\r\n]")
_PLACES = (1, 3)
"""What an equals sign takes: in quoted-printable it is `=3D`."""
_LINE_END = frozenset({"", "\r", "\n"})


def propose_text(
    text: str,
    policy: Policy,
    setting: Setting = FREE,
    *,
    armour: Sequence[Region] = (),
    flow: Flow = Flow.FIXED,
    keep_length: bool = False,
) -> list[Proposal]:
    """Judge the links of a plain text.

    `armour` are the regions under a signature, sorted and disjoint. To keep the length, the rest of a
    line moves up and is padded at its end, where nobody sees it; but in a flowed text (RFC 3676) a space
    before a line break has a meaning, so there the padding follows the link, and one at a line's end stays.
    """
    proposals = []
    own = find_own(text, find_quoted_lines, policy, setting)
    for found in find_links_over_lines(text, flow):
        link = found.link
        where = replace(setting, signed=True) if armour and _is_within(link, armour) else setting
        finding = judge_link(link, policy, where)
        if finding is None:
            continue
        change = None
        if finding.replacement is not None:
            write = _change_over_lines if found.breaks and keep_length else _change_in_text
            change = write(text, found, flow, finding.replacement)
        proposal = Proposal(finding, change)
        proposals.append(own.leave(proposal, link.start) if own else proposal)
    return _pad_at_line_end(text, proposals) if keep_length and flow is Flow.FIXED else proposals


def _is_within(link: Link, regions: Sequence[Region]) -> bool:
    index = bisect_right(regions, link.end, key=attrgetter("start")) - 1
    return index >= 0 and link.start < regions[index].end


def _pad_at_line_end(text: str, proposals: list[Proposal]) -> list[Proposal]:
    """Make one change of all changes that share a line, from the first one's start to the last line's end."""
    groups: list[list[Change]] = []
    line_end = 0
    for change in (proposal.change for proposal in proposals if proposal.change):
        if change.start >= line_end:
            groups.append([])
        groups[-1].append(change)
        if change.end > line_end:
            line_end = _find_line_end(text, change.end)
    whole: dict[int, Change] = {}
    for changes in groups:
        one = _make_one(text, changes)
        whole |= dict.fromkeys((change.start for change in changes), one)
    return [
        replace(proposal, change=whole[proposal.change.start]) if proposal.change else proposal
        for proposal in proposals
    ]


def _find_line_end(text: str, position: int) -> int:
    found = _LINE_BREAK.search(text, position)
    return found.start() if found else len(text)


def _make_one(text: str, changes: Sequence[Change]) -> Change:
    """Make all changes in one, which reaches to the line's end."""
    end = _find_line_end(text, changes[-1].end)
    pieces: list[str] = []
    position = changes[0].start
    for change in changes:
        pieces += text[position : change.start], change.candidates[0]
        position = change.end
    return Change(changes[0].start, end, ("".join([*pieces, text[position:end]]),))


def _change_in_text(text: str, found: TextLink, flow: Flow, target: str) -> Change:
    """Put the target in the link's place, with the bracket that closes it: padding follows both."""
    closer, end = _closer(text, found.link)
    pad = flow is Flow.FIXED or text[end : end + 1] not in _LINE_END
    return Change(found.link.start, end, (target + closer,), pad)


def _change_over_lines(text: str, found: TextLink, flow: Flow, target: str) -> Change:
    """Put the target in the link's place, with both of its brackets and every line break."""
    closer, end = _closer(text, found.link)
    opener = "<" if closer == ">" and text[found.link.start - 1] == "<" else ""
    start = found.link.start - len(opener)
    rooms = [text[begin:stop] for begin, stop in found.rooms(start, end)]
    written = opener + target + closer
    if flow is Flow.FIXED:
        rest = text[end : _find_line_end(text, end)]
        if "://" not in rest and any(len(written) + len(rest) <= len(room) for room in rooms):
            written, end = written + rest, end + len(rest)
        return Change(start, end, (_interleave(text, found, _lay_out(written, rooms)),))
    layouts = (_lay_out_at_end(written, rooms, places) for places in _PLACES)
    fitting = [lines for lines in layouts if lines and not _adds_soft_break(text, found, lines)]
    return Change(start, end, tuple(_interleave(text, found, lines) for lines in fitting), pad=False)


def _closer(text: str, link: Link) -> tuple[str, int]:
    """Give the bracket or quote that closes a link, "" where none does, and where the link ends with it."""
    closer = text[link.end : link.end + 1]
    return (closer, link.end + 1) if closer in _CLOSERS else ("", link.end)


def _interleave(text: str, found: TextLink, lines: Sequence[str]) -> str:
    """Write lines with the breaks between them that stand in the text."""
    breaks = [text[start:end] for start, end in found.breaks]
    return "".join(line + after for line, after in zip(lines, [*breaks, ""], strict=True))


def _lay_out(written: str, rooms: Sequence[str]) -> list[str]:
    """Write on the first line with room for the whole, else over all lines, each as full as it was."""
    fitting = next((number for number, room in enumerate(rooms) if len(written) <= len(room)), None)
    if fitting is not None:
        return [written if number == fitting else "" for number in range(len(rooms))]
    lines = []
    for room in rooms[:-1]:
        lines.append(written[: len(room)])
        written = written[len(room) :]
    return [*lines, written]


def _lay_out_at_end(written: str, rooms: Sequence[str], places: int) -> list[str]:
    """Write so that the text ends where it ended, each line as long as it was; blanks come first.

    `places` are those that an equals sign takes. Empty where there is too little room.
    """
    lines: list[str] = []
    for room in reversed(rooms):
        left = len(room) + room.count("=") * (places - 1)
        cut = len(written)
        while cut and (taken := places if written[cut - 1] == "=" else 1) <= left:
            left -= taken
            cut -= 1
        # Quoted-printable can fill two places more, never one.
        cut += bool(cut) and left % 2
        lines.append(" " * (0 if cut else left) + written[cut:])
        written = written[:cut]
    return [] if written else lines[::-1]


def _adds_soft_break(text: str, found: TextLink, lines: Sequence[str]) -> bool:
    """Say whether a line would end in a blank that did not."""
    ends = zip(lines[:-1], found.breaks, strict=True)
    return any(line.endswith(" ") and text[start] != " " for line, (start, _) in ends)
