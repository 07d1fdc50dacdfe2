"""Firefox and Thunderbird with the extension loaded, driven by Marionette."""

import json
import os
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from drivers.chromium import EXTENSION

with warnings.catch_warnings():  # its dependencies hold string escapes that Python warns of
    warnings.simplefilter("ignore")
    from marionette_driver.addons import Addons
    from marionette_driver.marionette import Marionette

ADDON = "bothways@bothways.example"
HOST = "6f1dbb5a-0b07-4a00-8000-0b0746a75000"
"""The extension's host name in moz-extension: addresses, fixed by a preference."""

QUIET: Mapping[str, object] = {
    "extensions.webextensions.uuids": json.dumps({ADDON: HOST}),
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "http://127.0.0.1:9/",
    "toolkit.telemetry.enabled": False,
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
    port = _free_port()
    lines = ({"marionette.port": port} | QUIET | preferences).items()
    pairs = (f"user_pref({json.dumps(key)}, {json.dumps(value)});\n" for key, value in lines)
    (profile / "user.js").write_text("".join(pairs))
    if authority:
        _trust(profile, authority)
    environment = os.environ | {"HOME": str(profile), "MOZ_HEADLESS": "1"}
    arguments = [command, "--marionette", "--remote-allow-system-access", "--no-remote"]
    arguments += ["-profile", str(profile)]
    with (profile / "output.log").open("wb") as log:
        process = subprocess.Popen(arguments, env=environment, stdout=log, stderr=log)
    client = None
    try:
        _wait_for(port)
        client = Marionette(host="127.0.0.1", port=port, socket_timeout=60)
        client.start_session({"acceptInsecureCerts": False})
        client.timeout.script = 30
        Addons(client).install(str(EXTENSION), temp=True)
        yield client
    finally:
        _stop(client, process)


def run_in(client: Marionette, context: str, script: str, *arguments: object) -> Any:
    """Run the body of an async function in `chrome` or `content` and give what it returns."""
    wrapped = f"""
    const args = [...arguments], done = args.pop(), work = async () => {{ {script} }};
    work().then((value) => done({{ value }}), (error) => done({{ error: String(error) }}));
    """
    sandbox = None if context == "content" else "system"
    with client.using_context(context):
        outcome = client.execute_async_script(wrapped, arguments, sandbox=sandbox)
    if "error" in outcome:
        raise AssertionError(outcome["error"])
    return outcome.get("value")


def _trust(profile: Path, authority: Path) -> None:
    database = ["certutil", "-d", f"sql:{profile}"]
    subprocess.run([*database, "-N", "--empty-password"], check=True)
    subprocess.run([*database, "-A", "-t", "C,,", "-n", "tests", "-i", str(authority)], check=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("Marionette does not answer")


def _stop(client: Marionette | None, process: subprocess.Popen[bytes]) -> None:
    try:
        if client is not None:
            client._send_message("Marionette:Quit", {"flags": ["eForceQuit"]})
            client.delete_session(send_request=False)
        process.wait(15)
    except (OSError, subprocess.TimeoutExpired):
        process.kill()
        process.wait()
