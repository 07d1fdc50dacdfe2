"""One link, all of it: wrappers and parameters together, what the click told, and what holds for any URL."""

from base64 import urlsafe_b64encode
from urllib.parse import quote
from zlib import compress

import pytest
from bothways.urls.address import parse
from bothways.urls.links import clean_link
from bothways.urls.purpose import LinkContext
from bothways.urls.telling import Told, find_email, read_identifies, tell
from bothways.urls.wrappers import LinkAction, LinkOptions
from bothways.vendors.catalogue import default_catalogue
from hypothesis import example, given
from hypothesis import strategies as st

ALL = LinkOptions(unwrap_gateways=True, unwrap_affiliates=True)
SAMPLES = [sample.url for vendor in default_catalogue().vendors.values() for sample in vendor.samples.clicks]
HOSTS = [
    "shop.example",
    "www.youtube.com",
    "www.amazon.de",
    "www.linkedin.com",
    "facebook.com",
    "[::1]:8080",
    "ü.de",
]
PIECES = ["", "a", "ref=x", "ref=", "unsubscribe", "dp", "..", "%2e", "/", "ls", "click", "https:", "track"]
PAIRS = [
    "",
    "a=1",
    "utm_source=x",
    "amp;gclid=1",
    "mc_eid",
    "UTM_=",
    "_=",
    "=",
    "?",
    "url=https://a.example",
    "si=1",
]


def token(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode().rstrip("=")


def duck(url: str) -> str:
    return "https://duckduckgo.com/l/?uddg=" + quote(url, safe="")


def test_a_target_loses_its_parameters_too() -> None:
    link = clean_link(duck("https://shop.example/a?x=1&mc_eid=b#top"), default_catalogue(), ALL)
    assert (link.url, link.action) == ("https://shop.example/a?x=1#top", LinkAction.UNWRAP)
    assert (link.vendor, link.company, link.removed) == ("duckduckgo", "DuckDuckGo", ("mc_eid",))


@pytest.mark.parametrize(
    "before", ["UTM_Source=x", "amp;utm_source=x", "%75tm_source=x", "a=1&" * 450 + "utm_source=x"]
)
def test_a_name_is_known_however_it_is_written(before: str) -> None:
    link = clean_link(f"https://shop.example/a?{before}&page=2", default_catalogue(), ALL)
    assert (link.action, len(link.taken)) == (LinkAction.STRIP, 1)
    assert link.url.endswith("page=2")


def test_a_target_that_is_a_deed_is_unwrapped_and_left() -> None:
    target = "https://shop.example/unsubscribe?mc_eid=b"
    link = clean_link(duck(target), default_catalogue(), ALL)
    assert (link.url, link.action, link.removed) == (target, LinkAction.UNWRAP, ())
    text = clean_link(
        duck("https://shop.example/?mc_eid=b"), default_catalogue(), ALL, LinkContext("Unsubscribe")
    )
    assert text.url == "https://shop.example/?mc_eid=b"


@pytest.mark.parametrize(
    "url",
    [
        "https://a.us9.list-manage.com/track/click?u=0123456789abcdef012345678&id=0123456789&e=0123456789&utm_source=a",
        duck("javascript:alert(1)") + "&utm_source=a",
        "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example&data=05%7C02&utm_source=a",
    ],
)
def test_a_wrapper_that_stays_keeps_its_parameters(url: str) -> None:
    assert clean_link(url, default_catalogue(), LinkOptions()).url == url


def test_a_click_tells_of_the_wrapper_the_parameters_and_the_address() -> None:
    target = "https://shop.example/?utm_source=a&vero_id=buyer%40example.com"
    link = clean_link(duck(target), default_catalogue(), ALL)
    assert tell(link) == (
        Told("duckduckgo", "click", link.layers[0].identifies),
        Told("duckduckgo", "address", "buyer@example.com"),
        Told("utm_source", "campaign"),
        Told("vero_id", "recipient"),
        Told("vero_id", "address", "buyer@example.com"),
    )


OPAQUE = "https://seller.us9.list-manage.com/track/click?u=de49160031912fd8c37783d6&id=59bfc85401&e="


@pytest.mark.parametrize("url", [OPAQUE + "3cf31fc5ae", duck(OPAQUE + "3cf31fc5ae")])
def test_a_wrapper_that_stays_tells_too(url: str) -> None:
    link = clean_link(url, default_catalogue(), ALL)
    assert link.url == OPAQUE + "3cf31fc5ae"
    *_, click, whom = tell(link)
    assert (click.by, click.tells, "the member" in click.detail) == ("mailchimp", "click", True)
    assert whom == Told("mailchimp", "recipient")


@pytest.mark.parametrize(
    ("words", "classes"),
    [
        ("the token: one reader and one send", ("recipient", "send")),
        ("the id: one reader's copy", ("recipient", "send")),
        ("key: a row of the sender's sheet", ("recipient",)),
        ("the hash: one mail; u is the sender", ("send",)),
        ("usg: a signature", ()),
    ],
)
def test_the_words_of_a_vendors_file_come_to_classes(words: str, classes: tuple[str, ...]) -> None:
    assert read_identifies(words) == classes


def test_the_words_of_all_vendors_files_are_understood() -> None:
    shapes = [shape for vendor in default_catalogue().vendors.values() for shape in vendor.clicks]
    silent = {shape.identifies for shape in shapes if not read_identifies(shape.identifies)}
    others = ("signature", "publisher", "click", "session", "search")
    assert {words for words in silent if words and not any(other in words for other in others)} == set()


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (f"https://a.example/c/{token(b'buyer of shoes')}", ""),
        (f"https://a.example/c/{token(b'buyer@example.com')}", "buyer@example.com"),
        (f"https://a.example/c/{token(compress(b'r=buyer@example.com'))}/7", "buyer@example.com"),
        ("https://u:p@shop.example/", ""),
        ("https://a.example/?u=buyer%2540example.com", "buyer@example.com"),
    ],
)
def test_an_address_is_found_in_clear_and_in_tokens(url: str, address: str) -> None:
    assert find_email(url) == address


def urls() -> st.SearchStrategy[str]:
    paths = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=4).map("/".join)
    queries = st.lists(st.sampled_from(PAIRS) | st.text(max_size=8), max_size=5).map("&".join)
    built = st.builds(
        "{}://{}/{}{}{}{}".format,
        st.sampled_from(["https", "http", "HTTP", "https:", "ftp", "javascript"]),
        st.sampled_from(HOSTS),
        paths,
        st.sampled_from(["", "?", "?", "?", "??"]),
        queries,
        st.sampled_from(["", "#", "#utm_source=a", "#?utm_source=a"]),
    )
    return built | st.sampled_from(SAMPLES).map(lambda url: url + "&utm_source=a") | st.text()


@given(urls(), st.integers(0, 3))
@example("https://amazon.de/ref=a/ref=b?utm_source=a", 0)
@example("https://a.example/?&utm_source=a&", 0)
@example("https://a.example/\ud800?utm_source=\udfff&mc_eid=\ud800", 1)
def test_cleaning_twice_changes_nothing_more(url: str, layers: int) -> None:
    for _ in range(layers):
        url = duck(url.encode("utf-8", "replace").decode())
    once = clean_link(url, default_catalogue(), ALL)
    assert clean_link(once.url, default_catalogue(), ALL).url == once.url
    assert once.url == url or parse(once.url) is not None, "only http and https come out"
    assert (once.url != url) == (once.action in {LinkAction.UNWRAP, LinkAction.STRIP})
    assert not once.removed or once.action in {LinkAction.UNWRAP, LinkAction.STRIP}


@given(st.sampled_from(SAMPLES), st.data())
def test_a_token_that_was_altered_gives_a_web_address_or_the_link_itself(
    url: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(8, len(url)))
    cut = data.draw(st.integers(0, 3))
    altered = url[:place] + data.draw(st.text(max_size=3)) + url[place + cut :]
    link = clean_link(altered, default_catalogue(), ALL)
    assert link.url == altered or parse(link.url) is not None
    assert clean_link(link.url, default_catalogue(), ALL).url == link.url
    assert all(told.by for told in tell(link))
