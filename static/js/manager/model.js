/**
 * What a manager sees of a hall, worked out from the manager view. Pure: no document, no clock; hall time comes in.
 * Every share carries its denominator; alarms are facts with their numbers, said as sentences by the screen.
 */

import { entriesOf, recordsOf } from "../lib/fold.js";
import { longRunning } from "./times.js";

const SOON_S = 300;
const SILENT_S = 20;
const LONGEST_ROWS = 5;
const ALARMS_MAX = 12;
/** On the strip of a line the promise stands at two thirds; the last third is time beyond it. */
export const PROMISE_AT = 66.66;

/** @typedef {Hall.WaitingRecord & { waited_s: number, share: number | null }} Waiting */
/**
 * @typedef {object} Floor
 * @property {Hall.HallRecord | null} hall
 * @property {Hall.ManagerCounter[]} counters
 * @property {Hall.BoardArea[]} areas
 * @property {Map<string, Hall.ManagerService>} services in order
 * @property {Map<string, Hall.ClassRecord>} classes
 * @property {Waiting[]} waiting longest first
 * @property {Hall.ManagerToday | null} today
 * @property {Hall.RecentCall[]} recent newest first
 * @property {Hall.LongTurn[]} longTurns of today that are over: far longer than usual, or corrected
 * @property {Hall.DeviceRecord[]} devices
 * @property {Hall.HelpRecord[]} helps asked for and not settled, the first one first
 * @property {Map<string, Hall.Reason[]>} reasons by what they are for
 * @property {(Hall.PaperTrouble & { paper: string })[]} papers latest first
 */

/**
 * @param {Hall.Records} records
 * @param {number} now_ms
 * @param {Map<string, Hall.DeviceAnswer>} [heard] what the devices were last heard to be
 * @returns {Floor}
 */
export function floorOf(records, now_ms, heard = new Map()) {
  /** @type {Hall.ManagerService[]} */
  const services = recordsOf(records, "service");
  /** @type {Hall.WaitingRecord[]} */
  const waiting = recordsOf(records, "waiting");
  /** @type {Hall.RecentCall[]} */
  const recent = recordsOf(records, "recent");
  /** @type {Hall.HelpRecord[]} */
  const helps = recordsOf(records, "help");
  /** @type {Hall.ReasonsRecord[]} */
  const reasons = recordsOf(records, "reasons");
  /** @type {[string, Hall.PaperTrouble][]} */
  const papers = entriesOf(records, "paper_trouble");
  return {
    hall: /** @type {Hall.HallRecord | undefined} */ (records.hall) ?? null,
    counters: sorted(recordsOf(records, "counter")),
    areas: sorted(recordsOf(records, "area")),
    services: new Map(services.sort((a, b) => a.order - b.order).map((service) => [service.id, service])),
    classes: new Map(/** @type {Hall.ClassRecord[]} */ (recordsOf(records, "class")).map((one) => [one.id, one])),
    waiting: waiting.map((turn) => waitingNow(turn, now_ms)).sort((a, b) => b.waited_s - a.waited_s),
    today: /** @type {Hall.ManagerToday | undefined} */ (records.today) ?? null,
    longTurns: recordsOf(records, "long_turn"),
    recent: recent.sort((a, b) => b.at.localeCompare(a.at)),
    devices: sorted(recordsOf(records, "device")).map((device) => withAnswer(device, heard.get(device.id))),
    helps: helps.sort((a, b) => a.at.localeCompare(b.at)),
    reasons: new Map(reasons.map(({ kind, reasons: of }) => [kind, of])),
    papers: papers.map(([paper, trouble]) => ({ ...trouble, paper })).sort((a, b) => b.at.localeCompare(a.at)),
  };
}

/** @param {Hall.DeviceRecord} device @param {Hall.DeviceAnswer | undefined} answer @returns {Hall.DeviceRecord} */
function withAnswer(device, answer) {
  if (!answer) return device;
  return { ...device, last_seen: answer.last_seen, alive: answer.alive, audio: answer.audio };
}

/** A display that lives and cannot be heard. @param {Hall.DeviceRecord} device */
export function isMute({ kind, alive, audio }) {
  return kind === "display" && alive === true && audio !== undefined && audio !== "running";
}

/**
 * The one figure: how many of those called had been promised a wait and got it.
 * @param {Floor} floor
 * @returns {{ percent: number | null, kept: number, n: number }} percent is null while nobody was called
 */
export function promiseShare({ today }) {
  const [kept, n] = [today?.in_promise_n ?? 0, today?.promised_n ?? 0];
  return { percent: n ? Math.floor((100 * kept) / n) : null, kept, n };
}

/**
 * @param {Floor} floor
 * @returns {{ serving: number, open: number, all: number }}
 */
export function counterTally({ counters }) {
  return {
    serving: counters.filter((counter) => counter.current !== null).length,
    open: counters.filter((counter) => counter.state !== "closed").length,
    all: counters.length,
  };
}

/**
 * Counters as they stand in the hall: by area, those without one last.
 * @param {Floor} floor
 * @returns {{ area: Hall.BoardArea | null, counters: Hall.ManagerCounter[] }[]}
 */
export function countersByArea({ areas, counters }) {
  const known = new Set(areas.map((area) => area.id));
  const placed = areas.map((area) => ({ area, counters: counters.filter((counter) => counter.area === area.id) }));
  const others = { area: null, counters: counters.filter((counter) => !known.has(counter.area)) };
  return [...placed, others].filter((group) => group.counters.length > 0);
}

/**
 * How many counters stand beside each other: the fewest rows, then the widest places.
 * @param {{ counters: Hall.ManagerCounter[] }[]} groups
 */
export function mapColumns(groups) {
  const rows = (/** @type {number} */ columns) => groups.reduce((sum, { counters }) => sum + Math.ceil(counters.length / columns), 0);
  return [4, 5].reduce((best, columns) => (rows(columns) < rows(best) ? columns : best));
}

/** @typedef {{ service: Hall.ManagerService, n: number, ticks: number[], longest_s: number, longest: Waiting | null, isLate: boolean }} LineOf */

/**
 * The lines, each waiting visitor one tick on the way to the promise.
 * @param {Floor} floor
 * @returns {LineOf[]}
 */
export function linesOf({ services, waiting }) {
  return [...services.values()].map((service) => {
    const turns = waiting.filter((turn) => turn.service === service.id);
    const longest = turns[0] ?? null;
    return {
      service,
      n: turns.length,
      ticks: turns.map((turn) => tickAt(turn, service)),
      longest_s: longest?.waited_s ?? 0,
      longest,
      isLate: turns.some((turn) => (turn.share ?? 0) > 1),
    };
  });
}

/**
 * Who waits longest, as a share of the promise where there is one.
 * @param {Floor} floor
 * @returns {Waiting[]}
 */
export function longestWaits({ waiting }) {
  return [...waiting].sort((a, b) => (b.share ?? -1) - (a.share ?? -1) || b.waited_s - a.waited_s).slice(0, LONGEST_ROWS);
}

/**
 * @typedef {{ kind: "late", turn: Waiting, more: number, counters: string[] }
 *   | { kind: "unserved", service: Hall.ManagerService, n: number }
 *   | { kind: "long", running: ReturnType<typeof longRunning>[number] }
 *   | { kind: "soon", service: Hall.ManagerService, n: number }
 *   | { kind: "printer", device: Hall.DeviceRecord }
 *   | { kind: "silent", device: Hall.DeviceRecord }
 *   | { kind: "paper", paper: Floor["papers"][number] }} Alarm
 */

/**
 * What needs somebody, the worst first.
 * @param {Floor} floor
 * @param {number} now_ms
 * @returns {Alarm[]}
 */
export function alarmsOf(floor, now_ms) {
  const perService = [...floor.services.values()].flatMap((service) => serviceAlarms(floor, service));
  return [
    ...perService.filter((alarm) => alarm.kind === "late"),
    ...perService.filter((alarm) => alarm.kind === "unserved"),
    ...longRunning(floor.counters, now_ms).map((running) => /** @type {Alarm} */ ({ kind: "long", running })),
    ...floor.devices.flatMap((device) => deviceAlarms(device, now_ms)),
    ...floor.papers.map((paper) => /** @type {Alarm} */ ({ kind: "paper", paper })),
    ...perService.filter((alarm) => alarm.kind === "soon"),
  ].slice(0, ALARMS_MAX);
}

/** @typedef {"well" | "ill" | "unheard"} Health */

/**
 * Each device and how it is; one that has never been heard is neither well nor ill.
 * @param {Floor} floor
 * @param {number} now_ms
 * @returns {{ device: Hall.DeviceRecord, health: Health }[]}
 */
export function deviceStates({ devices }, now_ms) {
  return devices.map((device) => ({ device, health: healthOf(device, now_ms) }));
}

/**
 * @param {Hall.DeviceRecord} device
 * @param {number} now_ms
 * @returns {Health}
 */
function healthOf(device, now_ms) {
  if (deviceAlarms(device, now_ms).length > 0) return "ill";
  const isKnown = device.kind === "printer" ? device.state === "ready" : device.last_seen !== null || device.state === "online";
  return isKnown ? "well" : "unheard";
}

/**
 * @param {Floor} floor
 * @param {Hall.ManagerService} service
 * @returns {Alarm[]}
 */
function serviceAlarms({ waiting, counters }, service) {
  const turns = waiting.filter((turn) => turn.service === service.id);
  const late = turns.filter((turn) => (turn.share ?? 0) > 1).sort((a, b) => beyond_s(b) - beyond_s(a));
  const soon = turns.filter((turn) => turn.share !== null && turn.share <= 1 && -beyond_s(turn) <= SOON_S);
  const able = counters.filter((counter) => counter.state === "open" && counter.services.includes(service.id));
  const [worst] = late;
  return [
    ...(worst ? [/** @type {Alarm} */ ({ kind: "late", turn: worst, more: late.length - 1, counters: able.map((counter) => counter.name) })] : []),
    ...(turns.length > 0 && able.length === 0 ? [/** @type {Alarm} */ ({ kind: "unserved", service, n: turns.length })] : []),
    ...(soon.length > 0 ? [/** @type {Alarm} */ ({ kind: "soon", service, n: soon.length })] : []),
  ];
}

/**
 * A printer tells its own state; screens are judged by when they were last heard.
 * @param {Hall.DeviceRecord} device
 * @param {number} now_ms
 * @returns {Alarm[]}
 */
function deviceAlarms(device, now_ms) {
  if (device.kind === "printer") return [null, "ready", "unknown"].includes(device.state) ? [] : [{ kind: "printer", device }];
  if (device.alive !== undefined) return device.last_seen !== null && !device.alive ? [{ kind: "silent", device }] : [];
  const isOff = device.state === "offline" || (device.last_seen !== null && now_ms - Date.parse(device.last_seen) > SILENT_S * 1000 && device.state !== "online");
  return isOff ? [{ kind: "silent", device }] : [];
}

/**
 * Seconds beyond the promise; negative while it still holds.
 * @param {Waiting} turn
 */
export function beyond_s({ waited_s, promise_s }) {
  return waited_s - (promise_s ?? Infinity);
}

/**
 * @param {Hall.WaitingRecord} turn
 * @param {number} now_ms
 * @returns {Waiting}
 */
function waitingNow(turn, now_ms) {
  const waited_s = Math.max(0, (now_ms - Date.parse(turn.since)) / 1000);
  return { ...turn, waited_s, share: turn.promise_s ? waited_s / turn.promise_s : null };
}

/**
 * Where a visitor's tick stands on the strip, in percent. Without a promise an hour takes its place.
 * @param {Waiting} turn
 * @param {Hall.ManagerService} service
 */
function tickAt(turn, service) {
  const share = turn.share ?? turn.waited_s / (service.promise_s ?? 3600);
  return Math.min(99.5, share * PROMISE_AT);
}

/**
 * @template {{ id: string }} T
 * @param {T[]} records
 * @returns {T[]}
 */
function sorted(records) {
  return records.sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
}
