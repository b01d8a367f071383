/**
 * The hall's clock as the server tells it, never the browser's: a kiosk may stand hours wrong.
 * `at + elapsed * rate`, corrected by the ping with the shortest way. Pure but for the monotonic clock it is given.
 */

const KEPT_PINGS = 8;

export class HallClock {
  /** @param {() => number} [monotonic_ms] milliseconds that never jump */
  constructor(monotonic_ms = () => performance.now()) {
    this.monotonic_ms = monotonic_ms;
    this.rate = 1;
    /** @type {number | null} hall milliseconds when the monotonic clock stood at 0 */
    this.base_ms = null;
    /** True from a new link on until its first word. */
    this.isDoubtful = true;
    /** @type {{round_trip_ms: number, base_ms: number}[]} */
    this.pings = [];
  }

  /** Forgets pings; called when a link begins, since the machine may have slept. Runs on until the first new word. */
  restart() {
    this.pings = [];
    this.isDoubtful = true;
  }

  /**
   * Takes the instant of a snapshot or beat, until a ping knows better. A late message only ever makes us slow,
   * so the furthest reading wins.
   * @param {string} at
   * @param {number} [rate]
   */
  hear(at, rate = this.rate) {
    if (rate !== this.rate) this.restart();
    this.rate = rate;
    if (this.pings.length > 0) return;
    const base_ms = Date.parse(at) - this.monotonic_ms() * rate;
    this.base_ms = this.base_ms === null || this.isDoubtful ? base_ms : Math.max(this.base_ms, base_ms);
    this.isDoubtful = false;
  }

  /**
   * Takes a pong: the server's instant lies in the middle of the round trip.
   * @param {string} at
   * @param {number} sent_ms monotonic, as sent in the ping
   */
  pong(at, sent_ms) {
    this.isDoubtful = false;
    const heard_ms = this.monotonic_ms();
    const middle_ms = (sent_ms + heard_ms) / 2;
    this.pings.push({ round_trip_ms: heard_ms - sent_ms, base_ms: Date.parse(at) - middle_ms * this.rate });
    this.pings = this.pings.slice(-KEPT_PINGS);
    this.base_ms = this.pings.reduce((best, ping) => (ping.round_trip_ms < best.round_trip_ms ? ping : best)).base_ms;
  }

  /** Hall time in epoch milliseconds; null before the first word from the server. */
  now_ms() {
    return this.base_ms === null ? null : this.base_ms + this.monotonic_ms() * this.rate;
  }

  /**
   * Hall seconds since an instant, never negative; 0 while the time is unknown.
   * @param {string} at
   */
  since_s(at) {
    const now_ms = this.now_ms();
    return now_ms === null ? 0 : Math.max(0, (now_ms - Date.parse(at)) / 1000);
  }
}
