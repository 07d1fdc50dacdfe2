/**
 * The popup: finds out the state, shows it, and does what its buttons say.
 */

import { setBadge } from "./lib/badge.js";
import { api, clientName, isMailClient, tabInQuestion } from "./lib/browser.js";
import { ClientError, createClient } from "./lib/client.js";
import { diagnose } from "./lib/diagnose.js";
import { DEFAULT_ADDRESS, parseAddress, readSettings, writeSettings } from "./lib/settings.js";
import { el, hasText, name, sentence, text, when } from "./view/dom.js";
import { viewMail, viewSummary } from "./view/mail.js";
import { viewPause } from "./view/pause.js";
import { viewNotices, viewOffer, viewState } from "./view/states.js";
import { viewTotals } from "./view/totals.js";

/** @typedef {import("./lib/diagnose.js").Diagnosis} Diagnosis */

/** Of so many messages the details are asked for. */
const DETAILED = 5;

const [notices, status, content, footer] = ["notices", "status", "content", "footer"].map(
  (id) => /** @type {HTMLElement} */ (document.getElementById(id)),
);

/** Looks again from the beginning and shows what is found. */
async function show() {
  document.body.removeAttribute("data-state");
  status.className = "";
  status.replaceChildren(el("p", {}, text("loading")));
  notices.replaceChildren();
  content.replaceChildren();
  const settings = await readSettings();
  const client = createClient(settings);
  const tab = await tabInQuestion(location.search);
  const diagnosis = await diagnose(client, tab);
  diagnosis.messages = await inDetail(client, diagnosis.messages);
  if (diagnosis.health?.incidents) diagnosis.incidents = await client.incidents().catch(() => []);
  const totals = diagnosis.route ? await client.totals().catch(() => null) : null;
  render(diagnosis, settings, totals);
  if (tab) await setBadge(tab.id, diagnosis.messages);
}

/**
 * With what other mails say beside each finding; a message of which that cannot be had stays as it is.
 * @param {ReturnType<typeof createClient>} client @param {import("./lib/client.js").Message[]} messages
 */
function inDetail(client, messages) {
  return Promise.all(
    messages.map((message, index) =>
      index < DETAILED ? client.message(message.id).catch(() => message) : message,
    ),
  );
}

/**
 * @param {Diagnosis} diagnosis
 * @param {import("./lib/settings.js").Settings} settings
 * @param {Parameters<typeof viewTotals>[0] | null} totals
 */
function render(diagnosis, settings, totals) {
  const body =
    diagnosis.state === "mail" ? renderMails(diagnosis.messages) : renderState(diagnosis, settings);
  notices.replaceChildren(...viewNotices(diagnosis, actions));
  content.replaceChildren(...body);
  if (totals) content.append(viewTotals(totals));
  if (diagnosis.route && !diagnosis.health?.paused_until) content.append(viewPause(actions.pause));
  if (diagnosis.offer?.length) content.append(viewOffer(diagnosis.offer, actions));
  renderFooter(diagnosis.health);
  document.body.dataset.state = diagnosis.state;
}

/** @param {Diagnosis} diagnosis @param {import("./lib/settings.js").Settings} settings */
function renderState(diagnosis, settings) {
  const { heading, tone, body } = viewState(diagnosis, settings, actions);
  announce(tone, text(heading));
  return body;
}

/** @param {import("./lib/client.js").Message[]} messages */
function renderMails(messages) {
  if (messages.length === 1) {
    const { tone, sentence: words } = viewSummary(messages[0]);
    announce(tone, words);
    return viewMail(messages[0]);
  }
  announce("none", sentence("several_mails", messages.length));
  return messages.map((message) =>
    el(
      "article",
      {},
      el("h2", { class: "subject" }, message.subject ? name(message.subject) : text("no_subject")),
      el("p", {}, viewSummary(message).sentence),
      ...viewMail(message),
    ),
  );
}

/** @param {string} tone @param {Node | string} words */
function announce(tone, words) {
  status.className = `tone-${tone}`;
  status.replaceChildren(el("p", {}, words));
}

/** @param {import("./lib/client.js").Health | undefined} health */
function renderFooter(health) {
  const known = health?.version && health.rules_date;
  footer.replaceChildren(
    known ? el("p", {}, sentence("footer", health.version, when(health.rules_date))) : "",
  );
}

const actions = {
  again: () => start(),
  resume: async () => {
    const resumed = await createClient(await readSettings())
      .resume()
      .catch(() => null);
    if (resumed) start();
    else announce("through", text("resume_failed"));
  },
  /** @param {import("./view/pause.js").Time} time */
  pause: async (time) => {
    const paused = await createClient(await readSettings())
      .pause(time)
      .catch(() => null);
    if (paused) start();
    else announce("through", text("pause_failed"));
  },
  /** @param {string[]} origins */
  request: async (origins) => {
    // Asked at once: a browser shows its question only as the direct answer to a click.
    if (await api.permissions.request({ origins }).catch(() => false)) start();
    else announce("none", text("permission_refused"));
  },
  /** @param {string} typed @returns {Promise<string | null>} */
  moveTo: async (typed) => {
    const address = parseAddress(typed);
    if (!address) return text("address_wrong");
    await writeSettings({ address });
    start();
    return null;
  },
  /** @param {string} typed @param {string} digits @returns {Promise<string | null>} */
  pair: async (typed, digits) => {
    const address = parseAddress(typed);
    if (!address) return text("address_wrong");
    try {
      const { token } = await createClient({ address, token: "" }).pair(digits, await clientName());
      await writeSettings({ address, token });
      start();
      return null;
    } catch (error) {
      return pairingProblem(error);
    }
  },
};

/** @param {unknown} error */
function pairingProblem(error) {
  const { code, details } = error instanceof ClientError ? error : new ClientError("bad_answer");
  if (code === "wrong_code") {
    return api.i18n.getMessage("pair_wrong_code", [String(details.tries_left ?? "?")]);
  }
  return hasText(`pair_${code}`) ? text(`pair_${code}`) : api.i18n.getMessage("pair_failed", [code]);
}

function start() {
  show().catch((error) => {
    const settings = { address: DEFAULT_ADDRESS, token: "" };
    render({ state: "error", code: String(error?.name ?? "failure"), messages: [] }, settings, null);
  });
}

document.documentElement.lang = text("language");
document.documentElement.classList.toggle("mail-client", isMailClient);
start();
