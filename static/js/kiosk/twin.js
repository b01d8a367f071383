/** Shared screens speak two languages at once: the visitor's, and a second one beside it, smaller. */

import { html, signal } from "../../vendor/ui.mjs";
import { nameOf, t, tIn, tnIn } from "../lib/i18n.js";

/** @typedef {import("../../vendor/ui.mjs").VNode} VNode */

/** The second language of this kiosk now; null in a hall of one language. */
export const second = signal(/** @type {string | null} */ (null));

/**
 * The second language's sentence in its own <span lang>; nothing in a hall of one language.
 * @param {string} msgid
 * @param {import("../lib/i18n.js").Values} [values]
 */
export function secondly(msgid, values) {
  const lang = second.value;
  return lang && html`<span lang=${lang}>${tIn(lang, msgid, values)}</span>`;
}

/**
 * As `secondly`, by count.
 * @param {string} one
 * @param {string} many
 * @param {number} n
 */
export function secondlyN(one, many, n) {
  const lang = second.value;
  return lang && html`<span lang=${lang}>${tnIn(lang, one, many, n)}</span>`;
}

/**
 * Both, the first as plain text.
 * @param {string} msgid
 * @param {import("../lib/i18n.js").Values} [values]
 */
export function twin(msgid, values) {
  return html`${t(msgid, values)} ${secondly(msgid, values)}`;
}

/**
 * A name in both languages; the second only when it says something else.
 * @param {Hall.Names} names
 * @returns {{first: string, other: VNode | null}}
 */
export function twinName(names) {
  const first = nameOf(names);
  const other = second.value ? nameOf(names, second.value) : first;
  return { first: first.text, other: other.text === first.text ? null : html`<span lang=${other.lang}>${other.text}</span>` };
}

/**
 * How much room a text takes: Han counts twice as wide as Latin.
 * @param {string} text
 */
export function roomOf(text) {
  return [...text].reduce((sum, letter) => sum + (/** @type {number} */ (letter.codePointAt(0)) > 0x2e7f ? 2 : 1), 0);
}
