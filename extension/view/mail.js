/**
 * What happened to one mail: the sentence, who was kept from what, the links, the sender.
 */

import { groupByVendor, parameterNames, PARAMETERS, summarise } from "../lib/summary.js";
import { counted, el, exactValue, hasText, name, sentence, text, when } from "./dom.js";
import { viewElsewhere } from "./elsewhere.js";
import { viewLinks } from "./links.js";
import { viewNotes, viewPassed } from "./notes.js";

/**
 * @typedef {import("../lib/client.js").Message} Message
 * @typedef {import("../lib/client.js").Finding} Finding
 * @typedef {import("../lib/summary.js").VendorGroup} VendorGroup
 */

const FINDINGS_SHOWN = 20;
const CLIENTS_SHOWN = 5;

/** @param {Message} message @returns {{tone: string, sentence: DocumentFragment}} */
export function viewSummary(message) {
  const { key, names, more, tone } = summarise(message);
  return { tone, sentence: sentence(key, listOf(names, more)) };
}

/** @param {Message} message @returns {HTMLElement[]} */
export function viewMail(message) {
  const links = message.findings.filter((finding) => finding.kind === "click");
  const { blocked = 0, cleaned = 0, seen = 0 } = message.counts;
  return [
    message.findings.length ? viewCounts(message) : null,
    ...viewPassed(message),
    summarise(message).key === "sum_nothing" ? el("p", {}, text("nothing_meaning")) : null,
    ...groupByVendor(message).map((group) =>
      group.id === PARAMETERS ? viewParameters(group) : viewVendor(group),
    ),
    links.length ? viewLinks(links) : null,
    blocked + cleaned + seen > message.findings.length
      ? el("p", { class: "hint" }, sentence("not_all_shown", message.findings.length))
      : null,
    ...viewNotes(message),
    message.clients?.length ? viewClients(message.clients) : null,
    message.sender ? viewSender(message.sender) : null,
  ].filter((node) => node !== null);
}

/** @param {string[]} names @param {number} more */
function listOf(names, more) {
  /** @type {Node[]} */
  const items = names.length ? names.map(name) : [document.createTextNode(text("unknown_tracker"))];
  if (more) items.push(el("span", {}, counted("and_more", more)));
  const fragment = document.createDocumentFragment();
  items.forEach((item, index) => {
    const last = index === items.length - 1;
    fragment.append(index === 0 ? "" : last ? ` ${text("and")} ` : ", ", item);
  });
  return fragment;
}

/** @param {Message} message */
function viewCounts({ counts }) {
  const items = ["blocked", "cleaned", "seen"].filter((action) => counts[action]);
  return el(
    "ul",
    { class: "counts" },
    ...items.map((action) =>
      el("li", { class: `tag ${action}` }, sentence(`count_${action}`, counts[action] ?? 0)),
    ),
  );
}

/** @param {VendorGroup} group */
function viewVendor(group) {
  const title = group.name ? name(group.name) : text("unknown_tracker");
  const company = group.company && group.company !== group.name && sentence("by_company", group.company);
  return el(
    "section",
    { class: group.through ? "vendor through" : "vendor" },
    el("h2", {}, title, " ", el("span", { class: "certainty" }, text(group.known ? "known" : "likely"))),
    el("p", { class: "hint" }, company, company && " · ", counted("found_times", group.findings.length)),
    viewLearns("learns_can", group.canLearn),
    ...whySeen(group.findings),
    viewLearns("learns_would", group.wouldLearn),
    group.byDefault && el("p", { class: "hint" }, text("by_default")),
    viewReasons(group),
    ...viewElsewhere(group.elsewhere),
    viewFindings(group.findings),
  );
}

/** @param {VendorGroup} group links that tell the pages they lead to, with nobody in between */
function viewParameters({ findings, through, elsewhere }) {
  const left = findings.filter((finding) => finding.action === "seen");
  const cleaned = findings.filter((finding) => finding.action !== "seen");
  const named = (/** @type {string} */ key, /** @type {Finding[]} */ some) =>
    some.length > 0 && el("p", {}, sentence(key, el("bdi", {}, parameterNames(some).join(", "))));
  return el(
    "section",
    { class: through ? "vendor through" : "vendor" },
    el("h2", {}, text("parameters_heading")),
    el("p", { class: "hint" }, counted("found_links", findings.length)),
    el("p", {}, text("parameters_meaning")),
    named("parameters_removed", cleaned),
    named("parameters_left", left),
    ...whySeen(findings),
    ...viewElsewhere(elsewhere),
  );
}

/** @param {string} key @param {string[]} items */
function viewLearns(key, items) {
  const list = new Intl.ListFormat(text("language")).format(items.map((item) => text(`learns_${item}`)));
  return items.length > 0 && el("p", {}, el("strong", {}, text(key)), ` ${list}.`);
}

/** @param {VendorGroup} group a guess is explained at once, a rule on demand */
function viewReasons({ reasons, known }) {
  if (!reasons.length) return null;
  return el(
    "details",
    { open: !known },
    el("summary", {}, text(known ? "why_known" : "why_likely")),
    el("ul", {}, ...reasons.map(viewReason)),
  );
}

/** @param {import("../lib/client.js").Reason} reason */
function viewReason({ code: signal, evidence }) {
  const key = `reason_${signal}`;
  const words = /^\w+$/.test(signal) && hasText(key) ? text(key) : sentence("reason_other", signal);
  // A vendor rule's evidence is the rule's own name, which says nothing more.
  const shown = signal === "vendor_rule" ? "" : evidence;
  return el("li", {}, words, shown && el("span", { class: "evidence" }, ": ", exactValue(shown)));
}

/** @param {Finding[]} findings @returns {HTMLElement[]} each reason once why something was left in */
function whySeen(findings) {
  const left = findings.filter((finding) => finding.action === "seen" && finding.why_seen);
  const keys = new Set(left.map(whySeenKey));
  return [...keys].map((key) => el("p", { class: "why-seen" }, text(hasText(key) ? key : "seen_other")));
}

/** @param {Finding} finding */
function whySeenKey({ why_seen: why, kind, visible }) {
  if (why !== "policy") return `seen_${why}`;
  if (kind === "click") return "seen_policy_click";
  return visible ? "seen_policy_visible" : "seen_policy";
}

/** @param {Finding[]} findings */
function viewFindings(findings) {
  const shown = findings.filter((finding) => finding.kind !== "click").slice(0, FINDINGS_SHOWN);
  if (!shown.length) return null;
  return el(
    "details",
    {},
    el("summary", {}, text("show_findings")),
    el("ul", { class: "findings" }, ...shown.map(viewFinding)),
  );
}

/** @param {Finding} finding */
function viewFinding(finding) {
  return el(
    "li",
    {},
    el("span", { class: `tag ${finding.action}` }, text(`action_${finding.action}`)),
    " ",
    sentence(finding.visible ? "place_visible" : "place_hidden", `<${finding.element} ${finding.attribute}>`),
    exactValue(finding.url),
  );
}

/** @param {string[]} clients mail programs, by their own names */
function viewClients(clients) {
  const shown = clients.slice(0, CLIENTS_SHOWN);
  return el("p", { class: "hint" }, sentence("fetched_by", listOf(shown, clients.length - shown.length)));
}

/** @param {import("../lib/client.js").Sender} sender */
function viewSender(sender) {
  const who = el(
    "span",
    {},
    sender.name && name(sender.name),
    sender.name && " ",
    el("span", { class: "address" }, name(sender.address)),
  );
  return el(
    "section",
    { class: "sender" },
    el("h2", {}, text("sender_heading")),
    el("p", {}, who),
    el("p", { class: "hint" }, sentence("sender_seen", when(sender.first_seen), when(sender.last_seen))),
    el(
      "p",
      { class: "hint" },
      counted("sender_mails", sender.messages),
      " ",
      counted("sender_tracked", sender.tracked),
    ),
  );
}
