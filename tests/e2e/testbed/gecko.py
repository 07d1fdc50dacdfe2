"""Starting Debian's Firefox and Thunderbird without a window, under remote control."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from testbed.chromium import trust
from testbed.marionette import Marionette, controlling
from testbed.processes import HOST, free_port, running, wait_for_port

QUIET: Mapping[str, object] = {
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


def use_proxy(port: int) -> dict[str, object]:
    """Give the preferences that send web traffic through a proxy on the loopback."""
    proxy: dict[str, object] = {"network.proxy.type": 1}
    for kind in ("http", "ssl"):
        proxy |= {f"network.proxy.{kind}": HOST, f"network.proxy.{kind}_port": port}
    return proxy


@contextmanager
def run_headless(
    command: str, profile: Path, preferences: Mapping[str, object], *, trusted: Sequence[Path] = ()
) -> Iterator[Marionette]:
    """Start the program with a fresh profile; `trusted` are authorities that it takes besides its own."""
    control = free_port()
    lines = {**QUIET, **preferences, "marionette.port": control}.items()
    pairs = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in lines)
    (profile / "user.js").write_text("".join(pairs))
    if trusted:
        trust(profile, *trusted)
    words = [command, "--headless", "--marionette", "--remote-allow-system-access", "--no-remote"]
    log = profile / "output.log"
    with running([*words, "-profile", str(profile)], log=log, env={"HOME": str(profile)}) as process:
        wait_for_port(control, process, log)
        with controlling(control) as session:
            yield session
