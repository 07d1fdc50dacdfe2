"""From an HTML text inside an attribute (srcdoc) to the one that holds it: spans are moved, nothing else."""

from dataclasses import replace

from bothways.markup.entities import Decoded
from bothways.markup.found import Link, Reference
from bothways.markup.scanner import Attribute, Tag
from bothways.markup.tokens import Context


def lift_reference(reference: Reference, written: Decoded, html: str) -> Reference:
    """Give the reference with its spans in the outer text."""
    start, end = written.origin(reference.start), written.origin(reference.end)
    position = start / (len(html) or 1)
    tag = _lift_tag(reference.tag, written, html)
    return replace(reference, start=start, end=end, tag=tag, context=Context.SRCDOC, position=position)


def lift_link(link: Link, written: Decoded) -> Link:
    """Give the link with its span in the outer text; what it says is read in its own."""
    start, end = written.origin(link.start), written.origin(link.end)
    return replace(link, start=start, end=end, context=Context.SRCDOC)


def _lift_tag(tag: Tag | None, written: Decoded, html: str) -> Tag | None:
    if tag is None:
        return None
    attributes = {attribute.name: _lift_attribute(attribute, written) for attribute in tag.attributes}
    values = {name: attribute.value for name, attribute in attributes.items()}
    start, end = written.origin(tag.start), written.origin(tag.end)
    return Tag(tag.name, start, end, Context.SRCDOC, html, values, attributes)


def _lift_attribute(attribute: Attribute, written: Decoded) -> Attribute:
    name, value, *offsets, quote = attribute
    start, end, value_start, value_end = map(written.origin, offsets)
    return Attribute(name, value, start, end, value_start, value_end, quote)
