"""Showing a mail in Thunderbird and using our button's popup there."""

import time

from testbed.marionette import Marionette
from testbed.processes import SECONDS

from drivers.gecko import ADDON, run_in

_WINDOW = """
const win = Services.wm.getMostRecentWindow("mail:3pane");
const sleep = (ms) => new Promise((resolve) => win.setTimeout(resolve, ms));
const until = async (look) => {
  for (const end = Date.now() + 100_000; Date.now() < end; await sleep(100)) {
    try {
      const got = look();
      if (got) return got;
    } catch {}  // what is looked at may be going
  }
  throw new Error(`never came true: ${look}`);
};
const pane = await until(() => win.document.getElementById("tabmail")?.currentAbout3Pane);
"""
_SHOW = """
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const folder = MailServices.accounts.localFoldersServer.rootFolder
  .QueryInterface(Ci.nsIMsgLocalMailFolder).createLocalSubfolder("Offers").QueryInterface(Ci.nsIMsgLocalMailFolder);
folder.addMessage("From - Fri Nov 20 17:30:00 2026\\r\\n" + args[0]);
await until(() => pane.threadTree);
pane.displayFolder(folder.URI);
await until(() => pane.gDBView?.rowCount);
const view = pane.messageBrowser.contentWindow;
const loaded = new Promise((resolve) => view.addEventListener("MsgLoaded", resolve, { once: true }));
pane.threadTree.selectedIndex = 0;
await loaded;
"""
_POPUP = """
const view = pane.messageBrowser.contentWindow;
const button = await until(() => view.document.querySelector(`[data-extensionid="${args[0]}"]`));
const browser = () =>
  [view, win].map((place) => place.document.querySelector(".webextension-popup-browser")).find(Boolean);
"""
_PRESS = """
let turn = 0;  // not every press tells: the extension may be starting still
await until(() => {
  if (turn++ % 30 == 0 && !browser()) button.click();
  return browser()?.closest("panel")?.state === "open";
});
"""
_IN_POPUP = """
const run = `const work = async () => { ${args[1]} };
  const tell = (outcome) => sendAsyncMessage("test:done", outcome);
  work().then(tell, (error) => tell(String(error)));`;
return new Promise((resolve) => {
  win.setTimeout(resolve, 2000, null);  // a page that is just being left answers nothing
  const { messageManager } = browser();
  messageManager.addMessageListener("test:done", function done({ data }) {
    messageManager.removeMessageListener("test:done", done);
    resolve(data);
  });
  messageManager.loadFrameScript("data:application/javascript," + encodeURIComponent(run), false);
});
"""


def show_mail(client: Marionette, mail: str) -> None:
    """Put a mail into a local folder and show it."""
    run_in(client, "chrome", _WINDOW + _SHOW, mail)


def open_popup(client: Marionette) -> None:
    """Press our button in the message's header."""
    run_in(client, "chrome", _WINDOW + _POPUP + _PRESS, ADDON)


def run_in_popup(client: Marionette, script: str) -> object:
    """Run the body of an async function beside the popup's page, which is `content`."""
    return run_in(client, "chrome", _WINDOW + _POPUP + _IN_POPUP, ADDON, script)


def read_popup(client: Marionette, state: str) -> str:
    """Wait until the popup is in this state and give its text."""
    script = "const { body } = content.document; return [body?.dataset.state, body?.innerText];"
    outcome: object = None
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        outcome = run_in_popup(client, script)
        if isinstance(outcome, list) and outcome[0] == state:
            return str(outcome[1])
        time.sleep(0.1)
    raise AssertionError(outcome)


def read_badge(client: Marionette) -> str | None:
    """Give the number on our button once there is one."""
    script = 'return until(() => button.getAttribute("badge"));'
    badge: str | None = run_in(client, "chrome", _WINDOW + _POPUP + script, ADDON)
    return badge
