"""The demo's two servers, on loopback: a webmail with the sample mails, and the sellers' side of these mails.

The sellers' server answers for every host that the sample mails name. A picture is a picture; whatever else
it is asked for goes into its log: that is what a seller would have heard.

The webmail shows a mail with the address and the markup of Roundcube. It answers to its own name only: opened
past the proxy, it has nothing to show that could load.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bothways_cli.demo_mail import MAILBOX, SampleMail

LOOPBACK = "127.0.0.1"
WEBMAIL = "webmail.bothways.test"
READER = "you@buyer.example"
PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2">'
    b'<path d="M0 0h4v2H0z" fill="#cfe3d4"/><path d="M0 2l1.5-1 1 .6L4 .7V2z" fill="#5b8a6b"/></svg>'
)
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")


class Visits:
    """What the sellers' server heard; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._urls: list[str] = []

    def add(self, url: str) -> None:
        """Note one request."""
        with self._lock:
            self._urls.append(url)

    def take(self) -> list[str]:
        """Return what was heard since the last call."""
        with self._lock:
            urls, self._urls = self._urls, []
        return urls


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing: the demo itself tells what matters."""

    @property
    def host(self) -> str:
        """The host that the client asked for, without a port."""
        return (self.headers.get("Host") or "").partition(":")[0].lower()

    def answer(self, kind: str, body: bytes, status: HTTPStatus = HTTPStatus.OK) -> None:
        """Send one answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


class _Seller(_Handler):
    def __init__(self, visits: Visits, *args: Any) -> None:
        self._visits = visits
        super().__init__(*args)

    def do_GET(self) -> None:
        """Serve a picture, or hear of a reader."""
        if urlsplit(self.path).path.endswith(".svg"):
            self.answer("image/svg+xml", PICTURE)
            return
        self._visits.add(f"http://{self.host}{self.path}")
        self.answer("image/gif", PIXEL)


class _Webmail(_Handler):
    def __init__(self, mails: Sequence[SampleMail], *args: Any) -> None:
        self._mails = {str(mail.uid): mail for mail in mails}
        super().__init__(*args)

    def do_GET(self) -> None:
        """Show a mail, or the list of them."""
        if self.host != WEBMAIL:
            text = f"Part of the demo of Bothways: open http://{WEBMAIL}/ through its proxy.\n"
            self.answer("text/plain; charset=utf-8", text.encode(), HTTPStatus.MISDIRECTED_REQUEST)
            return
        mail = self._mails.get(parse_qs(urlsplit(self.path).query).get("_uid", [""])[0])
        page = show_mail(mail) if mail else show_list(list(self._mails.values()))
        self.answer("text/html; charset=utf-8", page.encode())


STYLE = """<style>
:root { color-scheme: light; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
li { padding: .25rem 0; }
#message-header { border-bottom: 1px solid #999; margin-bottom: 1rem; }
</style>"""


def write_page(title: str, body_class: str, body: str) -> str:
    """Write a page of the webmail around a body."""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{escape(title)}</title>
{STYLE}
</head>
<body class="{body_class}">
{body}
</body>
</html>
"""


def show_list(mails: Sequence[SampleMail]) -> str:
    """Write the page with the list of mails."""
    links = [
        (f'<a href="{escape(mail.path)}">{escape(mail.subject)}</a>', escape(mail.sender)) for mail in mails
    ]
    rows = "\n".join(f"<li>{link} from {sender}</li>" for link, sender in links)
    return write_page(MAILBOX, "task-mail", f"<h1>{MAILBOX}</h1>\n<ul>\n{rows}\n</ul>")


def show_mail(mail: SampleMail) -> str:
    """Write the page of one mail, its remote images allowed, the way Roundcube does."""
    inner = re.sub(r"</?(?:html|body)\b[^>]*>", "", mail.html).strip()
    environment = {
        "task": "mail",
        "action": "show",
        "mailbox": MAILBOX,
        "uid": mail.uid,
        "sender": mail.sender,
        "username": READER,
    }
    # "<" as an escape: no text of a mail may end the script.
    told = json.dumps(environment).replace("<", "\\u003c")
    body = f"""<script>var rcmail = {{set_env() {{}}}}; rcmail.set_env({told});</script>
<p><a href="/?_task=mail&amp;_mbox={MAILBOX}">{MAILBOX}</a></p>
<div id="message-header"><h1>{escape(mail.subject)}</h1><p>{escape(mail.sender)}</p></div>
<div id="messagebody"><div class="message-htmlpart" id="message-htmlpart1"><div class="rcmBody">
{inner}
</div></div></div>"""
    return write_page(f"Sample webmail :: {mail.subject}", "task-mail action-show", body)


@contextmanager
def serve(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[int]:
    """Serve on a free loopback port, in a thread, until the block ends; gives the port."""
    with ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def serve_sellers(visits: Visits) -> AbstractContextManager[int]:
    """Serve the sellers' side of the mails; gives its port."""
    return serve(partial(_Seller, visits))


def serve_webmail(mails: Sequence[SampleMail]) -> AbstractContextManager[int]:
    """Serve the webmail; gives its port."""
    return serve(partial(_Webmail, mails))
