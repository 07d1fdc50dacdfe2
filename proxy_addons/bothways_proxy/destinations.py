"""Where the proxy may connect to: no address of this machine or network that the user did not name.

A name is resolved once, every address of it is checked, and the connection goes to the checked one: an answer
that changes a moment later (DNS rebinding) changes nothing. mitmproxy tries one address a connection: where a
name has several, one that did not answer comes last from then on.
"""

import asyncio
import ipaddress
import itertools
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address

from mitmproxy.connection import ConnectionState
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from bothways_proxy.config import ProxyConfig, SpecError, Target, normal_host

type Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

logger = logging.getLogger(__name__)

# Azure answers virtual machines about themselves here, from an address that counts as public.
_METADATA = frozenset((ipaddress.ip_address("168.63.129.16"),))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Local to a network though `is_global` says otherwise: IPv4-compatible addresses (RFC 4291), translated ones
# (RFC 2765), a network's own NAT64 (RFC 8215), site-local addresses (RFC 3879), segments (RFC 9602),
# and what is for protocols (RFC 6890), where a cloud answers its virtual machines about themselves.
_LOCAL_NETWORKS = ("::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "fec0::/10", "5f00::/16", "192.0.0.0/24")
_LOCAL = tuple(map(ipaddress.ip_network, _LOCAL_NETWORKS))
_MOST_FAILED = 1000


async def resolve_by_system(host: str, port: int) -> list[str]:
    """Ask the system's resolver, in the order that it advises (RFC 6724)."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Destinations:
    """Checks every outgoing connection before it is made."""

    def __init__(self, config: ProxyConfig, resolver: Resolver = resolve_by_system) -> None:
        self._named = config.named_targets
        self._resolve = config.resolve
        self._own: set[Target] = set()
        self._resolver = resolver
        self._shown: dict[str, tuple[str, int]] = {}
        self._failed: dict[tuple[str, int], int] = {}
        self._failures = itertools.count(1)
        for listener in config.own_listeners:
            self.add_own_listener(listener)

    def add_own_listener(self, listener: Target) -> None:
        """Keep everybody from reaching a port of ours through us. ValueError where it has no address."""
        host = "127.0.0.1" if listener.host == "localhost" else listener.host
        self._own.add(Target(str(ipaddress.ip_address(host)), listener.port))

    async def server_connect(self, data: ServerConnectionHookData) -> None:
        """Put the checked address in the place of the name, or refuse the connection."""
        server = data.server
        if server.address is None or server.error:
            return
        try:
            checked = await self.check(server.address[0], server.address[1])
        except PermissionError as refusal:
            logger.warning("%s", refusal)
            server.error = "connection refused"  # a page may read this: it is told nothing of ours
            return
        except LookupError as missing:
            server.error = str(missing)
            return
        except Exception:  # on any doubt nothing is reached: mitmproxy goes on after a hook that fails
            logger.exception("a connection was refused: its address could not be checked")
            server.error = "connection refused"
            return
        if checked != server.address:
            self._shown[server.id] = server.address
            server.sni = server.sni or server.address[0]
            server.address = checked

    def server_connected(self, data: ServerConnectionHookData) -> None:
        """Give the connection its name back: by it mitmproxy finds an open connection again."""
        server = data.server
        named = self._shown.pop(server.id, None)
        if named is not None:
            server.state = ConnectionState.CLOSED  # an open connection's address is locked
            server.address = named
            server.state = ConnectionState.OPEN

    def server_connect_error(self, data: ServerConnectionHookData) -> None:
        """Take note of an address at which no connection was made."""
        checked = data.server.address
        if self._shown.pop(data.server.id, None) is None or checked is None:
            return
        if len(self._failed) >= _MOST_FAILED:
            self._failed.clear()
        self._failed[checked[:2]] = next(self._failures)

    async def check(self, host: str, port: int) -> tuple[str, int]:
        """Give the address to connect to. PermissionError where forbidden, LookupError where unknown."""
        try:
            named = Target(normal_host(host), port)
        except SpecError as error:
            raise LookupError(str(error)) from error
        address, real_port = self._resolve.get(named, Target("", port))
        addresses = [address] if address else await self._look_up(named)
        for candidate in addresses:
            self._check_address(candidate, real_port, named)
        places = [(address, real_port) for address in addresses]
        return min(places, key=lambda place: self._failed.get(place, 0))

    async def _look_up(self, named: Target) -> Sequence[str]:
        try:
            found = await self._resolver(named.host, named.port)
        except (OSError, UnicodeError) as error:
            raise LookupError(f"{named.host} was not found: {error}") from error
        if not found:
            raise LookupError(f"{named.host} was not found")
        return found

    def _check_address(self, text: str, port: int, named: Target) -> None:
        address = embedded(ipaddress.ip_address(text))
        if any(port == own.port and _same_place(address, own.host) for own in self._own):
            raise PermissionError(f"{named} is Bothways itself")
        if named not in self._named and not is_public(address):
            raise PermissionError(
                f"{named} is {address}, on this machine or network, and was not named by the user"
            )


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is out in the Internet, seen through every way to write one inside another."""
    address = embedded(address)
    local = address in _METADATA or any(address in network for network in _LOCAL)
    return address.is_global and not address.is_multicast and not local


def embedded(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _NAT64:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is None and address.teredo:
        inner = address.teredo[1]
    return inner or address


def _same_place(address: IPv4Address | IPv6Address, own_host: str) -> bool:
    """Whether a connection to `address` may arrive at a listener on `own_host`."""
    own = ipaddress.ip_address(own_host)
    return address == own or address.is_unspecified or (own.is_unspecified and not is_public(address))
