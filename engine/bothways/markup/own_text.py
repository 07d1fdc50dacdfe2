"""The text that stands in an element itself, not in those inside it: what a `<style>` of SVG or XML holds."""

import re
from collections import Counter
from collections.abc import Iterator

from bothways.markup.entities import REFERENCE, Decoded, assemble, decode_in_text
from bothways.markup.tokens import ATTRIBUTES, NAME

_MARKUP = re.compile(
    rf"<(?P<open>{NAME}){ATTRIBUTES}(?:(?P<empty>(?<=/)>)|>|\Z)|</(?P<close>{NAME})[^>]*+(?:>|\Z)"
    r"|<!--(?:[^-]++|-(?!->))*+(?:-->|\Z)|<!\[CDATA\[|\]\]>|<[!?][^>]*+(?:>|\Z)"
    rf"|(?P<reference>{REFERENCE.pattern})"
)
"""What is not closed goes on to the end, so that no octet is looked at again and again."""

_LEAVING = frozenset(
    (
        *("b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed"),
        *("font", "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu"),
        *("meta", "nobr", "ol", "p", "pre", "ruby", "s", "small", "span", "strong", "strike", "sub", "sup"),
        *("table", "tt", "u", "ul", "var"),
    )
)
"""What HTML knows not to stand in SVG: such a tag ends all of it."""


def map_own_text(raw: str, offset: int = 0, *, until_left: bool = False) -> Decoded:
    """Give the text of an element whose inside begins at `offset`, keeping the way back.

    `until_left` where a tag of HTML, or an end tag of what is around it, ends the element.
    """
    return assemble(raw, offset, _find_changes(raw, until_left=until_left))


def _find_changes(raw: str, *, until_left: bool) -> Iterator[tuple[int, int, str]]:
    """Give what is no text of the element's own, with what it stands for; "" for all but references."""
    names: list[str] = []
    opened: Counter[str] = Counter()
    inside, left = 0, len(raw)
    for match in _MARKUP.finditer(raw):
        name = (match["open"] or match["close"] or "").lower()
        if until_left and (name in _LEAVING or (match["close"] and not opened[name])):
            left = match.start()
            break
        if match["open"] and not match["empty"]:
            inside = inside if names else match.start()
            names.append(name)
            opened[name] += 1
        elif match["close"] and opened[name]:
            while opened[name] and (last := names.pop()):  # it closes what is open within, too
                opened[last] -= 1
                if last == name:
                    break
            if not names:
                yield inside, match.end(), ""
        elif not names:
            yield *match.span(), decode_in_text(match) if match["reference"] else ""
    end = inside if names else left
    if end < len(raw):
        yield end, len(raw), ""
