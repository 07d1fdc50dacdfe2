"""The SOCKS5 port: mail of the hosts that the user named is opened and cleaned, all else passes untouched.

A mail program that signs in with OAuth2, or insists on its server's real name, keeps name, port and TLS and
goes out through here. TLS of a named host is opened on the two ports where mail is inside TLS from the first
octet (RFC 8314); named webmails are opened as through the HTTP proxy. Mail that is being sent passes, and so
does TLS that begins in the middle of a dialogue (STARTTLS).
"""

import ipaddress
import logging
from collections.abc import Collection
from typing import Literal, cast

from bothways.wire.pop3 import Pop3Engine
from mitmproxy import ctx
from mitmproxy.connection import Address
from mitmproxy.proxy import commands, events, layer, mode_servers, mode_specs
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import ClientTLSLayer, ServerTLSLayer, TCPLayer
from mitmproxy.proxy.layers.modes import Socks5Proxy
from mitmproxy.proxy.layers.tls import parse_client_hello

from bothways_proxy.config import (
    IMAP_PORT,
    IMAPS_PORT,
    POP3_PORT,
    POP3S_PORT,
    ProxyConfig,
    SpecError,
    Target,
    normal_host,
)
from bothways_proxy.imap_mail import ImapMail
from bothways_proxy.mail_layer import MailLayer
from bothways_proxy.pop3_mail import Pop3Mail

logger = logging.getLogger(__name__)

_OPENED_PORTS = {IMAPS_PORT, POP3S_PORT}
_STARTTLS_PORTS = {IMAP_PORT: IMAPS_PORT, POP3_PORT: POP3S_PORT}
_MAIL_PORTS = _OPENED_PORTS | set(_STARTTLS_PORTS)
_MOST_TOLD = 100
# A ClientHello has two kilobytes at most, also with keys that withstand a quantum computer.
_LONGEST_HELLO = 1 << 15


class SocksMode(mode_specs.ProxyMode):
    """`socks`; mitmproxy's own `socks5` guesses what comes, and waits in vain where a server speaks first."""

    description = "SOCKS5 proxy for mail programs"
    transport_protocol: Literal["tcp"] = "tcp"
    default_port = 1080

    def __post_init__(self) -> None:
        if self.data:
            raise ValueError("this mode takes no arguments")


class SocksInstance(mode_servers.AsyncioServerInstance[SocksMode]):
    """A listener of this mode."""

    def make_top_layer(self, context: Context) -> layer.Layer:
        """Ask where the client wants to go."""
        return SocksLayer(context, cast("SocksMail", ctx.master.addons.get("socksmail")))


class SocksMail:
    """An addon that knows what is opened through the SOCKS5 port; `pages` are the webmails."""

    def __init__(
        self, config: ProxyConfig, imap: ImapMail, pop3: Pop3Mail, pages: Collection[Target]
    ) -> None:
        self._hosts = frozenset(config.mail_hosts)
        self._imap = imap
        self._pop3 = pop3
        self._pages = frozenset(pages)
        self._told: set[Target] = set()

    def is_page(self, target: Target) -> bool:
        """Whether a webmail may be there."""
        return target in self._pages

    def may_be_mail(self, target: Target) -> bool:
        """Whether mail may be there that is to be cleaned: behind an address may stand any host."""
        named = target.host in self._hosts
        if named and target.port in _STARTTLS_PORTS:
            self._tell(target, f"set the mail program to TLS, port {_STARTTLS_PORTS[target.port]}")
        elif not named and not is_address(target.host) and target.port in _MAIL_PORTS:
            self._tell(target, f"it is cleaned where `bothways run` has --mail-host {target.host}")
        return (named or is_address(target.host)) and target.port in _OPENED_PORTS

    def _tell(self, target: Target, advice: str) -> None:
        """Say once what the user may take for cleaned."""
        if target not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(target)
            logger.warning("mail of %s passes untouched: %s", target, advice)

    def named_host(self, target: Target, hello: str | None) -> str | None:
        """Give the named host that a client wants to talk to; None where it is another one."""
        asked = normal_name(hello) if hello else target.host
        same = asked == target.host or is_address(target.host)
        return asked if same and asked in self._hosts else None

    def make_layer(self, context: Context, host: str) -> layer.Layer:
        """Open TLS on both sides, verified towards the server, and put the engine between."""
        port = context.server.address[1] if context.server.address else IMAPS_PORT
        context.server.address = (host, port)
        context.server.sni = host
        outer = ServerTLSLayer(context)
        inner = outer.child_layer = ClientTLSLayer(context)
        inner.child_layer = self._make_mail_layer(context, host, port)
        return outer

    def _make_mail_layer(self, context: Context, host: str, port: int) -> MailLayer:
        if port == POP3S_PORT:
            return MailLayer(context, Pop3Engine(self._pop3.clean, server=host), self._pop3.hear)
        return MailLayer(context, self._imap.new_engine(host), self._imap.hear)


class SocksLayer(Socks5Proxy):
    """One client of the SOCKS5 port, from its first octet on (RFC 1928)."""

    def __init__(self, context: Context, mail: SocksMail) -> None:
        super().__init__(context)
        self._mail = mail

    def finish_start(self) -> layer.CommandGenerator[str | None]:
        """Choose what follows the client's request; an error is told it by the caller."""
        target = read_target(self.context.server.address)
        if target and self._mail.may_be_mail(target):
            self.child_layer = MailDoor(self.context, self._mail, target)
        elif not (target and self._mail.is_page(target)):
            # Who speaks first is not known here: connect at once, as the client would.
            error = yield commands.OpenConnection(self.context.server)
            if error:
                self._handle_event = self.done
                return str(error)
            self.child_layer = TCPLayer(self.context, ignore=True)
        return (yield from super().finish_start())


class MailDoor(layer.Layer):
    """Reads whom a client greets on a port of mail, and opens the connection or lets it pass."""

    def __init__(self, context: Context, mail: SocksMail, target: Target) -> None:
        super().__init__(context)
        self._mail = mail
        self._target = target
        self._octets = b""
        self._chosen: layer.Layer | None = None

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        if self._chosen:
            yield from self._chosen.handle_event(event)
        elif isinstance(event, events.DataReceived):
            self._octets += event.data
            self._chosen = self._choose()
            if self._chosen:
                yield from self._chosen.handle_event(events.Start())
                yield from self._chosen.handle_event(events.DataReceived(event.connection, self._octets))
                self._octets = b""
        elif isinstance(event, events.ConnectionClosed):
            yield commands.CloseConnection(self.context.client)

    def _choose(self) -> layer.Layer | None:
        """Decide once the greeting is whole."""
        try:
            hello = parse_client_hello(self._octets)
            if hello is None and len(self._octets) < _LONGEST_HELLO:
                return None
            host = self._mail.named_host(self._target, hello.sni) if hello else None
        except Exception as error:  # noqa: BLE001 - what is no TLS, or an odd one, is the server's to answer
            logger.info("a connection to %s passes untouched: %s", self._target, error)
            host = None
        return self._mail.make_layer(self.context, host) if host else TCPLayer(self.context, ignore=True)


def read_target(address: Address | None) -> Target | None:
    """Spell an address the way that is used for comparing; None where it is no host name."""
    try:
        return Target(normal_host(address[0]), address[1]) if address else None
    except SpecError:
        return None


def normal_name(name: str) -> str | None:
    """Spell the name in a greeting the way that is used for comparing."""
    target = read_target((name, 0))
    return target.host if target else None


def is_address(host: str) -> bool:
    """Whether a host is given by its address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
