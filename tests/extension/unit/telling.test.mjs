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
    told("hubspot", "address", "me@buyer.example"),
    told("utm_source", "campaign"),
    told("gclid", "click"),
    told("mc_eid", "recipient"),
    told("mc_eid", "address", "me@buyer.example"),
    told("utm_medium", "campaign"),
  ];
  assert.deepEqual(readTells(link(tells, { layers })), [
    { key: "tells_address", values: ["me@buyer.example"] },
    { key: "tells_wrapper", values: ["HubSpot", "the token: one reader"] },
    { key: "tells_recipient", values: ["mc_eid"] },
    { key: "tells_click", values: ["gclid"] },
    { key: "tells_campaign", values: ["utm_source", "utm_medium"] },
  ]);
});

test("a wrapper that stays is named by the finding's vendor", () => {
  const opaque = { vendor: "mailchimp", vendor_name: "Mailchimp" };
  assert.deepEqual(readTells(link([told("mailchimp", "click")], opaque)), [
    { key: "tells_wrapper_alone", values: ["Mailchimp", ""] },
  ]);
  assert.deepEqual(readTells(link([])), []);
});

test("every class has its words", () => {
  for (const tells of ["recipient", "send", "visitor", "click", "campaign"]) {
    const [{ key }] = readTells(link([told("x", tells)]));
    assert.match(texts[key].message, /\$1/);
  }
});
