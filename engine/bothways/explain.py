"""Every reference of a mail with what each signal saw in it: for a person who asks why, or why not."""

from collections.abc import Iterator
from dataclasses import dataclass

from bothways.judge.judge import Judgement, explain_reference
from bothways.judge.surroundings import survey
from bothways.markup.references import Reference, find
from bothways.message.encodings import decode_text
from bothways.message.mime import Part, split
from bothways.urls.recipients import Recipients


@dataclass(frozen=True, slots=True)
class Explained:
    """One reference of one part, and all that led to its verdict."""

    part: Part
    reference: Reference
    judgement: Judgement


def explain_message(raw: bytes) -> Iterator[Explained]:
    """Go through the references of a raw mail in their order; nothing is changed or decided."""
    message = split(raw)
    reader = Recipients.of(message.recipients)
    for part in message.parts:
        if not part.is_text or "html" not in part.content_type:
            continue
        html = decode_text(raw, part).text
        found = find(html)
        surroundings = survey(html, found, recipients=reader)
        for reference in found.references:
            yield Explained(part, reference, explain_reference(reference, surroundings))
