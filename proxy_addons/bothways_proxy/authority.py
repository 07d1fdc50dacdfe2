"""The proxy's own certificate authority: it can speak for the hosts that the user named, and for no other.

A client whose TLS we open must trust a certificate of ours; whoever steals the key behind it could play any
server to that client. So there are two. The root, which clients trust, signs once: its key is gone before
anything is written. The one below it signs for single servers and its key is kept; both say which hosts they
may name (RFC 5280, 4.2.1.10, critical), so that a client refuses every other one.

A further host needs a new root, which clients must be told to trust anew: the key that could widen the old
one is gone. All of it lies in a folder that only its owner can enter; mitmproxy reads key and chain there.
"""

import ipaddress
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = timedelta(days=2 * 365)
RENEWED_BEFORE = timedelta(days=30)
"""How long before its end an authority is made anew, at a start."""
# A client's clock may be a little slow.
_BACKDATED = timedelta(days=2)
_SIGNING = "mitmproxy-ca.pem"
_EVERY_ADDRESS = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, slots=True)
class Authority:
    """What a user needs to know of it: the file to import, how to recognise it, whom it may speak for."""

    root: Path
    fingerprint: str
    """SHA-256 of the root, in the spelling of certificate viewers: `AB:CD:...`."""
    hosts: tuple[str, ...]
    until: datetime

    def covers(self, host: str) -> bool:
        """Whether it can speak for a host: one that is named, or one below it (RFC 5280, 4.2.1.10)."""
        return any(host == named or host.endswith(f".{named}") for named in self.hosts)


def authority_folder(home: Path) -> Path:
    """Where the authority of a home folder lies."""
    return home / "ca"


def root_file(home: Path) -> Path:
    """The certificate that clients must trust."""
    return authority_folder(home) / "bothways-root.crt"


def ensure_authority(home: Path, hosts: Iterable[str], now: datetime | None = None) -> tuple[Authority, bool]:
    """Give the authority for these hosts, and whether another one that clients may trust had to go.

    The one that is there stays while it covers them all and has not almost ended. A new one for a further
    host keeps the hosts of the one before. Raises OSError where the folder cannot be written.
    """
    now = now or datetime.now(UTC)
    known, wanted = read_authority(home), set(hosts)
    lives = known is not None and known.until - now > RENEWED_BEFORE
    if known is None or not lives or not all(map(known.covers, wanted)):
        _make(home, wanted.union(known.hosts) if known is not None and lives else wanted, now)
    replaced = _hand_out_root(home)
    authority = read_authority(home)
    assert authority is not None
    return authority, replaced


def read_authority(home: Path) -> Authority | None:
    """Give the authority that is there; None where there is none, or something that is not whole."""
    try:
        octets = (authority_folder(home) / _SIGNING).read_bytes()
        key = load_pem_private_key(octets, None)
        signing, root = x509.load_pem_x509_certificates(octets)
        signing.verify_directly_issued_by(root)
        hosts, whole = _permitted(signing), key.public_key() == signing.public_key()
        whole = whole and hosts == _permitted(root)
    except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return None
    if not whole:
        return None
    until = min(root.not_valid_after_utc, signing.not_valid_after_utc)
    return Authority(root_file(home), root.fingerprint(hashes.SHA256()).hex(":").upper(), hosts, until)


def _hand_out_root(home: Path) -> bool:
    """Lay the root in a file that users find by its name; tell whether another one lay there."""
    root = x509.load_pem_x509_certificates((authority_folder(home) / _SIGNING).read_bytes())[-1]
    pem, path = root.public_bytes(Encoding.PEM), root_file(home)
    before = path.read_bytes() if path.exists() else None
    if before != pem:
        _write(path, pem)
    return before not in {None, pem}


def _make(home: Path, hosts: Iterable[str], now: datetime) -> None:
    # Two roots of one name confuse those who look a certificate's issuer up by its name.
    title = f"Bothways {now:%Y-%m-%d} {secrets.token_hex(4)}"
    constraints = _constraints(sorted(set(hosts)))
    root_key, signing_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, signing_name = _name(title), _name(f"{title} (named hosts only)")
    root = (
        _builder(root_name, root_key.public_key(), now, 1)
        .issuer_name(root_name)
        .add_extension(constraints, critical=True)
        .sign(root_key, hashes.SHA256())
    )
    issuer = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
    signing = (
        _builder(signing_name, signing_key.public_key(), now, 0)
        .issuer_name(root_name)
        .add_extension(constraints, critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    private = signing_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain = b"".join(certificate.public_bytes(Encoding.PEM) for certificate in (signing, root))
    folder = authority_folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(folder / _SIGNING, private + chain)


def _name(title: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, path_length: int
) -> x509.CertificateBuilder:
    """Begin a certificate that may sign certificates of servers, and nothing else."""
    purposes = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **purposes), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _constraints(hosts: Iterable[str]) -> x509.NameConstraints:
    """Permit the hosts. Where no address is permitted, all are excluded: unsaid, they would be free."""
    permitted = [_subtree(host) for host in hosts]
    if any(isinstance(name, x509.IPAddress) for name in permitted):
        return x509.NameConstraints(permitted, excluded_subtrees=None)
    networks = [x509.IPAddress(ipaddress.ip_network(network)) for network in _EVERY_ADDRESS]
    return x509.NameConstraints(permitted, excluded_subtrees=networks)


def _subtree(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_network(host))
    except ValueError:
        return x509.DNSName(host)


def _permitted(certificate: x509.Certificate) -> tuple[str, ...]:
    """Read the hosts back; ValueError where a certificate is not constrained the way ours are."""
    found = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    subtrees = found.value.permitted_subtrees or ()
    hosts = tuple(str(name.value).removesuffix("/32").removesuffix("/128") for name in subtrees)
    if not found.critical or found.value != _constraints(hosts):
        raise ValueError("not constrained to hosts")
    return hosts


def _write(path: Path, octets: bytes) -> None:
    """Write a file whole or not at all, for its owner alone."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(octets)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
