/** The way to the front as a row of steps: pure. */

const MOST_STEPS = 9;

/**
 * Steps gone and steps to go. Up to nine people each is one step; a longer line is drawn in proportion, never ahead of the truth.
 * @param {number} first people ahead when this phone first looked
 * @param {number} ahead people ahead now
 * @returns {{gone: number, left: number}}
 */
export function stepsOf(first, ahead) {
  const whole = Math.max(first, ahead);
  if (whole <= MOST_STEPS) return { gone: whole - ahead, left: ahead };
  const left = ahead === 0 ? 0 : Math.max(1, Math.ceil((ahead / whole) * MOST_STEPS));
  return { gone: MOST_STEPS - left, left };
}

/**
 * What the phone remembers between visits of the page: the longest line it has seen before this ticket.
 * @param {string | null} stored
 * @param {number} ahead
 */
export function firstAhead(stored, ahead) {
  const before = Number(stored);
  return Number.isFinite(before) && before > ahead ? before : ahead;
}
