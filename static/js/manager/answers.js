/** What a manager sends: answers to calls for help. And what is asked for now and then: how the devices are. */

import { signal } from "../../vendor/ui.mjs";
import { Problem } from "../lib/api.js";

const DEVICES_EVERY_MS = 5_000;

export class Answers {
  /** @param {import("../lib/api.js").Api} api */
  constructor(api) {
    this.api = api;
    this.isBusy = signal(false);
    /** @type {import("../../vendor/ui.mjs").Signal<string | null>} code of the last refusal */
    this.problem = signal(/** @type {string | null} */ (null));
  }

  /** @param {string} help @param {"take" | "solve"} verb */
  async answer(help, verb) {
    if (this.isBusy.peek()) return;
    this.isBusy.value = true;
    this.problem.value = null;
    try {
      await this.api.post(this.api.hallPath("help", help, verb));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.problem.value = problem.code;
    } finally {
      this.isBusy.value = false;
    }
  }
}

/** Devices are no part of the feed, since being alive is no event: they are asked for every five seconds. */
export class Devices {
  /** @param {import("../lib/api.js").Api} api */
  constructor(api) {
    this.api = api;
    /** @type {import("../../vendor/ui.mjs").Signal<Map<string, Hall.DeviceAnswer>>} */
    this.heard = signal(new Map());
    /** @type {number | undefined} */
    this.timer = undefined;
  }

  connect() {
    this.timer = setInterval(() => void this.ask(), DEVICES_EVERY_MS);
    void this.ask();
  }

  disconnect() {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  async ask() {
    /** @type {{ devices: Hall.DeviceAnswer[] } | null} */
    const answer = await this.api.get(this.api.hallPath("devices")).catch(() => null);
    // Without an answer nothing is known any more of who is alive; the feed says itself that it was lost.
    this.heard.value = new Map((answer?.devices ?? []).map((one) => [one.id, one]));
  }
}
