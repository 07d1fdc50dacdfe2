"""Firefox and Thunderbird with the extension loaded, driven by Marionette."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from testbed.gecko import run_headless
from testbed.marionette import Marionette

from drivers.chromium import EXTENSION

ADDON = "bothways@bothways.example"
HOST = "6f1dbb5a-0b07-4a00-8000-0b0746a75000"
"""The extension's host name in moz-extension: addresses, fixed by a preference."""

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


@contextmanager
def run_with_extension(
    command: str, profile: Path, preferences: Mapping[str, object], *, trusted: Sequence[Path] = ()
) -> Iterator[Marionette]:
    """Start the program headless with a fresh profile, and install the extension."""
    named = {"extensions.webextensions.uuids": json.dumps({ADDON: HOST}), **preferences}
    with run_headless(command, profile, named, trusted=trusted) as client:
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
