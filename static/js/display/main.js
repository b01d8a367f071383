/** The display's page: follows the board, lets calls stand one after another, sounds, and reports what it showed. */

import { computed, effect, html, render, signal } from "../../vendor/ui.mjs";
import { Feed } from "../lib/feed.js";
import { loadLanguage } from "../lib/i18n.js";
import { localTime } from "../lib/hours.js";
import { readPage, reloadOnNewVersion, turnTo } from "../lib/page.js";
import { adoptDeviceToken } from "../lib/session.js";
import { advance, emptyBoard, heroCall, isTakenBack, nextTurn_ms, seqOf, takeRecords } from "./board.js";
import { Chime } from "./chime.js";
import { areasOf, columnsOf } from "./layout.js";
import { Screen } from "./screen.js";
import { connectStage, format } from "./stage.js";

const REPORT_MS = 5_000;
const NIGHT_CHECK_MS = 60_000;
const NIGHT_MINUTE = 4 * 60;
const DAY_MS = 86_400_000;
const QUIET_MS = 120_000;
const SOUNDED_MAX = 16;

const page = readPage();
const query = new URLSearchParams(location.search);
const area = query.get("area");
const chime = new Chime({ isOff: query.get("sound") === "off" });
const board = signal(emptyBoard());
const feed = new Feed({
  hall: page.hall,
  view: "board",
  params: area ? { area } : {},
  token: adoptDeviceToken("display"),
  onVersion: reloadOnNewVersion(page, isQuiet),
  onEvent: measureFrame,
});

/** @type {number | undefined} */
let turnTimer;
let frame_ms = 0;
/** @typedef {import("./board.js").Due} Due */
/** @type {Due[]} what was announced and not reported yet */
let sounded = [];
/** What the last report said is to be seen, as "key#call number". */
let reported = new Set();
const startedAt_ms = performance.now();

/** Before the first snapshot the shell's own facts stand in, so that the name is there at once. */
const hall = computed(() => /** @type {Hall.HallRecord} */ (feed.state.value?.records.hall) ?? {
  id: page.hall, name: page.names, languages: page.languages, timezone: page.timezone ?? "UTC", business_date: "",
  day_open: true, hours: null, missed_sentence: {},
});
const langs = computed(() => hall.value.languages.slice(0, 2));
const ready = signal(0);

function now_ms() {
  return feed.clock.now_ms() ?? Date.now();
}

/** @returns {import("./board.js").Now} */
function now() {
  return { hall_ms: now_ms(), rate: feed.clock.rate, real_ms: performance.now() };
}

/** Puts up the next call when its turn has come, and comes back for the one after it. */
function takeTurns() {
  clearTimeout(turnTimer);
  const step = advance(board.peek(), now());
  board.value = step.board;
  if (step.announce) announce(step.announce);
  const wait_ms = nextTurn_ms(board.peek(), now());
  if (wait_ms !== null) turnTimer = setTimeout(takeTurns, wait_ms + 20);
}

/** @param {Due} due */
function announce(due) {
  if (!chime.play()) return;
  sounded = [...sounded, due].slice(-SOUNDED_MAX);
  queueMicrotask(report);
}

/**
 * The receipt of delivery: what can be seen right now, and what began to sound since the last report. A page that nobody
 * sees and a board that may be wrong prove nothing, so they say nothing.
 */
function report() {
  if (document.visibilityState !== "visible" || feed.link.peek() !== "live") return;
  const shown = shownCalls();
  const sounding = sounded.filter((due) => board.peek().known.get(due.key) === due.call_no);
  feed.status({ shown: shown.map(({ key }) => seqOf(key)), sounding: sounding.map(({ key }) => seqOf(key)), audio: chime.audio.peek(), frame_ms: Math.round(frame_ms) });
  reported = new Set(shown.map(markOf));
  sounded = [];
}

/** Reports at once when there is a call, or a repeat of one, that no report has named: when its frame is drawn. */
function reportNews() {
  const isNew = shownCalls().some((due) => !reported.has(markOf(due)));
  if (isNew) requestAnimationFrame(() => requestAnimationFrame(report));
}

/** @param {Due} due */
function markOf({ key, call_no }) {
  return `${key}#${call_no}`;
}

/**
 * The calls that can be seen, the large one first; one that was taken back is no call any more.
 * @returns {Due[]}
 */
function shownCalls() {
  const { hero } = board.peek();
  const columns = columnsOf(board.peek(), areasOf(feed.state.peek()?.records ?? {}), { portrait: format.peek().portrait });
  const rows = columns.flatMap((column) => column.rows).filter((row) => row !== null);
  const large = heroCall(board.peek());
  return [...(large && hero ? [{ key: hero.key, call_no: large.call_no }] : []), ...rows.filter(([, call]) => !isTakenBack(call)).map(([key, { call_no }]) => ({ key, call_no }))];
}

/** How long a message took until its frame was drawn; the server shows it with the device. */
function measureFrame() {
  const heard_ms = performance.now();
  requestAnimationFrame(() => requestAnimationFrame(() => void (frame_ms = performance.now() - heard_ms)));
}

/** True when no call came for a while, so a reload loses nobody. */
function isQuiet() {
  return performance.now() - board.peek().since_ms > QUIET_MS;
}

/** A page that runs for months starts afresh once a night, at four, when nothing is being called. */
function reloadAtNight() {
  const { minute } = localTime(now_ms(), hall.peek().timezone);
  const isOld = performance.now() - startedAt_ms > DAY_MS / 2;
  if (minute >= NIGHT_MINUTE && minute < NIGHT_MINUTE + 60 && isOld && isQuiet() && feed.link.peek() === "live") location.reload();
}

async function keepAwake() {
  if (document.visibilityState === "visible") await navigator.wakeLock?.request("screen").catch(() => null);
}

/** Fetches the words of the shown languages until they are there; a call is drawn meanwhile all the same. */
async function loadWords() {
  try {
    await Promise.all(langs.peek().map(loadLanguage));
    await turnTo(langs.peek()[0] ?? "en");
    ready.value += 1;
  } catch {
    setTimeout(loadWords, REPORT_MS);
  }
}

effect(() => {
  if (!feed.state.value) return;
  board.value = takeRecords(board.peek(), feed.state.value.records, now());
  takeTurns();
});
effect(() => {
  if (board.value && format.value && feed.link.value === "live") reportNews();
});
effect(() => {
  // A board is public: a token that is no longer known must not keep the hall dark.
  if (feed.link.value === "refused") feed.options.token = null;
});
effect(() => void (langs.value && loadWords()));

function App() {
  return html`<${Screen} key=${ready.value ? "spoken" : "plain"} board=${board.value} records=${feed.state.value?.records ?? {}} hall=${hall.value} langs=${langs.value}
    link=${feed.link.value} heardAt=${feed.heardAt.value} audio=${chime.audio.value} now_ms=${now_ms} />`;
}

connectStage();
chime.connect();
feed.connect();
void keepAwake();
document.addEventListener("visibilitychange", () => void keepAwake().then(report));
setInterval(report, REPORT_MS);
setInterval(reloadAtNight, NIGHT_CHECK_MS);
render(html`<${App} />`, /** @type {Element} */ (document.getElementById("screen")));
