"""Debian's Firefox without a window, under remote control: a profile of its own, behind a proxy."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from testbed.chromium import trust
from testbed.marionette import Marionette, MarionetteError, controlling
from testbed.processes import HOST, SECONDS, free_port, running, wait_for_port

QUIET = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": f"http://{HOST}:9/",
    "toolkit.telemetry.enabled": False,
}


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
    control = free_port()
    proxy: dict[str, object] = {"network.proxy.type": 1, "marionette.port": control}
    for kind in ("http", "ssl"):
        proxy |= {f"network.proxy.{kind}": HOST, f"network.proxy.{kind}_port": proxy_port}
    lines = (
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in (QUIET | proxy).items()
    )
    (profile / "user.js").write_text("".join(lines))
    trust(profile, *trusted)
    words = ["firefox-esr", "--headless", "--marionette", "--remote-allow-system-access", "--no-remote"]
    log = profile / "output.log"
    environment = {**os.environ, "HOME": str(profile)}
    with running([*words, "-profile", str(profile)], log=log, env=environment) as process:
        wait_for_port(control, process, log)
        with controlling(control) as session, session.within("content"):
            yield Firefox(session)
