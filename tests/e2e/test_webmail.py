"""Chromium reads mail in Roundcube: what the tracker hears without Bothways, and with it."""

import hashlib

import pytest
from testbed.bothways import Bothways, eventually
from testbed.chromium import OpenChromium
from testbed.dovecot import Account
from testbed.letters import LANDING, LOGO, Letter, mail_with_click, mandrill_open
from testbed.roundcube import Roundcube
from testbed.tracker import LOGO_WIDTH, Website
from testbed.webmail import allow_remote_images, image_width, log_in, open_mail

pytestmark = pytest.mark.e2e


LOAD_IMAGE = """address => new Promise(resolve => {
  const image = new Image();
  image.onload = () => resolve(image.naturalWidth);
  image.onerror = () => resolve(0);
  image.src = address;
})"""


@pytest.fixture
def letter(account: Account) -> Letter:
    """Deliver a mail with a pixel and a wrapped link to this test's account."""
    letter = mail_with_click("webmail")
    account.deliver(letter.raw)
    return letter


def test_without_bothways_the_tracker_hears_of_it(
    open_chromium: OpenChromium, roundcube: Roundcube, account: Account, letter: Letter, tracker: Website
) -> None:
    page = log_in(open_chromium(), roundcube, account)
    open_mail(page, "Your invitation")
    assert tracker.visits.connections == 0, "Roundcube itself loads nothing before it is asked to"
    frame = allow_remote_images(page)
    assert image_width(frame, LOGO) == LOGO_WIDTH
    assert [path.partition("?")[0] for path in tracker.visits.paths()] == ["/track/open.php"]


def test_through_bothways_the_tracker_hears_nothing(
    open_chromium: OpenChromium,
    browsing: Bothways,
    roundcube: Roundcube,
    account: Account,
    letter: Letter,
    tracker: Website,
    shop: Website,
) -> None:
    page = log_in(open_chromium(browsing), roundcube, account)
    open_mail(page, "Your invitation")
    frame = allow_remote_images(page)
    assert image_width(frame, LOGO) == LOGO_WIDTH
    assert shop.visits.paths() == ["/static/logo.png"]
    assert frame.get_by_text("Look at the new things").get_attribute("href") == LANDING
    assert not any(url in frame.content() for url in letter.gone)
    assert (tracker.visits.paths(), tracker.visits.connections) == ([], 0)


def test_a_known_open_pixel_is_answered_here(
    open_chromium: OpenChromium, browsing: Bothways, tracker: Website
) -> None:
    reader = browsing.pair()
    before = reader.get("totals")["days30"]["open_attempts"]
    pixel = mandrill_open(hashlib.sha1(b"plain").hexdigest()).replace("https:", "http:")
    page = open_chromium(browsing).new_page()
    page.goto("http://www.shop.test/")
    assert page.evaluate(LOAD_IMAGE, pixel) == 1
    assert tracker.visits.connections == 0
    assert eventually(lambda: reader.get("totals")["days30"]["open_attempts"] == before + 1)


def test_other_hosts_pass(open_chromium: OpenChromium, browsing: Bothways, shop: Website) -> None:
    page = open_chromium(browsing).new_page()
    page.goto(LANDING)
    assert page.title() == "Landing"
    assert shop.visits.paths() == ["/landing?article=7"]
