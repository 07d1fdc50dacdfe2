"""The least harmful change that stops a load, whatever place it stands in.

A void element that does nothing but load is taken out whole; of any other element the attribute is emptied,
so that what it encloses stays. In CSS a picture becomes `none`, and where that would spoil the rest of its
declaration (a list of fonts, `content`, `cursor`, inside a function) a URL that holds nothing. What stands
around a change reads as before: its quotes, its other candidates, its other declarations.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from html import escape
from string import ascii_letters

from bothways.markup.references import Link, Reference
from bothways.markup.scanner import Attribute
from bothways.markup.slots import ANY, Reading, Resource
from bothways.markup.tokens import Context
from bothways.markup.words import Words
from bothways.message.edits import Change

_LOADS = {
    "img": {"src", "srcset"},
    "image": {"src", "srcset"},
    "embed": {"src"},
    "source": {"src", "srcset"},
    "track": {"src"},
    "bgsound": {"src"},
    "link": {"href", "imagesrcset"},
    "meta": {"content"},
}
"""Elements without content that do nothing but load, and the attributes by which they do."""
_STYLED = frozenset(name for name, slot in ANY.items() if slot.reading is Reading.STYLE)
"""Attributes whose value is CSS."""
_NOTHING = "data:,"
_NO_URL = f"url({_NOTHING})"
_KEEPS_LIST = frozenset({"content", "cursor", "src"})
"""Properties whose whole declaration falls where one item of it is `none`."""
_PROPERTY = re.compile(r"([-a-zA-Z]++)\s*+:([^:]*+)\Z")
_OPENERS = frozenset("<!/-?&@\\" + ascii_letters)
_SHEET_WORDS = Words(b"<style", b"</style")
_SHEET_MARK = re.compile(rb"</?style(?=[\s/>])")
_NO_MARKUP = re.compile(r"(?:\A|(?<=>))[^<>]++")
_ADDRESS = re.compile(r"""[^"'(){};\s]""")
_BACK = 400
"""Characters before a URL in which its property is looked for."""


def in_css(reference: Reference) -> bool:
    """Say whether the reference is a token of CSS."""
    return reference.element == "style" or reference.attribute in _STYLED


def read_property(html: str, reference: Reference) -> tuple[str, bool]:
    """Give the CSS property that loads, lower case, and whether a function stands around the URL."""
    if reference.attribute != "style" and reference.attribute in _STYLED:
        return reference.attribute, False
    before = html[max(0, reference.start - _BACK) : reference.start]
    cut = max(before.rfind(mark) for mark in ";{}")
    found = _PROPERTY.search(before[cut + 1 :])
    if found is None:
        return "", False
    return found[1].lower(), found[2].count("(") > found[2].count(")")


def plan_stops(
    html: str,
    references: Sequence[Reference],
    stopped: Sequence[bool],
    *,
    folded: bytes,
    xml: bool = False,
    based: bool = False,
    ambiguous: bool = False,
) -> list[Change | None]:
    """Give, for each reference that is to be stopped, the change that does so; None for the others.

    `references` are all of the text, `folded` is the text in small letters, an octet a character. An element
    goes as a whole only where nothing that stays is loaded by it, in XML only where no end tag belongs to it,
    and never where another reading of the text sees a style sheet: without its quotes, a URL of that could
    become whole. `based` where relative URLs lead out of the mail: an empty attribute would then be the
    address of the base itself. `ambiguous` where parsers do not agree on what is markup: what one takes for a
    tag, or for the whole of an address, is more to another.
    """
    if not any(stopped):
        return [None] * len(references)
    decided = zip(references, stopped, strict=True)
    spared = {_tag_of(reference) for reference, stop in decided if not stop and _loads_all(reference)}
    sheets = [at for _, at in _SHEET_WORDS.find(folded, len(folded)) if _SHEET_MARK.match(folded, at)]
    changes: list[Change | None] = []
    for reference, stop in zip(references, stopped, strict=True):
        if not stop:
            changes.append(None)
        elif ambiguous and (written := _write_over(html, reference)):
            changes.append(written)
        elif (
            not ambiguous
            and _may_go(html, reference, xml=xml)
            and _tag_of(reference) not in spared
            and not _is_in_sheet(html, sheets, reference)
        ):
            changes.append(_take_out(html, *_tag_of(reference)))
        else:
            changes.append(_stop_in_place(html, reference, based=based, ambiguous=ambiguous))
    return changes


def exchange_value(html: str, place: Reference | Link, *values: str) -> Change:
    """Put a value into an attribute and close it right after, so that padding falls outside the value."""
    start, end = place.start, place.end
    if place.context == Context.SRCDOC:
        # The inner text's quotes are the outer attribute's characters: keep to what is inside them.
        return Change(start, end, tuple(escape(value) for value in values))
    quote = html[end : end + 1]
    if quote in {'"', "'"} and html[start - 1 : start] == quote:
        return Change(start, end + 1, tuple(value + quote for value in values))
    return Change(start, end, tuple(f'"{value}"' for value in values))


def _tag_of(reference: Reference) -> tuple[int, int]:
    return (-1, -1) if reference.tag is None else (reference.tag.start, reference.tag.end)


def _loads_all(reference: Reference) -> bool:
    """Say whether the reference is what its element is there for."""
    return reference.tag is not None and reference.attribute in _LOADS.get(reference.tag.name, ())


def _may_go(html: str, reference: Reference, *, xml: bool) -> bool:
    if not _loads_all(reference):
        return False
    return not xml or html[_tag_of(reference)[1] - 2 : _tag_of(reference)[1]] == "/>"


def _is_in_sheet(html: str, sheets: Sequence[int], reference: Reference) -> bool:
    """Say whether the last mark of a style sheet before a tag is one that begins it."""
    index = bisect_right(sheets, reference.start) - 1
    return index >= 0 and html[sheets[index] + 1] != "/"


def _take_out(html: str, start: int, end: int) -> Change:
    """Leave nothing, or a space where what stands before could make markup of what follows."""
    return Change(start, end, (" " if html[max(0, start - 1) : start] in _OPENERS else "",))


def _write_over(html: str, reference: Reference) -> Change | None:
    """Where an address holds markup, spoil what stands before or between; None where it holds none.

    What is in that markup has changes of its own.
    """
    token = html[reference.start : reference.end]
    if reference.tag is None or ("<" not in token and ">" not in token):
        return None
    piece = next((found for found in _NO_MARKUP.finditer(token) if _ADDRESS.search(found[0])), None)
    if piece is None or (not in_css(reference) and (piece.start() or len(piece[0]) < len(_NOTHING))):
        return None
    written = _ADDRESS.sub("x", piece[0])
    if not in_css(reference):
        if "\n" in written or "\r" in written:
            return None
        written = _NOTHING + written[len(_NOTHING) :]
    return Change(reference.start + piece.start(), reference.start + piece.end(), (written,))


def _stop_in_place(html: str, reference: Reference, *, based: bool, ambiguous: bool) -> Change:
    if in_css(reference):
        return _change_in_css(html, reference, ambiguous=ambiguous)
    return _empty(html, reference, based=based)


def _change_in_css(html: str, reference: Reference, *, ambiguous: bool) -> Change:
    start, end = reference.start, reference.end
    if reference.resource is Resource.STYLESHEET:
        if not ambiguous or reference.tag is None:
            return _take_out(html, start, end)
        return Change(start, end, (_ADDRESS.sub("x", html[start:end]),))
    if _is_bare(reference):
        # A space would end the value: what is put there has the length of what stood there.
        return Change(start, end, (f"url({_NOTHING}{'x' * (end - start - len(_NO_URL))})", "none"))
    if html[start] in "\"'":
        return Change(start, end, (html[start] + _NOTHING + html[start], html[start] * 2))
    name, in_function = read_property(html, reference)
    as_written = html[start] == "&"  # perhaps a string whose quotes are written as references
    if as_written or ambiguous or in_function or name in _KEEPS_LIST or reference.resource is Resource.FONT:
        return Change(start, end, (_NO_URL, "url()"))
    return Change(start, end, ("none",))


def _is_bare(reference: Reference) -> bool:
    """Say whether the reference stands in a style attribute without quotes."""
    attribute = _attribute_of(reference)
    return reference.element != "style" and attribute is not None and not attribute.quote


def _attribute_of(reference: Reference) -> Attribute | None:
    return None if reference.tag is None else reference.tag.attribute(reference.attribute)


def _room_needed(reference: Reference, attribute: Attribute, *, based: bool, one_of_several: bool) -> int:
    """Give the characters that what loads nothing takes in the place of an address."""
    if one_of_several:
        return 0 if reference.resource is Resource.PING else len("data:")
    if based:
        return len(_NOTHING)
    return 0 if attribute.quote else len('""')


def _empty(html: str, reference: Reference, *, based: bool) -> Change:
    """Leave an attribute without the URL: empty where it held nothing else."""
    start, end = reference.start, reference.end
    attribute = _attribute_of(reference)
    if attribute is None:
        return Change(start, end, ("",))
    one_of_several = (attribute.value_start, attribute.value_end) != (start, end)
    if end - start < _room_needed(reference, attribute, based=based, one_of_several=one_of_several):
        return Change(attribute.start, attribute.end, ("",))
    if one_of_several:
        # An empty place in a list of candidates would make a URL of what follows.
        return Change(start, end, ("",) if reference.resource is Resource.PING else ("data:",))
    if reference.resource is Resource.PING or reference.attribute == "srcset":
        return exchange_value(html, reference, "")
    if reference.context == Context.SRCDOC:
        # Padding stays inside the inner quotes, and a value of spaces is the address of the page itself.
        return Change(start, end, (_NOTHING, ""))
    return exchange_value(html, reference, *((_NOTHING, "") if based else ("",)))
