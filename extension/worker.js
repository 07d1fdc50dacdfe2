/**
 * The background side: keeps the number on our button right. It may be stopped at any moment, so listeners
 * are set at the top level and nothing that matters is kept in memory.
 */

import { setBadge } from "./lib/badge.js";
import { api, CHECK_ORIGINS, isMailClient, PROGRAM_ORIGINS } from "./lib/browser.js";
import { createClient } from "./lib/client.js";
import { findMessages } from "./lib/diagnose.js";
import { readSettings } from "./lib/settings.js";
import { messagesShown } from "./lib/shown.js";

const SITE_SCRIPT = "sites";
/** The newest update of each tab; an older one that comes back late is dropped. @type {Map<number, symbol>} */
const newest = new Map();

/** @param {number} tabId */
async function updateBadge(tabId) {
  const ticket = Symbol("update");
  newest.set(tabId, ticket);
  const messages = await messagesIn(tabId).catch(() => []);
  if (newest.get(tabId) !== ticket) return;
  newest.delete(tabId);
  await setBadge(tabId, messages);
}

/** @param {number} tabId */
async function messagesIn(tabId) {
  const settings = await readSettings();
  if (!settings.token) return [];
  const { aliases } = await messagesShown({ id: tabId });
  return aliases.length ? findMessages(createClient(settings), aliases) : [];
}

/** Lets the frames of exactly those webmails report that the user gave a permission for. */
async function watchSites() {
  if (isMailClient) return;
  const ours = new Set([...PROGRAM_ORIGINS, ...CHECK_ORIGINS]);
  /** @type {{origins: string[]}} */
  const { origins } = await api.permissions.getAll();
  const matches = origins.filter((origin) => !ours.has(origin));
  const filter = { ids: [SITE_SCRIPT] };
  const registered = await api.scripting.getRegisteredContentScripts(filter);
  if (registered.length) await api.scripting.unregisterContentScripts(filter);
  if (!matches.length) return;
  const script = {
    id: SITE_SCRIPT,
    js: ["sites/report.js"],
    matches,
    allFrames: true,
    runAt: "document_end",
  };
  await api.scripting.registerContentScripts([script]);
}

/** @typedef {{id: number}} Tab */

api.runtime.onMessage.addListener(
  (/** @type {{type?: string}} */ message, /** @type {{tab?: Tab}} */ sender) => {
    if (message?.type === "frame_shown" && sender.tab) void updateBadge(sender.tab.id);
  },
);
api.messageDisplay?.onMessagesDisplayed.addListener((/** @type {Tab} */ tab) => void updateBadge(tab.id));
api.permissions.onAdded?.addListener(() => void watchSites());
api.permissions.onRemoved?.addListener(() => void watchSites());
api.runtime.onInstalled.addListener(() => void watchSites());
api.runtime.onStartup.addListener(() => void watchSites());
