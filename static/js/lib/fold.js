/**
 * What a screen knows, folded from the live feed: pure, the same for every view.
 * A put replaces the whole record, a drop removes it; a gap in `prev` is reported as null and never guessed over.
 */

/**
 * @typedef {object} Folded
 * @property {string} epoch the database's life; changes when it is created anew or restored
 * @property {number} seq last message folded, what a resume asks for
 * @property {string} version of the server's software
 * @property {number} rate hall seconds per real second
 * @property {Hall.Records} records
 */

/**
 * The state that a snapshot holds.
 * @param {Hall.SnapshotMessage} message
 * @returns {Folded}
 */
export function foldSnapshot({ epoch, seq, version, rate, state }) {
  return { epoch, seq, version, rate: rate ?? 1, records: { ...state } };
}

/**
 * The state after one event, or null when something between was missed.
 * @param {Folded} folded
 * @param {Hall.EventMessage} message
 * @returns {Folded | null}
 */
export function foldEvent(folded, { prev, seq, put, drop }) {
  if (prev !== folded.seq) return null;
  const records = { ...folded.records, ...put };
  for (const key of drop ?? []) delete records[key];
  return { ...folded, seq, records };
}

/**
 * True when the sender stands where we stand; a beat never advances.
 * @param {Folded} folded
 * @param {Hall.BeatMessage} message
 */
export function isInStep(folded, { prev }) {
  return prev === folded.seq;
}

/**
 * All records of one kind, "service" for `service:*`, in no promised order.
 * @template T
 * @param {Hall.Records} records
 * @param {string} kind
 * @returns {T[]}
 */
export function recordsOf(records, kind) {
  const prefix = `${kind}:`;
  return Object.keys(records)
    .filter((key) => key.startsWith(prefix))
    .map((key) => /** @type {T} */ (records[key]));
}

/**
 * As `recordsOf`, with the part of the key after the colon.
 * @template T
 * @param {Hall.Records} records
 * @param {string} kind
 * @returns {[string, T][]}
 */
export function entriesOf(records, kind) {
  const prefix = `${kind}:`;
  return Object.keys(records)
    .filter((key) => key.startsWith(prefix))
    .map((key) => [key.slice(prefix.length), /** @type {T} */ (records[key])]);
}
