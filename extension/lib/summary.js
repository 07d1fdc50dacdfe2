/**
 * What a message's findings say, as keys of `_locales` and plain data. No sentence is written here and
 * nothing is claimed beyond the finding: known or likely, kept away or left in.
 *
 * @typedef {import("./client.js").Message} Message
 * @typedef {import("./client.js").Finding} Finding
 * @typedef {import("./client.js").Reason} Reason
 * @typedef {{key: string, names: string[], more: number, tone: "none" | "handled" | "through"}} Summary
 * @typedef {import("./client.js").Elsewhere} Elsewhere
 * @typedef {{id: string, name: string, company: string, byDefault: boolean, wouldLearn: string[], canLearn: string[],
 *   known: boolean, through: boolean, findings: Finding[], reasons: Reason[],
 *   elsewhere: Elsewhere | null}} VendorGroup
 */

import { hostOf } from "./text.js";

/** What matters most to the reader comes first. */
const ORDER = [
  ["open", "seen"],
  ["prefetch", "seen"],
  ["receipt", "seen"],
  ["open", "handled"],
  ["prefetch", "handled"],
  ["receipt", "handled"],
  ["click", "seen"],
  ["click", "handled"],
  ["parameters", "seen"],
  ["parameters", "handled"],
];
/** What tells nothing before the reader clicks. */
const FOLLOWED = new Set(["click", "parameters"]);
const NAMES_SHOWN = 3;
const LEARNS_ORDER = ["open", "clicks", "time", "place", "device"];

/** The group of links that tell by their own parameters. */
export const PARAMETERS = "parameters";

/** @param {Finding} finding */
const outcome = (finding) => (finding.action === "seen" ? "seen" : "handled");

/**
 * True of a link without a wrapper, whose own parameters tell the page it leads to; nobody is in between.
 * @param {Finding} finding
 */
export function tellsByParameters(finding) {
  return finding.kind === "click" && !finding.vendor && !finding.carrier;
}

/** @param {Finding} finding */
const kindOf = (finding) => (tellsByParameters(finding) ? "parameters" : finding.kind);

/** @param {Finding} finding @returns {string} "" when not even a host is known, or nobody is in between */
export function trackerName(finding) {
  if (tellsByParameters(finding)) return "";
  return finding.vendor_name || finding.company || finding.carrier || hostOf(finding.url);
}

/**
 * True when something can tell the sender of an open although the mail passed through us.
 * @param {Message} message
 */
export function openGotThrough(message) {
  return message.findings.some((finding) => finding.kind === "open" && finding.action === "seen");
}

/**
 * True when the mail was passed on unread: then nothing found means nothing.
 * @param {Message} message
 */
export function couldNotCheck(message) {
  return message.notes.some((note) => note.startsWith("failed"));
}

/**
 * True when a copy of the mail was passed on without being looked at: during a pause, or read in pieces.
 * @param {Message} message
 */
export function passedUnchecked(message) {
  return message.notes.some((note) => note === "paused" || note.startsWith("not_looked_at"));
}

/**
 * The one sentence about a message.
 * @param {Message} message
 * @returns {Summary}
 */
export function summarise(message) {
  for (const [kind, result] of ORDER) {
    const all = message.findings.filter((finding) => kindOf(finding) === kind && outcome(finding) === result);
    if (all.length === 0) continue;
    const known = all.filter((finding) => finding.certainty === "known");
    const names = [...new Set((known.length ? known : all).map(trackerName))].filter(Boolean);
    return {
      key: `sum_${kind}_${result}_${known.length ? "known" : "likely"}`,
      names: names.slice(0, NAMES_SHOWN),
      more: Math.max(0, names.length - NAMES_SHOWN),
      tone: result === "seen" && !FOLLOWED.has(kind) ? "through" : "handled",
    };
  }
  return { key: sentenceWithoutFindings(message), names: [], more: 0, tone: "none" };
}

/** @param {Message} message */
function sentenceWithoutFindings(message) {
  if (couldNotCheck(message)) return "sum_failed";
  return passedUnchecked(message) ? "sum_unchecked" : "sum_nothing";
}

/**
 * The findings by whose tool they are, or by host where the tool is unknown; what got through first.
 * @param {Message} message
 * @returns {VendorGroup[]}
 */
export function groupByVendor(message) {
  const groups = Map.groupBy
    ? Map.groupBy(message.findings, groupId)
    : message.findings.reduce((map, finding) => {
        const id = groupId(finding);
        return map.set(id, [...(map.get(id) ?? []), finding]);
      }, new Map());
  const vendors = new Map(message.vendors.map((vendor) => [vendor.id, vendor]));
  return [...groups]
    .map(([id, findings]) => describe(id, findings, vendors.get(findings[0].vendor ?? "")))
    .sort((a, b) => Number(b.through) - Number(a.through) || b.findings.length - a.findings.length);
}

/** @param {Finding} finding */
function groupId(finding) {
  if (tellsByParameters(finding)) return PARAMETERS;
  return finding.vendor ? `vendor:${finding.vendor}` : `host:${finding.carrier || hostOf(finding.url)}`;
}

/**
 * @param {string} id @param {Finding[]} findings @param {import("./client.js").Vendor | undefined} vendor
 * @returns {VendorGroup}
 */
function describe(id, findings, vendor) {
  const left = findings.filter((finding) => finding.action === "seen");
  const canLearn = learned(left, vendor?.learns);
  return {
    id,
    name: vendor?.name || trackerName(findings[0]),
    company: vendor?.company || findings[0].company || "",
    byDefault: vendor?.tracks_by_default ?? false,
    wouldLearn: learned(findings, vendor?.learns).filter((item) => !canLearn.includes(item)),
    canLearn,
    known: findings.some((finding) => finding.certainty === "known"),
    through: left.length > 0,
    findings,
    reasons: distinctReasons(findings),
    elsewhere: mostElsewhere(findings),
  };
}

/**
 * What these findings tell: an open only where one was found, clicks only where a link was.
 * @param {Finding[]} findings @param {string[] | undefined} vendorLearns
 */
function learned(findings, vendorLearns) {
  if (!findings.length) return [];
  const kinds = new Set(findings.map((finding) => finding.kind));
  const possible = new Set(["time", "place", "device"]);
  if (kinds.has("open") || kinds.has("prefetch") || kinds.has("receipt")) possible.add("open");
  if (kinds.has("click")) possible.add("clicks");
  if (kinds.size === 1 && kinds.has("receipt")) ["place", "device"].forEach((item) => possible.delete(item));
  return LEARNS_ORDER.filter((item) => possible.has(item) && (vendorLearns?.includes(item) ?? true));
}

/**
 * What other mails say most of: of what loads by itself, else of a link.
 * @param {Finding[]} findings @returns {Elsewhere | null}
 */
function mostElsewhere(findings) {
  const told = findings.filter((finding) => finding.elsewhere);
  const loads = told.filter((finding) => finding.kind !== "click");
  const known = (loads.length ? loads : told).map((finding) => /** @type {Elsewhere} */ (finding.elsewhere));
  const mails = (/** @type {Elsewhere} */ one) => one.same_url + one.same_shape;
  return known.sort((a, b) => mails(b) - mails(a))[0] ?? null;
}

/** @param {Finding[]} findings @returns {string[]} the names of their parameters that tell, each once */
export function parameterNames(findings) {
  const reasons = findings.flatMap((finding) => finding.reasons);
  const names = reasons.filter(({ code }) => code === "parameter").map(({ evidence }) => evidence);
  return [...new Set(names)];
}

/** @param {Finding[]} findings @returns {Reason[]} one a code, with the first evidence */
function distinctReasons(findings) {
  const reasons = new Map();
  for (const reason of findings.flatMap((finding) => finding.reasons)) {
    if (!reasons.has(reason.code)) reasons.set(reason.code, reason);
  }
  return [...reasons.values()];
}
