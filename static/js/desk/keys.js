/**
 * What each key of a desk does right now. Pure. F2 is always the natural next step and says which; a key that cannot do
 * anything says why when it is pressed, and nothing is sent. The keypad does the same under its own keys, so that a
 * hand may stay there all day.
 */

import { missedState, recallState } from "./missed.js";

/** @typedef {import("./model.js").Desk} Desk */
/** @typedef {import("./model.js").Ending} Ending */
/** @typedef {import("./model.js").Sentence} Sentence */
/** @typedef {"F1" | "F2" | "F3" | "F4" | "F6" | "F7" | "F8" | "F9" | "F10"} KeyName */
/** @typedef {{ verb: string, body: object } | { open: import("./menu.js").Place } | { say: Sentence }} Act */
/**
 * @typedef {object} DeskKey
 * @property {KeyName} key as on the keyboard
 * @property {string} pad the same on the keypad, empty when there is none
 * @property {Act} act what a press does
 * @property {Sentence} label
 * @property {string | Sentence | null} [note] whose number it is about, or how long it is still locked
 * @property {boolean} isOff drawn as one that does nothing, or not yet
 */

const PAD = /** @type {Record<KeyName, string>} */ ({ F1: "", F2: "Enter", F3: "+", F4: "−", F6: "*", F7: "/", F8: "", F9: "", F10: "" });
const BY_CODE = /** @type {Record<string, KeyName>} */ ({
  NumpadEnter: "F2", NumpadAdd: "F3", NumpadSubtract: "F4", NumpadMultiply: "F6", NumpadDivide: "F7",
});
const OURS = /^F([1-4]|[6-9]|10)$/;

const NOBODY_CALLED = { msgid: "No number is called. Press F2 to call the next one." };
const COUNTER_IS_CLOSED = { msgid: "The counter is closed. Press F2 to open it." };

/**
 * The keys from left to right; null is the gap between two groups of the keyboard.
 * @param {Desk} desk
 * @param {Ending} ending what the clerk chose for this visitor
 * @param {number} now_ms hall time, for deadlines
 * @param {import("./script.js").Follow | null} [follow] the verb that usually follows the script on the screen
 * @returns {(DeskKey | null)[]}
 */
export function keysOf(desk, ending, now_ms, follow = null) {
  return [
    situations(follow),
    { ...blank("F2"), ...natural(desk, ending) },
    keyUnless(offUnlessCalled(desk), "F3", { verb: "start", body: {} }, { msgid: "Came" }),
    missed(desk, now_ms),
    null,
    recall(desk, now_ms),
    { ...blank("F7"), act: { open: { id: "more" } }, label: { msgid: "More…" } },
    finishKey(desk, ending),
    null,
    undo(desk, now_ms),
    pauseOrResume(desk),
  ];
}

/** @param {(DeskKey | null)[]} keys @param {string} name @returns {DeskKey | null} */
export function keyNamed(keys, name) {
  return keys.find((key) => key?.key === name) ?? null;
}

/** @typedef {Pick<KeyboardEvent, "key" | "code" | "repeat" | "isComposing" | "keyCode" | "ctrlKey" | "altKey" | "metaKey" | "shiftKey">} KeyPress */

/**
 * The desk key that was pressed, null when it is none of ours: a held key counts once, and keys that an input method is
 * still composing with are not ours. By place on the keyboard, whatever the layout and the state of Num Lock.
 * @param {KeyPress} event
 * @param {{ isTyping?: boolean }} [where] in a text field the keypad writes
 * @returns {{ key: KeyName, code: string, isHeld: boolean } | null}
 */
export function judgeKey(event, { isTyping = false } = {}) {
  if (event.isComposing || event.keyCode === 229) return null;
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return null;
  const name = event.code || event.key;
  const key = OURS.test(name) ? /** @type {KeyName} */ (name) : isTyping ? undefined : BY_CODE[name];
  return key ? { key, code: name, isHeld: event.repeat } : null;
}

/** @param {KeyName} key @returns {{ key: KeyName, pad: string, isOff: boolean }} */
function blank(key) {
  return { key, pad: PAD[key], isOff: false };
}

/**
 * @param {import("./script.js").Follow | null} follow
 * @returns {DeskKey}
 */
function situations(follow) {
  if (follow) return { ...blank("F1"), act: follow.act, label: follow.label };
  return { ...blank("F1"), act: { open: { id: "situations" } }, label: { msgid: "Scripts" } };
}

/**
 * Who was only called is taken to have come when the clerk goes on, and the key says so before it is pressed.
 * @param {Desk} desk
 * @param {Ending} ending
 * @returns {{ act: Act, label: Sentence, note?: string }}
 */
function natural({ counter, current, waiting }, ending) {
  const isOpen = counter?.state === "open";
  if (current && isOpen && waiting.length > 0 && ending.outcome === "served") {
    const items = bodyOf(ending);
    const label = { msgid: current.state === "called" ? "Was served: call next" : "Finish and call next" };
    return { act: { verb: "call-next", body: { finish: true, ...items } }, label, note: current.number };
  }
  if (current) {
    const was = current.state === "called" && ending.outcome === "served" && { label: { msgid: "Was served" } };
    return { ...finish(ending), ...was, note: current.number };
  }
  if (isOpen) return { act: { verb: "call-next", body: {} }, label: { msgid: "Call next" } };
  if (counter?.state === "paused") return { act: { verb: "resume", body: {} }, label: { msgid: "Resume calling" } };
  return { act: { verb: "open", body: {} }, label: { msgid: "Open counter" } };
}

/**
 * @param {Ending} ending
 * @returns {{ act: Act, label: Sentence }}
 */
function finish(ending) {
  const label = ending.outcome === "served" ? "Finish" : "Finish, not completed";
  return { act: { verb: "finish", body: endingBody(ending) }, label: { msgid: label } };
}

/** How the visit ended, as the verb wants it. @param {Ending} ending */
export function endingBody(ending) {
  const { outcome, reason, credit } = ending;
  return { outcome, ...bodyOf(ending), ...(reason && { reason }), ...(outcome === "not_completed" && credit && { credit }) };
}

/** The work done, as the verb wants it; left out where nothing was counted. @param {Ending} ending */
function bodyOf({ items }) {
  const done = Object.entries(items).map(([item, quantity]) => ({ item, quantity }));
  return done.length ? { items: done } : {};
}

/** @param {Desk} desk @param {Ending} ending @returns {DeskKey} */
function finishKey(desk, ending) {
  const off = desk.current ? null : offWithoutVisitor(desk);
  return { ...blank("F8"), ...finish(ending), label: { msgid: "Finish" }, ...(off && { act: { say: off } }), isOff: off !== null };
}

/**
 * A key that says why it does nothing, when there is a reason.
 * @param {Sentence | null} off
 * @param {KeyName} key
 * @param {Act} act
 * @param {Sentence} label
 * @returns {DeskKey}
 */
function keyUnless(off, key, act, label) {
  return { ...blank(key), act: off ? { say: off } : act, label, isOff: off !== null };
}

/** The missed key lights up only when the hall's policy lets it; before that it says why, and the ways on. @param {Desk} desk @param {number} now_ms @returns {DeskKey} */
function missed(desk, now_ms) {
  const label = { msgid: "Missed" };
  const key = keyUnless(offUnlessAwaited(desk), "F4", { verb: "no-show", body: {} }, label);
  const { current } = desk;
  if (key.isOff || !current) return key;
  const state = missedState(current, now_ms);
  if (state.isReady) return key;
  return { ...key, act: { open: { id: "not-yet-missed" } }, note: state.note, isOff: true };
}

/** @param {Desk} desk @param {number} now_ms @returns {DeskKey} */
function recall(desk, now_ms) {
  const key = keyUnless(offUnlessAwaited(desk), "F6", { verb: "recall", body: {} }, { msgid: "Recall" });
  if (key.isOff || !desk.current) return key;
  const { left_s, off } = recallState(desk.current, now_ms);
  return off ? { ...key, act: { say: off }, note: { msgid: "%(n)s s", values: { n: left_s } }, isOff: true } : key;
}

/** @param {Desk} desk @returns {Sentence | null} */
export function offUnlessCalled(desk) {
  const { current } = desk;
  if (current?.state === "called") return null;
  return current ? isHere(current.number) : offWithoutVisitor(desk);
}

/** Also a visitor who only counts as having come may turn out to be missing. @param {Desk} desk @returns {Sentence | null} */
export function offUnlessAwaited(desk) {
  const { current } = desk;
  return current?.state === "serving" && current.is_inferred ? null : offUnlessCalled(desk);
}

/** @param {Desk} desk @returns {Sentence} */
export function offWithoutVisitor({ counter }) {
  if (counter?.state === "open") return NOBODY_CALLED;
  return counter?.state === "paused" ? { msgid: "The counter is paused. Press F2 to resume." } : COUNTER_IS_CLOSED;
}

/** @param {string} number @returns {Sentence} */
function isHere(number) {
  return { msgid: "%(number)s is already at the counter. Press F2 or F8 when done.", values: { number } };
}

const UNDO_LABELS = /** @type {Record<Hall.UndoKind, string>} */ ({
  call: "Undo call", start: "Undo arrival", finish: "Undo finish", miss: "Undo missed", park: "Undo parking", transfer: "Undo transfer",
});

/**
 * @param {Desk} desk
 * @param {number} now_ms
 * @returns {DeskKey}
 */
function undo({ undo: last }, now_ms) {
  const isLeft = last !== null && (last.until === null || now_ms < Date.parse(last.until));
  const key = blank("F9");
  if (!isLeft) return { ...key, act: { say: { msgid: "There is nothing left to undo." } }, label: { msgid: "Undo" }, isOff: true };
  return { ...key, act: { verb: "undo", body: {} }, label: { msgid: UNDO_LABELS[last.kind] ?? "Undo" }, note: last.number };
}

/** @param {Desk} desk @returns {DeskKey} */
function pauseOrResume({ counter }) {
  const key = blank("F10");
  if (!counter || counter.state === "closed") return { ...key, act: { say: COUNTER_IS_CLOSED }, label: { msgid: "Pause" }, isOff: true };
  if (counter.state === "paused") return { ...key, act: { verb: "resume", body: {} }, label: { msgid: "Resume" } };
  return { ...key, act: { open: { id: "pause" } }, label: { msgid: "Pause" } };
}
