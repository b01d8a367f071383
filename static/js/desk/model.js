/**
 * What a desk shows, worked out from the records of its view. Pure: no document, no clock; hall time comes in.
 * Texts are sentences to be translated (`msgid` and values), never finished words.
 */

import { recordsOf } from "../lib/fold.js";
import { since_s } from "../lib/format.js";

export const CROWD = 24;
const LINE_ROWS = 10;
const WORST_ROWS = 8;
const TOTALS_MAX = 4;
export const AFTER_MAX = 3;
/** A visit is long, says the server, beyond so many times what is usual. */
export const LONG_SERVICE = 3;

/** @typedef {{ msgid: string, values?: Record<string, string | number | string[]>, many?: string, n?: number }} Sentence */
/** How a visit ends: `items` counts the work done, `credit` lets who comes back with the papers count as having come earlier. */
/** @typedef {{ outcome: "served" | "not_completed", reason: string | null, credit: boolean, items: Record<string, number> }} Ending */
/** @typedef {"closed" | "paused" | "free" | "called" | "serving"} Mode */
/**
 * @typedef {object} Desk
 * @property {Hall.HallRecord | null} hall
 * @property {Hall.DeskCounter | null} counter
 * @property {Hall.DeskCurrent | null} current
 * @property {Hall.UndeliveredCause | null} cause why the calls have not reached the visitor, as far as it was asked
 * @property {Hall.PhonePage} phone whether the visitor's own page is open, as far as it was asked
 * @property {Hall.DeskUndo | null} undo
 * @property {Hall.DeskNext | null} next
 * @property {{ served: number, work: number, waiting: number }} today
 * @property {Hall.WaitingRecord[]} waiting in calling order
 * @property {Hall.MissedRecord[]} missed latest first
 * @property {Hall.ParkedRecord[]} parked the first one due first
 * @property {Hall.HelpRecord[]} helps asked for here and not settled
 * @property {Map<string, Hall.Reason[]>} reasons by what they are for
 * @property {Hall.Calling} calling
 * @property {Hall.Elsewhere} elsewhere
 * @property {Map<string, Hall.DeskService>} services
 * @property {Map<string, Hall.ClassRecord>} classes
 */

/** @type {Hall.Calling} what holds while the hall has not said */
const CALLING = {
  rule: "", pick: "reason", walk_in: true, park_s: 600, comeback: false, line_shown: "all", override: true,
  delivered_by: "displays", scripts: [],
};

/**
 * How a visit ends when the clerk says nothing more; what was counted at a finish that was taken back still counts.
 * @param {Hall.DeskCurrent | null} [current]
 * @returns {Ending}
 */
export function usualEnding(current) {
  const items = Object.fromEntries((current?.items ?? []).map(({ item, quantity }) => [item, quantity]));
  return { outcome: "served", reason: null, credit: false, items };
}

/**
 * The records of the desk view, sorted and named.
 * @param {Hall.Records} records
 * @returns {Desk}
 */
export function deskOf(records) {
  /** @type {Hall.WaitingRecord[]} */
  const waiting = recordsOf(records, "waiting");
  waiting.sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
  /** @type {Hall.MissedRecord[]} */
  const missed = recordsOf(records, "missed");
  /** @type {Hall.ParkedRecord[]} */
  const parked = recordsOf(records, "parked");
  /** @type {Hall.HelpRecord[]} */
  const helps = recordsOf(records, "help");
  return {
    hall: one(records, "hall"),
    counter: one(records, "counter"),
    current: one(records, "current"),
    cause: null,
    phone: null,
    undo: one(records, "undo"),
    next: one(records, "next") ?? nextInLine(waiting),
    today: one(records, "today") ?? { served: 0, work: 0, waiting: waiting.length },
    waiting,
    missed: missed.sort((a, b) => b.missed_at.localeCompare(a.missed_at)),
    parked: parked.sort((a, b) => a.due_at.localeCompare(b.due_at)),
    helps: helps.sort((a, b) => a.at.localeCompare(b.at)),
    reasons: new Map(/** @type {Hall.ReasonsRecord[]} */ (recordsOf(records, "reasons")).map(({ kind, reasons }) => [kind, reasons])),
    calling: { ...CALLING, ...one(records, "calling") },
    elsewhere: one(records, "elsewhere") ?? { services: [], counters: [] },
    services: byId(recordsOf(records, "service")),
    classes: byId(recordsOf(records, "class")),
  };
}

/**
 * @param {Desk} desk
 * @returns {Mode}
 */
export function modeOf({ counter, current }) {
  if (current) return current.state;
  if (!counter || counter.state === "closed") return "closed";
  return counter.state === "paused" ? "paused" : "free";
}

/**
 * How the counter stands: every verb of a clerk but the calls for help changes it, what displays and others report does not.
 * @param {Hall.Records} records
 */
export function standingOf(records) {
  const counter = /** @type {Hall.DeskCounter | null} */ (one(records, "counter"));
  const current = /** @type {Hall.DeskCurrent | null} */ (one(records, "current"));
  return [counter?.state, current?.ticket, current?.state, current?.call_no].join(" ");
}

/**
 * True when the visit lasts far longer than the service usually takes: perhaps somebody forgot to finish.
 * @param {Desk} desk
 * @param {number} now_ms
 */
export function isLongService({ current }, now_ms) {
  if (current?.state !== "serving" || !current.long_service_s) return false;
  return since_s(current.started_at ?? current.called_at, now_ms) > current.long_service_s;
}

/**
 * @typedef {object} LineRow
 * @property {Hall.WaitingRecord} turn
 * @property {number} waited_min
 * @property {number | null} promise_min
 * @property {number | null} share of the promise used
 * @property {boolean} isLate
 */
/**
 * @typedef {object} Line
 * @property {boolean} isCrowd totals and the worst instead of the order
 * @property {LineRow[]} rows
 * @property {number} more waiting but not in `rows`
 * @property {number} moreLate of those, beyond their promise
 * @property {number} mark where the promise stands on every bar, in percent
 * @property {{ service: string, waiting: number, longest_min: number, isLate: boolean }[]} totals the largest four
 */

/**
 * The line beside the ticket: in calling order while it can be read, or totals and the eight worst when it cannot.
 * @param {Desk} desk
 * @param {number} now_ms
 * @param {{ service?: string | null, all?: boolean }} [filter]
 * @returns {Line}
 */
export function lineOf({ waiting }, now_ms, { service = null, all = false } = {}) {
  const every = waiting.map((turn) => rowOf(turn, now_ms));
  const isCrowd = !all && service === null && every.length > CROWD;
  const wanted = service === null ? every : every.filter((row) => row.turn.service === service);
  const shown = isCrowd ? worst(wanted) : wanted.slice(0, all ? wanted.length : LINE_ROWS);
  const rest = without(wanted, shown);
  return {
    isCrowd,
    rows: shown,
    more: rest.length,
    moreLate: rest.filter((row) => row.isLate).length,
    mark: promiseMark(shown),
    totals: totalsOf(every),
  };
}

/**
 * How many wait for each service, the most first.
 * @param {Desk} desk
 * @returns {{ service: string, n: number }[]}
 */
export function tabsOf({ waiting }) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { service } of waiting) counts.set(service, (counts.get(service) ?? 0) + 1);
  return [...counts].map(([service, n]) => ({ service, n })).sort((a, b) => b.n - a.n || a.service.localeCompare(b.service));
}

/**
 * The width of a row's bar in percent, on the scale where the promise stands at `mark`.
 * @param {LineRow} row
 * @param {number} mark
 */
export function barWidth(row, mark) {
  return row.share === null ? 0 : Math.min(100, row.share * mark);
}

/**
 * @param {Hall.WaitingRecord} turn
 * @param {number} now_ms
 * @returns {LineRow}
 */
function rowOf(turn, now_ms) {
  const waited_s = since_s(turn.since, now_ms);
  const share = turn.promise_s ? waited_s / turn.promise_s : null;
  return {
    turn,
    waited_min: Math.floor(waited_s / 60),
    promise_min: turn.promise_s ? Math.round(turn.promise_s / 60) : null,
    share,
    isLate: share !== null && share > 1,
  };
}

/**
 * The rows that used the largest share of their promise; those without one come last, longest wait first.
 * @param {LineRow[]} rows
 */
function worst(rows) {
  return [...rows].sort((a, b) => (b.share ?? -1) - (a.share ?? -1) || b.waited_min - a.waited_min).slice(0, WORST_ROWS);
}

/**
 * @param {LineRow[]} all
 * @param {LineRow[]} shown
 */
function without(all, shown) {
  const there = new Set(shown);
  return all.filter((row) => !there.has(row));
}

/**
 * One place for the promise on all bars, so that they can be compared: near the end while all is well, further in when
 * somebody is far beyond it, never closer than 28 percent.
 * @param {LineRow[]} rows
 */
function promiseMark(rows) {
  const longest = Math.max(1, ...rows.map((row) => row.share ?? 0));
  return Math.max(28, Math.round(91 / longest));
}

/**
 * @param {LineRow[]} rows
 * @returns {Line["totals"]}
 */
function totalsOf(rows) {
  /** @type {Map<string, Line["totals"][number]>} */
  const totals = new Map();
  for (const { turn, waited_min, isLate } of rows) {
    const total = totals.get(turn.service) ?? { service: turn.service, waiting: 0, longest_min: 0, isLate: false };
    total.waiting += 1;
    total.longest_min = Math.max(total.longest_min, waited_min);
    total.isLate ||= isLate;
    totals.set(turn.service, total);
  }
  return [...totals.values()].sort((a, b) => b.waiting - a.waiting).slice(0, TOTALS_MAX);
}

/**
 * Who would be next at a counter that does not call now.
 * @param {Hall.WaitingRecord[]} waiting in calling order
 * @returns {Hall.DeskNext | null}
 */
function nextInLine([first, ...others]) {
  return first ? { ...first, after: others.slice(0, AFTER_MAX).map((turn) => turn.number) } : null;
}

/**
 * @template T
 * @param {Hall.Records} records
 * @param {string} key
 * @returns {T | null}
 */
function one(records, key) {
  return /** @type {T | undefined} */ (records[key]) ?? null;
}

/**
 * @template {{ id: string }} T
 * @param {T[]} records
 * @returns {Map<string, T>}
 */
function byId(records) {
  return new Map(records.map((record) => [record.id, record]));
}
