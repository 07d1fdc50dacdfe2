"""A port of `localhost` that leads through a SOCKS5 proxy, for mail programs that know none."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from testbed.processes import loopback
from testbed.socks import connect


class _Forwarder(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: str, port: int, handler: type[socketserver.BaseRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, port), handler)


@contextmanager
def forwarding(proxy: int, host: str, port: int) -> Iterator[int]:
    """Give a port from which connections go on to a host through the proxy on that port of the loopback."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with connect(proxy, host, port) as way:
                back = threading.Thread(target=_hand_on, args=(way, self.request))
                back.start()
                _hand_on(self.request, way)
                back.join()

    here = 0
    with ExitStack() as stack:
        for address in loopback():
            server = stack.enter_context(_Forwarder(address, here, Handler))
            here = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
        yield here


def _hand_on(source: socket.socket, sink: socket.socket) -> None:
    """Hand on what one side says, and then that it says no more."""
    source.settimeout(None)
    with suppress(OSError):
        while octets := source.recv(65536):
            sink.sendall(octets)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
