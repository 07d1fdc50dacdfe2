/**
 * Which messages a tab shows, as the aliases by which the program knows them.
 */

import { api, isMailClient } from "./browser.js";
import { aliasesOfFrames } from "../sites/index.js";

/** Of many selected mails the first; the program answers for no more than 50 names at once. */
const MOST = 20;

/**
 * @param {{id: number, url?: string}} tab
 * @returns {Promise<{aliases: string[], missing: string[]}>} `missing`: origins that we may not look at yet
 */
export async function messagesShown(tab) {
  if (isMailClient) {
    return { aliases: await aliasesInMailClient(tab.id), missing: [] };
  }
  try {
    return { aliases: aliasesOfFrames(await frameUrls(tab.id)), missing: [] };
  } catch {
    return { aliases: [], missing: siteOf(tab) };
  }
}

/**
 * The site of a tab for which the user could give a lasting permission, so that the number on the button is
 * right without a click; none where it was given, or where there is no site.
 * @param {{url?: string}} tab
 * @returns {Promise<string[]>}
 */
export async function siteToOffer(tab) {
  const origins = isMailClient ? [] : siteOf(tab);
  return origins.length && !(await api.permissions.contains({ origins })) ? origins : [];
}

/**
 * A match pattern; without a port, which Firefox does not know in patterns and which else means any.
 * @param {{url?: string}} tab
 */
function siteOf({ url = "" }) {
  if (!/^https?:/.test(url)) return [];
  const { protocol, hostname } = new URL(url);
  return [`${protocol}//${hostname}/*`];
}

/** @param {number} tabId @returns {Promise<string[]>} */
async function aliasesInMailClient(tabId) {
  const shown = await api.messageDisplay.getDisplayedMessages(tabId).catch(() => []);
  return (shown.messages ?? shown).slice(0, MOST).flatMap(aliasOfMessageId);
}

/**
 * @param {{headerMessageId: string}} header
 * @returns {string[]} none for a mail without a Message-ID, for which Thunderbird makes up `md5:...`
 */
export function aliasOfMessageId({ headerMessageId: id }) {
  return id && !id.startsWith("md5:") ? [`mid:<${id}>`] : [];
}

/**
 * The addresses of a tab's frames. Needs the click on our button (activeTab) or a permission for the site,
 * and reads nothing else of the page.
 * @param {number} tabId
 * @returns {Promise<string[]>}
 */
async function frameUrls(tabId) {
  /** @type {{result: string}[]} */
  const results = await api.scripting.executeScript({
    target: { tabId, allFrames: true },
    func: () => location.href,
  });
  return results.map(({ result }) => result).filter(Boolean);
}
