"""Documents and style sheets inside a `data:` URL: what they hold loads in turn."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from bothways.judge.judge import absolute
from bothways.markup.css import find_urls
from bothways.markup.found import UNREAD
from bothways.markup.references import Reference, find
from bothways.markup.slots import SHEET_KINDS, Resource
from bothways.message.charsets import decode_document
from bothways.xml_references import list_references

_DOCUMENTS = frozenset((Resource.FRAME, Resource.OBJECT, Resource.STYLESHEET, Resource.NAVIGATION))
"""What opens a document so that it loads something itself; a picture never does."""
_CHARSET = re.compile(r"(?i);[ ]*+charset[ ]*+=[ ]*+\"?([^;\"]*+)")
_HEAD = re.compile(r"(?i)data:([^,;]*+)((?:;[^,;]*+)*+),")
_OTHER = re.compile(rb"[^A-Za-z0-9+/]+")
_DEPTH = 3


def holds_document(reference: Reference) -> bool:
    """Say whether a URL is itself a document that may load something."""
    return reference.resource in _DOCUMENTS and reference.url[:5].lower() == "data:"


def open_data(reference: Reference, depth: int = _DEPTH) -> Iterator[Reference]:
    """Give what a document inside a `data:` URL would load, each told as standing in the outer place."""
    if not holds_document(reference):
        return
    if not depth:
        yield replace(reference, url=UNREAD)
        return
    for held in _find_held(reference):
        yield replace(held, element=reference.element, attribute=reference.attribute)
        yield from open_data(held, depth - 1)


def _find_held(reference: Reference) -> Iterator[Reference]:
    kind, text = _read(reference.url)
    if reference.resource is Resource.STYLESHEET:
        yield from find_in_sheet(text)
        return
    is_xml = kind.endswith("xml")
    found = find(text, xml=is_xml)
    for held in list_references(text, found, xml=is_xml):
        yield replace(held, url=absolute(held.url, found.base)) if found.base else held


def find_in_sheet(css: str) -> Iterator[Reference]:
    """Give what a style sheet that stands on its own loads."""
    for found in find_urls(css):
        name, resource = SHEET_KINDS.get(found.kind, ("css_url", Resource.IMAGE))
        position = found.start / len(css)
        yield Reference(
            found.url, "style", name, found.start, found.end, resource=resource, position=position
        )


def _read(url: str) -> tuple[str, str]:
    """Give the type and text of a `data:` URL (RFC 2397); "" where it holds nothing that can be read."""
    head = _HEAD.match(url)
    if head is None:
        return "", ""
    octets = unquote_to_bytes(url[head.end() :])
    if head[2].lower().rstrip().endswith(";base64"):
        digits = _OTHER.sub(b"", octets)
        digits = digits[: len(digits) - (len(digits) % 4 == 1)]
        octets = binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
    label = _CHARSET.search(head[2])
    return head[1].strip().lower(), decode_document(octets, label[1] if label else "")
