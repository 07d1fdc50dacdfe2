"""Which forms of the reader's addresses count, where they stand, and what must never be taken for one."""

import base64
import gzip
import hashlib
import json
import logging
import random
import string
import subprocess
import sys
import time
import uuid
import zlib
from urllib.parse import quote

import pytest
from bothways.urls.address import parse
from bothways.urls.candidates import Candidates
from bothways.urls.recipient_forms import Form, spell
from bothways.urls.recipients import Hit, Recipients, Where

READERS = ["dana.buyer@procure.example", "Dana.Purchase+quotes@Example.co.uk", "jörg.müller@bücher.example"]


def find(url, readers=READERS):
    address = parse(url)
    assert address is not None
    return Recipients.of(readers).find(address)


def found(url, readers=READERS):
    hit = find(url, readers)
    assert hit is not None
    return hit


@pytest.mark.parametrize(
    ("url", "where", "parameter"),
    [
        ("https://dana.buyer%40procure.example@t.example/x", Where.USER, ""),
        ("https://t.example/u/dana.buyer@procure.example/o.gif", Where.PATH, ""),
        ("https://t.example/dana.buyer@procure.example.gif", Where.PATH, ""),
        ("https://t.example/o?e=DANA.BUYER@PROCURE.EXAMPLE", Where.QUERY, "e"),
        ("https://t.example/o?dana.buyer@procure.example=1", Where.QUERY, ""),
        ("https://t.example/o?x=1&amp;e=dana.buyer%40procure.example", Where.QUERY, "amp;e"),
        ("https://t.example/o?x=1#e=dana.buyer%2540procure.example", Where.FRAGMENT, ""),
        (f"https://{hashlib.md5(b'dana.buyer@procure.example').hexdigest()}.t.example/", Where.HOST, ""),
    ],
)
def test_where(url, where, parameter):
    hit = found(url)
    assert (hit.address, hit.form, hit.strong) == (0, Form.WHOLE, True)
    assert (hit.where, hit.parameter) == (where, parameter)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("dana.purchase+quotes@example.co.uk", Form.WHOLE),
        ("Dana.Purchase%2Bquotes@Example.co.uk", Form.WHOLE),
        ("dana.purchase@example.co.uk", Form.WHOLE),
        ("dana.purchase+other@example.co.uk", Form.WHOLE),
        ("dana.purchase+quotes@example", Form.WITHOUT_TLD),
        ("dana.purchase@example.co", Form.WITHOUT_TLD),
        ("DANA.PURCHASE", Form.LOCAL_PART),
    ],
)
def test_forms(text, form):
    hit = found(f"https://t.example/o?u={text}&v=1")
    assert (hit.address, hit.form, hit.strong) == (1, form, form is not Form.LOCAL_PART)


@pytest.mark.parametrize(
    "text",
    [
        "Dana.Purchase+quotes@Example.co.uk",
        "DANA.PURCHASE+QUOTES@EXAMPLE.CO.UK",
        "dana.purchase@example.co.uk",
        "dana.purchase@example",
        "dana.purchase@example.co",
    ],
)
def test_hashed_forms(text):
    for name in ("md5", "sha1", "sha256", "blake2b"):
        hit = found(f"https://t.example/{hashlib.new(name, text.encode()).hexdigest()}.png")
        assert (hit.address, hit.chain, hit.strong) == (1, (name,), True)


def test_hashed_local_part_is_weak():
    hit = found(f"https://t.example/o?h={hashlib.sha256(b'dana.buyer').hexdigest()}")
    assert (hit.form, hit.chain, hit.strong) == (Form.LOCAL_PART, ("sha256",), False)


@pytest.mark.parametrize("domain", ["bücher.example", "xn--bcher-kva.example"])
def test_international(domain):
    text = f"jörg.müller@{domain}"
    for value in (quote(text), base64.urlsafe_b64encode(text.encode()).decode(), text.encode().hex()):
        assert found(f"https://t.example/o?u={value}").address == 2
    assert found(f"https://t.example/o?u={hashlib.md5(text.encode()).hexdigest()}").chain == ("md5",)
    assert found(f"https://t.example/{quote(json.dumps(text))}").address == 2


def test_strongest_wins():
    weak_and_strong = f"dana.buyer/{hashlib.md5(b'dana.buyer@procure.example').hexdigest()}"
    assert found(f"https://t.example/{weak_and_strong}").chain == ("md5",)
    assert found(f"https://t.example/dana.buyer?e={READERS[0]}").form is Form.WHOLE


@pytest.mark.parametrize(
    "url",
    [
        "https://t.example/?u=xdana.buyer@procure.example",
        "https://t.example/?u=eve.dana.buyer@procure.example",
        "https://t.example/?u=dana.buyer@procure.example2",
        "https://t.example/?u=dana.buyer@procure.other",
        "https://t.example/?u=other@procure.example",
        "https://procure.example/bücher.example/example.co.uk",
        "https://t.example/dana.buyers/dana.buyer.png",
        "https://t.example/?u=dana.buyer@other.example",
        f"https://t.example/?u={base64.urlsafe_b64encode(b'eve.dana.buyer@procure.example').decode()}",
        f"https://t.example/?u={base64.urlsafe_b64encode(b'xx <other@procure.example>').decode()}",
    ],
)
def test_not_the_reader(url):
    assert find(url) is None


@pytest.mark.parametrize(
    "local", ["info", "sales", "mail", "john", "newsletter", "david", "12345678", "al.b"]
)
def test_common_local_parts_do_not_count(local):
    readers = [f"{local}@procure.example"]
    digest = hashlib.md5(local.encode()).hexdigest()
    assert find(f"https://t.example/{local}/o.gif?u={local}&h={digest}", readers) is None
    assert found(f"https://t.example/o.gif?u={local}@procure.example", readers).strong


def test_no_false_hit_in_random_tokens():
    chance = random.Random(20)
    recipients = Recipients.of(READERS)
    letters = string.ascii_letters + string.digits
    for _ in range(30_000):
        alphabet = chance.choice(["0123456789abcdef", letters, letters + "-_"])
        one, two = (
            "".join(chance.choices(alphabet, k=chance.choice((12, 22, 32, 40, 43, 64)))) for _ in "ab"
        )
        address = parse(f"https://t.example/{one}/o?u={two}&i={uuid.UUID(int=chance.getrandbits(128))}")
        hit = recipients.find(address)
        assert hit is None or not hit.strong


def test_another_token_does_not_use_up_the_search():
    digest = base64.b64encode(hashlib.sha256(b"dana.buyer@procure.example").digest()).decode()
    for token in ("abcd%2Fefgh1JKLmnopQRSTuvwx", "abcd%2Befgh1JKLmnopQRSTuvwx"):
        assert found(f"https://t.example/o?x={token}&e={quote(digest, safe='')}").strong
        assert found(f"https://t.example/o?x={token}&e={digest.rstrip('=')}").chain == ("base64", "sha256")


def test_nothing_to_look_for():
    for reader in ("", "no address", "@", "a@", "@b.example", "a b@c.example", "x" * 999 + "@y.example"):
        assert find("https://t.example/a@b.example", [reader]) is None
    assert find("https://t.example/a@b.example", []) is None


@pytest.mark.parametrize(
    "reader", ["\ud800x@y.example", "a@xn--\udcff.example", "a@" + "." * 300, "a@" + "xn--9" * 50]
)
def test_hostile_addresses(reader):
    assert find("https://t.example/0123456789abcdef0123456789abcdef", [reader]) is None


def test_many_addresses():
    readers = [f"reader.number{number}@procure.example" for number in range(10)]
    hit = found(f"https://t.example/{hashlib.sha1(readers[9].encode()).hexdigest()}", readers)
    assert hit.address == 9
    assert len(Candidates(readers * 100).spellings) == len(Candidates(readers[:10] + readers[:6]).spellings)


def make_hostile(size):
    bomb = zlib.compress(bytes(50_000_000))
    nested = READERS[0].encode()
    for _ in range(12):
        nested = base64.b64encode(nested)
    return {
        "letters": "A" * size,
        "hex": "0123456789abcdef" * (size // 16),
        "short hex": ("f" * 31 + "/") * (size // 32),
        "base58": "z" * size,
        "cuts": "aB3-" * (size // 4),
        "tokens": "aGVsbG8gd29ybGQ/" * (size // 16),
        "escapes": "%25" * (size // 3),
        "octets": "%ff%00/" * (size // 7),
        "references": "&#64;" * (size // 5),
        "almost": "dana.buyer@procure.exampl/" * (size // 26),
        "tags": "dana.buyer+" * (size // 11),
        "base64 of it": (base64.b64encode(b"xdana.buyer@procure.examplex").decode() + "/") * (size // 41),
        "bomb": base64.urlsafe_b64encode(bomb).decode()[:size],
        "gzip bomb": base64.urlsafe_b64encode(gzip.compress(bomb)).decode()[:size],
        "nested": nested.decode(),
    }


HOSTILE = make_hostile(1_000_000)


@pytest.mark.parametrize("shape", HOSTILE)
def test_hostile_urls(shape):
    recipients = Recipients.of(READERS)
    address = parse(f"https://t.example/o?u={HOSTILE[shape]}")
    assert address is not None
    start = time.process_time()
    hit = recipients.find(address)
    assert time.process_time() - start < 20
    assert hit is None or not hit.strong


def test_the_address_is_never_shown(caplog):
    caplog.set_level(logging.DEBUG)
    recipients = Recipients.of(READERS)
    hit = found(f"https://t.example/o?u={READERS[0]}")
    candidates = recipients._candidates
    shown = [repr(x) for x in (recipients, hit, candidates, *spell(READERS[0]))] + [
        str(recipients),
        caplog.text,
    ]
    shown += [repr(origin) for table in candidates._origins.values() for origin in table.values()]
    named = found(f"https://t.example/o?{READERS[0]}={READERS[0]}")
    shown.append(repr(named))
    text = "".join(shown).lower()
    assert not any(secret in text for secret in ("dana", "procure", "buyer", "example", "jörg"))


def test_the_cache_is_bounded_and_shared():
    assert Recipients.of(READERS) is Recipients.of(tuple(READERS))
    assert isinstance(found(f"https://t.example/{READERS[0]}"), Hit)


def test_import_is_light():
    code = "import sys, bothways, bothways.urls.recipients; print('ahocorasick_rs' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
