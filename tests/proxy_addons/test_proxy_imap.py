"""imaplib through the real proxy at a real Dovecot: trackers are gone, everything else is as it was."""

import hashlib
import imaplib
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bothways.ledger import Ledger
from bothways.wire.imap_server import ServerHalf
from bothways_proxy import ProxyConfig, Target, parse_imap_spec
from testbed.authority import Authority
from testbed.bothways import eventually
from testbed.dovecot import Dovecot
from testbed.imap import logged_in
from testbed.processes import SECONDS

PIXEL = (
    b'<img src="https://mandrillapp.com/track/open.php?u=30489975&amp;id=f2ab9c4f7c4e4b1fa2f6e3c1a2b3c4d5" '
    b'width="1" height="1">'
)
MAIL = (
    b"From: Seller <seller@vendor.test>\r\nTo: reader@mail.test\r\nSubject: An offer\r\n"
    b"Message-ID: <one@vendor.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<p>Hello</p>\r\n" + PIXEL + b"\r\n<p>Bye</p>\r\n"
)

type Start = Callable[[ProxyConfig], AbstractContextManager[object]]


@pytest.fixture
def config(tmp_path: Path, authority: Authority, dovecot: Dovecot) -> ProxyConfig:
    spec = parse_imap_spec(f"localhost:{dovecot.port}@127.0.0.1:0")
    return ProxyConfig(tmp_path / "home", Target("127.0.0.1", 0), (spec,), upstream_ca=authority.certificate)


def fetch(client: imaplib.IMAP4, items: str) -> bytes:
    client.select("INBOX")
    return client.uid("FETCH", "1", items)[1][0][1]


def test_a_fetched_mail_has_lost_its_pixel_and_kept_its_size(config, account, start_proxy) -> None:
    account.deliver(MAIL)
    with logged_in(account) as client:
        direct = fetch(client, "(BODY.PEEK[])")
    assert PIXEL in direct
    with start_proxy(config) as proxy:
        with logged_in(account, proxy.port("imap")) as client:
            through = fetch(client, "(UID RFC822.SIZE BODY.PEEK[])")
        (message,) = proxy.recorded().find_messages(["mid:<one@vendor.test>"])
    assert len(through) == len(direct)
    assert b"mandrillapp" not in through
    assert through.replace(b" ", b"") == direct.replace(PIXEL, b"").replace(b" ", b"")
    assert message.subject == "An offer"


def test_compression_is_not_offered_and_not_given(config, account, start_proxy) -> None:
    with start_proxy(config) as proxy, logged_in(account, proxy.port("imap")) as client:
        client.capability()
        assert not {"COMPRESS=DEFLATE", "STARTTLS", "BINARY"} & set(client.capabilities)
        with pytest.raises(imaplib.IMAP4.error, match="not available"):
            client.xatom("COMPRESS", "DEFLATE")
        assert client.noop()[0] == "OK"


def test_appended_mail_arrives_as_sent(config, account, start_proxy) -> None:
    with start_proxy(config) as proxy, logged_in(account, proxy.port("imap")) as client:
        assert client.append("INBOX", None, None, MAIL)[0] == "OK"
        assert PIXEL not in fetch(client, "(RFC822)")
    with logged_in(account) as client:
        assert fetch(client, "(RFC822)") == MAIL


def test_drafts_and_sent_mail_stay_as_they_are(config, account, start_proxy) -> None:
    with start_proxy(config) as proxy, logged_in(account, proxy.port("imap")) as client:
        for mailbox in ("Drafts", "Sent"):
            client.append(mailbox, None, None, MAIL)
            client.select(mailbox)
            assert client.fetch("1", "(RFC822)")[1][0][1] == MAIL


def test_a_pause_lets_mail_pass_and_marks_it(config, account, start_proxy) -> None:
    account.deliver(MAIL)
    with start_proxy(config) as proxy:
        proxy.ledger.pause(datetime.now(UTC) + timedelta(minutes=5))
        with logged_in(account, proxy.port("imap")) as client:
            assert PIXEL in fetch(client, "(BODY.PEEK[])")
        (message,) = proxy.recorded().find_messages(["mid:<one@vendor.test>"])
    assert "paused" in message.notes


def test_a_fault_of_ours_lets_a_connection_pass_and_is_marked(
    config, account, start_proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.deliver(MAIL)
    with start_proxy(config) as proxy:
        with logged_in(account, proxy.port("imap")) as client:
            with monkeypatch.context() as patched:
                patched.setattr(ServerHalf, "advance", lambda _: 1 / 0)
                assert client.noop()[0] == "OK"
            assert PIXEL in fetch(client, "(BODY.PEEK[])")
        with logged_in(account, proxy.port("imap")) as client:
            assert PIXEL not in fetch(client, "(BODY.PEEK[])")
        (incident,) = proxy.recorded().incidents()
    assert (incident.kind, incident.reason, incident.times) == ("went_through", "fault:ZeroDivisionError", 1)
    assert (incident.route, incident.account, incident.server) == ("imap", account.user, "localhost")


def test_what_a_client_has_does_not_change_under_it(config, account, start_proxy) -> None:
    account.deliver(MAIL)
    with start_proxy(config) as proxy, logged_in(account, proxy.port("imap")) as client:
        proxy.ledger.pause(datetime.now(UTC) + timedelta(minutes=5))
        first = fetch(client, "(BODY.PEEK[])")
        wait_for_copy(proxy.ledger, first)
        proxy.ledger.resume()
        time.sleep(1.1)
        assert fetch(client, "(RFC822)") == first
        client.copy("1", "Trash")
        client.select("Trash")
        assert PIXEL not in client.uid("FETCH", "1", "(BODY.PEEK[])")[1][0][1]


LARGE = (
    b"From: Seller <seller@vendor.test>\r\nSubject: Large\r\nMessage-ID: <large@vendor.test>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: text/html\r\n\r\n<p>Hello</p>\r\n" + PIXEL + b"\r\n--b\r\n"
    b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + (b"QUJD" * 19 + b"\r\n") * 40_000
    + b"--b--\r\n"
)


def read_windows(client: imaplib.IMAP4, size: int, count: int) -> bytes:
    pieces = [
        client.uid("FETCH", "1", f"(BODY.PEEK[]<{start}.{count}>)")[1][0][1]
        for start in range(0, size, count)
    ]
    return b"".join(pieces)


def test_a_large_mail_is_one_and_the_same_in_windows_in_parts_and_whole(config, account, start_proxy) -> None:
    account.deliver(LARGE)
    with logged_in(account) as client:
        direct = fetch(client, "(BODY.PEEK[])")
    with start_proxy(config) as proxy, logged_in(account, proxy.port("imap")) as client:
        part = fetch(client, "(BODY.PEEK[1])")
        assert b"mandrillapp" not in part
        windows = read_windows(client, len(direct), 65536)
        assert windows == fetch(client, "(RFC822)")
        assert part in windows
    assert windows.replace(b" ", b"") == direct.replace(PIXEL, b"").replace(b" ", b"")


def test_what_was_decided_for_a_start_holds_when_the_program_starts_anew(
    config, account, start_proxy
) -> None:
    account.deliver(LARGE)
    with start_proxy(config) as proxy:
        proxy.ledger.pause(datetime.now(UTC) + timedelta(minutes=5))
        with logged_in(account, proxy.port("imap")) as client:
            assert PIXEL in fetch(client, "(BODY.PEEK[]<0.4000>)")
        proxy.recorded().resume()
    with start_proxy(config) as proxy:
        with logged_in(account, proxy.port("imap")) as client:
            assert PIXEL in fetch(client, "(BODY.PEEK[1])")
            assert PIXEL in fetch(client, "(BODY.PEEK[])")
        (message,) = proxy.recorded().find_messages(["mid:<large@vendor.test>"])
    assert "paused" in message.notes


def test_no_mail_is_marked_as_read_by_a_look(config, account, start_proxy) -> None:
    account.deliver(MAIL)
    with start_proxy(config) as proxy, logged_in(account, proxy.port("imap")) as client:
        fetch(client, "(BODY.PEEK[1])")
        assert b"\\Seen" not in client.uid("FETCH", "1", "(FLAGS)")[1][0]
        assert fetch(client, "(BODY[1])")
        assert b"\\Seen" in client.uid("FETCH", "1", "(FLAGS)")[1][0]


def wait_for_copy(ledger: Ledger, raw: bytes) -> None:
    """Wait until the ledger holds what left for a client."""
    digest = hashlib.sha256(raw).hexdigest()
    assert eventually(lambda: ledger.copies(cleaned_sha256=digest))


def greeting(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), SECONDS) as client:
        return client.makefile("rb").read()


def test_a_certificate_that_cannot_be_trusted_ends_with_a_reason(config, start_proxy) -> None:
    with start_proxy(replace(config, upstream_ca=None)) as proxy:
        said = greeting(proxy.port("imap"))
    assert said.startswith(b"* BYE Bothways: the certificate of localhost:")
    assert said.endswith(b"no password was sent\r\n")


def test_a_server_that_is_not_there_ends_with_a_reason(config, start_proxy) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = parse_imap_spec(f"localhost:{closed.getsockname()[1]}@127.0.0.1:0")
        with start_proxy(replace(config, imap=(gone,))) as proxy:
            assert b"cannot be reached" in greeting(proxy.port("imap"))
