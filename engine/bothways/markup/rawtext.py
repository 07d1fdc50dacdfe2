"""Elements whose content is text to the tokenizer, and where that text ends."""

import re

RAW_TEXT = frozenset(
    ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext")
)

SCRIPTED_RAW_TEXT = RAW_TEXT | {"noscript"}
"""The same where scripts run."""

_ENDS = {
    name: re.compile(rf"</(?i:{name})(?=[ \t\n\f\r/>])")
    for name in SCRIPTED_RAW_TEXT - {"plaintext", "script"}
}
_SCRIPT_MARK = re.compile(r"<!--|-->|<(/?)(?i:script)(?=[ \t\n\f\r/>])")


def find_raw_end(html: str, name: str, position: int, limit: int) -> int:
    """Give where the end tag of a raw text begins, `limit` without one."""
    if name == "script":
        return _find_script_end(html, position, limit)
    end = _ENDS[name].search(html, position, limit) if name in _ENDS else None
    return end.start() if end else limit


def _find_script_end(html: str, position: int, limit: int) -> int:
    """Follow the "script data escaped" states: behind `<!-- <script>` one more end tag is script."""
    escaped = nested = False
    while mark := _SCRIPT_MARK.search(html, position, limit):
        position = mark.end()
        if mark[0] == "<!--":
            if not escaped:
                escaped, position = True, position - 2  # <!--> opens and closes at once
        elif mark[0] == "-->":
            escaped = nested = False
        elif not mark[1]:
            nested = escaped
        elif nested:
            nested = False
        else:
            return mark.start()
    return limit
