"""URLs that CSS makes a client load, with exact spans.

A flat pass over the tokens of CSS Syntax Level 3: comments, strings, `url()` and identifiers are told apart
as that grammar says, escapes included, and nothing recurses, so that depth costs nothing. What can hold no
URL is skipped inside one compiled expression with possessive quantifiers only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bothways.markup import css_grammar as grammar

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class CssUrl:
    """One URL of a style sheet or declaration list; offsets into the CSS.

    `kind` is "url" (the span is the whole `url(...)`), "font" (the same in `@font-face`), "image-set" (a
    string in `image-set()` or its kin: the span is that string with its quotes), "string" (any other string,
    where they were asked for) or "import" (the span is the whole rule, its `;` included).
    """

    url: str
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class CssReading:
    """The URLs of a CSS text; `substitutes` where a string from elsewhere may become one (`var()`)."""

    urls: list[CssUrl]
    substitutes: bool


def read_css(css: str) -> CssReading:
    """Read every URL that the CSS would load, in order; never raises, whatever the text."""
    if not may_load(css):
        return _NOTHING
    reading = _Pass(css)
    return CssReading(reading.run(), reading.substitutes)


def find_urls(css: str) -> list[CssUrl]:
    """Give every URL that the CSS would load, in order."""
    return read_css(css).urls


def find_strings(css: str) -> list[CssUrl]:
    """Give every string that a declaration holds, which `var()` may bring to where it is a URL."""
    return _Pass(css, strings=True).run() if '"' in css or "'" in css else []


def find_early_imports(css: str) -> Iterator[CssUrl]:
    """Give what Chromium loads before it reads a style element.

    To it the rules at the start end at the first `;`, in a string or not, and escapes mean nothing.
    """
    position = 0 if "@import" in css.lower() else len(css)
    while position < len(css) and (rule := grammar.EARLY_RULE.match(css, position)):
        position = rule.end()
        if rule["name"].lower() == "import":
            yield CssUrl(rule["url"].strip("\"'"), *rule.span("rule"), "import")


def may_load(css: str) -> bool:
    """Tell quickly whether the CSS could hold a URL at all."""
    if "\\" in css:
        return True
    lower = css.lower()
    sure = "url(" in lower or "@import" in lower or "src(" in lower or "cross-fade(" in lower
    return sure or bool(grammar.IMAGE.search(lower))


_NOTHING = CssReading([], substitutes=False)


class _Pass:
    """One pass over a text: the position, the open functions and whether `@font-face` is open."""

    def __init__(self, css: str, *, strings: bool = False) -> None:
        self.css = css
        self.strings = strings
        self.substitutes = False
        self.position = 0
        self.functions: list[str] = []
        self.in_font = False
        self.found: list[CssUrl] = []

    def run(self) -> list[CssUrl]:
        while (match := self._next()) is not None:
            begin = match.start(match.lastgroup or 0)
            self.position = match.end()
            if match.lastgroup == "word":
                self._take_word(match["word"], begin)
            elif match.lastgroup == "string":
                self._take_string(match["string"], begin)
            elif match["mark"] == "(":
                self._note_function(begin)
                self.functions.append("")
            elif self.functions:
                self.functions.pop()
            else:
                self.in_font = False
        return self.found

    def _next(self) -> re.Match[str] | None:
        flat = grammar.IN_FONT if self.in_font else grammar.FLAT
        pattern = grammar.IN_FUNCTION if self.functions or self.strings else flat
        match = pattern.match(self.css, self.position)
        return match if match and match.lastgroup else None

    def _take_word(self, word: str, begin: int) -> None:
        if word[0] == "@":
            if not self.functions:
                self._take_rule(grammar.unescape(word[1:]).lower(), begin)
            return
        if word[-1] != "(" or word[0] == "#" or grammar.NUMBER.match(word):
            if word[-1] == "(":
                self.position -= 1
            return
        name = grammar.unescape(word[:-1]).lower()
        if name in {"url", "src"}:
            url = self._read_url(bare=name == "url")
            if url is not None:
                self._add(url, begin, "font" if self.in_font else "url")
            self.substitutes = self.substitutes or (name == "src" and url is None)
        elif name in grammar.STRING_CARRIERS or self.functions:
            self._note_function(self.position - 1)
            self.functions.append(name)

    def _note_function(self, end: int) -> None:
        """Note a function inside of one whose strings are URLs: what it gives may be such a string."""
        if not self.substitutes and not grammar.STRING_CARRIERS.isdisjoint(self.functions):
            name = grammar.LAST_WORD.search(self.css, max(0, end - _LONGEST_NAME), end)
            self.substitutes = name is None or name[0].lower() not in grammar.PLAIN_FUNCTIONS

    def _take_string(self, quoted: str, begin: int) -> None:
        if quoted[-1] in "\n\r\f":
            return
        carrier = self.functions[-1] if self.functions else ""
        if carrier not in grammar.STRING_CARRIERS:
            # Behind a "=" it is what a selector compares with.
            if self.strings and not grammar.COMPARED.search(self.css, max(0, begin - _LONGEST_NAME), begin):
                self._add(grammar.read_string(quoted), begin, "string")
            return
        if carrier == "alphaimageloader" and not grammar.FILTER_SOURCE.search(
            self.css[max(0, begin - 20) : begin]
        ):
            return
        self._add(grammar.read_string(quoted), begin, "image-set")

    def _take_rule(self, name: str, begin: int) -> None:
        if name == "font-face":
            self.in_font = True
        elif name == "import":
            url = self._read_import()
            if url is not None:
                self._end_rule()
                self._add(url, begin, "import")
        elif name == "namespace":
            self._end_rule()

    def _read_import(self) -> str | None:
        target = grammar.IMPORT_TARGET.match(self.css, self.position)
        if target is None:
            return None
        self.position = target.end()
        if target["word"] is None:
            return grammar.read_string(target["string"])
        return self._read_url() if grammar.unescape(target["word"][:-1]).lower() == "url" else None

    def _read_url(self, *, bare: bool = True) -> str | None:
        """Read what follows `url(`; None for a bad one, which is not loaded."""
        if quoted := grammar.QUOTED_URL.match(self.css, self.position):
            self.position = quoted.end()
            return grammar.read_string(quoted["string"])
        if not bare or grammar.QUOTE_AHEAD.match(self.css, self.position):
            return None
        plain = grammar.BARE_URL.match(self.css, self.position)
        rest = plain or grammar.BAD_URL.match(self.css, self.position)
        self.position = rest.end() if rest else len(self.css)
        return grammar.unescape(plain["url"]) if plain else None

    def _end_rule(self) -> None:
        prelude = grammar.PRELUDE.match(self.css, self.position)
        self.position = prelude.end() if prelude else len(self.css)

    def _add(self, url: str, begin: int, kind: str) -> None:
        if self.strings and kind != "string":
            return  # a pass without them gives these
        self.found.append(CssUrl(url, begin, self.position, kind))
