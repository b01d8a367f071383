/**
 * What a display knows of its calls: which one stands large, which wait for their turn to, which are listed.
 *
 * Pure: nothing here touches a document or a clock; instants come in. Everything is bounded, a display runs for months.
 * A call is listed the moment it is known and stands large when its turn comes, so a burst hides nobody. What was
 * called more than a minute ago is listed and not announced: nobody wants an old chime after a lost link. A call that was
 * taken back stays listed for a few seconds and says so, since somebody may be on the way; it never stands large.
 */

export const STANDS_MS = 4_000;
export const ANNOUNCED_WITHIN_S = 60;
export const TAKEN_BACK_S = 20;
export const DUE_MAX = 16;
export const LISTED_MAX = 64;

/** @typedef {Hall.BoardCall} Call */
/** @typedef {{ key: string, call_no: number }} Due one call of one turn */
/** @typedef {{ hall_ms: number, rate: number, real_ms: number }} Now hall time, its speed, and a clock that never jumps */
/**
 * @typedef {object} Board
 * @property {ReadonlyMap<string, Call>} calls listed calls by key, newest first
 * @property {ReadonlyMap<string, number>} known the highest call number seen of each
 * @property {readonly Due[]} due calls that have yet to stand large, oldest first
 * @property {Due | null} hero the call that stands large
 * @property {number} since_ms when it began to, in real milliseconds
 * @property {boolean} announced false when it stands there only because it is the newest: no blink, no chime
 * @property {boolean} settled it has stood its time, so another may follow
 */

/** @returns {Board} */
export function emptyBoard() {
  return { calls: new Map(), known: new Map(), due: [], hero: null, since_ms: -Infinity, announced: false, settled: true };
}

/**
 * The board after its records changed. New calls and recalls become due; dropped ones are gone at once, those taken back
 * are no longer due.
 * @param {Board} board
 * @param {Hall.Records} records the board view, key -> record
 * @param {Now} now
 * @returns {Board}
 */
export function takeRecords(board, records, now) {
  const calls = listedCalls(records, now);
  const known = new Map([...calls].map(([key, call]) => [key, call.call_no]));
  const fresh = [...calls]
    .filter(([key, call]) => call.call_no > (board.known.get(key) ?? 0) && isAnnounceable(call, now))
    .map(([key, call]) => ({ key, call_no: call.call_no }))
    .reverse();
  const recalled = new Set(fresh.map((due) => due.key));
  const still = board.due.filter((due) => calls.get(due.key)?.state === "called" && !recalled.has(due.key));
  return withHero({ ...board, calls, known, due: [...still, ...fresh].slice(-DUE_MAX) });
}

/**
 * The board when the large call has stood its time: the next due call takes its place and is announced; when none is
 * due and the visitor has come, the newest who has not come yet does, quietly.
 * @param {Board} before
 * @param {Now} now
 * @returns {{ board: Board, announce: Due | null }}
 */
export function advance(before, now) {
  const board = withoutOldNews(before, now);
  if (now.real_ms - board.since_ms < STANDS_MS) return { board, announce: null };
  const due = board.due.filter((one) => isAnnounceable(board.calls.get(one.key), now));
  const [next, ...later] = due;
  if (!next) return { board: quietly(board.settled && due.length === board.due.length ? board : { ...board, due, settled: true }), announce: null };
  return {
    board: { ...board, due: later, hero: next, since_ms: now.real_ms, announced: true, settled: false },
    announce: next,
  };
}

/**
 * Milliseconds until `advance` has something to do; null when nothing is to come.
 * @param {Board} board
 * @param {Now} now
 * @returns {number | null}
 */
export function nextTurn_ms(board, now) {
  const turns = board.due.length > 0 || !board.settled ? [board.since_ms + STANDS_MS - now.real_ms] : [];
  const leaves = [...board.calls.values()].filter(isTakenBack).map((call) => (TAKEN_BACK_S - age_s(call, now)) * 1000);
  const waits_ms = [...turns, ...leaves];
  return waits_ms.length ? Math.max(0, Math.min(...waits_ms)) : null;
}

/** @param {Call} call */
export function isTakenBack(call) {
  return call.state === "undone";
}

/**
 * True while the large call shouts: until its visitor came, and for as long as it has to stand in any case.
 * @param {Board} board
 */
export function isShouting(board) {
  return heroCall(board)?.state === "called" || (board.announced && !board.settled);
}

/**
 * The call that stands large.
 * @param {Board} board
 * @returns {Call | null}
 */
export function heroCall(board) {
  return (board.hero && board.calls.get(board.hero.key)) ?? null;
}

/**
 * The listed calls below the large one, newest first.
 * @param {Board} board
 * @param {number} atMost
 * @param {string | null} [area] only this area's
 * @returns {[string, Call][]}
 */
export function recentCalls(board, atMost, area = null) {
  return [...board.calls]
    .filter(([key, call]) => key !== board.hero?.key && (area === null || call.area === area))
    .slice(0, atMost);
}

/**
 * The seq of a call's key, for the receipt of delivery.
 * @param {string} key `call:{seq}`
 */
export function seqOf(key) {
  return Number(key.slice("call:".length));
}

/**
 * @param {Hall.Records} records
 * @param {Now} now
 * @returns {Map<string, Call>}
 */
function listedCalls(records, now) {
  const calls = Object.entries(records)
    .filter(([key]) => key.startsWith("call:"))
    .map(([key, record]) => /** @type {[string, Call]} */ ([key, record]))
    .sort(([a, one], [b, other]) => other.at.localeCompare(one.at) || seqOf(b) - seqOf(a));
  const listed = calls.filter(([, call], at) => !isTakenBack(call) || (isNews(call, now) && !isCalledAnew(calls.slice(0, at), call)));
  return new Map(listed.slice(0, LISTED_MAX));
}

/**
 * @param {[string, Call][]} newer
 * @param {Call} call
 */
function isCalledAnew(newer, { number }) {
  return newer.some(([, call]) => call.number === number);
}

/**
 * True while it is worth saying that a call was taken back.
 * @param {Call} call
 * @param {Now} now
 */
function isNews(call, now) {
  return age_s(call, now) < TAKEN_BACK_S;
}

/**
 * Calls whose taking back was said long enough leave the list.
 * @param {Board} board
 * @param {Now} now
 * @returns {Board}
 */
function withoutOldNews(board, now) {
  const calls = [...board.calls].filter(([, call]) => !isTakenBack(call) || isNews(call, now));
  return calls.length === board.calls.size ? board : { ...board, calls: new Map(calls) };
}

/**
 * Real seconds since a call's last change.
 * @param {Call} call
 * @param {Now} now
 */
function age_s(call, now) {
  return (now.hall_ms - Date.parse(call.at)) / 1000 / now.rate;
}

/**
 * @param {Call | undefined} call
 * @param {Now} now
 */
function isAnnounceable(call, now) {
  return call?.state === "called" && age_s(call, now) <= ANNOUNCED_WITHIN_S;
}

/**
 * A hero that is gone makes way for the newest call, quietly.
 * @param {Board} board
 * @returns {Board}
 */
function withHero(board) {
  const call = heroCall(board);
  if (call && !isTakenBack(call)) return board;
  return heroOf(board, newestOf(board, (other) => !isTakenBack(other)));
}

/**
 * A hero whose visitor has come makes way for the newest who has not.
 * @param {Board} board
 * @returns {Board}
 */
function quietly(board) {
  if (heroCall(board)?.state === "called") return board;
  const newest = newestOf(board, (call) => call.state === "called");
  return newest ? heroOf(board, newest) : board;
}

/**
 * @param {Board} board
 * @param {(call: Call) => boolean} isWanted
 * @returns {Due | null}
 */
function newestOf(board, isWanted) {
  const waitsForItsTurn = new Set(board.due.map((due) => due.key));
  const found = [...board.calls].find(([key, call]) => !waitsForItsTurn.has(key) && isWanted(call));
  return found ? { key: found[0], call_no: found[1].call_no } : null;
}

/**
 * @param {Board} board
 * @param {Due | null} hero
 * @returns {Board}
 */
function heroOf(board, hero) {
  return { ...board, hero, announced: false, settled: true, since_ms: -Infinity };
}
