/** What a display says besides calls: the foot's sentences, the date, whether the hall is open. Pure. */

import { wallTime } from "../lib/format.js";
import { isOpen } from "../lib/hours.js";

/**
 * A sentence by its msgid, or in the hall's own words by language.
 * @typedef {{ icon: import("../lib/icons.js").IconName, msgid?: string, values?: Record<string, string | number>, names?: Hall.Names }} Sentence
 */
/** @typedef {import("../lib/hours.js").LocalTime} LocalTime */

export const SENTENCE_MS = 12_000;

/**
 * The sentences that take turns at the foot, one at a time.
 * @param {Hall.HallRecord} hall
 * @param {LocalTime} now
 * @returns {Sentence[]}
 */
export function footSentences({ hours, missed_sentence }, now) {
  const today = openToday(hours, now);
  return [
    ...(Object.keys(missed_sentence ?? {}).length ? [/** @type {Sentence} */ ({ icon: "ticket", names: missed_sentence })] : []),
    { icon: "list-ordered", msgid: "Each service has its own line, so numbers are not called in order" },
    ...(today ? [/** @type {Sentence} */ ({ icon: "door-open", msgid: "Open today %(hours)s", values: { hours: today } })] : []),
  ];
}

/**
 * What stands in the large place while nobody is called.
 * @param {Hall.HallRecord} hall
 * @param {LocalTime} now
 */
export function emptyMessage({ hours, day_open }, now) {
  return day_open && isOpen(hours, now) ? "Your number will appear here" : "Closed now";
}

/**
 * "11月24日 周二", "Tue 24 Nov": the hall's date in a language, without a year.
 * @param {number} at_ms
 * @param {string} timeZone
 * @param {string} lang
 */
export function dateLine(at_ms, timeZone, lang) {
  const isHan = /^(zh|ja)/.test(lang);
  const locale = lang === "en" ? "en-GB" : lang;
  const weekday = new Intl.DateTimeFormat(locale, { timeZone, weekday: "short" }).format(at_ms);
  const day = new Intl.DateTimeFormat(locale, { timeZone, day: "numeric", month: isHan ? "long" : "short" }).format(at_ms);
  return isHan ? `${day} ${weekday}` : `${weekday} ${day}`;
}

/**
 * @param {Hall.Week | null} hours
 * @param {LocalTime} now
 * @returns {string | null} "9:00–12:00, 13:00–17:30"; null when always open or closed all day
 */
function openToday(hours, { weekday }) {
  const spans = hours?.[weekday] ?? [];
  return spans.length ? spans.map(([opens, closes]) => `${wallTime(opens)}–${wallTime(closes)}`).join(", ") : null;
}
