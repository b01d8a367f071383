/** What a manager sends when a time was wrong, and looks up to find the visit. */

import { signal } from "../../vendor/ui.mjs";
import { Problem } from "../lib/api.js";
import { numbersOf, ticketsOf } from "../lib/numbers.js";

const FOUND_MOST = 3;

export class Corrections {
  /** @param {import("../lib/api.js").Api} api */
  constructor(api) {
    this.api = api;
    this.isBusy = signal(false);
    /** @type {import("../../vendor/ui.mjs").Signal<Problem | null>} the last refusal */
    this.problem = signal(/** @type {Problem | null} */ (null));
  }

  /**
   * The newest tickets of a number with their turns; null when they could not be asked for.
   * @param {string} typed
   * @param {string[]} letters
   * @returns {Promise<Hall.TicketTimes[] | null>}
   */
  find(typed, letters) {
    return this.asking(async () => {
      const found = await ticketsOf(this.api, numbersOf(typed, letters), FOUND_MOST);
      const newest = found.sort((a, b) => b.issued_at.localeCompare(a.issued_at)).slice(0, FOUND_MOST);
      return Promise.all(newest.map(({ id }) => this.timesOf(id)));
    });
  }

  /** @param {string} ticket @returns {Promise<Hall.TicketTimes>} */
  timesOf(ticket) {
    return this.api.get(this.api.hallPath("tickets", ticket));
  }

  /**
   * The ticket as it stands then; null when it was refused.
   * @param {Hall.LongTurn} visit
   * @param {{ started_at?: string, ended_at?: string, reason: string }} correction
   * @returns {Promise<Hall.TicketTimes | null>}
   */
  send({ ticket, turn }, correction) {
    return this.asking(() => this.api.post(this.api.hallPath("tickets", ticket, "correct-time"), { turn, ...correction }));
  }

  /**
   * @template T
   * @param {() => Promise<T>} ask
   * @returns {Promise<T | null>}
   */
  async asking(ask) {
    if (this.isBusy.peek()) return null;
    this.isBusy.value = true;
    this.problem.value = null;
    try {
      return await ask();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.problem.value = problem;
      return null;
    } finally {
      this.isBusy.value = false;
    }
  }
}
