/**
 * What a greeter sees of a hall, worked out from the greeter view. Pure: no document, no clock; hall time comes in.
 */

import { recordsOf } from "../lib/fold.js";
import { since_s } from "../lib/format.js";
import { isHallClosed, isOpen, localTime, nextOpening } from "../lib/hours.js";

const BUDGET_WINDOW_MS = 3_600_000;
export const ROWS_FIRST = 40;

/** @typedef {"waiting" | "called" | "serving" | "parked" | "missed" | "done"} State */
/**
 * @typedef {object} Floor
 * @property {Hall.GreeterHall | null} hall
 * @property {Hall.GreeterToday} today
 * @property {Map<string, Hall.GreeterService>} services in the order of the set-up
 * @property {Map<string, Hall.ClassRecord>} classes in the order of the set-up, the usual one first
 * @property {Hall.GreeterCounter[]} counters that are there now
 * @property {Hall.GreeterWaiting[]} waiting
 * @property {Hall.GreeterCalled[]} hunted awaited, called twice and not seen, the longest first
 * @property {Hall.GreeterCalled[]} called all others who are called now
 * @property {Hall.GreeterMissed[]} missed latest first
 * @property {Hall.GreeterParked[]} parked due first
 * @property {Hall.GreeterHelp[]} helps not taken first, then the oldest
 * @property {Hall.GreeterPrinter[]} printers that work
 * @property {Map<string, Hall.GreeterPaper>} papers the newest of each ticket, by ticket
 * @property {Map<string, Hall.GreeterReason[]>} reasons by kind
 */

/** @type {Hall.GreeterToday} */
const NOTHING_YET = {
  issued: 0, served: 0, missed: 0, reinstated: 0, came_in: 0, diverted: {},
  priority: { per_hour: null, used: [], free_at: null },
};

/**
 * The records of the greeter view, sorted and named.
 * @param {Hall.Records} records
 * @returns {Floor}
 */
export function floorOf(records) {
  /** @type {Hall.GreeterCalled[]} */
  const called = recordsOf(records, "called");
  called.sort((a, b) => a.called_at.localeCompare(b.called_at));
  /** @type {Hall.GreeterMissed[]} */
  const missed = recordsOf(records, "missed");
  /** @type {Hall.GreeterParked[]} */
  const parked = recordsOf(records, "parked");
  /** @type {{ kind: string, reasons: Hall.GreeterReason[] }[]} */
  const reasons = recordsOf(records, "reasons");
  /** @type {Hall.GreeterPaper[]} */
  const papers = recordsOf(records, "paper");
  return {
    hall: /** @type {Hall.GreeterHall | undefined} */ (records.hall) ?? null,
    today: /** @type {Hall.GreeterToday | undefined} */ (records.today) ?? NOTHING_YET,
    services: inOrder(recordsOf(records, "service")),
    classes: inOrder(recordsOf(records, "class")),
    counters: recordsOf(records, "counter"),
    waiting: recordsOf(records, "waiting"),
    hunted: called.filter((one) => one.hunt),
    called: called.filter((one) => !one.hunt),
    missed: missed.sort((a, b) => b.missed_at.localeCompare(a.missed_at)),
    parked: parked.sort((a, b) => (a.due_at ?? "~").localeCompare(b.due_at ?? "~")),
    helps: helpsOf(recordsOf(records, "help")),
    printers: workingPrinters(recordsOf(records, "printer")),
    papers: new Map(papers.map((one) => [one.ticket, one])),
    reasons: new Map(reasons.map((one) => [one.kind, one.reasons])),
  };
}

/** @typedef {{ why: "closed" | "full", opens: number | null }} Shut `opens`: the minute of today at which it opens */

/**
 * Why no number can be given for a service now; null when one can. It is full when the usual
 * class has no number left; another class may have a series of its own.
 * @param {Floor} floor
 * @param {Hall.GreeterService} service
 * @param {number} now_ms
 * @returns {Shut | null}
 */
export function shutOf({ hall, classes }, service, now_ms) {
  if (!hall) return null;
  const now = localTime(now_ms, hall.timezone);
  if (isHallClosed(hall, now) || !isOpen(service.hours, now)) {
    const opening = hall.day_open ? nextOpening(service.hours ?? hall.hours, now) : null;
    return { why: "closed", opens: opening?.days === 0 ? opening.minute : null };
  }
  const [usual] = classes.keys();
  return service.full.includes(usual ?? "") ? { why: "full", opens: null } : null;
}

/** @typedef {{ turn: Hall.GreeterWaiting, waited_s: number, over_s: number | null }} WaitRow */
/**
 * @typedef {object} Waits
 * @property {WaitRow[]} rows beyond the promise, the farthest first; or all who wait, the longest first
 * @property {{ service: string, late: number, waiting: number }[]} counts of each service with somebody waiting
 * @property {number} late
 * @property {number} waiting
 */

/**
 * Who waits beyond the promise, by how far. The wait is what the hall's figures count: from the moment of this wait's
 * beginning, whatever the claim.
 * @param {Floor} floor
 * @param {number} now_ms
 * @param {{ service?: string | null, all?: boolean }} [filter]
 * @returns {Waits}
 */
export function waitsOf({ waiting, services }, now_ms, { service = null, all = false } = {}) {
  const every = waiting.map((turn) => waitOf(turn, now_ms));
  const wanted = every.filter((row) => (service === null || row.turn.service === service) && (all || isLate(row)));
  const byWait = (/** @type {WaitRow} */ a, /** @type {WaitRow} */ b) => b.waited_s - a.waited_s;
  const byOver = (/** @type {WaitRow} */ a, /** @type {WaitRow} */ b) => (b.over_s ?? 0) - (a.over_s ?? 0) || byWait(a, b);
  const counts = [...services.values()]
    .map((one) => ({ service: one.id, waiting: one.waiting, late: every.filter((row) => row.turn.service === one.id && isLate(row)).length }))
    .filter((count) => count.waiting > 0);
  return {
    rows: wanted.sort(all ? byWait : byOver),
    counts,
    late: every.filter(isLate).length,
    waiting: [...services.values()].reduce((sum, one) => sum + one.waiting, 0),
  };
}

/** @param {Hall.GreeterWaiting} turn @param {number} now_ms @returns {WaitRow} */
function waitOf(turn, now_ms) {
  const waited_s = since_s(turn.since, now_ms);
  return { turn, waited_s, over_s: turn.promise_s === null ? null : waited_s - turn.promise_s };
}

/** @param {WaitRow} row */
export function isLate({ over_s }) {
  return over_s !== null && over_s > 0;
}

/** @typedef {{ most: number | null, used: number, left: number | null, free_at_ms: number | null }} Budget */

/**
 * What is left of the green lane within the last hour. The record stands still while the hour moves on, so what has
 * become free since is worked out here.
 * @param {Hall.GreeterToday["priority"]} priority
 * @param {number} now_ms
 * @returns {Budget} without a limit `most` and `left` are null; `free_at_ms` only when it is spent
 */
export function budgetOf({ per_hour: most, used }, now_ms) {
  const lately = used.map((at) => Date.parse(at)).filter((at_ms) => now_ms - at_ms < BUDGET_WINDOW_MS).sort((a, b) => a - b);
  if (most === null) return { most, used: lately.length, left: null, free_at_ms: null };
  const left = Math.max(0, most - lately.length);
  const freeing = left === 0 ? lately[lately.length - most] : undefined;
  return { most, used: lately.length, left, free_at_ms: freeing === undefined ? null : freeing + BUDGET_WINDOW_MS };
}

/** @typedef {{ key: string, kind: "hunt" | "help", number: string, counter: string, what: string }} News */

/**
 * What calls the greeter: somebody to look for, or a call for help that nobody has taken.
 * @param {Floor} floor
 * @returns {News[]} calls for help first
 */
export function newsOf({ hunted, helps }) {
  return [
    ...helps.filter((one) => !one.taken_at).map((one) => news(`help:${one.help}`, "help", one.number ?? "", one.counter_name, one.kind)),
    ...hunted.map((one) => news(`hunt:${one.ticket}`, "hunt", one.number, one.counter_name)),
  ];
}

/**
 * Those that were not there before: each is told once, as long as it lasts.
 * @param {ReadonlySet<string>} known
 * @param {News[]} all
 */
export function freshNews(known, all) {
  return all.filter((one) => !known.has(one.key));
}

/**
 * The tickets found that matter here: today's, and whoever is still open from before; open ones first, then the latest.
 * @param {Hall.FoundTicket[]} found
 * @param {string | undefined} today
 */
export function foundNow(found, today) {
  const rank = (/** @type {Hall.FoundTicket} */ one) => (one.state === "done" ? 1 : 0);
  return found.filter((one) => one.state !== "done" || one.business_date === today)
    .sort((a, b) => rank(a) - rank(b) || b.issued_at.localeCompare(a.issued_at));
}

/** @param {Hall.GreeterHelp[]} helps */
function helpsOf(helps) {
  const isTaken = (/** @type {Hall.GreeterHelp} */ one) => (one.taken_at ? 1 : 0);
  return helps.sort((a, b) => isTaken(a) - isTaken(b) || a.at.localeCompare(b.at));
}

/** @param {Hall.GreeterPrinter[]} printers */
function workingPrinters(printers) {
  return printers.filter((one) => one.works).sort((a, b) => a.id.localeCompare(b.id));
}

/**
 * @param {string} key
 * @param {News["kind"]} kind
 * @param {string} number
 * @param {string} counter
 * @param {string} [what] kind of help
 * @returns {News}
 */
function news(key, kind, number, counter, what = "") {
  return { key, kind, number, counter, what };
}

/**
 * @template {{ id: string, order?: number }} T
 * @param {T[]} records
 * @returns {Map<string, T>}
 */
function inOrder(records) {
  return new Map(records.sort((a, b) => (a.order ?? 0) - (b.order ?? 0)).map((record) => [record.id, record]));
}
