"""A web server on the loopback that only listens: it remembers who asked, and serves the pages given."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from testbed.processes import HOST, SECONDS
from testbed.tracker import draw

PICTURE = draw(200, 50, (20, 90, 200))


@dataclass(slots=True)
class Canary:
    """A running server: the paths asked for so far, and every connection, asked on or not."""

    root: str = ""
    pages: dict[str, bytes] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def clear(self) -> None:
        """Forget all that was heard."""
        with self.lock:
            self.heard.clear()
            self.connections = 0

    def names_heard(self) -> set[str]:
        """Give the last words of the paths asked for, without what follows their dot."""
        with self.lock:
            return {path.rpartition("/")[2].partition(".")[0] for path in self.heard}

    def serve(self, pages: Mapping[str, str]) -> None:
        """Serve HTML texts, each at its path."""
        self.pages = {path: page.encode() for path, page in pages.items()}


@contextmanager
def run_canary() -> Iterator[Canary]:
    """Serve on a port of the loopback for as long as the context lasts."""
    canary = Canary()

    class Handler(BaseHTTPRequestHandler):
        timeout = SECONDS

        def do_GET(self) -> None:
            with canary.lock:
                canary.heard.append(self.path)
            page = canary.pages.get(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png" if page is None else "text/html; charset=utf-8")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(PICTURE if page is None else page)

        do_POST = do_GET  # noqa: N815 - how a ping comes

        def log_message(self, *_: object) -> None:
            """Say nothing: what was heard is the log."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def get_request(self) -> Any:
            with canary.lock:
                canary.connections += 1
            return super().get_request()

        def handle_error(self, *_: object) -> None:
            """Browsers hang up in the middle: that is no failure here."""

    server = Server((HOST, 0), Handler)
    canary.root = f"http://{HOST}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield canary
    finally:
        server.shutdown()
        server.server_close()
