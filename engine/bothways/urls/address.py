"""A URL the way a browser reads it (WHATWG URL, by ada), in parts that rules can look at.

Only absolute http and https URLs have an address: nothing else makes a client talk to a tracker, and
nothing else may come out of an unwrap. `parse` gives None for mailto:, cid:, data:, javascript:, for a
relative reference and for whatever a browser would reject.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus

import ada_url

# ada has normalised the text before this looks at it: lower-case scheme and host, a path that starts
# with "/", and no "@", "/", "?" or "#" inside user information.
_PARTS = re.compile(
    r"(https?)://(?:[^/@]*@)?(\[[^\]]*\]|[^/:]*)(?::(\d+))?(/[^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL
)

_MOST_PARAMETERS = 400


@dataclass(frozen=True, slots=True)
class Address:
    """An http(s) URL in its normal form.

    `host` is lower case, punycode, without user information; `port` is None where it is the scheme's
    own; `path` starts with "/" and, like `query` and `fragment` (without "?" and "#"), is percent-encoded.
    """

    href: str
    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    fragment: str


def parse(url: str) -> Address | None:
    """Read a URL; None where a browser would not load it over http or https."""
    try:
        href: str = ada_url.normalize_url(url)
    except ValueError:
        return None
    parts = _PARTS.fullmatch(href)
    if parts is None:
        return None
    scheme, host, port, path, query, fragment = parts.groups()
    return Address(href, scheme, host, int(port) if port else None, path, query or "", fragment or "")


def read_parameters(query: str) -> dict[str, str]:
    """Read a query's parameters, names and values still percent-encoded; the first of a name counts.

    A leading `amp;` is dropped: links that were escaped once too often are common in mail.
    """
    found: dict[str, str] = {}
    if not query:
        return found
    for pair in query.split("&", _MOST_PARAMETERS):
        name, _, value = pair.partition("=")
        found.setdefault(name.removeprefix("amp;"), value)
    return found


def decode_value(value: str) -> str:
    """Decode a parameter's value: percent escapes and `+` for a space."""
    return unquote_plus(value) if "%" in value or "+" in value else value


def decode_path(text: str) -> str:
    """Decode percent escapes only; `+` stays."""
    return unquote(text) if "%" in text else text
