/**
 * Strings that strangers wrote, made fit to be shown: nothing hidden, nothing reordered, nothing endless.
 */

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
const JOINERS = /[\u200c\u200d]/u;
const HALF_AT_END = /[\ud800-\udbff]$/;
const HALF_AT_START = /^[\udc00-\udfff]/;
const STACKED_MARKS = /(\p{M}{3})\p{M}+/gu;

/**
 * A URL or a header value with every invisible character spelt out as `\u{...}`.
 * @param {unknown} text
 * @returns {string}
 */
export function spellOut(text) {
  return String(text ?? "").replace(HIDDEN, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/**
 * A name or a subject without control characters; joiners stay, scripts and emoji need them.
 * @param {unknown} text
 * @returns {string}
 */
export function plainProse(text) {
  return String(text ?? "")
    .replace(HIDDEN, (char) => (JOINERS.test(char) ? char : " "))
    .replace(STACKED_MARKS, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

/**
 * The beginning and the end of a text that is longer than `limit` characters.
 * @param {string} text
 * @param {number} limit
 * @returns {string}
 */
export function shorten(text, limit = 64) {
  if (text.length <= limit) return text;
  const tail = Math.floor(limit / 4);
  const start = text.slice(0, limit - tail - 1).replace(HALF_AT_END, "");
  return `${start}…${text.slice(-tail).replace(HALF_AT_START, "")}`;
}

/**
 * The host that a URL names, "" when it names none.
 * @param {string} url
 * @returns {string}
 */
export function hostOf(url) {
  return URL.canParse(url) ? new URL(url).host : "";
}
