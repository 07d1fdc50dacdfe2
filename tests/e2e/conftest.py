"""Real servers, browsers and mail clients for the end-to-end tests; each is started once and stopped."""

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from testbed.authority import Authority
from testbed.dovecot import Account, Dovecot, run_dovecot
from testbed.processes import tail
from testbed.roundcube import Roundcube, run_roundcube
from testbed.tracker import Website, run_website

TRACKER_HOSTS = ("mandrillapp.com", "t.yesware.com", "mailtrack.io", "track.vendor.test")
SHOP_HOSTS = ("www.shop.test",)
STAGE = pytest.StashKey[Path]()


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
            if "Maildir" not in log.parts and (text := tail(log)):
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
    require_debian("dovecot-imapd", "dovecot-lmtpd")
    folder = stage / "dovecot"
    folder.mkdir(mode=0o755)
    with run_dovecot(folder, authority) as server:
        yield server


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    """Give a mail account of this test's own."""
    return dovecot.new_account()


@pytest.fixture(scope="session")
def roundcube(
    stage: Path, authority: Authority, dovecot: Dovecot, require_debian: Callable[..., None]
) -> Iterator[Roundcube]:
    """Give a running Roundcube that reads from the Dovecot."""
    require_debian("roundcube-core", "roundcube-sqlite3", "php-fpm", "nginx-light")
    folder = stage / "roundcube"
    folder.mkdir(mode=0o755)
    with run_roundcube(folder, authority, dovecot) as webmail:
        yield webmail


@pytest.fixture(scope="session")
def _tracker(authority: Authority) -> Iterator[Website]:
    with run_website(TRACKER_HOSTS, authority.issue("tracker", TRACKER_HOSTS)) as website:
        yield website


@pytest.fixture
def tracker(_tracker: Website) -> Website:
    """Give the web server that plays the tracking hosts, its memory empty."""
    _tracker.visits.clear()
    return _tracker


@pytest.fixture(scope="session")
def _shop(authority: Authority) -> Iterator[Website]:
    with run_website(SHOP_HOSTS, authority.issue("shop", SHOP_HOSTS)) as website:
        yield website


@pytest.fixture
def shop(_shop: Website) -> Website:
    """Give the web server that plays a sender's honest site, its memory empty."""
    _shop.visits.clear()
    return _shop
