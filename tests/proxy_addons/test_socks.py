"""The SOCKS5 port as mail programs use it: what is opened there, what passes untouched, what is refused."""

import poplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from bothways_proxy import ProxyConfig, SpecError, Target, parse_mail_host, parse_socks_listen
from bothways_proxy.authority import root_file
from bothways_proxy.socks import MailDoor, SocksMail
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mitmproxy.connection import Server
from mitmproxy.options import Options
from mitmproxy.proxy import events
from mitmproxy.proxy.context import Context
from mitmproxy.test import tflow
from testbed.authority import Authority
from testbed.dovecot import Account, Dovecot
from testbed.imap import fetch_all
from testbed.letters import mail_with_click, shown_texts
from testbed.processes import SECONDS
from testbed.socks import BIND, UDP_ASSOCIATE, ImapThrough, RefusedError, connect

NAMED = "mail.test"
type Start = Callable[[ProxyConfig], AbstractContextManager[Any]]


@pytest.fixture
def config(tmp_path: Path, authority: Authority, dovecot: Dovecot) -> ProxyConfig:
    here = Target("127.0.0.1", dovecot.port)
    return ProxyConfig(
        tmp_path / "home",
        http_listen=None,
        socks_listen=Target("127.0.0.1", 0),
        mail_hosts=(NAMED,),
        upstream_ca=authority.certificate,
        resolve={
            Target(NAMED, 993): here,
            Target(NAMED, 995): Target("127.0.0.1", dovecot.pop3_port),
            Target("localhost", 993): here,
        },
    )


@contextmanager
def logged_in(proxy: Any, account: Account, **options: Any) -> Iterator[ImapThrough]:
    client = ImapThrough(proxy.port("socks"), NAMED, **{"trusted": root_file(proxy.config.home), **options})
    client.login(account.user, account.password)
    try:
        yield client
    finally:
        client.logout()


class PopThrough(poplib.POP3_SSL):
    """poplib with the proxy between it and the server."""

    def __init__(self, proxy: int, trust: ssl.SSLContext) -> None:
        self._proxy = proxy
        super().__init__(NAMED, context=trust, timeout=SECONDS)

    def _create_socket(self, timeout: float) -> ssl.SSLSocket:
        return self.context.wrap_socket(connect(self._proxy, self.host, self.port), server_hostname=self.host)


@contextmanager
def popping(proxy: Any, account: Account) -> Iterator[poplib.POP3]:
    client = PopThrough(
        proxy.port("socks"), ssl.create_default_context(cafile=str(root_file(proxy.config.home)))
    )
    client.user(account.user)
    client.pass_(account.password)
    try:
        yield client
    finally:
        client.quit()


# A client that looks names up itself asks for an address, and tells the name in its greeting alone.
@pytest.mark.parametrize("asked", [NAMED, "MAIL.Test", "192.0.2.7", "2001:db8::7"])
def test_mail_of_a_named_host_is_cleaned(
    config: ProxyConfig, account: Account, start_proxy: Start, asked: str
) -> None:
    account.deliver((letter := mail_with_click("socks")).raw)
    with start_proxy(config) as proxy:
        with logged_in(proxy, account, at=asked) as client:
            (mail,) = fetch_all(client)
        (message,) = proxy.recorded().find_messages([f"mid:{letter.message_id}"])
    assert not any(url in shown_texts(mail.raw) for url in letter.gone)
    assert len(mail.raw) == mail.size
    assert message.route == "imap"


def test_pop3_mail_of_a_named_host_is_cleaned(
    config: ProxyConfig, account: Account, start_proxy: Start
) -> None:
    account.deliver((letter := mail_with_click("socks-pop3")).raw)
    with start_proxy(config) as proxy:
        with popping(proxy, account) as client:
            raw = b"".join(line + b"\r\n" for line in client.retr(1)[1])
            assert client.list(1).split()[-1] == str(len(raw)).encode()
        (message,) = proxy.recorded().find_messages([f"mid:{letter.message_id}"])
    assert not any(url in shown_texts(raw) for url in letter.gone)
    assert message.route == "pop3"


def test_a_client_that_names_no_host_in_its_greeting_is_believed(
    config: ProxyConfig, start_proxy: Start
) -> None:
    with start_proxy(config) as proxy:
        trust = ssl.create_default_context(cafile=str(root_file(config.home)))
        trust.check_hostname = False
        with connect(proxy.port("socks"), NAMED, 993) as way, trust.wrap_socket(way) as secure:
            assert secure.recv(4) == b"* OK"
            assert ("DNS", NAMED) in secure.getpeercert()["subjectAltName"]


def test_every_other_host_keeps_its_own_certificate(
    config: ProxyConfig, authority: Authority, start_proxy: Start
) -> None:
    with start_proxy(config) as proxy:
        options = {"port": 993, "at": "localhost"}
        ImapThrough(proxy.port("socks"), "localhost", trusted=authority.certificate, **options).logout()
        with pytest.raises(ssl.SSLCertVerificationError):
            ImapThrough(proxy.port("socks"), "localhost", trusted=root_file(config.home), **options)


def test_a_greeting_to_another_host_than_the_one_asked_for_passes(
    config: ProxyConfig, authority: Authority, start_proxy: Start
) -> None:
    with start_proxy(config) as proxy:
        ImapThrough(proxy.port("socks"), "localhost", trusted=authority.certificate, at=NAMED).logout()


def test_a_greeting_in_single_octets_is_understood(config: ProxyConfig, start_proxy: Start) -> None:
    with start_proxy(config) as proxy:
        trust = ssl.create_default_context(cafile=str(root_file(config.home)))
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = trust.wrap_bio(incoming, outgoing, server_hostname=NAMED)
        with connect(proxy.port("socks"), NAMED, 993) as way:
            way.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                try:
                    client.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    for octet in outgoing.read():
                        way.sendall(bytes((octet,)))
                    incoming.write(way.recv(65536))
    assert client.version() == "TLSv1.3"


class Door:
    """The layer behind the SOCKS5 port, for a client that asked for an address on a port of mail."""

    def __init__(self) -> None:
        config = ProxyConfig(Path("unused"), mail_hosts=(NAMED,))
        mail = SocksMail(config, cast("Any", None), cast("Any", None), ())
        self.context = Context(tflow.tclient_conn(), Options())
        self.context.server = Server(address=("192.0.2.7", 993))
        self.layer = MailDoor(self.context, mail, Target("192.0.2.7", 993))

    def says(self, *pieces: bytes) -> list[str]:
        """What the client says makes these commands."""
        made = list(self.layer.handle_event(events.Start()))
        for piece in pieces:
            made += self.layer.handle_event(events.DataReceived(self.context.client, piece))
        return [type(command).__name__ for command in made]


@settings(deadline=None)
@given(st.binary(min_size=5, max_size=200))
@example(b"A1 LOGIN reader secret\r\n")
@example(b"\x16\x03\x01\x00\x00")
@example(b"\x16\x03\x01\x00\x08\x01\x00\x00\x04\x03\x03zz")
@example(b"\x16\x03\x01\x40\x00" + b"z" * 40_000)
def test_what_is_no_greeting_passes_or_is_waited_for(said: bytes) -> None:
    whole, pieces = Door(), Door()
    made = whole.says(said)
    assert made in ([], ["OpenConnection"])
    assert whole.context.server.address == ("192.0.2.7", 993)
    assert pieces.says(*(said[at : at + 1] for at in range(len(said)))) == made


@pytest.fixture
def greeter() -> Iterator[int]:
    """Serve a server that speaks first, and answers what it is told."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(SECONDS)

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"220 smtp.test\r\n")
                connection.sendall(b"250 " + connection.recv(100))

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.mark.parametrize("place", [Target("smtp.test", 587), Target("smtp.test", 25), Target(NAMED, 143)])
def test_a_server_that_speaks_first_is_heard(
    config: ProxyConfig, start_proxy: Start, greeter: int, place: Target
) -> None:
    where = dict(config.resolve) | {place: Target("127.0.0.1", greeter)}
    with (
        start_proxy(replace(config, resolve=where)) as proxy,
        connect(proxy.port("socks"), place.host, place.port) as way,
        way.makefile("rb") as lines,
    ):
        assert lines.readline() == b"220 smtp.test\r\n"
        way.sendall(b"EHLO x\r\n")
        assert lines.read() == b"250 EHLO x\r\n"


def test_mail_of_a_named_host_that_passes_is_told(
    config: ProxyConfig, start_proxy: Start, greeter: int, caplog: pytest.LogCaptureFixture
) -> None:
    where = {Target(NAMED, 143): Target("127.0.0.1", greeter)}
    with (
        start_proxy(replace(config, resolve=where)) as proxy,
        connect(proxy.port("socks"), NAMED, 143) as way,
        way.makefile("rb") as lines,
    ):
        way.sendall(b"EHLO x\r\n")
        assert lines.read() == b"220 smtp.test\r\n250 EHLO x\r\n"
    assert "mail of mail.test:143 passes untouched: set the mail program to TLS, port 993" in caplog.text


def test_mail_that_nobody_named_is_told_once(
    config: ProxyConfig, authority: Authority, start_proxy: Start, caplog: pytest.LogCaptureFixture
) -> None:
    with start_proxy(config) as proxy:
        for _ in range(2):
            client = ImapThrough(proxy.port("socks"), "localhost", trusted=authority.certificate)
            client.logout()
    assert caplog.text.count("mail of localhost:993 passes untouched") == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::ffff:127.0.0.1", "10.255.255.1", "a b"])
def test_addresses_near_us_are_refused(
    config: ProxyConfig, dovecot: Dovecot, start_proxy: Start, host: str
) -> None:
    with start_proxy(config) as proxy, pytest.raises(RefusedError) as refused:
        connect(proxy.port("socks"), host, dovecot.port)
    assert refused.value.errno == 4


def test_our_own_port_is_refused(config: ProxyConfig, start_proxy: Start) -> None:
    with start_proxy(config) as proxy, pytest.raises(RefusedError):
        connect(proxy.port("socks"), "127.0.0.1", proxy.port("socks"))


@pytest.mark.parametrize("command", [BIND, UDP_ASSOCIATE])
def test_only_connections_to_servers_are_made(config: ProxyConfig, start_proxy: Start, command: int) -> None:
    with start_proxy(config) as proxy, pytest.raises(RefusedError) as refused:
        connect(proxy.port("socks"), NAMED, 993, command=command)
    assert refused.value.errno == 7


def test_a_certificate_that_cannot_be_trusted_ends_with_a_reason(
    config: ProxyConfig, start_proxy: Start
) -> None:
    said = pytest.raises(ImapThrough.error, match=f"the certificate of {NAMED}:993 cannot be trusted")
    with start_proxy(replace(config, upstream_ca=None)) as proxy, said:
        ImapThrough(proxy.port("socks"), NAMED, trusted=root_file(config.home))


def test_a_certificate_for_another_host_ends_with_a_reason(config: ProxyConfig, start_proxy: Start) -> None:
    name = "imap.example.org"
    elsewhere = {Target(name, 993): config.resolve[Target(NAMED, 993)]}
    said = pytest.raises(ImapThrough.error, match=f"the certificate of {name}:993 .* no password was sent")
    with start_proxy(replace(config, mail_hosts=(name,), resolve=elsewhere)) as proxy, said:
        ImapThrough(proxy.port("socks"), name, trusted=root_file(config.home))


def test_a_server_that_is_not_there_ends_with_a_reason(config: ProxyConfig, start_proxy: Start) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = {Target(NAMED, 993): Target(*closed.getsockname())}
        said = pytest.raises(ImapThrough.error, match="cannot be reached")
        with start_proxy(replace(config, resolve=gone)) as proxy, said:
            ImapThrough(proxy.port("socks"), NAMED, trusted=root_file(config.home))


def test_the_check_is_answered_here_too(config: ProxyConfig, start_proxy: Start) -> None:
    host = "check.bothways.invalid"
    with start_proxy(config) as proxy:
        trust = ssl.create_default_context(cafile=str(root_file(config.home)))
        request = f"GET /{proxy.status.new_nonce()} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        with connect(proxy.port("socks"), host, 80) as plain:
            plain.sendall(request)
            assert plain.recv(100).startswith(b"HTTP/1.1 204")
        with trust.wrap_socket(connect(proxy.port("socks"), host, 443), server_hostname=host) as secure:
            secure.sendall(request)
            assert secure.recv(100).startswith(b"HTTP/1.1 204")


def test_a_further_host_is_told_to_be_trusted_anew(
    config: ProxyConfig, start_proxy: Start, caplog: pytest.LogCaptureFixture
) -> None:
    for hosts, told in (((NAMED,), False), ((NAMED,), False), ((NAMED, "imap.example.org"), True)):
        with start_proxy(replace(config, mail_hosts=hosts)):
            assert ("import" in caplog.text) is told
    assert str(root_file(config.home)) in caplog.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("imap.example.org:993", "name the host alone"),
        ("192.0.2.7", "by name"),
        ("[2001:db8::7]", "by name"),
        ("imap example", "not a host name"),
        ("", "not a host name"),
    ],
)
def test_what_is_no_name_of_a_mail_server_is_said(text: str, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        parse_mail_host(text)


def test_mail_programs_find_the_port_on_this_machine_only() -> None:
    assert parse_mail_host("IMAP.Example.org.") == "imap.example.org"
    assert parse_socks_listen("localhost:1080") == Target("127.0.0.1", 1080)
    for text in ("0.0.0.0:1080", "192.0.2.7:1080"):
        with pytest.raises(SpecError, match="on this machine"):
            parse_socks_listen(text)


def test_a_mail_host_on_the_users_own_network_is_reached_on_its_mail_ports_alone() -> None:
    named = ProxyConfig(Path("unused"), mail_hosts=("mail.corp.test",)).named_targets
    assert {target.port for target in named} == {465, 587, 993, 995}
