"""The same commands at Dovecot itself and through the proxy: the answers are the same, octet for octet."""

import random
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from bothways_proxy import ProxyConfig, Target, parse_imap_spec
from testbed.authority import Authority
from testbed.dovecot import Account, Dovecot
from testbed.processes import SECONDS

PLAIN = (
    b"From: a@b.test\r\nTo: c@d.test\r\nSubject: {9}\r\nMessage-ID: <%d@b.test>\r\n\r\n"
    b"* 1 FETCH (BODY[] {4}\r\n%s\r\n"
)
PARTS = (
    b"From: a@b.test\r\nTo: c@d.test\r\nSubject: parts\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>\r\n"
    b"--x\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--x--\r\n"
)
ITEMS = (
    "FLAGS",
    "UID",
    "ENVELOPE",
    "BODYSTRUCTURE",
    "RFC822.SIZE",
    "INTERNALDATE",
    "BODY.PEEK[]",
    "RFC822.HEADER",
    "BODY.PEEK[TEXT]",
    "BODY.PEEK[1]",
    "BODY.PEEK[2.MIME]",
    "BODY.PEEK[]<0.100>",
    "BODY.PEEK[]<50.99999>",
    'BODY.PEEK[HEADER.FIELDS ("Subject" To)]',
)
VARIABLE = re.compile(rb"\((?:\d+\.\d+ \+ )+\d+\.\d+ secs\)|CAPABILITY [^\]\r]*|session=<[^>]*>")

type Start = Callable[[ProxyConfig], AbstractContextManager[Any]]


@pytest.fixture
def config(tmp_path: Path, authority: Authority, dovecot: Dovecot) -> ProxyConfig:
    spec = parse_imap_spec(f"localhost:{dovecot.port}@127.0.0.1:0")
    return ProxyConfig(tmp_path / "home", Target("127.0.0.1", 0), (spec,), upstream_ca=authority.certificate)


@contextmanager
def connected(account: Account, port: int | None) -> Iterator[socket.socket]:
    if port is not None:
        with socket.create_connection(("127.0.0.1", port), SECONDS) as plain:
            yield plain
        return
    trust = ssl.create_default_context(cafile=str(account.authority))
    with (
        socket.create_connection(("127.0.0.1", account.port), SECONDS) as plain,
        trust.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        yield secure


def talk(account: Account, port: int | None, turns: list[tuple[bytes, bytes]]) -> bytes:
    """Send each turn when the answer to the one before is there, whose last line begins with a mark."""
    heard = b""
    with connected(account, port) as connection:
        for said, mark in turns:
            connection.sendall(said)
            start = len(heard)
            while not re.search(rb"(?m)^" + re.escape(mark) + rb".*\n\Z", heard[start:]):
                received = connection.recv(65536)
                assert received, heard[start:]
                heard += received
    return VARIABLE.sub(b"", heard)


def session(account: Account) -> list[tuple[bytes, bytes]]:
    user, password = account.user.encode(), account.password.encode()
    return [
        (b"", b"* OK"),
        (b"a LOGIN {%d}\r\n" % len(user), b"+"),
        (b"%s {%d+}\r\n%s\r\n" % (user, len(password), password), b"a OK"),
        (b"b EXAMINE INBOX\r\n", b"b OK"),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_random_fetches_are_answered_alike(
    config: ProxyConfig, account: Account, start_proxy: Start, seed: int
) -> None:
    account.deliver(PARTS, *(PLAIN % (n, b"x" * 40 * n) for n in range(6)))
    choose = random.Random(seed)
    commands = []
    for number in range(60):
        first = choose.randint(1, 7)
        items = " ".join(choose.sample(ITEMS, choose.randint(1, 5)))
        uid = choose.choice(("", "UID "))
        fetch = f"c{number} {uid}FETCH {first}:{choose.randint(first, 7)} ({items})\r\n"
        commands.append((fetch.encode(), f"c{number} OK".encode()))
    turns = [*session(account), *commands, (b"z LOGOUT\r\n", b"z OK")]
    direct = [talk(account, None, turns), talk(account, None, turns)]
    with start_proxy(config) as proxy:
        through = talk(account, proxy.port("imap"), turns)
    assert through == direct[1]


def test_everything_else_a_client_says_is_answered_alike(
    config: ProxyConfig, account: Account, start_proxy: Start
) -> None:
    account.deliver(PARTS)
    turns = [
        *session(account),
        (b'c ID ("name" "test")\r\nd NAMESPACE\r\ne ENABLE QRESYNC\r\n', b"e OK"),
        (b'f LIST "" "*" RETURN (SPECIAL-USE)\r\ng STATUS INBOX (MESSAGES UNSEEN)\r\n', b"g OK"),
        (b"h UID SEARCH RETURN (ALL) SUBJECT {5}\r\n", b"+"),
        (b"parts\r\n", b"h OK"),
        (b"i UID SORT (ARRIVAL) UTF-8 ALL\r\nj UID THREAD REFERENCES UTF-8 ALL\r\n", b"j OK"),
        (b"k IDLE\r\n", b"+"),
        (b"DONE\r\nl NOOP\r\n", b"l OK"),
        (b"m NONSENSE\r\n", b"m BAD"),
        (b"\r\nn NOOP\r\n", b"n OK"),
        (b"o FETCH 1 (BODY.PEEK[HEADER.FIELDS ({7}\r\n", b"+"),
        (b"Subject)])\r\n", b"o OK"),
        (b"p SELECT Nowhere\r\nq LOGOUT\r\n", b"q OK"),
    ]
    direct = [talk(account, None, turns), talk(account, None, turns)]
    with start_proxy(config) as proxy:
        through = talk(account, proxy.port("imap"), turns)
    assert through == direct[1]


def test_ten_clients_at_once_are_not_mixed_up(
    config: ProxyConfig, dovecot: Dovecot, start_proxy: Start
) -> None:
    accounts = [dovecot.new_account() for _ in range(10)]
    with start_proxy(config) as proxy:
        for number, account in enumerate(accounts):
            account.deliver(PLAIN % (number, b"of %d" % number))
            turns = [*session(account), (b"c FETCH 1 BODY.PEEK[]\r\n", b"c OK")]
            assert b"of %d\r\n" % number in talk(account, proxy.port("imap"), turns)
