/**
 * Mail that passed without being looked at, in plain words above everything else.
 *
 * Its words are `incident_CODE` of `_locales`.
 */

import { readIncidents } from "../lib/incidents.js";
import { counted, el, hasText, name, sentence, text, when } from "./dom.js";

/** @param {import("../lib/client.js").Incident[]} incidents @returns {Node[] | null} */
export function viewIncidents(incidents) {
  const passed = readIncidents(incidents);
  if (passed === null) return null;
  const { place, more, last, whole, reasons } = passed;
  const today = new Date(last).toDateString() === new Date().toDateString();
  const moment = when(last, { timeStyle: "short", ...(today ? {} : { dateStyle: "medium" }) });
  const where = el("span", {}, place ? name(place) : text("incidents_account"));
  if (more > 0) where.append(` ${text("and")} `, counted("and_more", more));
  const why = el("p", { class: "hint" });
  for (const reason of reasons) why.append(inWords(reason), " ");
  if (whole) why.append(text("incidents_whole"));
  return [el("p", {}, sentence("incidents", where, moment)), why];
}

/** @param {import("../lib/incidents.js").Why} why */
function inWords({ code, detail }) {
  const key = `incident_${code}`;
  if (/^\w+$/.test(code) && hasText(key)) return sentence(key, detail);
  return sentence("incident_other", detail ? `${code}:${detail}` : code);
}
