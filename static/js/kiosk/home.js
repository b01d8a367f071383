/** Choosing: services as tickets not yet taken, six a page, headings open a second page. */

import { html } from "../../vendor/ui.mjs";
import { isHallClosed } from "../lib/hours.js";
import { icon } from "../lib/icons.js";
import { t } from "../lib/i18n.js";
import { onPress } from "../lib/press.js";
import { ChoiceCard } from "./choice.js";
import { Head, HelpKeys, LanguageKeys } from "./frame.js";
import { choicesUnder, gridFor, pageOf } from "./model.js";
import { roomOf, secondly, twinName } from "./twin.js";
import { TAP_SHUT_MS } from "./visit.js";

const LONG_TITLE = 22;

/** @typedef {import("./visit.js").Visit} Visit */
/** @typedef {import("./model.js").Choice} Choice */
/** @typedef {import("../lib/hours.js").LocalTime} LocalTime */

/**
 * What every kiosk screen is drawn from.
 * @typedef {object} Sight
 * @property {Visit} visit
 * @property {Hall.Records} records
 * @property {Hall.HallRecord} hall
 * @property {number | null} now_ms
 * @property {LocalTime | null} now
 * @property {boolean} isWide
 * @property {boolean} isTall
 * @property {boolean} isCut the link is down: nothing can be taken
 */

/**
 * The choices on the page now; also what number keys press.
 * @param {Sight} sight
 * @param {import("./visit.js").AtHome} screen
 */
export function choicesNow({ visit, records, now, isWide }, screen) {
  const grid = gridFor({ isWide, isLarge: visit.isLarge.value, isLow: visit.isLow.value });
  const choices = choicesUnder(records, screen.heading, now);
  return { grid, ...pageOf(choices, screen.page, grid, screen.heading !== null) };
}

/**
 * Presses a choice: a heading opens, a service gives its number.
 * @param {Visit} visit
 * @param {Choice} choice
 */
export function choose(visit, { service, isHeading }) {
  if (visit.isTaking.peek() || !visit.gate.pass(TAP_SHUT_MS)) return;
  if (isHeading) visit.open(service.id);
  else visit.take(service.id);
}

/** @param {{sight: Sight, screen: import("./visit.js").AtHome}} props */
export function Home({ sight, screen }) {
  const { visit, records, hall, now_ms, isTall, isCut } = sight;
  const shown = choicesNow(sight, screen);
  const heading = /** @type {Hall.KioskService | undefined} */ (records[`service:${screen.heading}`]);
  return html`
    <${Head} names=${hall.name} now_ms=${now_ms} timezone=${hall.timezone}>${title(sight, heading)}</${Head}>
    <${LanguageKeys} languages=${hall.languages} visit=${visit} />
    <main class="choices columns-${shown.grid.columns} rows-${shown.grid.rows}" style=${{ "--rows": rowsOf(shown) }} aria-busy=${String(visit.isTaking.value)}>
      ${shown.choices.map((choice, at) => card(sight, choice, at, isCut))}
      ${shown.choices.length === 0 && html`<p class="none">${t("No services are set up yet.")}${secondly("No services are set up yet.")}</p>`}
      ${shown.hasBar && html`<${Bar} visit=${visit} page=${shown.page} pages=${shown.pages} isBelow=${screen.heading !== null} />`}
    </main>
    <${HelpKeys} visit=${visit} isTall=${isTall} />
  `;
}

/**
 * @param {Sight} sight
 * @param {Hall.KioskService | undefined} heading
 */
function title({ hall, now, isCut }, heading) {
  if (isCut) return words("Numbers cannot be taken now");
  if (isHallClosed(hall, now)) return words("The hall is closed now");
  if (!heading) return words("What would you like to do?");
  const name = twinName(heading.name);
  return headline(name.first, name.other);
}

/** @param {string} msgid */
function words(msgid) {
  return headline(t(msgid), secondly(msgid));
}

/**
 * @param {string} first
 * @param {import("../../vendor/ui.mjs").Child} other
 */
function headline(first, other) {
  return html`<h1 class=${roomOf(first) > LONG_TITLE ? "long" : ""}>${first}</h1><p>${other}</p>`;
}

/**
 * Rows that are really there, so that few choices stand at their full height.
 * @param {ReturnType<typeof choicesNow>} shown
 */
function rowsOf({ choices, grid, hasBar }) {
  return Math.max(1, Math.ceil(choices.length / grid.columns) + (hasBar ? 1 : 0));
}

/**
 * @param {Sight} sight
 * @param {Choice} choice
 * @param {number} at
 * @param {boolean} isOff
 */
function card({ visit, records, hall, now }, choice, at, isOff) {
  const children = choice.isHeading ? choicesUnder(records, choice.service.id, now).length : 0;
  const hours = choice.service.hours ?? hall.hours;
  return html`<${ChoiceCard} key=${choice.service.id} choice=${choice} key_number=${at + 1} isOff=${isOff} children=${children} hours=${hours} now=${now} act=${() => choose(visit, choice)} />`;
}

/** @param {{visit: Visit, page: number, pages: number, isBelow: boolean}} props */
function Bar({ visit, page, pages, isBelow }) {
  const back = page > 0 ? () => visit.turn(page - 1) : () => visit.open(null);
  const hasBack = isBelow || page > 0;
  return html`<nav class="bar" aria-label=${t("Pages")}>
    ${hasBack ? html`<button class="back" ...${onPress(back)}>${icon("chevron-left", "turns")}<span>${t("Back")}${secondly("Back")}</span></button>` : html`<span></span>`}
    ${pages > 1 && html`<span class="n">${page + 1}/${pages}</span>`}
    ${page + 1 < pages ? html`<button class="next" ...${onPress(() => visit.turn(page + 1))}><span>${t("More")}${secondly("More")}</span>${icon("chevron-right", "turns")}</button>` : html`<span></span>`}
  </nav>`;
}
