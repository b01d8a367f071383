/** What the hall has its staff do in a situation, and the verb that usually follows. Pure. */

import { needServing, needVisitor } from "./needs.js";

/** @typedef {import("./model.js").Desk} Desk */
/** @typedef {import("./model.js").Sentence} Sentence */
/** A script on the screen, and since when, in hall milliseconds. */
/** @typedef {{ situation: Hall.Situation, since_ms: number }} Running */
/** @typedef {{ act: import("./keys.js").Act, label: Sentence }} Follow */

const REASON_PAPERS = "papers_missing";
const REASON_FORM = "form";

/**
 * @param {Hall.Situation} situation
 * @param {Desk} desk
 * @returns {Follow}
 */
export function followOf(situation, desk) {
  switch (situation) {
    case "no_papers":
      return { label: { msgid: "Not completed" }, act: unless(needVisitor(desk), unfinished(desk)) };
    case "queue_jumping":
      return { label: { msgid: "Ask for help" }, act: { verb: "help", body: { kind: "dispute" } } };
    case "no_number":
      return desk.calling.walk_in
        ? { label: { msgid: "Serve without a number" }, act: { open: { id: "walk-in" } } }
        : { label: { msgid: "Ask for help" }, act: { verb: "help", body: { kind: "dispute" } } };
    case "missed":
      return { label: { msgid: "Reinstate" }, act: { open: { id: "back" } } };
    case "device_fault":
      return { label: { msgid: "Ask for help" }, act: { verb: "help", body: { kind: "device" } } };
    case "form_again":
      return { label: { msgid: "Park" }, act: unless(needServing(desk), parking(desk)) };
  }
}

/** @param {Sentence | null} off @param {import("./menu.js").Place} place @returns {import("./keys.js").Act} */
function unless(off, place) {
  return off ? { say: off } : { open: place };
}

/** Straight to the next question where the hall has the usual reason. @param {Desk} desk @returns {import("./menu.js").Place} */
function unfinished(desk) {
  const isThere = hasReason(desk, "not_completed", REASON_PAPERS);
  return isThere && desk.calling.comeback ? { id: "credit", of: { reason: REASON_PAPERS } } : { id: "not-completed" };
}

/** @param {Desk} desk @returns {import("./menu.js").Place} */
function parking(desk) {
  return hasReason(desk, "park", REASON_FORM) ? { id: "park-minutes", of: { reason: REASON_FORM } } : { id: "park" };
}

/** @param {Desk} desk @param {string} kind @param {string} reason */
function hasReason({ reasons }, kind, reason) {
  return (reasons.get(kind) ?? []).some(({ id }) => id === reason);
}

/**
 * The steps in the reader's language, else in whatever the hall wrote.
 * @param {Hall.Script} script
 * @param {string} lang
 * @returns {string[]}
 */
export function stepsIn({ steps }, lang) {
  return steps[lang] ?? steps.en ?? Object.values(steps)[0] ?? [];
}

/**
 * How long the situation lasts, and whether that is longer than the hall wants.
 * @param {Hall.Script} script
 * @param {Running} running
 * @param {number} now_ms
 */
export function scriptTime({ minutes }, { since_ms }, now_ms) {
  const seconds = Math.max(0, (now_ms - since_ms) / 1000);
  return { seconds, isOver: minutes !== null && seconds > 60 * minutes };
}
