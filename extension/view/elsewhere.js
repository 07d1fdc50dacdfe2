/**
 * What the ledger knows of other mails, beside a finding. It is evidence for the reader; no verdict rests on it.
 */

import { counted, el, plural, sentence, when } from "./dom.js";

/** The program counts no further. */
const MOST_COUNTED = 1000;

/** @param {import("../lib/client.js").Elsewhere | null} elsewhere @returns {HTMLElement[]} */
export function viewElsewhere(elsewhere) {
  if (!elsewhere) return [];
  const { same_url: url, same_shape: shape, senders, first_seen: first } = elsewhere;
  return [
    el(
      "p",
      { class: "hint elsewhere" },
      url > 0 && sentence(plural("same_url", url), upTo(url)),
      url > 0 && shape > 0 && " ",
      shape > 0 && sentence(plural("same_shape", shape), upTo(shape)),
      senders > 0 && " ",
      senders > 0 && counted("senders", senders, when(first)),
    ),
  ];
}

/** @param {number} count */
const upTo = (count) => (count < MOST_COUNTED ? count : el("span", {}, sentence("or_more", count)));
