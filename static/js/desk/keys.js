/**
 * What each key of a desk does right now. Pure. F2 is always the natural next step and says which; a key that cannot do
 * anything says why when it is pressed, and nothing is sent.
 */

/** @typedef {import("./model.js").Desk} Desk */
/** @typedef {import("./model.js").Outcome} Outcome */
/** @typedef {import("./model.js").Sentence} Sentence */
/**
 * @typedef {object} DeskKey
 * @property {string} key as on the keyboard
 * @property {string} verb of the counter
 * @property {object} body
 * @property {Sentence} label
 * @property {string} [note] whose number it is about, when that is not the one on the ticket
 * @property {Sentence | null} off why it does nothing now; null when it works
 */

const NOBODY_CALLED = { msgid: "No number is called. Press F2 to call the next one." };
const COUNTER_IS_CLOSED = { msgid: "The counter is closed. Press F2 to open it." };

/**
 * The keys from left to right; null is the gap between two groups of the keyboard.
 * @param {Desk} desk
 * @param {Outcome} outcome what the clerk chose for this visitor
 * @param {number} now_ms hall time, for undo's deadline
 * @returns {(DeskKey | null)[]}
 */
export function keysOf(desk, outcome, now_ms) {
  return [
    { key: "F2", off: null, ...natural(desk, outcome) },
    whileCalled("F3", "recall", { msgid: "Recall" }, desk),
    whileCalled("F4", "no-show", { msgid: "No-show" }, desk),
    null,
    whileCalled("F6", "start", { msgid: "Came" }, desk),
    { key: "F8", ...finish(outcome), off: desk.current ? null : offWithoutVisitor(desk) },
    null,
    undo(desk, now_ms),
    pauseOrResume(desk),
  ];
}

/**
 * The key that was pressed, if it is one of ours and meant: a held key counts once, and keys that an input method is
 * still composing with are not ours.
 * @param {{ key: string, repeat: boolean, isComposing: boolean, keyCode: number, ctrlKey: boolean, altKey: boolean, metaKey: boolean, shiftKey: boolean }} event
 * @returns {"ours" | "held" | "not ours"}
 */
export function judgeKey(event) {
  if (event.isComposing || event.keyCode === 229) return "not ours";
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return "not ours";
  if (!/^F(2|3|4|6|8|9|10)$/.test(event.key)) return "not ours";
  return event.repeat ? "held" : "ours";
}

/**
 * @param {Desk} desk
 * @param {Outcome} outcome
 * @returns {{ verb: string, body: object, label: Sentence }}
 */
function natural({ counter, current, waiting }, outcome) {
  const isOpen = counter?.state === "open";
  if (current && isOpen && waiting.length > 0 && outcome === "served") {
    return { verb: "call-next", body: { finish: true }, label: { msgid: "Finish and call next" } };
  }
  if (current) return finish(outcome);
  if (isOpen) return { verb: "call-next", body: {}, label: { msgid: "Call next" } };
  if (counter?.state === "paused") return { verb: "resume", body: {}, label: { msgid: "Resume calling" } };
  return { verb: "open", body: {}, label: { msgid: "Open counter" } };
}

/**
 * @param {Outcome} outcome
 * @returns {{ verb: string, body: object, label: Sentence }}
 */
function finish(outcome) {
  const label = outcome === "served" ? "Finish" : "Finish, not completed";
  return { verb: "finish", body: { outcome }, label: { msgid: label } };
}

/**
 * A key that only means something between the call and the visitor's arrival.
 * @param {string} key
 * @param {string} verb
 * @param {Sentence} label
 * @param {Desk} desk
 * @returns {DeskKey}
 */
function whileCalled(key, verb, label, desk) {
  const { current } = desk;
  const off = current?.state === "called" ? null : current ? isHere(current.number) : offWithoutVisitor(desk);
  return { key, verb, body: {}, label, off };
}

/** @param {Desk} desk @returns {Sentence} */
function offWithoutVisitor({ counter }) {
  if (counter?.state === "open") return NOBODY_CALLED;
  return counter?.state === "paused" ? { msgid: "The counter is paused. Press F2 to resume." } : COUNTER_IS_CLOSED;
}

/** @param {string} number @returns {Sentence} */
function isHere(number) {
  return { msgid: "%(number)s is already at the counter. Press F2 or F8 when done.", values: { number } };
}

/**
 * @param {Desk} desk
 * @param {number} now_ms
 * @returns {DeskKey}
 */
function undo({ undo: last }, now_ms) {
  const isLeft = last !== null && (last.until === null || now_ms < Date.parse(last.until));
  const labels = { call: "Undo call", start: "Undo arrival", finish: "Undo finish" };
  return {
    key: "F9",
    verb: "undo",
    body: {},
    label: { msgid: isLeft ? labels[last.kind] : "Undo" },
    ...(isLeft && { note: last.number }),
    off: isLeft ? null : { msgid: "There is nothing left to undo." },
  };
}

/** @param {Desk} desk @returns {DeskKey} */
function pauseOrResume({ counter }) {
  const isPaused = counter?.state === "paused";
  const isClosed = !counter || counter.state === "closed";
  return {
    key: "F10",
    verb: isPaused ? "resume" : "pause",
    body: {},
    label: { msgid: isPaused ? "Resume" : "Pause" },
    off: isClosed ? COUNTER_IS_CLOSED : null,
  };
}
