"""Which of a text's URLs could carry the reader's address? Asked of all at once, for hardly any does.

The automaton runs but once over all of them, and a token that many URLs share is decoded but once. What is
left over is searched by itself: a URL in which something was found, one that is written in escapes, and
one that is too long.
"""

import re
from collections.abc import Sequence

from bothways.urls.candidates import Candidates
from bothways.urls.recipient_search import Search
from bothways.urls.recipient_tokens import COMMON, TOKEN

_LONGEST = 2000
"""Characters of a URL that is looked at together with others: it has no more tokens than are read of one."""
_MOST_FOUND = 100
"""Tokens with something in them, each looked for in all of the URLs; mails hold a few."""
_ESCAPING = re.compile(r"[%;\\+\s]")
"""What escapes are made of, and what else makes a search go other ways."""


def sift(urls: Sequence[str], candidates: Candidates) -> set[str]:
    """Give the URLs that have to be searched one by one; the others carry none of the addresses."""
    urls = list(dict.fromkeys(urls))
    left = {url for url in urls if len(url) > _LONGEST or "/" in url.partition("?")[2]}
    if "\n".join(urls).encode("utf-8", "replace").translate(None, COMMON + b"\n"):
        left.update(url for url in urls if _ESCAPING.search(url))
    simple = [url for url in urls if url not in left]
    if candidates.match is None or not simple:
        return left
    text = "\n".join(["", *simple, ""]).encode("utf-8", "replace")
    for _, start, _ in candidates.match(text.lower(), overlapping=True):
        left.add(text[text.rindex(b"\n", 0, start) + 1 : text.index(b"\n", start)].decode())
    search = Search(candidates, urls=len(simple))
    found = [token.decode() for token in dict.fromkeys(TOKEN.findall(text)) if search.finds_in(token)]
    if search.is_exhausted or len(found) > _MOST_FOUND:
        return {*urls}
    left.update(url for url in simple if any(token in url for token in found))
    return left
