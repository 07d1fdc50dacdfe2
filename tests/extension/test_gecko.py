"""The same folder in Firefox and in Thunderbird: it loads, pairs, and tells about the mail that is shown."""

from collections.abc import Callable, Iterator

import pytest
from drivers.answers import CLEANED, OPEN, message
from drivers.gecko import ADDON, HOST, LOCAL_FOLDERS, navigate, run_in, run_with_extension
from drivers.program import TOKEN, Program
from drivers.thunderbird import open_popup, read_badge, read_popup, run_in_popup, show_mail
from testbed.gecko import use_proxy
from testbed.marionette import Marionette

SENTENCE = "HubSpot would have been told that you opened this mail."
MESSAGE_ID = "<a/b%41@seller.example>"
MAIL = (
    "From: Jane <jane@seller.example>\r\nTo: me@buyer.example\r\nSubject: Quick question\r\n"
    f"Message-ID: {MESSAGE_ID}\r\nDate: Fri, 20 Nov 2026 17:30:00 +0000\r\n"
    "Content-Type: text/html\r\n\r\n<p>Hello</p>\r\n"
)


@pytest.fixture(scope="module")
def firefox(
    running_program: Program, tmp_path_factory: pytest.TempPathFactory, require_debian: Callable[..., None]
) -> Iterator[Marionette]:
    require_debian("firefox-esr", "libnss3-tools")
    profile = tmp_path_factory.mktemp("firefox")
    proxy = use_proxy(running_program.port)
    authorities = [running_program.authority]
    with run_with_extension("firefox-esr", profile, proxy, trusted=authorities) as client:
        yield client


@pytest.fixture(scope="module")
def thunderbird(
    running_program: Program, tmp_path_factory: pytest.TempPathFactory, require_debian: Callable[..., None]
) -> Iterator[Marionette]:
    require_debian("thunderbird")
    profile = tmp_path_factory.mktemp("thunderbird")
    preferences = {**LOCAL_FOLDERS, "mail.server.server1.directory": str(profile / "Mail")}
    with run_with_extension("thunderbird", profile, preferences) as client:
        yield client


PRESS_BUTTON = """
const { ExtensionParent } = ChromeUtils.importESModule("resource://gre/modules/ExtensionParent.sys.mjs");
const { extension } = WebExtensionPolicy.getByID(args[0]);
const win = Services.wm.getMostRecentWindow("navigator:browser");
await ExtensionParent.apiManager.global.browserActionFor(extension).triggerAction(win);
"""
READ_POPUP = """
const win = Services.wm.getMostRecentWindow("navigator:browser");
const script = 'sendAsyncMessage("test:text", content.document.body.innerText)';
for (const end = Date.now() + 100_000; Date.now() < end; ) {
  await new Promise((resolve) => win.setTimeout(resolve, 100));
  const manager = win.document.querySelector(".webextension-popup-browser")?.messageManager;
  if (!manager) continue;
  const heard = new Promise((resolve) => {
    manager.addMessageListener("test:text", ({ data }) => resolve(data));
  });
  manager.loadFrameScript("data:application/javascript," + encodeURIComponent(script), false);
  const text = await Promise.race([heard, new Promise((resolve) => win.setTimeout(resolve, 500, ""))]);
  if (text.includes(args[0])) return text;
}
"""


def test_firefox_looks_at_a_webmail_when_the_button_is_pressed(firefox: Marionette, program: Program) -> None:
    program.messages["web:webmail.test/-/INBOX%2FOffers/12"] = [message(OPEN, CLEANED)]
    navigate(firefox, f"moz-extension://{HOST}/popup.html")
    store = "await browser.storage.local.set({ address: args[0], token: args[1] });"
    run_in(firefox, "content", store, program.address, TOKEN)
    navigate(firefox, "http://webmail.test/?_task=mail&uid=12")
    run_in(firefox, "chrome", PRESS_BUTTON, ADDON)
    text = run_in(firefox, "chrome", READ_POPUP, SENTENCE)
    assert text
    assert "With a permission for http://webmail.test/*" in text


def test_thunderbird_pairs_and_tells_about_the_shown_mail(thunderbird: Marionette, program: Program) -> None:
    program.messages[f"mid:{MESSAGE_ID}"] = [message(OPEN, CLEANED)]
    show_mail(thunderbird, MAIL)
    open_popup(thunderbird)
    settings = f"Cu.cloneInto({{ address: '{program.address}' }}, content)"
    store = f"await content.wrappedJSObject.browser.storage.local.set({settings});"
    run_in_popup(thunderbird, store + "content.location.reload();")
    read_popup(thunderbird, "unpaired")
    typed = f"content.document.getElementById('code').value = '{program.code}';"
    run_in_popup(thunderbird, typed + "content.document.querySelector('form').requestSubmit();")
    assert SENTENCE in read_popup(thunderbird, "mail")
    assert read_badge(thunderbird) == "2"
    assert not any("check.bothways.invalid" in target for _, target, _ in program.requests)
