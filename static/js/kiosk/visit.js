/**
 * One visit at the kiosk after the other: where the visitor is, what was asked of the server, and when it all starts over.
 * It draws nothing; components read the signals.
 */

import { computed, signal } from "../../vendor/ui.mjs";
import { pressKey, Problem } from "../lib/api.js";
import { Gate } from "../lib/press.js";
import { language } from "../lib/i18n.js";

export const TAP_SHUT_MS = 1_000;
const RESULT_S = 12;
const RESULT_WITHOUT_PAPER_S = 30;
const PROBLEM_S = 15;
const BACK_S = 15;
const IDLE_S = 30;
const STILL_THERE_S = 20;
const RESEND_S = 60;

/**
 * @typedef {{kind: "home", heading: string | null, page: number}} AtHome
 * @typedef {{kind: "result", ticket: Hall.Ticket, age_s: number}} AtResult
 * @typedef {{kind: "problem", code: string, data: Record<string, unknown>}} AtProblem
 * @typedef {{kind: "back", stand: Hall.Stand, isReinstated: boolean}} AtBack
 * @typedef {AtHome | AtResult | AtProblem | AtBack} Screen
 */

/** @type {AtHome} */
const FIRST = { kind: "home", heading: null, page: 0 };

/**
 * @typedef {object} VisitOptions
 * @property {import("../lib/api.js").Api} api
 * @property {(lang: string) => Promise<boolean>} turnTo
 * @property {string} homeLanguage
 */

export class Visit {
  /** @param {VisitOptions} options */
  constructor(options) {
    this.options = options;
    this.gate = new Gate();
    this.screen = signal(/** @type {Screen} */ (FIRST));
    this.isTaking = signal(false);
    this.isLarge = signal(false);
    this.isLow = signal(false);
    /** Seconds until this screen ends by itself; null while it may stay. */
    this.left_s = signal(/** @type {number | null} */ (null));
    this.isAsked = signal(false);
    this.isUntouched = computed(() => isFirst(this.screen.value) && !this.hasChanged());
    /** @type {{service: string, language: string, key: string, until_ms: number} | null} a press whose answer got lost */
    this.unanswered = null;
    /** @type {number | undefined} */
    this.timer = undefined;
  }

  connect() {
    this.timer = setInterval(() => this.tick(), 1_000);
  }

  disconnect() {
    clearInterval(this.timer);
  }

  /** True when something would have to be put back for the next visitor. */
  hasChanged() {
    return this.isLarge.value || this.isLow.value || language.value !== this.options.homeLanguage;
  }

  /** Any touch or key: the visitor is there, so the screen stays. */
  stirred() {
    if (this.isAsked.value) this.isAsked.value = false;
    this.left_s.value = this.stay_s();
  }

  stay_s() {
    const screen = this.screen.peek();
    if (screen.kind === "result") return screen.ticket.paper ? RESULT_S : RESULT_WITHOUT_PAPER_S;
    if (screen.kind === "problem") return PROBLEM_S;
    if (screen.kind === "back") return BACK_S;
    return this.isUntouched.peek() ? null : IDLE_S;
  }

  /** Gives the visitor more time to read what has just changed. */
  extend() {
    this.left_s.value = Math.max(this.left_s.value ?? 0, RESULT_WITHOUT_PAPER_S);
  }

  tick() {
    const screen = this.screen.peek();
    if (screen.kind === "result") this.screen.value = { ...screen, age_s: screen.age_s + 1 };
    if (this.left_s.value === null || this.isTaking.value) return;
    this.left_s.value -= 1;
    if (this.left_s.value <= 0) this.timeIsUp();
  }

  /** A number or a problem was read: start over. In the middle of choosing: ask first. */
  timeIsUp() {
    if (this.screen.peek().kind !== "home" || this.isAsked.value) return this.startOver();
    this.isAsked.value = true;
    this.left_s.value = STILL_THERE_S;
  }

  /** Back to the first page in the hall's language, size and height. */
  startOver() {
    this.isAsked.value = false;
    this.isLarge.value = false;
    this.isLow.value = false;
    this.show(FIRST);
    if (language.value !== this.options.homeLanguage) this.options.turnTo(this.options.homeLanguage);
    this.left_s.value = null;
  }

  /**
   * @param {Screen} screen
   */
  show(screen) {
    this.screen.value = screen;
    this.left_s.value = this.stay_s();
  }

  /** @param {string | null} heading */
  open(heading) {
    this.show(heading === null ? FIRST : { kind: "home", heading, page: 0 });
  }

  /** @param {number} page */
  turn(page) {
    const screen = this.screen.peek();
    if (screen.kind === "home") this.show({ ...screen, page });
  }

  /** @param {string} lang */
  async speak(lang) {
    await this.options.turnTo(lang);
    this.left_s.value = this.stay_s();
  }

  /**
   * One press, one number: a second press is ignored while the first is on its way.
   * @param {string} service
   */
  async take(service) {
    if (this.isTaking.value) return;
    this.isTaking.value = true;
    const press = this.pressFor(service);
    try {
      const body = { service: press.service, language: press.language };
      const ticket = await this.options.api.post(this.options.api.hallPath("tickets"), body, press.key);
      this.unanswered = null;
      this.show({ kind: "result", ticket: /** @type {Hall.Ticket} */ (ticket), age_s: 0 });
    } catch (problem) {
      this.fail(problem, press);
    } finally {
      this.isTaking.value = false;
      this.gate.pass(TAP_SHUT_MS);
    }
  }

  /**
   * A visitor scanned the own ticket: back in line when the call was missed, otherwise how the number stands.
   * @param {string} secret of the ticket's link
   */
  async comeBack(secret) {
    if (this.isTaking.value) return;
    this.isTaking.value = true;
    this.isAsked.value = false;
    try {
      this.show(await this.standOf(`/t/${encodeURIComponent(secret)}`));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.show({ kind: "problem", code: problem.code, data: problem.data });
    } finally {
      this.isTaking.value = false;
      this.gate.pass(TAP_SHUT_MS);
    }
  }

  /**
   * @param {string} path
   * @returns {Promise<Screen>}
   */
  async standOf(path) {
    const { api } = this.options;
    let isReinstated = true;
    const notMissed = (/** @type {unknown} */ problem) => {
      if (!(problem instanceof Problem) || problem.code !== "ticket_not_missed") throw problem;
      isReinstated = false;
      return api.get(`${path}/why`);
    };
    const stand = /** @type {Hall.Stand} */ (await api.post(`${path}/reinstate`).catch(notMissed));
    return stand.state !== "done" ? { kind: "back", stand, isReinstated } : { kind: "problem", code: "ticket_closed", data: {} };
  }

  /** A code was read that is no ticket's. */
  readNothing() {
    if (!this.isTaking.value) this.show({ kind: "problem", code: "not_a_ticket", data: {} });
  }

  /**
   * A press whose answer got lost is sent again with its own key, so that trying again never takes a second number.
   * @param {string} service
   */
  pressFor(service) {
    const [lost, now_ms] = [this.unanswered, performance.now()];
    const isSame = lost && lost.service === service && lost.language === language.value && now_ms < lost.until_ms;
    const until_ms = now_ms + RESEND_S * 1_000;
    return isSame ? lost : { service, language: language.value, key: pressKey(), until_ms };
  }

  /**
   * @param {unknown} problem
   * @param {NonNullable<Visit["unanswered"]>} press
   */
  fail(problem, press) {
    if (!(problem instanceof Problem)) throw problem;
    this.unanswered = problem.status === 0 || problem.status >= 500 ? press : null;
    this.show({ kind: "problem", code: problem.code, data: problem.data });
  }
}

/** @param {Screen} screen */
function isFirst(screen) {
  return screen.kind === "home" && screen.heading === null && screen.page === 0;
}
