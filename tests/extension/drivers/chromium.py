"""Chromium with the extension loaded, driven by Playwright."""

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, Worker, expect
from testbed.processes import SECONDS

EXTENSION = Path(__file__).parents[3] / "extension"
EXECUTABLE = "/usr/bin/chromium"
expect.set_options(timeout=SECONDS * 1000)


@dataclass(frozen=True, slots=True)
class Chromium:
    """A running browser; `origin` is the extension's own."""

    context: BrowserContext
    worker: Worker
    origin: str

    def preset(self, address: str, token: str) -> None:
        """Be paired with the program at this address; an empty token means not paired."""
        self.worker.evaluate(
            "settings => chrome.storage.local.set(settings)", {"address": address, "token": token}
        )

    def tab_id(self, page: Page) -> int:
        """Give the browser's number of a page that the extension has a permission for."""
        tabs: list[dict[str, object]] = self.worker.evaluate("chrome.tabs.query({})")
        return int(str(next(tab["id"] for tab in tabs if tab.get("url") == page.url)))

    def open_popup(self, tab: int | None = None) -> Page:
        """Open the popup in a tab of its own, speaking about the given tab; wait until it has its state."""
        popup = self.context.new_page()
        popup.set_viewport_size({"width": 360, "height": 640})
        popup.goto(f"{self.origin}/popup.html" + ("" if tab is None else f"?tab={tab}"))
        popup.locator("body[data-state]").wait_for()
        return popup


@contextmanager
def run_chromium(
    playwright: Playwright, profile: Path, *, extension: Path = EXTENSION, arguments: Sequence[str] = ()
) -> Iterator[Chromium]:
    """Start Chromium with a fresh profile and the unpacked extension."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=EXECUTABLE,
        headless=True,
        chromium_sandbox=False,  # the sandbox refuses root, as whom CI runs
        color_scheme="light",
        timezone_id="UTC",
        args=[f"--disable-extensions-except={extension}", f"--load-extension={extension}", *arguments],
        timeout=SECONDS * 1000,
    )
    context.set_default_timeout(SECONDS * 1000)
    try:
        worker = (
            context.service_workers[0] if context.service_workers else context.wait_for_event("serviceworker")
        )
        yield Chromium(context, worker, f"chrome-extension://{extension_id(extension)}")
    finally:
        context.close()


def copy_extension(target: Path, *, given: Sequence[str] = (), withheld: Sequence[str] = ()) -> Path:
    """Copy the extension with permissions given or withheld, as users do by clicks that no test can make."""
    shutil.copytree(EXTENSION, target)
    manifest = json.loads((target / "manifest.json").read_text())
    asked = [*manifest["host_permissions"], *given]
    manifest["host_permissions"] = [origin for origin in asked if origin not in withheld]
    (target / "manifest.json").write_text(json.dumps(manifest))
    return target


def extension_id(extension: Path) -> str:
    """Give the id that Chromium derives from the manifest's key."""
    key = base64.b64decode(json.loads((extension / "manifest.json").read_text())["key"])
    return "".join(chr(ord("a") + int(digit, 16)) for digit in hashlib.sha256(key).hexdigest()[:32])
