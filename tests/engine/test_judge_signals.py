"""Each signal by what it sees, and the verdict they come to."""

from hashlib import sha256
from itertools import product

import pytest
from bothways.judge.appearance import Appearance
from bothways.judge.company import Company
from bothways.judge.findings import Action, Certainty, Kind
from bothways.judge.judge import absolute, judge_open_url, judge_reference
from bothways.judge.surroundings import survey
from bothways.judge.tokens import count_numbers, find_token, is_signed, is_token
from bothways.judge.view import View, is_file
from bothways.judge.weighing import LIKELY, names_picture, weigh, weigh_if_likely
from bothways.markup.references import find
from bothways.markup.slots import Resource
from bothways.urls.address import parse
from bothways.urls.recipient_forms import Form
from bothways.urls.recipients import Hit, Recipients, Where

LOGO = '<img src="https://cdn.shop.example/logo.png" width=200>'


def judge_html(html: str, base: str = "") -> list[tuple[Certainty, str]]:
    found = find(html)
    findings = [judge_reference(reference, survey(html, found, base)) for reference in found.references]
    return [(f.certainty, f.url) for f in findings if f is not None]


@pytest.mark.parametrize(
    "piece",
    [
        "0123456789abcdef0123",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "20260914230100",
        "aB3dE5gH7jK9mN1p",
        "eJwoncDxiW7mPmXr2x31MQ4J",
    ],
)
def test_token(piece: str) -> None:
    assert is_token(piece)


@pytest.mark.parametrize(
    "piece",
    [
        "",
        "spacer",
        "newsletter_header",
        "thd_spacer1x1",
        "icon-facebook",
        "summer2026",
        "logo@2x",
        "z" * 5000,
        "1234567",
    ],
)
def test_no_token(piece: str) -> None:
    assert not is_token(piece)


def test_token_is_found_in_path_and_query() -> None:
    assert find_token(parse("https://a.example/o/0123456789abcdef0123/x.gif")) == "0123456789abcdef0123"
    assert find_token(parse("https://a.example/o.gif?id=20260914230100")) == "20260914230100"
    assert find_token(parse("https://a.example/images/top.gif?v=2")) == ""


def test_tiny_with_token_is_likely() -> None:
    url = "https://mail.shop.example/x/0123456789abcdef0123"
    assert judge_html(f'<img src="{url}" width=1 height=1>') == [(Certainty.LIKELY, url)]


def test_hidden_with_token_in_a_query_is_likely() -> None:
    url = "https://mail.shop.example/x.gif?u=0123456789abcdef0123"
    assert judge_html(f'<img src="{url}" style="display:none">') == [(Certainty.LIKELY, url)]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://cdn.shop.example/spacer.gif" width=1 height=1>',
        '<img src="https://cdn.shop.example/i/3f2504e04f8911d39a0c0305e82c3301.gif" width=1 height=1>' + LOGO,
        '<img src="https://cdn.shop.example/i/0123456789abcdef0123/hero.png" width=600 height=300>',
        '<img src="https://cdn.shop.example/mobile-hero.png" style="display:none" width=320>',
        '<img src="https://cdn.shop.example/dark.png?v=0123456789abcdef0123" style="display:none">',
        '<img src="https://img.shop.example/0123456789abcdef0123=w600" alt="Our new chairs">',
        '<img src="https://parcel.s3.example/p/3f2504e04f8911d39a0c0305e82c3301?X-Amz-Signature=0123456789abcdef0123">',
        '<div style="background:url(https://lh6.pictures.example/aB3dE5gH7jK9mN1paB3dE5gH7jK9mN1p=w600)">x</div>',
        "<style>@font-face{src:url(https://fonts.example/s/aB3dE5gH7jK9mN1paB3dE5gH7jK9mN1p.woff2)}</style>",
        "<style>@import url(https://fonts.example/css?family=Open+Sans:400,400i,700);</style>",
        '<img src="https://cdn.shop.example/open/house.jpg" width=300 height=200>',
        '<img src="https://cdn.shop.example/icons/open.gif" width=1 height=1>' + LOGO,
        '<img src="cid:logo" width=1 height=1>',
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width=1 height=1>',
        '<img src="http://[n-3]/0123456789abcdef0123" width=1 height=1>',
    ],
)
def test_content_is_no_finding(html: str) -> None:
    assert judge_html(html) == []


def test_vendor_rule_makes_it_known() -> None:
    url = "https://u123.ct.sendgrid.net/wf/open?upn=u001." + "aB3dE5gH7jK9mN1p" * 8
    (reference,) = find(f'<p>x</p><img src="{url}">').references
    finding = judge_reference(reference)
    assert finding is not None
    assert (finding.kind, finding.certainty, finding.vendor) == (Kind.OPEN, Certainty.KNOWN, "sendgrid")
    assert (finding.action, finding.visible, finding.carrier) == (Action.SEEN, False, "u123.ct.sendgrid.net")
    assert finding.reasons[0].code == "vendor_rule"


def test_relative_urls_stand_on_the_base() -> None:
    html = '<img src="/o/0123456789abcdef0123" width=1 height=1>'
    assert judge_html(html) == []
    assert judge_html(html, base="https://shop.example/") == [(Certainty.LIKELY, "/o/0123456789abcdef0123")]


@pytest.mark.parametrize(
    ("url", "base", "whole"),
    [
        ("//a.example/x", "", "https://a.example/x"),
        ("x/y", "https://a.example/z/", "https://a.example/z/x/y"),
        ("x/y", "", "x/y"),
        ("x", "http://[n-3]/", "x"),
    ],
)
def test_absolute(url: str, base: str, whole: str) -> None:
    assert absolute(url, base) == whole


def test_open_url_alone_needs_a_vendor_rule() -> None:
    assert judge_open_url("https://a.example/o/0123456789abcdef0123") is None
    assert judge_open_url("not a url") is None
    known = judge_open_url("https://u123.ct.sendgrid.net/wf/open?upn=u001." + "aB3dE5gH7jK9mN1p" * 8)
    assert known is not None
    assert known.vendor == "sendgrid"


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://m.shop.example/c/open?id=4711&u=0123456789abcdef0123">',
        '<bgsound src="https://m.shop.example/s/0123456789abcdef0123">',
        '<div style="background-image:url(https://m.shop.example/track/0123456789abcdef0123)">x</div>',
        '<body background="https://track.shop.example/b/0123456789abcdef0123">',
        "<style>@import url(https://m.shop.example/open/0123456789abcdef0123);</style>",
        '<link rel=stylesheet href="https://m.shop.example/beacon?r=0123456789abcdef0123">',
        '<div style="display:none"><p>x</p><img src="https://m.shop.example/r.php?u=0123456789abcdef0123"></div>',
        '<img src="https://m.shop.example/gp/r.html" width=1 height=1>',
        '<img src="https://m.shop.example/0123456789abcdef0123/o.gif" width=1 height=1 style="display:none">',
        '<img src="https://m.shop.example/open/Q-SzRAAK8-YGIj_qPNqn3xB/image.gif" width=1 height=1>',
        '<iframe src="https://m.shop.example/f/0123456789abcdef0123"></iframe>',
    ],
)
def test_beacons_of_unknown_tools(html: str) -> None:
    assert [certainty for certainty, _ in judge_html(f"{html}<p>{'text ' * 20}</p>")] == [Certainty.LIKELY]


def test_a_host_that_counts_the_clicks_speaks_against_its_pictures() -> None:
    click = "https://u123.ct.sendgrid.net/ls/click?upn=u001." + "aB3dE5gH7jK9mN1p" * 8
    html = '<p>a</p><img src="https://u123.ct.sendgrid.net/i/0123456789abcdef0123"><p>' + "text " * 50
    assert judge_html(html) == []
    assert len(judge_html(f'{html}<a href="{click}">x</a>')) == 1


def test_what_a_mail_hides_around_a_picture() -> None:
    html = '<div style="display:none">a<div>b</div>c</div>d<span style="opacity:0">e</span>'
    html += '<img src=x><p style="display:none">f'
    around = survey(html, find(html))
    assert [bool(around.hiding_at(html.index(letter + "<"))) for letter in "abce"] == [True, True, True, True]
    assert around.hiding_at(html.index("d<span")) == ""
    assert around.hiding_at(html.index(">f") + 1) == ""


def test_hiding_that_never_ends_is_looked_for_once() -> None:
    html = "<img src=x>" + '<div style="display:none">' * 20_000
    assert survey(html, find(html)).hidden == ()


def test_a_picture_behind_a_webmail_proxy_is_judged_by_its_own_address() -> None:
    proxied = "https://ci3.googleusercontent.com/proxy/aB3dE5gH7jK9mN1paB3dE5gH7jK9mN1p=s0-d-e1-ft#"
    assert judge_html(f'<img src="{proxied}https://cdn.shop.example/spacer.gif" width=1 height=1>') == []
    beacon = f"{proxied}https://m.shop.example/open/0123456789abcdef0123"
    assert judge_html(f'<img src="{beacon}" width=1 height=1>') == [(Certainty.LIKELY, beacon)]


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("https://img.shop.example/logo.png?e=buyer%40example.com", "whole, in the open, query e"),
        ("https://img.shop.example/YnV5ZXJAZXhhbXBsZS5jb20=/hero.png", "whole, base64, path"),
        (f"https://img.shop.example/{sha256(b'buyer@example.com').hexdigest()}.png", "whole, sha256, path"),
    ],
)
def test_a_picture_that_names_the_reader(url: str, where: str) -> None:
    html = f'<p>a</p><img src="{url}" width="600" height="200" alt="Our chairs"><p>{"text " * 50}'
    found = find(html)
    reader = Recipients.of(["Buyer@example.com"])
    finding = judge_reference(found.references[0], survey(html, found, recipients=reader))
    assert finding is not None
    assert (finding.certainty, finding.visible) == (Certainty.LIKELY, True)
    assert ("reader", where) in [(reason.code, reason.evidence) for reason in finding.reasons]
    other = Recipients.of(["somebody@example.org"])
    assert judge_reference(found.references[0], survey(html, found, recipients=other)) is None


def test_signed_addresses_and_numbers() -> None:
    assert is_signed(parse("https://a.example/x?X-Amz-Signature=1"))
    assert is_signed(parse("https://a.example/x?Policy=1&Signature=2&Key-Pair-Id=3"))
    assert not is_signed(parse("https://a.example/x?sig=1"))
    assert is_signed(parse("https://a.example/x.jpg?auto=format&w=600&s=1"))
    assert not is_signed(parse("https://a.example/x.jpg?s=1"))
    assert not is_signed(parse("https://a.example/x.jpg?w=1&s=1&id=2"))


@pytest.mark.parametrize(
    ("image", "count"),
    [
        ('src="https://m.shop.example/track/48213907/a?n=1"', 1),
        ('src="https://m.shop.example/track/48213907/a?n=1" width="300"', 0),
        ('src="https://m.shop.example/track/48213907/a?n=1" style="width:100%"', 0),
        ('src="https://m.shop.example/track/48213907/a?n=1" width="300" style="display:none"', 1),
        ('src="https://m.shop.example/open/48213907/a?n=1" width="300"', 1),
        ('src="https://m.shop.example/charts/open/48213907" width="300"', 0),
        ('src="https://m.shop.example/48213907/a.jpg?v=3" style="display:none"', 0),
        ('src="https://m.shop.example/48213907/a.gif?t=3" style="display:none"', 1),
        ('src="https://m.shop.example/48213907/a.gif?h=48213907" style="display:none"', 1),
        ('src="https://m.shop.example/open/sale/a.gif" style="display:none"', 1),
        ('src="https://m.shop.example/open/sale/a.jpg" style="display:none"', 0),
        ('src="https://m.shop.example/Servlet?name=a.gif" width=1 height=1', 0),
    ],
)
def test_what_speaks_of_a_picture(image: str, count: int) -> None:
    text = f"<p>{'a ' * 2000}</p>"
    assert len(judge_html(f"{text}<img {image}>{text}")) == count
    assert count_numbers(parse("https://a.example/app/4852414/61286?u=12")) == 3


def test_many_hidden_stretches_are_each_found() -> None:
    box = '<div style="display:none">x</div>'
    html = box * 20_000 + "<img src=x>"
    spans = survey(html, find(html)).hidden
    assert len(spans) == 20_000
    assert all(html[end : end + 6] == "</div>" for _, end, _ in spans)


HIT = Hit(0, Form.WHOLE, (), Where.PATH, "", strong=True)
FAINT = Hit(0, Form.LOCAL_PART, (), Where.PATH, "", strong=False)


@pytest.mark.parametrize("hit", [None, HIT, FAINT])
def test_giving_up_early_changes_no_verdict(hit: Hit | None) -> None:
    """Over all that speaks for and against, in every combination."""
    urls = (
        "/logo.png",
        "/open/aB3dE5gH7jK9mN1p/o.gif",
        "/track?id=3f2504e04f8911d39a0c0305e82c3301&n=1&m=2",
        "/opens/spacer_2.gif?send=88121",
        "/",
    )
    looks = (Appearance(), Appearance(1, 1), Appearance(600, 200), Appearance(hidden_by="display:none"))
    others = product((0.0, 0.5), (Resource.IMAGE, Resource.FRAME), ("", "a picture"), ("", "display:none"))
    company = Company(())
    for url, look, loose, (position, resource, text, inside) in product(
        urls, looks, ("", "last"), list(others)
    ):
        address = parse(f"https://trk.shop.example{url}")
        assert address is not None
        hosts = frozenset({address.host}) if position else frozenset()
        view = View(
            address,
            look,
            position,
            resource,
            text,
            inside,
            hosts,
            hit,
            is_file(address.path),
            bool(inside),
            loose,
            url,
            company if text else None,
        )
        whole = weigh(view)
        assert weigh_if_likely(view) == (whole if whole[1] >= LIKELY else None)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://img.shop.example/open/12345/67890/11/12/13/aB3dE5gH7jK9mN1p/logo.png", True),
        ("https://img.shop.example/a/logo.png?v=1", False),
        ("https://img.shop.example/a/spacer_2.gif", False),
        ("https://img.shop.example/a/o.gif", False),
        ("https://track.shop.example/a/logo.png", False),
        ("https://img.shop.example/a/logo", False),
    ],
)
def test_what_stands_against_a_plain_name_is_no_finding_where_it_is_seen(url: str, plain: bool) -> None:
    address = parse(url)
    assert address is not None
    assert names_picture(address) is plain
    looks = (Appearance(), Appearance(600, 200), Appearance(4, 4))
    for look, resource, edge in product(looks, (Resource.IMAGE, Resource.FRAME), (0.0, 0.5)):
        hosts = frozenset({address.host})
        loose = "" if edge else "last"
        view = View(address, look, edge, resource, "", "", hosts, None, is_file(address.path), True, loose)
        assert not plain or weigh(view)[1] < LIKELY
