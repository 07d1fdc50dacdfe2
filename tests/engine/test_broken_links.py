"""Links that line wrapping has cut are read whole, and only those."""

import quopri
from base64 import encodebytes

import pytest
from bothways import clean_message, clean_text, restore
from bothways.broken_links import Flow, find_links_over_lines
from bothways.judge.findings import Action, WhySeen
from hypothesis import given, settings
from hypothesis import strategies as st

TARGET = "https://shop.example.com/prices?a=1&b=2"
TOKEN = "68bd5cef4cbb49a82e13731314d99825"
HASHES = "f1ae484111c83ecfb53878ca3dd9b53770a8edb9/c3c1f3ab4eeec10b3464037ffa5b18bd"
URL = f"https://t.yesware.com/tl/{HASHES}/{TOKEN}?ytl=https%3A%2F%2Fshop.example.com%2Fprices%3Fa%3D1%26b%3D2"
FIXED = "text/plain"
FLOWED = "text/plain; format=flowed"
DELSP = "text/plain; format=flowed; delsp=yes"


def cut(text: str, width: int = 76, soft: str = "", quote: str = "") -> str:
    return f"{soft}\r\n".join(quote + text[at : at + width] for at in range(0, len(text), width)) + "\r\n"


def mail(text: str, content_type: str = FIXED, encoding: str = "8bit") -> bytes:
    octets = text.encode()
    if encoding == "quoted-printable":
        octets = quopri.encodestring(octets.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    elif encoding == "base64":
        octets = encodebytes(octets).replace(b"\n", b"\r\n")
    head = f"Content-Type: {content_type}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + octets


def body(raw: bytes) -> str:
    return raw.partition(b"\r\n\r\n")[2].decode()


def breaks(raw: bytes) -> list[tuple[int, int]]:
    return [(at, octet) for at, octet in enumerate(raw) if octet in b"\r\n"]


def joined(text: str, flow: Flow = Flow.FIXED) -> list[str]:
    return [found.link.url for found in find_links_over_lines(text, flow)]


@pytest.mark.parametrize(
    ("text", "content_type", "expected"),
    [
        (cut(f"See <{URL}> now."), FIXED, f"See <{TARGET}> now.\r\n"),
        (cut(f"See <URL:{URL}> now."), FIXED, f"See <URL:{TARGET}> now.\r\n"),
        (cut(f"See <{URL}> now.", quote="> "), FIXED, f"> See <{TARGET}> now.\r\n"),
        (cut(f"See <{URL}> now.", 76, " "), FLOWED, f"See <{TARGET}> now.\r\n"),
        (cut(f"See {URL}. Bye", 76, " "), DELSP, f"See {TARGET}. Bye\r\n"),
        (cut(f"See {URL}. Bye", 76, " ", ">> "), DELSP, f">> See {TARGET}. Bye\r\n"),
        (cut(f"See {URL}"), FIXED, f"See {TARGET}\r\n"),
        (cut(URL, 72, quote="> "), FIXED, f"> {TARGET}\r\n"),
    ],
)
def test_a_cut_link_gives_way_to_its_target_on_one_line(text: str, content_type: str, expected: str) -> None:
    raw = mail(text, content_type)
    cleaned = clean_message(raw)
    assert body(cleaned.raw) == expected
    assert restore(cleaned) == raw
    assert [finding.url for finding in cleaned.findings] == [URL]
    assert clean_message(cleaned.raw).edits == ()


@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
@pytest.mark.parametrize(
    ("text", "content_type"),
    [
        (cut(f"See <{URL}> and more."), FIXED),
        (cut(f"See {URL}", quote="> "), FIXED),
        (cut(f"See {URL} and more.", 70, " "), DELSP),
        (cut(f"{URL}", 70, " ", "> "), DELSP),
    ],
)
def test_every_line_break_stays_where_the_length_is_kept(text: str, content_type: str, encoding: str) -> None:
    raw = mail(text, content_type, encoding)
    cleaned = clean_message(raw, keep_length=True)
    assert [finding.action for finding in cleaned.findings] == [Action.CLEANED]
    assert breaks(cleaned.raw) == breaks(raw)
    assert restore(cleaned) == raw


def test_a_flowed_paragraph_stays_one_where_the_length_is_kept() -> None:
    text = cut(f"{'First of all ' * 4}see {URL}, and more.", 70, " ")
    cleaned = body(clean_message(mail(text, DELSP), keep_length=True).raw)
    assert [line.endswith(" ") for line in cleaned.split("\r\n")] == [
        line.endswith(" ") for line in text.split("\r\n")
    ]
    assert "".join(cleaned.replace(" \r\n", "").split()).endswith(f"see{TARGET},andmore.")


def test_no_line_of_a_flowed_text_comes_to_end_in_a_space() -> None:
    raw = mail(cut(f"See <{URL}>"), FLOWED)
    kept = clean_message(raw, keep_length=True)
    assert kept.raw == raw
    assert [finding.why_seen for finding in kept.findings] == [WhySeen.NO_ROOM]
    assert body(clean_message(raw).raw) == f"See <{TARGET}>\r\n"


def test_a_target_that_fits_on_no_line_stands_over_them_as_its_wrapper_did() -> None:
    text = cut(f"See <{URL}> now", 30)
    kept = body(clean_message(mail(text), keep_length=True).raw)
    assert kept.replace("\r\n", "").startswith(f"See <{TARGET}>")
    assert kept.count("\r\n") == text.count("\r\n")
    assert joined(kept) == [TARGET]


def test_two_links_that_share_a_line_are_both_cleaned() -> None:
    text = f"{cut(f'See <{URL}>').rstrip()} or <{URL}> now\r\n"
    raw = mail(text)
    kept = clean_message(raw, keep_length=True)
    assert breaks(kept.raw) == breaks(raw)
    assert body(kept.raw).count(TARGET) == 2
    assert clean_text(text).text == f"See <{TARGET}> or <{TARGET}> now\r\n"


FIRST, REST = URL[:72], URL[72:]


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        (f"{FIRST}\r\n\r\n{REST}", Flow.FIXED),
        (f"{FIRST} \r\n{REST}", Flow.FLOWED),
        (f"{FIRST}  \r\n{REST}", Flow.DELSP),
        (f"> {FIRST} \r\n>> {REST}", Flow.DELSP),
        (f"{FIRST} \r\n-- \r\n{REST}", Flow.DELSP),
        (f"> {FIRST}\r\n{REST}", Flow.FIXED),
        (f"{FIRST}\r\n{REST} and so on", Flow.FIXED),
        (f"{FIRST[:50]}\r\n{FIRST[50:]}{REST}", Flow.FIXED),
        (f"<{FIRST}\r\n{REST} and so on>", Flow.FIXED),
    ],
)
def test_what_is_not_surely_one_link_is_not_joined(text: str, flow: Flow) -> None:
    assert URL not in joined(text, flow)


AFTER = ["Thanks", "Regards,", "www.example.com", "sales@example.com", "=======", "50%DISCOUNT", "Überblick"]


@pytest.mark.parametrize("after", [*AFTER, "https://shop.example.com/", "2026-11-22", "+1-555-0100", "AT&T"])
def test_what_follows_a_link_that_fills_its_line_stays_apart(after: str) -> None:
    for url in (f"https://www.example.com/{'a1' * 26}", f"https://shop.example.com/?id={'7' * 47}"):
        assert len(url) == 76
        assert joined(f"{url}\r\n{after}\r\n")[0] == url


_PIECES = (
    *("<", ">", " ", "\r\n", " \r\n", "\n", "> ", "-- ", "\t", "é", "=", "%3A", "&id=", "a" * 40, "b" * 30),
    *(FIRST, REST, URL, f"<{FIRST}", "https://"),
)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.sampled_from(_PIECES), max_size=14).map("".join),
    st.sampled_from([FIXED, FLOWED, DELSP]),
    st.sampled_from(["8bit", "quoted-printable", "base64"]),
    st.booleans(),
)
def test_whatever_is_cut_the_way_back_is_exact(text, content_type, encoding, keep_length) -> None:
    raw = mail(text, content_type, encoding)
    cleaned = clean_message(raw, keep_length=keep_length)
    assert not any(note.startswith("failed") for note in cleaned.notes)
    assert restore(cleaned) == raw
    assert not keep_length or breaks(cleaned.raw) == breaks(raw)
