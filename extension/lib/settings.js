/**
 * What the extension remembers: where the program is and the token that it gave us.
 * Both stay in `storage.local` of this installation; the token is never logged nor shown.
 */

import { api } from "./browser.js";

export const DEFAULT_ADDRESS = "127.0.0.1:8417";

/** @typedef {{address: string, token: string}} Settings */

/** @returns {Promise<Settings>} */
export async function readSettings() {
  const { address = DEFAULT_ADDRESS, token = "" } = await api.storage.local.get(["address", "token"]);
  return { address: parseAddress(String(address)) ?? DEFAULT_ADDRESS, token: String(token) };
}

/** @param {Partial<Settings>} settings */
export async function writeSettings(settings) {
  await api.storage.local.set(settings);
}

/**
 * HOST:PORT of the program, or null. Only this computer is accepted: nothing of a mail may leave it.
 * @param {string} text what the user typed, a pasted `http://...` included
 * @returns {string | null}
 */
export function parseAddress(text) {
  const match = /^\s*(?:http:\/\/)?(127\.0\.0\.1|localhost):(\d{1,5})\/?\s*$/i.exec(text);
  const port = Number(match?.[2]);
  return match?.[1] && port >= 1 && port <= 65535 ? `${match[1].toLowerCase()}:${port}` : null;
}
