"""The shape of a URL: the same for two mails of one form, another for another form."""

import pytest
from bothways.ledger.shapes import digest_shape, has_token, write_shape
from hypothesis import given
from hypothesis import strategies as st

TOKENS = [
    "b7Qx91LmZ2",
    "5f2d1c0a9b8e7f6a5f2d1c0a9b8e7f6a",
    "20391847",
    "3f2a9c1e-0b7d-4e55-9a1c-77b0c2d4e5f6",
]


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("https://T.example/o/{}.gif", "t.example/o/*.gif?"),
        ("http://t.example:8080/o/{}?e=open&u=anna", "t.example/o/*?e=&u="),
        ("https://t.example/o?{}", "t.example/o?*"),
        ("https://t.example/a%2F{}", "t.example/a%2F*?"),
        ("//t.example/{}", "t.example/*?"),
        ("https://ci3.googleusercontent.com/meips/Abc=s0#https://t.example/{}", "t.example/*?"),
    ],
)
def test_tokens_go_and_the_form_stays(url, shape, token):
    assert write_shape(url.format(token)) == shape
    assert has_token(url.format(token))


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("https://t.example/2026/05/offer?x=1&x=2&y", "t.example/*/*/offer?x=&x=&y"),
        ("https://t.example/v1/logo.png", ""),
        ("mailto:anna@seller.example", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_numbers_go_too_and_what_cannot_change_has_no_shape(url, shape):
    assert write_shape(url) == shape
    assert (digest_shape(url) is None) is (shape == "")


def test_a_short_value_has_its_form_but_is_no_token():
    assert digest_shape("https://t.example/o?id=a") == digest_shape(f"https://t.example/o?id={TOKENS[0]}")
    assert not has_token("https://t.example/o?id=a")
    assert not has_token("https://t.example/logo.png?v=20391847")


@given(st.text(max_size=300))
def test_any_text_has_a_bounded_shape_or_none(text):
    for url in (text, f"https://t.example/{text}?{text}&{text}={text}"):
        assert len(write_shape(url)) < 5000
        assert len(digest_shape(url) or "0" * 32) == 32
