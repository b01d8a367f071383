/** When a called visitor may count as missed, and when the call may be repeated, by the hall's clock. Pure. */

/** @typedef {import("./model.js").Sentence} Sentence */
/**
 * @typedef {object} MissedState
 * @property {boolean} isReady
 * @property {Sentence | null} note what stands on the locked key
 * @property {Sentence | null} why in a sentence
 * @property {boolean} isUndelivered no display, loudspeaker or phone has carried the newest call yet
 */

const DELIVERY_MS = 3_000;
const CAUSES = /** @type {Record<Hall.UndeliveredCause, string>} */ ({
  no_display: "No display of this area is alive.",
  muted: "The displays of this area cannot be heard.",
  not_yet: "It is on its way.",
});
const READY = { isReady: true, note: null, why: null, isUndelivered: false };

/**
 * @param {Hall.DeskCurrent} current
 * @param {number} now_ms
 * @returns {MissedState}
 */
export function missedState({ missable, number }, now_ms) {
  if (!missable) return READY; // a server that says nothing is asked by pressing
  if (missable.code === "call_not_delivered") {
    const why = { msgid: "The call of %(number)s has not reached the hall yet.", values: { number } };
    return { isReady: false, note: { msgid: "not yet" }, why, isUndelivered: true };
  }
  if (missable.code === "too_few_calls") {
    const { deliveries, needed } = missable;
    return {
      isReady: false,
      note: { msgid: "%(deliveries)s of %(needed)s calls", values: { deliveries, needed } },
      why: { msgid: "%(number)s was called %(deliveries)s times; %(needed)s calls have to reach the hall.", values: { number, deliveries, needed } },
      isUndelivered: false,
    };
  }
  const left_s = secondsUntil(missable.at, now_ms);
  if (left_s === 0) return READY;
  const values = { number, n: left_s };
  return { isReady: false, note: { msgid: "%(n)s s", values }, why: { msgid: "%(number)s still has %(n)s s to come.", values }, isUndelivered: false };
}

/** Why a call has not reached its visitor, in a sentence. @param {string | null | undefined} cause @returns {Sentence | null} */
export function causeSentence(cause) {
  const msgid = CAUSES[/** @type {Hall.UndeliveredCause} */ (cause)];
  return msgid ? { msgid } : null;
}

/** What is known of the visitor's phone page, in a sentence. @param {Hall.PhonePage | undefined} phone @returns {Sentence | null} */
export function phoneSentence(phone) {
  if (!phone) return null;
  return { msgid: phone === "open" ? "The visitor's phone page is open, but out of sight." : "The visitor's phone page is not open." };
}

/**
 * How long the call may not be repeated yet.
 * @param {Hall.DeskCurrent} current
 * @param {number} now_ms
 * @returns {{ left_s: number, off: Sentence | null }}
 */
export function recallState({ recall_at }, now_ms) {
  const left_s = secondsUntil(recall_at ?? null, now_ms);
  const off = left_s > 0 ? { msgid: "Called a moment ago. The call can be repeated in %(n)s s.", values: { n: left_s } } : null;
  return { left_s, off };
}

/**
 * True when the newest call should have been shown by now and was not; a display needs a moment.
 * @param {Hall.DeskCurrent} current
 * @param {number} now_ms
 */
export function isOverdue(current, now_ms) {
  if (current.state !== "called" || !missedState(current, now_ms).isUndelivered) return false;
  return now_ms - Date.parse(current.last_call_at) > DELIVERY_MS;
}

/** @param {string | null} at @param {number} now_ms */
function secondsUntil(at, now_ms) {
  return at === null ? 0 : Math.max(0, Math.ceil((Date.parse(at) - now_ms) / 1000));
}
