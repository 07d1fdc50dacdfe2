"""In a mail: links lose their parameters in HTML, plain text and calendars, and each finding names them."""

import pytest
from bothways import clean_html, clean_message, clean_text, restore
from bothways.judge.findings import Action, Certainty, Kind, Reason, WhySeen
from bothways.judge.policy import WATCH

LINK = "https://shop.example/a?x=1&amp;mc_eid=b&amp;utm_source=c#top"
CLEAN = "https://shop.example/a?x=1#top"
WRAPPED = "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fshop.example%2Fa%3Fgclid%3D1"


def mail(body: str, *headers: str, kind: str = "text/html") -> bytes:
    lines = ["From: a@seller.example", f"Content-Type: {kind}; charset=utf-8", *headers, "", body, ""]
    return "\r\n".join(lines).encode()


def test_a_finding_names_what_was_taken_out() -> None:
    cleaned = clean_html(f'<a href="{LINK}">Shop</a>')
    assert cleaned.text == f'<a href="{CLEAN}">Shop</a>'
    (finding,) = cleaned.findings
    assert (finding.kind, finding.certainty, finding.action) == (Kind.CLICK, Certainty.KNOWN, Action.CLEANED)
    assert (finding.vendor, finding.company, finding.carrier) == ("mailchimp", "Intuit", None)
    assert finding.reasons == (Reason("parameter", "mc_eid"), Reason("parameter", "utm_source"))
    assert finding.replacement == CLEAN


def test_a_wrapper_and_its_targets_parameters_are_one_finding() -> None:
    (finding,) = clean_text(f"Look: {WRAPPED}.").findings
    assert finding.reasons == (Reason("vendor_rule", "duckduckgo"), Reason("parameter", "gclid"))
    assert finding.replacement == "https://shop.example/a"


def test_the_watching_policy_only_reports() -> None:
    text = f'<a href="{LINK}">Shop</a>'
    cleaned = clean_html(text, policy=WATCH)
    assert cleaned.text == text
    assert [(f.action, f.why_seen) for f in cleaned.findings] == [(Action.SEEN, WhySeen.POLICY)]


@pytest.mark.parametrize("keep_length", [True, False])
@pytest.mark.parametrize("kind", ["text/html", "text/plain", "text/plain; format=flowed"])
def test_every_text_of_a_mail_is_cleaned(kind: str, keep_length: bool) -> None:
    link = "https://shop.example/a?x=1&utm_source=c"
    body = f'<p><a href="{link}">Shop</a></p>' if kind == "text/html" else f"See <{link}> now.\r\nBye"
    raw = mail(body, kind=kind)
    cleaned = clean_message(raw, keep_length=keep_length)
    assert b"utm_source" not in cleaned.raw
    assert b"https://shop.example/a?x=1" in cleaned.raw
    assert restore(cleaned) == raw
    assert not keep_length or len(cleaned.raw) == len(raw)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ('<a href="https://shop.example/p?mc_eid=b">Unsubscribe</a>', ()),
        (
            '<a href="https://shop.example/p?mc_eid=b">Here</a>',
            ("List-Unsubscribe: <https://shop.example/p?mc_eid=b>",),
        ),
        ('<a href="https://shop.example/p?mc_eid=b&amp;token=c">Here</a>', ()),
    ],
)
def test_what_a_page_needs_is_left_without_a_finding(body: str, headers: tuple[str, ...]) -> None:
    raw = mail(body, *headers)
    cleaned = clean_message(raw)
    assert (cleaned.raw, cleaned.findings) == (raw, ())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://bank.example.com/login-now", "bank.example.com"),
        ("www.bank.com", "bank.com"),
        ("bank.com", "bank.com"),
        ("https://shop.example/a", ""),
        ("www.shop.example", ""),
        ("Our shop", ""),
        ("Node.js", ""),
    ],
)
def test_a_text_that_shows_another_address_is_told(text: str, shown: str) -> None:
    (finding,) = clean_html(f'<a href="{WRAPPED}">{text}</a>').findings
    assert [reason.evidence for reason in finding.reasons if reason.code == "mismatch"] == (
        [shown] if shown else []
    )


def test_an_opaque_wrapper_shows_no_mismatch() -> None:
    url = "https://a.us9.list-manage.com/track/click?u=0123456789abcdef012345678&amp;id=0123456789&amp;e=0123456789"
    (finding,) = clean_html(f'<a href="{url}">www.bank.com</a>').findings
    assert finding.reasons == (Reason("vendor_rule", "mailchimp"),)
