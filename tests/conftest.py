"""What all tests share: components of the operating system, the mail server, the driver of browsers."""

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Playwright, sync_playwright
from testbed.authority import Authority
from testbed.dovecot import Account, Dovecot, run_dovecot
from testbed.processes import tail

# A busy machine is no failure; what must be fast is measured where it matters.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

NO_LOGS = {"Maildir", "profile"}
"""Folders in which a name that ends in .log means something else."""
STAGE = pytest.StashKey[Path]()
COMPONENTS = {
    "chromium": "chromium",
    "curl": "curl",
    "dovecot-imapd": "/usr/lib/dovecot/imap",
    "dovecot-lmtpd": "/usr/lib/dovecot/lmtp",
    "dovecot-pop3d": "/usr/lib/dovecot/pop3",
    "fetchmail": "fetchmail",
    "firefox-esr": "firefox-esr",
    "isync": "mbsync",
    "libnss3-tools": "certutil",
    "mutt": "mutt",
    "nginx-light": "/usr/sbin/nginx",
    "nodejs": "node",
    "openssl": "openssl",
    "offlineimap3": "offlineimap",
    "openbox": "openbox",
    "php-fpm": "/usr/sbin/php-fpm*",
    "postgresql": "/usr/lib/postgresql/*/bin/postgres",
    "roundcube-core": "/usr/share/roundcube/index.php",
    "roundcube-sqlite3": "/usr/share/roundcube/SQL/sqlite.initial.sql",
    "thunderbird": "thunderbird",
    "imagemagick": "import",
    "xvfb": "Xvfb",
}
"""Debian package -> what shows that it is there: a command, or a pattern of an absolute path."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a developer ask for the figures that take an hour (`make long`)."""
    parser.addoption(
        "--long", action="store_true", help="10,000 random FETCHes, minutes of fuzz, mails of 50 MB"
    )


@pytest.fixture(scope="session")
def long(pytestconfig: pytest.Config) -> bool:
    """Tell whether the full figures are asked for."""
    return bool(pytestconfig.getoption("--long"))


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


@pytest.fixture(scope="session")
def stage(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Give a folder that servers under users of their own may enter, its path short enough for sockets.

    pytest's own temporary folders are closed to every other user.
    """
    folder = Path(tempfile.mkdtemp(prefix="bothways-"))
    folder.chmod(0o755)
    request.config.stash[STAGE] = folder
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach the end of every component's log to a failure."""
    report = yield
    folder = item.config.stash.get(STAGE, None)
    if report.failed and folder is not None:
        for log in sorted(folder.rglob("*.log")):
            if not NO_LOGS.intersection(log.parts) and (text := tail(log)):
                report.sections.append((str(log.relative_to(folder)), text))
    return report


@pytest.fixture(scope="session")
def authority(stage: Path) -> Authority:
    """Give the test run's own certificate authority."""
    folder = stage / "authority"
    folder.mkdir(mode=0o755)
    return Authority(folder)


@pytest.fixture(scope="session")
def dovecot(stage: Path, authority: Authority, require_debian: Callable[..., None]) -> Iterator[Dovecot]:
    """Give a running Dovecot."""
    require_debian("dovecot-imapd", "dovecot-lmtpd", "dovecot-pop3d")
    folder = stage / "dovecot"
    folder.mkdir(mode=0o755)
    with run_dovecot(folder, authority) as server:
        yield server


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    """Give a mail account of this test's own."""
    return dovecot.new_account()
