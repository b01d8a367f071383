/** The kiosk: puts page, link, visit and screens together, and listens to keys. */

import { computed, effect, html, render, signal } from "../../vendor/ui.mjs";
import { Api } from "../lib/api.js";
import { Feed } from "../lib/feed.js";
import { localTime } from "../lib/hours.js";
import { language, loadLanguage } from "../lib/i18n.js";
import { readPage, reloadOnNewVersion, turnTo } from "../lib/page.js";
import { adoptDeviceToken, deviceToken, keepDeviceToken } from "../lib/session.js";
import { Back } from "./back.js";
import { choicesNow, choose, Home } from "./home.js";
import { secondLanguage } from "./model.js";
import { CutStrip, ProblemNotice, StillThere } from "./notices.js";
import { Pairing } from "./pairing.js";
import { Result } from "./result.js";
import { HAND_MS, Scanner } from "./scan.js";
import { second } from "./twin.js";
import { Visit } from "./visit.js";

const CLOCK_MS = 500;

const page = readPage();
const homeLanguage = page.languages[0] ?? "en";
const token = signal(adoptDeviceToken("kiosk") ?? page.demo_token ?? null);
const api = new Api({ hall: page.hall, token: () => token.peek() });
const visit = new Visit({ api, turnTo, homeLanguage });
const feed = signal(/** @type {Feed | null} */ (null));
const now_ms = signal(/** @type {number | null} */ (null));
const wide = matchMedia("(min-aspect-ratio: 1/1)");
const isWide = signal(wide.matches);
/** Only a tall panel has an upper half out of reach. */
const tall = matchMedia("(max-aspect-ratio: 65/100)");

const hall = computed(() => /** @type {Hall.HallRecord} */ (feed.value?.state.value?.records.hall ?? nobodyYet()));
/** Words need the minute only; so the cards are drawn anew once a minute, not twice a second. */
const minute_ms = computed(() => now_ms.value && Math.floor(now_ms.value / 60_000) * 60_000);

/** What is known of the hall before the first word from the server. */
function nobodyYet() {
  return { ...page, id: page.hall, name: page.names, timezone: page.timezone ?? "UTC", day_open: true, hours: null, missed_sentence: {} };
}

/** @returns {import("./home.js").Sight} */
function look() {
  return {
    visit,
    records: feed.value?.state.value?.records ?? {},
    hall: hall.value,
    now_ms: minute_ms.value,
    now: minute_ms.value === null ? null : localTime(minute_ms.value, hall.value.timezone),
    isWide: isWide.value,
    isTall: tall.matches,
    isCut: feed.value?.link.value !== "live",
  };
}

function Kiosk() {
  const link = feed.value?.link.value;
  if (!token.value || link === "refused") {
    return html`<${Pairing} wasPaired=${Boolean(token.value)} hall=${page.hall} pair=${pair} />`;
  }
  if (!feed.value?.state.value && link === "connecting") return html`<div class="blank"></div>`;
  const sight = look();
  const screen = visit.screen.value;
  if (screen.kind === "result") return html`<${Result} sight=${sight} screen=${screen} />`;
  const home = screen.kind === "home" ? screen : { kind: /** @type {"home"} */ ("home"), heading: null, page: 0 };
  return html`<${Home} sight=${sight} screen=${home} />
    ${sight.isCut && html`<${CutStrip} heardAt=${feed.value?.heardAt.value ?? null} timezone=${sight.hall.timezone} />`}
    ${screen.kind === "problem" && html`<${ProblemNotice} visit=${visit} screen=${screen} />`}
    ${screen.kind === "back" && html`<${Back} visit=${visit} screen=${screen} />`}
    ${visit.isAsked.value && html`<${StillThere} visit=${visit} />`}`;
}

/** @param {string} given */
function pair(given) {
  keepDeviceToken("kiosk", given);
  token.value = given;
}

/** Holds one link for the token of the moment. */
function follow() {
  if (!token.value) return undefined;
  const link = new Feed({
    hall: page.hall,
    view: "kiosk",
    token: token.value,
    onVersion: reloadOnNewVersion(page, () => visit.isUntouched.peek()),
    isRefused: () => api.get("/me").then(() => false, (problem) => problem.status === 401 || problem.status === 403),
  });
  link.connect();
  feed.value = link;
  return () => link.disconnect();
}

/** Keeps the second language and the page's modes in step with the visit. */
function dress() {
  const { dataset } = document.documentElement;
  dataset.contrast = visit.isLarge.value ? "more" : "";
  dataset.large = String(visit.isLarge.value);
  dataset.low = String(visit.isLow.value);
  second.value = secondLanguage(hall.value.languages, language.value);
}

const scanner = new Scanner();
/** @type {number | undefined} a number key that may yet turn out to be the first letter of a scan */
let numberTimer;

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.target instanceof HTMLInputElement || event.isComposing) return;
  visit.stirred();
  if (event.repeat) return;
  const reading = scanner.take(event.key, event.timeStamp);
  if (reading.kind === "key") return onHand(event.key);
  clearTimeout(numberTimer);
  event.preventDefault(); // the Enter of a scanner must not press the button in focus
  if (reading.kind === "link") visit.comeBack(reading.secret);
  else if (reading.kind === "other") visit.readNothing();
}

/** @param {string} key pressed by a hand */
function onHand(key) {
  const screen = visit.screen.peek();
  if (key === "Escape") visit.startOver();
  else if (key === "Enter" && screen.kind !== "home" && !isOnButton()) visit.startOver();
  else if (screen.kind === "home" && /^[1-9]$/.test(key)) numberTimer = setTimeout(() => pressNumber(screen, Number(key)), HAND_MS);
}

function isOnButton() {
  return document.activeElement instanceof HTMLButtonElement;
}

/**
 * @param {import("./visit.js").AtHome} screen
 * @param {number} number
 */
function pressNumber(screen, number) {
  const sight = look();
  const choice = choicesNow(sight, screen).choices[number - 1];
  const isHere = visit.screen.peek() === screen;
  if (choice && isHere && !choice.closedBy && !sight.isCut && !visit.isAsked.peek()) choose(visit, choice);
}

async function start() {
  await Promise.all([turnTo(homeLanguage), ...page.languages.map((lang) => loadLanguage(lang).catch(() => {}))]);
  if (token.peek() && !deviceToken("kiosk") && page.demo_token) keepDeviceToken("kiosk", page.demo_token);
  effect(follow);
  effect(dress);
  visit.connect();
  setInterval(() => (now_ms.value = feed.peek()?.clock.now_ms() ?? null), CLOCK_MS);
  wide.addEventListener("change", () => (isWide.value = wide.matches));
  addEventListener("keydown", onKey);
  // At the end of a touch, so that what was touched is still there when the finger leaves it.
  addEventListener("pointerup", () => visit.stirred(), { capture: true });
  addEventListener("contextmenu", (event) => event.preventDefault());
  render(html`<${Kiosk} />`, /** @type {Element} */ (document.getElementById("screen")));
}

start();
