"""Our own mitmproxy: its core, our modes and addons, nothing of the user's configuration."""

import logging
import re
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import certifi
from bothways.ledger import LedgerWriter
from bothways.status import RunStatus
from mitmproxy.addons import block, core, disable_h2c, next_layer, proxyserver, tlsconfig
from mitmproxy.master import Master
from mitmproxy.options import Options

from bothways_proxy.authority import authority_folder, ensure_authority
from bothways_proxy.config import HTTP_PORT, HTTPS_PORT, ProxyConfig, Target
from bothways_proxy.destinations import Destinations
from bothways_proxy.greetings import Greetings
from bothways_proxy.imap_mail import CopiesAt, ImapMail, no_copies
from bothways_proxy.listeners import Listeners, PortTakenError
from bothways_proxy.open_attempts import OpenAttempts
from bothways_proxy.pause import PauseWatch, never
from bothways_proxy.pop3_mail import Pop3Mail
from bothways_proxy.self_check import HOST as SELF_CHECK_HOST
from bothways_proxy.self_check import SelfCheck
from bothways_proxy.socks import SocksMail
from bothways_proxy.webmail import Webmail

# A client in IDLE may be silent for 29 minutes (RFC 9051, 6.3.13).
_TCP_SECONDS = 2400
_PORT_TRIES = 5

logger = logging.getLogger(__name__)


class StartError(Exception):
    """The proxy cannot start; `str()` is a sentence for the user."""


async def run_proxy(
    config: ProxyConfig,
    writer: LedgerWriter,
    status: RunStatus,
    on_ready: Callable[[Sequence[str]], None],
    *,
    paused_until: Callable[[], datetime | None] = never,
    copies_at: CopiesAt = no_copies,
) -> None:
    """Run until the task is cancelled.

    `on_ready` gets a line for every listener once all of them accept connections, e.g.
    `listening imap 127.0.0.1:1143 -> imap.example.org:993`. Port 0 is replaced by a free one.
    `paused_until` is asked at most once a second, `copies_at` (the ledger's copies at an alias) for every
    mail fetched over IMAP or POP3. Raises StartError where a port cannot be had.
    """
    _refuse_doubles(config)
    tries = _PORT_TRIES if any(listen.port == 0 for listen in _listened(config)) else 1
    for left in reversed(range(tries)):
        try:
            paused = PauseWatch(paused_until)
            await _serve(_with_free_ports(config), writer, status, on_ready, paused, copies_at)
        except PortTakenError as taken:
            # A port that was free a moment ago may be gone: only one that the user left open is chosen again.
            if not left:
                raise StartError(str(taken)) from taken
        else:
            return


async def _serve(
    config: ProxyConfig,
    writer: LedgerWriter,
    status: RunStatus,
    on_ready: Callable[[Sequence[str]], None],
    paused: PauseWatch,
    copies_at: CopiesAt,
) -> None:
    _prepare_authority(config)
    master = Master(Options(confdir=str(authority_folder(config.home))))
    destinations = Destinations(config)
    servers = proxyserver.Proxyserver()
    listeners = Listeners(servers, status, destinations, on_ready)
    imap = ImapMail(writer, status, paused, copies_at, config.settings)
    pop3 = Pop3Mail(writer, status, paused, copies_at, config.settings)
    master.addons.add(
        core.Core(),
        block.Block(),
        disable_h2c.DisableH2C(),
        next_layer.NextLayer(),
        tlsconfig.TlsConfig(),
        destinations,
        servers,
        Greetings(),
        SelfCheck(status),
        OpenAttempts(writer, paused),
        Webmail(config, writer, status, paused),
        imap,
        pop3,
        SocksMail(config, imap, pop3, opened_targets(config)),
        listeners,
    )
    master.options.update(**_options(config))
    try:
        await master.run()
    finally:
        await listeners.close()
    if listeners.failure:
        raise listeners.failure


def _options(config: ProxyConfig) -> dict[str, object]:
    return {
        "mode": list(_modes(config)),
        # With mitmproxy's eager strategy a request answered here would still open a connection to its host.
        "connection_strategy": "lazy",
        "upstream_cert": False,
        "http3": False,
        "allow_hosts": [f"^{re.escape(str(target))}$" for target in opened_targets(config)],
        "tcp_timeout": _TCP_SECONDS,
        "ssl_verify_upstream_trusted_ca": str(_trusted(config)) if config.upstream_ca else None,
    }


def opened_targets(config: ProxyConfig) -> list[Target]:
    """Give the webmails and the self-check: HTTP to any other host passes, with its own certificate."""
    return [*config.webmail, Target(SELF_CHECK_HOST, HTTPS_PORT), Target(SELF_CHECK_HOST, HTTP_PORT)]


def _modes(config: ProxyConfig) -> Iterator[str]:
    if config.http_listen is not None:
        yield f"regular@{config.http_listen.host}:{config.http_listen.port}"
    for kind, specs in (("imap", config.imap), ("pop3", config.pop3)):
        for spec in specs:
            scheme = "tcp" if spec.plain else "tls"
            yield f"{kind}:{scheme}://{spec.server}@{spec.listen.host}:{spec.listen.port}"
    if config.socks_listen is not None:
        yield f"socks@{config.socks_listen.host}:{config.socks_listen.port}"


def _prepare_authority(config: ProxyConfig) -> None:
    """Have an authority for the hosts whose TLS is opened, and no other; say where clients must be told."""
    hosts = {target.host for target in opened_targets(config)} | set(config.mail_hosts)
    try:
        authority, replaced = ensure_authority(config.home, hosts)
    except OSError as error:
        raise StartError(f"the certificate authority cannot be kept: {error}") from error
    if replaced:
        logger.warning(
            "there is a new certificate, for the hosts named now: import %s wherever the one before was "
            "trusted, and take that one out",
            authority.root,
        )


def _trusted(config: ProxyConfig) -> Path:
    """Write the public authorities and the user's into one file: mitmproxy takes one instead of the other."""
    bundle = authority_folder(config.home) / "upstream-authorities.pem"
    own = _read_authorities(config.upstream_ca) if config.upstream_ca else b""
    bundle.write_bytes(Path(certifi.where()).read_bytes() + b"\n" + own)
    return bundle


def _read_authorities(path: Path) -> bytes:
    """Read the user's authorities: a file without any would leave servers untrusted, with no reason told."""
    try:
        ssl.create_default_context(cafile=path)
        return path.read_bytes()
    except ssl.SSLError:
        raise StartError(f"{path} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)") from None
    except OSError as error:
        raise StartError(f"{path} cannot be read: {error.strerror}") from error


def _listened(config: ProxyConfig) -> list[Target]:
    doors = [listen for listen in (config.http_listen, config.socks_listen) if listen]
    return [*doors, *(spec.listen for spec in (*config.imap, *config.pop3))]


def _refuse_doubles(config: ProxyConfig) -> None:
    for listen, times in Counter(one for one in _listened(config) if one.port).items():
        if times > 1:
            raise StartError(f"{listen} is named for {times} listeners; give each a port of its own")


def _with_free_ports(config: ProxyConfig) -> ProxyConfig:
    """Put free ports in the place of port 0, all different: mitmproxy refuses two of port 0 on one host."""
    with ExitStack() as held:

        def chosen(listen: Target) -> Target:
            return listen if listen.port else Target(listen.host, _free_port(listen.host, held))

        http = chosen(config.http_listen) if config.http_listen else None
        imap = tuple(replace(spec, listen=chosen(spec.listen)) for spec in config.imap)
        pop3 = tuple(replace(spec, listen=chosen(spec.listen)) for spec in config.pop3)
        socks = chosen(config.socks_listen) if config.socks_listen else None
        return replace(config, http_listen=http, socks_listen=socks, imap=imap, pop3=pop3)


def _free_port(host: str, held: ExitStack) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    probe = held.enter_context(socket.socket(family))
    try:
        probe.bind((host, 0))
    except OSError as error:
        raise StartError(
            f"cannot listen on {host}: {error.strerror}; name an address of this machine"
        ) from error
    return int(probe.getsockname()[1])
