/** A visitor's ticket on their own phone: follows the line, catches up after a cut, and makes itself heard when called. */

import { computed, effect, html, render, signal } from "../../vendor/ui.mjs";
import { Feed } from "../lib/feed.js";
import { clockTime } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { language, nameOf, ownName, t } from "../lib/i18n.js";
import { readPage, reloadOnNewVersion, turnTo } from "../lib/page.js";
import { hush, ring } from "./alarm.js";
import { leastAhead } from "./reasons.js";
import { firstAhead } from "./steps.js";
import { CalledTicket, EndedTicket, MissedTicket, ParkedTicket, ServingTicket, WaitingTicket } from "./ticket.js";

const LANGUAGE_KEY = "hall.phone.language";
const FIRST_KEY = "hall.phone.first.";
const CLOCK_MS = 1_000;
const REPORT_MS = 5_000;

const SHOWN = { waiting: WaitingTicket, called: CalledTicket, serving: ServingTicket, parked: ParkedTicket, missed: MissedTicket, done: EndedTicket };

const page = readPage();
const secret = page.ticket ?? "";
const isUnknown = !page.ticket;
const feed = new Feed({
  hall: page.hall,
  view: "ticket",
  params: { ticket: secret },
  onVersion: reloadOnNewVersion(page),
});

const hall = computed(() => /** @type {Hall.HallRecord | undefined} */ (feed.state.value?.records.hall));
const ticket = computed(() => /** @type {Hall.PhoneTicket | undefined} */ (feed.state.value?.records.ticket));

function Phone() {
  if (isUnknown || feed.link.value === "refused" || (feed.state.value && !ticket.value)) return html`<${Unknown} />`;
  if (!ticket.value || !hall.value) return html`<${Blank} />`;
  const Shown = SHOWN[ticket.value.state];
  const isLive = feed.link.value === "live";
  return html`<div class="page ${ticket.value.state === "called" ? "called" : ""}">
    <header><b>${nameOf(hall.value.name).text}</b><${LanguageKey} languages=${hall.value.languages} /></header>
    ${feed.link.value === "stale" && html`<${StaleStrip} />`}
    <main><${Shown} ticket=${ticket.value} hall=${hall.value} first=${first()} least=${least()} secret=${secret} isLive=${isLive} now_ms=${ticket.value.state === "missed" ? (now_ms.value ?? feed.clock.now_ms()) : null} /></main>
    ${ticket.value.state !== "called" && html`<${Foot} />`}
  </div>`;
}

function first() {
  const stored = read(FIRST_KEY + secret);
  const ahead = firstAhead(stored, ticket.value?.ahead ?? 0);
  if (String(ahead) !== stored) write(FIRST_KEY + secret, String(ahead));
  return ahead;
}

/** The fewest ahead that this page has shown, this time included. */
function least() {
  if (ticket.value) fewest = leastAhead(fewest, ticket.value);
  return fewest?.ahead ?? 0;
}

/** @type {import("./reasons.js").Least | null} */
let fewest = null;

/** @param {{languages: string[]}} props */
function LanguageKey({ languages }) {
  const next = languages[(languages.indexOf(language.value) + 1) % languages.length];
  if (!next || next === language.value) return null;
  const act = () => turnTo(next).then((isTurned) => isTurned && write(LANGUAGE_KEY, next));
  return html`<button lang=${next} onClick=${act}>${icon("languages")}${ownName(next)}</button>`;
}

function StaleStrip() {
  const time = clockTime(feed.heardAt.value, hall.value?.timezone ?? "UTC", { seconds: true });
  return html`<p class="stale" role="alert">${icon("unplug")}${t("Link lost. This is how it stood at %(time)s; the rest will follow", { time })}</p>`;
}

function Foot() {
  if (feed.link.value !== "live") return html`<footer></footer>`;
  const time = clockTime(now_ms.value ?? feed.heardAt.value, hall.value?.timezone ?? "UTC");
  return html`<footer><i></i>${t("Live, %(time)s", { time })}</footer>`;
}

function Blank() {
  return html`<div class="page"><header><b>${nameOf(page.names).text}</b></header>
    <main><p class="said">${feed.link.value === "stale" ? t("The hall cannot be reached. This page will try again by itself.") : t("One moment")}</p></main></div>`;
}

function Unknown() {
  return html`<div class="page"><header><b>${nameOf(page.names).text}</b></header>
    <main class="said"><h1>${icon("search")}${t("This link leads to no ticket")}</h1>
    <p>${t("It is mistyped or from another day. Please ask the staff, or take a new number.")}</p></main></div>`;
}

const now_ms = signal(/** @type {number | null} */ (null));

/** Title and vibration follow the state; each call rings once. */
function callOut() {
  const now = ticket.value;
  if (!now) return;
  document.title = titleOf(now);
  document.body.classList.toggle("called", now.state === "called" && feed.link.value !== "refused");
  const call = now.state === "called" ? `${now.called_at}#${now.call_no}` : "";
  if (call === rung) return;
  rung = call;
  if (call) ring();
  else hush();
}

let rung = "";

/** Reports a call when its frame is drawn: once for each time it is called, and again until the hall has heard it. */
function reportCall() {
  const isCalled = ticket.value?.state === "called" && feed.link.value === "live";
  if (isCalled) requestAnimationFrame(() => requestAnimationFrame(report));
}

/** The receipt of delivery: the call is on a page that is being looked at. A hidden page says nothing. */
function report() {
  const isSeen = document.visibilityState === "visible" && feed.link.peek() === "live";
  if (isSeen && ticket.peek()?.state === "called") feed.status({ shown: [1] });
}

/** @param {Hall.PhoneTicket} ticket */
function titleOf({ number, state, ahead, counter_name }) {
  if (state === "called") return t("▶ %(number)s to counter %(name)s now", { number, name: counter_name ?? "" });
  if (state === "waiting") return t("%(number)s · %(n)s ahead", { number, n: ahead });
  return number;
}

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Private windows may forbid it; the page works without.
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
function write(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}

async function start() {
  const own = document.documentElement.lang || "en";
  const chosen = read(LANGUAGE_KEY) ?? own;
  await ((await turnTo(chosen)) || turnTo(own));
  if (!isUnknown) feed.connect();
  effect(callOut);
  effect(reportCall);
  document.addEventListener("visibilitychange", report);
  setInterval(report, REPORT_MS);
  setInterval(() => (now_ms.value = feed.clock.now_ms()), CLOCK_MS);
  render(html`<${Phone} />`, /** @type {Element} */ (document.getElementById("screen")));
}

start();
