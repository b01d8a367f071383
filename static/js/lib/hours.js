/**
 * Opening hours in the hall's own zone: pure, told the instant. A week is seven lists, Monday first, of [opens, closes)
 * in minutes after local midnight; no week means always open.
 */

/** @typedef {{weekday: number, minute: number}} LocalTime Monday is 0 */

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/**
 * What the wall clock of the hall shows.
 * @param {number} at_ms epoch milliseconds
 * @param {string} timezone
 * @returns {LocalTime}
 */
export function localTime(at_ms, timezone) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = Object.fromEntries(format.formatToParts(at_ms).map(({ type, value }) => [type, value]));
  return { weekday: WEEKDAYS.indexOf(parts.weekday ?? ""), minute: Number(parts.hour) * 60 + Number(parts.minute) };
}

/**
 * @param {Hall.Week | null | undefined} hours
 * @param {LocalTime} now
 */
export function isOpen(hours, { weekday, minute }) {
  return !hours || (hours[weekday] ?? []).some(([opens, closes]) => opens <= minute && minute < closes);
}

/**
 * True when the whole hall is closed by its hours or its day.
 * @param {Hall.HallRecord | undefined} hall
 * @param {LocalTime | null} now
 */
export function isHallClosed(hall, now) {
  return Boolean(hall && (!hall.day_open || (now && !isOpen(hall.hours, now))));
}

/**
 * When it opens next, as days from today and the minute; null when it never does.
 * @param {Hall.Week | null | undefined} hours
 * @param {LocalTime} now
 * @returns {{days: number, weekday: number, minute: number} | null}
 */
export function nextOpening(hours, now) {
  if (!hours) return null;
  for (let days = 0; days <= 7; days++) {
    const weekday = (now.weekday + days) % 7;
    const openings = (hours[weekday] ?? []).map(([opens]) => opens);
    const minute = openings.filter((opens) => days > 0 || opens > now.minute).sort((a, b) => a - b)[0];
    if (minute !== undefined) return { days, weekday, minute };
  }
  return null;
}
