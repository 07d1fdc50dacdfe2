"""poplib through the real proxy at a real Dovecot: trackers are gone, everything else is as it was."""

import hashlib
import poplib
import random
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bothways.message.edits import restore_octets
from bothways_proxy import ProxyConfig, Target, parse_pop3_spec
from testbed.authority import Authority
from testbed.dovecot import Account, Dovecot

PIXEL = (
    b'<img src="https://mandrillapp.com/track/open.php?u=30489975&amp;id=f2ab9c4f7c4e4b1fa2f6e3c1a2b3c4d5" '
    b'width="1" height="1">'
)
MAIL = (
    b"From: Seller <seller@vendor.test>\r\nTo: reader@mail.test\r\nSubject: An offer\r\n"
    b"Message-ID: <one@vendor.test>\r\nDisposition-Notification-To: seller@vendor.test\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<p>Hello</p>\r\n.<b>\r\n.\r\n" + PIXEL + b".\r\n<p>Bye</p>\r\n"
)
PLAIN = b"From: a@b.test\r\nMessage-ID: <%d@b.test>\r\nSubject: plain\r\n\r\nmail %d\r\n"
ENOUGH = b"-ERR Unknown command: ENOUGH\r\n"

type Start = Callable[[ProxyConfig], AbstractContextManager[object]]


@pytest.fixture
def config(tmp_path: Path, authority: Authority, dovecot: Dovecot) -> ProxyConfig:
    spec = parse_pop3_spec(f"localhost:{dovecot.pop3_port}@127.0.0.1:0")
    return ProxyConfig(
        tmp_path / "home", Target("127.0.0.1", 0), pop3=(spec,), upstream_ca=authority.certificate
    )


@contextmanager
def logged_in(account: Account, port: int | None = None) -> Iterator[poplib.POP3]:
    """Log in at the server itself, or at a port of the loopback that leads to it."""
    if port is None:
        trust = ssl.create_default_context(cafile=str(account.authority))
        client: poplib.POP3 = poplib.POP3_SSL("localhost", account.pop3_port, context=trust, timeout=30)
    else:
        client = poplib.POP3("127.0.0.1", port, timeout=30)
    client.user(account.user)
    client.pass_(account.password)
    try:
        yield client
    finally:
        client.quit()


def retrieve(client: poplib.POP3, number: int = 1) -> bytes:
    return b"".join(line + b"\r\n" for line in client.retr(number)[1])


def top(client: poplib.POP3, lines: int) -> bytes:
    return b"".join(line + b"\r\n" for line in client.top(1, lines)[1])


@pytest.fixture
def delivered(account: Account) -> bytes:
    """Give the mail as the server has it."""
    account.deliver(MAIL)
    with logged_in(account) as client:
        return retrieve(client)


def test_a_retrieved_mail_has_lost_its_pixel_and_kept_its_size(
    config, account, delivered, start_proxy: Start
) -> None:
    assert PIXEL in delivered
    with start_proxy(config) as proxy:
        with logged_in(account, proxy.port("pop3")) as client:
            size = int(client.list(1).split()[2])
            through = retrieve(client)
        (message,) = proxy.recorded().find_messages(["mid:<one@vendor.test>"])
    assert (len(through), b"mandrillapp" in through) == (size, False)
    kept = delivered.replace(PIXEL, b"").replace(b"Disposition-Notification-To", b"X-" + b"x" * 25)
    assert through.replace(b" ", b"") == kept.replace(b" ", b"")
    assert (message.subject, message.route) == ("An offer", "pop3")


def test_a_mail_left_on_the_server_is_the_same_for_ever(config, account, delivered, start_proxy) -> None:
    with start_proxy(config) as proxy:
        proxy.ledger.pause(datetime.now(UTC) + timedelta(minutes=5))
        with logged_in(account, proxy.port("pop3")) as client:
            assert retrieve(client) == delivered
        wait_for_copy(proxy, delivered)
        proxy.ledger.resume()
        time.sleep(1.1)
        with logged_in(account, proxy.port("pop3")) as client:
            assert retrieve(client) == delivered


def test_a_large_mail_can_be_put_back(config, account, start_proxy) -> None:
    attachment = b"--x\r\nContent-Type: application/pdf\r\n\r\n" + b"a line of it\r\n" * 220_000
    mixed = MAIL.replace(b"text/html; charset=utf-8\r\n", b"multipart/mixed; boundary=x\r\n")
    head, body = mixed.split(b"\r\n\r\n", 1)
    html = b"\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n" + body
    account.deliver(head + html + attachment + b"--x--\r\n")
    with logged_in(account) as client:
        direct = retrieve(client)
    with start_proxy(config) as proxy:
        with logged_in(account, proxy.port("pop3")) as client:
            through, again = retrieve(client), top(client, 999_999)
        (copy,) = proxy.recorded().copies(cleaned_sha256=hashlib.sha256(through).hexdigest())
    assert (through == again, PIXEL in through) == (True, False)
    assert restore_octets(through, copy.edits) == direct


def wait_for_copy(proxy, raw: bytes) -> None:
    """Wait until the ledger holds what left for a client."""
    digest = hashlib.sha256(raw).hexdigest()
    for _ in range(200):
        if proxy.ledger.copies(cleaned_sha256=digest):
            return
        time.sleep(0.05)
    pytest.fail("the copy never reached the ledger")


def test_every_start_of_a_mail_agrees_with_the_whole(config, account, delivered, start_proxy) -> None:
    with start_proxy(config) as proxy, logged_in(account, proxy.port("pop3")) as client:
        through = retrieve(client)
        for lines in range(6):
            assert through.startswith(top(client, lines))
        assert top(client, 1000) == through


def test_everything_else_is_answered_alike(config, account, start_proxy) -> None:
    account.deliver(*(PLAIN % (number, number) for number in range(5)))
    said = (
        b"CAPA\r\nUSER %s\r\nPASS %s\r\nSTAT\r\nLIST\r\nUIDL\r\nLIST 2\r\nUIDL 3\r\nRETR 1\r\nTOP 2 1\r\n"
        b"RETR 99\r\nDELE 4\r\nLIST\r\nRSET\r\nNOOP\r\nNONSENSE\r\nXTND XLST\r\nCAPA\r\nRETR 5\r\nQUIT\r\n"
    ) % (account.user.encode(), account.password.encode())
    talk(account, None, said)  # what a first login does to a mailbox
    direct = talk(account, None, said)
    with start_proxy(config) as proxy:
        through = talk(account, proxy.port("pop3"), said)
    assert through == direct
    assert through.count(b"\r\nmail ") == 3


@pytest.mark.parametrize("seed", range(3))
def test_random_commands_are_answered_alike(config, account, start_proxy, seed: int) -> None:
    choose = random.Random(seed)
    lines = [b".", b"..", b".x", b"", b"+OK", b"-ERR no", b"x" * 900, b"<p>.</p>"]
    mails = [b"\r\n".join(choose.choices(lines, k=choose.randint(0, 90))) for _ in range(9)]
    account.deliver(*(PLAIN % (number, number) + mail + b"\r\n" for number, mail in enumerate(mails)))
    said = [b"USER " + account.user.encode(), b"PASS " + account.password.encode()]
    for _ in range(200):
        form = choose.choice(
            (b"RETR %d", b"TOP %d %d", b"LIST %d", b"UIDL", b"STLS", b"TOP %d 999", b"DELE 3")
        )
        said.append(form % tuple(choose.randint(0, 11) for _ in range(form.count(b"%"))))
    octets = b"\r\n".join([*said, b"RSET", b"ENOUGH\r\n"])
    direct = [talk(account, None, octets.replace(b"STLS", b"NONSENSE")) for _ in range(2)]
    with start_proxy(config) as proxy:
        through = talk(account, proxy.port("pop3"), octets)
    refused = re.compile(rb"-ERR (?:Unknown command: NONSENSE|STLS is not.*)\r\n")
    assert refused.sub(b"-ERR\r\n", through) == refused.sub(b"-ERR\r\n", direct[1])


def talk(account: Account, port: int | None, said: bytes) -> bytes:
    """Say it all at once (RFC 2449, 6.6) and hear everything up to the end; QUIT follows upon ENOUGH.

    Dovecot 2.3 ends a session at QUIT even where its POP3 process could not hand on all it had to say: up to
    4 KiB are dropped if the socket to its login process is full then. Behind large answers QUIT has to wait.
    """
    connection = socket.create_connection(("127.0.0.1", port or account.pop3_port), 30)
    if port is None:
        trust = ssl.create_default_context(cafile=str(account.authority))
        connection = trust.wrap_socket(connection, server_hostname="localhost")
    heard = []
    with connection, connection.makefile("rb") as answers:
        connection.sendall(said)
        for line in answers:
            heard.append(line)
            if line == ENOUGH:
                connection.sendall(b"QUIT\r\n")
    return b"".join(heard)


def test_tls_within_the_dialogue_is_not_offered_and_not_given(config, dovecot, account, start_proxy) -> None:
    plain = parse_pop3_spec(f"plain:127.0.0.1:{dovecot.plain_pop3_port}@127.0.0.1:0")
    account.deliver(MAIL)
    assert b"\r\nSTLS\r\n" in talk(account, dovecot.plain_pop3_port, b"CAPA\r\nQUIT\r\n")
    with start_proxy(replace(config, pop3=(plain,))) as proxy:
        assert f"-> plain:127.0.0.1:{dovecot.plain_pop3_port}" in "".join(proxy.lines)
        heard = talk(account, proxy.port("pop3"), b"CAPA\r\nSTLS\r\nQUIT\r\n")
        with logged_in(account, proxy.port("pop3")) as client:
            assert b"mandrillapp" not in retrieve(client)
    assert b"STLS\r\n" not in heard
    assert b"-ERR STLS is not available" in heard


def test_two_accounts_at_once_are_not_mixed_up(config, dovecot, start_proxy) -> None:
    accounts = [dovecot.new_account() for _ in range(4)]
    specs = config.pop3 * 2
    with start_proxy(replace(config, pop3=specs)) as proxy:
        ports = [int(line.split()[2].rpartition(":")[2]) for line in proxy.lines if " pop3 " in line]
        for number, account in enumerate(accounts):
            account.deliver(PLAIN % (number, number))
            with logged_in(account, ports[number % 2]) as client:
                assert retrieve(client).endswith(b"mail %d\r\n" % number)
        assert len(set(proxy.status.listeners)) == 3


def test_a_certificate_that_cannot_be_trusted_ends_with_a_reason(config, account, start_proxy) -> None:
    with start_proxy(replace(config, upstream_ca=None)) as proxy:
        said = talk(account, proxy.port("pop3"), b"")
    assert said.startswith(b"-ERR Bothways: the certificate of localhost:")
    assert said.endswith(b"no password was sent\r\n")
