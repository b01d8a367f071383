/** Why a call has not reached its visitor, asked for again and again while that is so: it is about now, and no feed has it. */

import { signal } from "../../vendor/ui.mjs";

const AGAIN_MS = 4_000;

export class Delivery {
  /**
   * @param {import("../lib/api.js").Api} api
   * @param {string} counter
   */
  constructor(api, counter) {
    this.path = api.hallPath("counters", counter, "delivery");
    this.api = api;
    this.cause = signal(/** @type {Hall.UndeliveredCause | null} */ (null));
    this.phone = signal(/** @type {Hall.PhonePage} */ (null));
  }

  /** Asks now and every few seconds; gives the function that stops. */
  follow() {
    let isWanted = true;
    const ask = async () => {
      const answer = /** @type {Hall.Delivery | null} */ (await this.api.get(this.path).catch(() => null));
      if (!isWanted || !answer) return;
      this.cause.value = answer.cause;
      this.phone.value = answer.phone ?? null;
    };
    void ask();
    const timer = setInterval(() => void ask(), AGAIN_MS);
    return () => {
      isWanted = false;
      clearInterval(timer);
      this.cause.value = null;
    };
  }
}
