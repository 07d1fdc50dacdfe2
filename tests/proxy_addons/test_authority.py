"""The proxy's own authority: who believes what it signs, and how long the same one stays."""

import ipaddress
import socket
import ssl
import stat
import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bothways_proxy.authority import LIFE, ensure_authority, read_authority, root_file
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from mitmproxy.certs import CertStore
from testbed.chromium import trust as trusting
from testbed.processes import run_to_end

NAMED = ("imap.example.org", "check.bothways.invalid")
NOW = datetime(2026, 11, 22, tzinfo=UTC)

type Openssl = Callable[[Path, Path, str], str]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    ensure_authority(tmp_path, NAMED)
    return tmp_path


def sign(home: Path, *names: x509.GeneralName) -> tuple[Path, Path]:
    """Let mitmproxy sign for these names; a server's chain with its key, and the root alone."""
    store = CertStore.from_store(home / "ca", "mitmproxy", 2048)
    entry = store.get_cert(str(names[0].value), list(names))
    assert entry.chain_file is not None
    path = home / "server.pem"
    path.write_bytes(entry.cert.to_pem() + entry.chain_file.read_bytes())
    return path, root_file(home)


def signed_for(home: Path, host: str) -> tuple[Path, Path]:
    return sign(home, x509.DNSName(host))


def greet(server: Path, trust: ssl.SSLContext, host: str) -> None:
    """Shake hands with a server that has this chain, as a client with this trust."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(server)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            serving.wrap_socket(theirs, server_side=True).close()
        except OSError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        trust.wrap_socket(ours, server_hostname=host).close()
    finally:
        ours.close()
        thread.join()


@pytest.fixture
def openssl(require_debian: Callable[..., None]) -> Callable[[Path, Path, str], str]:
    """Give `openssl(server, root, host)`: its verdict about a server's chain."""
    require_debian("openssl")
    return openssl_says


def openssl_says(server: Path, root: Path, host: str) -> str:
    words = ["-CAfile", root, "-untrusted", server, "-purpose", "sslserver", "-verify_hostname", host]
    done = run_to_end(["openssl", "verify", "-x509_strict", *words, server], check=False)
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("host", ["imap.example.org", "check.bothways.invalid"])
def test_a_named_host_is_believed(home: Path, host: str, openssl: Openssl) -> None:
    server, root = signed_for(home, host)
    trust = ssl.create_default_context(cafile=str(root))
    trust.verify_flags |= ssl.VERIFY_X509_STRICT
    greet(server, trust, host)
    assert ": OK" in openssl(server, root, host)


@pytest.mark.parametrize("host", ["bank.example", "example.org", "imap.example.org.evil.test"])
def test_no_other_host_is_believed(home: Path, host: str, openssl: Openssl) -> None:
    server, root = signed_for(home, host)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        greet(server, ssl.create_default_context(cafile=str(root)), host)
    assert "permitted subtree violation" in openssl(server, root, host)


@pytest.mark.parametrize("address", ["192.0.2.7", "127.0.0.1", "::1"])
def test_no_address_is_believed(home: Path, address: str) -> None:
    server, root = sign(home, x509.IPAddress(ipaddress.ip_address(address)))
    with pytest.raises(ssl.SSLCertVerificationError, match="excluded subtree violation"):
        greet(server, ssl.create_default_context(cafile=str(root)), address)


def test_nss_believes_the_named_hosts_and_no_other(home: Path, require_debian: Callable[..., None]) -> None:
    require_debian("libnss3-tools")
    trusting(home / "nss", root_file(home))
    verdicts = {}
    for host in ("imap.example.org", "bank.example"):
        server, _ = signed_for(home, host)
        chain = [home / f"{host}-{number}.der" for number in range(2)]
        for path, certificate in zip(
            chain, x509.load_pem_x509_certificates(server.read_bytes()), strict=False
        ):
            path.write_bytes(certificate.public_bytes(Encoding.DER))
        words = ["-d", f"sql:{home / 'nss'}", "-pp", "-u", "1", *chain]
        done = run_to_end(["vfychain", *words], check=False)
        verdicts[host] = done.stdout + done.stderr
    assert b"Chain is good!" in verdicts["imap.example.org"]
    assert b"Chain is bad!" in verdicts["bank.example"]


def test_only_its_owner_can_read_it_and_the_roots_key_is_nowhere(home: Path) -> None:
    folder = home / "ca"
    assert {path.name for path in folder.iterdir()} == {"bothways-root.crt", "mitmproxy-ca.pem"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "mitmproxy-ca.pem").stat().st_mode) == 0o600
    root = x509.load_pem_x509_certificate(root_file(home).read_bytes())
    octets = (folder / "mitmproxy-ca.pem").read_bytes()
    assert octets.count(b"PRIVATE KEY-----") == 2  # begin and end of one
    assert load_pem_private_key(octets, None).public_key() != root.public_key()


def test_it_stays_while_it_covers_what_is_named(home: Path) -> None:
    first = root_file(home).read_bytes()
    for hosts in (NAMED, NAMED[:1], ("a.imap.example.org",)):
        authority, replaced = ensure_authority(home, hosts)
        assert (root_file(home).read_bytes(), replaced) == (first, False)
    assert sorted(authority.hosts) == sorted(NAMED)
    assert authority == read_authority(home)


def test_a_further_host_needs_a_new_root_that_covers_the_old_ones_too(home: Path, openssl: Openssl) -> None:
    first = read_authority(home)
    second, replaced = ensure_authority(home, ["pop.example.org"])
    assert replaced
    assert first is not None
    assert first.fingerprint != second.fingerprint
    assert sorted(second.hosts) == sorted((*NAMED, "pop.example.org"))
    server, root = signed_for(home, "imap.example.org")
    assert ": OK" in openssl(server, root, "imap.example.org")


def test_a_webmail_at_an_address_is_covered_and_no_other_address(tmp_path: Path) -> None:
    ensure_authority(tmp_path, ["192.0.2.7", "mail.example.org"])
    root = x509.load_pem_x509_certificate(root_file(tmp_path).read_bytes())
    for address in ("192.0.2.7", "192.0.2.8", "2001:db8::1"):
        name = x509.IPAddress(ipaddress.ip_address(address))
        leaf, *above = x509.load_pem_x509_certificates(sign(tmp_path, name)[0].read_bytes())
        # As browsers do, this looks at the alternative names alone.
        verifier = PolicyBuilder().store(Store([root])).build_server_verifier(name)
        allowed = nullcontext() if address == "192.0.2.7" else pytest.raises(VerificationError)
        with allowed:
            verifier.verify(leaf, above)


def test_one_that_is_about_to_end_is_made_anew_for_what_is_named_now(tmp_path: Path) -> None:
    first, _ = ensure_authority(tmp_path, NAMED, NOW)
    assert first.until == NOW + LIFE
    assert ensure_authority(tmp_path, NAMED[:1], NOW + LIFE - timedelta(days=40)) == (first, False)
    second, replaced = ensure_authority(tmp_path, NAMED[:1], NOW + LIFE - timedelta(days=20))
    assert (second.hosts, replaced) == (NAMED[:1], True)


@pytest.mark.parametrize("octets", [b"", b"x", b"-----BEGIN CERTIFICATE-----\n"])
def test_a_damaged_one_is_made_anew(home: Path, octets: bytes) -> None:
    (home / "ca" / "mitmproxy-ca.pem").write_bytes(octets)
    assert read_authority(home) is None
    authority, replaced = ensure_authority(home, NAMED)
    assert (sorted(authority.hosts), replaced) == (sorted(NAMED), True)


def test_one_that_may_speak_for_everybody_is_not_taken(tmp_path: Path) -> None:
    CertStore.create_store(tmp_path / "ca", "mitmproxy", 2048)
    assert read_authority(tmp_path) is None
    assert sorted(ensure_authority(tmp_path, NAMED)[0].hosts) == sorted(NAMED)


def test_the_file_to_import_comes_back(home: Path) -> None:
    before = root_file(home).read_bytes()
    root_file(home).unlink()
    assert ensure_authority(home, NAMED)[1] is False
    assert root_file(home).read_bytes() == before
