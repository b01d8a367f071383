/** How times and durations are written: 24-hour clock in the hall's zone, ranges of minutes, m:ss. Pure. */

const SECONDS_A_MINUTE = 60;

/**
 * "10:42" on the hall's wall; empty while the time is unknown.
 * @param {string | number | null | undefined} at ISO instant or epoch milliseconds
 * @param {string} timezone
 * @param {{seconds?: boolean}} [options]
 */
export function clockTime(at, timezone, { seconds = false } = {}) {
  if (at === null || at === undefined) return "";
  const at_ms = typeof at === "number" ? at : Date.parse(at);
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds && { second: "2-digit" }),
    hourCycle: "h23",
  });
  return format.format(at_ms);
}

/**
 * "10:42" of a minute after midnight.
 * @param {number} minute
 */
export function wallTime(minute) {
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
}

/**
 * Whole minutes, rounded up: a wait of 61 s is "2 min", never less than promised.
 * @param {number} seconds
 */
export function minutes(seconds) {
  return Math.ceil(seconds / SECONDS_A_MINUTE);
}

/**
 * "7:05", "1:02:09" from an hour on.
 * @param {number} seconds
 */
export function minuteSecond(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, rest] = [Math.floor(whole / 3600), whole % 3600];
  const tail = `${hours ? twoDigits(Math.floor(rest / 60)) : Math.floor(rest / 60)}:${twoDigits(rest % 60)}`;
  return hours ? `${hours}:${tail}` : tail;
}

/**
 * Hall seconds from an instant until now, never negative.
 * @param {string} at
 * @param {number} now_ms
 */
export function since_s(at, now_ms) {
  return Math.max(0, (now_ms - Date.parse(at)) / 1000);
}

/**
 * "04:32", or "1:04:32" beyond an hour.
 * @param {number} seconds
 */
export function stopwatch(seconds) {
  const whole = Math.floor(seconds);
  const [hours, tail] = [Math.floor(whole / 3600), `${twoDigits(Math.floor(whole / 60) % 60)}:${twoDigits(whole % 60)}`];
  return hours ? `${hours}:${tail}` : tail;
}

/**
 * The honest range in minutes, "4–8"; one figure when both ends meet; null without an estimate.
 * @param {Hall.Estimate | null | undefined} estimate
 * @returns {string | null}
 */
export function minuteRange(estimate) {
  if (!estimate) return null;
  const low = Math.floor(estimate.p10_s / SECONDS_A_MINUTE);
  const high = Math.max(1, minutes(estimate.p90_s));
  return low === high ? String(high) : `${low}–${high}`;
}

/**
 * "2026-11-24" as the language writes a date: 11月24日, 24 November.
 * @param {string} businessDate
 * @param {string} lang
 */
export function dayMonth(businessDate, lang) {
  const noon = Date.parse(`${businessDate}T12:00:00Z`);
  return new Intl.DateTimeFormat(lang, { timeZone: "UTC", day: "numeric", month: "long" }).format(noon);
}

/** @param {number} value */
function twoDigits(value) {
  return String(value).padStart(2, "0");
}
