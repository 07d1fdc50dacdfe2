"""Loads that only one of many readings of a text sees: each was made by Chromium from the text as written."""

from base64 import b64decode, b64encode

import pytest
from bothways import clean_message, restore
from bothways.judge.policy import STRICT

ROOT = "http://vendor.test"
URL = f"{ROOT}/x.png"
TEXTS = {
    "base-in-noscript": "<noscript><base href=ROOT></noscript><img src=/x.png>",
    "base-in-srcdoc": '<iframe srcdoc="<base href=ROOT><img src=/x.png>"></iframe>',
    "base-behind-another": "<svg><base href='cid:x'></svg><base href=ROOT><img src=/x.png>",
    "fragment-of-base": "<base href=ROOT/x.png><img src='#a'>",
    "fragment-of-base-in-css": "<base href=ROOT/x.png><p style=\"background:url('#')\">text</p>",
    "no-room-for-data": "<base href=ROOT/x.png><select></select><img src=/x><input type=image src='/x'>",
    "no-room-in-candidates": "<base href=ROOT/x.png><select></select><img srcset='/x 1x'>",
    "srcdoc-nine-deep": "SRCDOC9",
    "data-nine-deep": "DATA9",
    "data-base": "<iframe src='data:text/html,<base href=ROOT><img src=/x.png>'></iframe>",
    "data-instruction": "<iframe src=\"data:text/xml,<?xml-stylesheet href='URL'?><a/>\"></iframe>",
    "data-iso-2022": "<iframe src='data:text/html;charset=iso-2022-jp,<img\x1b(B src=URL>'></iframe>",
    "raw-text-within-svg": "<svg><title></p><style><a id='</style><img src=URL>'></title>",
    "raw-text-within-select": "<select><style></select><img src=URL></style>",
    "raw-text-within-frameset": "<frameset><style><frame src=URL></style></frameset>",
    "section-within-svg": "<svg><style><![CDATA[</style><img src=URL>]]></style></svg>",
    "sheet-behind-a-longer-one": "<svg><title><style>@import 'URL'</style></title><math><style>a{}",
    "sheet-with-comment": "<svg><style>@imp<!-- x -->ort 'URL'</style></svg>",
    "sheet-with-element": "<svg><style>@imp<a title='>'>/*</a>ort 'URL'</style></svg>",
    "string-of-variable": "<style>p{--a:'URL'}p{background:image-set(var(--a) 1x)}</style><p>text",
    "string-of-attribute": "<p style=\"--a:'URL'\"><b style='background:image-set(v\\61r(--a) 1x)'>text",
    "string-of-property": "<style>@property --a{initial-value:'URL'}p{mask:image-set(var(--a) 1x)}</style>",
    "string-of-function": "<style>@function --f(){result:'URL'}p{mask:image-set(--f() 1x)}</style><p>text",
    "string-of-argument": "<style>@function --f(--a){result:image-set(var(--a))}p{mask:--f('URL')}</style>",
    "string-of-based": "<base href=ROOT><p style=\"--a:'/x.png';mask:-webkit-image-set(var(--a) 1x)\">text",
    "import-that-chromium-preloads": "<style>@import ' 'x' 'x'; @import 'URL'</style>",
    "relation-twice": "<link rel=x rel=stylesheet href=URL>",
    "address-twice": "<input type=image src='cid:x' src=URL>",
    "address-behind-an-empty-one": "<svg><link rel=stylesheet href='' href='URL'></svg>",
    "sheet-with-elements-open": "<svg><style>@imp<a><b></a>ort 'URL'</style></svg>",
    "sheet-behind-a-prefix": '<svg><i<x:style>"<style>p{background:url(URL)}</style></svg><p>text',
    "sheet-left-by-a-tag": "<svg><style>p{background:url('URL&gt;<p class=z>x</svg>",
    "sheet-with-section": "<svg><style>@imp<![CDATA[ort]]> 'URL'</style></svg>",
}


def nest(html: str, depth: int) -> str:
    for _ in range(depth):
        html = html.replace("&", "&amp;").replace('"', "&quot;")
        html = f'<iframe srcdoc="{html}"></iframe>'
    return html


def nest_data(html: str, depth: int) -> str:
    for _ in range(depth):
        html = "<iframe src='data:text/html," + html.replace("%", "%25").replace("'", "%27") + "'></iframe>"
    return html


def write(text: str) -> bytes:
    text = text.replace("SRCDOC9", nest("<img src=URL>", 9)).replace("DATA9", nest_data("<img src=URL>", 9))
    return f"Content-Type: text/html\r\n\r\n{text.replace('URL', URL).replace('ROOT', ROOT)}\r\n".encode()


@pytest.mark.parametrize("keep_length", [False, True], ids=["any", "kept"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_some_reading_loads_is_stopped_under_strict(text: str, keep_length: bool) -> None:
    raw = write(text)
    cleaned = clean_message(raw, policy=STRICT, keep_length=keep_length)
    left = cleaned.raw.replace(b"<base href=" + URL.encode(), b"")
    if "@imp<" in text:  # the word before the markup is spoilt, what stands behind it stays
        assert b"@imp<" not in left
    else:
        assert not any(trace in left for trace in (URL.encode(), b"src=/x", b"'/x", b"'#"))
    assert restore(cleaned) == raw


def test_a_change_makes_no_markup_of_what_is_text() -> None:
    """To one reading the address goes on until the quote before `<i>`: what is in it is no tag to others."""
    html = f'<svg><style></sty></svg><p style=\'background:url("{URL}\'>x<b title="<img src={URL}>">y</b>'
    raw = write(html)
    cleaned = clean_message(raw, policy=STRICT)
    assert b'<b title="<img src=' in cleaned.raw
    assert restore(cleaned) == raw


@pytest.mark.parametrize(
    ("label", "octets"),
    [
        ("utf-8", b"\xff\xfe" + f"<img src={URL}>".encode("utf-16-le")),
        ("us-ascii", b"\xfe\xff" + f"<img src={URL}>".encode("utf-16-be")),
        ("utf-16", b"\xef\xbb\xbf" + f"<img src={URL}>".encode()),
        ("utf-32", f"<img src={URL}>".encode()),
        ("unicode", f"<img src={URL}>".encode("utf-16-le")),
        ("", f"<meta charset=iso-2022-jp><im\x1b(Bg src={URL}>".encode()),
        ("johab", b"<a title=\xe0><img src=" + URL.encode() + b"\xe0>"),
    ],
)
def test_a_charset_is_read_as_browsers_do(label: str, octets: bytes) -> None:
    head = f"Content-Type: text/html; charset={label}".removesuffix("; charset=")
    raw = head.encode() + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64encode(octets)
    cleaned = clean_message(raw, policy=STRICT)
    assert cleaned.edits
    left = b64decode(cleaned.raw.partition(b"\r\n\r\n")[2])
    assert URL.encode() not in left.replace(b"\0", b"")
    assert restore(cleaned) == raw
