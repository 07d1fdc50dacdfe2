"""Web servers of the other side: they answer like a tracker or a shop and remember who asked for what."""

import contextlib
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from testbed.authority import ServerCertificate
from testbed.processes import HOST, SECONDS

ONE_PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00"
    b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
LOGO_WIDTH, LOGO_HEIGHT = 160, 48


@dataclass(frozen=True, slots=True)
class Hit:
    """One request that reached the server."""

    scheme: str
    host: str
    path: str
    headers: dict[str, str]


@dataclass(slots=True)
class Visits:
    """What a server has seen; `connections` counts every accepted TCP connection, asked or not."""

    hits: list[Hit] = field(default_factory=list)
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def clear(self) -> None:
        """Forget all, before the part of a test that counts."""
        with self.lock:
            self.hits.clear()
            self.connections = 0

    def paths(self) -> list[str]:
        """Give the paths with query asked for so far, without what browsers ask on their own."""
        with self.lock:
            return [hit.path for hit in self.hits if hit.path != "/favicon.ico"]


@dataclass(frozen=True, slots=True)
class Website:
    """A running pair of servers, https and http, under one memory."""

    hosts: tuple[str, ...]
    https_port: int
    http_port: int
    visits: Visits


def draw(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """Draw a PNG of one colour."""
    rows = (b"\0" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def answer(path: str) -> tuple[int, str, bytes, str]:
    """Choose status, content type, body and redirect target for a path."""
    if "/logo" in path:
        return 200, "image/png", draw(LOGO_WIDTH, LOGO_HEIGHT, (20, 90, 200)), ""
    if "/click" in path:
        return 302, "text/plain", b"", "/landing"
    if "/landing" in path or path == "/":
        return 200, "text/html", b"<!doctype html><title>Landing</title><p>Welcome.", ""
    return 200, "image/gif", ONE_PIXEL, ""


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"
    timeout = SECONDS

    def do_GET(self) -> None:
        """Remember the request, then answer it by its path."""
        visits = self.server.visits
        hit = Hit(self.server.scheme, self.headers.get("Host", ""), self.path, dict(self.headers.items()))
        with visits.lock:
            visits.hits.append(hit)
        status, content_type, body, location = answer(self.path)
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if location:
            self.send_header("Location", location)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server looks for

    def log_message(self, *_: object) -> None:
        """Say nothing: the visits are the log."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, scheme: str, visits: Visits, tls: ssl.SSLContext | None) -> None:
        super().__init__((HOST, 0), _Handler)
        self.scheme = scheme
        self.visits = visits
        self.tls = tls

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """Count the connection before anything is read from it."""
        connection, address = super().get_request()
        with self.visits.lock:
            self.visits.connections += 1
        return connection, address

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Shake hands in the thread of the connection: a silent caller must not stop the server."""
        if self.tls is not None:
            try:
                request.settimeout(SECONDS)
                request = self.tls.wrap_socket(request, server_side=True)
            except OSError:
                request.close()
                return
        super().process_request_thread(request, client_address)

    def handle_error(self, *_: object) -> None:
        """Browsers hang up in the middle: that is no failure here."""


@contextmanager
def run_website(hosts: Iterable[str], certificate: ServerCertificate) -> Iterator[Website]:
    """Serve on two ports of the loopback for as long as the context lasts."""
    visits = Visits()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate.chain, certificate.key)
    with contextlib.ExitStack() as stack:
        secure, plain = (
            stack.enter_context(_serving(scheme, visits, context))
            for scheme, context in (("https", tls), ("http", None))
        )
        yield Website(tuple(hosts), secure.server_address[1], plain.server_address[1], visits)


@contextmanager
def _serving(scheme: str, visits: Visits, tls: ssl.SSLContext | None) -> Iterator[_Server]:
    server = _Server(scheme, visits, tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
