"""What a text's style sheets say of what nobody sees: what other screens show, what loads in print alone."""

import re
from typing import TYPE_CHECKING

from bothways.judge.appearance import look_at_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWS = re.compile(rb"(?:^|;)\s*+(?:display\s*+:\s*+(?!none\b)[a-z]|visibility\s*+:\s*+visible\b)")
_ENLARGES = re.compile(
    rb"(?:^|;)\s*+(?:(?:width|max-height)\s*+:\s*+(?!\d\s*+(?:px|%)?+\s*+(?:[;!]|$))\w"
    rb"|opacity\s*+:\s*+(?:1|0?\.[1-9])|(?:left|top)\s*+:\s*+(?:0|auto))"
)
"""What undoes a hiding by size, faintness or place; a side of one figure is none that shows something."""
_NAME = re.compile(rb"""[.#]([\w-]++)|class\s*+[~^*$|]?+=\s*+["']?+([\w-]++)""")
_ALONE = re.compile(rb"(?:img)?+([.#][\w-]++)")
_MAY_HIDE = re.compile(rb"none|hidden|opacity|width|height|position")
_PRINTED = re.compile(r"@media\s++print\b", re.IGNORECASE)
_FORWARDED = re.compile(
    r"OutlookMessageHeader|moz-email-headers|mailContainerBody|gmail_quote|blockquote\s++#", re.IGNORECASE
)
"""What mail clients, not senders, put around a mail that is forwarded or answered."""
_BRACE = re.compile(r"[{}]")
_LONG = 1000
"""Characters of a class attribute that are looked at, again for each of a tag's loads."""
_REACH = 400
"""Characters of a style sheet in which what a rule is for stands before its URL."""


class Sheets:
    """The style sheets of one text, in small letters; read when first asked for, which few texts need."""

    def __init__(self, folded: bytes) -> None:
        self._folded = folded
        self._read = False
        self._shown: set[str] = set()
        self._enlarged: set[str] = set()
        self._hidden: set[str] = set()

    def show(self, classes: str | None, *, hidden: bool = True) -> bool:
        """Say whether a rule shows elements of one of these classes: on small screens, or in dark ones.

        What is not `hidden` but has no room is shown by a rule that gives it some, too.
        """
        if not classes:
            return False
        self._read_all()
        names = _split(classes)
        return not self._shown.isdisjoint(names) or not (hidden or self._enlarged.isdisjoint(names))

    def hide(self, classes: str | None, identifier: str | None) -> str:
        """Give the class or id by which a rule hides an element on every screen, "" where none does."""
        names = [f".{name}" for name in _split(classes or "")]
        if identifier:
            names.append(f"#{identifier.lower()}")
        if not names:
            return ""
        self._read_all()
        hiding = (name for name in names if name in self._hidden)
        return next((name for name in hiding if not self._is_undone(name[1:])), "")

    def _is_undone(self, name: str) -> bool:
        return name in self._shown or name in self._enlarged

    def _read_all(self) -> None:
        if not self._read:
            self._read = True
            for sheet in _find_sheets(self._folded):
                self._read_sheet(sheet)

    def _read_sheet(self, sheet: bytes) -> None:
        depth = 0
        for rule in sheet.split(b"}"):
            before, _, declarations = rule.rpartition(b"{")
            selectors = before.rpartition(b"{")[2]
            opened = rule.count(b"{")
            if not _hides(declarations):
                self._read_showing(selectors, declarations)
            elif depth == 0 and opened == 1:
                self._hidden.update(_name_alone(selectors))
            depth = max(0, depth + opened - 1)

    def _read_showing(self, selectors: bytes, declarations: bytes) -> None:
        shows, enlarges = _SHOWS.search(declarations), _ENLARGES.search(declarations)
        if shows or enlarges:
            names = [(name or named).decode() for name, named in _NAME.findall(selectors)]
            (self._shown if shows else self._enlarged).update(names)


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


def _split(classes: str) -> list[str]:
    return classes[:_LONG].lower().split()


def _is_open(rule: str) -> bool:
    """Say whether a rule of which this is the rest still lasts at its end."""
    depth = 0
    for brace in _BRACE.findall(rule):
        depth += 1 if brace == "{" else -1
        if depth <= 0:
            return False
    return depth > 0


def _hides(declarations: bytes) -> bool:
    if not _MAY_HIDE.search(declarations) or b"animation" in declarations:
        return False  # what moves is shown before long
    return not look_at_rule(declarations.decode()).visible


def _name_alone(selectors: bytes) -> "Iterator[str]":
    """Give the classes and ids that are alone in a selector: what else it asks for, nothing here can tell."""
    for selector in selectors.split(b","):
        alone = _ALONE.fullmatch(selector.strip())
        if alone:
            yield alone[1].decode()


def _find_sheets(folded: bytes) -> "Iterator[bytes]":
    end = 0
    while (start := folded.find(b"<style", end)) >= 0:
        end = folded.find(b"</style", start)
        end = end if end >= 0 else len(folded)
        yield folded[start:end].partition(b">")[2]
