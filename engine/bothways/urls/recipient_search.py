"""The search for an address in one URL: where the automaton points, and in what its tokens decode to.

A text is first freed of percent escapes, character references and JSON escapes. Then three looks: the
automaton over all of it (readable forms, and codings of them anywhere inside a bigger token), runs of hex
digits that are a digest, and every token decoded and read again, three layers deep.
"""

from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote_to_bytes

from bothways.urls import transforms
from bothways.urls.candidates import Candidates, Origin
from bothways.urls.recipient_forms import Form
from bothways.urls.recipient_text import find_readable
from bothways.urls.recipient_tokens import (
    ALPHABET,
    BEGINNINGS,
    CODED_DIGESTS,
    COMMON,
    DECODERS,
    EITHER_MAP,
    ESCAPE,
    ESCAPED_OCTETS,
    ESCAPED_TOKEN,
    ESCAPING,
    HEX_MAP,
    HEX_RUN,
    JSON_FIRST,
    LONG_SIZES,
    PACKED_FIRST,
    PACKINGS,
    ROT13_HEX,
    ROT13_HEX_MAP,
    SIZES,
    TOKEN,
    TURNED,
    TURNED_ESCAPE,
    WIDE_TOKEN,
    decode_around,
)

LONGEST_URL = 65_536
"""Characters of a URL that are searched."""
DEEPEST = 3
_MOST_TOKENS = 200
_MOST_DECODED = 262_144
_MOST_MATCHES = 32
_MOST_PLACES = 16
_LONGEST_RUN = 512
_SHORTEST_CODED = 11
"""Characters of a token worth decoding: eight octets in base64."""
_SHORTEST_PIECE = 20
"""The same for what "-" or "_" cuts off, which may as well be letters of base64."""
_MOST_CUTS = 3
"""Of "-" and "_" in a token that joins pieces; where there are more they are letters."""

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
    """One search: what is left of its budget, and the best so far.

    `urls` says how many the budget is for.
    """

    __slots__ = ("_candidates", "_match", "_octets_left", "_tokens_left", "best")

    def __init__(self, candidates: Candidates, urls: int = 1) -> None:
        self._candidates = candidates
        assert candidates.match is not None
        self._match = candidates.match
        self._tokens_left = _MOST_TOKENS * urls
        self._octets_left = _MOST_DECODED * urls
        self.best: Found | None = None

    def run(self, url: str) -> Found | None:
        """Search a URL or a part of one."""
        text = url[:LONGEST_URL].encode("utf-8", "replace")
        if b"%" in text:
            text = self._unquote(text, ())
        self._read(text, (), 0)
        return self.best

    def finds_in(self, token: bytes) -> bool:
        """Whether there is something in a token of a URL, whatever was found before."""
        self.best = None
        self._read_run(token, (), 0)
        return self.best is not None

    @property
    def is_exhausted(self) -> bool:
        """Whether something may have been left out."""
        return self._tokens_left < 0 or self._octets_left < 0

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
            for piece in islice(ESCAPED_OCTETS.finditer(text), _MOST_TOKENS):
                octets = unquote_to_bytes(piece[0])
                if not _is_text(octets):
                    self._read_octets(octets, chain, "percent", 0)
        if b"%2" in text:
            for piece in islice(ESCAPED_TOKEN.finditer(text), _MOST_TOKENS):
                token = unquote_to_bytes(piece[0]) if b"%2" in piece[0] else b""
                if WIDE_TOKEN.fullmatch(token):
                    self._read_token(token, chain, 0)
        return plain

    def _unescape(self, text: bytes, chain: tuple[str, ...]) -> tuple[bytes, tuple[str, ...]]:
        for _ in range(DEEPEST):
            if b"%" in text and TURNED_ESCAPE.search(text):
                text, chain = transforms.encode_rot13(text), (*chain, "rot13")
            elif b"%" in text and ESCAPE.search(text):
                chain = (*chain, "percent")
                text = self._unquote(text, chain)
            elif undone := transforms.unescape(text):
                text, chain = undone[1], (*chain, undone[0])
            else:
                break
        return text, chain

    def _read(self, text: bytes, chain: tuple[str, ...], depth: int) -> None:
        rare = text.translate(None, COMMON)
        if rare and ESCAPING.search(rare):
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
        for token in TOKEN.findall(b"/%b/" % text):
            self._read_run(token, chain, depth)
        # "/" is a letter of base64, but not in a path.
        tail = text if depth else text.partition(b"?")[2]
        if b"/" in tail or b"+" in rare:
            self._read_wide_tokens(tail, chain, depth)

    def _read_run(self, token: bytes, chain: tuple[str, ...], depth: int) -> None:
        if len(token) >= _SHORTEST_CODED:
            self._read_token(token, chain, depth)
        elif len(token) == 8:
            self._read_checksum(token, chain)

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
                for decoded in decode_around(text, start, names):
                    self._compare(decoded.lower(), chain + names)

    def _compare(self, folded: bytes, chain: tuple[str, ...]) -> None:
        for index, form in find_readable(folded, self._candidates):
            self._keep(Found(index, form, chain))

    def _read_wide_tokens(self, text: bytes, chain: tuple[str, ...], depth: int) -> None:
        for token in WIDE_TOKEN.findall(text):
            if b"+" in token or b"/" in token:
                self._read_token(token, chain, depth)

    def _read_token(self, token: bytes, chain: tuple[str, ...], depth: int) -> None:
        """Decode a token in each way that its length, its first letters and its alphabet allow."""
        self._tokens_left -= 1
        if self._tokens_left < 0:
            return
        is_joined = not token.isalnum()
        alphabet = None if is_joined else ALPHABET.fullmatch(token)
        if len(token) in CODED_DIGESTS:
            self._read_octets(transforms.decode_base64(token), chain, "base64", depth)
            self._read_turned_digest(transforms.encode_rot13(token), chain)
        elif token[:2] in BEGINNINGS:
            self._read_base64(token, chain, depth)
        if alphabet is not None and (name := alphabet.lastgroup):
            self._read_octets(DECODERS[name](token), chain, name, depth)
        if len(token) >= 32 and HEX_RUN in token.translate(EITHER_MAP):
            self._read_hex_runs(token, chain)
        if is_joined and 0 < token.count(b"-") + token.count(b"_") <= _MOST_CUTS:
            self._read_pieces(token, chain, depth)

    def _read_pieces(self, token: bytes, chain: tuple[str, ...], depth: int) -> None:
        for piece in token.replace(b"_", b"-").split(b"-"):
            if len(piece) >= _SHORTEST_PIECE:
                self._read_token(piece, chain, depth)
            elif len(piece) == 8:
                self._read_checksum(piece, chain)

    def _read_base64(self, token: bytes, chain: tuple[str, ...], depth: int) -> None:
        octets = transforms.decode_base64(token)
        if octets and (octets[0] in PACKED_FIRST or octets.isascii() or octets[0] in JSON_FIRST):
            self._read_octets(octets, chain, "base64", depth)

    def _read_octets(self, octets: bytes | None, chain: tuple[str, ...], name: str, depth: int) -> None:
        """Go on with what a layer decoded to: a digest, a text, or something packed."""
        if not octets:
            return
        if len(octets) in SIZES:
            self._look_up(octets, (*chain, name))
        self._octets_left -= len(octets)
        if depth >= DEEPEST or self._octets_left < 0 or self._done:
            return
        text = _is_text(octets)
        if text or name in PACKINGS or octets[0] in JSON_FIRST:
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
        elif not token.strip(ROT13_HEX):
            self._look_up(bytes.fromhex(transforms.encode_rot13(token).decode()), (*chain, "rot13"))
        elif token.endswith(b"=="):
            self._look_up(transforms.decode_base64(token), (*chain, "base64"))
            turned = transforms.encode_rot13(token)
            self._look_up(transforms.decode_base64(turned), (*chain, "rot13", "base64"))

    def _read_turned_digest(self, token: bytes, chain: tuple[str, ...]) -> None:
        for name, decode in TURNED.items():
            decoded = decode(token)
            if decoded and len(decoded) in SIZES and self._look_up(decoded, (*chain, "rot13", name)):
                return

    def _read_hex_runs(self, text: bytes, chain: tuple[str, ...]) -> None:
        """Digests in hex, as they are and turned, also inside longer runs."""
        if HEX_RUN in text.translate(HEX_MAP):
            self._walk_hex_runs(text, chain)
        if HEX_RUN in text.translate(ROT13_HEX_MAP):
            self._walk_hex_runs(transforms.encode_rot13(text), (*chain, "rot13"))

    def _walk_hex_runs(self, text: bytes, chain: tuple[str, ...]) -> None:
        marks, at = text.translate(HEX_MAP), 0
        for _ in range(_MOST_PLACES):
            at = marks.find(HEX_RUN, at)
            if at < 0:
                return
            rest = marks[at : at + _LONGEST_RUN]
            length = len(rest) - len(rest.lstrip(b"h"))
            self._look_up_windows(text[at : at + length], chain)
            at += length

    def _look_up_windows(self, run: bytes, chain: tuple[str, ...]) -> None:
        if len(run) % 2 == 0 and len(run) // 2 in SIZES and self._look_up(bytes.fromhex(run.decode()), chain):
            return
        for odd in (0, 1):
            octets = bytes.fromhex(run[odd : len(run) - (len(run) - odd) % 2].decode())
            for size in LONG_SIZES:
                if origin := self._candidates.find_digest_within(octets, size):
                    self._keep(Found(origin.address, origin.form, chain + origin.chain))


def _is_text(octets: bytes) -> bool:
    return octets.isascii() and b"\0" not in octets
