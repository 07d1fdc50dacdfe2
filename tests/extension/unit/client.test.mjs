import assert from "node:assert/strict";
import { test } from "node:test";

import { aliasQuery } from "../../../extension/lib/client.js";

test("aliases are asked for as they are", () => {
  assert.equal(aliasQuery(["mid:<a/b%c@x>", "web:h/-/I/1"]), "alias=mid%3A%3Ca%2Fb%25c%40x%3E&alias=web%3Ah%2F-%2FI%2F1");
  assert.equal(aliasQuery([]), "");
});

test("a Message-ID without end is cut, never through a character", () => {
  const query = new URLSearchParams(aliasQuery([`mid:<${"\u{1f600}".repeat(20_000)}>`]));
  assert.equal([...query.get("alias")].length, 9000);
  assert.doesNotMatch(query.get("alias"), /\ufffd/);
});

test("what would make the address too long is left out", () => {
  const names = Array.from({ length: 20 }, (_, index) => `mid:<${index}${"é".repeat(8000)}>`);
  const query = aliasQuery(names);
  assert.ok(query.length <= 200_000);
  assert.ok(new URLSearchParams(query).getAll("alias").length >= 3);
});
