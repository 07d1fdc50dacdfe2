"""Requests that no server ever sees: open pixels, and the check whether a browser goes through the proxy."""

from datetime import UTC, datetime

import pytest
from bothways.ledger.records import Event, OpenAttempt
from bothways.status import RunStatus
from bothways_proxy.open_attempts import PIXEL, OpenAttempts
from bothways_proxy.pause import PauseWatch, never
from bothways_proxy.self_check import SelfCheck
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow, tutils

OPEN = "/track/open.php?u=30489975&id=f2ab9c4f7c4e4b1fa2f6e3c1a2b3c4d5"


class Queue(list[Event]):
    def put(self, event: Event) -> bool:
        self.append(event)
        return True


def asked(host: str, path: str, **changes: str) -> HTTPFlow:
    request = tutils.treq(
        method=b"GET", scheme=b"http", host=host, port=80, path=path.encode(), authority=b""
    )
    flow = tflow.tflow(req=request)
    flow.request.headers.update({name.replace("_", "-"): value for name, value in changes.items()})
    return flow


def test_a_known_open_pixel_is_answered_here_and_noted() -> None:
    flow = asked("mandrillapp.com", OPEN)
    OpenAttempts(queue := Queue(), PauseWatch(never)).request(flow)  # type: ignore[arg-type]
    assert flow.response is not None
    assert (flow.response.status_code, flow.response.content) == (200, PIXEL)
    assert flow.response.headers["cache-control"] == "no-store"
    assert len(PIXEL) == 43
    (attempt,) = queue
    assert isinstance(attempt, OpenAttempt)
    assert (attempt.vendor, attempt.host, attempt.blocked) == ("mandrill", "mandrillapp.com", True)


@pytest.mark.parametrize(
    "flow",
    [
        asked("www.shop.test", "/open/logo.png"),
        asked("mandrillapp.com", "/"),
        asked("mandrillapp.com", OPEN, sec_fetch_dest="document"),
    ],
)
def test_other_requests_go_on(flow: HTTPFlow) -> None:
    OpenAttempts(queue := Queue(), PauseWatch(never)).request(flow)  # type: ignore[arg-type]
    assert flow.response is None
    assert queue == []


def test_during_a_pause_an_open_is_noted_and_goes_on() -> None:
    paused = PauseWatch(lambda: datetime.max.replace(tzinfo=UTC))
    flow = asked("mandrillapp.com", OPEN)
    OpenAttempts(queue := Queue(), paused).request(flow)  # type: ignore[arg-type]
    assert flow.response is None
    (attempt,) = queue
    assert isinstance(attempt, OpenAttempt)
    assert not attempt.blocked


def test_the_check_knows_the_nonces_of_this_run() -> None:
    status = RunStatus()
    right, wrong = (
        asked("check.bothways.invalid", f"/{status.new_nonce()}"),
        asked("check.bothways.invalid", "/x"),
    )
    for flow in (right, wrong):
        SelfCheck(status).request(flow)
    assert right.response is not None
    assert wrong.response is not None
    assert (right.response.status_code, wrong.response.status_code) == (204, 502)


def test_the_check_leaves_other_hosts_alone() -> None:
    flow = asked("bothways.example", "/x")
    SelfCheck(RunStatus()).request(flow)
    assert flow.response is None


def test_the_pause_is_read_once_a_second() -> None:
    reads, now = [], [0.0]
    until = datetime.max.replace(tzinfo=UTC)
    watch = PauseWatch(lambda: reads.append(1) or until, lambda: now[0])
    assert watch()
    assert watch()
    now[0] = 1.0
    assert watch()
    assert len(reads) == 2
