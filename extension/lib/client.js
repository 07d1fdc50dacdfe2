/**
 * The program's API, version 1, as the extension uses it. Every failure is a `ClientError` with a code.
 *
 * @typedef {{code: string, evidence: string}} Reason
 * @typedef {{id: string, kind: string, certainty: string, action: string, why_seen: string | null,
 *   visible: boolean, url: string, replacement: string | null, element: string, attribute: string,
 *   vendor: string | null, vendor_name: string | null, company: string | null, carrier: string | null,
 *   reasons: Reason[], tells?: Told[], layers?: Layer[], removed?: string[],
 *   elsewhere?: Elsewhere | null}} Finding the last four of a message in detail
 * @typedef {{by: string, tells: string, detail: string}} Told
 * @typedef {{vendor: string, vendor_name: string, url: string}} Layer
 * @typedef {{same_url: number, same_shape: number, senders: number, first_seen: string}} Elsewhere
 * @typedef {{id: string, name: string, company: string | null, category: string, learns: string[],
 *   tracks_by_default: boolean, count: number}} Vendor
 * @typedef {{address: string, name: string, messages: number, tracked: number,
 *   first_seen: string | null, last_seen: string | null}} Sender
 * @typedef {{id: string, subject: string, date: string | null, sender: Sender | null, route: string,
 *   clients?: string[], notes: string[], counts: Record<string, number>,
 *   vendors: Vendor[], findings: Finding[]}} Message
 * @typedef {Record<string, number>} Totals
 * @typedef {{program: string, version: string, api: number, paired: boolean,
 *   proxy?: {listeners: string[]}, paused_until?: string | null, lost_events?: number,
 *   rules_date?: string, check?: string, incidents?: number}} Health
 * @typedef {{id: number, kind: string, reason: string, route: string, account: string, server: string,
 *   times: number, first_seen: string, last_seen: string}} Incident
 */

export const API_VERSION = 1;
const TIMEOUT = 5000;
/** So many characters of an alias name a message; a mail may claim a Message-ID of any length. */
const LONGEST_ALIAS = 9000;
/** A longer address would not be taken: the names that stand last in it are left out. */
const LONGEST_QUERY = 200_000;

/** An answer that is not what was asked for; `code` is the API's own or one of ours. */
export class ClientError extends Error {
  /**
   * @param {string} code `unreachable`, `bad_answer`, or the API's error code
   * @param {number} status HTTP status, 0 without an answer
   * @param {Record<string, unknown>} details the rest of the answer
   */
  constructor(code, status = 0, details = {}) {
    super(code);
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

/**
 * @param {import("./settings.js").Settings} settings
 */
export function createClient({ address, token }) {
  /** @param {string} path @param {{method?: string, body?: object}} options */
  async function ask(path, { method = "GET", body } = {}) {
    const headers = new Headers();
    if (token) headers.set("Authorization", `Bearer ${token}`);
    if (body) headers.set("Content-Type", "application/json");
    const response = await send(`http://${address}/api/v1/${path}`, {
      method,
      headers,
      body: body && JSON.stringify(body),
    });
    return readAnswer(response);
  }

  return {
    /** @returns {Promise<Health>} */
    health: () => ask("health"),
    /** @param {string} code @param {string} name @returns {Promise<{token: string, client_id: string}>} */
    pair: (code, name) => ask("pair", { method: "POST", body: { code, name } }),
    /** @param {string[]} aliases @returns {Promise<Message[]>} */
    messages: async (aliases) => (await ask(`messages?${aliasQuery(aliases)}`)).messages ?? [],
    /** @param {string} id @returns {Promise<Message>} with what other mails say beside its findings */
    message: (id) => ask(`messages/${encodeURIComponent(id)}`),
    /** @returns {Promise<{today: Totals, days30: Totals}>} */
    totals: () => ask("totals"),
    /** @returns {Promise<Incident[]>} the newest first */
    incidents: async () => (await ask("incidents")).incidents ?? [],
    /** @param {{minutes: number} | {until: string}} time @returns {Promise<{paused_until: string | null}>} */
    pause: (time) => ask("pause", { method: "PUT", body: time }),
    /** @returns {Promise<{paused_until: string | null}>} */
    resume: () => ask("pause", { method: "DELETE" }),
  };
}

/** @param {string[]} aliases @returns {string} */
export function aliasQuery(aliases) {
  let query = "";
  for (const alias of aliases) {
    const whole = alias.length > LONGEST_ALIAS ? [...alias].slice(0, LONGEST_ALIAS).join("") : alias;
    const longer = `${query}${query && "&"}${new URLSearchParams({ alias: whole })}`;
    if (longer.length > LONGEST_QUERY) break;
    query = longer;
  }
  return query;
}

/** @param {string} url @param {RequestInit} init */
async function send(url, init) {
  try {
    return await fetch(url, {
      ...init,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT),
    });
  } catch {
    throw new ClientError("unreachable");
  }
}

/** @param {Response} response */
async function readAnswer(response) {
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new ClientError(response.ok ? "bad_answer" : `http_${response.status}`, response.status);
  }
  if (!response.ok || answer === null || typeof answer !== "object") {
    throw new ClientError(String(answer?.error ?? `http_${response.status}`), response.status, answer ?? {});
  }
  return answer;
}
