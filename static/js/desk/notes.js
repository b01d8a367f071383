/**
 * What a visitor told and clerks left for each other: asked for once a turn at this counter, shown and kept nowhere else.
 * No feed and no log knows whether there is any, so the desk asks about everybody.
 */

import { signal } from "../../vendor/ui.mjs";

const KEPT = 20;

export class Notes {
  /** @param {import("../lib/api.js").Api} api */
  constructor(api) {
    this.api = api;
    /** @type {import("../../vendor/ui.mjs").Signal<Map<string, string[]>>} by ticket */
    this.known = signal(new Map());
    /** The turn whose notes were asked for last. */
    this.asked = "";
  }

  /** @param {Hall.DeskCurrent | null} current */
  load(current) {
    if (current === null) return;
    const { ticket } = current;
    const turn = `${ticket} ${current.called_at}`;
    if (this.asked === turn) return;
    this.asked = turn;
    /** @type {Promise<{ notes: string[] }>} */
    const answer = this.api.get(this.api.hallPath("tickets", ticket, "notes"));
    answer.then(({ notes }) => this.keep(ticket, notes)).catch(() => void (this.asked = ""));
  }

  /** @param {string} ticket @param {string[]} notes */
  keep(ticket, notes) {
    const newest = [...this.known.peek()].slice(1 - KEPT);
    this.known.value = new Map([...newest, [ticket, notes]]);
  }
}
