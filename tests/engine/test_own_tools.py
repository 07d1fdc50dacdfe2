"""The reader's own tools are told apart in quotations of replies, and only there."""

import pytest
from bothways import clean_html, clean_message, clean_text
from bothways.explain import explain_message
from bothways.judge.findings import Action, WhySeen
from bothways.judge.policy import DEFAULT, STRICT, Policy
from bothways.own_tools import find_quotations, find_quoted_lines

PIXEL = "https://mandrillapp.com/track/open.php?u=74299835&id=bfa8f246556d67f58fbb4552e76513e8"
TOKEN = "68bd5cef4cbb49a82e13731314d99825"
WRAPPED = (
    f"https://t.yesware.com/tl/f1ae484111c83ecfb53878ca3dd9b53770a8edb9/{TOKEN}/{TOKEN}"
    "?ytl=https%3A%2F%2Fshop.example.com%2F"
)
IMG = f'<img src="{PIXEL}" width=1 height=1>'
OWN = Policy("own", own_tools=frozenset(["mandrill", "t.yesware.com"]))
SEEN, BLOCKED = (Action.SEEN, WhySeen.OWN), (Action.BLOCKED, None)


def mail(html: str, head: str = "In-Reply-To: <1@a.example>\r\n", kind: str = "text/html") -> bytes:
    return f"From: b@b.example\r\n{head}Content-Type: {kind}\r\n\r\n{html}\r\n".encode()


def outcomes(raw: bytes, policy: Policy = OWN) -> list[tuple[Action, WhySeen | None]]:
    return [(finding.action, finding.why_seen) for finding in clean_message(raw, policy=policy).findings]


@pytest.mark.parametrize(
    ("html", "outcome"),
    [
        (f"Yes.<blockquote type=cite>Hello{IMG}</blockquote>", SEEN),
        (f'Yes.<div class="x gmail_quote"><div></div>Hello{IMG}</div>', SEEN),
        (f"Yes.<div id=yahoo_quoted>Hello{IMG}", SEEN),
        (f"Yes.<blockquote><blockquote>Hello</blockquote>{IMG}</blockquote>", SEEN),
        (f"Yes.<blockquote>Hello</blockquote>{IMG}", BLOCKED),
        (f"{IMG}<blockquote>Hello</blockquote>", BLOCKED),
        (f'<div class="gmail">{IMG}</div>', BLOCKED),
    ],
)
def test_an_own_beacon_is_left_in_a_quotation(html: str, outcome: tuple[Action, WhySeen | None]) -> None:
    assert outcomes(mail(html)) == [outcome]
    cleaned = clean_message(mail(html), policy=OWN)
    assert (PIXEL.encode() in cleaned.raw) == (outcome is SEEN)


def test_a_mail_that_answers_nothing_quotes_nothing() -> None:
    assert outcomes(mail(f"<blockquote>{IMG}</blockquote>", head="")) == [BLOCKED]
    assert outcomes(mail(f"<blockquote>{IMG}</blockquote>", "References: <1@a.example>\r\n")) == [SEEN]


def test_only_what_is_named_is_own() -> None:
    other = Policy("other", own_tools=frozenset(["hubspot", "yesware.com", "app.com"]))
    assert outcomes(mail(f"<blockquote>{IMG}</blockquote>"), other) == [BLOCKED]
    assert outcomes(mail(f"<blockquote>{IMG}</blockquote>"), DEFAULT) == [BLOCKED]


@pytest.mark.parametrize("name", ["t.yesware.com", "yesware.com", "yesware"])
def test_own_links_are_left_in_a_quotation(name: str) -> None:
    policy = Policy("own", own_tools=frozenset([name]))
    html = f"<a href='{WRAPPED}'>a</a><blockquote><a href='{WRAPPED}'>b</a></blockquote>"
    assert outcomes(mail(html), policy) == [(Action.CLEANED, None), SEEN]
    text = f"> see {WRAPPED}\r\nand {WRAPPED}"
    assert outcomes(mail(text, kind="text/plain"), policy) == [SEEN, (Action.CLEANED, None)]
    assert clean_text(text, policy=policy).text == f"> see {WRAPPED}\r\nand https://shop.example.com/"


def test_what_is_own_is_left_under_strict_too() -> None:
    strict = Policy("strict", block_visible=True, own_tools=OWN.own_tools)
    raw = mail(f'<blockquote>{IMG}<img src="https://cdn.example/a.png"></blockquote>')
    cleaned = clean_message(raw, policy=strict)
    assert PIXEL.encode() in cleaned.raw
    assert b"cdn.example" not in cleaned.raw
    assert outcomes(raw, STRICT) == [BLOCKED]


def test_a_rendering_may_be_a_reply() -> None:
    html = f"<blockquote>{IMG}</blockquote>"
    assert [finding.why_seen for finding in clean_html(html, policy=OWN).findings] == [WhySeen.OWN]


def test_what_is_own_is_explained_so() -> None:
    rows = explain_message(mail(f"<blockquote>{IMG}</blockquote>"), policy=OWN)
    assert [row.finding.why_seen for row in rows if row.finding] == [WhySeen.OWN]


def test_quotations_are_found_in_one_pass() -> None:
    html = "<blockquote>" * 20_000
    assert find_quotations(html).spans == ((0, len(html)),)
    assert find_quotations("<blockquote></blockquote>" * 2).spans == ((0, 12), (25, 37))
    assert find_quoted_lines("a\n> b\r\n >c\n\n>d").spans == ((2, 10), (12, 14))


@pytest.mark.parametrize(
    "head",
    [
        '<div id="divRplyFwdMsg" dir="ltr"><b>From:</b> me</div>',
        "<div id=x_appendonsend></div>",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'>From: me</div>",
    ],
)
def test_behind_the_head_of_an_open_quotation_a_host_is_own_and_a_vendor_is_not(head: str) -> None:
    raw = mail(f"Yes.{head}<p>Hello</p>{IMG}")
    assert outcomes(raw, Policy("own", own_tools=frozenset(["mandrill"]))) == [BLOCKED]
    host = Policy("own", own_tools=frozenset(["mandrillapp.com"]))
    assert outcomes(raw, host) == [SEEN]
    assert outcomes(mail(f"{IMG}{head}<p>Hello</p>"), host) == [BLOCKED]


def test_some_senders_signed_mail_is_cleaned() -> None:
    head = "Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\nContent-Type: text/html\r\n\r\n"
    raw = f"From: News <News@Shop.example>\r\n{head}{IMG}\r\n--s\r\n\r\nx\r\n--s--\r\n".encode()
    for senders, expected in (
        (["news@shop.example"], BLOCKED),
        (["@shop.example"], BLOCKED),
        (["@example", "shop.example", "@news.shop.example"], (Action.SEEN, WhySeen.SIGNED)),
    ):
        assert outcomes(raw, Policy("p", clean_signed_from=frozenset(senders))) == [expected]
