"""URLs that CSS makes a client load, with exact spans.

A flat pass over the tokens of CSS Syntax Level 3: comments, strings, `url()` and identifiers are told apart
as that grammar says, escapes included, and nothing recurses, so that depth costs nothing. What can hold no
URL is skipped inside one compiled expression with possessive quantifiers only.
"""

import re
from dataclasses import dataclass

from bothways.markup import css_grammar as grammar


@dataclass(frozen=True, slots=True)
class CssUrl:
    """One URL of a style sheet or declaration list; offsets into the CSS.

    `kind` is "url" (the span is the whole `url(...)`), "font" (the same in `@font-face`), "image-set" (a
    string in `image-set()` or its kin: the span is that string with its quotes) or "import" (the span is the
    whole rule, its `;` included).
    """

    url: str
    start: int
    end: int
    kind: str


def find_urls(css: str) -> list[CssUrl]:
    """Give every URL that the CSS would load, in order; never raises, whatever the text."""
    return _Pass(css).run() if may_load(css) else []


def may_load(css: str) -> bool:
    """Tell quickly whether the CSS could hold a URL at all."""
    if "\\" in css:
        return True
    lower = css.lower()
    sure = "url(" in lower or "@import" in lower or "src(" in lower or "cross-fade(" in lower
    return sure or bool(grammar.IMAGE.search(lower))


class _Pass:
    """One pass over a text: the position, the open functions and whether `@font-face` is open."""

    def __init__(self, css: str) -> None:
        self.css = css
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
                self.functions.append("")
            elif self.functions:
                self.functions.pop()
            else:
                self.in_font = False
        return self.found

    def _next(self) -> re.Match[str] | None:
        flat = grammar.IN_FONT if self.in_font else grammar.FLAT
        pattern = grammar.IN_FUNCTION if self.functions else flat
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
        elif name in grammar.STRING_CARRIERS or self.functions:
            self.functions.append(name)

    def _take_string(self, quoted: str, begin: int) -> None:
        carrier = self.functions[-1]
        if carrier not in grammar.STRING_CARRIERS or quoted[-1] in "\n\r\f":
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
        self.found.append(CssUrl(url, begin, self.position, kind))
