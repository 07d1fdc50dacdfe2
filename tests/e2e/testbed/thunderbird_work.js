// What a reader does all day in Thunderbird, run in the program's own scope behind thunderbird.js.

const account = () => MailServices.accounts.accounts.find((each) => each.incomingServer.type != "none");
const folderOf = (flag) => account().incomingServer.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags[flag]);
const subjectsOf = (folder) => [...folder.messages].map((message) => message.mime2DecodedSubject).sort();

function messageOf(folder, subject) {
  const find = () => [...folder.messages].find((each) => each.mime2DecodedSubject == subject);
  return until(find, `the message ${subject}`);
}

function finished(start) {
  return new Promise((resolve, reject) => {
    const end = (status) => (Components.isSuccessCode(status) ? resolve() : reject(new Error(`status ${status}`)));
    start({ onStartCopy() {}, onProgress() {}, setMessageKey() {}, getMessageId: () => null, onStopCopy: end });
  });
}

// Nobody asks for new mail here: the server tells of it.
async function waitForSubject(flag, subject) {
  await until(() => subjectsOf(folderOf(flag)).includes(subject), `the coming of ${subject}`);
}

async function moveToTrash(subject) {
  const [inbox, trash] = [folderOf("Inbox"), folderOf("Trash")];
  const messages = [await messageOf(inbox, subject)];
  await finished((listener) =>
    MailServices.copy.copyMessages(inbox, messages, trash, true, listener, main.msgWindow, false),
  );
}

async function deleteMessage(subject) {
  const inbox = folderOf("Inbox");
  const messages = [await messageOf(inbox, subject)];
  await finished((listener) => inbox.deleteMessages(messages, main.msgWindow, false, false, listener, false));
}

// The server searches in the texts.
async function searchServer(words) {
  const inbox = folderOf("Inbox");
  const session = Cc["@mozilla.org/messenger/searchSession;1"].createInstance(Ci.nsIMsgSearchSession);
  session.addScopeTerm(Ci.nsMsgSearchScope.onlineMail, inbox);
  const term = session.createTerm();
  term.attrib = Ci.nsMsgSearchAttrib.Body;
  term.op = Ci.nsMsgSearchOp.Contains;
  const value = term.value;
  value.attrib = term.attrib;
  value.str = words;
  term.value = value;
  term.booleanAnd = true;
  session.appendTerm(term);
  const found = [];
  await new Promise((resolve) => {
    session.registerListener({
      onSearchHit: (message) => found.push(message.mime2DecodedSubject),
      onSearchDone: resolve,
      onNewSearch() {},
    });
    session.search(main.msgWindow);
  });
  return found.sort();
}

async function downloadAll() {
  const inbox = folderOf("Inbox");
  // New mail is being stored already; to ask meanwhile opens a dialog.
  await until(() => !inbox.locked, "the inbox to be free");
  const status = await new Promise((resolve) => {
    inbox.downloadAllForOffline({ OnStartRunningUrl() {}, OnStopRunningUrl: (_url, code) => resolve(code) }, main.msgWindow);
  });
  if (!Components.isSuccessCode(status)) throw new Error(`download: ${status}`);
  const stored = () => [...inbox.messages].every((message) => message.flags & Ci.nsMsgMessageFlags.Offline);
  await until(stored, "all messages to be stored");
  return inbox.filePath.path;
}

function complaints() {
  return Services.console
    .getMessageArray()
    .filter((each) => each instanceof Ci.nsIScriptError && !(each.flags & Ci.nsIScriptError.warningFlag))
    .map((each) => `${each.sourceName}: ${each.errorMessage}`)
    .filter((line) => /imap/i.test(line));
}
