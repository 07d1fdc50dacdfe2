"""No address of this machine or network is reached, however it is written, unless the user named it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from bothways_proxy import ProxyConfig, Target
from bothways_proxy.destinations import Destinations
from mitmproxy.connection import ConnectionState, Server
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.test import tflow


class Resolver:
    """Gives each asked-for name its next answer, as a rebinding attacker's server would."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        return self.answers.pop(0)


def check(host: str, port: int, *answers: Sequence[str], **config: object) -> tuple[str, int]:
    destinations = Destinations(ProxyConfig(Path("unused"), **config), Resolver(*answers))  # type: ignore[arg-type]
    return asyncio.run(destinations.check(host, port))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "5f00::1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b:1::7f00:1",
        "fec0::1",
        "::1",
        "fe80::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_near_us_are_refused(address: str) -> None:
    with pytest.raises(PermissionError, match="not named by the user"):
        check("attacker.test", 80, [address])
    with pytest.raises(PermissionError, match="not named by the user"):
        check("attacker.test", 80, ["93.184.216.34", address])


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_the_internet_is_reached_at_the_checked_address(address: str) -> None:
    assert check("vendor.test", 443, [address]) == (address, 443)


@pytest.mark.parametrize("host", ["nowhere.invalid", "a b", "", "x" * 300])
def test_what_is_nowhere_is_said(host: str) -> None:
    with pytest.raises(LookupError):
        asyncio.run(Destinations(ProxyConfig(Path("unused"))).check(host, 80))


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "localhost", "LOCALHOST."])
def test_the_systems_spellings_of_loopback_are_refused(host: str) -> None:
    with pytest.raises(PermissionError):
        asyncio.run(Destinations(ProxyConfig(Path("unused"))).check(host, 80))


def test_what_the_user_named_is_reached_at_that_port_alone() -> None:
    named = {"allowed_targets": frozenset({Target("nas.test", 443)})}
    assert check("NAS.test", 443, ["192.168.1.5"], **named) == ("192.168.1.5", 443)
    with pytest.raises(PermissionError):
        check("nas.test", 80, ["192.168.1.5"], **named)
    with pytest.raises(PermissionError):
        check("192.168.1.5", 443, ["192.168.1.5"], **named)


def test_resolve_says_where_a_host_is() -> None:
    where = {"resolve": {Target("webmail.test", 443): Target("127.0.0.1", 10443)}}
    assert check("webmail.test", 443, **where) == ("127.0.0.1", 10443)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::ffff:127.0.0.1"])
def test_our_own_listeners_are_never_reached(host: str) -> None:
    named = frozenset({Target(host, 8417), Target("here.test", 8417)})
    own = {"allowed_targets": named, "own_listeners": frozenset({Target("127.0.0.1", 8417)})}
    with pytest.raises(PermissionError, match="Bothways itself"):
        check("here.test", 8417, [host], **own)


def test_a_connection_gets_the_address_and_its_name_back() -> None:
    destinations = Destinations(ProxyConfig(Path("unused")), Resolver(["93.184.216.34"], ["127.0.0.1"]))
    server = Server(address=("rebind.test", 443))
    data = ServerConnectionHookData(server, tflow.tclient_conn())
    asyncio.run(destinations.server_connect(data))
    assert server.address == ("93.184.216.34", 443)
    assert server.sni == "rebind.test"
    server.state = ConnectionState.OPEN
    destinations.server_connected(data)
    assert (server.address, server.state) == (("rebind.test", 443), ConnectionState.OPEN)

    again = ServerConnectionHookData(Server(address=("rebind.test", 443)), tflow.tclient_conn())
    asyncio.run(destinations.server_connect(again))
    assert again.server.error == "connection refused"


def test_a_listener_on_localhost_is_ours() -> None:
    own = {"own_listeners": frozenset({Target("localhost", 8417)})}
    with pytest.raises(PermissionError, match="Bothways itself"):
        check("here.test", 8417, ["127.0.0.1"], **own)


def test_an_address_that_cannot_be_checked_is_not_reached() -> None:
    destinations = Destinations(ProxyConfig(Path("unused")), Resolver(["not an address"]))
    data = ServerConnectionHookData(Server(address=("odd.test", 443)), tflow.tclient_conn())
    asyncio.run(destinations.server_connect(data))
    assert data.server.error


def test_an_address_that_did_not_answer_comes_last() -> None:
    both = ["2606:2800:220:1::1", "93.184.216.34"]
    destinations = Destinations(ProxyConfig(Path("unused")), Resolver(*[both] * 4))
    tried = []
    for fails in (True, False, True, False):
        data = ServerConnectionHookData(Server(address=("imap.test", 993)), tflow.tclient_conn())
        asyncio.run(destinations.server_connect(data))
        tried.append(data.server.address)
        if fails:
            destinations.server_connect_error(data)
    assert [both.index(address) for address, _ in tried] == [0, 1, 1, 0]
