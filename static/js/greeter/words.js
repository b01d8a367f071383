/** A greeter's words: kinds of help, ways to send somebody on, states, times. */

import { wallTime } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { joined } from "../lib/words.js";

/** @typedef {import("../lib/icons.js").IconName} IconName */

/** Where a visitor can be sent instead of taking a number; as the server calls them. */
export const DIVERSIONS = /** @type {const} */ (["self_service", "app", "other_hall", "papers_missing"]);

/** @param {string} to */
export function diversionWords(to) {
  if (to === "self_service") return t("Self-service");
  if (to === "app") return t("App");
  if (to === "other_hall") return t("Other hall");
  return t("Papers missing");
}

/** @param {string} kind @returns {{ text: string, icon: IconName }} */
export function helpWords(kind) {
  if (kind === "authorise") return { text: t("Approval wanted"), icon: "user-check" };
  if (kind === "dispute") return { text: t("Dispute"), icon: "users" };
  if (kind === "device") return { text: t("Device trouble"), icon: "printer-x" };
  if (kind === "security") return { text: t("Security"), icon: "triangle-alert" };
  return { text: kind, icon: "hand-helping" };
}

/** @param {string} state */
export function stateWords(state) {
  if (state === "waiting") return t("Waiting");
  if (state === "called") return t("Called");
  if (state === "serving") return t("Serving");
  if (state === "parked") return t("Parked");
  if (state === "missed") return t("Missed");
  return t("Ended");
}

/** How a ticket ended. @param {string | null} outcome */
export function outcomeWords(outcome) {
  if (outcome === "served") return t("Served");
  if (outcome === "not_completed") return t("Not completed");
  if (outcome === "cancelled_by_visitor" || outcome === "cancelled_by_staff") return t("Cancelled");
  if (outcome === "no_show") return t("Did not come back");
  return t("Ended");
}

/** @param {import("./model.js").Shut} shut */
export function shutWords({ why, opens }) {
  if (why === "full") return t("No numbers left today");
  return opens === null ? t("Not open now") : t("Opens at %(time)s", { time: wallTime(opens) });
}

/** @param {number} seconds */
export function minutesWords(seconds) {
  return t("%(n)s min", { n: Math.floor(seconds / 60) });
}

/** @param {number} seconds */
export function agoWords(seconds) {
  return seconds < 60 ? t("just now") : t("%(n)s min ago", { n: Math.floor(seconds / 60) });
}

/** "Printer 1" of `printer-1`: the kind is said once. @param {string} id */
export function printerWords(id) {
  return t("Printer %(id)s", { id: id.replace(/^printer[-_ ]?(?=.)/i, "") });
}

const PRINTER_TROUBLES = /** @type {Record<string, string>} */ ({
  paper_out: "%(printer)s is out of paper.",
  cover_open: "The cover of %(printer)s is open.",
  unreachable: "%(printer)s cannot be reached.",
  expired: "%(printer)s did not answer in time.",
});

/** How a paper stands; only what went wrong is loud. @param {Hall.GreeterPaper} paper @returns {{ text: string, icon: IconName, tone: "" | "well" | "bad" }} */
export function paperWords({ state, reason, printer: id }) {
  const printer = printerWords(id);
  if (state === "printed") return { text: t("%(printer)s has printed it.", { printer }), icon: "circle-check", tone: "well" };
  if (state === "failed") return { text: joined([t("Not printed."), troubleWords(reason, printer)]), icon: "printer-x", tone: "bad" };
  if (state === "uncertain") return { text: t("Nobody knows whether it came out. Look at %(printer)s.", { printer }), icon: "triangle-alert", tone: "bad" };
  return { text: t("%(printer)s is printing…", { printer }), icon: "printer", tone: "" };
}

/** @param {string | null} reason @param {string} printer */
function troubleWords(reason, printer) {
  return t(PRINTER_TROUBLES[reason ?? ""] ?? "%(printer)s reports a fault.", { printer });
}
