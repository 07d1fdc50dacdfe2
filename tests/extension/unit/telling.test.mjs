import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { readTells } from "../../../extension/lib/telling.js";

const texts = JSON.parse(
  readFileSync(new URL("../../../extension/_locales/en/messages.json", import.meta.url)),
);
const told = (by, tells, detail = "") => ({ by, tells, detail });
const link = (tells, changes = {}) => ({ tells, layers: [], vendor: null, vendor_name: null, ...changes });

test("addresses come first, then wrappers, then parameters by what they tell", () => {
  const layers = [{ vendor: "hubspot", vendor_name: "HubSpot", url: "" }];
  const tells = [
    told("hubspot", "click", "the token: one reader"),
    told("hubspot", "recipient"),
    told("hubspot", "address", "me@buyer.example"),
    told("utm_source", "campaign"),
    told("gclid", "click"),
    told("mc_eid", "recipient"),
    told("mc_eid", "address", "me@buyer.example"),
    told("utm_medium", "campaign"),
  ];
  assert.deepEqual(readTells(link(tells, { layers })), [
    { key: "tells_address", values: ["me@buyer.example"] },
    { key: "tells_wrapper_recipient", values: ["HubSpot"] },
    { key: "tells_recipient", values: ["mc_eid"] },
    { key: "tells_click", values: ["gclid"] },
    { key: "tells_campaign", values: ["utm_source", "utm_medium"] },
  ]);
});

test("a wrapper that stays is named by the finding's vendor", () => {
  const opaque = { vendor: "mailchimp", vendor_name: "Mailchimp" };
  assert.deepEqual(readTells(link([told("mailchimp", "click")], opaque)), [
    { key: "tells_wrapper", values: ["Mailchimp"] },
  ]);
  assert.deepEqual(readTells(link([])), []);
});

test("a wrapper tells who, in which mail, or both", () => {
  const hubspot = { vendor: "hubspot", vendor_name: "HubSpot" };
  const keys = [["recipient"], ["send"], ["recipient", "send"]].map((classes) => {
    const tells = ["click", ...classes].map((tell) => told("hubspot", tell));
    return readTells(link(tells, hubspot)).map(({ key }) => key);
  });
  assert.deepEqual(keys, [["tells_wrapper_recipient"], ["tells_wrapper_send"], ["tells_wrapper_both"]]);
  for (const [key] of keys) assert.match(texts[key].message, /\$1/);
});

test("every class has its words", () => {
  for (const tells of ["recipient", "send", "visitor", "click", "campaign"]) {
    const [{ key }] = readTells(link([told("x", tells)]));
    assert.match(texts[key].message, /\$1/);
  }
});
