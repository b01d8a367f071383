/** A desk's words: sentences from the models said in the reader's language, and names of counters, services, classes. */

import { language, nameOf, t, tn } from "../lib/i18n.js";

const GAP = "\u0000";

/** @typedef {import("./model.js").Sentence} Sentence */

/**
 * A model's sentence in this screen's language.
 * @param {Sentence} sentence
 */
export function say({ msgid, values = {}, many, n }) {
  const listed = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? list(value) : value]));
  return many !== undefined && n !== undefined ? tn(msgid, many, n, listed) : t(msgid, listed);
}

/** @param {string[]} items */
function list(items) {
  return items.join(isHan() ? "、" : ", ");
}

function isHan() {
  return /^(zh|ja)/.test(language.value);
}

/**
 * Sentences one after another; Chinese leaves no space between them.
 * @param {string[]} sentences
 */
export function joined(sentences) {
  return sentences.join(isHan() ? "" : " ");
}

/**
 * "Counter 3" in parts, so that the name can stand in the number's face; a counter with a spoken name is that name alone.
 * @param {string} name
 * @returns {{ before: string, name: string, after: string, isNumber: boolean }}
 */
export function counterTitle(name) {
  if (!/^[0-9A-Za-z .:/–-]{1,7}$/.test(name)) return { before: "", name, after: "", isNumber: false };
  const [before = "", after = ""] = t("Counter %(name)s", { name: GAP }).split(GAP);
  return { before: before.trim(), name, after: after.trim(), isNumber: true };
}

/** The same as one text. @param {string} name */
export function counterText(name) {
  const { isNumber } = counterTitle(name);
  return isNumber ? t("Counter %(name)s", { name }) : name;
}

/**
 * A service's name; its id while its record is not there.
 * @param {Map<string, { name: Hall.Names }>} records
 * @param {string} id
 */
export function named(records, id) {
  return nameOf(records.get(id)?.name).text || id;
}

/**
 * "11 min 20 s"; from an hour on only minutes.
 * @param {number} seconds
 */
export function spell(seconds) {
  const [min, sec] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  return min >= 60 ? t("%(n)s min", { n: min }) : t("%(min)s min %(sec)s s", { min, sec });
}
