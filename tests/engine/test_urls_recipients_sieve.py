"""The address is found in the same URLs whether they are asked about one by one or all at once."""

import base64
import hashlib
import random
import string
import zlib

import pytest
from bothways.urls.address import parse
from bothways.urls.recipient_sieve import sift
from bothways.urls.recipients import Recipients

READER = "dana.buyer@procure.example"
ADDRESS = READER.encode()
PLAIN = [f"https://cdn.example.net/images/header_{number}_{number:08x}@2x.png?w=600" for number in range(20)]
TELLING = [
    f"https://t.example/o?u={READER}",
    f"https://t.example/o?u={READER.replace('@', '%40')}",
    f"https://t.example/u/{base64.urlsafe_b64encode(b'u=' + ADDRESS).decode()}",
    f"https://t.example/{hashlib.sha1(ADDRESS).hexdigest()}.gif",
    f"https://t.example/o?c={zlib.crc32(ADDRESS):08x}",
    f"https://t.example/o?z={base64.b32encode(ADDRESS).decode().rstrip('=')}",
    f"https://t.example/o?u=https://x.example/{base64.b64encode(hashlib.sha256(ADDRESS).digest()).decode()}",
    f"https://t.example/{'a1b2c3d4e5f6/' * 300}{READER}",
]


def read(urls):
    return [address for url in urls if (address := parse(url))]


@pytest.mark.parametrize("url", TELLING)
def test_one_url_among_others_is_found(url):
    reader, addresses = Recipients.of([READER]), read([*PLAIN, url, *PLAIN])
    hits = reader.find_all(addresses)
    assert hits == [reader.find(address) for address in addresses]
    assert [address.href for address, hit in zip(addresses, hits, strict=True) if hit] == [addresses[20].href]


def test_all_at_once():
    reader, addresses = Recipients.of([READER]), read([*TELLING, *PLAIN, *TELLING])
    assert reader.find_all(addresses) == [reader.find(address) for address in addresses]
    assert sum(hit is not None for hit in reader.find_all(addresses)) == 2 * len(TELLING)


def test_without_an_address_or_a_url_there_is_nothing_to_find():
    assert Recipients.of([]).find_all(read(PLAIN)) == [None] * len(PLAIN)
    assert Recipients.of([READER]).find_all([]) == []


def test_hardly_any_url_has_to_be_searched_by_itself():
    candidates = Recipients.of([READER])._candidates
    assert sift(PLAIN, candidates) == set()
    assert sift([*PLAIN, TELLING[0]], candidates) == {TELLING[0]}


def test_the_budget_of_one_url_is_not_spent_on_the_others():
    chance = random.Random(1)
    greedy = [
        "https://a.example/"
        + "-".join("".join(chance.choices(string.ascii_letters, k=20)) for _ in range(90))
        for _ in range(30)
    ]
    reader, addresses = Recipients.of([READER]), read([*greedy, TELLING[3]])
    assert reader.find_all(addresses)[-1] == reader.find(addresses[-1]) is not None


def test_many_tokens_with_the_address_in_them_are_not_each_looked_for_in_all_urls():
    tokens = [base64.urlsafe_b64encode(b"%05d " % number + ADDRESS).decode() for number in range(300)]
    telling = [f"https://t.example/{'/'.join(tokens[at : at + 30])}" for at in range(0, 300, 30)]
    reader, addresses = Recipients.of([READER]), read([*PLAIN, *telling])
    assert sift([*PLAIN, *telling], reader._candidates) == {*PLAIN, *telling}
    assert [hit is not None for hit in reader.find_all(addresses)] == [False] * 20 + [True] * 10
