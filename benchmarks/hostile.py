"""Does `clean_message` stay linear and small on mails made to hurt it?

    uv run python benchmarks/hostile.py [--octets N] [--only NAME] [--keep-length]

Each shape is made at half the size and at the whole (1 MB unless told), and cleaned in a process of its own,
three times: the table shows the best time of the whole, time(2n) / time(n), and the memory that cleaning took
above the program's own.
"""

import argparse
import base64
import gc
import multiprocessing
import resource
import time
from collections.abc import Callable

from bothways import clean_message, restore
from bothways.judge.policy import DEFAULT, STRICT

PIXEL = "https://mandrillapp.com/track/open.php?u=7&id=bfa8f246556d67f58fbb4552e76513e8"
WRAPPED = f"https://t.yesware.com/tl/{'f1' * 20}/{'c3' * 16}/{'68' * 16}?ytl=https%3A%2F%2Fshop.example%2F"
LIMIT = 2.2
_FLOOR = 0.02
"""Seconds below which a ratio says nothing."""


def html(unit: str, before: str = "", after: str = "") -> Callable[[int], bytes]:
    """Make a mail of one HTML part that repeats a unit."""

    def make(size: int) -> bytes:
        body = before + unit * max(1, size // len(unit)) + after
        return f"From: a@b.example\r\nContent-Type: text/html\r\n\r\n{body}\r\n".encode()

    return make


def part(kind: str, unit: str, before: str = "") -> Callable[[int], bytes]:
    """Make a mail of one part of another type."""
    return lambda size: f"Content-Type: {kind}\r\n\r\n{before}{unit * (size // len(unit))}\r\n".encode()


def encoded(encoding: str, unit: str) -> Callable[[int], bytes]:
    """Make an encoded HTML part."""

    def make(size: int) -> bytes:
        text = (unit * (size // len(unit))).encode()
        quoted = b"\r\n".join(
            text[at : at + 60].replace(b"=", b"=3D") + b"=" for at in range(0, len(text), 60)
        )
        body = base64.encodebytes(text) if encoding == "base64" else quoted
        return f"Content-Type: text/html\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body

    return make


def deep_multiparts(size: int) -> bytes:
    """Nest multiparts as far as the size goes."""
    levels = size // 60
    return "".join(
        f"Content-Type: multipart/mixed; boundary=b{level:07d}\r\n\r\n--b{level:07d}\r\n"
        for level in range(levels)
    ).encode()


def many_parts(size: int) -> bytes:
    """Put as many small HTML parts side by side."""
    leaf = f"--b\r\nContent-Type: text/html\r\n\r\n<img src='{PIXEL}'>\r\n"
    return f"Content-Type: multipart/mixed; boundary=b\r\n\r\n{leaf * (size // len(leaf))}--b--\r\n".encode()


def many_mails(size: int) -> bytes:
    """Put as many mails with receipts inside one."""
    leaf = "--b\r\nContent-Type: message/rfc822\r\n\r\nReturn-Receipt-To: a@b.example\r\n\r\nhello\r\n"
    return f"Content-Type: multipart/mixed; boundary=b\r\n\r\n{leaf * (size // len(leaf))}--b--\r\n".encode()


def nested_srcdoc(size: int) -> bytes:
    """Nest documents in attributes, each in the quotes of its level."""
    page = f"<img src={PIXEL}>" * (size // 3 // len(PIXEL))
    for _ in range(3):
        page = '<iframe srcdoc="' + page.replace("&", "&amp;").replace('"', "&quot;") + '"></iframe>'
    return html(page)(1)


def data_in_data(size: int) -> bytes:
    """Put a document with many pictures into a data: URL."""
    inner = base64.b64encode(f"<img src={PIXEL}>".encode() * (size // 140)).decode()
    return html(f'<iframe src="data:text/html;base64,{inner}"></iframe>')(1)


SHAPES: dict[str, Callable[[int], bytes]] = {
    "pixels": html(f'<img src="{PIXEL}" width=1 height=1>'),
    "pixels, all different": lambda size: html(
        "".join(f'<img src="https://t.example/open/{n:040x}" width=1>' for n in range(size // 80))
    )(1),
    "links": html(f'<a href="{WRAPPED}">read on</a>'),
    "links in text": part("text/plain", f"see {WRAPPED}, or\r\n"),
    "links on one line": part("text/plain", f"see {WRAPPED} "),
    "srcset candidates": html("a.png 1x,", '<img srcset="', '">'),
    "srcset of pixels": html(f"{PIXEL} 1x, ", '<img srcset="', '">'),
    "pings": html(f"{PIXEL} ", '<a ping="', '">'),
    "style attribute": html("color:red;", '<p style="', '">'),
    "style of urls": html(f"background:url({PIXEL});", '<p style="', '">'),
    "style of bare urls": html(f"background:url({PIXEL});", "<p style=", ">"),
    "sheet of urls": html(f".a{{background:url({PIXEL})}}", "<style>", "</style>"),
    "sheet of imports": html(f"@import '{PIXEL}';", "<style>", "</style>"),
    "sheet of brackets": html("(", "<style>a{background:url(x)", "</style>"),
    "sheets": html("<style>a{b:url(x)}</style>"),
    "unclosed sheets": html("<style>a{b:url(x)}"),
    "attributes": html("a=b ", f'<img src="{PIXEL}" ', ">"),
    "unclosed tags": html("<img src="),
    "unclosed comments": html("<!--[if mso]>"),
    "entities": html("&quot;", '<img alt="', f'" src="{PIXEL}">'),
    "nested srcdoc": nested_srcdoc,
    "data document": data_in_data,
    "tags in an open sheet of svg": html("<a ", "<svg><style>"),
    "svg": html(f'<svg><image href="{PIXEL}"/>'),
    "hidden boxes": html('<div style="display:none">'),
    "hidden boxes, closed": html('<div style="display:none">x</div>'),
    "hidden boxes of as many names": lambda size: html(
        "".join(f'<x{n:06d} style="display:none">' for n in range(size // 32)),
        after=f'<img src="{PIXEL}">',
    )(1),
    "tokens that name the reader": lambda size: html(
        "".join(
            f'<img src="https://t.example/{base64.b64encode(b"%06d reader@example.org" % n).decode()}">'
            for n in range(size // 72)
        )
    )(1),
    "prefetches": html('<link rel="dns-prefetch" href="//t.example">'),
    "lookup controls": html('<meta http-equiv="x-dns-prefetch-control" content="on">'),
    "one long url": html("a", '<img width=1 src="https://t.example/open/?x=', '">'),
    "parameters": html("a=1&", '<img width=1 src="https://t.example/open/?', '">'),
    "percent escapes": html("%25", '<img width=1 src="https://t.example/open/?x=', '">'),
    "quoted-printable pixels": encoded("quoted-printable", f'<img src="{PIXEL}">'),
    "base64 pixels": encoded("base64", f'<img src="{PIXEL}">'),
    "deep multiparts": deep_multiparts,
    "many parts": many_parts,
    "many mails": many_mails,
    "receipt fields": lambda size: b"Return-Receipt-To: a@b.example\r\n" * (size // 32) + b"\r\nhello\r\n",
    "xml instructions": part("image/svg+xml", "<?xml-stylesheet href="),
    "calendar links": part("text/calendar", f"DESCRIPTION:{WRAPPED}\r\n"),
    "calendar folds": part("text/calendar", "a\r\n ", "DESCRIPTION:"),
    "calendar backslashes": part("text/calendar", "\\n", "X-ALT-DESC;FMTTYPE=text/html:"),
    "css part": part("text/css", f"a{{b:url({PIXEL})}}"),
}


def compare(name: str, octets: int, *, keep_length: bool) -> tuple[float, float, float]:
    """Give the seconds of the whole, their ratio to half of it, and the megabytes.

    A ratio over the limit is measured again, up to three times, and the best of all times count: what else
    the machine does can only make them longer.
    """
    half = whole = float("inf")
    ratio = megabytes = 0.0
    for _ in range(3):
        half = min(half, measure(name, octets // 2, keep_length=keep_length)[0])
        seconds, megabytes = measure(name, octets, keep_length=keep_length)
        whole = min(whole, seconds)
        ratio = whole / half if whole > _FLOOR else 1.0
        if ratio <= LIMIT:
            break
    return whole, ratio, megabytes


def measure(name: str, size: int, *, keep_length: bool) -> tuple[float, float]:
    """Give the seconds and the megabytes that cleaning takes, in a process that does nothing else."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_clean, args=(sender, name, size), kwargs={"keep_length": keep_length}
    )
    process.start()
    sender.close()
    seconds, megabytes = receiver.recv()
    process.join()
    return seconds, megabytes


def _clean(
    sender: "multiprocessing.connection.Connection", name: str, size: int, *, keep_length: bool
) -> None:
    raw = SHAPES[name](size)
    clean_message(html(f'<img src="{PIXEL}"><a href="{WRAPPED}">a</a>')(1))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best = float("inf")
    for policy in (DEFAULT, DEFAULT, STRICT):
        gc.collect()
        start = time.process_time()
        cleaned = clean_message(
            raw, policy=policy, keep_length=keep_length, recipients=["reader@example.org"]
        )
        best = min(best, time.process_time() - start)
        assert not any(note.startswith("failed") for note in cleaned.notes), cleaned.notes
        assert restore(cleaned) == raw
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sender.send((best, (after - before) / 1024))


def main() -> None:
    """Print the table, and exit with 1 where a shape is not linear."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--octets", type=int, default=1_000_000)
    arguments.add_argument("--only", default="")
    arguments.add_argument("--keep-length", action="store_true")
    options = arguments.parse_args()
    clean_message(html(f'<img src="{PIXEL}">')(1))
    slow = []
    print(f"{'shape':26s} {'seconds':>8s} {'2n / n':>7s} {'MB':>7s}")
    for name in [name for name in SHAPES if options.only in name]:
        whole, ratio, megabytes = compare(name, options.octets, keep_length=options.keep_length)
        print(
            f"{name:26s} {whole:8.3f} {ratio:7.2f} {megabytes:7.1f}{'  !' if ratio > LIMIT else ''}",
            flush=True,
        )
        slow += [name] if ratio > LIMIT else []
    raise SystemExit(1 if slow else 0)


if __name__ == "__main__":
    main()
