"""Answers requests for known open pixels here, so that nobody out there hears them, and notes each attempt.

This sees plain http and the hosts whose TLS is opened. Of any other TLS connection only the host's name is
known, which does not tell an open pixel from a picture: it passes.
"""

from datetime import UTC, datetime

from bothways.judge.judge import judge_open_url
from bothways.ledger import LedgerWriter, OpenAttempt
from mitmproxy.http import HTTPFlow, Response

from bothways_proxy.pause import PauseWatch

# The smallest picture that every browser takes: one transparent pixel.
PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00"
    b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


class OpenAttempts:
    """An addon that keeps open pixels from being asked for."""

    def __init__(self, writer: LedgerWriter, paused: PauseWatch) -> None:
        self._writer = writer
        self._paused = paused

    def request(self, flow: HTTPFlow) -> None:
        """Answer in the tracker's place."""
        if flow.error or not flow.live or flow.response or not asks_for_picture(flow):
            return
        finding = judge_open_url(flow.request.url)
        if finding is None:
            return
        blocked = not self._paused()
        if blocked:
            headers = {"content-type": "image/gif", "cache-control": "no-store"}
            flow.response = Response.make(200, PIXEL, headers)
        now = datetime.now(UTC)
        self._writer.put(
            OpenAttempt(flow.request.url, now, finding.vendor, flow.request.host, blocked=blocked)
        )


def asks_for_picture(flow: HTTPFlow) -> bool:
    """Whether a request may be the load of a picture: a page that somebody opens is none."""
    return flow.request.method in {"GET", "HEAD"} and flow.request.headers.get("sec-fetch-dest") != "document"
