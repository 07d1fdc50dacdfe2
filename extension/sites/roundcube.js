/**
 * Roundcube: a message is shown by `?_task=mail&_action=show&_uid=12&_mbox=INBOX`, in the reading pane by a
 * frame with `_action=preview`.
 */

import { webAlias } from "./alias.js";

const SHOWING = new Set(["show", "preview"]);

/**
 * @param {string} url
 * @returns {string | null}
 */
export function aliasOf(url) {
  if (!URL.canParse(url)) return null;
  const { protocol, host, searchParams } = new URL(url);
  const [task, action, uid, mailbox] = ["_task", "_action", "_uid", "_mbox"].map((name) => searchParams.get(name));
  const shows = /^https?:$/.test(protocol) && task === "mail" && SHOWING.has(action ?? "");
  return shows && /^\d+$/.test(uid ?? "") && mailbox ? webAlias(host, mailbox, uid) : null;
}
