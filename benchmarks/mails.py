"""Mails to measure on: made here, of the size and make-up that newsletters have (about 21 KB of HTML, 21 links, 8 images)."""

import base64
import quopri
import random
from collections.abc import Iterator
from pathlib import Path

_WORDS = "offer order update account parcel summer meeting invoice team report price delivery question reply week".split()
_TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def make_mails(count: int, seed: int = 1) -> Iterator[bytes]:
    """Make `count` newsletters; each third is quoted-printable, base64 or 8bit."""
    chance = random.Random(seed)
    for number in range(count):
        yield _newsletter(chance, ("quoted-printable", "base64", "8bit")[number % 3])


def read_mails(folder: Path) -> Iterator[bytes]:
    """Read all .eml files below a folder."""
    for path in sorted(folder.rglob("*.eml")):
        yield path.read_bytes()


def _newsletter(chance: random.Random, encoding: str) -> bytes:
    body = "\r\n".join(_row(chance, number) for number in range(21))
    pixel = f'<img src="https://u{chance.randrange(10**6)}.ct.sendgrid.net/wf/open?upn={_token(chance, 180)}" width="1" height="1">'
    style = "<style>" + "".join(f".c{i} {{ color: #{i:03d}; padding: {i}px }}\r\n" for i in range(60)) + "</style>"
    html = f"<html><head>{style}</head><body><table>{body}</table>{pixel}</body></html>\r\n".encode()
    encoded = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes, "8bit": bytes}[encoding](html)
    head = (
        f"From: Shop <news@shop.example>\r\nTo: buyer@example.com\r\nSubject: Our {chance.choice(_WORDS)}\r\n"
        f"Message-ID: <{_token(chance, 20)}@shop.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    )
    return head.encode() + encoded.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _row(chance: random.Random, number: int) -> str:
    text = " ".join(chance.choices(_WORDS, k=70))
    link = f"https://u{number}.ct.sendgrid.net/ls/click?upn={_token(chance, 160)}" if number % 2 else f"https://shop.example/{number}"
    image = f'<img src="https://cdn.shop.example/i/{number}.png" width="300" height="200" alt="">' if number % 3 == 0 else ""
    return f'<tr><td class="c{number}" style="font: 14px sans-serif; color: #333"><p>{text}</p>{image}<a href="{link}">read on</a></td></tr>'


def _token(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(_TOKEN, k=length))
