"""A URL is read as a browser reads it, or not at all."""

from urllib.parse import unquote, unquote_plus

import ada_url
import pytest
from bothways.urls.address import _PARTS, Address, decode_path, decode_value, parse, read_parameters
from hypothesis import given, settings
from hypothesis import strategies as st


def test_parts_of_a_url() -> None:
    address = parse("HTTPS://User:secret@Shop.EXAMPLE.com:8443/a/../b c?x=1&y=%20#top")
    assert address is not None
    assert address.scheme == "https"
    assert address.host == "shop.example.com"
    assert address.port == 8443
    assert address.path == "/b%20c"
    assert address.query == "x=1&y=%20"
    assert address.fragment == "top"
    assert address.href == "https://User:secret@shop.example.com:8443/b%20c?x=1&y=%20#top"


def test_a_default_port_and_a_missing_path_are_filled_in() -> None:
    address = parse("http://example.com:80?a=b")
    assert address is not None
    assert (address.port, address.path, address.query) == (None, "/", "a=b")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://bücher.example/", "xn--bcher-kva.example"),
        ("http://2130706433/", "127.0.0.1"),
        ("http://[2001:DB8::1]/", "[2001:db8::1]"),
        ("https:\\\\example.com\\a", "example.com"),
        ("https:example.com", "example.com"),
        ("http://example.com./", "example.com."),
    ],
)
def test_hosts_as_a_browser_reads_them(url: str, host: str) -> None:
    address = parse(url)
    assert address is not None
    assert address.host == host


@pytest.mark.parametrize(
    "url",
    [
        "",
        "cid:logo@example",
        "mailto:a@example.com",
        "javascript:alert(1)",
        "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
        "ftp://example.com/a",
        "//example.com/a",
        "/track/open",
        "www.example.com",
        "http://[n-3]/",
        "http://exa mple.com/",
        "http://",
        "http://a.example:99999/",
        "http://a.example/\ud800",
    ],
)
def test_what_no_browser_loads_has_no_address(url: str) -> None:
    assert parse(url) is None


def test_parameters_keep_their_escapes_and_the_first_counts() -> None:
    assert read_parameters("a=1%2B1&b&a=2&amp;c=3&=x") == {"a": "1%2B1", "b": "", "c": "3", "": "x"}
    assert read_parameters("") == {}


def test_values_and_paths_decode_differently() -> None:
    assert decode_value("a+b%2Bc") == "a b+c"
    assert decode_path("a+b%2Fc") == "a+b/c"


def test_a_query_of_a_million_parameters_is_read_in_part() -> None:
    assert len(read_parameters("&".join(f"p{n}=1" for n in range(1_000_000)))) <= 401


@given(st.text())
def test_any_text_is_an_address_or_none(text: str) -> None:
    for url in (text, "http://" + text, "https://example.com/" + text):
        address = parse(url)
        assert address is None or parse(address.href) == address


def read_by_ada(url: str) -> Address | None:
    """Read a URL as `parse` does where it takes no short cut."""
    try:
        parts = _PARTS.fullmatch(ada_url.normalize_url(url))
    except ValueError:
        return None
    if parts is None:
        return None
    scheme, host, port, path, query, fragment = parts.groups()
    return Address(parts[0], scheme, host, int(port) if port else None, path, query or "", fragment or "")


ODD = st.sampled_from(
    [*"/?#%&=:;@.\\[]^`{}|~'\"<> _-\x00\t\nAZ09é", "%2e", "..", "xn--", ":80", "1.2", "0x7"]
)


@given(st.lists(ODD | st.sampled_from(["a", "shop", ".example", ".com"]), max_size=12).map("".join))
@settings(max_examples=500)
def test_the_short_cut_reads_as_ada_does(rest: str) -> None:
    for url in (
        f"https://{rest}",
        f"http://shop.example/{rest}",
        f"https://shop.example{rest}/x?{rest}#{rest}",
    ):
        assert parse(url) == read_by_ada(url)


@given(
    st.lists(st.sampled_from([*"%%+=0aF \t\r\n?é\x80", "%3D", "%0a", "%C3%A9", "%ff"]), max_size=12).map(
        "".join
    )
)
def test_escapes_are_read_as_by_the_standard_library(text: str) -> None:
    assert decode_path(text) == unquote(text)
    assert decode_value(text) == unquote_plus(text)
