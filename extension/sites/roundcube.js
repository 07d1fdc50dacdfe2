/**
 * Roundcube: a message is shown by `?_task=mail&_action=show&_uid=12&_mbox=INBOX`, in the reading pane by a
 * frame with `_action=preview`, and for the printer with `_action=print`.
 */

import { webAlias } from "./alias.js";

const SHOWING = new Set(["show", "preview", "print"]);

/**
 * @param {string} url
 * @returns {string | null}
 */
export function aliasOf(url) {
  if (!URL.canParse(url)) return null;
  const { protocol, host, searchParams } = new URL(url);
  const value = (/** @type {string} */ name) => searchParams.get(name) ?? "";
  const shows = /^https?:$/.test(protocol) && value("_task") === "mail" && SHOWING.has(value("_action"));
  const named = /^\d+$/.test(value("_uid")) && value("_mbox") !== "";
  return shows && named ? webAlias(host, value("_mbox"), value("_uid")) : null;
}
