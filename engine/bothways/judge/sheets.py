"""What a text's style sheets say of what nobody sees: what other screens show, what loads in print alone."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWS = re.compile(rb"(?:^|;)\s*+display\s*+:\s*+(?!none\b)[a-z]")
_CLASS = re.compile(rb"""\.([\w-]++)|class\s*+[~^*$|]?+=\s*+["']?+([\w-]++)""")
_PRINTED = re.compile(r"@media\s++print\b", re.IGNORECASE)
_FORWARDED = re.compile(
    r"OutlookMessageHeader|moz-email-headers|mailContainerBody|gmail_quote|blockquote\s++#", re.IGNORECASE
)
"""What mail clients, not senders, put around a mail that is forwarded or answered."""
_BRACE = re.compile(r"[{}]")
_REACH = 400
"""Characters of a style sheet in which what a rule is for stands before its URL."""


class Sheets:
    """The style sheets of one text, in small letters; read when first asked for, which few texts need."""

    def __init__(self, folded: bytes) -> None:
        self._folded = folded
        self._shown: frozenset[str] | None = None

    def show(self, classes: str | None) -> bool:
        """Say whether a rule shows elements of one of these classes: on small screens, or in dark ones."""
        if not classes:
            return False
        if self._shown is None:
            self._shown = frozenset(_find_shown(self._folded))
        return not self._shown.isdisjoint(classes.lower().split())


def find_occasion(html: str, sheet: int, position: int) -> str:
    """Give for what alone a URL of a style sheet loads, "" where for looking at the mail.

    `sheet` is where the style sheet begins. Who prints or forwards a mail never looks at such a picture.
    """
    before = html[max(sheet, position - _REACH) : position]
    brace = max(before.rfind("{"), 0)
    start = max(before.rfind("}", 0, brace), before.rfind("{", 0, brace)) + 1
    forwarded = _FORWARDED.search(before, start, brace)
    if forwarded:
        return forwarded[0]
    printed = any(_is_open(before[rule.end() :]) for rule in _PRINTED.finditer(before))
    return "@media print" if printed else ""


def _is_open(rule: str) -> bool:
    """Say whether a rule of which this is the rest still lasts at its end."""
    depth = 0
    for brace in _BRACE.findall(rule):
        depth += 1 if brace == "{" else -1
        if depth <= 0:
            return False
    return depth > 0


def _find_shown(folded: bytes) -> "Iterator[str]":
    for sheet in _find_sheets(folded):
        for rule in sheet.split(b"}"):
            before, _, declarations = rule.rpartition(b"{")
            if b"display" in declarations and _SHOWS.search(declarations):
                for dotted, named in _CLASS.findall(before.rpartition(b"{")[2]):
                    yield (dotted or named).decode()


def _find_sheets(folded: bytes) -> "Iterator[bytes]":
    end = 0
    while (start := folded.find(b"<style", end)) >= 0:
        end = folded.find(b"</style", start)
        end = end if end >= 0 else len(folded)
        yield folded[start:end]
