/**
 * Tells a scanner from a hand: a scanner types what it read faster than anybody can, and presses Enter. Pure; instants
 * come in with the keys.
 */

const GAP_MS = 80;
/** In the middle of a code: a radio scanner or a busy computer stops for a moment, and what is left is no code. */
const PAUSE_MS = 500;
const LEAST_LENGTH = 6;
const LONGEST = 300;
const LINK = /\/t\/([\w-]{16,80})\/?$/;

/** How long to wait with a key until it is clear that it is not the first letter of a scan. */
export const HAND_MS = GAP_MS + 20;

/**
 * key: pressed by hand, or the first of a scan · part: of a scan · link: a ticket's code was read · other: some other code.
 * @typedef {{kind: "key" | "part" | "other"} | {kind: "link", secret: string}} Reading
 */

export class Scanner {
  constructor() {
    this.text = "";
    this.at_ms = -Infinity;
  }

  /**
   * @param {string} key as in KeyboardEvent
   * @param {number} at_ms
   * @returns {Reading}
   */
  take(key, at_ms) {
    if (key !== "Enter" && [...key].length !== 1) return { kind: "key" };
    const most_ms = this.text.length < LEAST_LENGTH ? GAP_MS : PAUSE_MS;
    const before = at_ms - this.at_ms <= most_ms ? this.text : "";
    this.at_ms = at_ms;
    this.text = key === "Enter" ? "" : (before + key).slice(-LONGEST);
    if (key !== "Enter") return { kind: before ? "part" : "key" };
    return before.length < LEAST_LENGTH ? { kind: "key" } : readingOf(before);
  }
}

/**
 * @param {string} text
 * @returns {Reading}
 */
function readingOf(text) {
  const secret = LINK.exec(text)?.[1];
  return secret ? { kind: "link", secret } : { kind: "other" };
}
