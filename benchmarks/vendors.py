"""Does naming a vendor cost more the more vendors there are?

    uv run python benchmarks/vendors.py [--rounds N] [--few 10] [--many 2000]

Makes vendors of every form that shapes take (a named host with its subdomains, a literal path on any host,
a demanded parameter on any host), and URLs that the first few of them know, that they nearly know, and that
nobody knows. Measured are `match_open` and `match_click` alone, on parsed URLs, in turns.
"""

import argparse
import gc
import random
import time
from collections.abc import Callable, Sequence
from statistics import median

from bothways.urls.address import Address, parse
from bothways.vendors.catalogue import Catalogue, default_catalogue
from bothways.vendors.model import Vendor
from bothways.vendors.reading import read_table

_TOKEN = "abcdef0123456789"


def make_vendor(number: int) -> Vendor:
    """Make a vendor with an open and a click shape; its form follows from its number."""
    forms: list[dict[str, object]] = [
        {"hosts": [f"t{number}.example.com"], "path": r"/%s/[0-9a-f]{16}\.gif"},
        {"hosts": ["any"], "path": rf"/v{number}/%s/[0-9a-f]{{16}}\.gif"},
        {"hosts": ["any"], "path": rf"/%s{number}\.php", "query": {"u": "[0-9a-f]{16}"}},
        {"hosts": ["any"], "path": r"/.*\.(?:gif|%s)", "query": {f"id{number}": "[0-9a-f]{16}"}},
    ]
    form = forms[number % len(forms)]
    head = {"id": f"v{number}", "name": f"V{number}", "company": "V", "category": "sales", "source": "made"}
    shapes = {kind: [{**form, "path": str(form["path"]) % kind}] for kind in ("open", "click")}
    return read_table(f"v{number}.toml", {**head, **shapes})


def make_urls(few: int, count: int, chance: random.Random) -> dict[str, list[Address]]:
    """Make URLs that a catalogue of a few vendors names, ones that it nearly does, and foreign ones."""
    hits, near, foreign = [], [], []
    for _ in range(count):
        number, token = chance.randrange(few), "".join(chance.choices(_TOKEN, k=16))
        kind = chance.choice(["open", "click"])
        form = number % 4
        path = [
            f"{kind}/%s.gif",
            f"v{number}/{kind}/%s.gif",
            f"{kind}{number}.php?u=%s",
            f"a/{kind}.gif?id{number}=%s",
        ]
        host = f"t{number}.example.com" if form == 0 else "mail.example.org"
        hits.append(f"https://{host}/{path[form] % token}")
        near.append(f"https://{host}/{path[form] % token[:8]}")
        foreign.append(f"https://cdn{number}.example.net/assets/{token}/picture.png?w=600&h=200&v={token}")
    texts = {"named": hits, "nearly": near, "nobody's": foreign}
    return {name: [address for url in urls if (address := parse(url))] for name, urls in texts.items()}


def measure(match: Callable[[Address], object], addresses: list[Address]) -> float:
    """Give the microseconds that one URL takes."""
    start = time.perf_counter()
    for address in addresses:
        match(address)
    return (time.perf_counter() - start) / len(addresses) * 1e6


def compare(
    sides: Sequence[Callable[[Address], object]], addresses: list[Address], rounds: int
) -> list[float]:
    """Measure matching functions in turns; the median of each, in microseconds a URL."""
    times: list[list[float]] = [[] for _ in sides]
    for turn in range(rounds + 1):
        for side, match in zip(times, sides, strict=True):
            taken = measure(match, addresses)
            if turn:  # patterns are compiled in the first one
                side.append(taken)
    return [median(side) for side in times]


def main() -> None:
    """Measure and print microseconds a URL, and the ratio of many vendors to few."""
    form = argparse.RawDescriptionHelpFormatter
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    arguments.add_argument("--rounds", type=int, default=15)
    arguments.add_argument("--few", type=int, default=10)
    arguments.add_argument("--many", type=int, default=2000)
    options = arguments.parse_args()
    few, many = (Catalogue(map(make_vendor, range(size))) for size in (options.few, options.many))
    shipped = default_catalogue()
    urls = make_urls(options.few, 5000, random.Random(1))
    assert all(few.match_open(address) or few.match_click(address) for address in urls["named"])
    gc.freeze()
    worst = 0.0
    sizes = (options.few, options.many, len(shipped.vendors))
    print("microseconds a URL   " + "".join(f"{size:>8}" for size in sizes) + " vendors   many / few")
    for kind, addresses in urls.items():
        for name in ("match_open", "match_click"):
            sides = [getattr(catalogue, name) for catalogue in (few, many, shipped)]
            one, other, ours = compare(sides, addresses, options.rounds)
            worst = max(worst, other / one)
            print(f"{kind:9s} {name:11s}{one:8.2f}{other:8.2f}{ours:8.2f} {other / one:17.2f}")
    print(f"worst ratio {worst:.2f}")


if __name__ == "__main__":
    main()
