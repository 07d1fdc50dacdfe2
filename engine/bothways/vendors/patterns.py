"""The patterns of vendor files, compiled to whatever answers soonest and never takes longer than linear time.

RE2 says what a pattern is and what it finds. Most patterns are only text, text with anything behind it, or
runs of characters between which there is nothing to choose: those need no more than a comparison, or Python's
own expressions, which answer in a quarter of the time.
"""

import re
import string
from collections.abc import Sequence
from functools import cache
from typing import Any

import re2  # type: ignore[import-untyped]

_LITERAL = re.compile(r"(?:[\w/ =%&-]|\\[.+?|*-])*", re.ASCII)
_BEGINNING = re.compile(rf"({_LITERAL.pattern})\.([+*])", re.ASCII)

SOMETHING = ".+"
"""The pattern of whatever is not empty."""


class Literal:
    """A pattern that is only text: comparing is faster than any expression."""

    def __init__(self, text: str) -> None:
        self._text = text

    def fullmatch(self, text: str) -> bool:
        """Whether the text is this one."""
        return text == self._text


class Beginning:
    """A text and whatever follows it, something where `least` is 1; `.` is anything but a line feed."""

    def __init__(self, text: str, least: int) -> None:
        self._text = text
        self._shortest = len(text) + least

    def fullmatch(self, text: str) -> bool:
        """Whether the text begins so."""
        return len(text) >= self._shortest and text.startswith(self._text) and "\n" not in text


class Something:
    """The pattern `.+`: whatever is not empty."""

    @staticmethod
    def fullmatch(text: str) -> bool:
        """Whether the text is not empty."""
        return bool(text)


class Expression:
    """A pattern of RE2 over a text's octets, in which RE2 counts: characters cost more than the match.

    `groups` and `programsize` are RE2's; the groups of what is found are octets.
    """

    def __init__(self, compiled: Any) -> None:
        self._fullmatch = compiled.fullmatch
        self.groups: int = compiled.groups
        self.programsize: int = compiled.programsize

    def fullmatch(self, text: str) -> Any:
        """Give what the pattern finds in the whole text, None where it does not fit."""
        return self._fullmatch(text.encode("utf-8", "replace"))


class Steady(Expression):
    """A pattern in which each run of characters can end at one place only: nothing is ever tried twice.

    Of several ways to write it, the first that fits counts, as in RE2. The groups of what is found are text.
    """

    def __init__(self, ways: Sequence[str], compiled: Any) -> None:
        super().__init__(compiled)
        self._ways = [re.compile(way, re.ASCII).fullmatch for way in ways]

    def fullmatch(self, text: str) -> Any:
        """Give what the pattern finds in the whole text, None where it does not fit."""
        for fullmatch in self._ways:
            found = fullmatch(text)
            if found is not None:
                return found
        return None


@cache
def pattern(text: str) -> Any:
    """Compile a catalogue pattern with RE2, whose time is linear in the text; ValueError when it is none.

    Patterns are compiled at their first use: most of a catalogue is never looked at in one run.
    """
    if text == SOMETHING:
        return Something()
    if _LITERAL.fullmatch(text):
        return Literal(text.replace("\\", ""))
    begun = _BEGINNING.fullmatch(text)
    if begun is not None:
        return Beginning(begun[1].replace("\\", ""), least=1 if begun[2] == "+" else 0)
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(text, options)
    except re2.error as error:
        reason = error.args[0]
        raise ValueError(
            reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(error)
        ) from None
    ways = write_out(text)
    return Steady(ways, compiled) if all(map(is_steady, ways)) else Expression(compiled)


_CHOICE = re.compile(r"\(\?:([^()]*)\)(\??)(?![?*+{])")
_IN_A_CLASS = re.compile(r"\[[^\]]*[()|]|\\[()|]")
_MOST_WAYS = 12


def write_out(text: str) -> list[str]:
    """Write a pattern with choices as several without (`/a(?:b|c)?` -> /ab, /ac, /a), if they are few."""
    if _IN_A_CLASS.search(text):
        return [text]
    ways = [text]
    number = 0
    while number < len(ways) <= _MOST_WAYS:
        way = ways[number]
        found = _CHOICE.search(way)
        if found is not None:
            choices = [*found[1].split("|"), ""] if found[2] else found[1].split("|")
            ways[number : number + 1] = [way[: found.start()] + part + way[found.end() :] for part in choices]
        elif "|" in way and "(" not in way:
            ways[number : number + 1] = way.split("|")
        else:
            number += 1
    return list(dict.fromkeys(ways)) if len(ways) <= _MOST_WAYS else [text]


_UNIT = re.compile(
    r"(?P<open>\((?!\?))|(?P<close>\)(?![?*+{]))"
    r"|(?P<accepts>[\w/ =%&:,~!-]|\\[.+?|*wd-]|\.|\[\^?(?:[\w/ =%&:,.+|~!*-]|\\[wd.-])+\])"
    r"(?P<count>[*+?]|\{\d+(?:,\d*)?\})?",
    re.ASCII,
)
_AMBIGUOUS = re.compile(r"--|&&|\|\||~~")
"""What Python may one day take for an operation on sets of characters."""
_CHARACTERS = string.printable + "\x00\x7f\xe9"
"""Each kind of character that a pattern can tell from the others."""


def is_steady(text: str) -> bool:
    """Whether a run of this pattern never holds a character that what follows it could begin with."""
    units: list[tuple[frozenset[str], int, bool]] = []
    position = 0
    while position < len(text):
        found = _UNIT.match(text, position)
        if found is None or _AMBIGUOUS.search(found[0]):
            return False
        position = found.end()
        if found["accepts"]:
            units.append((_accepted(found["accepts"]), *_read_count(found["count"] or "")))
    return not any(
        varies and not accepted.isdisjoint(_what_follows(units[number + 1 :]))
        for number, (accepted, _, varies) in enumerate(units)
    )


@cache
def _accepted(unit: str) -> frozenset[str]:
    return frozenset(re.findall(unit, _CHARACTERS, re.ASCII))


def _read_count(count: str) -> tuple[int, bool]:
    """Give the least number of a repetition, and whether there may be more."""
    if count in ("", "*", "+", "?"):
        return int(count in ("", "+")), bool(count)
    least, comma, most = count[1:-1].partition(",")
    return int(least), bool(comma) and least != most


def _what_follows(units: list[tuple[frozenset[str], int, bool]]) -> set[str]:
    """Give all characters with which the rest of a pattern can begin."""
    begins: set[str] = set()
    for accepted, least, _ in units:
        begins |= accepted
        if least:
            break
    return begins
