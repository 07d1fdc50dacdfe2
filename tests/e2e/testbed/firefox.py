"""Debian's Firefox without a window, under remote control: a profile of its own, behind a proxy."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from testbed.gecko import run_headless, use_proxy
from testbed.marionette import Marionette, MarionetteError
from testbed.processes import SECONDS


class Firefox:
    """A running Firefox with one page open."""

    def __init__(self, session: Marionette) -> None:
        self._session = session

    def go(self, address: str) -> None:
        """Open an address and wait until it is loaded; a certificate that is not trusted is an error."""
        self._session.command("WebDriver:Navigate", url=address)

    def run(self, body: str, *values: Any) -> Any:
        """Run the body of an async function(args) in the page."""
        return self._session.run(body, *values)

    def wait(self, body: str, *values: Any) -> Any:
        """Run the body of a function in the page until it gives something other than nothing."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            with suppress(MarionetteError):  # raised by a page that is just being left
                if found := self.run(body, *values):
                    return found
            time.sleep(0.1)
        raise AssertionError(f"the page never came to this: {body}")


@contextmanager
def run_firefox(profile: Path, *, trusted: Sequence[Path], proxy_port: int) -> Iterator[Firefox]:
    """Start it behind a proxy on the loopback; `trusted` are authorities that it takes besides its own."""
    proxy = use_proxy(proxy_port)
    with run_headless("firefox-esr", profile, proxy, trusted=trusted) as session, session.within("content"):
        yield Firefox(session)
