"""The webmail addon, its hooks driven one by one: which octets of a page change, and which never do."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bothways.judge.findings import Action, WhySeen
from bothways.ledger.records import Event, Incident, MessageRecord
from bothways.settings import AS_SHIPPED, Settings
from bothways.status import RunStatus
from bothways_proxy import ProxyConfig, Target
from bothways_proxy.pause import PauseWatch, never
from bothways_proxy.webmail import Webmail
from mitmproxy.http import Headers, HTTPFlow
from mitmproxy.test import tflow, tutils

OPEN = "https://mandrillapp.com/track/open.php?u=30489975&amp;id=f2ab9c4f7c4e4b1fa2f6e3c1a2b3c4d5"
PIXEL = f'<img src="{OPEN}" width="1" height="1">'
HOST = "webmail.test"


class Queue(list[Event]):
    """Takes events as the ledger's writer does."""

    def put(self, event: Event) -> bool:
        self.append(event)
        return True


def addon(
    queue: Queue, paused_until: Callable[[], datetime | None] = never, settings: Settings = AS_SHIPPED
) -> Webmail:
    config = ProxyConfig(Path("unused"), webmail=(Target(HOST, 443),), settings=settings)
    return Webmail(config, queue, RunStatus(), PauseWatch(paused_until))  # type: ignore[arg-type]


def page(inside: str, **changes: str) -> str:
    environment = {"action": "show", "uid": "7", "mailbox": "INBOX", "sender": "s@vendor.test"} | changes
    return (
        f"<title>Webmail :: Hi</title><script>set_env({json.dumps(environment)})</script>{PIXEL}"
        f'<div class="message-htmlpart">é{inside}</div>{PIXEL}'
    )


def answered(body: bytes, host: str = HOST, **headers: str) -> HTTPFlow:
    all_headers = {"content-type": "text/html; charset=UTF-8", "etag": "x"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    fields = [(name.encode(), value.encode()) for name, value in all_headers.items()]
    request = tutils.treq(method=b"GET", scheme=b"https", host=host, port=443, authority=b"")
    return tflow.tflow(req=request, resp=tutils.tresp(content=body, headers=Headers(fields)))


def through(flow: HTTPFlow, queue: Queue, **options: Any) -> HTTPFlow:
    mail = addon(queue, **options)
    mail.requestheaders(flow)
    mail.responseheaders(flow)
    mail.response(flow)
    return flow


def test_only_the_mail_in_the_page_is_cleaned() -> None:
    queue = Queue()
    flow = through(answered(gzip.compress(page(PIXEL).encode()), content_encoding="gzip"), queue)
    assert flow.response is not None
    assert flow.response.raw_content == page("").encode()
    assert "content-encoding" not in flow.response.headers
    assert "etag" not in flow.response.headers
    (record,) = queue
    assert isinstance(record, MessageRecord)
    assert record.aliases == ("web:webmail.test/-/INBOX/7",)
    assert (record.subject, record.sender, record.delivery) == ("Hi", "s@vendor.test", "viewed")
    assert [finding.action for finding in record.findings] == [Action.BLOCKED]


def test_what_is_settled_holds_for_pages() -> None:
    flow = through(answered(page(PIXEL).encode()), queue := Queue(), settings=Settings(policy="watch"))
    assert flow.response is not None
    assert flow.response.raw_content == page(PIXEL).encode()
    (record,) = queue
    assert isinstance(record, MessageRecord)
    assert [finding.why_seen for finding in record.findings] == [WhySeen.POLICY]


def test_a_page_without_trackers_keeps_every_octet_and_its_validator() -> None:
    body = gzip.compress(page("<p>x</p>").encode())
    flow = through(answered(body, content_encoding="gzip"), queue := Queue())
    assert flow.response is not None
    assert flow.response.raw_content == body
    assert flow.response.headers["etag"] == "x"
    assert len(queue) == 1


def test_own_mail_is_judged_and_not_changed() -> None:
    text = page(PIXEL, username="reader@mail.test", mailbox="Sent", sent_mailbox="Sent")
    flow = through(answered(text.encode()), queue := Queue())
    assert flow.response is not None
    assert flow.response.content == text.encode()
    (record,) = queue
    assert isinstance(record, MessageRecord)
    assert [finding.why_seen for finding in record.findings] == [WhySeen.OWN]
    assert record.aliases[1] == "web:webmail.test/reader@mail.test/Sent/7"


def test_a_pause_lets_the_page_pass_and_says_so() -> None:
    flow = through(
        answered(page(PIXEL).encode()),
        queue := Queue(),
        paused_until=lambda: datetime.max.replace(tzinfo=UTC),
    )
    assert flow.response is not None
    assert flow.response.content == page(PIXEL).encode()
    (record,) = queue
    assert isinstance(record, MessageRecord)
    assert record.notes == ("paused",)


def test_a_page_that_our_own_fault_lets_pass_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bothways_proxy.webmail.READERS", (lambda _: 1 / 0,))
    flow = through(answered(page(PIXEL).encode()), queue := Queue())
    assert flow.response is not None
    assert flow.response.content == page(PIXEL).encode()
    (incident,) = queue
    assert isinstance(incident, Incident)
    assert (incident.kind, incident.reason) == ("passed", "fault:ZeroDivisionError")
    assert (incident.route, incident.server) == ("web", HOST)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (page(PIXEL).encode("utf-16"), {"content_type": "text/html; charset=nonsense"}),
        (page(PIXEL).encode(), {"content_encoding": "gzip"}),
        (page(PIXEL).encode(), {"content_encoding": "unheard-of"}),
    ],
)
def test_what_cannot_be_read_exactly_passes(body: bytes, headers: dict[str, str]) -> None:
    flow = through(answered(body, **headers), queue := Queue())
    assert flow.response is not None
    assert flow.response.raw_content == body
    assert queue == []


@pytest.mark.parametrize("charset", ["UTF-8", "windows-1252", "Big5"])
def test_octets_that_the_charset_does_not_know_stay_and_hide_nothing(charset: str) -> None:
    def octets(inside: str) -> bytes:
        return page(inside).encode("ascii", "ignore").replace(b"ODD", b"\xff\x81\xff ")

    flow = through(
        answered(octets("ODD" + PIXEL), content_type=f"text/html; charset={charset}"), queue := Queue()
    )
    assert flow.response is not None
    assert flow.response.content == octets("ODD")
    assert len(queue) == 1


@pytest.mark.parametrize(
    "flow",
    [
        answered(page(PIXEL).encode(), host="other.test"),
        answered(page(PIXEL).encode(), content_type="text/plain"),
        answered(page(PIXEL).encode(), content_length=str(1 << 30)),
        answered(page(PIXEL).encode(), content_type="text/event-stream"),
    ],
)
def test_everything_else_streams(flow: HTTPFlow) -> None:
    through(flow, Queue())
    assert flow.response is not None
    assert flow.response.stream is True


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"sec-fetch-dest": "iframe"}, False),
        ({"accept": "text/html,*/*"}, False),
        ({"sec-fetch-dest": "image", "accept": "text/html"}, True),
    ],
)
def test_a_page_is_asked_for_whole(headers: dict[str, str], kept: bool) -> None:
    flow = answered(b"")
    partial = {"if-none-match": "x", "range": "bytes=1-", "available-dictionary": ":x:"}
    flow.request.headers.update(headers | partial | {"if-match": "y"})
    addon(Queue()).requestheaders(flow)
    assert [name in flow.request.headers for name in partial] == [kept] * 3
    assert flow.request.headers["if-match"] == "y"
