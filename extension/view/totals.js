/**
 * The totals of today and of the last 30 days.
 */

import { el, text } from "./dom.js";

const ROWS = ["messages", "tracked", "blocked", "cleaned", "seen", "open_attempts"];

/** @param {{today: import("../lib/client.js").Totals, days30: import("../lib/client.js").Totals}} totals */
export function viewTotals({ today, days30 }) {
  const head = (/** @type {string} */ key) => el("th", { scope: "col" }, text(key));
  const row = (/** @type {string} */ key) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, text(`total_${key}`)),
      el("td", {}, String(today[key] ?? 0)),
      el("td", {}, String(days30[key] ?? 0)),
    );
  return el(
    "details",
    { class: "section" },
    el("summary", {}, el("h2", {}, text("totals_heading"))),
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, el("td"), head("total_today"), head("total_days30"))),
      el("tbody", {}, ...ROWS.map(row)),
    ),
  );
}
