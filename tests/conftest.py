"""What all tests share: how one asks for a component of the operating system, and the driver of browsers."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

COMPONENTS = {
    "chromium": "chromium",
    "curl": "curl",
    "dovecot-imapd": "/usr/lib/dovecot/imap",
    "dovecot-lmtpd": "/usr/lib/dovecot/lmtp",
    "firefox-esr": "firefox-esr",
    "isync": "mbsync",
    "libnss3-tools": "certutil",
    "nginx-light": "/usr/sbin/nginx",
    "nodejs": "node",
    "openbox": "openbox",
    "php-fpm": "/usr/sbin/php-fpm*",
    "roundcube-core": "/usr/share/roundcube/index.php",
    "roundcube-sqlite3": "/usr/share/roundcube/SQL/sqlite.initial.sql",
    "thunderbird": "thunderbird",
    "imagemagick": "import",
    "xvfb": "Xvfb",
}
"""Debian package -> what shows that it is there: a command, or a pattern of an absolute path."""


def is_present(package: str) -> bool:
    """Tell whether the component that this Debian package brings is on this machine."""
    sign = COMPONENTS[package]
    if sign.startswith("/"):
        return any(Path("/").glob(sign.lstrip("/")))
    return shutil.which(sign) is not None


@pytest.fixture(scope="session")
def require_debian() -> Callable[..., None]:
    """Give `require_debian("dovecot-imapd", ...)`: skips where one is absent, fails if CI is set."""

    def require(*packages: str) -> None:
        absent = [package for package in packages if not is_present(package)]
        if not absent:
            return
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say(f"needs the Debian package(s) {', '.join(absent)}")

    return require


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Give the driver of browsers; while it lives, no test can run an event loop of its own."""
    with sync_playwright() as driver:
        yield driver
