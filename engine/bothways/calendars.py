"""What to change in a calendar (RFC 5545): links in its texts, HTML descriptions, what a client attaches.

A value is read unfolded and, where it is text, without its backslashes; each change is mapped back. A
property that loads something (`ATTACH`, `IMAGE`) is kept, under a name of the same length that no client
knows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from bothways.arranging import Proposal
from bothways.calendar_values import FOLD, Written, escape_value
from bothways.judge.findings import Action, Finding
from bothways.judge.judge import judge_reference
from bothways.judge.policy import FREE, Policy, Setting, decide_load, why_untouchable
from bothways.link_proposals import judge_link
from bothways.markup.references import Reference, find_text_links
from bothways.message.edits import Change
from bothways.message.receipts import overwrite_name
from bothways.precautions import is_remote
from bothways.proposals import propose_html

_LINE = re.compile(r"[^\r\n]++(?:(?:\r\n?|\n)[ \t][^\r\n]*+)*+")
_NAME = re.compile(r"[A-Za-z0-9-]++")
_BEFORE_VALUE = re.compile(r"""(?:[^":]++|"[^"]*+")*+:""")
_LOADING = frozenset(("ATTACH", "IMAGE", "SOURCE"))
_IDENTITY = frozenset(("UID", "RELATED-TO"))
_ADDRESSES = frozenset((*_LOADING, "URL", "CONFERENCE"))
"""Properties whose value is an address: a backslash in them is itself (RFC 5545, 3.3.13)."""


class Room(Enum):
    """What a change may do to the lines that a folded value stands on."""

    ANY = "any"
    KEPT = "kept"
    """Octets and line breaks stay."""
    QUOTED = "quoted"
    """As well, and only the writer of quoted-printable knows what fits on a line."""


def propose_calendar(
    text: str, policy: Policy, setting: Setting = FREE, room: Room = Room.ANY
) -> list[Proposal]:
    """Judge what a calendar's properties lead to and load."""
    proposals: list[Proposal] = []
    for value in read_values(text):
        if value.loads:
            proposals += _propose_load(text, value, policy, setting)
            continue
        escaped = not value.is_address
        written = Written(text, value.start, value.line.end(), escaped=escaped)
        if value.is_html:
            inner = propose_html(written.text, policy, setting)
        else:
            inner = list(_propose_links(written.text, policy, setting))
        proposals += [_map_back(text, proposal, written, room, escaped=escaped) for proposal in inner]
    return proposals


@dataclass(frozen=True, slots=True)
class Value:
    """A property's folded line and where its value starts in the text."""

    name: str
    line: re.Match[str]
    start: int
    head: str
    """What stands before the value, in capitals."""

    @property
    def is_address(self) -> bool:
        """True where a backslash in the value is itself."""
        return self.name.upper() in _ADDRESSES

    @property
    def is_html(self) -> bool:
        """True for a description in HTML."""
        return "FMTTYPE=TEXT/HTML" in self.head

    @property
    def loads(self) -> bool:
        """True where a client may fetch the value."""
        return self.name.upper() in _LOADING and "ENCODING=BASE64" not in self.head


def read_values(text: str) -> Iterator[Value]:
    """Give the properties whose values may hold an address."""
    for line in _LINE.finditer(text):
        name = _NAME.match(line[0])
        value = _BEFORE_VALUE.match(line[0])
        if name is not None and value is not None and name[0].upper() not in _IDENTITY:
            head = FOLD.sub("", value[0]).upper()
            yield Value(name[0], line, line.start() + value.end(), head)


def read_load(text: str, value: Value) -> Reference | None:
    """Give what a client may fetch for a property; None where that does not lead out of the mail."""
    line = value.line
    url = Written(text, value.start, line.end(), escaped=False).text.strip()
    if not is_remote(url, ""):
        return None
    position = line.start() / len(text)
    return Reference(url, "calendar", value.name.lower(), value.start, line.end(), position=position)


def _propose_load(text: str, value: Value, policy: Policy, setting: Setting) -> Iterator[Proposal]:
    """Judge an address that a client may fetch, and take the property out of its sight."""
    reference = read_load(text, value)
    if reference is None:
        return
    start = value.line.start()
    rename = Change(start, start + len(value.name), (overwrite_name(value.name),))
    finding = judge_reference(reference)
    if finding is not None:
        yield _decide(replace(finding, visible=False), rename, policy, setting)
    elif policy.block_invisible and why_untouchable(setting, policy) is None:
        yield Proposal(None, rename)


def _decide(finding: Finding, change: Change, policy: Policy, setting: Setting) -> Proposal:
    action, why = decide_load(finding.kind, policy, setting, visible=False)
    if action is not Action.BLOCKED:
        return Proposal(replace(finding, action=action, why_seen=why))
    return Proposal(replace(finding, action=action, replacement=""), change)


def _propose_links(value: str, policy: Policy, setting: Setting) -> Iterator[Proposal]:
    for link in find_text_links(value):
        finding = judge_link(link, policy, setting)
        if finding is not None:
            target = finding.replacement
            yield Proposal(finding, None if target is None else Change(link.start, link.end, (target,)))


def _map_back(text: str, proposal: Proposal, written: Written, room: Room, *, escaped: bool) -> Proposal:
    """Give the proposal with its change in the text as written."""
    change = proposal.change
    if change is None:
        return proposal
    start, end = written.origin(change.start), written.origin(change.end)
    candidates = tuple(map(escape_value, change.candidates)) if escaped else change.candidates
    fold = FOLD.search(text, start, end)
    if fold is not None and room is not Room.ANY:
        # What does not fit before the fold goes to a later line, whose first blank joins it to the one above.
        before = fold.start() - start if room is Room.KEPT else 0
        fitting = tuple(candidate for candidate in candidates if len(candidate) <= before)
        candidates = fitting or tuple(" " + candidate for candidate in candidates if candidate) or ("",)
    return replace(proposal, change=Change(start, end, candidates, change.pad))
