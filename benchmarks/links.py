"""How fast is `clean_url`, against Unalix, which strips parameters and follows redirects' parameters?

    uv run --with Unalix python benchmarks/links.py [--file URLS] [--rounds N]

Both sides clean the same URLs in turns, in one process, and ask nobody. Without a file the URLs are the
samples of the catalogue's click shapes and ordinary links. Times are of the processor, so that what else runs
on the machine tells less.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from bothways import clean_url
from bothways.urls.wrappers import LinkAction, LinkOptions
from bothways.vendors.catalogue import default_catalogue
from unalix import clear_url

ALL = LinkOptions(unwrap_gateways=True, unwrap_affiliates=True)
PASSES = 3
ORDINARY = [
    "https://www.shop.example/",
    "https://www.shop.example/products/42/red-shoes",
    "https://www.shop.example/products/42/red-shoes?color=red&size=44",
    "https://news.example/2026/11/21/a-long-title-of-an-article-that-people-read",
    "https://www.shop.example/products/42?utm_source=newsletter&utm_medium=email&mc_eid=1e6a700173&id=4",
    "https://shop.example/unsubscribe?mc_eid=1e6a700173",
]


def make_urls() -> list[str]:
    """Give the catalogue's samples, and as many ordinary links."""
    samples = [
        sample.url for vendor in default_catalogue().vendors.values() for sample in vendor.samples.clicks
    ]
    return samples + ORDINARY * (len(samples) // len(ORDINARY))


def clean_ours(url: str) -> str:
    """Clean by the engine, with all that can be undone."""
    return clean_url(url, options=ALL).url


def clean_by_unalix(url: str) -> str:
    """Clean by Unalix; a URL that it cannot read stays."""
    try:
        return str(clear_url(url))
    except Exception:  # noqa: BLE001 - it raises what its regular expressions and the parser do
        return url


def measure(clean: Callable[[str], str], urls: list[str]) -> float:
    """Give the seconds of the processor that all URLs take."""
    start = time.process_time()
    for url in urls:
        clean(url)
    return time.process_time() - start


def main() -> None:
    """Measure in turns and print the best round's rates."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--file", type=Path, help="measure on the URLs of this file, one a line")
    arguments.add_argument("--rounds", type=int, default=8)
    options = arguments.parse_args()
    urls = options.file.read_text(encoding="utf-8").splitlines() if options.file else make_urls()
    untouched = [url for url in urls if clean_url(url, options=ALL).action is LinkAction.KEEP]
    print(
        f"{len(urls)} URLs, {len(untouched)} of them with nothing to decode; best of {options.rounds} rounds"
    )
    for name, some in (("all", urls), ("nothing to decode", untouched)):
        compare(name, some, options.rounds)


def compare(name: str, urls: list[str], rounds: int) -> None:
    """Print both sides' rates on some URLs, and how many of them each changes."""
    sides = {"clean_url": clean_ours, "Unalix": clean_by_unalix}
    times: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side, clean in sides.items():
            # The first pass after the other side finds the processor's caches cold.
            times[side] += [measure(clean, urls) for _ in range(PASSES)]
    for side, clean in sides.items():
        best = min(times[side])
        changed = sum(clean(url) != url for url in urls)
        ratio = min(times["Unalix"]) / best
        print(
            f"{name:18s} {side:10s} {len(urls) / best:9.0f} URLs/s {ratio:6.1f} x Unalix   changes {changed}"
        )


if __name__ == "__main__":
    main()
