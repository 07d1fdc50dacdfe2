"""A stand-in for the program: its API with canned answers, its proxy's check host, a page like a webmail's.

It is as strict as the real one: a token, no CORS header, no OPTIONS, no cross-site call.
"""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from testbed.authority import Authority

from drivers.answers import TOTALS

CHECK_HOST = "check.bothways.invalid"
TOKEN = "a-token-of-the-tests"
WEBMAIL = b"""<!doctype html><title>Webmail</title><h1>Inbox</h1>
<iframe src="/webmail/?_task=mail&_action=preview&_uid=%s&_mbox=INBOX%%2FOffers"></iframe>"""


@dataclass
class Program:
    """What the stand-in answers; a test changes it, `requests` is what it was asked."""

    authority: Path
    tls: ssl.SSLContext
    port: int = 0
    api: int = 1
    program: str = "bothways"
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    code: str = "123456"
    tries_left: int = 5
    listeners: list[str] = field(default_factory=lambda: ["imap 127.0.0.1:1143 -> imap.example.org:993"])
    paused_until: str | None = None
    asked_pause: str | None = None
    lost_events: int = 0
    incidents: list[dict[str, Any]] = field(default_factory=list)
    nonce: str = "nonce-1"
    broken: bool = False
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def reset(self) -> None:
        """Be again as at the start."""
        fresh = Program(self.authority, self.tls, self.port)
        self.__dict__.update(fresh.__dict__)

    def answer(self, method: str, target: str, token: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Give status and JSON of an API call."""
        path, query = urlsplit(target).path.removeprefix("/api/v1/"), parse_qs(urlsplit(target).query)
        if path == "health":
            return 200, self._health(paired=token in self.tokens)
        if (method, path) == ("POST", "pair"):
            return self._pair(body)
        if self.broken:
            return 500, {"error": "internal"}
        if token not in self.tokens:
            return 401, {"error": "not_paired"}
        told = self._pause(method, body) if path == "pause" else self._tell(path, query)
        return (404, {"error": "not_found"}) if told is None else (200, told)

    def _pause(self, method: str, body: dict[str, Any]) -> Any:
        asked = body.get("until") or f"in {body.get('minutes')} minutes"
        self.asked_pause = asked if method == "PUT" else None
        self.paused_until = "2999-01-01T00:00:00Z" if method == "PUT" else None
        return {"paused_until": self.paused_until}

    def _tell(self, path: str, query: dict[str, list[str]]) -> Any:
        if path == "totals":
            return TOTALS
        if path == "incidents":
            return {"incidents": self.incidents}
        if path.startswith("messages/"):
            return self.details.get(path.removeprefix("messages/"))
        return {"messages": [found for alias in query["alias"] for found in self.messages.get(alias, [])]}

    def _health(self, *, paired: bool) -> dict[str, Any]:
        health = {"program": self.program, "version": "0.1.0", "api": self.api, "paired": paired}
        if paired:
            health |= {"proxy": {"listeners": self.listeners}, "paused_until": self.paused_until}
            health |= {"lost_events": self.lost_events, "last_message_at": None}
            health |= {"incidents": len(self.incidents)}
            health |= {"rules_date": "2026-11-01", "check": self.nonce}
        return health

    def _pair(self, body: dict[str, Any]) -> tuple[int, Any]:
        if body["code"] != self.code:
            self.tries_left -= 1
            return 403, {"error": "wrong_code", "tries_left": self.tries_left}
        self.tokens.add("a-new-token")
        return 201, {"token": "a-new-token", "client_id": "1"}


class _Handler(BaseHTTPRequestHandler):
    """One connection; `program` is set on the class that `run_program` makes."""

    program: Program
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.program.requests.append((self.command, self.path, dict(self.headers)))
        target = urlsplit(self.path)
        if CHECK_HOST in (target.hostname, self.headers["Host"]):
            self._reply(204 if target.path == f"/{self.program.nonce}" else 502)
        elif target.path.startswith("/api/"):
            self._answer_api()
        else:
            uid = parse_qs(target.query).get("uid", ["12"])[0]
            lists = target.query.startswith("_task=mail&uid=")
            page = WEBMAIL % uid.encode() if lists else b"<p>Hello</p>"
            self._reply(200, page, "text/html; charset=utf-8")

    def do_CONNECT(self) -> None:
        """Speak TLS to the one name that is ours; no other is ever connected to."""
        if self.path != f"{CHECK_HOST}:443":
            self._reply(502)
            return
        self.send_response(200)
        self.end_headers()
        try:
            self.connection = self.program.tls.wrap_socket(self.connection, server_side=True)
        except OSError:  # the client does not trust us
            self.close_connection = True
            return
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def log_message(self, *args: object) -> None:
        """Keep the test's output clean."""

    def _answer_api(self) -> None:
        length = int(self.headers["Content-Length"] or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        if self.command == "OPTIONS" or self.headers["Sec-Fetch-Site"] in ("cross-site", "same-site"):
            self._reply(403, b'{"error": "forbidden"}')
            return
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
        status, answer = self.program.answer(self.command, self.path, token, body)
        self._reply(status, json.dumps(answer).encode())

    def _reply(self, status: int, body: bytes = b"", kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def run_program(folder: Path) -> Iterator[Program]:
    """Run the stand-in on a free port; its authority's certificate lies in `folder`."""
    authority = Authority(folder)
    certificate = authority.issue("check", [CHECK_HOST])
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate.chain, certificate.key)
    program = Program(authority.certificate, tls)
    others = dict.fromkeys(("do_POST", "do_PUT", "do_DELETE", "do_OPTIONS"), _Handler.do_GET)
    handler = type("Handler", (_Handler,), {"program": program, **others})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    program.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield program
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
