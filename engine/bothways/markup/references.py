"""Everything in an HTML text that a client would load or a reader could click, with its span."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cached_property, partial
from itertools import chain
from operator import attrgetter

from bothways.markup.css import CssUrl, find_early_imports, find_strings, may_load, read_css
from bothways.markup.entities import Decoded, as_written, decode_attribute, map_attribute, map_text
from bothways.markup.found import UNREAD, Found, Link, Reference
from bothways.markup.nested import lift_link, lift_reference
from bothways.markup.own_text import map_own_text
from bothways.markup.readings import find_in_all_readings
from bothways.markup.scanner import Attribute, Tag
from bothways.markup.slots import (
    ELEMENTS,
    FOREIGN_ELEMENTS,
    LINK_RESOURCES,
    MIXING_ELEMENTS,
    SHEET_KINDS,
    Reading,
    Resource,
    Slot,
    slots_of,
)
from bothways.markup.text_links import find_text_links
from bothways.markup.tokens import (
    ALL_TAGS,
    HTML_SCRIPTED,
    Context,
    Stop,
    find_stops,
)
from bothways.markup.values import find_refresh, split_candidates, split_list, split_words, tidy_url

__all__ = ["Found", "Link", "Reference", "find", "find_text_links"]

_RARELY = {"meta": "refresh", "html": "manifest"}
"""Elements that stand in every mail: what their tag holds, in any case, where it is worth a look."""
_NAMES = (frozenset(ELEMENTS) | MIXING_ELEMENTS | {"style", "noscript"}) - _RARELY.keys()
_BACKGROUND = re.compile(r"background[ \t\n\f\r]*+=")
_REMOTE = re.compile(r"(?i)https?:|[/\\]{2}")
_ADDRESS = re.compile(r"(?i)[ \t\n\f\r]*+(?:[a-z][a-z0-9+.-]*+:|[/\\]{2})")
_EFFORT, _LEAST_EFFORT = 4, 1_000_000
"""Characters of style sheets to read for each of the text's, and in all events: readings may overlap."""
_CLOSING = re.compile("</")
_SPLITTERS = {
    Reading.URLS: split_words,
    Reading.CANDIDATES: split_candidates,
    Reading.REFRESH: find_refresh,
    Reading.ANIMATED: split_list,
}
_START = attrgetter("start")
_DEPTH = 8  # srcdoc inside srcdoc


def find(html: str, *, xml: bool = False) -> Found:
    """Find the references and links of a text in HTML, or in XML; whatever the text, it does not raise."""
    return _find(html, _DEPTH, xml=xml)


def _find(html: str, depth: int, *, xml: bool = False) -> Found:
    finder = _Finder(html, depth, xml=xml)
    finder.look(find_stops(html))
    if finder.mixed:
        finder.look(find_in_all_readings(html))
    if finder.scripted:
        finder.look(find_stops(html, HTML_SCRIPTED))  # a quote that opens inside <noscript> closes elsewhere
    if finder.substituting:
        finder.look_at_strings()
    references = sorted(finder.references.values(), key=_START)
    links = sorted(finder.links.values(), key=_START)
    return Found(tuple(references), tuple(links), finder.find_base(), finder.is_ambiguous)


def _may_hold(name: str, tag: str) -> bool:
    """Tell quickly whether a tag without rows of its own, or with a rare one, could hold one that counts."""
    lower = tag.lower()
    return (
        "url" in lower
        or "&#" in lower
        or "\\" in lower
        or "image" in lower
        or ("background" in lower and _BACKGROUND.search(lower) is not None)
        or "src(" in lower
        or "&bsol" in lower
        or "&lpar" in lower
        or (name in _RARELY and _RARELY[name] in lower)
    )


def _slot_of(slots: Mapping[str, Slot], attribute: str) -> Slot | None:
    slot = slots.get(attribute)
    if slot is None and attribute.endswith(":href"):
        return slots.get("xlink:href")  # XML may give the vocabulary any prefix
    return slot


def _may_repeat(slot: Slot) -> bool:
    """Say of what Chromium, looking ahead, takes the first that is not empty, though it be a duplicate."""
    return slot.reading in {Reading.URL, Reading.CANDIDATES}


class _Finder:
    """Collects what the passes over one text see; a span seen twice counts once."""

    def __init__(self, html: str, depth: int, *, xml: bool) -> None:
        self.html = html
        self.depth = depth
        self.size = len(html) or 1
        self.references: dict[tuple[int, int, str], Reference] = {}
        self.links: dict[tuple[int, int, str], Link] = {}
        self.base: str | None = None
        self.base_elsewhere = ""
        self.foreign = xml
        self.mixed = xml
        self.mixed_inside = False
        self.scripted = False
        self.sheets: set[tuple[int, int]] = set()
        self.effort = _EFFORT * len(html) + _LEAST_EFFORT
        self.substituting = False
        self.strings = False

    def look(self, found: Iterable[Stop]) -> None:
        html = self.html
        for name, start, end, content_end, context, address in found:
            if address is not None:
                value = html[address[0] : address[1]]
                if "&" in value:
                    value = decode_attribute(value)
                if name == "img":
                    tag = Tag(name, start, end, context, html)
                    self._add(value, tag, "img", "src", address, Resource.IMAGE)
                else:
                    self._add_link(value, name, "href", address, context, end)
            elif name in _NAMES or ":" in name or self.strings or _may_hold(name, html[start:end]):
                self._look_at(Tag(name, start, end, context, html), content_end)

    def look_at_strings(self) -> None:
        """Look once more at all that is CSS: a string of any declaration may be brought where it is a URL."""
        self.strings = True
        self.sheets.clear()
        self.look(find_stops(self.html, ALL_TAGS))
        if self.mixed:
            self.look(find_in_all_readings(self.html))

    def _look_at(self, tag: Tag, content_end: int) -> None:
        if tag.name != "style" or self.strings or _may_hold(tag.name, self.html[tag.start : tag.end]):
            for attribute, slot in tag.pick(partial(_slot_of, slots_of(tag.name)), again=_may_repeat):
                self._read(slot, tag, attribute)
        if tag.name == "style":
            self._read_sheet(tag, tag.end, content_end)
        elif tag.name.endswith(":style"):
            self._read_sheet(tag, tag.end, self._closings[bisect_left(self._closings, tag.end)])
        elif tag.name in MIXING_ELEMENTS:
            self.mixed = True
            self.foreign = self.foreign or tag.name in FOREIGN_ELEMENTS
        elif tag.name == "noscript" and tag.context is not Context.CONDITIONAL_COMMENT:
            self.scripted = True

    def _read(self, slot: Slot, tag: Tag, attribute: Attribute) -> None:
        match slot.reading:
            case Reading.LINK:
                span = (attribute.value_start, attribute.value_end)
                self._add_link(attribute.value, tag.name, attribute.name, span, tag.context, tag.end)
            case Reading.URL:
                resource = _link_resource(tag) if tag.name == "link" else slot.resource
                span = (attribute.value_start, attribute.value_end)
                self._add(attribute.value, tag, slot.element or tag.name, attribute.name, span, resource)
            case Reading.STYLE:
                if self.strings or may_load(attribute.value):
                    self._add_css(tag, self._written(attribute), tag.name, attribute.name)
            case Reading.DOCUMENT:
                self._add_document(tag, attribute)
            case Reading.BASE:
                self._take_base(tidy_url(attribute.value), plain=tag.context is Context.NONE)
            case Reading.REFRESH if (tag.get("http-equiv") or "").lower() != "refresh":
                pass
            case _:
                self._add_parts(slot, tag, attribute)

    @cached_property
    def _closings(self) -> list[int]:
        return [*(match.start() for match in _CLOSING.finditer(self.html)), len(self.html)]

    def _take_base(self, url: str, *, plain: bool) -> None:
        """Keep the first one in plain sight, unless it leads nowhere and another does not."""
        leads_out = _REMOTE.match(url) is not None
        if plain and self.base is None:
            self.base = url
        if leads_out and not self.base_elsewhere:
            self.base_elsewhere = url

    def _written(self, attribute: Attribute) -> Decoded:
        return map_attribute(self.html[attribute.value_start : attribute.value_end], attribute.value_start)

    def _add_parts(self, slot: Slot, tag: Tag, attribute: Attribute) -> None:
        value, written = attribute.value, self._written(attribute)
        if slot.reading is Reading.ANIMATED and not (tag.get("attributename") or "").lower().endswith("href"):
            if may_load(value):
                self._add_css(tag, written, tag.name, attribute.name)
            return
        for start, end in _SPLITTERS[slot.reading](value):
            span = (written.origin(start), written.origin(end))
            self._add(value[start:end], tag, slot.element or tag.name, attribute.name, span, slot.resource)

    def _read_sheet(self, tag: Tag, start: int, end: int) -> None:
        self.effort -= end - start
        if (start, end) in self.sheets or self.effort < 0:
            return
        self.sheets.add((start, end))
        sheet = self.html[start:end]
        if ("&" in sheet or "<" in sheet) and (self.foreign or tag.name != "style"):
            self._add_css(tag, map_text(sheet, start), "style", "")
            self._add_css(tag, map_own_text(sheet, start), "style", "")
            self._add_css(tag, map_own_text(sheet, start, until_left=True), "style", "")
        self._add_css(tag, as_written(sheet, start), "style", "", early=True)

    def _add_css(self, tag: Tag, css: Decoded, element: str, attribute: str, *, early: bool = False) -> None:
        for found in self._find_in_css(css.text, early=early):
            name, resource = SHEET_KINDS.get(found.kind, ("css_url", Resource.IMAGE))
            span = (css.origin(found.start), css.origin(found.end))
            self._add(found.url, tag, element, attribute or name, span, resource)

    def _find_in_css(self, css: str, *, early: bool) -> Iterable[CssUrl]:
        if self.strings:
            return (each for each in find_strings(css) if self.is_based or _ADDRESS.match(each.url))
        reading = read_css(css)
        self.substituting = self.substituting or reading.substitutes
        if not early:
            return reading.urls
        begun = {each.start for each in reading.urls}
        return chain(reading.urls, (each for each in find_early_imports(css) if each.start not in begun))

    @property
    def is_ambiguous(self) -> bool:
        """True where readings of the text, or of one inside it, differ."""
        return self.mixed or self.scripted or self.mixed_inside

    @property
    def is_based(self) -> bool:
        """True where a relative URL leads out."""
        return bool(self.find_base())

    def find_base(self) -> str:
        """Give what relative URLs stand on: a base that some reading or an inner document knows, too."""
        if self.base is not None and (_REMOTE.match(self.base) or not self.base_elsewhere):
            return self.base
        return self.base_elsewhere

    def _add_document(self, tag: Tag, attribute: Attribute) -> None:
        written = self._written(attribute)
        if not self.depth:
            span = (attribute.value_start, attribute.value_end)
            self._add(UNREAD, tag, tag.name, attribute.name, span, Resource.FRAME)
            return
        inner = _find(written.text, self.depth - 1)
        self._take_base(inner.base, plain=False)
        self.mixed_inside = self.mixed_inside or inner.ambiguous
        for reference in inner.references:
            lifted = lift_reference(reference, written, self.html)
            self.references.setdefault((lifted.start, lifted.end, lifted.attribute), lifted)
        for link in inner.links:
            raised = lift_link(link, written)
            self.links.setdefault((raised.start, raised.end, raised.attribute), raised)

    def _add(
        self, value: str, tag: Tag, element: str, attribute: str, span: tuple[int, int], resource: Resource
    ) -> None:
        key = (*span, attribute)
        if key not in self.references:
            url, position = tidy_url(value), span[0] / self.size
            self.references[key] = Reference(
                url, element, attribute, *span, tag, tag.context, resource, position
            )

    def _add_link(
        self, value: str, element: str, attribute: str, span: tuple[int, int], context: Context, tag_end: int
    ) -> None:
        key = (*span, attribute)
        if key not in self.links:
            behind = tag_end if element == "a" else 0
            self.links[key] = Link(tidy_url(value), element, attribute, *span, context, self.html, behind)


def _link_resource(tag: Tag) -> Resource:
    words = " ".join(tag.get_all("rel")).lower().split()
    return next((LINK_RESOURCES[word] for word in words if word in LINK_RESOURCES), Resource.OTHER)
