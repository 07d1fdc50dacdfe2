"""A URL the way a browser reads it (WHATWG URL, by ada), in parts that rules can look at.

Only absolute http and https URLs have an address: nothing else makes a client talk to a tracker, and
nothing else may come out of an unwrap. `parse` gives None for mailto:, cid:, data:, javascript:, for a
relative reference and for whatever a browser would reject.
"""

import re
from binascii import a2b_qp
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

import ada_url

# ada has normalised the text before this looks at it: lower-case scheme and host, a path that starts
# with "/", and no "@", "/", "?" or "#" inside user information.
_PARTS = re.compile(
    r"(https?)://(?:[^/@]*@)?(\[[^\]]*\]|[^/:]*)(?::(\d+))?(/[^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL
)

# What ada would give back as it is, which is most of what mail holds: a DNS name in lower case without
# punycode, and only characters that need no escape. Dot segments are looked for apart, and where there is no
# path ada puts "/" there. No character could belong to two of its parts, so nothing is tried twice.
_NORMAL = re.compile(
    r"(https?)://((?:(?!xn--)[a-z0-9_-]++\.)++[a-z]{2,63}+)(/[!$-;=@-Z\[\]_a-z|~]*+)?+"
    r"(?:\?([!$-&(-;=?-~]*+))?+(?:#([!#-;=?-_a-~]*+))?+",
    re.ASCII,
)
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MOST_PARAMETERS = 400


class Address(NamedTuple):
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
    normal = _NORMAL.fullmatch(url)
    if normal is not None:
        scheme, host, path, query, fragment = normal.groups()
        if path is None:
            url, path = f"{scheme}://{host}/{url[normal.end(2) :]}", "/"
        if "/." not in path and "/%2" not in path:  # no dot segment, however written
            return Address(url, scheme, host, None, path, query or "", fragment or "")
    if url[:1] not in "hH" and url[:1] > " ":  # what stands before a scheme is control characters and spaces
        return None
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
    if not query:
        return {}
    if "amp;" in query:
        query = query.replace("&amp;", "&").removeprefix("amp;")
    pairs = [pair.partition("=") for pair in query.split("&", _MOST_PARAMETERS)]
    pairs.reverse()  # of one name the last to be filed stays
    return {name: value for name, _, value in pairs}


@lru_cache(maxsize=8)  # a pattern that looks inside a value and the step that takes it ask for the same
def decode_value(value: str) -> str:
    """Decode a parameter's value: percent escapes and `+` for a space."""
    return decode_path(value.replace("+", " "))


def decode_path(text: str) -> str:
    """Decode percent escapes only; `+` stays."""
    if "%" not in text:
        return text
    if not text.isascii() or not text.isprintable() or _NO_ESCAPE.search(text):
        return unquote(text)
    # Quoted-printable has the same escapes behind another sign, and its decoder is no loop in Python.
    octets = a2b_qp(text.encode("ascii").replace(b"=", b"=3D").replace(b"%", b"="))
    return octets.decode("utf-8", "replace")
