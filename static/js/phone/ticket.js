/** The ticket on the visitor's phone: waiting, called, serving, set aside, missed, over. */

import { html } from "../../vendor/ui.mjs";
import { clockTime, minuteRange } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { language, nameOf, t, tn } from "../lib/i18n.js";
import { MissedActs, WaitingActs } from "./acts.js";
import { placeReasons } from "./reasons.js";
import { stepsOf } from "./steps.js";

/**
 * @typedef {object} TicketProps
 * @property {Hall.PhoneTicket} ticket
 * @property {Hall.HallRecord} hall
 * @property {number} first people ahead when this phone first looked
 * @property {number} least the fewest ahead shown so far
 * @property {string} secret of the link
 * @property {boolean} isLive nothing can be pressed while the link is cut
 * @property {number | null} now_ms hall time
 */

/** How a ticket ended; anything not named here is simply over. */
const ENDINGS = /** @type {Record<string, string>} */ ({
  served: "You have been served",
  not_completed: "Your visit is over",
  cancelled_by_visitor: "You left the line",
  cancelled_by_staff: "Your number was cancelled",
  no_show: "Your number was called and has lapsed",
  expired: "The hall has closed and your number has lapsed",
});

/** @param {TicketProps} props */
export function WaitingTicket({ ticket, hall, first, least, secret, isLive }) {
  return html`<${Sheet} ticket=${ticket} hall=${hall}>
    <div class="two">${aheadCell(ticket)}${rangeCell(ticket)}</div>
    ${stepRow(first, ticket.ahead)}
    <p class="note">${noteWords(ticket, first)}</p>
  </${Sheet}>
  <${Reasons} said=${[...placeReasons(ticket, least), ...plannedWords(ticket)]} />
  <${WaitingActs} ticket=${ticket} secret=${secret} isLive=${isLive} />
  <p class="after">${missedWords(hall)}</p>`;
}

/**
 * Sentences under the ticket; what is new among them is read out.
 * @param {{said: string[]}} props
 */
function Reasons({ said }) {
  return html`<div role="status"><ul class="reasons" hidden=${said.length === 0}>${said.map((words) => html`<li key=${words}>${words}</li>`)}</ul></div>`;
}

/** @param {Hall.PhoneTicket} ticket */
function plannedWords({ planned }) {
  const services = planned.map((names) => nameOf(names).text).join(t(", "));
  return services ? [t("After that: %(services)s", { services })] : [];
}

/** @param {Hall.PhoneTicket} ticket */
function aheadCell({ ahead }) {
  if (ahead === 0) return html`<div class="up"><b>${t("You are next")}</b></div>`;
  return html`<div><span class="n">${ahead}</span><small>${tn("person", "people", ahead)}</small><p>${t("Ahead of you")}</p></div>`;
}

/** @param {Hall.PhoneTicket} ticket */
function rangeCell({ estimate }) {
  const range = minuteRange(estimate);
  return range && html`<div><span class="n">${range}</span><small>${t("min")}</small><p>${t("Likely wait")}</p></div>`;
}

/**
 * @param {number} first
 * @param {number} ahead
 */
function stepRow(first, ahead) {
  const { gone, left } = stepsOf(first, ahead);
  if (gone + left === 0) return null;
  return html`<div class="row" aria-hidden="true">
    ${Array.from({ length: gone }, (_, at) => html`<i key=${`g${at}`} class="gone"></i>`)}
    ${Array.from({ length: left }, (_, at) => html`<i key=${`a${at}`} class="a"></i>`)}<b>${t("You")}</b>
  </div>`;
}

/**
 * @param {Hall.PhoneTicket} ticket
 * @param {number} first
 */
function noteWords({ ahead, counters_open: n, to_counter: counter }, first) {
  if (counter) return t("Waiting for counter %(counter)s.", { counter });
  if (n === 0) return t("No counter is open for this service yet.");
  const counters = tn("%(n)s counter is serving.", "%(n)s counters are serving.", n);
  return first > ahead ? html`${t("When you first looked: %(n)s ahead.", { n: first })}<br />${counters}` : counters;
}

/** @param {TicketProps} props */
export function CalledTicket({ ticket, hall }) {
  return html`<div class="big" role="alert"><h1>${t("Please come to the counter now")}</h1><span class="n num" style=${{ "--chars": ticket.number.length }}>${ticket.number}</span>
    <div class="perf"></div>${counterWords(ticket)}</div>
    <div class="foot"><p><b>${callWords(ticket, hall)}</b>${missedWords(hall)}</p></div>`;
}

/** @param {Hall.PhoneTicket} ticket */
function counterWords({ counter_name, area }) {
  const where = areaName(area);
  const room = html`${where && html`<small>${where}</small>`}`;
  const name = counter_name ?? "";
  if (!/^[0-9A-Z-]{1,4}$/.test(name)) return html`<div class="go named"><b>${name}${room}</b></div>`;
  const word = html`<b>${t("Counter (beside its number)")}${room}</b>`;
  const number = html`<span class="n">${name}</span>`;
  return html`<div class="go">${language.value.startsWith("zh") ? [number, word] : [word, number]}</div>`;
}

/** @param {Hall.PhoneTicket["area"]} area */
function areaName(area) {
  return area && typeof area === "object" ? nameOf(area).text : "";
}

/**
 * @param {Hall.PhoneTicket} ticket
 * @param {Hall.HallRecord} hall
 */
function callWords({ called_at, last_call_at, call_no }, hall) {
  const time = clockTime(last_call_at ?? called_at, hall.timezone);
  return t("Called at %(time)s, call %(n)s", { time, n: call_no });
}

/** @param {TicketProps} props */
export function ServingTicket({ ticket, hall }) {
  return html`<${Sheet} ticket=${ticket} hall=${hall} isTorn=${true}>
    <p class="chip serving">${icon("user-check")}${t("At the counter")}</p>
    <p class="say">${t("You are being served at %(counter)s", { counter: counterName(ticket) })}</p>
  </${Sheet}><${Reasons} said=${plannedWords(ticket)} />`;
}

/** @param {TicketProps} props */
export function ParkedTicket({ ticket, hall }) {
  const { counter_name: counter, due_at } = ticket;
  return html`<${Sheet} ticket=${ticket} hall=${hall}>
    <p class="chip parked">${icon("pause")}${t("Set aside")}</p>
    <p class="say">${counter ? t("Set aside at counter %(counter)s.", { counter }) : t("Set aside")}</p>
    <p class="note">${t("The counter will call you again. Please stay near.")}${due_at && html`<br />`}
      ${due_at && t("At %(time)s you are back in line at the latest.", { time: clockTime(due_at, hall.timezone) })}</p>
  </${Sheet}><${Reasons} said=${plannedWords(ticket)} />`;
}

/** @param {TicketProps} props */
export function MissedTicket({ ticket, hall, secret, isLive, now_ms }) {
  return html`<${Sheet} ticket=${ticket} hall=${hall} extra="hatched">
    <p class="chip missed">${icon("clock-alert")}${t("Missed call")}</p>
    <p class="say">${missedAt(ticket, hall)}</p>
  </${Sheet}>
  <${MissedActs} ticket=${ticket} secret=${secret} isLive=${isLive} now_ms=${now_ms} />
  <p class="after">${missedWords(hall)}</p>`;
}

/**
 * @param {Hall.PhoneTicket} ticket
 * @param {Hall.HallRecord} hall
 */
function missedAt({ last_call_at, called_at, missed_at }, hall) {
  return t("You were called at %(time)s", { time: clockTime(last_call_at ?? called_at ?? missed_at, hall.timezone) });
}

/** @param {TicketProps} props */
export function EndedTicket({ ticket, hall }) {
  const ending = ENDINGS[ticket.outcome ?? ""] ?? "Your visit is over";
  return html`<${Sheet} ticket=${ticket} hall=${hall} isTorn=${true}>
    <p class="chip done">${icon(ticket.outcome === "served" ? "check" : "info")}${t("Over")}</p>
    <p class="say">${t(ending)}</p>
  </${Sheet}>`;
}

/** @param {Hall.PhoneTicket} ticket */
function counterName({ counter_name }) {
  return t("counter %(name)s", { name: counter_name ?? "" });
}

/**
 * When a number counts as missed, in the hall's one sentence.
 * @param {Hall.HallRecord} hall
 */
function missedWords({ missed_sentence }) {
  return nameOf(missed_sentence).text;
}

/**
 * The ticket itself: who above the tear, what now below it.
 * @param {object} props
 * @param {Hall.PhoneTicket} props.ticket
 * @param {Hall.HallRecord} props.hall
 * @param {boolean} [props.isTorn]
 * @param {string} [props.extra]
 * @param {import("../../vendor/ui.mjs").Child} [props.children]
 */
function Sheet({ ticket, hall, isTorn = false, extra = "", children }) {
  const taken = t("Taken at %(time)s", { time: clockTime(ticket.issued_at, hall.timezone) });
  return html`<article class="tk down ${isTorn ? "gone" : ""} ${extra}">
    <div><h1>${nameOf(ticket.service_name).text}<small>${taken}</small></h1><span class="n num" style=${{ "--chars": ticket.number.length }}>${ticket.number}</span></div>
    <div class="part" role="status" aria-live="polite">${children}</div>
  </article>`;
}
