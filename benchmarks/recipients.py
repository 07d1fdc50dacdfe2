"""How fast is the search for the reader's address in URLs that do not hold it?

    uv run python benchmarks/recipients.py [--urls N] [--rounds N]

The URLs are made with a fixed seed: shop links, images on a CDN, click wrappers with opaque tokens of 40 to
160 characters, open pixels with a UUID; 100 to 300 characters each, no token twice. Each row is a kind.
Times are those of the process, so that a busy machine counts less.
"""

import argparse
import random
import string
import time
import tracemalloc
import uuid

from bothways.urls.address import Address, parse
from bothways.urls.candidates import Candidates
from bothways.urls.recipients import Recipients

READERS = [
    "dana.buyer@procure.example",
    "Dana.Buyer+quotes@procure.example.com",
    "d.buyer@corp.example.co.uk",
]
SIZES = (4, 16, 20, 28, 32, 48, 64)
_LETTERS = string.ascii_letters + string.digits
_WORDS = [
    "products",
    "sale",
    "summer",
    "story",
    "read",
    "more",
    "images",
    "header",
    "footer",
    "2026",
    "shoes",
]


def _token(chance: random.Random, length: int, alphabet: str = _LETTERS) -> str:
    return "".join(chance.choices(alphabet, k=length))


def make_shop(chance: random.Random) -> str:
    """A link to a page, with campaign parameters."""
    path = "/".join(chance.choices(_WORDS, k=5))
    campaign = "utm_source=newsletter&utm_medium=email&utm_campaign=" + "-".join(chance.choices(_WORDS, k=4))
    return f"https://www.shop.example.org/{path}/{chance.randrange(10**6)}.html?{campaign}"


def make_image(chance: random.Random) -> str:
    """A picture on a content network."""
    name = "_".join(chance.choices(_WORDS, k=3))
    path = "/".join(chance.choices(_WORDS, k=4))
    return f"https://cdn.mail.example.net/{_token(chance, 24)}/{path}/{name}@2x.png?w=600"


def make_wrapper(chance: random.Random) -> str:
    """A click wrapper with an opaque token."""
    length = chance.randint(40, 160)
    return (
        f"https://click.example.com/f/a/{_token(chance, length, _LETTERS + '-_')}/AAAA~/{_token(chance, 40)}"
    )


def make_pixel(chance: random.Random) -> str:
    """An open pixel with ids of its own."""
    send = uuid.UUID(int=chance.getrandbits(128))
    ids = f"uid={send}&mid={chance.randrange(10**8)}&sig={_token(chance, 27)}"
    return f"https://t.example.net/v2/open.gif?{ids}&region=eu1"


KINDS = {"shop": make_shop, "image": make_image, "wrapper": make_wrapper, "pixel": make_pixel}


def make_addresses(count: int) -> dict[str, list[Address]]:
    """URLs of every kind, the same in every run."""
    chance = random.Random(8417)
    made = {kind: [parse(make(chance)) for _ in range(count)] for kind, make in KINDS.items()}
    return {kind: [address for address in addresses if address] for kind, addresses in made.items()}


def measure_rate(recipients: Recipients, addresses: list[Address], rounds: int) -> float:
    """Give the URLs a second of the best round."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for address in addresses:
            assert recipients.find(address) is None
        best = min(best, time.process_time() - start)
    return len(addresses) / best


def print_building(reader: str) -> None:
    """Milliseconds for one address, at once and for the digests of each length, and what is kept."""
    start = time.process_time()
    candidates = Candidates([reader])
    times = [f"at once {(time.process_time() - start) * 1e3:.1f}"]
    for size in SIZES:
        start = time.process_time()
        candidates.find_digest(bytes(size))
        times.append(f"{size} octets {(time.process_time() - start) * 1e3:.1f}")
    tracemalloc.start()
    candidates = Candidates([reader])
    for size in SIZES:
        candidates.find_digest(bytes(size))
    kept = tracemalloc.get_traced_memory()[0] / 1024
    tracemalloc.stop()
    counts = f"{len(candidates.codings)} patterns, {candidates.count_digests()} digests, {kept:.0f} KiB"
    print(f"{len(reader)} characters: {counts}; ms: {', '.join(times)}")


def main() -> None:
    """Print one row a kind of URL."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--urls", type=int, default=5000)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    Candidates(["warm.up@example.co.uk"])
    for reader in READERS:
        print_building(reader)
    addresses = make_addresses(chosen.urls)
    addresses["all"] = [address for group in addresses.values() for address in group]
    for count in (1, 3):
        recipients = Recipients.of(READERS[:count])
        for kind, group in addresses.items():
            length = sum(len(address.href) for address in group) / len(group)
            rate = measure_rate(recipients, group, chosen.rounds)
            speed = f"{rate:9,.0f} URLs/s, {1e6 / rate:.1f} us"
            print(f"{count} addresses, {kind:8}{length:4.0f} characters: {speed}")


if __name__ == "__main__":
    main()
