/**
 * One visitor at the greeter, from the service named to the number given or the way shown. Pure.
 * A visit has one key from its beginning, so that two taps, or a tap after a lost answer, give one number.
 */

/**
 * @typedef {object} Visit
 * @property {string} service
 * @property {string} key sent with the issue
 * @property {string} language of the ticket
 * @property {readonly number[]} ticked documents that are there, by their place in the service's list
 * @property {string | null} unsure the class that was sent and not answered: it alone may be sent again
 * @property {Hall.Ticket | null} ticket once it is given
 * @property {readonly Hall.Names[] | null} bring what is missing, once the visitor was sent to fetch it
 */

/**
 * @param {string} service
 * @param {string} language
 * @param {string} key
 * @returns {Visit}
 */
export function visitFor(service, language, key) {
  return { service, key, language, ticked: [], unsure: null, ticket: null, bring: null };
}

/** @param {Visit} visit @param {number} place @returns {Visit} */
export function ticked(visit, place) {
  const isThere = visit.ticked.includes(place);
  return { ...visit, ticked: isThere ? visit.ticked.filter((one) => one !== place) : [...visit.ticked, place] };
}

/**
 * What has to be brought: the documents that were not ticked off.
 * @param {Visit} visit
 * @param {readonly Hall.Names[]} documents
 * @returns {Hall.Names[]}
 */
export function missingOf(visit, documents) {
  return documents.filter((_, place) => !visit.ticked.includes(place));
}

/** @param {Visit} visit @param {string} class_ */
export function mayIssue(visit, class_) {
  return visit.ticket === null && (visit.unsure === null || visit.unsure === class_);
}

/** Asked for, and not yet known to be out or not. @param {Hall.GreeterPaper} paper */
export function isOnItsWay({ state }) {
  return state === "requested" || state === "claimed";
}

/** @typedef {"reinstate" | "prioritise" | "postpone" | "transfer" | "reprint" | "cancel"} Move */

/** What may be done with a ticket in each state, the likeliest first. @type {Record<string, readonly Move[]>} */
const MOVES = {
  waiting: ["prioritise", "postpone", "transfer", "reprint", "cancel"],
  called: ["transfer", "reprint", "cancel"],
  serving: ["reprint"],
  parked: ["reprint", "cancel"],
  missed: ["reinstate", "reprint", "cancel"],
};

/**
 * @param {string} state
 * @param {boolean} hasPaper there is a printer that works, or a code to show instead
 * @returns {Move[]}
 */
export function movesOf(state, hasPaper) {
  return (MOVES[state] ?? []).filter((move) => hasPaper || move !== "reprint");
}
