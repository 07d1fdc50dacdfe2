"""The search for an address in one URL: where the automaton points, and in what its tokens decode to.

A text is first freed of percent escapes, character references and JSON escapes. Then three looks: the
automaton over all of it (readable forms, and codings of them anywhere inside a bigger token), runs of hex
digits that are a digest, and every token decoded and read again, three layers deep.
"""

import re
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote_to_bytes

from bothways.urls import transforms
from bothways.urls.candidates import Candidates, Origin
from bothways.urls.recipient_forms import Form

LONGEST_URL = 65_536
"""Characters of a URL that are searched."""
DEEPEST = 3
_MOST_TOKENS = 200
_MOST_DECODED = 262_144
_MOST_MATCHES = 32
_MOST_PLACES = 16
_LONGEST_RUN = 512
_REACH = 2048
"""Octets before and behind a match that may belong to its token."""
_SHORTEST_CODED = 11
"""Characters of a token worth decoding: eight octets in base64."""
_SHORTEST_PIECE = 20
"""The same for what "-" or "_" cuts off, which may as well be letters of base64."""
_MOST_CUTS = 3
"""Of "-" and "_" in a token that joins pieces; where there are more they are letters."""

_SIZES = frozenset(transforms.DIGEST_SIZES.values())
_LONG_SIZES = sorted(size for size in _SIZES if size >= 16)
# Of octets "\w" is ASCII. What has small letters only is a word: no coding of an address leaves it so.
_TOKEN = re.compile(rb"[^\w-](?![a-z_-]*+[^\w-])([\w-]{8,}+|[\w+/-]{6}==)")
_ALPHABET = re.compile(
    rb"(?P<base16>(?:[0-9A-Fa-f]{2})++)|(?P<base32>[A-Z2-7]++|[a-z2-7]++)|(?P<base58>[1-9A-HJ-NP-Za-km-z]++)"
)
_WIDE_TOKEN = re.compile(rb"[A-Za-z0-9+/]{11,}")
_TURNED_ESCAPE = re.compile(rb"%[2-7][N-Sn-s]")
_ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")
_ESCAPED_OCTETS = re.compile(rb"[^/?&=#;,]+")
_ESCAPED_TOKEN = re.compile(rb"[A-Za-z0-9%]{11,}")
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789")
_DELIMITERS = frozenset(b"/=&?#,;:|\"'<>()[]{}!~*$ \t\r\n\0")
_ROT13_HEX = transforms.encode_rot13(transforms.HEX)
_HEX_RUN = b"h" * 32
_HEX_MAP = bytes(0x68 if octet in transforms.HEX else 0x20 for octet in range(256))
_ROT13_HEX_MAP = bytes(0x68 if octet in _ROT13_HEX else 0x20 for octet in range(256))
_EITHER_MAP = bytes(max(one, other) for one, other in zip(_HEX_MAP, _ROT13_HEX_MAP, strict=True))
_PACKINGS = frozenset(["zlib", "gzip", "deflate"])
_DECODERS = {
    "base16": transforms.decode_base16,
    "base32": transforms.decode_base32,
    "base58": transforms.decode_base58,
}
_TURNED = {
    "base64": transforms.decode_base64,
    "base32": transforms.decode_base32,
    "base58": transforms.decode_base58,
}
_CODED_DIGESTS = frozenset(
    [-(-size * 8 // bits) for size in _LONG_SIZES for bits in (5, 6)]
    + [length for size in _LONG_SIZES for length in range(round(size * 1.365) - 1, round(size * 1.365) + 2)]
)
"""Characters of a digest in base32, base64 and base58."""
_ALPHABETS = {
    "base58": (transforms.BASE58 + b"0OIl", 1),
    "base16": (transforms.HEX, 2),
    "base32": (b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 8),
    "base64": (b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_", 4),
}
_COMMON = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/:?#[]@!$'()*,=&"
_ESCAPING = re.compile(rb"[%;\\]")
_BASE64_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _begins_well(first: int, second: int) -> bool:
    """True where base64's first two letters may begin ASCII, a zlib or gzip header or packed ASCII."""
    octet = first << 2 | second >> 4
    ascii_ = first < 32 and not second & 8
    return ascii_ or transforms.begins_packed(octet)


_BEGINNINGS = frozenset(
    letters.translate(table)
    for one, first in enumerate(_BASE64_LETTERS)
    for two, second in enumerate(_BASE64_LETTERS)
    if _begins_well(one, two)
    for letters in [bytes([first, second])]
    for table in (None, transforms.TO_URL_ALPHABET)
)
_PACKED_FIRST = frozenset(octet for octet in range(256) if transforms.begins_packed(octet))
_JSON_FIRST = b'{["'
_FORM_RANK = {Form.LOCAL_PART: 0, Form.WITHOUT_TLD: 1, Form.WHOLE: 2}


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, as in `recipients.Hit`."""

    address: int
    form: Form
    chain: tuple[str, ...]

    @property
    def strong(self) -> bool:
        """False for what may be there by chance."""
        return self.form is not Form.LOCAL_PART and not any(
            name in transforms.CHECKSUMS for name in self.chain
        )

    @property
    def rank(self) -> tuple[bool, int, int]:
        """The greater, the stronger."""
        return self.strong, _FORM_RANK[self.form], -len(self.chain)


class Search:
    """One search: what is left of its budget, and the best so far."""

    __slots__ = ("_candidates", "_match", "_octets_left", "_tokens_left", "best")

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        assert candidates.match is not None
        self._match = candidates.match
        self._tokens_left = _MOST_TOKENS
        self._octets_left = _MOST_DECODED
        self.best: Found | None = None

    def run(self, url: str) -> Found | None:
        """Search a URL or a part of one."""
        text = url[:LONGEST_URL].encode("utf-8", "replace")
        if b"%" in text:
            text = self._unquote(text, ())
        self._read(text, (), 0)
        return self.best

    def _keep(self, found: Found) -> None:
        if self.best is None or found.rank > self.best.rank:
            self.best = found

    @property
    def _done(self) -> bool:
        return self.best is not None and self.best.strong and self.best.form is Form.WHOLE

    def _unquote(self, text: bytes, chain: tuple[str, ...]) -> bytes:
        """Undo percent escapes; read what only escapes can carry: octets, and tokens with "/" or "+"."""
        plain = unquote_to_bytes(text)
        if not _is_text(plain):
            for piece in islice(_ESCAPED_OCTETS.finditer(text), _MOST_TOKENS):
                octets = unquote_to_bytes(piece[0])
                if not _is_text(octets):
                    self._read_octets(octets, chain, "percent", 0)
        if b"%2" in text:
            for piece in islice(_ESCAPED_TOKEN.finditer(text), _MOST_TOKENS):
                token = unquote_to_bytes(piece[0]) if b"%2" in piece[0] else b""
                if _WIDE_TOKEN.fullmatch(token):
                    self._read_token(token, chain, 0)
        return plain

    def _unescape(self, text: bytes, chain: tuple[str, ...]) -> tuple[bytes, tuple[str, ...]]:
        for _ in range(DEEPEST):
            if b"%" in text and _TURNED_ESCAPE.search(text):
                text, chain = transforms.encode_rot13(text), (*chain, "rot13")
            elif b"%" in text and _ESCAPE.search(text):
                chain = (*chain, "percent")
                text = self._unquote(text, chain)
            elif undone := transforms.unescape(text):
                text, chain = undone[1], (*chain, undone[0])
            else:
                break
        return text, chain

    def _read(self, text: bytes, chain: tuple[str, ...], depth: int) -> None:
        rare = text.translate(None, _COMMON)
        if rare and _ESCAPING.search(rare):
            text, chain = self._unescape(text, chain)
        folded = text.lower()
        matches = self._match(folded, overlapping=True)
        if matches:
            self._follow(matches, text, folded, chain)
            if self._done:
                return
        if depth >= DEEPEST:
            self._read_hex_runs(text, chain)
            return
        for token in _TOKEN.findall(b"/%b/" % text):
            if len(token) >= _SHORTEST_CODED:
                self._read_token(token, chain, depth)
            elif len(token) == 8:
                self._read_checksum(token, chain)
        # "/" is a letter of base64, but not in a path.
        tail = text if depth else text.partition(b"?")[2]
        if b"/" in tail or b"+" in rare:
            self._read_wide_tokens(tail, chain, depth)

    def _follow(
        self, matches: list[tuple[int, int, int]], text: bytes, folded: bytes, chain: tuple[str, ...]
    ) -> None:
        codings = [(self._candidates.codings[number], start) for number, start, _ in matches[:_MOST_MATCHES]]
        if any(not names for names, _ in codings):
            self._compare(folded, chain)
        if any(names == ("rot13",) for names, _ in codings):
            self._compare(transforms.encode_rot13(folded), (*chain, "rot13"))
        for names, start in codings:
            if names and names != ("rot13",) and not self._done:
                for decoded in _decode_around(text, start, names):
                    self._compare(decoded.lower(), chain + names)

    def _compare(self, folded: bytes, chain: tuple[str, ...]) -> None:
        """Look for the readable forms in a lower-cased text."""
        for value, index, form in self._candidates.readable:
            at, places = folded.find(value), 0
            while at >= 0 and places < _MOST_PLACES:
                if _stands_alone(folded, at, at + len(value), form):
                    self._keep(Found(index, form, chain))
                    break
                at, places = folded.find(value, at + 1), places + 1
        for local, domain, index in self._candidates.taggable:
            if _has_tagged(folded, local, domain):
                self._keep(Found(index, Form.WHOLE, chain))

    def _read_wide_tokens(self, text: bytes, chain: tuple[str, ...], depth: int) -> None:
        for token in _WIDE_TOKEN.findall(text):
            if b"+" in token or b"/" in token:
                self._read_token(token, chain, depth)

    def _read_token(self, token: bytes, chain: tuple[str, ...], depth: int) -> None:
        """Decode a token in each way that its length, its first letters and its alphabet allow."""
        self._tokens_left -= 1
        if self._tokens_left < 0:
            return
        alphabet = _ALPHABET.fullmatch(token)
        name = alphabet.lastgroup if alphabet else None
        if len(token) in _CODED_DIGESTS:
            self._read_octets(transforms.decode_base64(token), chain, "base64", depth)
            self._read_turned_digest(transforms.encode_rot13(token), chain)
        elif token[:2] in _BEGINNINGS:
            self._read_base64(token, chain, depth)
        if name is not None:
            self._read_octets(_DECODERS[name](token), chain, name, depth)
        if len(token) >= 32 and _HEX_RUN in token.translate(_EITHER_MAP):
            self._read_hex_runs(token, chain)
        if not token.isalnum() and token.count(b"-") + token.count(b"_") <= _MOST_CUTS:
            self._read_pieces(token, chain, depth)

    def _read_pieces(self, token: bytes, chain: tuple[str, ...], depth: int) -> None:
        for piece in token.replace(b"_", b"-").split(b"-"):
            if len(piece) >= _SHORTEST_PIECE:
                self._read_token(piece, chain, depth)
            elif len(piece) == 8:
                self._read_checksum(piece, chain)

    def _read_base64(self, token: bytes, chain: tuple[str, ...], depth: int) -> None:
        octets = transforms.decode_base64(token)
        if octets and (octets[0] in _PACKED_FIRST or octets.isascii() or octets[0] in _JSON_FIRST):
            self._read_octets(octets, chain, "base64", depth)

    def _read_octets(self, octets: bytes | None, chain: tuple[str, ...], name: str, depth: int) -> None:
        """Go on with what a layer decoded to: a digest, a text, or something packed."""
        if not octets:
            return
        if len(octets) in _SIZES:
            self._look_up(octets, (*chain, name))
        self._octets_left -= len(octets)
        if depth >= DEEPEST or self._octets_left < 0 or self._done:
            return
        text = _is_text(octets)
        if text or name in _PACKINGS or octets[0] in _JSON_FIRST:
            self._read(octets, (*chain, name), depth + 1)
        if not text and len(octets) > 5 and (inflated := transforms.inflate(octets)):
            self._read_octets(inflated[1], (*chain, name), inflated[0], depth + 1)

    def _look_up(self, digest: bytes | None, chain: tuple[str, ...]) -> bool:
        origin: Origin | None = self._candidates.find_digest(digest) if digest else None
        if origin is None:
            return False
        self._keep(Found(origin.address, origin.form, chain + origin.chain))
        return True

    def _read_checksum(self, token: bytes, chain: tuple[str, ...]) -> None:
        if not token.strip(transforms.HEX):
            self._look_up(bytes.fromhex(token.decode()), chain)
        elif not token.strip(_ROT13_HEX):
            self._look_up(bytes.fromhex(transforms.encode_rot13(token).decode()), (*chain, "rot13"))
        elif token.endswith(b"=="):
            self._look_up(transforms.decode_base64(token), (*chain, "base64"))
            turned = transforms.encode_rot13(token)
            self._look_up(transforms.decode_base64(turned), (*chain, "rot13", "base64"))

    def _read_turned_digest(self, token: bytes, chain: tuple[str, ...]) -> None:
        for name, decode in _TURNED.items():
            decoded = decode(token)
            if decoded and len(decoded) in _SIZES and self._look_up(decoded, (*chain, "rot13", name)):
                return

    def _read_hex_runs(self, text: bytes, chain: tuple[str, ...]) -> None:
        """Digests in hex, as they are and turned, also inside longer runs."""
        if _HEX_RUN in text.translate(_HEX_MAP):
            self._walk_hex_runs(text, chain)
        if _HEX_RUN in text.translate(_ROT13_HEX_MAP):
            self._walk_hex_runs(transforms.encode_rot13(text), (*chain, "rot13"))

    def _walk_hex_runs(self, text: bytes, chain: tuple[str, ...]) -> None:
        marks, at = text.translate(_HEX_MAP), 0
        for _ in range(_MOST_PLACES):
            at = marks.find(_HEX_RUN, at)
            if at < 0:
                return
            rest = marks[at : at + _LONGEST_RUN]
            length = len(rest) - len(rest.lstrip(b"h"))
            self._look_up_windows(text[at : at + length], chain)
            at += length

    def _look_up_windows(self, run: bytes, chain: tuple[str, ...]) -> None:
        if (
            len(run) % 2 == 0
            and len(run) // 2 in _SIZES
            and self._look_up(bytes.fromhex(run.decode()), chain)
        ):
            return
        for odd in (0, 1):
            octets = bytes.fromhex(run[odd : len(run) - (len(run) - odd) % 2].decode())
            for size in _LONG_SIZES:
                for start in range(len(octets) - size + 1):
                    self._look_up(octets[start : start + size], chain)


def _is_text(octets: bytes) -> bool:
    return octets.isascii() and b"\0" not in octets


def _decode_around(text: bytes, start: int, names: tuple[str, ...]) -> list[bytes]:
    """Decode the token around a place at each alignment."""
    coding = names[-1]
    alphabet, alignments = _ALPHABETS[coding]
    low = max(0, start - _REACH)
    window = text[low : start + _REACH]
    if names[0] == "rot13":
        window = transforms.encode_rot13(window)
    if coding == "base32":
        window = window.upper()
    ahead, behind = window[: start - low], window[start - low :]
    run = ahead[len(ahead.rstrip(alphabet)) :] + behind[: len(behind) - len(behind.lstrip(alphabet))]
    return [decoded for skip in range(alignments) if (decoded := _DECODE_PART[coding](run[skip:]))]


def _decode_hex(run: bytes) -> bytes | None:
    return transforms.decode_base16(run[: len(run) & ~1])


def _decode_cut(run: bytes) -> bytes | None:
    return transforms.decode_base64(run[: len(run) - (len(run) % 4 == 1)])


_DECODE_PART = {
    "base16": _decode_hex,
    "base32": transforms.decode_base32,
    "base58": transforms.decode_base58,
    "base64": _decode_cut,
}


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
