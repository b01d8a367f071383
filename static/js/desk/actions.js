/**
 * Presses on their way to the server. One press at a time: the desk is locked until the screen shows what the press did,
 * so that a second press never acts on a picture that is no longer true. An answer that is late or lost locks nothing
 * that the feed has already shown; such a press is not sent again. A refusal that names its ways on opens them.
 */

import { computed, signal } from "../../vendor/ui.mjs";
import { Problem } from "../lib/api.js";
import { standingOf } from "./model.js";

const SHOWN_WITHIN_MS = 2_000;
const BOUNCE_MS = 500;
const SAID_MS = 8_000;
const ASIDE_SAID_MS = 3_000;
/** What acts on who stands at the counter. It says whom the screen showed there, so that it can never hit the next one. */
const OF_VISITOR = new Set(["call-next", "call", "recall", "start", "finish", "no-show", "park", "transfer", "undo"]);

/** @typedef {import("./model.js").Sentence} Sentence */
/** @typedef {{ isShown: boolean }} Press on its way; shown once the feed tells that the counter stands otherwise */
/** @typedef {{ kind: "said", sentence: Sentence } | { kind: "refused", code: string, data: Record<string, unknown> }} Notice */

/** What a clerk can do about a refusal; said after the refusal's own sentence. */
const WAY_ON = /** @type {Record<string, string>} */ ({
  counter_closed: "Press F2 to open the counter.",
  counter_paused: "Press F10 to resume.",
  counter_busy: "Press F8 to finish first.",
  not_called: "Press F2 to call the next one.",
  not_serving: "Press F3 first: the visitor has to be here.",
  counter_idle: "Press F2 to call the next one.",
  too_few_calls: "Press F6 to call again.",
  staff_elsewhere: "Close the other counter first, or ask the manager.",
  storage_unavailable: "Nothing was changed. Try again.",
  offline: "Look at the screen before pressing again: it shows what happened.",
});

/** @param {string} code @returns {string | null} */
export function wayOn(code) {
  return WAY_ON[code] ?? null;
}

export class Actions {
  /**
   * @param {import("../lib/api.js").Api} api
   * @param {string} counter
   * @param {import("../lib/feed.js").Feed} feed
   * @param {() => number} [monotonic_ms]
   */
  constructor(api, counter, feed, monotonic_ms = () => performance.now()) {
    this.api = api;
    this.counter = counter;
    this.feed = feed;
    this.monotonic_ms = monotonic_ms;
    /** The press whose effect is not on the screen yet. */
    this.underway = signal(/** @type {Press | null} */ (null));
    this.isBusy = computed(() => this.underway.value !== null);
    this.notice = signal(/** @type {Notice | null} */ (null));
    /** The question on the screen and those that led to it, the first one first. */
    this.places = signal(/** @type {import("./menu.js").Place[]} */ ([]));
    this.pressed = { key: "", at_ms: -Infinity };
    /** The ticket at the counter by what is drawn, empty for nobody; set with every drawing. */
    this.visitor = "";
  }

  /**
   * One press of a desk key. Asks, or says why, where the key does nothing by itself.
   * @param {import("./keys.js").DeskKey} key
   * @param {string} [by] the key or button that was pressed in truth: only the same one bounces
   * @returns {Promise<boolean>} whether it was done
   */
  async press({ key, act }, by = key) {
    if (this.feed.link.peek() !== "live") return false;
    if ("open" in act) {
      this.open(act.open);
      return false;
    }
    if (this.isBounce(by)) return this.dropped("The same key twice within half a second counts once.");
    if (this.isBusy.peek()) return this.dropped("The last press was still under way. Press again.");
    if ("say" in act) this.say(act.say);
    return "verb" in act && this.send(act.verb, act.body);
  }

  /** Says for a moment why a press was dropped, unless something weightier is being said. @param {string} msgid */
  dropped(msgid) {
    if (this.notice.peek() === null) this.say({ msgid }, ASIDE_SAID_MS);
    return false;
  }

  /** False while a press is under way, and says so: a choice out of a list is never dropped in silence. */
  isHeard() {
    if (this.isBusy.peek()) this.say({ msgid: "The last press was still under way. Choose again." });
    return !this.isBusy.peek();
  }

  /** Asks a question. @param {import("./menu.js").Place} place */
  open(place) {
    this.notice.value = null;
    this.places.value = [place];
  }

  /**
   * Sends what was chosen, to this counter or to a ticket.
   * @param {import("./menu.js").Deed} deed
   */
  async perform({ ticket, verb, body }) {
    if (this.feed.link.peek() !== "live" || !this.isHeard()) return false;
    return this.send(verb, body, ticket);
  }

  /**
   * @param {string} verb
   * @param {object} [body]
   * @param {string} [ticket] whose verb it is, when it is not the counter's
   * @returns {Promise<boolean>} whether it was done, as soon as the answer or the feed says so
   */
  async send(verb, body = {}, ticket = undefined) {
    const press = { isShown: false };
    this.underway.value = press;
    this.notice.value = null;
    this.places.value = [];
    const path = ticket === undefined ? this.api.hallPath("counters", this.counter, verb) : this.api.hallPath("tickets", ticket, verb);
    const meant = ticket === undefined && OF_VISITOR.has(verb) ? { ...body, visitor: this.visitor } : body;
    const moved = this.whenMoved(press);
    try {
      return await Promise.race([this.answered(press, path, meant), moved.shown]);
    } finally {
      moved.stop();
      if (this.underway.peek() === press) this.underway.value = null;
    }
  }

  /**
   * Sends a press and waits until the screen shows what it did. Once the feed has shown it, only a refusal is news.
   * @param {Press} press
   * @param {string} path
   * @param {object} body
   */
  async answered(press, path, body) {
    try {
      const answer = /** @type {Hall.CounterAnswer | null} */ (await this.api.post(path, body, undefined, () => !press.isShown));
      if (press.isShown) return true;
      if (answer === null) this.say({ msgid: "Nobody is waiting." });
      else await this.untilShown(answer.seq);
      return true;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (press.isShown && problem.code === "offline") return true;
      if (problem.code === "visitor_changed") this.say({ msgid: problem.code }); // nobody's mistake: the screen shows who is there
      else if (problem.data.ways) this.open({ id: "not-yet-missed", of: { cause: String(problem.data.cause), phone: String(problem.data.phone ?? "") } });
      else this.notice.value = { kind: "refused", code: problem.code, data: problem.data };
      return false;
    }
  }

  /**
   * Resolves when the feed shows the counter in another state, with another visitor or another call than at the press.
   * @param {Press} press
   * @returns {{ shown: Promise<boolean>, stop: () => void }}
   */
  whenMoved(press) {
    const { state } = this.feed;
    const before = standingOf(state.peek()?.records ?? {});
    let stop = () => {};
    /** @type {Promise<boolean>} */
    const shown = new Promise((resolve) => {
      stop = state.subscribe((folded) => {
        if (standingOf(folded?.records ?? {}) === before) return;
        press.isShown = true;
        resolve(true);
      });
    });
    return { shown, stop };
  }

  /** @param {Sentence} sentence @param {number} [for_ms] */
  say(sentence, for_ms = SAID_MS) {
    const notice = /** @type {Notice} */ ({ kind: "said", sentence });
    this.notice.value = notice;
    setTimeout(() => this.notice.peek() === notice && (this.notice.value = null), for_ms);
  }

  /** The same key again within half a second is a bounce, not a wish; what only asks may be asked again. @param {string} key */
  isBounce(key) {
    const at_ms = this.monotonic_ms();
    const isBounce = key === this.pressed.key && at_ms - this.pressed.at_ms < BOUNCE_MS;
    this.pressed = { key, at_ms };
    return isBounce;
  }

  /**
   * Resolves when the screen has reached the answer's seq, or after two seconds.
   * @param {number | undefined} seq
   * @returns {Promise<void>}
   */
  untilShown(seq = 0) {
    const { state } = this.feed;
    return new Promise((resolve) => {
      /** @type {() => void} */
      let stop = () => {};
      const done = () => {
        clearTimeout(timer);
        queueMicrotask(() => stop());
        resolve();
      };
      const timer = setTimeout(done, SHOWN_WITHIN_MS);
      stop = state.subscribe((folded) => void ((folded?.seq ?? 0) >= seq && done()));
    });
  }
}
