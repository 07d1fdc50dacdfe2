"""What an XML text loads: what one of HTML does, and what only XML can say outside of its elements."""

import re
from collections.abc import Iterator
from html import unescape

from bothways.markup.references import Found, Reference
from bothways.markup.slots import Resource
from bothways.xml_entities import resolve_entities

_INSTRUCTION = "<?xml-stylesheet"
_INSTRUCTED = re.compile(r"""\bhref\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")


def list_references(text: str, found: Found, *, xml: bool) -> tuple[Reference, ...]:
    """Give what a text loads; an XML text may also say so outside of its elements."""
    if not xml:
        return found.references
    return resolve_entities(text, (*_find_sheet_instructions(text), *found.references))


def _find_sheet_instructions(xml: str) -> Iterator[Reference]:
    """Give the style sheets that an XML text names before its root: the span is the whole instruction."""
    start = xml.find(_INSTRUCTION)
    while start >= 0 and (end := xml.find("?>", start) + 2) > 1:
        if found := _INSTRUCTED.search(xml, start, end):
            url = unescape(found[1] or found[2] or "").strip()
            yield Reference(url, "style", "css_import", start, end, resource=Resource.STYLESHEET)
        start = xml.find(_INSTRUCTION, end)
