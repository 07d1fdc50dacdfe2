/**
 * What the program noted on a mail, in words: why it was not looked at, what else there is to know.
 *
 * A note is a code, with a detail after a colon where it has one: `paused`, `not_looked_at:window`. Its words
 * are `note_CODE_DETAIL` of `_locales`, else `note_CODE`.
 */

import { couldNotCheck, passedUnchecked } from "../lib/summary.js";
import { el, hasText, sentence, text } from "./dom.js";

/** @typedef {import("../lib/client.js").Message} Message */

/** Codes of mails, or copies of one, that passed without having been looked at. */
const PASSED = /^(failed|paused|not_looked_at)\b/;

/** @param {Message} message why it, or a copy of it, passed as it was sent */
export function viewPassed(message) {
  const notes = message.notes.filter((note) => PASSED.test(note));
  const found = message.findings.length && (couldNotCheck(message) || passedUnchecked(message));
  return [
    ...(found ? [el("p", { class: "passed" }, el("strong", {}, text("copy_passed")))] : []),
    ...inWords(notes, "passed"),
  ];
}

/** @param {Message} message all the rest */
export function viewNotes(message) {
  return inWords(
    message.notes.filter((note) => !PASSED.test(note)),
    "hint",
  );
}

/** @param {string[]} notes @param {string} kind */
function inWords(notes, kind) {
  const told = new Map(notes.map((note) => read(note)).map((words) => [words.key, words.detail]));
  return [...told].map(([key, detail]) => el("p", { class: kind }, sentence(key, detail)));
}

/** @param {string} note @returns {{key: string, detail: string}} the words for it, and what goes into them */
function read(note) {
  const [code, ...details] = note.split(":");
  const written = (/** @type {string} */ key) => /^\w+$/.test(key) && hasText(key);
  const exact = `note_${code}_${details[0]}`;
  if (details.length && written(exact)) return { key: exact, detail: details.slice(1).join(":") };
  if (written(`note_${code}`)) return { key: `note_${code}`, detail: details.join(":") };
  return { key: "note_other", detail: note };
}
