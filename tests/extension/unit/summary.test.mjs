import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { groupByVendor, openGotThrough, parameterNames, summarise } from "../../../extension/lib/summary.js";

const texts = JSON.parse(
  readFileSync(new URL("../../../extension/_locales/en/messages.json", import.meta.url)),
);
const finding = (changes = {}) => ({
  kind: "open",
  certainty: "known",
  action: "blocked",
  url: "https://t.example/o",
  vendor: "yesware",
  vendor_name: "Yesware",
  company: "Yesware, Inc.",
  carrier: "t.example",
  reasons: [],
  ...changes,
});
const message = (...findings) => ({ notes: [], vendors: [], counts: {}, findings });

test("every sentence that can come is written", () => {
  for (const kind of ["open", "click", "receipt", "prefetch"]) {
    for (const action of ["blocked", "cleaned", "seen"]) {
      for (const certainty of ["known", "likely"]) {
        const { key } = summarise(message(finding({ kind, action, certainty })));
        assert.ok(texts[key], key);
        assert.equal(/probably/.test(texts[key].message), certainty === "likely", key);
      }
    }
  }
});

test("no sentence claims that somebody saw the mail being read, nor that a mail is safe", () => {
  for (const [key, { message: words }] of Object.entries(texts)) {
    assert.doesNotMatch(words, /\bsafe\b|saw you|knows? you read/i, key);
  }
});

test("an open that got through is told before one that was blocked, and that before clicks", () => {
  const blocked = finding();
  const through = finding({ action: "seen", vendor_name: "Streak" });
  const click = finding({ kind: "click", action: "seen", vendor_name: "Mixmax" });
  assert.deepEqual(summarise(message(click, blocked, through)), {
    key: "sum_open_seen_known",
    names: ["Streak"],
    more: 0,
    tone: "through",
  });
  assert.equal(summarise(message(click, blocked)).names[0], "Yesware");
  assert.equal(openGotThrough(message(click, blocked)), false);
});

test("names come once, three at most, known ones alone where there are any", () => {
  const named = ["A", "A", "B", "C", "D", "E"].map((name) => finding({ vendor_name: name }));
  const { names, more } = summarise(message(...named, finding({ certainty: "likely", vendor_name: "Z" })));
  assert.deepEqual([names, more], [["A", "B", "C"], 2]);
});

test("a finding without a vendor goes by its host", () => {
  const unknown = { vendor: null, vendor_name: null, company: null, certainty: "likely" };
  const groups = groupByVendor(
    message(finding({ ...unknown, carrier: "a.example" }), finding({ ...unknown, carrier: null })),
  );
  assert.deepEqual(
    groups.map((group) => group.name),
    ["a.example", "t.example"],
  );
});

const parameters = {
  kind: "click",
  action: "cleaned",
  vendor: null,
  vendor_name: null,
  company: null,
  carrier: null,
  url: "https://shop.example/?utm_source=a",
  reasons: ["utm_source", "gclid"].map((evidence) => ({ code: "parameter", evidence })),
};

test("links that tell by their own parameters name nobody and are one group", () => {
  const links = [finding(parameters), finding({ ...parameters, url: "https://other.example/?gclid=1" })];
  const [group] = groupByVendor(message(...links));
  assert.deepEqual([group.id, group.name, group.findings.length], ["parameters", "", 2]);
  assert.deepEqual(parameterNames(links), ["utm_source", "gclid"]);
  for (const action of ["cleaned", "seen"]) {
    const { key, names } = summarise(message(finding({ ...parameters, action })));
    assert.ok(texts[key], key);
    assert.deepEqual(names, []);
  }
});

test("a click wrapper is told before parameters, and alone named", () => {
  const wrapped = finding({ kind: "click", action: "cleaned" });
  const { key, names } = summarise(message(finding(parameters), wrapped));
  assert.deepEqual([key, names], ["sum_click_handled_known", ["Yesware"]]);
});

test("beside a group stands what other mails say most of, of what loads first", () => {
  const elsewhere = (same_url, same_shape) => ({ same_url, same_shape, senders: 1, first_seen: "" });
  const click = finding({ kind: "click", elsewhere: elsewhere(0, 90) });
  const opens = [finding({ elsewhere: elsewhere(1, 0) }), finding({ elsewhere: elsewhere(0, 3) })];
  const of = (...findings) => groupByVendor(message(...findings))[0].elsewhere?.same_shape;
  assert.deepEqual([of(click, ...opens), of(click, finding()), of(finding())], [3, 90, undefined]);
});

test("what was kept away and what can be learned are told apart", () => {
  const [group] = groupByVendor(message(finding(), finding({ kind: "click", action: "seen" })));
  assert.deepEqual(group.canLearn, ["clicks", "time", "place", "device"]);
  assert.deepEqual(group.wouldLearn, ["open"]);
});

test("a vendor learns no more than its entry in the catalogue says", () => {
  const vendors = [
    { id: "yesware", name: "Yesware", company: "", learns: ["open", "time"], tracks_by_default: true },
  ];
  const [group] = groupByVendor({
    ...message(finding(), finding({ kind: "click", action: "cleaned" })),
    vendors,
  });
  assert.deepEqual(group.wouldLearn, ["open", "time"]);
});

test("a mail that nobody looked at is not called free of known trackers", () => {
  for (const note of ["paused", "not_looked_at:window", "not_looked_at:limit", "failed:ValueError"]) {
    const { key } = summarise({ ...message(), notes: [note] });
    assert.notEqual(key, "sum_nothing", note);
    assert.ok(texts[key], key);
  }
  assert.equal(summarise({ ...message(), notes: ["dkim"] }).key, "sum_nothing");
});
