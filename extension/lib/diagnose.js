/**
 * From "is the program there" to "these are the messages": the state that the popup shows.
 *
 * @typedef {{state: string, code?: string, health?: import("./client.js").Health,
 *   origins?: string[], offer?: string[], route?: "ok" | "proxy_unused" | "certificate",
 *   messages: import("./client.js").Message[], incidents?: import("./client.js").Incident[]}} Diagnosis
 */

import { api, isMailClient, requiredOrigins } from "./browser.js";
import { API_VERSION, ClientError } from "./client.js";
import { messagesShown, siteToOffer } from "./shown.js";

const CHECK_TIMEOUT = 4000;
const LEDGER_DELAY = 800;

/** @typedef {ReturnType<typeof import("./client.js").createClient>} Client */

/**
 * @param {Client} client
 * @param {{id: number, url?: string} | null} tab
 * @returns {Promise<Diagnosis>}
 */
export async function diagnose(client, tab) {
  const origins = requiredOrigins();
  if (!(await api.permissions.contains({ origins }))) {
    return { state: "permission", origins, messages: [] };
  }
  try {
    const health = await client.health();
    const obstacle = obstacleIn(health);
    return obstacle ? { ...obstacle, health, messages: [] } : await lookUp(client, tab, health);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { state: stateOf(error), code: error.code, messages: [] };
  }
}

/** @param {ClientError} error */
function stateOf(error) {
  if (error.code === "unreachable") return "program_down";
  return error.status === 401 ? "unpaired" : "error";
}

/** @param {import("./client.js").Health} health @returns {{state: string, code?: string} | null} */
function obstacleIn(health) {
  if (health.program !== "bothways") return { state: "error", code: "other_program" };
  if (health.api !== API_VERSION) return { state: "version" };
  if (!health.paired) return { state: "unpaired" };
  return health.proxy?.listeners?.length ? null : { state: "proxy_down" };
}

/**
 * @param {Client} client
 * @param {{id: number, url?: string} | null} tab
 * @param {import("./client.js").Health} health
 * @returns {Promise<Diagnosis>}
 */
async function lookUp(client, tab, health) {
  const [route, shown] = await Promise.all([
    isMailClient ? /** @type {const} */ ("ok") : checkRoute(health.check ?? ""),
    tab ? messagesShown(tab) : { aliases: [], missing: [] },
  ]);
  const messages = shown.aliases.length ? await findMessages(client, shown.aliases) : [];
  const found = { health, route, messages };
  if (messages.length) return { state: "mail", offer: tab ? await siteToOffer(tab) : [], ...found };
  if (route !== "ok") return { state: route, ...found };
  if (shown.missing.length) return { state: "permission", origins: shown.missing, ...found };
  return { state: shown.aliases.length ? "not_ours" : "no_mail", ...found };
}

/**
 * The program writes its ledger beside the mail's way, so a message may be there a moment after it is shown.
 * @param {Client} client
 * @param {string[]} aliases
 */
export async function findMessages(client, aliases) {
  const messages = await client.messages(aliases);
  if (messages.length) return messages;
  await new Promise((resolve) => setTimeout(resolve, LEDGER_DELAY));
  return client.messages(aliases);
}

/**
 * Whether this browser's traffic goes through the proxy and its certificate is trusted.
 * @param {string} nonce from the program; only its proxy knows it
 * @returns {Promise<"ok" | "proxy_unused" | "certificate">}
 */
async function checkRoute(nonce) {
  const path = `check.bothways.invalid/${encodeURIComponent(nonce)}`;
  const [plain, secure] = await Promise.all([answers(`http://${path}`), answers(`https://${path}`)]);
  if (secure) return "ok";
  return plain ? "certificate" : "proxy_unused";
}

/** @param {string} url */
async function answers(url) {
  try {
    const signal = AbortSignal.timeout(CHECK_TIMEOUT);
    const response = await fetch(url, { cache: "no-store", credentials: "omit", redirect: "error", signal });
    return response.status === 204;
  } catch {
    return false;
  }
}
