"""Each signal by what it sees, and the verdict they come to."""

import pytest
from bothways.judge.findings import Action, Certainty, Kind
from bothways.judge.judge import absolute, judge_open_url, judge_reference
from bothways.judge.tokens import find_token, is_token
from bothways.markup.references import find
from bothways.urls.address import parse


def judge_html(html: str, base: str = "") -> list[tuple[Certainty, str]]:
    findings = [judge_reference(reference, base=base) for reference in find(html).references]
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
        '<img src="https://cdn.shop.example/i/3f2504e04f8911d39a0c0305e82c3301.gif" width=1 height=1>',
        '<img src="https://cdn.shop.example/i/0123456789abcdef0123/hero.png" width=600 height=300>',
        '<img src="https://cdn.shop.example/mobile-hero.png" style="display:none" width=320>',
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
