/**
 * Why a visitor was called, in words that a clerk can read out. Pure. The call records what chose it, the rule with its
 * score, and who of the other lines had come earlier.
 */

/** @typedef {import("./model.js").Sentence} Sentence */

const NAMED_MAX = 3;
const HEAD_START_LEAST_S = 30;

/**
 * @param {Hall.DeskCurrent} current
 * @param {{ className: string, reason?: string }} words the visitor's class, and the reason of a call by choice, in the reader's language
 * @returns {Sentence[]}
 */
export function whySentences({ why, claim_at, called_at }, { className, reason = "" }) {
  if (!why) return [];
  const overtaken = why.passed_over.length > 0 ? overtakenOf(why.passed_over) : { msgid: "Nobody was overtaken." };
  const waited_s = (Date.parse(called_at) - Date.parse(claim_at)) / 1000;
  return [grounds(why, waited_s, { className, reason }), overtaken];
}

/**
 * @param {Hall.Why} why
 * @param {number} waited_s
 * @param {{ className: string, reason: string }} words
 * @returns {Sentence}
 */
function grounds(why, waited_s, { className, reason }) {
  switch (why.chosen_by ?? "rule") {
    case "cap":
      return { msgid: "Waited %(min)s min, longer than anybody here has to: such visitors come before all others.", values: { min: Math.floor(waited_s / 60) } };
    case "sent":
      return { msgid: "Was sent to this counter; such visitors come first here." };
    case "picked":
      return reason ? { msgid: "Chosen by the clerk: %(reason)s.", values: { reason } } : { msgid: "Chosen by the clerk." };
    case "walk_in":
      return { msgid: "Stood at the counter without a number, and was served with a new one." };
    default:
      return why.passed_over.length > 0 ? ruleOf(why, waited_s, className) : { msgid: "Came first of all this counter may call." };
  }
}

/**
 * @param {Hall.Why} why
 * @param {number} waited_s
 * @param {string} className
 * @returns {Sentence}
 */
function ruleOf({ rule, score }, waited_s, className) {
  const head_s = (score ?? 0) - waited_s;
  if (rule === "head_start" && head_s >= HEAD_START_LEAST_S) {
    return { msgid: "Visitors of class %(class)s count as having come %(min)s min earlier.", values: { class: className, min: Math.round(head_s / 60) } };
  }
  if (rule === "share_of_promise" && score !== null) {
    return { msgid: "Had used %(n)s percent of the promised wait, more than anybody else.", values: { n: Math.round(100 * score) } };
  }
  if (rule === "strict") return { msgid: "Visitors of class %(class)s come before the others.", values: { class: className } };
  if (rule === "ratio") return { msgid: "The classes take turns; now it was the turn of class %(class)s.", values: { class: className } };
  return { msgid: "The hall's calling rule put this number first." };
}

/**
 * @param {Hall.Why["passed_over"]} lines
 * @returns {Sentence}
 */
function overtakenOf(lines) {
  const n = lines.reduce((sum, line) => sum + line.count, 0);
  const numbers = lines.slice(0, NAMED_MAX).map((line) => line.number);
  const text = lines.length > NAMED_MAX || n > lines.length ? "Overtook %(n)s person: %(numbers)s and others." : "Overtook %(n)s person: %(numbers)s.";
  return { msgid: text, many: text.replace("person", "people"), n, values: { n, numbers } };
}
