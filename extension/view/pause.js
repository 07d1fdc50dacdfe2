/**
 * The pause: what it means comes first, then for how long; while it holds, how long it still does.
 */

import { button, el, sentence, text, when } from "./dom.js";

/** @typedef {{minutes: number} | {until: string}} Time */

/** @param {(time: Time) => void} pause */
export function viewPause(pause) {
  return el(
    "details",
    { class: "section pause" },
    el("summary", {}, el("h2", {}, text("pause_heading"))),
    el("p", {}, text("pause_meaning")),
    el(
      "p",
      { class: "buttons" },
      button(text("pause_5_minutes"), () => pause({ minutes: 5 })),
      button(text("pause_1_hour"), () => pause({ minutes: 60 })),
      button(text("pause_tomorrow"), () => pause({ until: nextMidnight().toISOString() })),
    ),
  );
}

/** @param {string} until @param {{again: () => void, resume: () => void}} actions @returns {Node[]} */
export function viewPaused(until, { again, resume }) {
  const today = new Date(until).toDateString() === new Date().toDateString();
  const moment = when(until, { timeStyle: "short", ...(today ? {} : { dateStyle: "medium" }) });
  // A timer is not read out at each step, though it stands in a part of the page that is.
  const left = el("span", { role: "timer", "aria-live": "off" });
  countDown(left, new Date(until).getTime(), again);
  return [
    el("p", {}, el("strong", {}, sentence("paused_heading", moment))),
    el("p", {}, sentence("paused_left", left)),
    el("p", {}, text("paused_meaning")),
    button(text("resume_button"), resume, "main"),
  ];
}

/** @param {HTMLElement} shown @param {number} end @param {() => void} done */
function countDown(shown, end, done) {
  const step = () => {
    const seconds = Math.ceil((end - Date.now()) / 1000);
    shown.textContent = inWords(Math.max(0, seconds));
    setTimeout(() => shown.isConnected && (seconds > 0 ? step() : done()), 1000);
  };
  step();
}

/** @param {number} seconds @returns {string} `4:59`, `1:04:59` */
function inWords(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

function nextMidnight() {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
}
