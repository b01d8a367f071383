/** What a manager sends when a time was wrong, and looks up to find the visit. */

import { signal } from "../../vendor/ui.mjs";
import { newestOf, numbersOf } from "../greeter/model.js";
import { Problem } from "../lib/api.js";

const READ_MOST = 1_000;
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
      const lists = await Promise.all(numbersOf(typed, letters).map((number) => this.ticketsOf(number)));
      return Promise.all(newestOf(lists.flat(), FOUND_MOST).map(({ id }) => this.timesOf(id)));
    });
  }

  /** @param {string} number @returns {Promise<Hall.FoundTicket[]>} */
  async ticketsOf(number) {
    const query = new URLSearchParams({ number, limit: String(READ_MOST) });
    /** @type {{ tickets: Hall.FoundTicket[] }} */
    const { tickets } = await this.api.get(`${this.api.hallPath("tickets")}?${query}`);
    return tickets;
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
