"""Click wrappers are undone layer by layer, offline; what cannot be read stays as it is."""

from urllib.parse import quote

import pytest
from bothways.urls.wrappers import MOST_LAYERS, LinkAction, LinkOptions, undo
from bothways.vendors.catalogue import default_catalogue
from hypothesis import given
from hypothesis import strategies as st

ALL = LinkOptions(unwrap_gateways=True, unwrap_affiliates=True)
TARGET = "https://shop.example.com/a?b=1"


def duck(url: str) -> str:
    return "https://duckduckgo.com/l/?uddg=" + quote(url, safe="")


def safelink(url: str) -> str:
    return f"https://nam02.safelinks.protection.outlook.com/?url={quote(url, safe='')}&data=05%7C02"


def test_a_wrapper_gives_its_target() -> None:
    undone = undo(duck(TARGET), default_catalogue(), LinkOptions())
    assert (undone.url, undone.action, undone.vendor) == (TARGET, LinkAction.UNWRAP, "duckduckgo")
    assert [(layer.vendor, layer.url) for layer in undone.layers] == [("duckduckgo", duck(TARGET))]


def test_layers_are_undone_one_after_the_other() -> None:
    undone = undo(duck(safelink(duck(TARGET))), default_catalogue(), ALL)
    assert undone.url == TARGET
    assert [layer.vendor for layer in undone.layers] == ["duckduckgo", "safelinks", "duckduckgo"]


def test_an_inner_wrapper_that_stays_ends_it() -> None:
    inner = safelink(TARGET)
    undone = undo(duck(inner), default_catalogue(), LinkOptions())
    assert (undone.url, undone.action, undone.target, undone.why) == (
        inner,
        LinkAction.UNWRAP,
        TARGET,
        "gateway",
    )


def test_a_link_wrapped_too_often_is_refused_whole() -> None:
    url = TARGET
    for _ in range(MOST_LAYERS):
        url = duck(url)
    assert undo(url, default_catalogue(), ALL).url == TARGET
    undone = undo(duck(url), default_catalogue(), ALL)
    assert (undone.url, undone.action) == (duck(url), LinkAction.REFUSE)


@pytest.mark.parametrize(
    ("url", "vendor", "why"),
    [
        (safelink(TARGET), "safelinks", "gateway"),
        ("https://www.awin1.com/cread.php?awinmid=1&ued=" + quote(TARGET, safe=""), "awin", "affiliate"),
    ],
)
def test_gateways_and_affiliates_are_shown_but_left(url: str, vendor: str, why: str) -> None:
    undone = undo(url, default_catalogue(), LinkOptions())
    assert (undone.url, undone.action) == (url, LinkAction.REPORT_ONLY)
    assert (undone.vendor, undone.target, undone.why) == (vendor, TARGET, why)
    assert undo(url, default_catalogue(), ALL).url == TARGET


def test_an_opaque_wrapper_is_named_and_left() -> None:
    url = "https://Seller.us9.list-manage.com/track/click?u=0123456789abcdef012345678&id=0123456789&e=0123456789"
    undone = undo(url, default_catalogue(), ALL)
    assert (undone.url, undone.action, undone.vendor) == (url, LinkAction.KEEP_OPAQUE, "mailchimp")


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@example.com",
        "tel:+49123",
        "/about",
        "file:///etc/passwd",
        "http://",
        "http://[n-3]/",
    ],
)
def test_only_web_addresses_come_out(target: str) -> None:
    undone = undo(duck(target), default_catalogue(), ALL)
    assert (undone.url, undone.action, undone.vendor) == (duck(target), LinkAction.REFUSE, "duckduckgo")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.bank.example/out?u=https://phish.example",
        "https://example.com/l/?uddg=https%3A%2F%2Fshop.example.com",
        "https://duckduckgo.com.example.org/l/?uddg=https%3A%2F%2Fshop.example.com",
        "https://example.com/?redirect_uri=https%3A%2F%2Fapp.example.com",
        "mailto:a@example.com",
        "cid:logo",
        "not a url",
        "",
    ],
)
def test_unknown_hosts_are_never_followed(url: str) -> None:
    undone = undo(url, default_catalogue(), ALL)
    assert (undone.url, undone.action, undone.layers) == (url, LinkAction.KEEP, ())


def test_a_target_stays_as_it_was_written_where_it_can() -> None:
    plain = "https://shop.example.com:443/A/../b?x=%7e&y=%C3%BC"
    assert undo(duck(plain), default_catalogue(), ALL).url == plain
    assert (
        undo(duck('https://shop.example.com/ü "><x'), default_catalogue(), ALL).url
        == "https://shop.example.com/%C3%BC%20%22%3E%3Cx"
    )


def test_a_target_without_slashes_gets_them() -> None:
    assert (
        undo(duck("https:shop.example.com/a"), default_catalogue(), ALL).url == "https://shop.example.com/a"
    )


def test_a_target_encoded_twice_is_read() -> None:
    assert undo(duck(quote(TARGET, safe="")), default_catalogue(), ALL).url == TARGET


def test_the_wrapper_hands_on_its_fragment() -> None:
    assert undo(duck(TARGET) + "#part", default_catalogue(), ALL).url == TARGET + "#part"
    assert undo(duck(duck(TARGET)) + "#part", default_catalogue(), ALL).url == TARGET + "#part"
    assert undo(duck(TARGET + "#own") + "#part", default_catalogue(), ALL).url == TARGET + "#own"


@given(st.text())
def test_any_target_gives_the_web_or_the_link_itself(target: str) -> None:
    url = "https://duckduckgo.com/l/?uddg=" + quote(target.encode("utf-8", "replace"))
    undone = undo(url, default_catalogue(), ALL)
    assert undone.url == url or undone.url.lower().startswith(("http:", "https:"))
    again = undo(undone.url, default_catalogue(), ALL)
    assert again.url == undone.url
