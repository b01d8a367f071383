/** What the kiosk shows, decided without a document: which choices, which page, why one is closed, how the paper stands. */

import { isHallClosed, isOpen } from "../lib/hours.js";
import { recordsOf } from "../lib/fold.js";

/** @typedef {Hall.KioskService} Service */
/** @typedef {import("../lib/hours.js").LocalTime} LocalTime */

/**
 * `closed_by` tells why a choice cannot be pressed; `no_counter` is only a notice, a number is still given.
 * @typedef {object} Choice
 * @property {Service} service
 * @property {boolean} isHeading opens a second page
 * @property {"full" | "closed" | null} closedBy
 * @property {boolean} hasNoCounter
 */

/** @typedef {{columns: 1 | 2, rows: number}} Grid */
/** @typedef {{choices: Choice[], page: number, pages: number, hasBar: boolean}} ChoicePage */

/**
 * The choices below a heading (null: the first page), in the hall's order.
 * @param {Hall.Records} records
 * @param {string | null} heading
 * @param {LocalTime | null} now
 * @returns {Choice[]}
 */
export function choicesUnder(records, heading, now) {
  const services = /** @type {Service[]} */ (recordsOf(records, "service"));
  const headings = new Set(services.map((service) => service.parent));
  const hall = /** @type {Hall.HallRecord | undefined} */ (records.hall);
  return services
    .filter((service) => service.parent === heading)
    .sort((one, other) => one.order - other.order || one.id.localeCompare(other.id))
    .map((service) => asChoice(service, headings.has(service.id), hall, now));
}

/**
 * @param {Service} service
 * @param {boolean} isHeading
 * @param {Hall.HallRecord | undefined} hall
 * @param {LocalTime | null} now
 * @returns {Choice}
 */
function asChoice(service, isHeading, hall, now) {
  const isOpenNow = !isHallClosed(hall, now) && (!now || isOpen(service.hours, now));
  const closedBy = isHeading ? null : !isOpenNow ? "closed" : service.full ? "full" : null;
  return { service, isHeading, closedBy, hasNoCounter: !isHeading && service.counters_open === 0 };
}

/**
 * One page of choices. The bar with "back" and "more" takes a row of its own when it is needed.
 * @param {Choice[]} choices
 * @param {number} page
 * @param {Grid} grid
 * @param {boolean} isBelowHeading
 * @returns {ChoicePage}
 */
export function pageOf(choices, page, { columns, rows }, isBelowHeading) {
  const hasBar = isBelowHeading || choices.length > columns * rows;
  const size = columns * (hasBar ? rows - 1 : rows);
  const pages = Math.max(1, Math.ceil(choices.length / size));
  const shown = Math.min(page, pages - 1);
  return { choices: choices.slice(shown * size, (shown + 1) * size), page: shown, pages, hasBar };
}

/**
 * How many choices stand beside and below each other.
 * @param {{isWide: boolean, isLarge: boolean, isLow: boolean}} mode
 * @returns {Grid}
 */
export function gridFor({ isWide, isLarge, isLow }) {
  if (isWide) return { columns: 2, rows: isLarge ? 2 : 3 };
  return { columns: 1, rows: isLarge ? (isLow ? 3 : 4) : 6 };
}

/**
 * none: this number has no paper · printing · late: no word from the printer in time, the number is valid all the same ·
 * printed · failed.
 * @typedef {"none" | "printing" | "late" | "printed" | "failed"} PaperView
 */

/** How long a visitor looks at "printing" before the words turn. */
export const PAPER_PATIENCE_S = 3;

/**
 * How the paper of a ticket stands.
 * @param {Hall.Ticket["paper"]} paper as answered at issue
 * @param {Hall.Records} records
 * @param {number} age_s real seconds since the number was shown
 * @returns {PaperView}
 */
export function paperView(paper, records, age_s) {
  if (!paper) return "none";
  const told = /** @type {Hall.PaperRecord | undefined} */ (records[`paper:${paper.id}`]);
  const state = told?.state ?? paper.state;
  if (state === "printed") return "printed";
  if (state === "failed" || state === "uncertain") return "failed";
  return age_s >= PAPER_PATIENCE_S ? "late" : "printing";
}

/**
 * The other language that a shared screen speaks beside the visitor's: English, or the hall's first.
 * @param {string[]} languages
 * @param {string} lang
 * @returns {string | null}
 */
export function secondLanguage(languages, lang) {
  const others = languages.filter((other) => other !== lang);
  return others.find((other) => other === "en") ?? others[0] ?? null;
}
