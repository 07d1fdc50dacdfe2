// What the tests do in Thunderbird, run in the program's own scope before a call of one of these functions.

const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");

const main = Services.wm.getMostRecentWindow("mail:3pane");
const sleep = (ms) => new Promise((resolve) => main.setTimeout(resolve, ms));
const list = () => main.document.getElementById("tabmail").currentAbout3Pane;
const reader = () => list().messageBrowser.contentWindow;

// While folders come and go, what a probe looks at may be gone: then it looks again.
async function until(probe, what) {
  let trouble = "";
  for (const end = Date.now() + 100_000; Date.now() < end; await sleep(100)) {
    try {
      const value = await probe();
      if (value) return value;
      trouble = "";
    } catch (error) {
      trouble = `: ${error}`;
    }
  }
  throw new Error(`waited in vain for ${what}${trouble}`);
}

// Thunderbird keeps passwords of POP3 under "mailbox:".
async function storePassword(scheme, host, user, password) {
  const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
  login.init(`${scheme}://${host}`, null, `${scheme}://${host}`, user, password, "", "");
  await Services.logins.addLoginAsync(login);
}

// Right after the start a check for new mail races with the discovery of folders: the folder is asked again and again.
// Trash comes last, and its coming moves the selection in the tree of folders.
async function fetchMail() {
  const { incomingServer: server } = MailServices.accounts.accounts.find((each) => each.incomingServer.type != "none");
  if (server.type == "pop3") return fetchOverPop3(server);
  server.performExpand(main.msgWindow);
  let turn = 0;
  return until(() => {
    const inbox = server.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);
    if (inbox && turn++ % 10 == 5) inbox.updateFolder(main.msgWindow);
    const trash = server.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Trash);
    return trash && inbox && inbox.getTotalMessages(false) > 0 ? inbox.URI : null;
  }, "mail in the inbox");
}

async function fetchOverPop3(server) {
  const inbox = server.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);
  const status = await new Promise((resolve) => {
    const listener = { OnStartRunningUrl() {}, OnStopRunningUrl: (_url, code) => resolve(code) };
    server.getNewMessages(inbox, main.msgWindow, listener);
  });
  if (!Components.isSuccessCode(status)) throw new Error(`getting new mail failed: ${status}`);
  return until(() => (inbox.getTotalMessages(false) > 0 ? inbox.URI : null), "mail in the inbox");
}

async function select(folder, subject) {
  const view = await until(() => {
    if (list().gFolder?.URI != folder) list().displayFolder(folder);
    return list().gFolder?.URI == folder && list().gDBView?.rowCount > 0 && list().gDBView;
  }, "the list of messages");
  const subjectOf = (row) => view.getMsgHdrAt(row).mime2DecodedSubject;
  const rows = () => [...Array(view.rowCount).keys()].filter((row) => subjectOf(row) == subject);
  const [row] = await until(() => (rows().length ? rows() : null), "the message in the list");
  let loaded = false;
  reader().addEventListener("MsgLoaded", () => (loaded = true), { once: true });
  list().threadTree.selectedIndex = -1; // or nothing happens where this row is selected already
  list().threadTree.selectedIndex = row;
  // Nothing is loaded any more where the folder went out of view.
  const end = Date.now() + 20_000;
  await until(() => loaded || list().gFolder?.URI != folder || Date.now() > end, "the message to be loaded");
}

// What still moves in the tree of folders (Trash comes last) may take a mail out of view again.
async function show(folder, subject) {
  const subjectShown = () => {
    try {
      return reader().gMessage?.mime2DecodedSubject;
    } catch {
      return null; // its folder was opened anew meanwhile
    }
  };
  const isSelected = () => list().gFolder?.URI == folder && subjectShown() == subject;
  // Asked for anew each time: a document that was just replaced is a dead object.
  const shown = () => reader().getMessagePaneBrowser().contentDocument;
  const isDrawn = () => shown().readyState == "complete" && [...shown().images].every((image) => image.complete);
  await until(async () => {
    if (!isSelected()) await select(folder, subject);
    return isSelected() && isDrawn();
  }, "the mail and its images");
  const images = [...shown().images].map((image) => [image.src, image.naturalWidth]);
  return { html: shown().documentElement.outerHTML, images };
}

// Not every click tells: the extension may be starting still, or the window not be the active one yet. And
// where the mail went out of view, so did the button.
async function openPopup(folder, subject) {
  const button = () => reader().document.querySelector("[id*=messageDisplayAction]");
  let turn = 0;
  await until(async () => {
    if (turn++ % 30 == 0 && !popups().length) {
      if (!button()?.getBoundingClientRect().width) await show(folder, subject);
      main.focus();
      button()?.click();
    }
    return popups().length;
  }, "the popup to open");
}

function popups() {
  const all = (each) => [...each.document.querySelectorAll("browser.webextension-popup-browser")];
  return [main, reader(), list()].flatMap(all);
}

// The popup lives in another process: the body of a function(document, values) is sent there, its result comes back.
async function inPopup(body, values) {
  const { messageManager: manager } = await until(() => popups().at(0), "the popup");
  const reply = `testbed:${Math.random()}`;
  const script = `
    (async () => (function (document, values) { ${body} })(content.document, ${JSON.stringify(values)}))().then(
      (value) => sendAsyncMessage("${reply}", { value }),
      (error) => sendAsyncMessage("${reply}", { error: String(error) }));`;
  const answer = new Promise((resolve) => {
    manager.addMessageListener(reply, function listen({ data }) {
      manager.removeMessageListener(reply, listen);
      resolve(data);
    });
  });
  manager.loadFrameScript(`data:application/javascript;charset=utf-8,${encodeURIComponent(script)}`, false);
  const { value, error } = await answer;
  if (error) throw new Error(error);
  return value;
}

async function popupState(before) {
  // A page that is just being left answers nothing.
  const read = () => Promise.race([inPopup("return document.body?.dataset.state ?? null", []), sleep(3000)]);
  return until(async () => {
    const state = await read();
    return state && state != before ? state : null;
  }, "the state of the popup");
}

// A panel grows a while after its content has.
async function popupSettles() {
  const height = () => popups().at(0)?.getBoundingClientRect().height ?? 0;
  let before = -1;
  let still = 0;
  await until(() => {
    still = height() == before ? still + 1 : 0;
    before = height();
    return still == 8;
  }, "the popup to settle");
}
