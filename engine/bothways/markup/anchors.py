"""The text of an anchor, as far as a verdict needs it."""

import re
from html import unescape

_REACH = 2000  # characters behind the start tag in which the text is looked for
_LENGTH = 200
_END = re.compile(r"</?[aA](?=[ \t\n\f\r/>])")
_MARKUP = re.compile(r"<!--(?:[^-]++|-(?!->))*+(?:-->|\Z)|<[a-zA-Z/!?][^>]*+(?:>|\Z)")


def read_anchor_text(html: str, position: int) -> str:
    """Give the text behind an `<a>` that ends at `position`, white space collapsed."""
    limit = min(position + _REACH, len(html))
    tag = html.find("<", position, limit)
    if html.startswith("</a>", tag, limit):
        inner = html[position:tag]
    else:
        end = _END.search(html, position, limit)
        inner = html[position : end.start() if end else limit]
    if "<" in inner:
        inner = _MARKUP.sub(" ", inner)
    if "&" in inner:
        inner = unescape(inner)
    return " ".join(inner.split())[:_LENGTH]
