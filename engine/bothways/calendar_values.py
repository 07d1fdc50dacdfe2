"""Values of a calendar (RFC 5545, 3.1 and 3.3.11) without folds and backslashes, and the way back."""

import re
from array import array
from bisect import bisect_right

FOLD = re.compile(r"(?:\r\n?|\n)[ \t]")
_FOLD_OR_ESCAPE = re.compile(rf"{FOLD.pattern}|\\(?:{FOLD.pattern})?+[\s\S]")
_SPECIAL = re.compile(r"([\\;,])")


class Written:
    """A value as it reads, which knows where each of its characters stands in the text.

    The value stands at [start, end) of the text; `escaped` where a backslash has its meaning. Kept of every
    fold and escape: its place and width in the value, and its two ends in the text.
    """

    def __init__(self, text: str, start: int, end: int, *, escaped: bool) -> None:
        self._start = start
        self._places = array("q")
        self._begins = array("q")
        self._ends = array("q")
        self._widths = bytearray()
        self._removed = 0
        pattern = _FOLD_OR_ESCAPE if escaped else FOLD
        self.text = pattern.sub(self._take, text[start:end])

    def _take(self, match: re.Match[str]) -> str:
        value = "" if match[0][0] != "\\" else "\n" if match[0][-1] in "nN" else match[0][-1]
        begin, end = match.span()
        self._places.append(begin - self._removed)
        self._begins.append(self._start + begin)
        self._ends.append(self._start + end)
        self._widths.append(len(value))
        self._removed += end - begin - len(value)
        return value

    def origin(self, position: int) -> int:
        """Give the place in the text of a character of the value; of an escaped one, its backslash."""
        index = bisect_right(self._places, position) - 1
        if index < 0:
            return self._start + position
        behind = position - self._places[index]
        width = self._widths[index]
        return self._ends[index] + behind - width if behind >= width else self._begins[index]


def escape_value(value: str) -> str:
    """Write text as a value."""
    return _SPECIAL.sub(r"\\\1", value).replace("\n", "\\n")
