"""What `clean_message` promises beyond the golden mails."""

import bothways.clean
import pytest
from bothways import clean_html, clean_message, clean_text, clean_url, restore
from bothways.judge.findings import Action, Kind, WhySeen
from bothways.judge.policy import STRICT, WATCH
from bothways.urls.wrappers import LinkAction
from hypothesis import given, settings
from hypothesis import strategies as st

PIXEL = "https://mandrillapp.com/track/open.php?u=74299835&id=bfa8f246556d67f58fbb4552e76513e8"
WRAPPED = (
    "https://t.yesware.com/tl/f1ae484111c83ecfb53878ca3dd9b53770a8edb9/c3c1f3ab4eeec10b3464037ffa5b18bd/"
    "68bd5cef4cbb49a82e13731314d99825?ytl=https%3A%2F%2Fshop.example.com%2Fprices"
)
OPAQUE = "https://u123.ct.sendgrid.net/ls/click?upn=u001." + "aB3dE5gH7jK9mN1p" * 8


def mail(html: str, head: str = "") -> bytes:
    return f"From: s@seller.example\r\n{head}Content-Type: text/html\r\n\r\n{html}\r\n".encode()


def test_findings_say_what_became_of_them() -> None:
    cleaned = clean_message(mail(f'<img src="{PIXEL}"><a href="{WRAPPED}">a</a><a href="{OPAQUE}">b</a>'))
    outcomes = [(f.kind, f.action, f.why_seen, f.vendor, f.replacement) for f in cleaned.findings]
    assert outcomes == [
        (Kind.OPEN, Action.BLOCKED, None, "mandrill", ""),
        (Kind.CLICK, Action.CLEANED, None, "yesware", "https://shop.example.com/prices"),
        (Kind.CLICK, Action.SEEN, WhySeen.OPAQUE, "sendgrid", None),
    ]
    assert OPAQUE.encode() in cleaned.raw


def test_a_url_that_stands_often_is_one_finding() -> None:
    assert len(clean_message(mail(f'<img src="{PIXEL}">' * 50)).findings) == 1


def test_own_mail_is_judged_and_left() -> None:
    raw = mail(f'<img src="{PIXEL}">')
    cleaned = clean_message(raw, recipients=["S@seller.example"])
    assert cleaned.raw == raw
    assert [f.why_seen for f in cleaned.findings] == [WhySeen.OWN]


def test_watching_changes_nothing() -> None:
    raw = mail(f'<img src="{PIXEL}"><a href="{WRAPPED}">a</a>')
    cleaned = clean_message(raw, policy=WATCH)
    assert cleaned.raw == raw
    assert {f.why_seen for f in cleaned.findings} == {WhySeen.POLICY}


def test_a_transport_signature_is_noted_where_an_edit_breaks_it() -> None:
    head = "DKIM-Signature: v=1; bh=x; b=y\r\n"
    assert clean_message(mail(f'<img src="{PIXEL}">', head)).notes == ("dkim",)
    assert clean_message(mail("<p>hello</p>", head)).notes == ()


def test_signed_mail_is_cleaned_only_where_the_reader_says_so() -> None:
    raw = (
        "Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\nContent-Type: text/html\r\n\r\n"
        f'<img src="{PIXEL}">\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--s--\r\n'
    ).encode()
    assert clean_message(raw).raw == raw
    willing = bothways.clean.Policy("willing", clean_signed=True)
    assert clean_message(raw, policy=willing).findings[0].action is Action.BLOCKED


def test_armour_in_plain_text_protects_only_itself() -> None:
    text = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\n{WRAPPED}\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\nx\r\n"
        f"-----END PGP SIGNATURE-----\r\n{WRAPPED}\r\n"
    )
    cleaned = clean_message(f"Content-Type: text/plain\r\n\r\n{text}".encode())
    assert cleaned.raw.count(WRAPPED.encode()) == 1
    assert {f.why_seen for f in cleaned.findings} == {WhySeen.SIGNED, None}


def test_a_failure_leaves_the_mail_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: bytes) -> None:
        raise RecursionError

    monkeypatch.setattr(bothways.clean, "split", fail)
    raw = mail(f'<img src="{PIXEL}">')
    cleaned = clean_message(raw)
    assert (cleaned.raw, cleaned.notes) == (raw, ("failed:RecursionError",))


def test_an_edit_that_would_harm_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bothways.clean, "refill", bothways.clean.splice)
    raw = mail(f'<img src="{PIXEL}">')
    cleaned = clean_message(raw, keep_length=True)
    assert (cleaned.raw, cleaned.edits, cleaned.notes) == (raw, (), ("failed:check",))
    assert [f.action for f in cleaned.findings] == [Action.SEEN]


def test_blocked_and_bare_attributes_stay_well_formed() -> None:
    html = f"<table background={PIXEL}><tr><td>x</td></tr></table><iframe src='{PIXEL}' title=t></iframe>"
    text = clean_html(html).text
    assert text == "<table background=\"\"><tr><td>x</td></tr></table><iframe src='' title=t></iframe>"


def test_a_document_inside_an_attribute_keeps_its_quotes() -> None:
    inner = f"<a href=&quot;{WRAPPED}&quot;>x</a><iframe src=&quot;{PIXEL}&quot;></iframe>"
    html = f'<iframe srcdoc="{inner}"></iframe>'
    cleaned = clean_html(html)
    assert "href=&quot;https://shop.example.com/prices&quot;" in cleaned.text
    assert PIXEL not in cleaned.text
    assert cleaned.text.count('"') == html.count('"')


def test_edits_of_a_text_count_its_characters() -> None:
    html = f'<p>ü</p><img src="{PIXEL}"><b>x</b>'
    cleaned = clean_html(html)
    (edit,) = cleaned.edits
    assert html[edit.start : edit.start + len(edit.original)] == edit.original
    assert cleaned.text == "<p>ü</p><b>x</b>"


def test_text_and_url() -> None:
    assert clean_text(f"see <{WRAPPED}>.").text == "see <https://shop.example.com/prices>."
    link = clean_url(WRAPPED)
    assert (link.url, link.action, link.vendor) == (
        "https://shop.example.com/prices",
        LinkAction.UNWRAP,
        "yesware",
    )


def test_strict_blocks_what_a_person_would_see() -> None:
    url = "https://m.shop.example/o/0123456789abcdef0123/open?u=0123456789abcdef"
    html = f'<p>a</p><img src="{url}" width="300">'
    assert [f.action for f in clean_html(html).findings] == [Action.SEEN]
    assert [f.action for f in clean_html(html, policy=STRICT).findings] == [Action.BLOCKED]


@pytest.mark.parametrize(
    ("path", "attributes", "action"),
    [
        ("open/0123456789abcdef0123", "", Action.BLOCKED),
        ("0123456789abcdef0123/track.gif?x=1", "", Action.BLOCKED),
        ("track/opened/0123456789abcdef0123", "", Action.BLOCKED),
        ("tracking/0123456789abcdef0123", "", Action.SEEN),
        ("open/0123456789abcdef0123", "width=300", Action.SEEN),
        ("open/0123456789abcdef0123", "style='height:200px'", Action.SEEN),
        ("open/0123456789abcdef0123", "alt=ad", Action.SEEN),
        ("open/banner.png?u=0123456789abcdef0123&n=1&m=2", "", Action.SEEN),
        ("dyn/0123456789abcdef0123?n=1&m=22&k=333", "", Action.SEEN),
    ],
)
def test_what_says_that_it_counts_opens_is_seen_only_where_a_size_or_a_text_says_so(
    path: str, attributes: str, action: Action
) -> None:
    html = f'<p>{"a" * 5000}</p><img src="https://m.shop.example/{path}" {attributes}>'
    assert [f.action for f in clean_html(html).findings] == [action]


def test_every_line_of_plain_text_is_padded_at_its_end() -> None:
    raw = f"Content-Type: text/plain\r\n\r\nsee {WRAPPED}, and ({WRAPPED}) too.\r\nbye\r\n".encode()
    kept = clean_message(raw, keep_length=True).raw
    lines = kept.split(b"\r\n\r\n")[1].split(b"\r\n")
    assert (
        lines[0].rstrip()
        == b"see https://shop.example.com/prices, and (https://shop.example.com/prices) too."
    )
    assert len(kept) == len(raw)


_PIECES = st.sampled_from(
    [
        *(f'<img src="{PIXEL}">', f"<a href={WRAPPED}>", f"url({PIXEL})", "<style>", "</style>", WRAPPED),
        *("\r\n", "é", "=", "<!--", "-->", '"', "'", ">", "<iframe srcdoc='", "&quot;", " "),
    ]
)


@settings(deadline=None)  # the first call loads the catalogue
@given(st.lists(_PIECES, max_size=30), st.sampled_from(["", "quoted-printable", "base64"]), st.booleans())
def test_nothing_but_the_edits_ever_changes(pieces: list[str], encoding: str, keep_length: bool) -> None:
    head = f"Content-Transfer-Encoding: {encoding}\r\n" if encoding else ""
    raw = mail("".join(pieces), head)
    cleaned = clean_message(raw, keep_length=keep_length)
    assert not any(note.startswith("failed") for note in cleaned.notes)
    assert restore(cleaned) == raw
    assert not keep_length or len(cleaned.raw) == len(raw)


def test_what_the_page_around_a_mail_serves_is_not_remote() -> None:
    html = (
        '<img src="?_action=get&amp;_part=2"><img src="https://webmail.test/get/3"><img src="//x.test/a.png">'
    )
    cleaned = clean_html(html, policy=STRICT, base_url="https://webmail.test/mail/")
    assert cleaned.text == html.replace('<img src="//x.test/a.png">', "")


def test_a_picture_that_names_the_reader_is_told_by_the_mail_or_the_caller() -> None:
    picture = (
        '<img src="https://img.shop.example/hero.png?e=buyer%40example.com" width=600 height=200 alt="Sofa">'
    )
    assert clean_message(mail(picture)).findings == ()
    named = clean_message(mail(picture, "To: buyer@example.com\r\n")).findings
    told = clean_message(mail(picture), recipients=["buyer@example.com"]).findings
    assert [(f.kind, f.action, f.why_seen) for f in named] == [(Kind.OPEN, Action.SEEN, WhySeen.POLICY)]
    assert told == named
    assert clean_html(picture, recipients=["buyer@example.com"]).findings == named
