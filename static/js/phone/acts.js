/** What the visitor may do with the own ticket: be reminded, let two go first, leave the line, be back after a missed call. */

import { html, signal, useEffect, useRef } from "../../vendor/ui.mjs";
import { Api, Problem } from "../lib/api.js";
import { minuteSecond } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, tn, tProblem } from "../lib/i18n.js";
import { arm, isArmed } from "./alarm.js";

const PLACES = 2;

/** @typedef {"postpone" | "cancel" | "reinstate"} Verb */

const api = new Api();
/** What the visitor is asked to confirm. */
const asked = signal(/** @type {Verb | null} */ (null));
const isSending = signal(false);
/** The code of the last refusal, until the next press. */
const refusal = signal(/** @type {Problem | null} */ (null));

/**
 * @param {string} secret
 * @param {Verb} verb
 */
async function press(secret, verb) {
  if (isSending.peek()) return;
  isSending.value = true;
  refusal.value = null;
  try {
    await api.post(`/t/${encodeURIComponent(secret)}/${verb}`, verb === "postpone" ? { places: PLACES } : {});
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    refusal.value = problem;
  } finally {
    isSending.value = false;
    asked.value = null;
  }
}

/** @param {{ticket: Hall.PhoneTicket, secret: string, isLive: boolean}} props */
export function WaitingActs({ ticket, secret, isLive }) {
  useEffect(() => forget, []);
  if (asked.value) return html`<${Sure} verb=${asked.value} ticket=${ticket} secret=${secret} isLive=${isLive} />`;
  return html`<div class="acts">
    <${Remind} />
    <div class="pair">
      ${ticket.postpones_left > 0 && html`<button disabled=${!isLive} onClick=${() => ask("postpone")}>${t("Let two go first")}<small>${leftWords(ticket.postpones_left)}</small></button>`}
      <button disabled=${!isLive} onClick=${() => ask("cancel")}>${t("Leave the line")}</button>
    </div>
    <${Refusal} />
  </div>`;
}

/** @param {Verb} verb */
function ask(verb) {
  refusal.value = null;
  asked.value = verb;
}

/** Another state, another question. */
function forget() {
  asked.value = null;
  refusal.value = null;
}

/** @param {number} n */
function leftWords(n) {
  return tn("%(n)s time left", "%(n)s times left", n);
}

/** @param {{verb: Verb, ticket: Hall.PhoneTicket, secret: string, isLive: boolean}} props */
function Sure({ verb, ticket, secret, isLive }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => heading.current?.focus(), []);
  const isLeaving = verb === "cancel";
  return html`<section class="acts sure" role="alertdialog" aria-labelledby="sure">
    <h2 id="sure" tabindex="-1" ref=${heading}>${isLeaving ? t("Leave the line?") : t("Let two go first?")}</h2>
    <p>${isLeaving ? t("Your number ends. To come back later you take a new one.") : t("The next two behind you are called before you.")}${!isLeaving && html`<br />${leftWords(ticket.postpones_left)}`}</p>
    <button class="wide ${isLeaving ? "grave" : ""}" disabled=${!isLive || isSending.value} onClick=${() => press(secret, verb)}>${isLeaving ? t("Leave the line") : t("Let two go first")}</button>
    <button class="plain" onClick=${() => (asked.value = null)}>${t("Keep my place")}</button>
  </section>`;
}

function Refusal() {
  const problem = refusal.value;
  return html`<p class="refusal" role="alert">${problem && html`${icon("info")}<span>${tProblem(problem.code, problem.data)}</span>`}</p>`;
}

function Remind() {
  if (isArmed.value) return html`<p class="armed">${icon("bell-ring")}${t("Will sound and vibrate while this page is open")}</p>`;
  return html`<button class="wide" onClick=${arm}>${icon("bell")}${t("Remind me when I am called")}</button>`;
}

/**
 * Back after a missed call, as long as the hall allows it.
 * @param {{ticket: Hall.PhoneTicket, secret: string, isLive: boolean, now_ms: number | null}} props
 */
export function MissedActs({ ticket, secret, isLive, now_ms }) {
  useEffect(() => forget, []);
  const left_s = ticket.expires_at && now_ms !== null ? (Date.parse(ticket.expires_at) - now_ms) / 1000 : null;
  const mayReturn = ticket.returns_left > 0 && ticket.expires_at !== null && (left_s === null || left_s > 0);
  if (!mayReturn) return html`<div class="acts"><p class="staff">${icon("user")}${t("Please speak to the staff.")}</p></div>`;
  return html`<div class="acts">
    <button class="wide" disabled=${!isLive || isSending.value} onClick=${() => press(secret, "reinstate")}>${icon("undo-2")}${t("I am back: put me in line again")}</button>
    ${left_s !== null && html`<p class="left" role="timer">${t("Time left")}<span class="n">${minuteSecond(left_s)}</span></p>`}
    <${Refusal} />
  </div>`;
}
