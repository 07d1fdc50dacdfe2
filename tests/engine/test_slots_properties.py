"""Whatever stands in a text, nothing remote loads after a strict cleaning, and the way back is exact."""

from bothways import clean_html, clean_message, restore
from bothways.judge.policy import DEFAULT, STRICT
from bothways.markup.references import find
from bothways.precautions import is_remote, loads
from hypothesis import given, settings
from hypothesis import strategies as st
from testbed.slots import SLOTS

ROOT = "https://t.vendor.test"
_PAGES = [slot.page(slot.plain(ROOT)) for slot in SLOTS] + [slot.page(slot.tracking(ROOT)) for slot in SLOTS]
_DEBRIS = (
    *("<style>", "</style>", "<svg>", "</svg>", "<!--", "-->", "<!--[if mso]>", "<![endif]-->", "<noscript>"),
    *(
        "</noscript>",
        "<iframe srcdoc='",
        '<iframe srcdoc="',
        "<p style=",
        '<p style="',
        '"',
        "'",
        ">",
        "<",
        "&",
    ),
    *("url(", ")", "{", "}", ";", "/*", "*/", "\\", "@import ", "&quot;", " ", "\r\n", "é", "=", "<![CDATA["),
    *("<base href='https://b.vendor.test/'>", "<img src=", "https://t.vendor.test/x", "//t.vendor.test/y"),
)
texts = st.lists(st.sampled_from([*_PAGES, *_DEBRIS]), max_size=12).map("".join)
types = st.sampled_from(["text/html", "image/svg+xml", "text/css", "text/calendar", "text/plain"])
encodings = st.sampled_from(["8bit", "quoted-printable", "base64"])


def remote_loads(html: str) -> list[str]:
    found = find(html)
    return [ref.url for ref in found.references if loads(ref) and is_remote(ref.url, found.base)]


@settings(deadline=None, max_examples=300)
@given(texts)
def test_nothing_remote_is_left_under_strict(html: str) -> None:
    assert remote_loads(clean_html(html, policy=STRICT).text) == []


@settings(deadline=None, max_examples=200)
@given(texts)
def test_cleaning_again_changes_nothing(html: str) -> None:
    once = clean_html(html, policy=STRICT).text
    assert clean_html(once, policy=STRICT).text == once


@settings(deadline=None, max_examples=300)
@given(texts, types, encodings, st.booleans(), st.sampled_from([DEFAULT, STRICT]))
def test_the_way_back_is_exact(text, content_type, encoding, keep_length, policy) -> None:
    head = f"Content-Type: {content_type}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    raw = head.encode() + text.encode()
    cleaned = clean_message(raw, policy=policy, keep_length=keep_length)
    assert not any(note.startswith("failed") for note in cleaned.notes)
    assert restore(cleaned) == raw
    assert not keep_length or len(cleaned.raw) == len(raw)
