"""What a reader does in Roundcube: log in, open a mail, allow its remote images."""

from playwright.sync_api import BrowserContext, Frame, Page
from testbed.dovecot import Account
from testbed.roundcube import Roundcube


def log_in(browser: BrowserContext, roundcube: Roundcube, account: Account) -> Page:
    """Open the webmail in a tab and wait for its list of messages."""
    page = browser.new_page()
    page.goto(roundcube.url)
    page.fill("#rcmloginuser", account.user)
    page.fill("#rcmloginpwd", account.password)
    page.click("#rcmloginsubmit")
    page.wait_for_selector("#messagelist tbody tr")
    return page


def open_mail(page: Page, subject: str) -> Frame:
    """Click a mail in the list and give the frame that shows it."""
    page.locator("#messagelist tbody tr", has_text=subject).first.click()
    page.frame_locator("#messagecontframe").locator(".message-htmlpart").first.wait_for()
    return shown_frame(page)


def allow_remote_images(page: Page) -> Frame:
    """Click Roundcube's offer to load what the mail refers to, and wait until all of it is loaded."""
    content = page.frame_locator("#messagecontframe")
    content.locator("#remote-objects-message a").first.click()
    frame = shown_frame(page)
    frame.wait_for_url("**_safe=1**", wait_until="load")
    return frame


def shown_frame(page: Page) -> Frame:
    """Give the frame of the message beside the list."""
    element = page.locator("#messagecontframe").element_handle()
    frame = element and element.content_frame()
    assert frame, "no message is shown"
    return frame


def image_width(frame: Frame, address: str) -> int:
    """Give the natural width of the image with this address, 0 where it shows nothing."""
    width = frame.evaluate(
        "address => [...document.images].find(image => image.src === address)?.naturalWidth ?? 0", address
    )
    return int(width)
