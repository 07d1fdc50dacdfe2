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
  const told = new Map(notes.map((note) => [keyOf(note), note]));
  return [...told].map(([key, note]) =>
    el("p", { class: kind }, sentence(key, key === "note_other" ? note : detailOf(note))),
  );
}

/** @param {string} note */
function keyOf(note) {
  const [code, detail = ""] = note.split(":");
  const keys = [`note_${code}_${detail}`, `note_${code}`];
  return keys.find((key) => /^\w+$/.test(key) && hasText(key)) ?? "note_other";
}

/** @param {string} note */
const detailOf = (note) => note.slice(note.indexOf(":") + 1);
