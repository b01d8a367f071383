/** Words of the staff's screens: sentences one after another, and names of counters, services and reasons. */

import { language, nameOf, t } from "./i18n.js";

const GAP = "\u0000";

/** @type {Record<Hall.HelpKind, string>} */
export const HELP_KINDS = { authorise: "Authorisation", dispute: "Dispute", device: "Device fault", security: "Security" };

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

/** "Display 1" of `display-1`: the kind is said once. @param {{ id: string, kind: string }} device */
export function deviceName({ id, kind }) {
  const names = /** @type {Record<string, string>} */ ({ kiosk: "Kiosk %(id)s", display: "Display %(id)s", printer: "Printer %(id)s" });
  return t(names[kind] ?? "Device %(id)s", { id: ownPart(id, kind) });
}

/** @param {string} id @param {string} kind */
export function ownPart(id, kind) {
  return id.toLowerCase().startsWith(kind) ? id.slice(kind.length).replace(/^[-_ ]/, "") || id : id;
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

/** Chinese and Japanese, which need no spaces. */
export function isHan() {
  return /^(zh|ja)/.test(language.value);
}
