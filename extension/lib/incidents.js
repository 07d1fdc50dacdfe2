/**
 * What passed in the last day without being looked at, and is told by no mail of its own.
 *
 * @typedef {import("./client.js").Incident} Incident
 * @typedef {{code: string, detail: string}} Why
 * @typedef {{place: string, more: number, last: string, whole: boolean, reasons: Why[]}} Passed
 */

const DAY = 24 * 60 * 60 * 1000;
const REASONS_SHOWN = 3;

/**
 * @param {Incident[]} incidents the newest first
 * @param {number} now
 * @returns {Passed | null} where it was and where else, when last, whether a whole connection, and why
 */
export function readIncidents(incidents, now = Date.now()) {
  const recent = incidents.filter((incident) => now - Date.parse(incident.last_seen) < DAY);
  if (recent.length === 0) return null;
  const places = new Set(recent.map(({ account, server }) => account || server));
  const reasons = new Map(recent.map(({ reason }) => why(reason)).map((told) => [told.code, told]));
  return {
    place: recent[0].account || recent[0].server,
    more: places.size - 1,
    last: recent[0].last_seen,
    whole: recent.some(({ kind }) => kind === "went_through"),
    reasons: [...reasons.values()].slice(0, REASONS_SHOWN),
  };
}

/** @param {string} reason a code, a detail after a colon @returns {Why} */
function why(reason) {
  const [code, ...detail] = reason.split(":");
  return { code, detail: detail.join(":") };
}
