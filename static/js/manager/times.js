/**
 * Visits whose times may be wrong, and what a corrected time means. Pure: no document, no clock; hall time comes in.
 * People write the hall's wall clock; the instant meant is the one near what was recorded.
 */

import { localTime } from "../lib/hours.js";

const MINUTE_MS = 60_000;
const DAY_MIN = 24 * 60;
export const CONFIRMED = "confirmed";

/** @typedef {Hall.LongTurn} Visit */
/** @typedef {{ start: string, end: string }} Walls "10:05" on the hall's wall */

/**
 * Visits that go on far longer than usual, the longest first: perhaps somebody forgot to finish.
 * @param {Hall.ManagerCounter[]} counters
 * @param {number} now_ms
 * @returns {{ counter: Hall.ManagerCounter, current: NonNullable<Hall.ManagerCounter["current"]>, served_s: number }[]}
 */
export function longRunning(counters, now_ms) {
  return counters.flatMap((counter) => {
    const { current } = counter;
    if (current?.state !== "serving" || !current.started_at || !current.long_service_s) return [];
    const served_s = (now_ms - Date.parse(current.started_at)) / 1000;
    return served_s > current.long_service_s ? [{ counter, current, served_s }] : [];
  }).sort((a, b) => b.served_s - a.served_s);
}

/** Those to look at first, then those that are corrected; of each the latest first. @param {Visit[]} visits */
export function inOrder(visits) {
  const rank = (/** @type {Visit} */ one) => (isCorrected(one) ? 1 : 0);
  return [...visits].sort((a, b) => rank(a) - rank(b) || b.ended_at.localeCompare(a.ended_at));
}

/** @param {Visit} visit */
export function isCorrected({ correction_reason }) {
  return correction_reason !== null;
}

/** True when somebody looked into it and found that it really took so long. @param {Visit} visit */
export function isConfirmed({ correction_reason }) {
  return correction_reason === CONFIRMED;
}

/** What figures use. @param {Visit} visit */
export function spanOf(visit) {
  return { start: visit.corrected_started_at ?? visit.started_at, end: visit.corrected_ended_at ?? visit.ended_at };
}

/** @param {{ start: string, end: string }} span */
export function minutesOf({ start, end }) {
  return Math.round((Date.parse(end) - Date.parse(start)) / MINUTE_MS);
}

/**
 * The visits of a ticket that are over, as the feed would show them.
 * @param {Hall.TicketTimes} ticket
 * @param {(counter: string) => string} nameOfCounter
 * @returns {Visit[]}
 */
export function visitsOf({ id, number, timeline }, nameOfCounter) {
  return timeline.turns.flatMap(({ id: turn, state, called_at, started_at, ended_at, counter, service, ...corrected }) =>
    state === "done" && called_at && started_at && ended_at
      ? [{
          turn, ticket: id, number, counter_name: nameOfCounter(counter ?? ""), service, called_at, started_at, ended_at,
          corrected_started_at: corrected.corrected_started_at, corrected_ended_at: corrected.corrected_ended_at,
          correction_reason: corrected.correction_reason,
        }]
      : []);
}

/**
 * "10:05" of what somebody typed: 10:05, 1005, 9.05, with a colon of any width; null when it is no time of day.
 * @param {string} typed
 */
export function wallOf(typed) {
  const [, hour, minute] = /^(\d{1,2})[:：.]?(\d{2})$/.exec(typed.trim()) ?? [];
  return hour && minute && Number(hour) < 24 && Number(minute) < 60 ? `${hour.padStart(2, "0")}:${minute}` : null;
}

/**
 * What was changed, as instants; nothing when nothing was.
 * @param {Visit} visit
 * @param {Walls} walls what is in the form
 * @param {Walls} before what was in it at first
 * @param {{ timezone: string, now_ms: number }} hall
 * @returns {{ started_at?: string, ended_at?: string }}
 */
export function correctionOf(visit, walls, before, { timezone, now_ms }) {
  const span = spanOf(visit);
  const called_ms = Date.parse(visit.called_at);
  const window = { from_ms: called_ms - MINUTE_MS, to_ms: now_ms, timezone };
  const start_ms = walls.start === before.start ? Date.parse(span.start) : notBefore(called_ms, instantAt(walls.start, Date.parse(span.start), window));
  const end_ms = walls.end === before.end ? Date.parse(span.end) : notBefore(start_ms, instantAt(walls.end, Date.parse(span.end), window));
  return {
    ...(walls.start !== before.start && { started_at: new Date(start_ms).toISOString() }),
    ...(walls.end !== before.end && { ended_at: new Date(end_ms).toISOString() }),
  };
}

/**
 * When the wall clock showed a time: of all such instants the one nearest to `near_ms` inside the window, if there is one.
 * @param {string} wall "10:05"
 * @param {number} near_ms
 * @param {{ from_ms: number, to_ms: number, timezone: string }} window
 */
export function instantAt(wall, near_ms, { from_ms, to_ms, timezone }) {
  const [hour, minute] = wall.split(":").map(Number);
  const wanted = (hour ?? 0) * 60 + (minute ?? 0);
  const whole_ms = near_ms - (near_ms % MINUTE_MS);
  const step = wanted - localTime(near_ms, timezone).minute;
  const found = [-DAY_MIN, 0, DAY_MIN].map((day) => {
    const at_ms = whole_ms + (step + day) * MINUTE_MS;
    // Clocks may have been put forward or back between the two instants.
    const drift = (wanted - localTime(at_ms, timezone).minute + 1.5 * DAY_MIN) % DAY_MIN - DAY_MIN / 2;
    return at_ms + drift * MINUTE_MS;
  });
  const inside = found.filter((at_ms) => from_ms <= at_ms && at_ms <= to_ms);
  return (inside.length ? inside : found).reduce((best, at_ms) => (Math.abs(at_ms - near_ms) < Math.abs(best - near_ms) ? at_ms : best));
}

/** A minute is written without its seconds: in the minute of `least_ms` that instant is meant. @param {number} least_ms @param {number} at_ms */
function notBefore(least_ms, at_ms) {
  return at_ms < least_ms && least_ms < at_ms + MINUTE_MS ? least_ms : at_ms;
}
