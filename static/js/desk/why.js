/**
 * Why a visitor was called, in words. Pure. The rule leaves its score (seconds of credited waiting) and who of the other
 * lines had come earlier; a head start is what the score holds beyond the time really waited.
 */

/** @typedef {import("./model.js").Sentence} Sentence */

const NAMED_MAX = 3;
const HEAD_START_LEAST_S = 30;

/**
 * @param {Hall.DeskCurrent} current
 * @param {string} className the visitor's class in the reader's language
 * @returns {Sentence[]}
 */
export function whySentences({ why, claim_at, called_at }, className) {
  if (!why) return [];
  if (why.passed_over.length === 0) {
    return [{ msgid: "Came first of all this counter may call." }, { msgid: "Nobody was overtaken." }];
  }
  return [creditOf(why, (Date.parse(called_at) - Date.parse(claim_at)) / 1000, className), overtakenOf(why.passed_over)];
}

/**
 * How many had come earlier and still wait.
 * @param {Hall.Why | null} why
 */
export function passedOverCount(why) {
  return why?.passed_over.reduce((sum, line) => sum + line.count, 0) ?? 0;
}

/**
 * @param {Hall.Why} why
 * @param {number} waited_s
 * @param {string} className
 * @returns {Sentence}
 */
function creditOf({ rule, score }, waited_s, className) {
  const head_s = (score ?? 0) - waited_s;
  if (rule !== "head_start" || head_s < HEAD_START_LEAST_S) return { msgid: "The hall's calling rule put this number first." };
  return { msgid: "Visitors of class %(class)s count as having come %(min)s min earlier.", values: { class: className, min: Math.round(head_s / 60) } };
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
