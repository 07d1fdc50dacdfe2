"""How fast is `clean_message`, against the same work done with the standard library and BeautifulSoup?

    uv run --with beautifulsoup4 python benchmarks/clean_message.py [--folder MAILS] [--rounds N]
        [--recipient ADDRESS]

Each mail is cleaned once a round, by all sides in turns, in one process; the table shows each side's best
round by the time of the process. HTML is counted decoded. Without `--recipient` each mail has the reader that
its own head names, so that the tables of a reader's addresses are made anew for most mails of a mixed folder;
with it all mails have this one, as in a mailbox.

Both sides take out what a vendor's rule or a tiny size calls an open pixel and undo click wrappers; where
BeautifulSoup is not installed only ours is measured. Its result is a re-serialised mail; ours keeps every
other octet.
"""

import argparse
import email
import email.policy
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bothways import clean_message
from bothways.leaves import Form, read_leaf
from bothways.message.encodings import decode_text
from bothways.message.mime import split
from bothways.urls.address import parse
from bothways.urls.wrappers import LinkAction, LinkOptions, undo
from bothways.vendors.catalogue import default_catalogue
from mails import make_mails, read_mails

if TYPE_CHECKING:
    from bs4 import BeautifulSoup


def clean_with_soup(raw: bytes) -> bytes:
    """Do the work of `clean_message` with a parse tree."""
    from bs4 import BeautifulSoup  # noqa: PLC0415 - only where it is installed

    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            soup = BeautifulSoup(part.get_payload(decode=True), "html.parser")
            _clean_tree(soup)
            part.set_payload(str(soup), charset="utf-8")
    return message.as_bytes()


def _clean_tree(soup: "BeautifulSoup") -> None:
    for image in soup.find_all("img", src=True):
        address = parse(str(image["src"]))
        tiny = image.get("width") in {"0", "1"} and image.get("height") in {"0", "1"}
        if tiny or (address and default_catalogue().match_open(address)):
            image.decompose()
    for anchor in soup.find_all("a", href=True):
        undone = undo(str(anchor["href"]), default_catalogue(), LinkOptions())
        if undone.action is LinkAction.UNWRAP:
            anchor["href"] = undone.url


def count_html(raw: bytes) -> int:
    """Count the octets of a mail's HTML, decoded, in UTF-8."""
    message = split(raw)
    leaves = [(part, read_leaf(part)) for part in message.parts]
    texts = [decode_text(raw, part).text for part, leaf in leaves if leaf and leaf.form is Form.HTML]
    return sum(len(text.encode("utf-8", "replace")) for text in texts)


def measure(clean: Callable[[bytes], object], mails: list[bytes]) -> float:
    """Give the seconds of the process that all mails take."""
    start = time.process_time()
    for raw in mails:
        clean(raw)
    return time.process_time() - start


def main() -> None:
    """Measure in turns and print each side's best."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--folder", type=Path, help="measure on the .eml files below this folder")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--recipient", help="the reader of all mails; else each mail's own")
    options = arguments.parse_args()
    mails = list(read_mails(options.folder) if options.folder else make_mails(300))
    clean = partial(clean_message, recipients=[options.recipient] if options.recipient else [])
    sides: dict[str, Callable[[bytes], object]] = {
        "clean_message": clean,
        "clean_message(keep_length)": partial(clean, keep_length=True),
    }
    if find_spec("bs4"):
        sides["BeautifulSoup"] = clean_with_soup
    best = dict.fromkeys(sides, float("inf"))
    for side in sides.values():
        side(mails[0])  # catalogue and patterns are loaded once
    for _ in range(options.rounds):
        for name, side in sides.items():
            best[name] = min(best[name], measure(side, mails))
    print_table(mails, best)


def print_table(mails: list[bytes], best: dict[str, float]) -> None:
    """Print a row a side."""
    megabytes, html = sum(map(len, mails)) / 1e6, sum(map(count_html, mails)) / 1e6
    print(f"{len(mails)} mails of {megabytes:.1f} MB, with {html:.2f} MB of HTML; per CPU second:")
    for name, seconds in best.items():
        rates = (
            f"{len(mails) / seconds:6.0f} mails {megabytes / seconds:6.1f} MB {html / seconds:6.1f} MB HTML"
        )
        soup = f"   {best['BeautifulSoup'] / seconds:5.1f} x BeautifulSoup" if "BeautifulSoup" in best else ""
        print(f"{name:28s} {rates}{soup}")


if __name__ == "__main__":
    main()
