"""A client of a SOCKS5 port (RFC 1928), for programs that know none; run by its path, it is a pipe."""

import imaplib
import os
import socket
import ssl
import sys
import threading
from pathlib import Path

HOST = "127.0.0.1"
SECONDS = 120
CONNECT, BIND, UDP_ASSOCIATE = 1, 2, 3


class RefusedError(OSError):
    """The proxy did not connect; `errno` is its reply's code."""


def connect(proxy: int, host: str, port: int, *, command: int = CONNECT) -> socket.socket:
    """Reach a host through the proxy on this port of the loopback; the proxy looks names up."""
    way = socket.create_connection((HOST, proxy), SECONDS)
    try:
        way.sendall(b"\x05\x01\x00")
        _expect(_read(way, 2) == b"\x05\x00", 0xFF)
        way.sendall(bytes((5, command, 0)) + _place(host) + port.to_bytes(2))
        reply = _read(way, 10)
        _expect(reply[1] == 0, reply[1])
    except BaseException:
        way.close()
        raise
    return way


class ImapThrough(imaplib.IMAP4_SSL):
    """imaplib with a proxy between it and the server, whose name it is told at `at` where that differs."""

    def __init__(
        self, proxy: int, host: str, *, trusted: Path, port: int = 993, at: str | None = None
    ) -> None:
        self._proxy, self._at = proxy, at or host
        trust = ssl.create_default_context(cafile=str(trusted))
        super().__init__(host, port, ssl_context=trust, timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        way = connect(self._proxy, self._at, self.port)
        return self.ssl_context.wrap_socket(way, server_hostname=self.host)


def _place(host: str) -> bytes:
    for kind, family in ((1, socket.AF_INET), (4, socket.AF_INET6)):
        try:
            return bytes((kind,)) + socket.inet_pton(family, host)
        except OSError:
            pass
    name = host.encode("idna")
    return bytes((3, len(name))) + name


def _read(way: socket.socket, count: int) -> bytes:
    octets = b""
    while len(octets) < count:
        received = way.recv(count - len(octets))
        if not received:
            raise ConnectionError("the proxy hung up")
        octets += received
    return octets


def _expect(right: bool, code: int) -> None:
    if not right:
        raise RefusedError(code, "refused by the proxy")


def pipe(way: socket.socket) -> None:
    """Hand standard input to the other side, and what comes from there to standard output."""

    def send() -> None:
        while octets := os.read(0, 65536):
            way.sendall(octets)
        way.shutdown(socket.SHUT_WR)

    threading.Thread(target=send, daemon=True).start()
    way.settimeout(None)
    while octets := way.recv(65536):
        os.write(1, octets)


if __name__ == "__main__":
    pipe(connect(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
