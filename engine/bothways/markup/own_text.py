"""The text that stands in an element itself, not in those inside it: what a `<style>` of SVG or XML holds."""

import re
from collections.abc import Iterator

from bothways.markup.entities import REFERENCE, Decoded, assemble, decode_in_text
from bothways.markup.tokens import ATTRIBUTES, NAME

_MARKUP = re.compile(
    rf"(?P<open><{NAME}{ATTRIBUTES}(?P<empty>(?<=/)>)?+>?+)|(?P<close></{NAME}[^>]*+>)"
    rf"|<!--(?:[^-]++|-(?!->))*+(?:-->|\Z)|<!\[CDATA\[|\]\]>|<[!?][^>]*+>|(?P<reference>{REFERENCE.pattern})"
)


def map_own_text(raw: str, offset: int = 0) -> Decoded:
    """Give the text of an element whose inside begins at `offset`, keeping the way back."""
    return assemble(raw, offset, _find_changes(raw))


def _find_changes(raw: str) -> Iterator[tuple[int, int, str]]:
    """Give what is no text of the element's own, with what it stands for; "" for all but references."""
    depth = inside = 0
    for match in _MARKUP.finditer(raw):
        if match["open"] and not match["empty"]:
            inside = inside if depth else match.start()
            depth += 1
        elif match["close"] and depth:
            depth -= 1
            if not depth:
                yield inside, match.end(), ""
        elif not depth:
            yield *match.span(), decode_in_text(match) if match["reference"] else ""
    if depth:
        yield inside, len(raw), ""
