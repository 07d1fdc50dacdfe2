"""How fast is `clean_message`, against the same work done with the standard library and BeautifulSoup?

    uv run --with beautifulsoup4 python benchmarks/clean_message.py [--folder MAILS] [--rounds N]

Both sides take out what a vendor's rule or a tiny size calls an open pixel and undo click wrappers, in turns,
in one process. BeautifulSoup's result is a re-serialised mail; ours keeps every other octet.
"""

import argparse
import email
import email.policy
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bothways import clean_message
from bothways.urls.address import parse
from bothways.urls.wrappers import LinkAction, LinkOptions, undo
from bothways.vendors.catalogue import default_catalogue
from bs4 import BeautifulSoup
from mails import make_mails, read_mails


def clean_with_soup(raw: bytes) -> bytes:
    """Do the work of `clean_message` with a parse tree."""
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            soup = BeautifulSoup(part.get_payload(decode=True), "html.parser")
            _clean_tree(soup)
            part.set_payload(str(soup), charset="utf-8")
    return message.as_bytes()


def _clean_tree(soup: BeautifulSoup) -> None:
    for image in soup.find_all("img", src=True):
        address = parse(str(image["src"]))
        tiny = image.get("width") in {"0", "1"} and image.get("height") in {"0", "1"}
        if tiny or (address and default_catalogue().match_open(address)):
            image.decompose()
    for anchor in soup.find_all("a", href=True):
        undone = undo(str(anchor["href"]), default_catalogue(), LinkOptions())
        if undone.action is LinkAction.UNWRAP:
            anchor["href"] = undone.url


def measure(clean: Callable[[bytes], object], mails: list[bytes]) -> float:
    """Give the seconds that all mails take."""
    start = time.perf_counter()
    for raw in mails:
        clean(raw)
    return time.perf_counter() - start


def clean_ours(raw: bytes) -> object:
    """Clean by the engine, as for a file."""
    return clean_message(raw)


def clean_in_place(raw: bytes) -> object:
    """Clean by the engine, as for IMAP."""
    return clean_message(raw, keep_length=True)


def main() -> None:
    """Measure in turns and print medians and ratios."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--folder", type=Path, help="measure on the .eml files below this folder")
    arguments.add_argument("--rounds", type=int, default=5)
    options = arguments.parse_args()
    mails = list(read_mails(options.folder) if options.folder else make_mails(300))
    megabytes = sum(map(len, mails)) / 1e6
    sides = {
        "clean_message": clean_ours,
        "clean_message(keep_length)": clean_in_place,
        "BeautifulSoup": clean_with_soup,
    }
    times: dict[str, list[float]] = {name: [] for name in sides}
    for clean in sides.values():
        clean(mails[0])  # catalogue and patterns are loaded once
    for _ in range(options.rounds):
        for name, clean in sides.items():
            times[name].append(measure(clean, mails))
    soup = median(times["BeautifulSoup"])
    print(f"{len(mails)} mails, {megabytes:.1f} MB, median of {options.rounds} rounds")
    for name, seconds in times.items():
        middle = median(seconds)
        rates = f"{len(mails) / middle:8.0f} mails/s {megabytes / middle:7.1f} MB/s"
        print(f"{name:28s} {rates}   {soup / middle:5.1f} x BeautifulSoup")


if __name__ == "__main__":
    main()
