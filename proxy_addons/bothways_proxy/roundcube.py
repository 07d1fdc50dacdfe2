"""Roundcube's message page (preview, show, print): the regions that hold the mail, and what the page tells.

The page hands its script a JSON object by `set_env({...})`: action, mailbox, uid, sender, user name. The mail
stands in `<div class="message-htmlpart">` (HTML, washed by Roundcube, so its divs are balanced) or in
`<div class="message-part">` (plain text with links).
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from email.utils import parseaddr

from bothways.markup.tokens import ALL_TAGS, find_tokens

from bothways_proxy.page import Page, Shown

_ENVIRONMENT = re.compile(r"\bset_env\((?=\{)")
_TITLE = re.compile(r"<title>([^<]*)</title>", re.IGNORECASE)
_MESSAGE_PART = re.compile(r'class="message-(?:html)?part(?=["\s])')
_COMMENT_OR_END = re.compile(r"<!--(?:[^-]++|-(?!->))*+(?:-->|\Z)|</div\b", re.IGNORECASE)
_SHOWING = frozenset(("show", "preview", "print"))


def read_page(page: str) -> Page | None:
    """Find the mail in a page of Roundcube's; None where the page shows none, or one being written."""
    if _MESSAGE_PART.search(page) is None:
        return None
    environment = _read_environment(page)
    if environment.get("action") not in _SHOWING:
        return None
    shown = _read_shown(page, environment)
    if shown.mailbox and shown.mailbox == environment.get("drafts_mailbox"):
        return None
    # A sender that is the user makes no mail the user's own: anyone may write that.
    own = shown.mailbox != "" and shown.mailbox == environment.get("sent_mailbox")
    return Page(tuple(_find_regions(page)), shown, own)


def _read_environment(page: str) -> Mapping[str, object]:
    """Read the page's own words: those in its scripts, for a subject or a mail may hold any text."""
    for name, _, start, content_end, _ in find_tokens(page, ALL_TAGS):
        if name != "script":
            continue
        for found in _ENVIRONMENT.finditer(page, start, content_end):
            value = _decode(page, found.end())
            if "action" in value:
                return value
    return {}


def _decode(page: str, start: int) -> Mapping[str, object]:
    try:
        value, _ = json.JSONDecoder().raw_decode(page, start)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _read_shown(page: str, environment: Mapping[str, object]) -> Shown:
    def text(name: str) -> str:
        value = environment.get(name)
        return str(value) if isinstance(value, (str, int)) else ""

    title = _TITLE.search(page)
    name, address = parseaddr(text("sender"))
    subject = html.unescape(title[1]).partition(" :: ")[2].strip() if title else ""
    return Shown(text("mailbox"), text("uid"), text("username"), address, name, subject)


def _find_regions(page: str) -> Iterator[tuple[int, int]]:
    """Give the inside of every outermost message part, from behind its tag to before its `</div>`."""
    depth, start = 0, 0
    for begin, end, opens in _divs(page):
        if not depth:
            if opens and _MESSAGE_PART.search(page, begin, end):
                depth, start = 1, end
            continue
        depth += 1 if opens else -1
        if not depth:
            yield start, begin
    if depth:
        yield start, len(page)


def _divs(page: str) -> Iterator[tuple[int, int, bool]]:
    """Give start, end and kind (opens) of the div tags, none of comments, raw text and attributes."""
    position = 0
    for name, begin, end, content_end, _ in find_tokens(page, ALL_TAGS):
        yield from _ends(page, position, begin)
        if name == "div":
            yield begin, end, True
        position = content_end
    yield from _ends(page, position, len(page))


def _ends(page: str, begin: int, end: int) -> Iterator[tuple[int, int, bool]]:
    for found in _COMMENT_OR_END.finditer(page, begin, end):
        if found[0].startswith("</"):
            yield *found.span(), False
