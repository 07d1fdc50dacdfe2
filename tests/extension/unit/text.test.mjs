import assert from "node:assert/strict";
import { test } from "node:test";

import { hostOf, plainProse, shorten, spellOut } from "../../../extension/lib/text.js";

test("what cannot be seen in a URL is spelt out", () => {
  assert.equal(
    spellOut("https://a.example/\u202egnp.exe\u0000\u200b"),
    "https://a.example/\\u{202e}gnp.exe\\u{0}\\u{200b}",
  );
  assert.equal(spellOut("\ud800\u{e0041}"), "\\u{d800}\\u{e0041}");
  assert.equal(spellOut(null), "");
});

test("a name loses control characters and stacked marks, not its script", () => {
  assert.equal(plainProse(" Ann\u202e\u0007  Bell "), "Ann Bell");
  assert.equal(plainProse("نمی\u200cخواهم"), "نمی\u200cخواهم");
  assert.equal(plainProse("Z" + "\u0351".repeat(50)), "Z\u0351\u0351\u0351");
});

test("a long value keeps its beginning and its end, and no half of a character", () => {
  assert.equal(shorten("short", 64), "short");
  const short = shorten("https://a.example/" + "x".repeat(100_000) + "/the-end", 64);
  assert.ok(short.length <= 64 && short.startsWith("https://a.example/") && short.endsWith("/the-end"));
  for (const limit of [64, 65, 66, 67]) assert.doesNotMatch(shorten("😀".repeat(500), limit), /\p{Cs}/u);
});

test("hostile text costs no more than its length", () => {
  const started = performance.now();
  spellOut("\u202e".repeat(1_000_000));
  plainProse("a\u0301".repeat(500_000) + " ".repeat(500_000));
  assert.ok(performance.now() - started < 60_000);
});

test("a host is told only where there is one", () => {
  assert.equal(hostOf("https://t.example:8443/x"), "t.example:8443");
  assert.equal(hostOf("//t.example/x"), "");
  assert.equal(hostOf("javascript:alert(1)"), "");
});
