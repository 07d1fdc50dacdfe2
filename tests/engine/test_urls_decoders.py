"""Each decoder turns what it should, and refuses what was cut, altered or is of another kind."""

import base64
import contextlib
import json
import zlib

import pytest
from bothways.urls.address import parse
from bothways.urls.codings import LONGEST, DecodeError
from bothways.urls.decoders import TURNERS, Source, check_steps, decode
from hypothesis import given
from hypothesis import strategies as st

TARGET = "https://shop.example.com/a?b=1"


def source(url: str, *groups: str) -> Source:
    address = parse(url)
    assert address
    return Source(address, groups)


def run(token: str, *steps: str) -> str:
    return decode(("path", *steps), source("https://x.example/", token))


def b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode()


def test_first_steps_take_from_the_url() -> None:
    wrapper = source("https://x.example/p/q?a=1%26&amp;b=2+3&a=4&t=https://y.example/?c=d&e#f", "q", "r")
    assert decode(("query:a",), wrapper) == "1&"
    assert decode(("query:b",), wrapper) == "2 3"
    assert decode(("last-query:a",), wrapper) == "4"
    assert decode(("tail:t",), wrapper) == "https://y.example/?c=d&e#f"
    assert decode(("path",), wrapper) == "q"
    assert decode(("path:2",), wrapper) == "r"
    assert decode(("path-and-query:1",), wrapper).startswith("q?a=1%26")
    assert decode(("fragment",), wrapper) == "f"


@pytest.mark.parametrize("step", ["query:none", "tail:none", "path:3", "fragment"])
def test_what_is_not_in_the_url_cannot_be_taken(step: str) -> None:
    with pytest.raises(DecodeError):
        decode((step,), source("https://x.example/p?a=1", "g"))


@pytest.mark.parametrize(
    ("token", "steps"),
    [
        ("https%3A%2F%2Fshop.example.com%2Fa%3Fb%3D1", ["percent"]),
        (b64(TARGET.encode()), ["base64"]),
        (b64(TARGET.encode()).rstrip("="), ["base64"]),
        (base64.b64encode(TARGET.encode()).decode().replace("+", " "), ["base64"]),
        (base64.encodebytes(TARGET.encode()).decode().replace("\n", "\r\n"), ["base64"]),
        ("aHR0cHM6Ly9zaG9w\nLmV4YW1wbGUuY29tL2E_Yj0x\n", ["base64"]),
        (base64.b32encode(TARGET.encode()).decode().rstrip("="), ["base32"]),
        (base64.b32hexencode(TARGET.encode()).decode().lower(), ["base32hex"]),
        (f'"r":"{TARGET}"', ["members", "json:r"]),
        (TARGET.encode().hex(), ["hex"]),
        (b64(zlib.compress(TARGET.encode())), ["base64", "zlib"]),
        (json.dumps({"u": TARGET, "r": 1}), ["json:u,r"]),
        ("l=https%3A%2F%2Fshop.example.com%2Fa%3Fb%3D1&r=x", ["querystring:l,r"]),
        (f"x!-!y!-!{TARGET}", ["part:!-!:2"]),
        ("a1" + TARGET, ["after:a1"]),
        ("shop.example.com/a?b=1", ["scheme:https"]),
        ("//shop.example.com/a?b=1", ["scheme:https"]),
        (TARGET, ["scheme:http"]),
        ("https&#58;//shop.example.com/a?b=1", ["unescape"]),
        (r"https:\/\/shop.example.com\/a?b=1", ["slashes"]),
        ("https-3A__shop.example.com_a-3Fb-3D1", ["swap:-%_/", "percent"]),
        ("https://shop.example.com.mcas.ms/a?b=1", ["without-suffix:.mcas.ms"]),
        ("https:/shop.example.com/a?b**A__;PTE!!x!y$", ["proofpoint3"]),
    ],
)
def test_each_decoding(token: str, steps: list[str]) -> None:
    assert run(token, *steps) == TARGET


@pytest.mark.parametrize(
    ("token", "steps"),
    [
        ("abcde", ["base64"]),
        ("ab.d", ["base64"]),
        ("_w==", ["base64"]),  # 0xFF is no UTF-8
        ("ABC1", ["base32"]),
        ("49ii4eh2w", ["base32hex"]),
        ("49II4EH2", ["base32hex"]),
        ("abc", ["hex"]),
        (b64(b"not a stream"), ["base64", "zlib"]),
        ("{", ["json:u"]),
        ("[1]", ["json:u"]),
        ('{"u": 1}', ["json:u"]),
        ('{"u": "a"}', ["json:u,r"]),
        ("l=a", ["querystring:l,r"]),
        ("l=%ff", ["querystring:l"]),
        ("a;b", ["part:;:2"]),
        ("b1", ["after:a1"]),
        ("https://x.example/.mcas.ms", ["without-suffix:.mcas.ms"]),
        ("eyJh.eyJi.", ["jwt"]),
        ("https://x.example/*__;!!a!b$", ["proofpoint3"]),
        ("https://x.example/a", ["proofpoint3"]),
        (b64(bytes([0x44, 200]) + b"http"), ["sparkpost:4"]),
        (b64(bytes([0x46, 1, 0])), ["sparkpost:4"]),
        ("EYQ/Cew", ["zeta"]),
    ],
)
def test_cut_or_altered_tokens_are_refused(token: str, steps: list[str]) -> None:
    with pytest.raises(DecodeError):
        run(token, *steps)


def test_a_stream_that_never_ends_is_read_to_where_it_was_flushed() -> None:
    stream = zlib.compressobj()
    flushed = stream.compress(TARGET.encode()) + stream.flush(zlib.Z_SYNC_FLUSH)
    assert run(b64(flushed), "base64", "zlib") == TARGET


def test_a_stream_that_swells_is_bounded() -> None:
    bomb = b64(zlib.compress(b"a" * 50_000_000))
    assert len(run(bomb, "base64", "zlib")) <= LONGEST


def test_proofpoint_runs_count_octets() -> None:
    taken = b64("í###àé".encode())
    assert run(f"http://x.example/**D-*-**A__;{taken}!!a!b$", "proofpoint3") == "http://x.example/í###-à-é"


def test_sparkpost_fields() -> None:
    token = b64(bytes([0x46, 2, 1, 1, 0x3F, 0x84, 3, 0]) + b"abc" + bytes([0x52, 1]) + b"r").replace("=", "~")
    assert run(token, "sparkpost:4") == "abc"
    assert run(token, "sparkpost:18") == "r"


def test_what_follows_the_last_separator_is_no_target() -> None:
    assert run("https://a.example/x___.y___.token", "before:___.") == "https://a.example/x___.y"
    with pytest.raises(DecodeError):
        run("https://a.example/x___", "before:___.")


def test_a_stream_that_must_end_is_refused_when_it_was_cut() -> None:
    whole = zlib.compress(b"https://shop.example.com/a?b=1")
    assert run(b64(whole), "base64", "whole-zlib") == "https://shop.example.com/a?b=1"
    for length in range(2, len(whole)):
        with pytest.raises(DecodeError):
            run(b64(whole[:length]), "base64", "whole-zlib")


def test_too_long_a_token_is_refused() -> None:
    with pytest.raises(DecodeError):
        run("a" * (LONGEST + 1), "percent")


@pytest.mark.parametrize("steps", [("nonsense",), ("query:a", "query:b"), ("path", "nonsense:1")])
def test_unknown_steps_are_named(steps: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="unknown step"):
        check_steps(steps)


ARGUMENTS = {
    "json": "u",
    "querystring": "l",
    "part": ";:1",
    "after": "a",
    "before": "a",
    "sparkpost": "4",
    "swap": "-%_/",
    "without-suffix": ".x",
}
TOKENS = st.text(alphabet=st.characters(max_codepoint=0x2FF)) | st.binary().map(b64)


@given(st.sampled_from(sorted(TURNERS)), TOKENS)
def test_no_token_breaks_a_decoder(name: str, token: str) -> None:
    step = f"{name}:{ARGUMENTS.get(name, '')}"
    with contextlib.suppress(DecodeError):
        assert isinstance(run(token, step), str)
