"""Firefox reads mail in Roundcube: it takes Bothways' own authority, and the tracker hears nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from testbed.authority import Authority
from testbed.bothways import Bothways
from testbed.dovecot import Account
from testbed.firefox import Firefox, run_firefox
from testbed.letters import LANDING, LOGO, mail_with_click
from testbed.marionette import MarionetteError
from testbed.roundcube import Roundcube
from testbed.tracker import LOGO_WIDTH, Website

pytestmark = pytest.mark.e2e

LOG_IN = """
document.querySelector("#rcmloginuser").value = args[0];
document.querySelector("#rcmloginpwd").value = args[1];
document.querySelector("#rcmloginsubmit").click();
"""
ADDRESS_OF_MAIL = "return document.querySelector('#messagelist tbody tr td.subject a')?.href"
ALL_LOADED = """
return document.readyState === "complete" && document.querySelector(".message-htmlpart")
  && [...document.images].map(image => [image.src, image.naturalWidth])
"""
LINKS = "return [...document.querySelectorAll('.message-htmlpart a')].map(link => link.href)"


@pytest.fixture
def profile(tmp_path: Path, require_debian: Callable[..., None]) -> Path:
    """Give an empty folder for what Firefox keeps."""
    require_debian("firefox-esr", "libnss3-tools")
    return tmp_path


def log_in(firefox: Firefox, roundcube: Roundcube, account: Account) -> str:
    """Log in to the webmail and give the address of the one mail there."""
    firefox.go(roundcube.url)
    firefox.run(LOG_IN, account.user, account.password)
    return str(firefox.wait(ADDRESS_OF_MAIL))


def test_through_bothways_the_tracker_hears_nothing(
    profile: Path,
    authority: Authority,
    browsing: Bothways,
    roundcube: Roundcube,
    account: Account,
    tracker: Website,
    shop: Website,
) -> None:
    letter = mail_with_click("firefox")
    account.deliver(letter.raw)
    trusted = [authority.certificate, browsing.authority]
    with run_firefox(profile, trusted=trusted, proxy_port=browsing.ports["http"]) as firefox:
        mail = log_in(firefox, roundcube, account)
        firefox.go(f"{mail}&_safe=1")
        images = dict(firefox.wait(ALL_LOADED))
        links = firefox.run(LINKS)
    assert images[LOGO] == LOGO_WIDTH
    assert LANDING in links
    assert not {*images, *links} & set(letter.gone)
    assert (tracker.visits.paths(), tracker.visits.connections) == ([], 0)


def test_an_authority_that_is_not_trusted_opens_no_webmail(
    profile: Path, authority: Authority, browsing: Bothways, roundcube: Roundcube
) -> None:
    trusted = [authority.certificate]
    with (
        run_firefox(profile, trusted=trusted, proxy_port=browsing.ports["http"]) as firefox,
        pytest.raises(MarionetteError, match="insecure certificate"),
    ):
        firefox.go(roundcube.url)
