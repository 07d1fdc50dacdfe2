"""Answers `check.bothways.invalid`, a host that is nowhere: a browser learns that it comes through here."""

from bothways.status import RunStatus
from mitmproxy.http import HTTPFlow, Response

HOST = "check.bothways.invalid"


class SelfCheck:
    """An addon: 204 for a nonce of this very run, for anything else what a host that does not exist gives."""

    def __init__(self, status: RunStatus) -> None:
        self._status = status

    def request(self, flow: HTTPFlow) -> None:
        """Answer in the place of a server."""
        if flow.error or not flow.live or flow.request.host.lower() != HOST:
            return
        known = self._status.is_valid(flow.request.path.lstrip("/"))
        flow.response = Response.make(204 if known else 502, b"", {"cache-control": "no-store"})
