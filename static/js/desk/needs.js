/** What must hold at a counter before something can be done; each gives the sentence that says what is missing, or null. Pure. */

import { offUnlessCalled, offWithoutVisitor } from "./keys.js";

/** @typedef {import("./model.js").Desk} Desk */
/** @typedef {import("./model.js").Sentence} Sentence */

/** @param {Desk} desk @returns {Sentence | null} */
export function needVisitor(desk) {
  return desk.current ? null : offWithoutVisitor(desk);
}

/** @param {Desk} desk @returns {Sentence | null} */
export function needCalled(desk) {
  return offUnlessCalled(desk);
}

/** @param {Desk} desk @returns {Sentence | null} */
export function needServing(desk) {
  if (desk.current?.state === "called") return { msgid: "Press F3 first: the visitor has to be here." };
  return needVisitor(desk);
}

/** @param {Desk} desk @returns {Sentence | null} */
export function needOpen({ counter }) {
  if (counter?.state === "open") return null;
  return counter?.state === "paused" ? { msgid: "The counter is paused. Press F2 to resume." } : { msgid: "The counter is closed. Press F2 to open it." };
}

/** @param {Desk} desk @returns {Sentence | null} */
export function needFree(desk) {
  const { current } = desk;
  return current ? { msgid: "Finish with %(number)s first.", values: { number: current.number } } : needOpen(desk);
}
