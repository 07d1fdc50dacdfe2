"""All that a mail loads, with what each signal saw in it, and every finding: for a person who asks why.

The verdicts are those of `clean_message`, part by part; what the signals saw is worked out once more beside
them, in the same surroundings.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from bothways.calendar_values import Written
from bothways.calendars import read_load, read_values
from bothways.clean import CleanedPart, clean_message, clean_parts, judge_head
from bothways.data_documents import find_in_sheet, open_data
from bothways.judge.findings import Finding
from bothways.judge.judge import Judgement, explain_reference
from bothways.judge.policy import DEFAULT, Policy
from bothways.judge.surroundings import NOTHING_AROUND, Surroundings, survey
from bothways.leaves import Form
from bothways.markup.references import Reference, find
from bothways.message.mime import split
from bothways.proposals import find_click_hosts
from bothways.urls.recipients import Recipients
from bothways.xml_references import list_references


@dataclass(frozen=True, slots=True)
class Explained:
    """One address of a mail and the verdict on it: its finding, None where there is none.

    `section` is its part, None for a field of the mail's head. `judgement` tells what led to the verdict on a
    load; a link and a receipt have none. `position` is where it stands in the text, from 0 to 1.
    """

    section: str | None
    url: str
    element: str
    attribute: str
    finding: Finding | None
    judgement: Judgement | None = None
    position: float | None = None
    context: str = ""


def explain_message(
    raw: bytes, *, recipients: Sequence[str] = (), policy: Policy = DEFAULT, keep_length: bool = False
) -> Iterator[Explained]:
    """Go through a raw mail: its head, then each part's loads and findings. Nothing is changed."""
    cleaned = clean_message(raw, recipients=recipients, policy=policy, keep_length=keep_length)
    if any(note.startswith("failed:") for note in cleaned.notes):
        yield from (_explain_finding(None, finding) for finding in cleaned.findings)
        return
    message = split(raw)
    for finding in judge_head(message, recipients, policy)[0]:
        yield _explain_finding(None, finding)
    for part in clean_parts(message, recipients, policy, keep_length=keep_length):
        yield from _explain_part(part)


def _explain_part(part: CleanedPart) -> Iterator[Explained]:
    """Give each load with its finding, where it has one, then the findings that are no loads."""
    section, findings = part.text.part.section, _Findings(part.findings)
    reader, hosts = part.setting.reader, find_click_hosts(part.findings)
    for reference, surroundings in _list_loads(part.text.text, part.leaf.form, reader, hosts):
        yield _explain_load(section, reference, surroundings, findings)
        for held in open_data(reference):
            yield _explain_load(section, held, NOTHING_AROUND, findings)
    yield from (_explain_finding(section, finding) for finding in findings.left())


class _Findings:
    """The findings of a part, taken one by one, in their order, by the loads they belong to."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._at: dict[tuple[str, str, str], deque[Finding]] = {}
        for finding in findings:
            place = (finding.url, finding.element, finding.attribute)
            self._at.setdefault(place, deque()).append(finding)

    def take(self, reference: Reference, judgement: Judgement) -> Finding | None:
        """Take the finding of a load: one that its signals made, or one for the host that it names."""
        here = self._at.get((reference.url, reference.element, reference.attribute))
        if not here:
            return None
        by_host = any(reason.code == "carrier_of_tracker" for reason in here[0].reasons)
        return here.popleft() if by_host or judgement.finding is not None else None

    def left(self) -> Iterator[Finding]:
        """Give what no load has taken."""
        return chain.from_iterable(self._at.values())


def _list_loads(
    text: str, form: Form, reader: Recipients | None, click_hosts: frozenset[str]
) -> Iterator[tuple[Reference, Surroundings]]:
    match form:
        case Form.HTML | Form.XML:
            found = find(text, xml=form is Form.XML)
            around = survey(text, found, recipients=reader, click_hosts=click_hosts)
            references = list_references(text, found, xml=form is Form.XML)
            yield from ((reference, around) for reference in references)
        case Form.SHEET:
            yield from ((reference, NOTHING_AROUND) for reference in find_in_sheet(text))
        case Form.CALENDAR:
            for value in read_values(text):
                load = read_load(text, value) if value.loads else None
                if load is not None:
                    yield load, NOTHING_AROUND
                elif value.is_html:
                    written = Written(text, value.start, value.line.end(), escaped=not value.is_address)
                    yield from _list_loads(written.text, Form.HTML, reader, click_hosts)
        case Form.TEXT:
            return


def _explain_load(
    section: str, reference: Reference, surroundings: Surroundings, findings: _Findings
) -> Explained:
    judgement = explain_reference(reference, surroundings)
    return Explained(
        section,
        reference.url,
        reference.element,
        reference.attribute,
        findings.take(reference, judgement),
        judgement,
        reference.position,
        reference.context,
    )


def _explain_finding(section: str | None, finding: Finding) -> Explained:
    return Explained(section, finding.url, finding.element, finding.attribute, finding)
