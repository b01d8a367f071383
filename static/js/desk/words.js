/** A desk's words: sentences from the models said in the reader's language, and what a choice is called. */

import { nameOf, ownName, t, tn } from "../lib/i18n.js";
import { counterText, isHan } from "../lib/words.js";

/** @typedef {import("./model.js").Sentence} Sentence */

/**
 * A model's sentence in this screen's language.
 * @param {Sentence} sentence
 */
export function say({ msgid, values = {}, many, n }) {
  const listed = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? list(value) : value]));
  return many !== undefined && n !== undefined ? tn(msgid, many, n, listed) : t(msgid, listed);
}

/**
 * What a choice is called: a sentence of ours, a name of the hall's, a counter, or a text that is the same in all languages.
 * @param {import("./menu.js").Label} label
 */
export function labelText(label) {
  if ("msgid" in label) return say(label);
  if ("counter" in label) return counterText(label.counter);
  if ("language" in label) return ownName(label.language);
  return "names" in label ? nameOf(label.names).text : label.text;
}

/** @param {string[]} items */
function list(items) {
  return items.join(isHan() ? "、" : ", ");
}

/**
 * "11 min 20 s"; from an hour on only minutes.
 * @param {number} seconds
 */
export function spell(seconds) {
  const [min, sec] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  return min >= 60 ? t("%(n)s min", { n: min }) : t("%(min)s min %(sec)s s", { min, sec });
}
