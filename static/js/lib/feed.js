/**
 * One live link to a hall: snapshot, then what changed; resumes where it was cut, and says when it may be wrong.
 * It draws nothing. Screens read the three signals and call `connect` and `disconnect`.
 */

import { signal } from "../../vendor/ui.mjs";
import { HallClock } from "./clock.js";
import { foldEvent, foldSnapshot, isInStep } from "./fold.js";

const BACKOFF_FIRST_MS = 500;
const BACKOFF_LAST_MS = 15_000;
const STALE_MS = 6_000;
const PING_MS = 10_000;
const GRACE_MS = 1_000;
const CLOSE_UNKNOWN = [4401, 4403, 4404];

/**
 * connecting: nothing heard yet. live. stale: nothing heard for 6 s, a short cut that heals earlier is not shown.
 * refused: the server is there and will not have us (token, hall or ticket unknown); tried again slowly.
 * @typedef {"connecting" | "live" | "stale" | "refused"} Link
 */
/** @typedef {import("./fold.js").Folded} Folded */

/**
 * @typedef {object} FeedOptions
 * @property {string} hall
 * @property {string} view
 * @property {Record<string, string>} [params] counter, area, ticket
 * @property {string | null} [token]
 * @property {(version: string) => void} [onVersion] every snapshot's software version
 * @property {(message: Hall.EventMessage, folded: Folded) => void} [onEvent] after each event is folded
 * @property {() => Promise<boolean>} [isRefused] asked after a link that never opened: will it never open?
 */

/**
 * How long to wait before the given attempt (0 first): doubling, half of it random so that a hall does not knock as one.
 * @param {number} attempt
 * @param {number} random in [0, 1)
 */
export function backoff_ms(attempt, random) {
  const whole = Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** attempt);
  return whole / 2 + (whole / 2) * random;
}

export class Feed {
  /** @param {FeedOptions} options */
  constructor(options) {
    this.options = options;
    /** @type {import("../../vendor/ui.mjs").Signal<Folded | null>} what is known; kept while stale */
    this.state = signal(/** @type {Folded | null} */ (null));
    /** @type {import("../../vendor/ui.mjs").Signal<Link>} */
    this.link = signal(/** @type {Link} */ ("connecting"));
    /** @type {import("../../vendor/ui.mjs").Signal<string | null>} hall instant of the last word from the server */
    this.heardAt = signal(/** @type {string | null} */ (null));
    this.clock = new HallClock();
    /** How often a link was opened; for tests and support. */
    this.connects = 0;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.attempt = 0;
    /** @type {number | undefined} */
    this.retryTimer = undefined;
    /** @type {number | undefined} */
    this.silenceTimer = undefined;
    /** @type {number | undefined} */
    this.pingTimer = undefined;
    this.isWanted = false;
    /** True when the next link must begin with a snapshot. */
    this.hasGap = false;
    this.wake = this.wake.bind(this);
  }

  /** Opens the link and keeps it open until `disconnect`. */
  connect() {
    if (this.isWanted) return;
    this.isWanted = true;
    for (const [target, name] of wakeSources()) target.addEventListener(name, this.wake);
    this.open();
  }

  /** Closes the link and everything that `connect` opened. */
  disconnect() {
    this.isWanted = false;
    for (const [target, name] of wakeSources()) target.removeEventListener(name, this.wake);
    clearTimeout(this.retryTimer);
    clearTimeout(this.silenceTimer);
    this.retryTimer = this.silenceTimer = undefined;
    this.drop();
  }

  /**
   * Reports what this screen shows and sounds; lost when the link is down, the next report says it again.
   * @param {{seq?: number, shown?: unknown[], sounding?: unknown[], audio?: string, frame_ms?: number}} facts
   */
  status(facts) {
    this.send({ kind: "status", seq: this.state.peek()?.seq ?? 0, ...facts });
  }

  open() {
    this.drop();
    this.retryTimer = undefined;
    this.clock.restart();
    const { token } = this.options;
    const socket = new WebSocket(this.url(), token ? [`hall.${token}`] : []);
    let hasOpened = false;
    this.socket = socket;
    socket.onopen = () => {
      hasOpened = true;
      this.opened();
    };
    socket.onmessage = ({ data }) => socket === this.socket && this.hear(JSON.parse(data));
    socket.onclose = ({ code }) => socket === this.socket && this.lost(code, hasOpened);
    this.silenceTimer ??= setTimeout(() => this.silent(), STALE_MS);
  }

  /** Where to connect; a resume names the epoch and the last seq folded. */
  url() {
    const { hall, view, params = {} } = this.options;
    const folded = this.state.peek();
    /** @type {Record<string, string>} */
    const resume = folded && !this.hasGap ? { after: String(folded.seq), epoch: folded.epoch } : {};
    const query = new URLSearchParams({ view, ...params, ...resume });
    const origin = location.origin.replace(/^http/, "ws");
    return `${origin}/api/v1/halls/${encodeURIComponent(hall)}/live?${query}`;
  }

  opened() {
    this.connects += 1;
    this.ping();
    this.pingTimer = setInterval(() => this.ping(), PING_MS);
  }

  /** @param {Hall.FeedMessage} message */
  hear(message) {
    if (message.kind === "pong") return this.clock.pong(message.at, message.t);
    const folded = this.fold(message);
    if (folded === null) return this.startAfresh();
    this.state.value = folded;
    this.heardAt.value = message.at;
    this.heardWell(message);
    if (message.kind === "event") this.options.onEvent?.(message, folded);
  }

  /**
   * @param {Hall.SnapshotMessage | Hall.EventMessage | Hall.BeatMessage} message
   * @returns {Folded | null}
   */
  fold(message) {
    if (message.kind === "snapshot") return foldSnapshot(message);
    const folded = this.state.peek();
    if (folded === null) return null;
    if (message.kind === "beat") return isInStep(folded, message) ? folded : null;
    return foldEvent(folded, message);
  }

  /** @param {Hall.SnapshotMessage | Hall.EventMessage | Hall.BeatMessage} message */
  heardWell(message) {
    this.attempt = 0;
    this.hasGap = false;
    this.link.value = "live";
    this.listenOn();
    // An event told again after a cut lies in the past, so only snapshots and beats set the clock.
    if (message.kind === "snapshot") this.clock.hear(message.at, message.rate ?? 1);
    if (message.kind === "beat") this.clock.hear(message.at, this.state.peek()?.rate);
    if (message.kind !== "event" && message.version) this.options.onVersion?.(message.version);
  }

  /** Something between was missed and a resume would only miss it again: ask for the whole. */
  startAfresh() {
    this.hasGap = true;
    this.lost(0, true);
  }

  listenOn() {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => this.silent(), STALE_MS);
  }

  /** Nothing was heard for too long: the screen may be wrong and says so. A link that only looks open is cut. */
  silent() {
    this.silenceTimer = undefined;
    if (this.link.peek() !== "refused") this.link.value = "stale";
    if (this.socket) this.lost(0, true);
  }

  /**
   * @param {number} code
   * @param {boolean} hasOpened
   */
  async lost(code, hasOpened) {
    this.drop();
    if (CLOSE_UNKNOWN.includes(code) || (!hasOpened && (await this.isRefused()))) this.link.value = "refused";
    if (this.isWanted && this.socket === null) this.retry();
  }

  async isRefused() {
    return (await this.options.isRefused?.().catch(() => false)) ?? false;
  }

  retry() {
    clearTimeout(this.retryTimer);
    const attempt = this.link.peek() === "refused" ? Infinity : this.attempt++;
    this.retryTimer = setTimeout(() => this.open(), backoff_ms(attempt, Math.random()));
  }

  /** Tries at once when the page comes back or the network does, instead of sitting out the back-off. */
  wake() {
    if (document.visibilityState === "hidden" || this.socket !== null || this.retryTimer === undefined) return;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.open(), GRACE_MS * Math.random());
  }

  drop() {
    clearInterval(this.pingTimer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  ping() {
    this.send({ kind: "ping", t: this.clock.monotonic_ms() });
  }

  /** @param {object} message */
  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}

/** @returns {[EventTarget, string][]} */
function wakeSources() {
  return [
    [document, "visibilitychange"],
    [window, "online"],
    [window, "pageshow"],
  ];
}
