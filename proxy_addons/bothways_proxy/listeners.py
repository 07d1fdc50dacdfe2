"""Says when every listener accepts connections, or why one does not; and closes them all."""

import asyncio
import errno
from collections.abc import Callable, Sequence

from bothways.status import RunStatus
from mitmproxy import ctx
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.proxy.mode_servers import ServerInstance
from mitmproxy.proxy.mode_specs import ProxyMode

from bothways_proxy.config import Target
from bothways_proxy.destinations import Destinations
from bothways_proxy.modes import MailMode
from bothways_proxy.socks import SocksMode

_CLOSE_SECONDS = 2


class PortTakenError(Exception):
    """A listener's port belongs to another program; `str()` is a sentence for the user."""


class Listeners:
    """An addon around mitmproxy's Proxyserver."""

    def __init__(
        self,
        servers: Proxyserver,
        status: RunStatus,
        destinations: Destinations,
        on_ready: Callable[[Sequence[str]], None],
    ) -> None:
        self._servers = servers
        self._status = status
        self._destinations = destinations
        self._on_ready = on_ready
        self._lines: list[str] = []
        self.failure: Exception | None = None

    def running(self) -> None:
        """Tell who waits for it that all listeners are there, or end the run."""
        instances = list(self._servers.servers)
        self.failure = next((_why_closed(one) for one in instances if not one.is_running), None)
        if self.failure:
            ctx.master.should_exit.set()
            return
        for instance in instances:
            listener = Target(*instance.listen_addrs[0][:2])
            self._destinations.add_own_listener(listener)
            self._lines.append(_word(instance, listener))
            self._status.add_listener(self._lines[-1])
        self._on_ready([f"listening {line}" for line in self._lines])

    async def close(self) -> None:
        """Accept no more, end what is open, and wait a moment for it."""
        for line in self._lines:
            self._status.remove_listener(line)
        await self._servers.servers.update([])
        handlers = [
            transport.handler
            for connection in self._servers.connections.values()
            for transport in list(connection.transports.values())
            if transport.handler
        ]
        for handler in handlers:
            handler.cancel("the proxy ends")
        if handlers:
            await asyncio.wait(handlers, timeout=_CLOSE_SECONDS)


def _word(instance: ServerInstance[ProxyMode], listener: Target) -> str:
    mode = instance.mode
    if isinstance(mode, MailMode):
        return f"{mode.type_name} {listener} -> {'plain:' if mode.plain else ''}{Target(*mode.server)}"
    if isinstance(mode, SocksMode):
        return f"socks {listener}"
    return f"http {listener}"


def _why_closed(instance: ServerInstance[ProxyMode]) -> Exception:
    error = instance.last_exception
    where = Target(instance.mode.listen_host(), instance.mode.listen_port() or 0)
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return PortTakenError(f"{where} is taken by another program; name another port to listen on")
    if isinstance(error, OSError) and error.errno == errno.EACCES:
        return PortTakenError(f"{where}: ports below 1024 need rights of their own; name a higher one")
    return PortTakenError(f"cannot listen on {where}: {error}")
