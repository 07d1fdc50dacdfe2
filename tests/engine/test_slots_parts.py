"""Places outside of HTML bodies: header fields, calendars, pictures and style sheets as parts, files."""

from collections.abc import Sequence

import pytest
from bothways import clean_message, restore
from bothways.judge.findings import Action, Kind, WhySeen
from bothways.judge.policy import STRICT
from bothways.message.receipts import RECEIPT_FIELDS

PIXEL = "https://mandrillapp.com/track/open.php?u=74299835&id=bfa8f246556d67f58fbb4552e76513e8"
PLAIN = "https://cdn.shop.test/style.css"
WRAPPED = (
    "https://t.yesware.com/tl/f1ae484111c83ecfb53878ca3dd9b53770a8edb9/c3c1f3ab4eeec10b3464037ffa5b18bd/"
    "68bd5cef4cbb49a82e13731314d99825?ytl=https%3A%2F%2Fshop.example.com%2Fprices"
)
TARGET = "https://shop.example.com/prices"
both_lengths = pytest.mark.parametrize("keep_length", [False, True], ids=["any", "kept"])


def parts(*leaves: tuple[str, str], head: str = "") -> bytes:
    body = "".join(f"--b\r\n{fields}\r\n\r\n{text}\r\n" for fields, text in leaves)
    kind = "Content-Type: multipart/mixed; boundary=b\r\n"
    return f"From: s@seller.example\r\n{head}{kind}\r\n{body}--b--\r\n".encode()


def fold(line: str, width: int = 74) -> str:
    return "\r\n ".join(line[at : at + width] for at in range(0, len(line), width))


@pytest.mark.parametrize("name", sorted(RECEIPT_FIELDS))
@both_lengths
def test_a_receipt_field_loses_its_name_alone(name: str, keep_length: bool) -> None:
    field = f"{name.title()}: Sam\r\n\t<sam@seller.example>\r\n"
    raw = f"From: s@seller.example\r\n{field}Subject: x\r\n\r\nhello\r\n".encode()
    cleaned = clean_message(raw, keep_length=keep_length)
    (finding,) = cleaned.findings
    assert (finding.kind, finding.action, finding.url) == (
        Kind.RECEIPT,
        Action.BLOCKED,
        "Sam\t<sam@seller.example>",
    )
    assert cleaned.raw == raw.replace(name.title().encode(), b"X-" + b"x" * (len(name) - 2))
    assert restore(cleaned) == raw


def receipts(raw: bytes, recipients: Sequence[str] = ()) -> list[tuple[Action, WhySeen | None]]:
    found = clean_message(raw, recipients=recipients).findings
    return [(finding.action, finding.why_seen) for finding in found if finding.kind is Kind.RECEIPT]


NESTED = "Disposition-Notification-To: a@b.example\r\nContent-Type: text/plain\r\n\r\nhello"


def test_the_head_of_a_mail_within_counts_too() -> None:
    assert receipts(parts(("Content-Type: message/rfc822", NESTED))) == [(Action.BLOCKED, None)]
    attached = "Content-Type: message/rfc822\r\nContent-Disposition: attachment"
    assert receipts(parts((attached, NESTED))) == [(Action.SEEN, WhySeen.ATTACHMENT)]
    field_of_a_part = "Content-Type: text/plain\r\nDisposition-Notification-To: a@b.example"
    assert receipts(parts((field_of_a_part, "hello"))) == []


def test_a_signature_covers_the_head_within_it_not_its_own() -> None:
    inner = f"--s\r\nContent-Type: message/rfc822\r\n\r\n{NESTED}\r\n--s--\r\n"
    head = "From: s@seller.example\r\nReturn-Receipt-To: a@b.example\r\n"
    raw = f"{head}Content-Type: multipart/signed; boundary=s\r\n\r\n{inner}".encode()
    assert receipts(raw) == [(Action.BLOCKED, None), (Action.SEEN, WhySeen.SIGNED)]
    assert receipts(raw, ["s@seller.example"]) == [(Action.SEEN, WhySeen.OWN)] * 2


def test_a_body_that_lies_elsewhere_is_reported() -> None:
    fields = (
        'Content-Type: message/external-body; access-type=URL; URL="https://files.seller.example/a b/1"',
        "Content-Type: message/external-body; access-type=anon-ftp; site=ftp.seller.example; name=pub/x",
    )
    raw = parts(*((field, "Content-Type: image/gif\r\n\r\n") for field in fields))
    cleaned = clean_message(raw, policy=STRICT)
    assert cleaned.raw == raw
    assert [(f.url, f.why_seen) for f in cleaned.findings] == [
        ("https://files.seller.example/ab/1", WhySeen.ATTACHMENT),
        ("ftp://ftp.seller.example/pub/x", WhySeen.ATTACHMENT),
    ]


FILES = {
    "html": (f'<img src="{PIXEL}">', "text/html"),
    "html by its name": (f'<img src="{PIXEL}">', "application/octet-stream; name=offer.HTM"),
    "svg": (f'<svg><image href="{PIXEL}"/></svg>', "image/svg+xml"),
    "css": (f"p{{background:url({PIXEL})}}", "text/css"),
    "calendar": (f"BEGIN:VEVENT\r\nATTACH:{PIXEL}\r\nEND:VEVENT", "text/calendar"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_judged_and_left(name: str) -> None:
    text, kind = FILES[name]
    raw = parts((f"Content-Type: {kind}\r\nContent-Disposition: attachment", text))
    cleaned = clean_message(raw, policy=STRICT)
    assert cleaned.raw == raw
    assert [(f.vendor, f.why_seen) for f in cleaned.findings] == [("mandrill", WhySeen.ATTACHMENT)]


@pytest.mark.parametrize("name", [name for name in FILES if "name" not in name])
@both_lengths
def test_the_same_shown_inline_is_cleaned(name: str, keep_length: bool) -> None:
    text, kind = FILES[name]
    raw = parts((f"Content-Type: {kind}\r\nContent-Disposition: inline", text))
    cleaned = clean_message(raw, keep_length=keep_length)
    assert [(f.vendor, f.action) for f in cleaned.findings] == [("mandrill", Action.BLOCKED)]
    assert (PIXEL.encode() in cleaned.raw) == (name == "calendar")  # there the property lost its name
    assert restore(cleaned) == raw


def test_xml_stays_balanced() -> None:
    svg = f'<?xml-stylesheet href="{PLAIN}"?><svg><image href="{PIXEL}"></image></svg>'
    cleaned = clean_message(parts(("Content-Type: image/svg+xml", svg)))
    assert b'\r\n<svg><image href=""></image></svg>\r\n' in cleaned.raw
    xhtml = f'<html><img src="{PIXEL}"></img><img src="{PIXEL}"/></html>'
    cleaned = clean_message(parts(("Content-Type: application/xhtml+xml", xhtml)))
    assert b'<html><img src=""></img></html>' in cleaned.raw


def calendar(*lines: str, encoding: str = "8bit") -> bytes:
    text = "\r\n".join(("BEGIN:VCALENDAR", "BEGIN:VEVENT", *map(fold, lines), "END:VEVENT", "END:VCALENDAR"))
    if encoding == "quoted-printable":
        text = text.replace("=", "=3D")
    return parts((f"Content-Type: text/calendar\r\nContent-Transfer-Encoding: {encoding}", text))


def unfold(raw: bytes) -> str:
    return raw.decode().replace("\r\n ", "")


@both_lengths
@pytest.mark.parametrize("before", ["", "do, ", "See, if you like, what may be had for how much, here: "])
def test_a_link_of_an_invitation_is_unwrapped_across_its_folds(keep_length: bool, before: str) -> None:
    text = before.replace(",", "\\,")
    raw = calendar(f"DESCRIPTION:{text}{WRAPPED}\\nBye", f"UID:{WRAPPED}")
    cleaned = clean_message(raw, keep_length=keep_length)
    assert [(f.kind, f.action) for f in cleaned.findings] == [(Kind.CLICK, Action.CLEANED)]
    lines = [line.replace(" ", "") for line in unfold(cleaned.raw).split("\r\n")]
    assert f"DESCRIPTION:{text}{TARGET}\\nBye".replace(" ", "") in lines
    assert f"UID:{WRAPPED}" in lines
    assert restore(cleaned) == raw


@both_lengths
@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable"])
def test_the_html_of_an_invitation_is_cleaned(keep_length: bool, encoding: str) -> None:
    html = f'<p>a\\, b</p>\\n<img src="{PIXEL}"><table background="{PIXEL}&amp\\;x=1"><tr></table>'
    raw = calendar(f"X-ALT-DESC;FMTTYPE=text/html:{html}", encoding=encoding)
    cleaned = clean_message(raw, keep_length=keep_length)
    assert PIXEL not in unfold(cleaned.raw).replace("=3D", "=") or keep_length
    assert b"\r\nEND:VEVENT\r\n" in cleaned.raw
    body = cleaned.raw.partition(b"BEGIN:VEVENT\r\n")[2].partition(b"\r\nEND:VEVENT")[0]
    assert all(line.startswith(b" ") for line in body.split(b"\r\n")[1:])
    assert restore(cleaned) == raw


@both_lengths
def test_what_an_invitation_attaches_is_hidden_from_the_client(keep_length: bool) -> None:
    raw = calendar(f"ATTACH;FMTTYPE=image/gif:{PIXEL}", f"IMAGE;VALUE=URI:{PLAIN}", "ATTACH:cid:one")
    cleaned = clean_message(raw, keep_length=keep_length)
    assert unfold(cleaned.raw) == unfold(raw).replace("ATTACH;", "X-xxxx;").replace("IMAGE;", "X-xxx;")
    assert [f.vendor for f in cleaned.findings] == ["mandrill"]
    assert cleaned.notes == ("remote:1",)


def test_hints_at_a_trackers_host_are_findings() -> None:
    hint = '<link rel="dns-prefetch" href="//mandrillapp.com">'
    html = f'{hint}<link rel=preconnect href="https://fonts.gstatic.com"><img src="{PIXEL}">'
    cleaned = clean_message(parts(("Content-Type: text/html", html)))
    assert {(f.kind, f.action, f.url) for f in cleaned.findings} == {
        (Kind.PREFETCH, Action.BLOCKED, "//mandrillapp.com"),
        (Kind.OPEN, Action.BLOCKED, PIXEL),
    }
    assert b'<link rel=preconnect href="https://fonts.gstatic.com">\r\n' in cleaned.raw


def test_looking_up_the_hosts_of_links_is_not_asked_for() -> None:
    html = '<meta http-equiv="x-dns-prefetch-control" content="on"><p>text</p>'
    cleaned = clean_message(parts(("Content-Type: text/html", html)))
    assert b"\r\n<p>text</p>\r\n" in cleaned.raw
    assert cleaned.notes == ("remote:1",)


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="stylesheet" href="https://fonts.googleapis.com/css?family=Lato">',
        "<style>@import url(//fonts.googleapis.com/css?family=Lato);</style>",
        '<link itemprop="method" href="http://schema.org/HttpRequestMethod/GET">',
        '<link rel="canonical" href="https://www.shop.test/">',
        '<meta property="og:image" content="https://www.shop.test/logo.png">',
        '<iframe src="cid:one"></iframe><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
        '<object classid="clsid:D27CDB6E-AE6D-11cf-96B8-444553540000"></object>',
    ],
)
def test_what_tells_nobody_anything_stays(html: str) -> None:
    raw = parts(("Content-Type: text/html", html))
    assert clean_message(raw).raw == raw
