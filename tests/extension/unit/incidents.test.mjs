import assert from "node:assert/strict";
import { test } from "node:test";

import { readIncidents } from "../../../extension/lib/incidents.js";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const incident = (changes = {}) => ({
  id: 1,
  kind: "passed",
  reason: "limit",
  route: "imap",
  account: "anna@buyer.example",
  server: "imap.buyer.example",
  times: 1,
  first_seen: "2026-11-20T11:00:00Z",
  last_seen: "2026-11-20T11:00:00Z",
  ...changes,
});

test("the latest names the place, each reason is told once, a connection is one", () => {
  const told = readIncidents(
    [
      incident({ reason: "fault:KeyError", kind: "went_through", account: "" }),
      incident(),
      incident({ kind: "passed", server: "" }),
      incident({ reason: "error:a:b", account: "other@buyer.example" }),
      incident({ reason: "odd" }),
    ],
    NOW,
  );
  assert.deepEqual(told, {
    place: "imap.buyer.example",
    more: 2,
    last: "2026-11-20T11:00:00Z",
    whole: true,
    reasons: [
      { code: "fault", detail: "KeyError" },
      { code: "limit", detail: "" },
      { code: "error", detail: "a:b" },
    ],
  });
});

test("what is older than a day, or has no readable date, is not told", () => {
  const old = incident({ last_seen: "2026-11-19T11:00:00Z" });
  assert.equal(readIncidents([old, incident({ last_seen: "soon" })], NOW), null);
  assert.equal(readIncidents([old, incident()], NOW)?.more, 0);
  assert.equal(readIncidents([], NOW), null);
});
