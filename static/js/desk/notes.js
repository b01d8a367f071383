/** Notes that clerks left for each other with a transfer: asked for once a ticket, shown and kept nowhere else. */

import { signal } from "../../vendor/ui.mjs";

const KEPT = 20;

export class Notes {
  /** @param {import("../lib/api.js").Api} api */
  constructor(api) {
    this.api = api;
    /** @type {import("../../vendor/ui.mjs").Signal<Map<string, string[]>>} by ticket */
    this.known = signal(new Map());
    /** @type {Set<string>} */
    this.asked = new Set();
  }

  /**
   * The notes of the visitor at the counter; asks for them when the visitor was sent here.
   * @param {Hall.DeskCurrent | null} current
   */
  load(current) {
    if (current?.joined_by !== "transfer" || this.asked.has(current.ticket)) return;
    const { ticket } = current;
    this.asked.add(ticket);
    /** @type {Promise<{ notes: string[] }>} */
    const answer = this.api.get(this.api.hallPath("tickets", ticket, "notes"));
    answer.then(({ notes }) => this.keep(ticket, notes)).catch(() => void this.asked.delete(ticket));
  }

  /** @param {string} ticket @param {string[]} notes */
  keep(ticket, notes) {
    const newest = [...this.known.peek()].slice(1 - KEPT);
    this.known.value = new Map([...newest, [ticket, notes]]);
  }
}
