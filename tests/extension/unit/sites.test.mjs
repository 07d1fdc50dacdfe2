import assert from "node:assert/strict";
import { test } from "node:test";

import { aliasesOfFrames } from "../../../extension/sites/index.js";
import { aliasOf } from "../../../extension/sites/roundcube.js";

test("Roundcube's reading pane and its own page name the same message", () => {
  const wanted = "web:mail.example.org/-/INBOX/12";
  assert.equal(
    aliasOf("https://mail.example.org/roundcube/?_task=mail&_uid=12&_mbox=INBOX&_framed=1&_action=preview"),
    wanted,
  );
  for (const action of ["show", "print"]) {
    assert.equal(aliasOf(`https://mail.example.org/?_task=mail&_action=${action}&_uid=12&_mbox=INBOX`), wanted);
  }
});

test("a mailbox is escaped where it holds a slash or a percent sign, and only there", () => {
  const page = "http://localhost:8080/?_task=mail&_action=show&_uid=3&_mbox=";
  assert.equal(aliasOf(`${page}INBOX%2F50%25+off`), "web:localhost:8080/-/INBOX%2F50%25 off/3");
  assert.equal(aliasOf(`${page}Entw%26APw-rfe`), "web:localhost:8080/-/Entw&APw-rfe/3");
});

test("what shows no message has no alias", () => {
  for (const url of [
    "https://mail.example.org/?_task=mail&_mbox=INBOX",
    "https://mail.example.org/?_task=mail&_action=compose&_uid=12&_mbox=INBOX",
    "https://mail.example.org/?_task=settings&_action=show&_uid=12&_mbox=INBOX",
    "https://mail.example.org/?_task=mail&_action=show&_uid=12abc&_mbox=INBOX",
    "https://mail.example.org/?_task=mail&_action=show&_uid=12",
    "about:blank",
    "file:///mail/?_task=mail&_action=show&_uid=12&_mbox=INBOX",
    "",
  ]) {
    assert.equal(aliasOf(url), null, url);
  }
});

test("a tab's frames give each message once, and never more than a few", () => {
  const frame = (uid) => `https://m.example/?_task=mail&_action=preview&_uid=${uid}&_mbox=INBOX`;
  assert.deepEqual(aliasesOfFrames(["https://m.example/", frame(1), frame(1)]), ["web:m.example/-/INBOX/1"]);
  assert.equal(aliasesOfFrames(Array.from({ length: 500 }, (_, uid) => frame(uid))).length, 20);
});
