"""Tracking parameters go, by whom they tell of; all the rest of a URL stays as it was written."""

import re
import tomllib
from pathlib import Path
from time import process_time

import pytest
from bothways.urls import parameters
from bothways.urls.links import CleanedLink, clean_link
from bothways.urls.parameters import Table, Tells, default_table
from bothways.urls.purpose import NOWHERE
from bothways.urls.wrappers import LinkAction, LinkOptions
from bothways.vendors.catalogue import default_catalogue

CONTENT = tomllib.loads(Path(parameters.__file__).with_name("parameters.toml").read_text(encoding="utf-8"))
NAMES = [
    (tells, name, family.get("hosts", ["www.shop.example"])[0], family.get("values", {}))
    for family in CONTENT["family"]
    for tells in Tells
    for name in family.get(tells.value, ())
    if name not in family.get("lone", ()) and "beside" not in family
]
VALUES = {
    "ecid": "ACsprv" + "x" * 20,
    "trk_link": "0V" * 13,
    "source": "email-0123456789ab-1586483206529-newsletter",
    "lctg": "0" * 24,
    "hasha": "0" * 32,
    "hashb": "0" * 40,
    "hashc": "0" * 64,
    "recipientid": "contact-2222b23b",
    "esid": "%7b2222b23b-5f46-47a1-befe-434e1451c24c%7D",
}


def clean(url: str, **options: bool) -> CleanedLink:
    return clean_link(url, default_catalogue(), LinkOptions(**options), NOWHERE)


@pytest.mark.parametrize(("tells", "name", "host", "values"), NAMES)
def test_each_name_goes_or_stays_by_its_class(
    tells: Tells, name: str, host: str, values: dict[str, str]
) -> None:
    written = name.replace("*", "other")
    url = f"https://{host}/landing?x=1&{written}={VALUES.get(name, 'a1')}"
    link = clean(url)
    stays = tells in {Tells.AMBIGUOUS, Tells.FUNCTIONAL}
    assert link.url == (url if stays else f"https://{host}/landing?x=1")
    assert link.removed == (() if stays else (written,))
    assert link.action is (LinkAction.KEEP if stays else LinkAction.STRIP)


ADDRESS = "email=buyer%40example.com"


@pytest.mark.parametrize("query", [ADDRESS, f"{ADDRESS}&utm_source=a&id=7", f"code=7&{ADDRESS}"])
def test_an_address_that_a_page_may_be_asked_for_stays(query: str) -> None:
    link = clean(f"https://www.shop.example/a?{query}")
    assert (link.url, link.action) == (f"https://www.shop.example/a?{query}", LinkAction.REPORT_ONLY)


def test_an_address_goes_among_the_marks_of_a_mailing() -> None:
    link = clean(f"https://www.shop.example/a?utm_source=a&{ADDRESS}&mc_eid=b")
    assert (link.url, link.removed) == ("https://www.shop.example/a", ("utm_source", "email", "mc_eid"))
    assert (
        clean("https://www.shop.example/a?email=5&utm_source=a").url == "https://www.shop.example/a?email=5"
    )


CONNECTOR = "j=7&sfmc_sub=8&l=9_HTML&u=10&mid=11&jb=12"


def test_a_block_of_names_goes_where_all_of_it_stands() -> None:
    link = clean(f"https://www.shop.example/a?id=7&{CONNECTOR}&x=1")
    assert (link.url, link.vendor) == ("https://www.shop.example/a?id=7&x=1", "salesforce_mc")
    assert link.removed == ("j", "sfmc_sub", "l", "u", "mid", "jb")
    escaped = f"https://www.shop.example/a?id=7&{CONNECTOR.upper().replace('&', '&amp;')}"
    assert clean(escaped).url == "https://www.shop.example/a?id=7"


@pytest.mark.parametrize("lacking", ["j=7&", "l=9_HTML&", "u=10&", "mid=11&"])
def test_short_names_stay_where_a_block_is_not_whole(lacking: str) -> None:
    rest = CONNECTOR.replace(lacking, "")
    assert clean(f"https://www.shop.example/a?{rest}").removed == ("sfmc_sub",)
    assert clean(f"https://www.shop.example/a?{CONNECTOR.replace('sfmc_sub=8&', '')}").removed == ()


def test_a_value_of_another_kind_in_a_block_stays() -> None:
    link = clean(f"https://www.shop.example/a?{CONNECTOR.replace('u=10', 'u=ada')}")
    assert link.url == "https://www.shop.example/a?u=ada"


@pytest.mark.parametrize("path", ["/pub/sf/ResponseForm", "/pub/sf/FormLink", "/pub/rf"])
def test_a_form_that_a_readers_id_opens_is_left(path: str) -> None:
    url = f"https://news.shop.example{path}?_ri_=X0Gzc2X%3DWQpglLjHJlYQG&_ei_=EuI0cB4lm"
    assert clean(url).url == url
    assert clean(url.replace("/pub", "/pubs")).removed


def test_a_subscriptions_form_is_left() -> None:
    url = "https://weekly.dragonforms.com/loading.do?omedasite=WEEKLY_renew&oly_enc_id=1234A5678901B2C"
    assert clean(url).url == url
    assert clean(url.replace("dragonforms", "dragonform")).removed == ("oly_enc_id",)


def test_the_vendors_that_families_name_are_in_the_catalogue() -> None:
    named = {family.vendor for family in default_table().families if family.vendor}
    assert named <= default_catalogue().vendors.keys()


def test_every_pattern_of_a_value_belongs_to_a_name() -> None:
    for family in CONTENT["family"]:
        names = {name for tells in Tells for name in family.get(tells.value, ())}
        assert family.get("values", {}).keys() <= names
        assert "beside" not in family or family["values"].keys() == names
        assert all(re.compile(pattern) for pattern in family.get("values", {}).values())


def test_a_name_stands_once() -> None:
    row = {"name": "A", "company": "A", "send": ["x"], "click": ["X"]}
    with pytest.raises(ValueError, match="stands twice"):
        Table({"family": [row], "leave": []})


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("https://shop.example/p?utm_source", "https://shop.example/p"),
        ("https://shop.example?utm_source=a#top", "https://shop.example#top"),
        ("https://u:p@shop.example:8443/p?utm_source=a&x", "https://u:p@shop.example:8443/p?x"),
        ("https://shop.example/a//b/../c?x=%zz&gclid=1&y=%7e", "https://shop.example/a//b/../c?x=%zz&y=%7e"),
        ("https://shop.example/p?b=2&utm_source=1&a=1&b=3", "https://shop.example/p?b=2&a=1&b=3"),
        ("https://shop.example/p?x=1&amp;utm_source=a&amp;utm_medium=b", "https://shop.example/p?x=1"),
        ("https://shop.example/p?x=&&UTM_Medium=b&y", "https://shop.example/p?x=&&y"),
        ("https://shop.example/p?utm%5Fsource=a&x=ü", "https://shop.example/p?x=ü"),
        ("HTTPS://Shop.Example/p?fbclid=a#utm_source=b", "HTTPS://Shop.Example/p#utm_source=b"),
        ("http://0.0.0.0/?utm_source=a", "http://0.0.0.0/"),
        ("https://www.amazon.de/dp/B0/ref=pe_1_2?th=1", "https://www.amazon.de/dp/B0?th=1"),
        ("https://youtu.be/xyz?si=a&t=42", "https://youtu.be/xyz?t=42"),
        ("https://x.com/a/status/1?s=20&t=n0tZ6ZkX3bJ9q_w-2a", "https://x.com/a/status/1"),
    ],
)
def test_a_pair_is_cut_out_and_nothing_else_changes(url: str, cleaned: str) -> None:
    assert clean(url).url == cleaned


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/p?utmost=1&mc_eids=2&_hsencx=3&elqx=1&xutm_source=2",
        "https://shop.example/p?a=utm_source&b=gclid",
        "https://shop.example/p?",
        "https://shop.example/p#utm_source=a",
        "https://shop.example/p?si=1&s=20&t=n0tZ6ZkX3bJ9q_w-2a&feature=share&midToken=a&ved=1",
        "https://notyoutube.com/watch?si=a",
        "https://youtube.com.shop.example/watch?si=a",
        "https://shop.example/dp/B0/ref=pe_1_2",
        "https://shop.example/p?hasha=red&email=weekly&recipientid=7&esid=8",
        "https://shop.example/p?source=email-campaign&ecid=7&lctg=8&trk_link=parcel",
        "https://shop.example/p?utm_source=a;id=7",
        "https://shop.example/p?q=a?utm_source=b",
        "mailto:a@example.com?utm_source=b",
        "//shop.example/p?utm_source=b",
    ],
)
def test_lookalikes_and_what_nobody_knows_stay(url: str) -> None:
    assert (clean(url).url, clean(url).removed) == (url, ())


def test_campaigns_stay_where_the_reader_wants_that() -> None:
    link = clean("https://shop.example/p?utm_source=a&mc_eid=b", strip_campaign=False)
    assert (link.url, link.removed) == ("https://shop.example/p?utm_source=a", ("mc_eid",))


def test_what_many_use_has_no_company() -> None:
    link = clean("https://shop.example/p?utm_source=a")
    assert (link.vendor, link.company, link.removed) == (None, None, ("utm_source",))


def test_what_tells_most_gives_the_name() -> None:
    link = clean("https://shop.example/p?utm_source=a&fbclid=c&mc_eid=b")
    assert (link.vendor, link.company) == ("mailchimp", "Intuit")
    assert [removed.tells for removed in link.taken] == [Tells.CAMPAIGN, Tells.CLICK, Tells.RECIPIENT]


def test_names_that_ask_for_others_take_linear_time() -> None:
    began = process_time()
    pairs = default_table().read("shop.example", "sfmc_sub=1&l=1&u=1&mid=1&jb=1" + "&j=1" * 20_000)
    assert all(pair.entry for pair in pairs)
    assert process_time() - began < 20
