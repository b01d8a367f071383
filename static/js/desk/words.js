/** A desk's words: sentences from the models said in the reader's language, and names of counters, services, classes. */

import { language, nameOf, ownName, t, tn } from "../lib/i18n.js";

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
 * What a reason of the hall is called; empty for one that it does not have.
 * @param {Map<string, Hall.Reason[]>} reasons
 * @param {string} kind
 * @param {string | null} id
 */
export function nameOfReason(reasons, kind, id) {
  return nameOf((reasons.get(kind) ?? []).find((one) => one.id === id)?.name).text;
}

/**
 * "11 min 20 s"; from an hour on only minutes.
 * @param {number} seconds
 */
export function spell(seconds) {
  const [min, sec] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  return min >= 60 ? t("%(n)s min", { n: min }) : t("%(min)s min %(sec)s s", { min, sec });
}
