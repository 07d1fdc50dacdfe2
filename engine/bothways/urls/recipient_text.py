"""The readable forms of an address in a text, where they stand alone."""

from collections.abc import Iterator

from bothways.urls.candidates import Candidates
from bothways.urls.recipient_forms import Form

_MOST_PLACES = 16
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789")
_DELIMITERS = frozenset(b"/=&?#,;:|\"'<>()[]{}!~*$ \t\r\n\0")


def find_readable(folded: bytes, candidates: Candidates) -> Iterator[tuple[int, Form]]:
    """Give the place of each address that stands in a lower-cased text, and in which form."""
    for value, index, form in candidates.readable:
        at, places = folded.find(value), 0
        while at >= 0 and places < _MOST_PLACES:
            if _stands_alone(folded, at, at + len(value), form):
                yield index, form
                break
            at, places = folded.find(value, at + 1), places + 1
    for local, domain, index in candidates.taggable:
        if _has_tagged(folded, local, domain):
            yield index, Form.WHOLE


def _stands_alone(text: bytes, start: int, end: int, form: Form) -> bool:
    """True where what stands around is no part of a longer address, name or word."""
    before = text[start - 1] if start else 0
    after = text[end] if end < len(text) else 0
    if form is Form.LOCAL_PART:
        return before in _DELIMITERS and after in _DELIMITERS
    if after in _WORD or after == 0x2D or (form is Form.WITHOUT_TLD and after == 0x2E):
        return False
    if before not in _WORD and before not in b".+":
        return True
    # A token's octets before the address, read at another alignment: chance, not a longer name.
    return not all(0x20 <= octet < 0x7F for octet in text[max(0, start - 4) : start])


def _has_tagged(text: bytes, local: bytes, domain: bytes) -> bool:
    """True for local+anything@domain."""
    at = text.find(local)
    for _ in range(_MOST_PLACES):
        if at < 0:
            break
        sign = text.find(b"@", at, at + len(local) + 80)
        end = sign + len(domain)
        if sign > 0 and text.startswith(domain, sign) and _stands_alone(text, at, end, Form.WHOLE):
            return not any(octet in _DELIMITERS for octet in text[at:sign])
        at = text.find(local, at + 1)
    return False
