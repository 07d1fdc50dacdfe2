"""A wire engine inside mitmproxy: octets from either connection go in, what comes out is sent on.

An exception in a layer would hang its connection: the engine catches its own, this layer the listener's.
"""

import logging
from collections.abc import Callable

from bothways.wire.events import Event, Step, WireEngine
from mitmproxy.connection import ConnectionState
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.context import Context

logger = logging.getLogger(__name__)


class MailLayer(layer.Layer):
    """One client at one server; `hear` is told what the engine reports."""

    def __init__(self, context: Context, engine: WireEngine, hear: Callable[[Event], None]) -> None:
        super().__init__(context)
        self._engine = engine
        self._hear = hear
        self._ended = False

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        if self._ended:
            return
        if isinstance(event, events.Start):
            yield from self._open()
        elif isinstance(event, events.DataReceived):
            yield from self._receive(event)
        elif isinstance(event, events.ConnectionClosed):
            yield from self._close(event)

    def _open(self) -> layer.CommandGenerator[None]:
        """A mail server speaks first: connect at once, and say goodbye in its place where that fails."""
        error = yield commands.OpenConnection(self.context.server)
        if error:
            text = explain_failure(self.context.server.address, str(error))
            yield commands.SendData(self.context.client, self._engine.farewell(text))
            yield commands.CloseConnection(self.context.client)
            self._ended = True

    def _receive(self, event: events.DataReceived) -> layer.CommandGenerator[None]:
        if event.connection == self.context.client:
            step = self._engine.from_client(event.data)
        else:
            step = self._engine.from_server(event.data)
        yield from self._send(step)

    def _send(self, step: Step) -> layer.CommandGenerator[None]:
        for event in step.events:
            try:
                self._hear(event)
            except Exception:
                logger.exception("an event of a mail connection was lost")
        if step.to_server:
            yield commands.SendData(self.context.server, step.to_server)
        if step.to_client:
            yield commands.SendData(self.context.client, step.to_client)

    def _close(self, event: events.ConnectionClosed) -> layer.CommandGenerator[None]:
        """Pass an end on: a client that says no more may still wait for its mail, cleaned as ever."""
        client, server = self.context.client, self.context.server
        if event.connection == server:
            yield from self._send(self._engine.close())
        if (client.state & ConnectionState.CAN_READ) or (server.state & ConnectionState.CAN_READ):
            other = server if event.connection == client else client
            yield commands.CloseTcpConnection(other, half_close=True)
            return
        self._ended = True
        for connection in (server, client):
            if connection.state is not ConnectionState.CLOSED:
                yield commands.CloseConnection(connection)


def explain_failure(address: tuple[str, int] | None, error: str) -> str:
    """Say why there is no server, on one line of printable ASCII."""
    host, port = address or ("the server", 0)
    if "ertificate" in error:
        text = f"the certificate of {host}:{port} cannot be trusted ({error}); no password was sent"
    else:
        text = f"{host}:{port} cannot be reached ({error})"
    return "Bothways: " + "".join(c if " " <= c <= "~" else " " for c in text)
