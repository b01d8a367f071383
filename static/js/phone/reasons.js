/**
 * Why the line stands as it does, in sentences: who got ahead, which counter stopped, what was done with this ticket.
 * Pure but for the catalogues. The words are those of the server's own `why`.
 */

import { language, nameOf, t, tn } from "../lib/i18n.js";

/** More do not fit into a line that is read while walking. */
const CAUSES_SAID = 2;

/** What a cause is called; a class is called by its own name. */
const CAUSE_WORDS = /** @type {Record<string, string>} */ ({
  cap: "waited longest",
  comeback: "back with papers",
  next: "next service",
  postpone: "let others first",
  reinstate: "came back",
  reprioritise: "green lane",
  return: "returned",
  service: "other service",
  transfer: "transferred",
  undo: "call taken back",
});

/** What was done with this ticket, for the visitor who looks at it afterwards. */
const MOVES = /** @type {Record<string, string>} */ ({
  next: "You wait for your next service. Your number stays the same.",
  postpone: "You let others go first.",
  reinstate: "You are back in line.",
  reprioritise: "You were moved to another line.",
  return: "You are in line again and will be called.",
  transfer: "You were transferred to this service. Your number stays the same.",
  undo: "The call was taken back. You are in line again.",
});

/** @typedef {{mark: string, ahead: number}} Least the fewest ahead that this page has shown since the ticket last moved */

/**
 * @param {Least | null} before
 * @param {Hall.PhoneTicket} ticket
 * @returns {Least}
 */
export function leastAhead(before, { claim_at, service, joined_by, ahead }) {
  const mark = [service, joined_by, claim_at].join();
  return { mark, ahead: before?.mark === mark ? Math.min(before.ahead, ahead) : ahead };
}

/**
 * All that is to be said of a waiting ticket's place. A number that rose is never left without a reason.
 * @param {Hall.PhoneTicket} ticket
 * @param {number} least the fewest ahead shown so far
 * @returns {string[]}
 */
export function placeReasons(ticket, least) {
  const reasons = [gainedWords(ticket), roundWords(ticket), stoppedWords(ticket)].filter((words) => words !== "");
  const said = [moveWords(ticket), ...reasons].filter((words) => words !== "");
  if (ticket.ahead <= least || reasons.length > 0) return said;
  const rules = t("The hall has changed its rules of calling.");
  return [...said, ticket.rules_changed ? rules : t("The open counters have changed, and with them the order of calling.")];
}

/** @param {Hall.PhoneTicket} ticket */
function moveWords({ joined_by }) {
  const move = MOVES[joined_by];
  return move ? t(move) : "";
}

/**
 * "2 more ahead: Appointment 1, Priority 1", in the words of the server.
 * @param {Pick<Hall.PhoneTicket, "ahead" | "overtaken_by">} ticket
 */
export function gainedWords({ ahead, overtaken_by }) {
  const total = overtaken_by.reduce((sum, { count }) => sum + count, 0);
  if (total === 0 || ahead === 0) return "";
  return tn("%(n)s more ahead: %(causes)s", "%(n)s more ahead: %(causes)s", total, { causes: causesSaid(overtaken_by) });
}

/**
 * Who came to the own class later, was called in its part of the round and is gone.
 * @param {Pick<Hall.PhoneTicket, "ahead" | "round_used">} ticket
 */
function roundWords({ ahead, round_used }) {
  if (round_used.length === 0 || ahead === 0) return "";
  return t("Called first in your class: %(causes)s", { causes: causesSaid(round_used) });
}

/** @param {Hall.Overtaken[]} causes most first */
function causesSaid(causes) {
  const isHan = language.value.startsWith("zh");
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const cause of causes) counts.set(causeWord(cause), (counts.get(causeWord(cause)) ?? 0) + cause.count);
  const most = [...counts].sort(([, one], [, other]) => other - one);
  const said = most.slice(0, CAUSES_SAID).map(([word, count]) => `${word}${isHan ? "" : " "}${count}`);
  const rest = most.slice(CAUSES_SAID).reduce((sum, [, count]) => sum + count, 0);
  return [...said, ...(rest ? [t("others %(n)s", { n: rest })] : [])].join(isHan ? "、" : ", ");
}

/** @param {Hall.Overtaken} overtaken */
function causeWord({ cause, name }) {
  return name ? nameOf(name).text : t(CAUSE_WORDS[cause] ?? "other service");
}

/** @param {Hall.PhoneTicket} ticket */
function stoppedWords({ counter_change }) {
  if (!counter_change) return "";
  const { kind, counter_name: counter } = counter_change;
  if (kind === "changed") return t("Counter %(counter)s serves others too", { counter });
  return kind === "paused"
    ? t("Counter %(counter)s has paused; the line moves more slowly.", { counter })
    : t("Counter %(counter)s has closed; the line moves more slowly.", { counter });
}
