"""Debian's Chromium, driven by Playwright: a home and a profile of its own, trusting whom the test says."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright
from testbed.processes import SECONDS, run_to_end

PROGRAM = "/usr/bin/chromium"

OpenChromium = Callable[..., BrowserContext]


def trust(database: Path, *certificates: Path) -> None:
    """Make a database of trusted authorities, as Chromium and Thunderbird read it."""
    database.mkdir(parents=True, exist_ok=True)
    name = f"sql:{database}"
    run_to_end(["certutil", "-d", name, "-N", "--empty-password"])
    for number, certificate in enumerate(certificates):
        words = ["-A", "-t", "C,,", "-n", f"authority-{number}", "-i", certificate]
        run_to_end(["certutil", "-d", name, *words])


@contextmanager
def run_chromium(
    playwright: Playwright,
    home: Path,
    *,
    trusted: Sequence[Path],
    proxy_port: int | None = None,
    addresses: Sequence[str] = (),
    extension: Path | None = None,
) -> Iterator[BrowserContext]:
    """Start the browser. `addresses` are its own resolver's rules: "www.shop.test:443 127.0.0.1:8443"."""
    trust(home / ".pki/nssdb", *trusted)
    words = ["--no-first-run", "--disable-background-networking", "--disable-component-update"]
    if proxy_port is not None:
        words.append(f"--proxy-server=http://127.0.0.1:{proxy_port}")
    if addresses:
        words.append("--host-resolver-rules=" + ", ".join(f"MAP {rule}" for rule in addresses))
    if extension is not None:
        words += [f"--disable-extensions-except={extension}", f"--load-extension={extension}"]
    context = playwright.chromium.launch_persistent_context(
        home / "profile",
        executable_path=PROGRAM,
        headless=True,
        chromium_sandbox=os.geteuid() != 0,
        args=words,
        env={**os.environ, "HOME": str(home)},
        viewport={"width": 1280, "height": 800},
        timeout=SECONDS * 1000,
    )
    context.set_default_timeout(SECONDS * 1000)
    try:
        yield context
    finally:
        context.close()
