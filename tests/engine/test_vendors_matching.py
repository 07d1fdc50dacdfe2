"""The most specific shape names the vendor, at a cost that does not grow with their number."""

import subprocess
import sys
from datetime import date

import pytest
from bothways.urls.address import Address, parse
from bothways.vendors.catalogue import Catalogue, default_catalogue
from bothways.vendors.index import literal_segments
from bothways.vendors.model import Vendor
from bothways.vendors.reading import CatalogueError, read_table
from hypothesis import given
from hypothesis import strategies as st


def vendor(name: str, **shape: object) -> Vendor:
    fields: dict[str, object] = {"path": "/o/.+", "hosts": ["any"]} | shape
    head = {"id": name, "name": name, "company": name, "category": "sales", "source": "a test"}
    return read_table(f"{name}.toml", {**head, "open": [fields]})


def at(url: str) -> Address:
    address = parse(url)
    assert address
    return address


def named(catalogue: Catalogue, url: str) -> str | None:
    match = catalogue.match_open(at(url))
    return match.vendor.id if match else None


def test_the_more_specific_shape_wins_in_any_order() -> None:
    shapes = [
        vendor("anyone"),
        vendor("token", query={"t": "[a-z]+"}),
        vendor("host", hosts=["example.com"]),
        vendor("subhost", hosts=["mail.example.com"]),
        vendor("subhost_token", hosts=["mail.example.com"], query={"t": "[a-z]+"}),
    ]
    for vendors in (shapes, shapes[::-1]):
        catalogue = Catalogue(vendors)
        assert named(catalogue, "https://x.example.org/o/1") == "anyone"
        assert named(catalogue, "https://x.example.org/o/1?t=a") == "token"
        assert named(catalogue, "https://x.example.com/o/1?t=a") == "host"
        assert named(catalogue, "https://x.mail.example.com/o/1?t=1") == "subhost"
        assert named(catalogue, "https://mail.example.com./o/1?t=a") == "subhost_token"


def test_a_host_counts_with_its_subdomains_and_no_lookalike() -> None:
    catalogue = Catalogue([vendor("one", hosts=["example.com"])])
    assert named(catalogue, "https://example.com/o/1") == "one"
    assert named(catalogue, "https://a.b.c.example.com/o/1") == "one"
    assert named(catalogue, "https://notexample.com/o/1") is None
    assert named(catalogue, "https://example.com.example.org/o/1") is None


def test_a_path_pattern_covers_the_whole_path() -> None:
    catalogue = Catalogue([vendor("one", path="/o/[0-9]+")])
    assert named(catalogue, "https://example.com/o/12") == "one"
    assert named(catalogue, "https://example.com/o/12/logo.png") is None
    assert named(catalogue, "https://example.com/a/o/12") is None


def test_a_picture_behind_an_image_proxy_is_named_by_itself() -> None:
    proxied = "https://ci3.googleusercontent.com/proxy/abc=s0-d-e1-ft#"
    pixel = "https://mandrillapp.com/track/open.php?u=12345678&id=0123456789abcdef0123456789abcdef"
    match = default_catalogue().match_open(at(proxied + pixel))
    assert match is not None
    assert match.proxy is not None
    assert (match.vendor.id, match.proxy.id, match.host) == ("mandrill", "gmail_proxy", "mandrillapp.com")
    picture = default_catalogue().match_open(at(proxied + "https://images.example.com/logo.png"))
    assert picture is not None
    assert (picture.vendor.id, picture.content) == ("gmail_proxy", True)


def test_the_carrier_is_told_apart_from_the_vendor() -> None:
    url = "https://link.mail.beehiiv.com/ss/o/u001.abcdefghijklmnopqrstuv/4ab/abcdefghijklmnopqrstuv/ho.gif"
    match = default_catalogue().match_open(at(url))
    assert match is not None
    assert (match.vendor.id, match.host) == ("beehiiv", "link.mail.beehiiv.com")


def test_rules_date() -> None:
    assert isinstance(default_catalogue().rules_date, date)


def test_two_vendors_cannot_share_an_id() -> None:
    with pytest.raises(CatalogueError, match="taken by another"):
        Catalogue([vendor("one"), vendor("one")])


def test_a_url_meets_few_shapes_however_many_there_are() -> None:
    many = Catalogue(vendor(f"v{n}", path=f"/v{n}/o/.+", query={f"p{n}": ".+"}) for n in range(2000))
    candidates = many._opens.find(at("https://x.example.com/v7/o/1?p7=1"), {"p7": "1"})
    assert [candidate.vendor.id for candidate in candidates] == ["v7"]
    assert named(many, "https://x.example.com/v7/o/1?p7=1") == "v7"


def test_a_word_that_all_shapes_share_is_no_way_to_find_one() -> None:
    by_path = Catalogue(vendor(f"v{n}", path=f"/v{n}/track-open/.+") for n in range(200))
    by_query = Catalogue(vendor(f"v{n}", path="/track-open", query={f"v{n}": ".+"}) for n in range(200))
    found = by_path._opens.find(at("https://x.example.com/v7/track-open/1"), {})
    found += by_query._opens.find(at("https://x.example.com/track-open?v7=1"), {"v7": "1"})
    assert [candidate.vendor.id for candidate in found] == ["v7", "v7"]


def test_importing_reads_no_vendor() -> None:
    code = "import bothways.vendors.catalogue as c, sys; assert c._catalogue_with.cache_info().currsize == 0"
    heavy = "assert not {'tldextract', 'requests', 'sqlalchemy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", f"{code}; {heavy}"], check=True)


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("/ls/click", ["ls", "click"]),
        (r"/track/open\.php", ["track", "open.php"]),
        ("/(?:uni/)?ss/c/.+", ["ss", "c"]),
        ("/(?:a|b/)?ss", []),
        ("/open(?:/.*)?", ["open"]),
        ("/x/?", ["x"]),
        ("/a/?b", []),
        ("/a/b|/c/d", []),
        ("/[ab]/click", ["click"]),
        ("/.*", []),
    ],
)
def test_literal_segments(path: str, segments: list[str]) -> None:
    assert literal_segments(path) == segments


@given(st.text(max_size=300))
def test_no_url_breaks_matching(text: str) -> None:
    for url in ("https://mjt.lu/" + text, "https://" + text, "https://x.example/wf/open?upn=" + text):
        address = parse(url)
        if address:
            default_catalogue().match_open(address)
            default_catalogue().match_click(address)
