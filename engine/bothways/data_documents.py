"""Documents and style sheets inside a `data:` URL: what they hold loads in turn."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from bothways.markup.css import find_urls
from bothways.markup.references import Reference, find
from bothways.markup.slots import SHEET_KINDS, Resource

_DOCUMENTS = frozenset((Resource.FRAME, Resource.OBJECT, Resource.STYLESHEET, Resource.NAVIGATION))
"""What opens a document so that it loads something itself; a picture never does."""
_HEAD = re.compile(r"(?i)data:([^,;]*+)((?:;[^,;]*+)*+),")
_OTHER = re.compile(rb"[^A-Za-z0-9+/]+")
_DEPTH = 3


def holds_document(reference: Reference) -> bool:
    """Say whether a URL is itself a document that may load something."""
    return reference.resource in _DOCUMENTS and reference.url[:5].lower() == "data:"


def open_data(reference: Reference, depth: int = _DEPTH) -> Iterator[Reference]:
    """Give what a document inside a `data:` URL would load, each told as standing in the outer place."""
    if not depth or not holds_document(reference):
        return
    text = _read(reference.url)
    is_sheet = reference.resource is Resource.STYLESHEET
    for held in find_in_sheet(text) if is_sheet else find(text).references:
        yield replace(held, element=reference.element, attribute=reference.attribute)
        yield from open_data(held, depth - 1)


def find_in_sheet(css: str) -> Iterator[Reference]:
    """Give what a style sheet that stands on its own loads."""
    for found in find_urls(css):
        name, resource = SHEET_KINDS.get(found.kind, ("css_url", Resource.IMAGE))
        position = found.start / len(css)
        yield Reference(
            found.url, "style", name, found.start, found.end, resource=resource, position=position
        )


def _read(url: str) -> str:
    """Decode a `data:` URL (RFC 2397); "" where it holds nothing that can be read."""
    head = _HEAD.match(url)
    if head is None:
        return ""
    octets = unquote_to_bytes(url[head.end() :])
    if head[2].lower().rstrip().endswith(";base64"):
        digits = _OTHER.sub(b"", octets)
        digits = digits[: len(digits) - (len(digits) % 4 == 1)]
        octets = binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
    return octets.decode("utf-8", "replace")
