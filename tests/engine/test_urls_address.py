"""A URL is read as a browser reads it, or not at all."""

import pytest
from bothways.urls.address import decode_path, decode_value, parse, read_parameters
from hypothesis import given
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
