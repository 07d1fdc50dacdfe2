"""Entities that an XML text declares (XML 1.0, 4.2): an address may be written by their names alone.

Only what stands in the text is read; a document type that lies elsewhere is loaded by no client that shows
mail. Names that HTML knows too are left out: they were decoded before.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from html import unescape

from bothways.markup.references import Reference, find

_DECLARATION = re.compile(r"""<!ENTITY\s++([^\s"'>%]++)\s++(?:"([^"]*+)"|'([^']*+)')""")
_NAMED = re.compile(r"&([^\s&;#]{1,100}+);")
_CHARACTER = re.compile(r"&(?:#\w{1,8}+|amp|lt|gt|quot|apos);")
_MOST = 200
_LONGEST = 4_000
_DEPTH = 4


def resolve_entities(xml: str, references: Iterable[Reference]) -> tuple[Reference, ...]:
    """Give the references with their addresses written out, and those that declarations themselves hold."""
    if "<!ENTITY" not in xml:
        return tuple(references)
    declared = {found[1]: found for _, found in zip(range(_MOST), _DECLARATION.finditer(xml), strict=False)}
    values = {name: _read(found[2] or found[3] or "") for name, found in declared.items()}
    inside = [held for found in declared.values() for held in _find_inside(xml, found)]
    return tuple(_write_out(reference, values) for reference in (*inside, *references))


def _read(value: str) -> str:
    return _CHARACTER.sub(lambda found: unescape(found[0]), value)


def _find_inside(xml: str, found: re.Match[str]) -> Iterator[Reference]:
    """Give what the markup in a declaration would load, where it stands in the text."""
    start, end = found.span(found.lastindex or 0)
    value = xml[start:end]
    for held in find(value).references if "<" in value else ():
        # Without its tag: what is put there changes the declaration, not an element.
        yield replace(held, start=start + held.start, end=start + held.end, tag=None)


def _write_out(reference: Reference, values: Mapping[str, str]) -> Reference:
    url = reference.url
    for _ in range(_DEPTH):
        if "&" not in url or len(url) > _LONGEST:
            break
        url = _NAMED.sub(lambda found: values.get(found[1], found[0])[:_LONGEST], url[:_LONGEST])
    return reference if url == reference.url else replace(reference, url=url.strip())
