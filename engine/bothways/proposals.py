"""What to change in an HTML text or a style sheet: loads and links judged, decided, given their change."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape, unescape

from bothways.arranging import Proposal
from bothways.data_documents import find_in_sheet, holds_document, open_data
from bothways.judge.appearance import DECLARING, NOTHING_DECLARED, Appearance, look_at_values
from bothways.judge.findings import Action, Certainty, Finding, Kind, Reason, WhySeen
from bothways.judge.judge import Reading, absolute, judge_reading, judge_reference, read_url, read_urls
from bothways.judge.policy import FREE, Policy, Setting, decide_load, why_untouchable
from bothways.judge.surroundings import NOTHING_AROUND, Surroundings, fold, survey
from bothways.link_proposals import judge_link
from bothways.markup.references import Link, Reference, find
from bothways.markup.scanner import scan
from bothways.markup.slots import Resource
from bothways.message.edits import Change
from bothways.neutralise import exchange_value, plan_stops
from bothways.own_tools import Own, find_own, find_quotations, leave_own
from bothways.precautions import asks_for_lookups, is_remote, must_not_load, shows_picture
from bothways.urls.address import parse
from bothways.xml_references import list_references

_MOST_READINGS = 1000
"""URLs of a text that are kept as they were read."""
_LOOKUPS = b"dns-prefetch-control"


def propose_html(
    html: str,
    policy: Policy,
    setting: Setting = FREE,
    *,
    base: str = "",
    xml: bool = False,
) -> list[Proposal]:
    """Judge all that an HTML text loads and links to.

    `base` is the page that shows it, whose own host is not outside; `xml` where tags must stay balanced.
    """
    found = find(html, xml=xml)
    own = find_own(html, find_quotations, policy, setting)
    links = _propose_links(html, found.links, policy, setting, own)
    click_hosts = find_click_hosts(proposal.finding for proposal in links if proposal.finding)
    references = list_references(html, found, xml=xml)
    folded = fold(html)
    around = survey(html, found, base, setting.reader, click_hosts, folded)
    loads = _Loads(html, policy, setting, around, folded, page=base, own=own)
    ambiguous = found.ambiguous and not xml
    proposals = loads.propose(references, click_hosts, xml=xml, ambiguous=ambiguous) + links
    if why_untouchable(setting, policy) is None and policy.block_invisible:
        proposals += _propose_no_lookups(html, folded)
    return proposals


def find_click_hosts(findings: Iterable[Finding]) -> frozenset[str]:
    """Give the hosts of a text's click wrappers, by what was found of its links."""
    return frozenset(each.carrier for each in findings if each.kind is Kind.CLICK and each.carrier)


def propose_sheet(css: str, policy: Policy, setting: Setting = FREE) -> list[Proposal]:
    """Judge all that a style sheet on its own loads."""
    loads = _Loads(css, policy, setting, NOTHING_AROUND, fold(css))
    return loads.propose(tuple(find_in_sheet(css)), frozenset())


class _Loads:
    """One text's loads under one policy."""

    def __init__(
        self,
        html: str,
        policy: Policy,
        setting: Setting,
        surroundings: Surroundings,
        folded: bytes,
        *,
        page: str = "",
        own: Own | None = None,
    ) -> None:
        self.html = html
        self.policy = policy
        self.setting = setting
        self.surroundings = surroundings
        self.folded = folded
        self.base = surroundings.base if surroundings.base != page else ""
        self.page = parse(page) if page else None
        self.own = own
        self.free = why_untouchable(setting, policy) is None
        self.appearances: dict[tuple[str | None, ...], Appearance] = {}
        self.readings: dict[str, Reading | None] = {}

    def propose(
        self,
        references: Sequence[Reference],
        click_hosts: frozenset[str],
        *,
        xml: bool = False,
        ambiguous: bool = False,
    ) -> list[Proposal]:
        first = [reference.url for reference in references[:_MOST_READINGS]]
        self.readings = read_urls(first, self.surroundings)
        judged = [self._judge(reference) for reference in references]
        carriers = {finding.carrier for findings in judged for finding in findings} | click_hosts
        stopped = []
        for index, reference in enumerate(references):
            findings = judged[index]
            if findings or _loads_ahead(reference):
                findings = judged[index] = self._decide_all(reference, findings, carriers)
            stopped.append(self._is_stopped(reference, findings))
        based = is_remote(self.base, "")
        changes = plan_stops(
            self.html,
            references,
            stopped,
            folded=self.folded,
            xml=xml,
            based=based,
            ambiguous=ambiguous,
        )
        proposals = []
        for findings, change in zip(judged, changes, strict=True):
            if findings:
                proposals += [Proposal(each, change if _is_blocked(each) else None) for each in findings]
            if change is not None and not any(map(_is_blocked, findings)):
                proposals.append(Proposal(None, change))
        return proposals

    def _judge(self, reference: Reference) -> tuple[Finding, ...]:
        reading = self._read(reference.url)
        findings: tuple[Finding, ...] = ()
        if reading is not None:
            whole = judge_reading(reference, reading, self.surroundings, self._look(reference))
            findings = () if whole is None else (whole,)
        elif holds_document(reference):
            inner = (judge_reference(held) for held in open_data(reference))
            findings = tuple(finding for finding in inner if finding is not None)
        if findings and _loads_ahead(reference):
            return tuple(replace(finding, kind=Kind.PREFETCH) for finding in findings)
        return findings

    def _read(self, url: str) -> Reading | None:
        """Read a URL once, however often it stands in the text."""
        if url not in self.readings:
            if len(self.readings) == _MOST_READINGS:
                self.readings.clear()
            self.readings[url] = read_url(url, self.surroundings)
        return self.readings[url]

    def _look(self, reference: Reference) -> Appearance:
        """Look once at what many tags of a text share, and a tag at all its references."""
        tag = reference.tag
        if tag is None:
            return NOTHING_DECLARED
        declared = tag.get_each(DECLARING)
        appearance = self.appearances.get(declared)
        if appearance is None:
            appearance = self.appearances[declared] = look_at_values(*declared)
        return appearance

    def _judge_prefetch(self, reference: Reference, carriers: set[str | None]) -> tuple[Finding, ...]:
        """Judge a hint that names nothing but a host: one that this mail's trackers are at."""
        address = parse(absolute(reference.url, self.surroundings.base))
        if address is None or address.host not in carriers:
            return ()
        finding = Finding(
            Kind.PREFETCH,
            Certainty.LIKELY,
            Action.SEEN,
            reference.url,
            reference.element,
            reference.attribute,
            carrier=address.host,
            reasons=(Reason("carrier_of_tracker", address.host),),
        )
        return (finding,)

    def _decide_all(
        self, reference: Reference, findings: tuple[Finding, ...], carriers: set[str | None]
    ) -> tuple[Finding, ...]:
        findings = findings or self._judge_prefetch(reference, carriers)
        return tuple(self._decide(reference, finding) for finding in findings)

    def _decide(self, reference: Reference, finding: Finding) -> Finding:
        if self.own is not None and self.own.claims(finding, reference.start):
            return leave_own(finding)
        visible = finding.visible and shows_picture(self.html, reference)
        action, why = decide_load(finding.kind, self.policy, self.setting, visible=visible)
        replacement = "" if action is Action.BLOCKED else None
        return finding.decided(action, why, replacement)

    def _is_stopped(self, reference: Reference, findings: tuple[Finding, ...]) -> bool:
        if findings:
            if any(map(_is_blocked, findings)):
                return True
            if any(finding.why_seen is WhySeen.OWN for finding in findings):
                return False
        if not self.free or (self.page and self._is_of_page(reference)):
            return False
        if must_not_load(self.html, reference, self.policy, self.base):
            return True
        return holds_document(reference) and any(
            must_not_load(self.html, held, self.policy, "") for held in open_data(reference)
        )

    def _is_of_page(self, reference: Reference) -> bool:
        """Say whether the host that shows the mail serves this: pictures that came with the mail."""
        address = parse(absolute(reference.url, self.surroundings.base))
        return address is not None and self.page is not None and address.host == self.page.host


def _is_blocked(finding: Finding) -> bool:
    return finding.action is Action.BLOCKED


def _loads_ahead(reference: Reference) -> bool:
    return reference.resource is Resource.PREFETCH or reference.attribute == "imagesrcset"


def _propose_links(
    html: str, links: Sequence[Link], policy: Policy, setting: Setting, own: Own | None
) -> list[Proposal]:
    proposals = []
    for link in links:
        finding = judge_link(link, policy, setting)
        if finding is not None:
            target = finding.replacement
            change = None if target is None else exchange_value(html, link, *_written(target))
            proposal = Proposal(finding, change)
            proposals.append(own.leave(proposal, link.start) if own else proposal)
    return proposals


def _written(url: str) -> tuple[str, ...]:
    """Ways to write a URL in an attribute: escaped, and plain where that reads as the same URL."""
    escaped = escape(url)
    plain_reads_same = unescape(url) == url and not set(url) & set("\"'<>` ")
    return (escaped, url) if plain_reads_same and escaped != url else (escaped,)


def _propose_no_lookups(html: str, folded: bytes) -> Iterator[Proposal]:
    """Take out what makes a client look up the hosts of links that nobody has clicked."""
    if _LOOKUPS in folded:
        for tag in scan(html):
            if tag.name == "meta" and asks_for_lookups(tag):
                yield Proposal(None, Change(tag.start, tag.end, ("",)))
