/**
 * The number on our button: how many findings the shown mail has; empty when there are none or no mail.
 */

import { api } from "./browser.js";
import { openGotThrough } from "./summary.js";

const NEUTRAL = "#57606a";
const THROUGH = "#b3261e";

/**
 * @param {number} tabId
 * @param {import("./client.js").Message[]} messages
 */
export async function setBadge(tabId, messages) {
  const count = messages.reduce((sum, message) => sum + message.findings.length, 0);
  const color = messages.some(openGotThrough) ? THROUGH : NEUTRAL;
  const text = count > 99 ? "99+" : count ? String(count) : "";
  const title = count ? api.i18n.getMessage("badge_title", [String(count)]) : api.i18n.getMessage("name");
  const buttons = [api.action, api.messageDisplayAction].filter(Boolean);
  // Thunderbird writes the title of its main button beside it, where there is no room for a sentence.
  const titled = api.messageDisplayAction ?? api.action;
  await Promise.allSettled([
    ...buttons.flatMap((button) => [
      button.setBadgeText({ tabId, text }),
      button.setBadgeBackgroundColor({ tabId, color }),
      button.setBadgeTextColor?.({ tabId, color: "#ffffff" }),
    ]),
    titled.setTitle({ tabId, title }),
  ]);
}
