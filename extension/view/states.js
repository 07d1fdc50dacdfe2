/**
 * The states in which no mail can be told about, each with what it means for the reader and the next step.
 */

import { isMailClient } from "../lib/browser.js";
import { API_VERSION } from "../lib/client.js";
import { DEFAULT_ADDRESS } from "../lib/settings.js";
import { button, code, el, sentence, text } from "./dom.js";
import { viewIncidents } from "./incidents.js";
import { viewPaused } from "./pause.js";

/**
 * @typedef {{again: () => void, resume: () => void, pause: (time: import("./pause.js").Time) => void,
 *   request: (origins: string[]) => void,
 *   pair: (address: string, code: string) => Promise<string | null>,
 *   moveTo: (address: string) => Promise<string | null>}} Actions
 * @typedef {import("../lib/diagnose.js").Diagnosis} Diagnosis
 * @typedef {import("../lib/settings.js").Settings} Settings
 * @typedef {{heading: string, tone: string, body: (Node | string)[]}} StateView
 */

/** @param {...import("./dom.js").Child} children */
const p = (...children) => el("p", {}, ...children);

/** @type {Record<string, (diagnosis: Diagnosis, settings: Settings, actions: Actions) => StateView>} */
const VIEWS = {
  program_down: (_, settings, actions) => ({
    heading: "down_heading",
    tone: "through",
    body: [
      p(text("down_meaning")),
      p(sentence("down_step", code("bothways run"), code(settings.address))),
      again(actions),
      addressSection(settings, actions),
    ],
  }),
  proxy_down: (_, __, actions) => ({
    heading: "proxy_down_heading",
    tone: "through",
    body: [p(text("down_meaning")), p(sentence("proxy_down_step", code("bothways run"))), again(actions)],
  }),
  proxy_unused: (_, __, actions) => ({
    heading: "unused_heading",
    tone: "through",
    body: [p(text("unused_meaning")), p(sentence("setup_step", code("bothways setup"))), again(actions)],
  }),
  certificate: (_, __, actions) => ({
    heading: "certificate_heading",
    tone: "through",
    body: [
      p(text("certificate_meaning")),
      p(sentence("certificate_step", code("bothways setup"))),
      again(actions),
    ],
  }),
  unpaired: (_, settings, actions) => ({
    heading: "unpaired_heading",
    tone: "none",
    body: [p(sentence("unpaired_step", code("bothways pair"))), pairingForm(settings, actions)],
  }),
  permission: (diagnosis, _, actions) => ({
    heading: "permission_heading",
    tone: "none",
    body: [
      p(text(diagnosis.health ? "permission_site" : "permission_program")),
      el("ul", {}, ...(diagnosis.origins ?? []).map((origin) => el("li", {}, code(origin)))),
      button(text("permission_button"), () => actions.request(diagnosis.origins ?? []), "main"),
    ],
  }),
  version: (diagnosis, _, actions) => ({
    heading: "version_heading",
    tone: "none",
    body: [
      p(
        sentence(
          "version_meaning",
          String(diagnosis.health?.version),
          API_VERSION,
          String(diagnosis.health?.api),
        ),
      ),
      p(text("version_step")),
      again(actions),
    ],
  }),
  not_ours: (_, __, actions) => ({
    heading: "not_ours_heading",
    tone: "none",
    body: [p(text("not_ours_meaning")), p(...notOursStep()), again(actions)],
  }),
  no_mail: (_, __, actions) => ({
    heading: "no_mail_heading",
    tone: "none",
    body: [p(text(isMailClient ? "no_mail_client" : "no_mail_browser")), again(actions)],
  }),
  error: (diagnosis, settings, actions) => ({
    heading: "error_heading",
    tone: "none",
    body: [
      p(sentence("error_meaning", code(settings.address), String(diagnosis.code))),
      again(actions),
      addressSection(settings, actions),
    ],
  }),
};

/** @param {Diagnosis} diagnosis @param {Settings} settings @param {Actions} actions */
export function viewState(diagnosis, settings, actions) {
  return VIEWS[diagnosis.state](diagnosis, settings, actions);
}

/** What is said above everything else while it holds. @param {Diagnosis} diagnosis @param {Actions} actions */
export function viewNotices({ state, health, route, incidents }, actions) {
  /** @type {Node[][]} */
  const notices = [];
  if (health?.paused_until) {
    notices.push(viewPaused(health.paused_until, actions));
  }
  if (state === "mail" && route !== "ok") {
    notices.push([
      p(el("strong", {}, text(`${route === "certificate" ? "certificate" : "unused"}_heading`))),
    ]);
  }
  const passed = viewIncidents(incidents ?? []);
  if (passed) notices.push(passed);
  if (health?.lost_events) notices.push([p(sentence("lost_events", health.lost_events))]);
  return notices.map((children) => el("section", { class: "notice" }, ...children));
}

/**
 * The offer of a lasting permission for the webmail's site, below its mail.
 * @param {string[]} origins @param {Actions} actions
 */
export function viewOffer(origins, actions) {
  return el(
    "section",
    { class: "offer" },
    el("p", { class: "hint" }, sentence("offer_meaning", code(origins.join(" ")))),
    button(text("permission_button"), () => actions.request(origins)),
  );
}

function notOursStep() {
  return isMailClient
    ? [text("not_ours_client")]
    : [sentence("not_ours_browser", code("bothways run --webmail HOST"))];
}

/** @param {Actions} actions */
const again = (actions) => button(text("again_button"), actions.again, "main");

/** @param {Settings} settings @param {Actions} actions */
function addressSection(settings, actions) {
  const field = addressField(settings);
  const problem = el("p", { class: "problem", role: "alert", id: "problem" });
  const form = el(
    "form",
    {},
    ...field.nodes,
    problem,
    el("button", { type: "submit", class: "plain" }, text("address_button")),
  );
  onSubmit(form, problem, () => actions.moveTo(field.input.value));
  return el("details", {}, el("summary", {}, text("address_other")), form);
}

/** @param {Settings} settings @param {Actions} actions */
function pairingForm(settings, actions) {
  const digits = el("input", {
    id: "code",
    inputmode: "numeric",
    autocomplete: "one-time-code",
    pattern: "\\s*([0-9]\\s*){6}",
    required: true,
    "aria-describedby": "problem",
    size: "8",
  });
  const field = addressField(settings);
  const problem = el("p", { class: "problem", role: "alert", id: "problem" });
  const form = el(
    "form",
    {},
    el("label", { for: "code" }, text("code_label")),
    digits,
    ...field.nodes,
    problem,
    el("button", { type: "submit", class: "main" }, text("pair_button")),
  );
  onSubmit(form, problem, () => actions.pair(field.input.value, digits.value.replace(/\s/g, "")));
  return form;
}

/** @param {Settings} settings */
function addressField(settings) {
  const input = el("input", {
    id: "address",
    value: settings.address,
    spellcheck: "false",
    autocomplete: "off",
    required: true,
    "aria-describedby": "address-hint problem",
    placeholder: DEFAULT_ADDRESS,
  });
  const hint = el("p", { class: "hint", id: "address-hint" }, text("address_hint"));
  return { input, nodes: [el("label", { for: "address" }, text("address_label")), input, hint] };
}

/**
 * @param {HTMLElement} form @param {HTMLElement} problem
 * @param {() => Promise<string | null>} act resolves to what went wrong, or null
 */
function onSubmit(form, problem, act) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    problem.textContent = (await act()) ?? "";
  });
}
