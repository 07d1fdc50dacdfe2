"""Mails to measure on: made here, as newsletters are (about 21 KB of HTML, 21 links, 8 images)."""

import base64
import quopri
import random
from collections.abc import Iterator
from pathlib import Path

_WORDS = [
    *("offer", "order", "update", "account", "parcel", "summer", "meeting", "invoice", "team", "report"),
    *("price", "delivery", "question", "reply", "week"),
]
_TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def make_mails(count: int, seed: int = 1, *, rows: int = 21) -> Iterator[bytes]:
    """Make `count` newsletters; each third is quoted-printable, base64 or 8bit."""
    chance = random.Random(seed)
    for number in range(count):
        yield _newsletter(chance, ("quoted-printable", "base64", "8bit")[number % 3], rows)


def read_mails(folder: Path) -> Iterator[bytes]:
    """Read all .eml files below a folder."""
    for path in sorted(folder.rglob("*.eml")):
        yield path.read_bytes()


def _newsletter(chance: random.Random, encoding: str, rows: int) -> bytes:
    body = "\r\n".join(_row(chance, number) for number in range(rows))
    carrier = f"https://u{chance.randrange(10**6)}.ct.sendgrid.net"
    pixel = f'<img src="{carrier}/wf/open?upn={_token(chance, 180)}" width="1" height="1">'
    rules = "".join(f".c{i} {{ color: #{i:03d}; padding: {i}px }}\r\n" for i in range(60))
    html = f"<html><head><style>{rules}</style></head><body><table>{body}</table>{pixel}</body></html>\r\n"
    encode = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes, "8bit": bytes}[encoding]
    encoded = encode(html.encode()).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return _head(chance, encoding).encode() + encoded


def _head(chance: random.Random, encoding: str) -> str:
    fields = {
        "From": "Shop <news@shop.example>",
        "To": "buyer@example.com",
        "Subject": f"Our {chance.choice(_WORDS)}",
        "Message-ID": f"<{_token(chance, 20)}@shop.example>",
        "Date": "Sat, 21 Nov 2026 10:00:00 +0000",
        "MIME-Version": "1.0",
        "Content-Type": 'text/html; charset="utf-8"',
        "Content-Transfer-Encoding": encoding,
    }
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"


def _row(chance: random.Random, number: int) -> str:
    text = " ".join(chance.choices(_WORDS, k=70))
    link = f"https://shop.example/{number}"
    if number % 2:
        link = f"https://u{number}.ct.sendgrid.net/ls/click?upn={_token(chance, 160)}"
    image = "" if number % 3 else f'<img src="https://cdn.shop.example/i/{number}.png" width="300" alt="">'
    style = "font: 14px sans-serif; color: #333"
    content = f'<p>{text}</p>{image}<a href="{link}">read on</a>'
    return f'<tr><td class="c{number}" style="{style}">{content}</td></tr>'


def _token(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(_TOKEN, k=length))
