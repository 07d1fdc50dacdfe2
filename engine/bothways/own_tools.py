"""The reader's own mail tools, which come back in what others quote of the reader's mails.

A tool that the policy names is the reader's own where it stands in the quotation of a reply, and nowhere
else. A vendor counts only within an element that marks the quotation: the one who answers may well use the
same vendor's tool, whose beacon then stands behind it. A host is that of the reader's own account, which
nobody else sends with: it counts too behind the head that Outlook puts before a quotation.

What is own is reported as that and left, for the quotation is the reader's own mail. (To load such a beacon
makes one's own tool report an opening; who does not want that leaves the tool unnamed, and it is blocked as
any other.)
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bothways.arranging import Proposal
from bothways.judge.findings import Action, Finding, WhySeen
from bothways.judge.policy import Policy, Setting
from bothways.markup.scanner import Tag
from bothways.markup.tokens import Context

type Span = tuple[int, int]

_CONTAINER = re.compile(r"(?i)<(/?+)(blockquote|div|table)(?=[\s/>])")
_MARKS = frozenset(("gmail_quote", "protonmail_quote", "yahoo_quoted", "tutanota_quote"))
_HEAD = re.compile(
    r"""\bid=["']?(?:x_)?(?:divRplyFwdMsg|appendonsend)\b|border-top:solid #(?:E1E1E1|B5C4DF) 1\.0pt"""
    r"""|-----Original Message-----"""
)
"""What Outlook puts before the mail that is answered: on the web, on the desktop, in plain text."""
_LONGEST_TAG = 2_000
_QUOTED_LINES = re.compile(r"(?m)^[ \t]?>[^\r\n]*+(?:\r?\n[ \t]?>[^\r\n]*+)*+")


@dataclass(frozen=True, slots=True)
class Quotations:
    """Where a text quotes: spans that are sorted and disjoint, and from where on it may."""

    spans: tuple[Span, ...]
    begin: int

    def hold(self, position: int) -> bool:
        """Say whether what stands at a character is surely quoted."""
        index = bisect_right(self.spans, position, key=lambda span: span[0]) - 1
        return index >= 0 and position < self.spans[index][1]


@dataclass(frozen=True, slots=True)
class Own:
    """What is the reader's own in one text: its tools, where it quotes."""

    tools: frozenset[str]
    quotations: Quotations

    def claims(self, finding: Finding, position: int) -> bool:
        """Say whether a finding at a character is the reader's own tool."""
        if self.quotations.hold(position):
            return finding.vendor in self.tools or _is_at(finding, self.tools)
        return position >= self.quotations.begin and _is_at(finding, self.tools)

    def leave(self, proposal: Proposal, position: int) -> Proposal:
        """Give a proposal for a link, without its change where that is the reader's own."""
        finding = proposal.finding
        if finding is None or not self.claims(finding, position):
            return proposal
        return Proposal(leave_own(finding))


def find_own(text: str, find: Callable[[str], Quotations], policy: Policy, setting: Setting) -> Own | None:
    """Find what is the reader's own in a text; None where nothing can be."""
    if not (policy.own_tools and setting.reply):
        return None
    return Own(policy.own_tools, find(text))


def leave_own(finding: Finding) -> Finding:
    """Report a finding as the reader's own."""
    return finding.decided(Action.SEEN, WhySeen.OWN)


def find_quotations(html: str) -> Quotations:
    """Find what an HTML text quotes."""
    head = _HEAD.search(html)
    return Quotations(tuple(_find_elements(html)), head.start() if head else len(html))


def find_quoted_lines(text: str) -> Quotations:
    """Find the lines of a plain text that begin with the mark of a quotation."""
    head = _HEAD.search(text)
    lines = tuple(found.span() for found in _QUOTED_LINES.finditer(text))
    return Quotations(lines, head.start() if head else len(text))


def _find_elements(html: str) -> Iterator[Span]:
    """Give the elements that mark a quotation, the outermost of each."""
    start, name, depth = -1, "", 0
    for found in _CONTAINER.finditer(html):
        if start < 0:
            if not found[1] and _is_quotation(html, found):
                start, name, depth = found.start(), found[2].lower(), 1
        elif found[2].lower() == name:
            depth += -1 if found[1] else 1
            if depth == 0:
                yield start, found.start()
                start = -1
    if start >= 0:
        yield start, len(html)


def _is_quotation(html: str, found: re.Match[str]) -> bool:
    if found[2].lower() == "blockquote":
        return True
    end = html.find(">", found.end(), found.end() + _LONGEST_TAG) + 1
    tag = Tag(found[2].lower(), found.start(), end, Context.NONE, html)
    return end > 0 and not _MARKS.isdisjoint(f"{tag.get('class')} {tag.get('id')}".lower().split())


def _is_at(finding: Finding, tools: frozenset[str]) -> bool:
    labels = (finding.carrier or "").split(".")
    return any(".".join(labels[at:]) in tools for at in range(len(labels) - 1))
