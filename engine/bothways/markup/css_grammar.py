"""The tokens of CSS Syntax Level 3 as expressions that cannot backtrack."""

import re

STRING_CARRIERS = frozenset(("image-set", "-webkit-image-set", "image", "cross-fade", "alphaimageloader"))
"""Functions whose strings are URLs; the last one is Internet Explorer's, seen in `filter`."""
PLAIN_FUNCTIONS = frozenset(("type", "url", "src", "calc", "image-set", "-webkit-image-set"))
"""Functions inside of those that give no string."""

_W = r"-a-zA-Z0-9_\0\x80-\U0010ffff"
_S = r"[ \t\n\r\f]"
_ESCAPE = rf"\\(?:[0-9a-fA-F]{{1,6}}+(?:\r\n|{_S})?+|[^0-9a-fA-F\n\r\f]|\Z)"
_COMMENT = r"/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)"
_GAP = rf"(?:{_S}++|{_COMMENT})*+"
_IN_STRING = r"\\(?:\r\n|[\s\S]|\Z)"


def _string(end: str) -> str:
    body = rf"\\\n\r\f]++|{_IN_STRING})*+"
    return rf"""(?:"(?:[^"{body}(?:"|{end})|'(?:[^'{body}(?:'|{end}))"""


_CLOSED_STRING = _string(r"\Z")
_STRING = _string(r"\Z|[\n\r\f]")
_UNESCAPED = r"(?!\\(?![\n\r\f]))"
_FUNCTIONS = r"(?i:url|src|image|(?:-webkit-)?image-set|cross-fade|alphaimageloader)\("
_RULES = rf"@(?i:import|namespace|font-face)(?![{_W}])"
_WORD = rf"[\#@]?(?:[{_W}]++|{_ESCAPE})++\(?"


def _tokens(marks: str, *, strings: bool = False) -> re.Pattern[str]:
    """Skip what holds no URL; stop at words that may, at `marks` and, if asked, at strings."""
    special = rf"""{_W}"'/@\#\\<{marks}"""
    skipped = (
        # Words that open no function and what stands between them: nearly all there is, so in one go.
        rf"(?:\#?+[{_W}]++(?:[^{special}(]++|(?![(\\])))++",
        rf"[^{special}]++",
        rf"\#[{_W}]*+{_UNESCAPED}",
        rf"(?!{_FUNCTIONS})[{_W}]++{_UNESCAPED}",
        rf"(?!{_RULES})@[{_W}]*+{_UNESCAPED}",
        _COMMENT,
        *(() if strings else (_STRING,)),
        r"<!--|[/<]|\\(?=[\n\r\f])",
    )
    stops = [rf"(?P<word>{_WORD})"]
    if strings:
        stops.append(rf"(?P<string>{_STRING})")
    if marks:
        stops.append(rf"(?P<mark>[{marks}])")
    return re.compile(rf"(?:{'|'.join(skipped)})*+(?:{'|'.join(stops)}|\Z)")


FLAT = _tokens("")
IN_FONT = _tokens("}")
IN_FUNCTION = _tokens("()", strings=True)

IMAGE = re.compile(r"image(?:-set|loader)?\(")
NUMBER = re.compile(r"-?[0-9]")
QUOTE_AHEAD = re.compile(rf"""{_S}*+["']""")
QUOTED_URL = re.compile(rf"{_S}*+(?P<string>{_CLOSED_STRING}){_GAP}\)?")
BARE_URL = re.compile(
    rf"""{_S}*+(?P<url>(?:[^ \t\n\r\f"'()\\\x01-\x08\x0b\x0e-\x1f\x7f]++|{_ESCAPE})*+){_S}*+(?:\)|\Z)"""
)
BAD_URL = re.compile(r"(?:[^)\\]++|\\[\s\S])*+(?:\)|\\?\Z)")
IMPORT_TARGET = re.compile(rf"{_GAP}(?:(?P<string>{_CLOSED_STRING})|(?P<word>(?:[{_W}]++|{_ESCAPE})++\())")
PRELUDE = re.compile(rf"""(?:[^;{{}}"'\\/]++|{_STRING}|{_COMMENT}|/|\\[\s\S]|\\\Z)*+;?""")
FILTER_SOURCE = re.compile(rf"(?i:src){_S}*+={_S}*+\Z")
LAST_WORD = re.compile(rf"[{_W}]*+\Z")
COMPARED = re.compile(rf"={_S}*+\Z")
EARLY_RULE = re.compile(
    rf"(?:{_S}++|{_COMMENT}|/|@(?![a-zA-Z]))*+(?P<rule>@(?P<name>[a-zA-Z][^ \t\n\r\f;{{]*+){_S}*+"
    rf"(?:(?i:url)\({_S}*+)?+(?P<url>[^ \t\n\r\f;{{)]*+)[^;{{]*+(?:;|\Z))"
)

_ESCAPED = re.compile(rf"\\(?:([0-9a-fA-F]{{1,6}}+)(?:\r\n|{_S})?+|(\r\n|[\n\r\f])|([\s\S])|\Z)")


def unescape(text: str) -> str:
    """Resolve the escapes of an identifier, a URL or the inside of a string."""
    return _ESCAPED.sub(_resolve, text) if "\\" in text else text


def read_string(quoted: str) -> str:
    """Give the value of a string token, which at the end of the text may lack its closing quote."""
    inner = quoted[1:]
    if inner.endswith(quoted[0]) and _closes(quoted):
        inner = inner[:-1]
    # "If the next input code point is EOF, do nothing": a lone backslash at the end is no character.
    if _trailing_backslashes(inner) % 2:
        inner = inner[:-1]
    return unescape(inner)


def _closes(quoted: str) -> bool:
    return len(quoted) > 1 and _trailing_backslashes(quoted[:-1]) % 2 == 0


def _trailing_backslashes(text: str) -> int:
    return len(text) - len(text.rstrip("\\"))


def _resolve(match: re.Match[str]) -> str:
    if match[1]:
        code = int(match[1], 16)
        return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\N{REPLACEMENT CHARACTER}"
    if match[2]:
        return ""
    return match[3] or "\N{REPLACEMENT CHARACTER}"
