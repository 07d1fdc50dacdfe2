"""Firefox and Thunderbird with the extension loaded, driven by Marionette."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from testbed import firefox
from testbed.chromium import trust
from testbed.marionette import Marionette, controlling
from testbed.processes import free_port, running, wait_for_port

from drivers.chromium import EXTENSION

ADDON = "bothways@bothways.example"
HOST = "6f1dbb5a-0b07-4a00-8000-0b0746a75000"
"""The extension's host name in moz-extension: addresses, fixed by a preference."""

QUIET: Mapping[str, object] = {
    **firefox.QUIET,
    "extensions.webextensions.uuids": json.dumps({ADDON: HOST}),
}
LOCAL_FOLDERS: Mapping[str, object] = {
    "mail.accountmanager.accounts": "account1",
    "mail.accountmanager.localfoldersserver": "server1",
    "mail.account.account1.server": "server1",
    "mail.account.lastKey": 1,
    "mail.server.server1.type": "none",
    "mail.server.server1.hostname": "Local Folders",
    "mail.server.server1.userName": "nobody",
    "mail.server.server1.name": "Local Folders",
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.spotlight.firstRunDone": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.inappnotifications.enabled": False,
    "mailnews.start_page.enabled": False,
    "mailnews.start_page_override.mstone": "ignore",
    "app.donation.eoy.version.viewed": 999,
}


def use_proxy(address: str) -> dict[str, object]:
    """Give the preferences that send web traffic through a proxy."""
    host, port = address.split(":")
    proxy: dict[str, object] = {"network.proxy.type": 1}
    for kind in ("http", "ssl"):
        proxy |= {f"network.proxy.{kind}": host, f"network.proxy.{kind}_port": int(port)}
    return proxy


@contextmanager
def run_gecko(
    command: str, profile: Path, preferences: Mapping[str, object], *, authority: Path | None = None
) -> Iterator[Marionette]:
    """Start the program headless with a fresh profile that trusts `authority`, and install the extension."""
    port = free_port()
    lines = ({"marionette.port": port} | QUIET | preferences).items()
    pairs = (f"user_pref({json.dumps(key)}, {json.dumps(value)});\n" for key, value in lines)
    (profile / "user.js").write_text("".join(pairs))
    if authority:
        trust(profile, authority)
    environment = {"HOME": str(profile), "MOZ_HEADLESS": "1"}
    words = [command, "--marionette", "--remote-allow-system-access", "--no-remote", "-profile", str(profile)]
    log = profile / "output.log"
    with running(words, log=log, env=environment) as process:
        wait_for_port(port, process, log)
        with controlling(port) as client:
            client.command("Addon:Install", path=str(EXTENSION), temporary=True)
            yield client


def run_in(client: Marionette, context: str, script: str, *arguments: object) -> Any:
    """Run the body of an async function in `chrome` or `content` and give what it returns."""
    with client.within(context):
        return client.run(script, *arguments)


def navigate(client: Marionette, address: str) -> None:
    """Load a page in the tab and wait for it."""
    with client.within("content"):
        client.command("WebDriver:Navigate", url=address)
