"""The real proxy as a browser uses it: whose TLS is opened, what is answered here, what is refused."""

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from bothways_proxy import ProxyConfig, Target, parse_imap_spec
from bothways_proxy.authority import root_file
from bothways_proxy.master import StartError, _options
from bothways_proxy.open_attempts import PIXEL
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store
from testbed.authority import Authority
from testbed.processes import SECONDS
from testbed.socks import connect
from testbed.tracker import Website, run_website

OPEN = "/track/open.php?u=30489975&id=f2ab9c4f7c4e4b1fa2f6e3c1a2b3c4d5"
ENVIRONMENT = json.dumps({"action": "show", "uid": "7", "mailbox": "INBOX", "sender": "s@vendor.test"})
PAGE = f'<script>set_env({ENVIRONMENT})</script><div class="message-htmlpart"><p>Hi</p>%s</div>'
IMAGE = f'<img src="https://mandrillapp.com{OPEN.replace("&", "&amp;")}" width="1" height="1">'

type Start = Callable[[ProxyConfig], AbstractContextManager[Any]]


class _Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = (PAGE % IMAGE).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def webmail(authority: Authority) -> Iterator[Target]:
    """Serve a page as Roundcube's on https; give where."""
    certificate = authority.issue("page", ["webmail.test"])
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate.chain, certificate.key)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield Target("webmail.test", server.server_address[1])
        server.shutdown()
        thread.join()


@pytest.fixture
def shop(authority: Authority) -> Iterator[Website]:
    with run_website(["www.shop.test"], authority.issue("shop", ["www.shop.test"])) as website:
        yield website


@pytest.fixture
def config(tmp_path: Path, authority: Authority, shop: Website) -> ProxyConfig:
    places = {
        Target("www.shop.test", port): Target("127.0.0.1", port) for port in (shop.http_port, shop.https_port)
    }
    return ProxyConfig(
        tmp_path / "home", Target("127.0.0.1", 0), upstream_ca=authority.certificate, resolve=places
    )


def ask(proxy: Any, url: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    """Send one plain request to the proxy."""
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port("http"), timeout=SECONDS)
    try:
        connection.request(method, url, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def ask_tls(proxy: Any, target: Target, trusted: Path, *paths: str) -> list[tuple[int, bytes]]:
    """Send requests through one tunnel, trusting one authority."""
    trust = ssl.create_default_context(cafile=str(trusted))
    connection = http.client.HTTPSConnection("127.0.0.1", proxy.port("http"), timeout=SECONDS, context=trust)
    connection.set_tunnel(target.host, target.port)
    answers = []
    try:
        for path in paths:
            connection.request("GET", path)
            answer = connection.getresponse()
            answers.append((answer.status, answer.read()))
    finally:
        connection.close()
    return answers


def own_authority(config: ProxyConfig) -> Path:
    return root_file(config.home)


def test_a_named_webmails_page_is_cleaned_and_noted(
    config: ProxyConfig, webmail: Target, start_proxy: Start
) -> None:
    where = dict(config.resolve) | {webmail: Target("127.0.0.1", webmail.port)}
    named = replace(config, webmail=(webmail,), resolve=where)
    with start_proxy(named) as proxy:
        answers = ask_tls(proxy, webmail, own_authority(config), "/?_action=show", "/?_action=show")
        (message,) = proxy.recorded().find_messages([f"web:{webmail}/-/INBOX/7"])
    assert answers == [(200, (PAGE % "").encode())] * 2
    assert message.views == 2
    assert len(message.findings) == 1


def test_a_webmail_at_an_address_has_a_certificate_that_browsers_believe(
    config: ProxyConfig, webmail: Target, start_proxy: Start
) -> None:
    named = Target("127.0.0.2", webmail.port)
    where = dict(config.resolve) | {named: Target("127.0.0.1", webmail.port)}
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    with start_proxy(replace(config, webmail=(named,), resolve=where)) as proxy:
        connection = http.client.HTTPSConnection(
            "127.0.0.1", proxy.port("http"), timeout=SECONDS, context=trust
        )
        connection.set_tunnel(named.host, named.port)
        connection.connect()
        leaf = x509.load_der_x509_certificate(connection.sock.getpeercert(binary_form=True))
        connection.close()
    chain = x509.load_pem_x509_certificates((config.home / "ca" / "mitmproxy-ca.pem").read_bytes())
    # As browsers do, this looks at the alternative names alone.
    name = x509.IPAddress(ipaddress.ip_address(named.host))
    PolicyBuilder().store(Store(chain[1:])).build_server_verifier(name).verify(leaf, chain[:1])


def test_a_named_webmails_page_is_cleaned_through_the_socks_port_too(
    config: ProxyConfig, webmail: Target, start_proxy: Start
) -> None:
    where = dict(config.resolve) | {webmail: Target("127.0.0.1", webmail.port)}
    any_port = Target("127.0.0.1", 0)
    with start_proxy(replace(config, webmail=(webmail,), resolve=where, socks_listen=any_port)) as proxy:
        trust = ssl.create_default_context(cafile=str(own_authority(config)))
        way = connect(proxy.port("socks"), webmail.host, webmail.port)
        with trust.wrap_socket(way, server_hostname=webmail.host) as secure:
            secure.sendall(f"GET /?_action=show HTTP/1.1\r\nHost: {webmail}\r\n\r\n".encode())
            answer = http.client.HTTPResponse(secure)
            answer.begin()
            assert answer.read() == (PAGE % "").encode()


def test_every_other_host_keeps_its_own_certificate(
    config: ProxyConfig, authority: Authority, shop: Website, start_proxy: Start
) -> None:
    target = Target("www.shop.test", shop.https_port)
    with start_proxy(config) as proxy:
        answers = ask_tls(proxy, target, authority.certificate, "/logo", "/landing")
        with pytest.raises(ssl.SSLCertVerificationError):
            ask_tls(proxy, target, own_authority(config), "/logo")
    assert [status for status, _ in answers] == [200, 200]
    assert shop.visits.connections == 2


def test_an_open_pixel_over_http_is_answered_here(config: ProxyConfig, start_proxy: Start) -> None:
    with start_proxy(config) as proxy:
        assert ask(proxy, f"http://mandrillapp.com{OPEN}") == (200, PIXEL)
        assert ask(proxy, f"http://mandrillapp.com{OPEN}", "HEAD") == (200, b"")


def test_other_requests_reach_their_server(config: ProxyConfig, shop: Website, start_proxy: Start) -> None:
    with start_proxy(config) as proxy:
        status, body = ask(proxy, f"http://www.shop.test:{shop.http_port}/logo")
    assert (status, body[:4]) == (200, b"\x89PNG")
    assert shop.visits.hits[0].headers["Host"] == f"www.shop.test:{shop.http_port}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_addresses_of_this_machine_are_refused(
    config: ProxyConfig, shop: Website, start_proxy: Start, host: str
) -> None:
    with start_proxy(config) as proxy:
        status, _ = ask(proxy, f"http://{host}:{shop.http_port}/logo")
    assert status == 502
    assert shop.visits.connections == 0


def test_the_check_is_answered_on_both_schemes(config: ProxyConfig, start_proxy: Start) -> None:
    check = Target("check.bothways.invalid", 443)
    with start_proxy(config) as proxy:
        nonce = proxy.status.new_nonce()
        assert ask(proxy, f"http://{check.host}/{nonce}") == (204, b"")
        assert ask_tls(proxy, check, own_authority(config), f"/{nonce}", "/x") == [(204, b""), (502, b"")]


def test_a_taken_port_is_named(config: ProxyConfig, start_proxy: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = Target("127.0.0.1", other.getsockname()[1])
        with (
            pytest.raises(StartError, match=f"{taken} is taken"),
            start_proxy(replace(config, http_listen=taken)),
        ):
            pass


def test_an_address_of_another_machine_is_no_place_to_listen(config: ProxyConfig, start_proxy: Start) -> None:
    elsewhere = replace(config, http_listen=Target("192.0.2.1", 0))
    with pytest.raises(StartError, match="name an address of this machine"), start_proxy(elsewhere):
        pass


@pytest.mark.parametrize("octets", [b"", b"not a certificate\n", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_without_authorities_is_refused(
    config: ProxyConfig, start_proxy: Start, tmp_path: Path, octets: bytes
) -> None:
    file = tmp_path / "authorities.pem"
    file.write_bytes(octets)
    with pytest.raises(StartError, match="no certificate in PEM form"):
        start_proxy(replace(config, upstream_ca=file)).__enter__()


def test_one_port_for_two_listeners_is_refused(config: ProxyConfig, start_proxy: Start) -> None:
    twice = (parse_imap_spec("a.example"), parse_imap_spec("b.example"))
    with pytest.raises(StartError, match="2 listeners"), start_proxy(replace(config, imap=twice)):
        pass


def test_nothing_of_the_users_own_mitmproxy_is_read(
    config: ProxyConfig, start_proxy: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "user" / ".mitmproxy"
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text("listen_port: 1\nmode: [socks5]\n")
    monkeypatch.setenv("HOME", str(folder.parent))
    with start_proxy(config) as proxy:
        assert [line.split()[1] for line in proxy.lines] == ["http"]
        assert proxy.status.listeners == (f"http 127.0.0.1:{proxy.port('http')}",)
    assert [path.name for path in folder.iterdir()] == ["config.yaml"]
    assert proxy.status.listeners == ()


def test_a_client_that_waits_for_news_is_not_cut_off(config: ProxyConfig) -> None:
    # IDLE is asked for anew after 29 minutes at the latest (RFC 9051, 6.3.13).
    assert _options(replace(config, upstream_ca=None))["tcp_timeout"] > 29 * 60 + 120
