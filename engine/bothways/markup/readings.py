"""All start tags that any reading of a text sees, where parsers do not agree on what is text.

Inside `<svg>` and `<math>` raw-text elements are ordinary ones and CDATA is text; `<select>` and `<frameset>`
ignore some raw-text elements; in XML there are none. What of a broken text is inside, is not worked out here:
whatever a parser makes of it, markup begins at the start or goes on where a raw text, a CDATA section or the
head of a conditional comment ends. From each of these places a pass takes all elements for ordinary ones and
goes on until it comes to where another has been.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator

from bothways.markup.rawtext import SCRIPTED_RAW_TEXT
from bothways.markup.tokens import ATTRIBUTES, BARE_TAG, NAME, Context, Stop, lower

_RAW_NAME = rf"(?ai:{'|'.join(sorted(SCRIPTED_RAW_TEXT))})(?=[ \t\n\f\r/>])"
_SILENT = "|".join(
    (BARE_TAG, rf"/(?!{_RAW_NAME}){NAME}{ATTRIBUTES}>", r"(?:!(?!--|\[CDATA\[)|\?|/(?![a-zA-Z]))[^>]*+>")
)
_STOP = re.compile(
    rf"[^<]*+(?:<(?:(?![a-zA-Z!?/])|{_SILENT})[^<]*+)*+"
    rf"(?P<stop><(?:(?P<start>{NAME}){ATTRIBUTES}>|/{NAME}{ATTRIBUTES}>|(?P<comment>!--)|![^>]*+>))"
)
_RESUMPTION = re.compile(rf"(?=</{_RAW_NAME})|\]\]>|<!--[ \t\n\f\r]*+\[[^>]*+(?:>|\Z)")
_COMMENT_END = re.compile(r"--!?>")
_SHEET_END = re.compile(r"</(?ai:style)(?=[ \t\n\f\r/>])")
_EFFORT, _LEAST_EFFORT = 32, 5_000_000
"""Characters to pass over for each of the text's, and in all events: few texts take more than two."""


def find_in_all_readings(html: str) -> Iterator[Stop]:
    """Give the start tags that any reading of the text sees, each once."""
    comment_ends = [(match.start(), match.end()) for match in _COMMENT_END.finditer(html)]
    sheet_ends = [*(match.start() for match in _SHEET_END.finditer(html)), len(html)]
    effort = _EFFORT * len(html) + _LEAST_EFFORT
    seen: set[int] = set()
    for start in (0, *(match.end() for match in _RESUMPTION.finditer(html))):
        position = start
        while effort > 0:
            found = _STOP.match(html, position)
            begin, end = found.span("stop") if found else (len(html), len(html))
            effort -= end - position
            if found is None or begin in seen:
                break
            seen.add(begin)
            position = end
            if name := found["start"]:
                is_sheet = lower(name) == "style"
                content_end = sheet_ends[bisect_left(sheet_ends, end)] if is_sheet else end
                yield lower(name), begin, end, content_end, Context.NONE, None
            elif found["comment"]:
                position = _find_comment_end(comment_ends, end, len(html))


def _find_comment_end(ends: list[tuple[int, int]], start: int, limit: int) -> int:
    """Give where a comment ends that begins before `start`: `<!-->` and `<!--->` do at once, `<!--!>` not."""
    index = bisect_left(ends, (start - 2, 0))
    return next((end for begin, end in ends[index : index + 2] if begin >= start or end - begin == 3), limit)
