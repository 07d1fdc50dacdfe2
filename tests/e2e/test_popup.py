"""The extension beside a mail: what its popup says, in Chromium over Roundcube and in Thunderbird."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page
from testbed.bothways import Bothways, eventually
from testbed.chromium import OpenChromium
from testbed.dovecot import Account
from testbed.extension import chromium_id, copy_extension
from testbed.letters import LOGO, Letter, mail_with_click
from testbed.roundcube import Roundcube
from testbed.thunderbird import run_thunderbird
from testbed.tracker import LOGO_WIDTH, Website
from testbed.webmail import allow_remote_images, log_in, open_mail

pytestmark = pytest.mark.e2e

TOLD = ("Mandrill", "Blocked: 1", "Cleaned: 1")


@pytest.fixture
def letter(account: Account, request: pytest.FixtureRequest) -> Letter:
    """Deliver a mail with a pixel and a wrapped link to this test's account."""
    letter = mail_with_click(request.node.name)
    account.deliver(letter.raw)
    return letter


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Give the folder for pictures: the one that BOTHWAYS_SHOTS names, else a temporary one."""
    folder = Path(os.environ.get("BOTHWAYS_SHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_chromium_shows_the_findings(
    open_chromium: OpenChromium,
    browsing: Bothways,
    roundcube: Roundcube,
    account: Account,
    letter: Letter,
    tmp_path: Path,
    shots: Path,
) -> None:
    extension = copy_extension(tmp_path / "extension", browsing.api, f"https://{roundcube.name}/*")
    browser = open_chromium(browsing, extension)
    page = log_in(browser, roundcube, account)
    open_mail(page, "Your invitation")
    allow_remote_images(page)
    assert eventually(partial(browsing.pair().messages, f"web:{roundcube.name}:{roundcube.port}/-/INBOX/1"))
    popup = open_popup(browser, extension, page)
    popup.fill("#code", browsing.pairing_code())
    popup.press("#code", "Enter")
    popup.wait_for_selector("body[data-state=mail]")
    popup.locator("body").screenshot(path=shots / "popup-chromium.png")
    told = popup.inner_text("body")
    assert {words for words in TOLD if words not in told} == set(), told


def open_popup(browser: BrowserContext, extension: Path, page: Page) -> Page:
    """Open the popup's page in a tab, about the tab that shows the mail."""
    workers = browser.service_workers
    worker = workers[0] if workers else browser.wait_for_event("serviceworker")
    page.bring_to_front()
    (tab,) = worker.evaluate("() => chrome.tabs.query({ active: true })")
    popup = browser.new_page()
    popup.set_viewport_size({"width": 380, "height": 600})
    popup.goto(f"chrome-extension://{chromium_id(extension)}/popup.html?tab={tab['id']}")
    return popup


def test_thunderbird_shows_the_mail_and_the_findings(
    reading: Bothways,
    account: Account,
    letter: Letter,
    tracker: Website,
    shop: Website,
    tmp_path: Path,
    shots: Path,
    require_debian: Callable[..., None],
) -> None:
    require_debian("thunderbird", "libnss3-tools", "xvfb", "openbox", "imagemagick")
    home = tmp_path / "home"
    home.mkdir()
    with run_thunderbird(
        home,
        account,
        imap_port=reading.ports["imap"],
        proxy_port=reading.ports["http"],
        trusted=[account.authority],
        extension=copy_extension(tmp_path / "extension", reading.api),
    ) as thunderbird:
        shown = thunderbird.show("Your invitation")
        assert shown.images == {LOGO: LOGO_WIDTH}
        assert not any(url in shown.html for url in letter.gone)
        assert thunderbird.open_popup("Your invitation") == "unpaired"
        assert thunderbird.fill_in("#code", reading.pairing_code()) == "mail"
        thunderbird.photograph(shots / "popup-thunderbird.png")
        told = eventually(lambda: thunderbird.in_popup("return document.body?.innerText"))
    assert {words for words in TOLD if words not in told} == set(), told
    assert set(shop.visits.paths()) == {"/static/logo.png"}
    assert tracker.visits.connections == 0
