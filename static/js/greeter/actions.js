/**
 * Presses on their way to the server. The same press again, while it is on its way or as a double tap, is one press;
 * counting at the door alone may be as fast as people come in.
 */

import { signal } from "../../vendor/ui.mjs";
import { Problem } from "../lib/api.js";
import { Gate } from "../lib/press.js";

const SAID_MS = 5_000;
const UNDO_MS = 12_000;
const REFUSED_MS = 12_000;
const SHOWN_WITHIN_MS = 1_000; // what this view does not show is not waited for longer
const DOUBLE_TAP_MS = 700;

/** @typedef {{ kind: "said", text: string, undo?: Press } | { kind: "refused", code: string, data: Record<string, unknown> }} Notice */
/** @typedef {{ path: string[], body?: object, key?: string, said?: string, what?: string, undo?: Press }} Press */

export class Actions {
  /**
   * @param {import("../lib/api.js").Api} api
   * @param {import("../lib/feed.js").Feed} feed
   */
  constructor(api, feed) {
    this.api = api;
    this.feed = feed;
    this.notice = signal(/** @type {Notice | null} */ (null));
    /** People counted at the door whom the hall's total does not hold yet. */
    this.atDoor = signal(0);
    /** @type {Set<string>} presses on their way */
    this.sending = new Set();
    this.last = { press: "", gate: new Gate() };
  }

  /**
   * @template T
   * @param {Press} press `said` is shown when it is done, with the press that takes it back
   * @returns {Promise<{ answer: T | null, problem: Problem | null }>} neither, when it was a double tap
   */
  async send({ path, body = {}, key, said, undo }) {
    const name = JSON.stringify([path, body]);
    if (this.isDouble(name)) return { answer: null, problem: null };
    if (this.feed.link.peek() !== "live") return this.refused(new Problem(0, "offline", ""));
    this.sending.add(name);
    this.notice.value = null;
    try {
      const answer = /** @type {T & { seq?: number }} */ (await this.api.post(this.api.hallPath(...path), body, key));
      if (said) this.show({ kind: "said", text: said, undo }, undo ? UNDO_MS : SAID_MS);
      await this.isShown(answer?.seq);
      return { answer, problem: null };
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      return this.refused(problem);
    } finally {
      this.sending.delete(name);
    }
  }

  /** @param {string} name */
  isDouble(name) {
    if (this.sending.has(name)) return true;
    if (this.last.press !== name) this.last = { press: name, gate: new Gate() };
    return !this.last.gate.pass(DOUBLE_TAP_MS);
  }

  /** @param {number} count below zero: so many were counted by mistake */
  async countAtDoor(count) {
    if (this.feed.link.peek() !== "live") return void this.refused(new Problem(0, "offline", ""));
    this.atDoor.value += count;
    try {
      const { seq } = /** @type {{ seq: number }} */ (await this.api.post(this.api.hallPath("door"), { count }));
      await this.isShown(seq);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.refused(problem);
    } finally {
      this.atDoor.value -= count;
    }
  }

  /** @param {Problem} problem */
  refused(problem) {
    this.show({ kind: "refused", code: problem.code, data: problem.data }, REFUSED_MS);
    return { answer: null, problem };
  }

  /** @param {Notice} notice @param {number} shown_ms */
  show(notice, shown_ms) {
    this.notice.value = notice;
    setTimeout(() => this.notice.peek() === notice && (this.notice.value = null), shown_ms);
  }

  /**
   * Resolves when the screen has reached this seq, or after two seconds.
   * @param {number | undefined} seq
   * @returns {Promise<void>}
   */
  isShown(seq = 0) {
    return new Promise((resolve) => {
      /** @type {() => void} */
      let stop = () => {};
      const done = () => {
        clearTimeout(timer);
        queueMicrotask(() => stop());
        resolve();
      };
      const timer = setTimeout(done, SHOWN_WITHIN_MS);
      stop = this.feed.state.subscribe((folded) => void ((folded?.seq ?? 0) >= seq && done()));
    });
  }
}
