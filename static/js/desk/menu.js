/**
 * The questions behind the keys, each a list of numbered choices, so that a hand may stay on the keypad. Pure: every
 * question is worked out afresh from the desk as it stands, so a choice that has gone is not offered any more.
 */

import { HELP_KINDS } from "../lib/words.js";
import { NO_REASONS, numberOf, reasonChoices } from "./choices.js";
import { causeSentence, missedState, phoneSentence, recallState } from "./missed.js";
import { offUnlessAwaited } from "./keys.js";
import { needCalled, needFree, needOpen, needServing, needVisitor } from "./needs.js";
import { sending } from "./sending.js";

/** @typedef {import("./model.js").Desk} Desk */
/** @typedef {import("./model.js").Ending} Ending */
/** @typedef {import("./model.js").Sentence} Sentence */
/** @typedef {Sentence | { names: Hall.Names } | { counter: string } | { language: string } | { text: string }} Label */
/** What is sent when a choice is made: a verb of this counter, or of a ticket. */
/** @typedef {{ ticket?: string, verb: string, body: object }} Deed */
/**
 * Where one is among the questions. `of` is what was chosen on the way.
 * @typedef {{ id: string, of?: Record<string, string>, body?: object }} Place
 */
/**
 * @typedef {object} Choice
 * @property {Label} label
 * @property {Label | null} [note]
 * @property {Sentence | null} [off] why it cannot be chosen now
 * @property {Place} [go]
 * @property {Deed} [deed]
 * @property {string} [item] one more of this piece of work
 * @property {Hall.Situation} [script] put on the screen
 */
/**
 * @typedef {object} Step
 * @property {Label} title
 * @property {Label[]} [text]
 * @property {Choice[]} choices
 * @property {Sentence} [nil] what is said when there is nothing to choose
 * @property {"note" | "find"} [field]
 * @property {boolean} [isEnding] the keys that finish work here too
 */

export const PAGE = 9;
const MINUTES = [5, 10, 15, 30, 60];

/** @type {Record<Hall.Situation, string>} */
export const SITUATIONS = {
  no_papers: "No papers", queue_jumping: "Jumps the queue", no_number: "Will not take a number", missed: "Missed the call",
  device_fault: "Device out of order", form_again: "Form filled in again",
};

/**
 * The question at a place. Null where there is none any more.
 * @param {Place} place
 * @param {Desk} desk
 * @param {Ending} ending
 * @param {number} now_ms
 * @returns {Step | null}
 */
export function stepOf(place, desk, ending, now_ms) {
  return STEPS[place.id]?.(desk, place, now_ms, ending) ?? null;
}

/**
 * The choices with their numbers: up to nine, or eight and the way to more.
 * @param {Choice[]} choices
 * @param {number} page
 * @returns {{ rows: Choice[], hasMore: boolean }}
 */
export function pageOf(choices, page) {
  if (choices.length <= PAGE) return { rows: choices, hasMore: false };
  const most = PAGE - 1;
  const start = (page % Math.ceil(choices.length / most)) * most;
  return { rows: choices.slice(start, start + most), hasMore: true };
}

/** @typedef {(desk: Desk, place: Place, now_ms: number, ending: Ending) => Step | null} MakeStep */
/** @type {Record<string, MakeStep>} */
const STEPS = {
  more, park, "park-minutes": parkMinutes, back, aside, "cancel-aside": cancelAside, "add-service": addService, ending: endingStep, "not-completed": notCompleted, credit,
  help, cancel, pause, close, "not-yet-missed": notYetMissed, override, situations, ...sending,
};

/** @type {MakeStep} */
function more(desk) {
  const { calling, waiting, parked, missed } = desk;
  const nobodyAside = parked.length + missed.length === 0 ? { msgid: "Nobody is parked or missed." } : null;
  const noPick = calling.pick === "never" ? { msgid: "pick_not_allowed" } : waiting.length === 0 ? { msgid: "Nobody is waiting." } : needOpen(desk);
  const noWalkIn = calling.walk_in ? needFree(desk) : { msgid: "walk_in_not_allowed" };
  const aside = [...parked.map(({ number }) => number), ...missed.map(({ number }) => number)];
  return {
    title: { msgid: "More" },
    choices: [
      { label: { msgid: "Park" }, off: needServing(desk), go: { id: "park" } },
      { label: { msgid: "Back from parked or missed" }, note: { text: aside.slice(0, 3).join(" ") }, off: nobodyAside, go: { id: "back" } },
      { label: { msgid: "Transfer" }, off: needVisitor(desk), go: { id: "transfer" } },
      { label: { msgid: "Call a chosen number" }, off: noPick, go: { id: "pick" } },
      { label: { msgid: "Serve without a number" }, off: noWalkIn, go: { id: "walk-in" } },
      { label: { msgid: "Add service" }, off: needVisitor(desk), go: { id: "add-service" } },
      { label: { msgid: "Outcome and items" }, off: needVisitor(desk), go: { id: "ending" } },
      { label: { msgid: "Ask for help" }, note: { msgid: "silent" }, off: desk.counter?.state === "closed" ? needOpen(desk) : null, go: { id: "help" } },
      { label: { msgid: "Cancel the number" }, off: needCalled(desk), go: { id: "cancel" } },
    ],
  };
}

/** @type {MakeStep} */
function park(desk) {
  const choices = reasonChoices(desk, "park", (reason) => ({ go: { id: "park-minutes", of: { reason } } }));
  return { title: { msgid: "Park %(number)s: why?", values: numberOf(desk) }, choices, nil: NO_REASONS };
}

/** @type {MakeStep} */
function parkMinutes(desk, { of }) {
  const usual = Math.max(1, Math.round(desk.calling.park_s / 60));
  const body = { reason: of?.reason };
  const own = { label: { msgid: "%(n)s min", values: { n: usual } }, note: { msgid: "as usual here" }, deed: { verb: "park", body } };
  const others = MINUTES.filter((n) => n !== usual).map((n) => ({ label: { msgid: "%(n)s min", values: { n } }, deed: { verb: "park", body: { ...body, minutes: n } } }));
  return { title: { msgid: "Park %(number)s: for how long?", values: numberOf(desk) }, text: [{ msgid: "Then the visitor is next here by itself." }], choices: [own, ...others] };
}

/** @type {MakeStep} */
function back(desk, _, now_ms) {
  const all = waysBack(desk, now_ms);
  const giveUp = all.length ? [{ label: { msgid: "Cancel one of them…" }, go: { id: "cancel-aside" } }] : [];
  return { title: { msgid: "Back from parked or missed" }, choices: [...all, ...giveUp], nil: { msgid: "Nobody is parked or missed." } };
}

/** All that can be done about one who is set aside. @type {MakeStep} */
function aside(desk, { of }, now_ms) {
  const isIt = (/** @type {{ ticket: string }} */ one) => one.ticket === of?.ticket;
  const only = { ...desk, parked: desk.parked.filter(isIt), missed: desk.missed.filter(isIt) };
  const [one] = [...only.parked, ...only.missed];
  if (!one) return null;
  const text = only.missed.length > 0 ? [policyOf(desk)].filter((known) => known !== null) : [];
  return { title: { text: one.number }, text, choices: [...waysBack(only, now_ms), { label: { msgid: "Cancel the number" }, go: { id: "cancel-aside", of } }] };
}

/** @type {MakeStep} */
function cancelAside({ parked, missed }, { of }) {
  const choices = [...parked, ...missed]
    .filter(({ ticket }) => !of || ticket === of.ticket)
    .map(({ ticket, number }) => ({ label: { msgid: "Cancel %(number)s", values: { number } }, deed: { ticket, verb: "cancel", body: {} } }));
  return { title: { msgid: of ? "Cancel the number" : "Cancel one of them…" }, text: [{ msgid: "The number is given up and not called any more." }], choices, nil: { msgid: "Nobody is parked or missed." } };
}

/** @param {Desk} desk @param {number} now_ms @returns {Choice[]} */
function waysBack(desk, now_ms) {
  const off = needFree(desk);
  const parked = desk.parked.map((one) => ({
    label: { msgid: "Go on with %(number)s", values: { number: one.number } },
    note: parkedNote(one, now_ms),
    off,
    deed: { verb: "unpark", body: { ticket: one.ticket } },
  }));
  const missed = desk.missed.map((one) => ({
    label: { msgid: "Reinstate %(number)s", values: { number: one.number } },
    note: missedNote(one, now_ms),
    deed: { ticket: one.ticket, verb: "reinstate", body: {} },
  }));
  return [...parked, ...missed];
}

/** @param {Hall.ParkedRecord} one @param {number} now_ms @returns {Sentence} */
export function parkedNote({ due_at }, now_ms) {
  const left_min = Math.ceil((Date.parse(due_at) - now_ms) / 60_000);
  return left_min > 0 ? { msgid: "%(n)s min left", values: { n: left_min } } : { msgid: "time is over" };
}

/** @param {Hall.MissedRecord} one @param {number} now_ms @returns {Sentence} */
export function missedNote({ expires_at, missed_at }, now_ms) {
  if (expires_at && Date.parse(expires_at) <= now_ms) return { msgid: "time to return is over" };
  const ago_min = Math.floor(Math.max(0, now_ms - Date.parse(missed_at)) / 60_000);
  return ago_min ? { msgid: "%(n)s min ago", values: { n: ago_min } } : { msgid: "just now" };
}

/** @type {MakeStep} */
function addService({ current, elsewhere }) {
  if (!current) return null;
  const there = new Set([current.service, ...(current.planned ?? [])]);
  const choices = elsewhere.services
    .filter(({ id }) => !there.has(id))
    .map(({ id, name }) => ({ label: { names: name }, deed: { ticket: current.ticket, verb: "add-service", body: { service: id } } }));
  return { title: { msgid: "Add a service to %(number)s", values: { number: current.number } }, text: [{ msgid: "It is done after this one, under the same number." }], choices, nil: { msgid: "There is no other service." } };
}

/** @type {MakeStep} */
function endingStep(desk, _, __, { items }) {
  const { current } = desk;
  if (!current) return null;
  const known = desk.services.get(current.service)?.items ?? [];
  const counted = known.map(({ id, name }) => ({ label: { names: name }, note: items[id] ? { text: `× ${items[id]}` } : null, item: id }));
  return {
    title: { msgid: "How %(number)s ends", values: { number: current.number } },
    text: known.length ? [{ msgid: "Each press counts one more piece of work." }] : [],
    choices: [...counted, { label: { msgid: "Not completed…" }, go: { id: "not-completed" } }],
    isEnding: true,
  };
}

/** @type {MakeStep} */
function notCompleted(desk, _, __, ending) {
  if (!desk.current) return null;
  const choices = reasonChoices(desk, "not_completed", (reason) => desk.calling.comeback ? { go: { id: "credit", of: { reason } } } : unfinished(ending, reason, false));
  return { title: { msgid: "%(number)s is not completed: why?", values: numberOf(desk) }, choices, nil: NO_REASONS };
}

/** @type {MakeStep} */
function credit(desk, { of }, __, ending) {
  if (!desk.current || !of) return null;
  return {
    title: { msgid: "Will %(number)s come back with what is missing?", values: numberOf(desk) },
    choices: [
      { label: { msgid: "Yes: counts as having come earlier then" }, ...unfinished(ending, of.reason, true) },
      { label: { msgid: "No" }, ...unfinished(ending, of.reason, false) },
    ],
  };
}

/** @param {Ending} ending @param {string | undefined} reason @param {boolean} credit @returns {Partial<Choice>} */
function unfinished({ items }, reason, credit) {
  const done = Object.entries(items).map(([item, quantity]) => ({ item, quantity }));
  return { deed: { verb: "finish", body: { outcome: "not_completed", reason, ...(done.length && { items: done }), ...(credit && { credit }) } } };
}

/** @type {MakeStep} */
function help({ helps }) {
  const asked = new Set(helps.map(({ kind }) => kind));
  const choices = Object.entries(HELP_KINDS).map(([kind, msgid]) => ({
    label: { msgid },
    off: asked.has(/** @type {Hall.HelpKind} */ (kind)) ? { msgid: "help_open" } : null,
    deed: { verb: "help", body: { kind } },
  }));
  return { title: { msgid: "Ask for help" }, text: [{ msgid: "Silent: only the manager and the greeter see it." }], choices };
}

/** @type {MakeStep} */
function cancel(desk) {
  const { current } = desk;
  if (!current) return null;
  const text = [{ msgid: "The number is given up and not called any more." }];
  return { title: { msgid: "Cancel %(number)s?", values: { number: current.number } }, text, choices: [{ label: { msgid: "Cancel the number" }, off: needCalled(desk), deed: { ticket: current.ticket, verb: "cancel", body: {} } }] };
}

/** @type {MakeStep} */
function pause(desk) {
  const reasons = reasonChoices(desk, "pause", (reason) => ({ deed: { verb: "pause", body: { reason } } }));
  const plain = reasons.length ? [] : [{ label: { msgid: "Pause" }, deed: { verb: "pause", body: {} } }];
  const closing = { label: { msgid: "Close counter" }, off: desk.current ? { msgid: "Finish with %(number)s first.", values: numberOf(desk) } : null, go: { id: "close" } };
  return { title: { msgid: "Pause: why?" }, text: [{ msgid: "Nobody is called here until F2 is pressed." }], choices: [...reasons, ...plain, closing] };
}

/** @type {MakeStep} */
function close(desk) {
  const { length } = desk.parked;
  /** @type {Label[]} */
  const text = [{ msgid: "Nobody will be called here until it is opened again." }];
  if (length) text.push({ msgid: "%(n)s parked visitor goes back in line.", many: "%(n)s parked visitors go back in line.", n: length });
  return { title: { msgid: "Close this counter?" }, text, choices: [{ label: { msgid: "Close counter" }, deed: { verb: "close", body: {} } }] };
}

/** @type {MakeStep} */
function notYetMissed(desk, { of: refusal }, now_ms) {
  const { current, calling, helps } = desk;
  if (!current || (current.state === "serving" && !current.is_inferred)) return null;
  const { why, isReady } = missedState(current, now_ms);
  const wait = recallState(current, now_ms);
  const isHelped = helps.some(({ kind }) => kind === "device");
  /** @type {Choice[]} */
  const choices = [
    { label: { msgid: "Recall" }, note: wait.left_s ? { msgid: "%(n)s s", values: { n: wait.left_s } } : null, off: offUnlessAwaited(desk) ?? wait.off, deed: { verb: "recall", body: {} } },
    { label: { msgid: "Ask the greeter" }, off: isHelped ? { msgid: "help_open" } : null, deed: { verb: "help", body: { kind: "device" } } },
    { label: { msgid: "Go on with a reason…" }, off: calling.override ? null : { msgid: "override_not_allowed" }, go: { id: "override" } },
  ];
  if (isReady && !refusal) choices.unshift({ label: { msgid: "Missed" }, deed: { verb: "no-show", body: {} } });
  const undelivered = causeSentence(refusal?.cause ?? desk.cause);
  const phone = undelivered && phoneSentence(refusal ? /** @type {Hall.PhonePage} */ (refusal.phone || null) : desk.phone);
  const text = [why ?? (refusal ? { msgid: "call_not_delivered" } : null), undelivered, phone, policyOf(desk)].filter((one) => one !== null);
  const isOver = isReady && !refusal; // the time to come has ended while the question was open
  const msgid = isOver ? "%(number)s may count as missed now" : "%(number)s does not count as missed yet";
  return { title: { msgid, values: { number: current.number } }, text, choices };
}

/** @param {Desk} desk @returns {Label | null} */
function policyOf({ hall }) {
  return hall?.missed_sentence ? { names: hall.missed_sentence } : null;
}

/** @type {MakeStep} */
function override(desk) {
  const choices = reasonChoices(desk, "override", (override) => ({ deed: { verb: "no-show", body: { override } } }));
  return { title: { msgid: "Go on without %(number)s: why?", values: numberOf(desk) }, text: [{ msgid: "The reason is recorded." }], choices, nil: NO_REASONS };
}

/** @type {MakeStep} */
function situations({ calling }) {
  const choices = calling.scripts.map(({ situation, minutes }) => ({
    label: { msgid: SITUATIONS[situation] },
    note: minutes ? { msgid: "%(n)s min", values: { n: minutes } } : null,
    script: situation,
  }));
  return { title: { msgid: "What is the situation?" }, choices, nil: { msgid: "The hall has no scripts." } };
}
