"""What a user tells the proxy, read from text into values; errors name the bad text and what is right."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from bothways.settings import AS_SHIPPED, Settings

IMAP_PORT = 143
IMAPS_PORT = 993
POP3_PORT = 110
POP3S_PORT = 995
SUBMISSION_PORTS = (465, 587)
IMAP_LISTEN_PORT = 1143
POP3_LISTEN_PORT = 1110
HTTP_PORT = 80
HTTPS_PORT = 443
HTTP_LISTEN_PORT = 8080
SOCKS_LISTEN_PORT = 1080
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_AUTHORITY = re.compile(r"(\[[^\[\]]+\]|[^:\[\]]+)(?::(\d{1,5}))?")
_PLAIN = "plain:"
_RESOLVE = re.compile(r"(\[[^\[\]]+\]|[^:\[\]]+):(\d{1,5}):(\[[^\[\]]+\]|[^:\[\]]+)(?::(\d{1,5}))?")


class SpecError(ValueError):
    """A text that names no host or port in the form asked for; `str()` is a sentence for the user."""


class Target(NamedTuple):
    """A host name or address, in the one spelling used for comparing, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


HTTP_LISTEN = Target("127.0.0.1", HTTP_LISTEN_PORT)
IMAP_LISTEN = Target("127.0.0.1", IMAP_LISTEN_PORT)
POP3_LISTEN = Target("127.0.0.1", POP3_LISTEN_PORT)
SOCKS_LISTEN = Target("127.0.0.1", SOCKS_LISTEN_PORT)


@dataclass(frozen=True, slots=True)
class UpstreamSpec:
    """A mail server, and where a client on this machine finds it; `plain`: it is reached without TLS."""

    server: Target
    listen: Target
    plain: bool = False

    def __str__(self) -> str:
        return f"{_PLAIN if self.plain else ''}{self.server}@{self.listen}"

    @property
    def exposed(self) -> bool:
        """Whether passwords and mail leave this machine unencrypted."""
        return self.plain and not _is_loopback(self.server.host)


@dataclass(frozen=True, slots=True)
class ProxyConfig:
    """All that `run_proxy` needs to know.

    `webmail` are the hosts whose TLS is opened and whose pages are cleaned, `mail_hosts` those whose mail is
    opened on its way through the SOCKS5 port. A private address is only reached under a name and port in
    `imap`, `pop3`, `webmail`, `allowed_targets` or `resolve`, which says where a name is, and on the mail
    ports of `mail_hosts`.
    `own_listeners` are other ports of this program, which nobody reaches through the proxy. `settings` say
    what is done about what is found in mail.
    """

    home: Path
    http_listen: Target | None = HTTP_LISTEN
    imap: tuple[UpstreamSpec, ...] = ()
    pop3: tuple[UpstreamSpec, ...] = ()
    webmail: tuple[Target, ...] = ()
    socks_listen: Target | None = None
    mail_hosts: tuple[str, ...] = ()
    upstream_ca: Path | None = None
    allowed_targets: frozenset[Target] = frozenset()
    resolve: Mapping[Target, Target] = field(default_factory=dict)
    own_listeners: frozenset[Target] = frozenset()
    settings: Settings = AS_SHIPPED

    @property
    def named_targets(self) -> frozenset[Target]:
        """Every host and port that the user named."""
        servers = {spec.server for spec in (*self.imap, *self.pop3)}
        ports = (IMAPS_PORT, POP3S_PORT, *SUBMISSION_PORTS)
        mail = {Target(host, port) for host in self.mail_hosts for port in ports}
        return self.allowed_targets | servers | mail | frozenset(self.webmail) | frozenset(self.resolve)


def normal_host(host: str) -> str:
    """Spell a host name or address the one way that is used for comparing. Raises SpecError."""
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    try:
        name = (
            bare.rstrip(".").lower().encode("idna").decode("ascii")
            if not bare.isascii()
            else bare.rstrip(".").lower()
        )
    except UnicodeError:
        name = ""
    if host != bare or not _HOST.fullmatch(name):
        raise SpecError(f"{host!r} is not a host name or an address")
    return name


def parse_target(text: str, default_port: int | None = None) -> Target:
    """Read `HOST:PORT`, or `HOST` where there is a default; IPv6 stands in brackets. Raises SpecError."""
    found = _AUTHORITY.fullmatch(text.strip())
    if found is None or (found[2] is None and default_port is None):
        raise SpecError(f"{text!r} is not HOST:PORT" + ("" if default_port is None else " or HOST"))
    return Target(normal_host(found[1]), _port(found[2]) if found[2] else int(default_port or 0))


def parse_imap_spec(text: str) -> UpstreamSpec:
    """Read `[plain:]HOST[:PORT][@LISTEN:PORT]`. Raises SpecError."""
    return _parse_mail_spec(text, "IMAP", IMAPS_PORT, IMAP_PORT, IMAP_LISTEN)


def parse_pop3_spec(text: str) -> UpstreamSpec:
    """Read `[plain:]HOST[:PORT][@LISTEN:PORT]`. Raises SpecError."""
    return _parse_mail_spec(text, "POP3", POP3S_PORT, POP3_PORT, POP3_LISTEN)


def _parse_mail_spec(
    text: str, protocol: str, tls_port: int, plain_port: int, listen: Target
) -> UpstreamSpec:
    server_text, separator, listen_text = text.strip().partition("@")
    plain = server_text.lower().startswith(_PLAIN)
    server_text = server_text[len(_PLAIN) :] if plain else server_text
    server = parse_target(server_text, plain_port if plain else tls_port)
    if server.port == 0:
        raise SpecError(f"{text!r}: a mail server has no port 0")
    if server.port == plain_port and not plain:
        raise SpecError(
            f"{text!r}: port {plain_port} is {protocol} without TLS; name the server's TLS port, as a rule "
            f"{tls_port}, or write {_PLAIN}{server} if nobody else can listen on the way there"
        )
    if server.port == tls_port and plain:
        raise SpecError(f"{text!r}: port {tls_port} is {protocol} inside TLS; leave {_PLAIN!r} out")
    listen = parse_target(listen_text) if separator else listen
    return UpstreamSpec(server, _on_loopback(listen, "passwords cross this port in the clear"), plain)


def parse_http_listen(text: str) -> Target:
    """Read the `HOST:PORT` on which browsers find the proxy. Raises SpecError."""
    return _on_loopback(parse_target(text), "whoever reaches this port goes out as this machine")


def parse_socks_listen(text: str) -> Target:
    """Read the `HOST:PORT` on which mail programs find the SOCKS5 proxy. Raises SpecError."""
    return _on_loopback(parse_target(text), "whoever reaches this port goes out as this machine")


def parse_mail_host(text: str) -> str:
    """Read the name of a mail server, as the mail program has it. Raises SpecError."""
    if re.search(r":\d+\Z", text):
        raise SpecError(f"{text!r}: name the host alone; its ports {IMAPS_PORT} and {POP3S_PORT} are opened")
    host = normal_host(text.strip())
    if _is_address(host):
        raise SpecError(f"{text!r}: a mail program knows its server by name; give that name")
    return host


def parse_resolve(text: str) -> tuple[Target, Target]:
    """Read `HOST:PORT:ADDRESS[:PORT]`, as curl's --resolve: where a host really is. Raises SpecError."""
    found = _RESOLVE.fullmatch(text.strip())
    if found is None:
        raise SpecError(f"{text!r} is not HOST:PORT:ADDRESS or HOST:PORT:ADDRESS:PORT")
    named = Target(normal_host(found[1]), _port(found[2]))
    address = normal_host(found[3])
    if not _is_address(address):
        raise SpecError(f"{text!r}: {found[3]!r} is not an address")
    return named, Target(address, _port(found[4]) if found[4] else named.port)


def _port(text: str) -> int:
    if int(text) > 65535:
        raise SpecError(f"{text} is not a port: they end at 65535")
    return int(text)


def _on_loopback(listen: Target, why: str) -> Target:
    host = "127.0.0.1" if listen.host == "localhost" else listen.host
    if not _is_loopback(host):
        raise SpecError(f"{listen}: {why}, so it must be on this machine (127.0.0.1)")
    return Target(host, listen.port)


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
