"""Real servers, browsers and mail clients for the end-to-end tests; each is started once and stopped."""

import itertools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright
from testbed.authority import Authority
from testbed.bothways import Bothways, StartBothways, run_bothways
from testbed.chromium import OpenChromium, run_chromium
from testbed.dovecot import Dovecot
from testbed.processes import HOST
from testbed.roundcube import Roundcube, run_roundcube
from testbed.tracker import Website, run_website

TRACKER_HOSTS = ("mandrillapp.com", "t.yesware.com", "mailtrack.io", "track.vendor.test")
SHOP_HOSTS = ("www.shop.test",)


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


@pytest.fixture(scope="session")
def start_bothways(
    stage: Path, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> StartBothways:
    """Give `start_bothways(*options, home=None, **servers)`: the real program, with a new home or that one.

    `servers` are those it stands before: `imap=[...]`, `pop3=[...]`.
    """
    numbers = itertools.count(1)

    def start(
        *options: str, home: Path | None = None, **servers: Sequence[str]
    ) -> AbstractContextManager[Bothways]:
        log = stage / f"bothways-{next(numbers)}.log"
        trusted = ("--upstream-ca", str(authority.certificate))
        return run_bothways(home or tmp_path_factory.mktemp("home"), log, *trusted, *options, **servers)

    return start


@pytest.fixture(scope="session")
def reading(
    start_bothways: StartBothways, dovecot: Dovecot, _tracker: Website, _shop: Website
) -> Iterator[Bothways]:
    """Give a Bothways that stands before the Dovecot, as a mail client needs it."""
    servers = {"imap": [f"localhost:{dovecot.port}"], "pop3": [f"localhost:{dovecot.pop3_port}"]}
    with start_bothways(*_where_they_are(_tracker, _shop), **servers) as bothways:
        yield bothways


@pytest.fixture(scope="module")
def browsing(
    start_bothways: StartBothways, roundcube: Roundcube, _tracker: Website, _shop: Website
) -> Iterator[Bothways]:
    """Give a Bothways that stands before the Roundcube, as a browser needs it.

    Not one for all modules: the first mail of every account has the same name in its ledger.
    """
    webmail = f"{roundcube.name}:{roundcube.port}"
    here = ["--webmail", webmail, "--resolve", f"{webmail}:{HOST}"]
    with start_bothways(*here, *_where_they_are(_tracker, _shop)) as bothways:
        yield bothways


def _where_they_are(*websites: Website) -> list[str]:
    """Tell Bothways on which ports of the loopback the hosts of the mails are."""
    return [
        word
        for host, port, here in _addresses(*websites)
        for word in ("--resolve", f"{host}:{port}:{HOST}:{here}")
    ]


@pytest.fixture
def open_chromium(
    playwright: Playwright,
    stage: Path,
    authority: Authority,
    roundcube: Roundcube,
    _tracker: Website,
    _shop: Website,
    require_debian: Callable[..., None],
) -> Iterator[OpenChromium]:
    """Give `open_chromium(through=None, extension=None)`: a new browser, behind that Bothways or none."""
    require_debian("chromium", "libnss3-tools")
    direct = [f"{roundcube.name} {HOST}"]
    direct += [f"{host}:{port} {HOST}:{here}" for host, port, here in _addresses(_tracker, _shop)]
    with ExitStack() as stack:

        def start(through: Bothways | None = None, extension: Path | None = None) -> BrowserContext:
            home = Path(tempfile.mkdtemp(prefix="chromium-", dir=stage))
            if through is None:
                browser = run_chromium(playwright, home, trusted=[authority.certificate], addresses=direct)
            else:
                trusted = [authority.certificate, through.authority]
                proxy_port = through.ports["http"]
                browser = run_chromium(
                    playwright, home, trusted=trusted, proxy_port=proxy_port, extension=extension
                )
            return stack.enter_context(browser)

        yield start


def _addresses(*websites: Website) -> Iterator[tuple[str, int, int]]:
    """Give host, port and where that is on the loopback."""
    for website in websites:
        for host in website.hosts:
            yield host, 443, website.https_port
            yield host, 80, website.http_port
