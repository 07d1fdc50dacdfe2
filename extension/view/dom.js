/**
 * Building the popup: elements and text nodes only, never markup from strings. What a stranger wrote goes
 * through `lib/text.js` and sits in its own `<bdi>`.
 */

import { api } from "../lib/browser.js";
import { plainProse, shorten, spellOut } from "../lib/text.js";

/** @typedef {Node | string | null | undefined | false} Child what is empty is left out */

const SLOT = /\ue000(\d)\ue001/;
const NAME_LIMIT = 48;

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | boolean | ((event: Event) => void)>} attributes a function is a listener
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** @param {string} key @returns {string} the plain text of a message without a placeholder */
export const text = (key) => api.i18n.getMessage(key) || key;

/** @param {string} key */
export const hasText = (key) => api.i18n.getMessage(key) !== "";

/**
 * A message of `_locales` with its placeholders filled by nodes; strings are set apart as names.
 * @param {string} key
 * @param {...(Node | string | number)} values
 * @returns {DocumentFragment}
 */
export function sentence(key, ...values) {
  /** @type {string} */
  const raw =
    api.i18n.getMessage(
      key,
      values.map((_, index) => `\ue000${index}\ue001`),
    ) || key;
  const fragment = document.createDocumentFragment();
  raw.split(SLOT).forEach((piece, index) => {
    fragment.append(index % 2 ? asNode(values[Number(piece)]) : piece);
  });
  return fragment;
}

/** @param {Node | string | number} value */
function asNode(value) {
  if (typeof value === "string") return name(value);
  return value instanceof Node ? value : String(value);
}

/**
 * The form of a message whose wording depends on a number: `KEY_one`, `KEY_other`.
 * @param {string} key @param {number} count
 */
export function plural(key, count) {
  return `${key}_${new Intl.PluralRules(text("language")).select(count) === "one" ? "one" : "other"}`;
}

/**
 * A message whose wording depends on the number that it holds.
 * @param {string} key @param {number} count @param {...(Node | string)} values
 */
export function counted(key, count, ...values) {
  return sentence(plural(key, count), count, ...values);
}

/** @param {string} value a name that somebody else chose */
export function name(value) {
  return el("bdi", {}, shorten(plainProse(value), NAME_LIMIT));
}

/**
 * A URL or another exact value: short at first, whole on demand.
 * @param {string} value
 */
export function exactValue(value) {
  const whole = spellOut(value);
  const short = shorten(whole);
  if (short === whole) return el("bdi", { class: "exact", dir: "ltr" }, whole);
  return el(
    "details",
    { class: "long" },
    el("summary", {}, el("bdi", { class: "exact", dir: "ltr" }, short)),
    el(
      "bdi",
      { class: "exact whole", dir: "ltr", tabindex: "0", role: "region", "aria-label": text("whole_value") },
      whole,
    ),
  );
}

/** @param {string | HTMLElement} label @param {() => void} onClick @param {string} kind */
export function button(label, onClick, kind = "plain") {
  return el("button", { type: "button", class: kind, click: onClick }, label);
}

/** @param {string} command something to type into a terminal */
export const code = (command) => el("code", {}, command);

/** @param {string | null | undefined} iso @param {Intl.DateTimeFormatOptions} options */
export function when(iso, options = { dateStyle: "medium" }) {
  const date = new Date(iso ?? "");
  if (Number.isNaN(date.getTime())) return text("unknown_date");
  return el(
    "time",
    { datetime: date.toISOString() },
    new Intl.DateTimeFormat(text("language"), options).format(date),
  );
}
