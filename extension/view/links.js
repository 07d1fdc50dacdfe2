/**
 * The tracked links of a mail: where each led, where it leads now, and both to copy.
 */

import { trackerName } from "../lib/summary.js";
import { readTells } from "../lib/telling.js";
import { button, el, exactValue, name, sentence, text } from "./dom.js";

/** @typedef {import("../lib/client.js").Finding} Finding */

const OPEN_UP_TO = 3;
const STEP = 25;

/** @param {Finding[]} links */
export function viewLinks(links) {
  const list = el("ol", { class: "links" });
  const more = button(text("more_button"), addSome);
  function addSome() {
    const from = list.childElementCount;
    list.append(...links.slice(from, from + STEP).map((link, index) => viewLink(link, from + index + 1)));
    more.hidden = list.childElementCount >= links.length;
  }
  addSome();
  return el(
    "details",
    { class: "section", open: links.length <= OPEN_UP_TO },
    el("summary", {}, el("h2", {}, sentence("links_heading", links.length))),
    list,
    more,
  );
}

/** @param {Finding} link @param {number} number */
function viewLink(link, number) {
  const cleaned = link.replacement;
  const tracker = trackerName(link);
  return el(
    "li",
    {},
    el(
      "p",
      {},
      el("span", { class: `tag ${link.action}` }, text(`action_${link.action}`)),
      " ",
      tracker ? name(tracker) : text("parameters_heading"),
    ),
    el(
      "dl",
      {},
      el("dt", {}, text("link_original")),
      el("dd", {}, exactValue(link.url)),
      el("dt", {}, text("link_cleaned")),
      el("dd", {}, cleaned ? exactValue(cleaned) : text(cleaned === "" ? "link_removed" : notExpanded(link))),
      ...viewTells(link),
    ),
    el(
      "p",
      { class: "buttons" },
      copyButton("copy_original", number, link.url),
      cleaned && copyButton("copy_cleaned", number, cleaned),
    ),
  );
}

/** @param {Finding} link @returns {HTMLElement[]} */
function viewTells(link) {
  const items = readTells(link);
  if (!items.length) return [];
  return [
    el("dt", {}, text(link.action === "seen" ? "tells_now" : "tells_before")),
    el("dd", {}, el("ul", { class: "tells" }, ...items.map(viewTold))),
  ];
}

/** @param {import("../lib/telling.js").Item} item */
function viewTold({ key, values }) {
  const single = key.startsWith("tells_wrapper") || key === "tells_address";
  return el("li", {}, sentence(key, ...(single ? values : [values.join(", ")])));
}

/** @param {Finding} link */
const notExpanded = (link) => (link.why_seen === "opaque" ? "link_opaque" : "link_left");

/** @param {string} key @param {number} number @param {string} value copied exactly as it is in the mail */
function copyButton(key, number, value) {
  const label = el("span", {}, text(key));
  const copy = button(label, async () => {
    const done = await navigator.clipboard.writeText(value).then(
      () => "copied",
      () => "not_copied",
    );
    label.textContent = text(done);
    setTimeout(() => (label.textContent = text(key)), 1500);
  });
  copy.append(el("span", { class: "for-ears" }, ` (${number})`));
  return copy;
}
