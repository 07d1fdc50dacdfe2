"""The same folder in Firefox and in Thunderbird: it loads, pairs, and tells about the mail that is shown."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from drivers.answers import CLEANED, OPEN, message
from drivers.gecko import HOST, LOCAL_FOLDERS, run_gecko, run_in, use_proxy
from drivers.program import TOKEN, Program
from drivers.thunderbird import open_popup, read_badge, read_popup, run_in_popup, show_mail
from marionette_driver.marionette import Marionette

SENTENCE = "HubSpot would have been told that you opened this mail."
MESSAGE_ID = "<a/b%41@seller.example>"
MAIL = (
    "From: Jane <jane@seller.example>\r\nTo: me@buyer.example\r\nSubject: Quick question\r\n"
    f"Message-ID: {MESSAGE_ID}\r\nDate: Fri, 20 Nov 2026 17:30:00 +0000\r\n"
    "Content-Type: text/html\r\n\r\n<p>Hello</p>\r\n"
)


@pytest.fixture(scope="module")
def firefox(running_program: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marionette]:
    if shutil.which("firefox-esr") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs the Debian package(s) firefox-esr")
    profile = tmp_path_factory.mktemp("firefox")
    proxy = use_proxy(running_program.address)
    with run_gecko("firefox-esr", profile, proxy, authority=running_program.authority) as client:
        yield client


@pytest.fixture(scope="module")
def thunderbird(
    running_program: Program, tmp_path_factory: pytest.TempPathFactory, require_debian: Callable[..., None]
) -> Iterator[Marionette]:
    require_debian("thunderbird")
    profile = tmp_path_factory.mktemp("thunderbird")
    preferences = {**LOCAL_FOLDERS, "mail.server.server1.directory": str(profile / "Mail")}
    with run_gecko("thunderbird", profile, preferences) as client:
        yield client


def wait_for_state(client: Marionette, state: str) -> str:
    script = """
    for (let i = 0; i < 150 && document.body.dataset.state !== args[0]; i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    return [document.body.dataset.state, document.body.innerText];
    """
    reached, text = run_in(client, "content", script, state)
    assert reached == state, text
    return str(text)


def test_firefox_tells_about_the_mail_in_the_webmail(firefox: Marionette, program: Program) -> None:
    program.messages[f"web:{program.address}/-/INBOX%2FOffers/12"] = [message(OPEN, CLEANED)]
    firefox.navigate(f"moz-extension://{HOST}/popup.html")
    store = "await browser.storage.local.set({ address: args[0], token: args[1] });"
    run_in(firefox, "content", store, program.address, TOKEN)
    firefox.navigate(f"http://{program.address}/webmail/?_task=mail&uid=12")
    firefox.switch_to_window(firefox.open(type="tab")["handle"])
    firefox.navigate(f"moz-extension://{HOST}/popup.html")
    tab = run_in(firefox, "content", "return (await browser.tabs.query({}))[0].id")
    firefox.navigate(f"moz-extension://{HOST}/popup.html?tab={tab}")
    assert SENTENCE in wait_for_state(firefox, "mail")
    badge = run_in(firefox, "content", "return browser.action.getBadgeText({ tabId: args[0] })", tab)
    assert badge == "2"


def test_thunderbird_pairs_and_tells_about_the_shown_mail(thunderbird: Marionette, program: Program) -> None:
    program.messages[f"mid:{MESSAGE_ID}"] = [message(OPEN, CLEANED)]
    show_mail(thunderbird, MAIL)
    open_popup(thunderbird)
    settings = f"Cu.cloneInto({{ address: '{program.address}' }}, content)"
    run_in_popup(thunderbird, f"await content.wrappedJSObject.browser.storage.local.set({settings});")
    run_in_popup(thunderbird, "content.location.reload();")
    read_popup(thunderbird, "unpaired")
    typed = f"content.document.getElementById('code').value = '{program.code}';"
    run_in_popup(thunderbird, typed + "content.document.querySelector('form').requestSubmit();")
    assert SENTENCE in read_popup(thunderbird, "mail")
    assert read_badge(thunderbird) == "2"
    assert not any("check.bothways.invalid" in target for _, target, _ in program.requests)
