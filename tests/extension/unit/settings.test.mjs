import assert from "node:assert/strict";
import { test } from "node:test";

import { parseAddress } from "../../../extension/lib/settings.js";
import { aliasOfMessageId } from "../../../extension/lib/shown.js";

test("only this computer is an address of the program", () => {
  assert.equal(parseAddress(" http://LOCALHOST:8417/ "), "localhost:8417");
  assert.equal(parseAddress("127.0.0.1:65535"), "127.0.0.1:65535");
  for (const wrong of [
    "",
    "127.0.0.1",
    "127.0.0.1:0",
    "127.0.0.1:65536",
    "mail.example:80",
    "127.0.0.1:80@x.example:1",
    "127.0.0.1.x.example:80",
    "https://127.0.0.1:8417",
    "127.0.0.1:8417/path",
  ]) {
    assert.equal(parseAddress(wrong), null, wrong);
  }
});

test("a Message-ID is an alias with its brackets; one that Thunderbird made up is none", () => {
  assert.deepEqual(aliasOfMessageId({ headerMessageId: "a/b%41@x.example" }), ["mid:<a/b%41@x.example>"]);
  assert.deepEqual(aliasOfMessageId({ headerMessageId: "md5:8f14e45fceea167a" }), []);
  assert.deepEqual(aliasOfMessageId({ headerMessageId: "" }), []);
});
