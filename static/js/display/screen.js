/** The board as one sees it: a sign, not a page. Draws what the models say and decides nothing. */

import { html, useEffect, useState } from "../../vendor/ui.mjs";
import { nameOf, tIn } from "../lib/i18n.js";
import { icon, placeArrow } from "../lib/icons.js";
import { clockTime } from "../lib/format.js";
import { localTime } from "../lib/hours.js";
import { heroCall, isShouting, isTakenBack } from "./board.js";
import { useFit } from "./fit.js";
import { SENTENCE_MS, dateLine, emptyMessage, footSentences } from "./foot.js";
import { areasOf, columnsOf, counterSpan, faceOf } from "./layout.js";
import { format, stageStyle } from "./stage.js";

/** @typedef {import("./board.js").Call} Call */
/** @typedef {import("./layout.js").Column} Column */
/** @typedef {import("./chime.js").Audio} Audio */
/**
 * @typedef {object} ScreenProps
 * @property {import("./board.js").Board} board
 * @property {Hall.Records} records
 * @property {Hall.HallRecord} hall
 * @property {string[]} langs the one or two languages shown at once
 * @property {import("../lib/feed.js").Link} link
 * @property {string | null} heardAt
 * @property {Audio} audio
 * @property {() => number} now_ms hall time
 */

/** @param {ScreenProps} props */
export function Screen({ board, records, hall, langs, link, heardAt, audio, now_ms }) {
  const areas = areasOf(records);
  const { portrait } = format.value;
  const isLive = link === "live";
  const classes = `stage ${portrait ? "portrait" : ""} ${isLive || link === "connecting" ? "" : "stale"} areas-${columnCount(areas)}`;
  return html`<div class=${classes} style=${stageStyle()}>
    <${Head} hall=${hall} langs=${langs} now_ms=${now_ms} />
    <main>
      <${Hero} board=${board} areas=${areas} langs=${langs} hall=${hall} link=${link} now_ms=${now_ms} />
      <div class="columns">
        ${columnsOf(board, areas, { portrait }).map((column, i) => html`<${AreaColumn} key=${i} column=${column} langs=${langs} timezone=${hall.timezone} />`)}
      </div>
    </main>
    <${Foot} hall=${hall} langs=${langs} link=${link} heardAt=${heardAt} audio=${audio} now_ms=${now_ms} />
  </div>`;
}

/** @param {Hall.BoardArea[]} areas */
function columnCount(areas) {
  return areas.length === 3 ? 3 : 2;
}

/** @param {Pick<ScreenProps, "hall" | "langs" | "now_ms">} props */
function Head({ hall, langs, now_ms }) {
  const now = useTick(now_ms, 1_000);
  const [first = "en", second] = langs;
  const name = nameOf(hall.name, first);
  const other = second ? nameOf(hall.name, second) : null;
  return html`<header>
    <b lang=${name.lang}>${name.text}</b>
    ${other && other.text !== name.text && html`<span lang=${other.lang}>${other.text}</span>`}
    <span class="date">${langs.map((lang) => html`<span lang=${lang}>${dateLine(now, hall.timezone, lang)}</span>`)}</span>
    <span class="n clock">${clockTime(now, hall.timezone)}</span>
  </header>`;
}

/** @param {Pick<ScreenProps, "board" | "langs" | "hall" | "link" | "now_ms"> & { areas: Hall.BoardArea[] }} props */
function Hero({ board, areas, langs, hall, link, now_ms }) {
  const call = heroCall(board);
  if (!call) return html`<${Nobody} langs=${langs} hall=${hall} link=${link} now_ms=${now_ms} />`;
  const arrow = areas.find((area) => area.id === call.area)?.arrow ?? null;
  const isCalled = isShouting(board);
  const isFresh = board.announced && link === "live" && isCalled;
  return html`<${Call} key=${`${board.hero?.key}/${board.hero?.call_no}/${board.announced}`} call=${call} arrow=${arrow} langs=${langs} isCalled=${isCalled} isFresh=${isFresh} />`;
}

/** @param {{ call: Call, arrow: Hall.Arrow | null, langs: string[], isCalled: boolean, isFresh: boolean }} props */
function Call({ call, arrow, langs, isCalled, isFresh }) {
  const face = faceOf(call.counter_name);
  const state = isCalled ? "called" : "torn";
  const { portrait } = format.value;
  const who = useFit([call.number, face, portrait]);
  const where = useFit([call.counter_name, arrow, portrait]);
  const pointer = html`<span class="pointer">${placeArrow(arrow)}</span>`;
  return html`<section class=${`tk call ${state} ${face} ${portrait ? "down" : ""} ${isFresh ? "fresh" : ""}`} role="status">
    <div class="who" ref=${who}><span class="n" data-fit>${call.number}</span></div>
    <div class="where" ref=${where}>
      ${arrow && arrow !== "right" && pointer}
      <${CounterName} name=${call.counter_name} langs=${langs} />
      ${arrow === "right" && pointer}
    </div>
  </section>`;
}

/** @param {{ name: string, langs: string[] }} props */
function CounterName({ name, langs }) {
  const face = faceOf(name);
  if (face === "phrase") return html`<div class="place"><span class="name" data-fit>${name}</span></div>`;
  const beside = face === "label" ? "Counter (beside its name)" : "Counter (beside its number)";
  return html`<div class="place"><span class="n" data-fit>${name}</span>
    <span class="words">${langs.map((lang, i) => html`<span class=${i ? "second" : "first"} lang=${lang}>${tIn(lang, beside)}</span>`)}</span></div>`;
}

/** @param {Pick<ScreenProps, "langs" | "hall" | "link" | "now_ms">} props */
function Nobody({ langs, hall, link, now_ms }) {
  const now = useTick(now_ms, 10_000);
  const message = link === "connecting" ? "Connecting" : emptyMessage(hall, localTime(now, hall.timezone));
  return html`<section class="none" role="status">
    ${langs.map((lang, i) => html`<p class=${i ? "second" : "first"} lang=${lang}>${tIn(lang, message)}</p>`)}
  </section>`;
}

/** @param {{ column: Column, langs: string[], timezone: string }} props */
function AreaColumn({ column: { area, rows }, langs, timezone }) {
  return html`<section class=${`column ${area?.arrow === "right" ? "right" : ""}`}>
    ${area ? html`<h2 class="area"><${AreaTitle} area=${area} langs=${langs} /></h2>` : html`<div class="area"></div>`}
    <ol class="rows">
      ${rows.map((row, i) => (row
        ? html`<${Row} key=${row[0]} call=${row[1]} langs=${langs} timezone=${timezone} />`
        : html`<li key=${`none ${i}`} class="row idle"><span class="n">–</span></li>`))}
    </ol>
  </section>`;
}

/** @param {{ area: Hall.BoardArea, langs: string[] }} props */
function AreaTitle({ area, langs }) {
  return html`${area.arrow && area.arrow !== "right" && placeArrow(area.arrow)}
    ${langs.map((lang, i) => html`<span class=${i ? "second" : "first"} lang=${lang}>${areaWords(area, lang)}</span>`)}
    ${area.arrow === "right" && placeArrow(area.arrow)}`;
}

/**
 * @param {Hall.BoardArea} area
 * @param {string} lang
 */
function areaWords({ name, counters }, lang) {
  const span = counterSpan(counters)?.join(tIn(lang, ", (between counters)"));
  const area = nameOf(name, lang).text;
  if (!span) return area;
  return area ? tIn(lang, "%(area)s, counters %(span)s", { area, span }) : tIn(lang, "Counters %(span)s", { span });
}

/** @param {{ call: Call, langs: string[], timezone: string }} props */
function Row({ call, langs, timezone }) {
  const who = useFit([call.number]);
  const where = useFit([call.counter_name]);
  if (isTakenBack(call)) return html`<${TakenBack} call=${call} langs=${langs} timezone=${timezone} />`;
  return html`<li class="tk row">
    <div class="who" ref=${who}><span class="n" data-fit>${call.number}</span><time>${clockTime(call.at, timezone)}</time></div>
    <div class="where" ref=${where}><${CounterName} name=${call.counter_name} langs=${langs} /></div>
  </li>`;
}

/**
 * A call that no longer stands: the number struck out, and in place of the counter the word for it.
 * @param {{ call: Call, langs: string[], timezone: string }} props
 */
function TakenBack({ call, langs, timezone }) {
  const who = useFit([call.number]);
  return html`<li class="tk row back">
    <div class="who" ref=${who}><s class="n" data-fit>${call.number}</s><time>${clockTime(call.at, timezone)}</time></div>
    <div class="where"><span class="words">${langs.map((lang, i) => html`<span class=${i ? "second" : "first"} lang=${lang}>${tIn(lang, "Taken back")}</span>`)}</span></div>
  </li>`;
}

/** @param {Pick<ScreenProps, "hall" | "langs" | "link" | "heardAt" | "audio" | "now_ms">} props */
function Foot({ hall, langs, link, heardAt, audio, now_ms }) {
  const turn = useTurn();
  if (link === "stale") {
    const until = clockTime(heardAt, hall.timezone, { seconds: true });
    return html`<${FootLine} class="lost" langs=${langs} icon="unplug" msgid="Link lost. Showing calls up to %(time)s; the rest will follow" values=${{ time: until }} />`;
  }
  if (link === "refused") return html`<${FootLine} class="lost" langs=${langs} icon="unplug" msgid="The server does not know this display. Please tell the staff" />`;
  if (audio === "blocked") return html`<${FootLine} class="mute" langs=${langs} icon="volume-x" msgid="Sound is off. Touch the screen to turn it on" />`;
  const sentences = footSentences(hall, localTime(now_ms(), hall.timezone));
  const at = turn % sentences.length;
  const { icon: name = "ticket", ...said } = sentences[at] ?? {};
  return html`<${FootLine} langs=${langs} icon=${name} ...${said} pages=${sentences.length} page=${at} />`;
}

/**
 * @param {{ class?: string, langs: string[], icon: import("../lib/icons.js").IconName, msgid?: string, names?: Hall.Names,
 *   values?: Record<string, string | number>, pages?: number, page?: number }} props
 */
function FootLine({ class: className = "", langs, icon: name, msgid = "", names, values, pages = 0, page = 0 }) {
  const { portrait } = format.value;
  const words = langs.map((lang) => (names ? nameOf(names, lang).text : tIn(lang, msgid, values)));
  const box = useFit([...words, portrait]);
  return html`<footer class=${className}>
    ${icon(name)}
    <div class="says" ref=${box}><p data-fit>${langs.map((lang, i) => html`<span class=${i ? "second" : "first"} lang=${lang}>${words[i]}</span>`)}</p></div>
    ${pages > 1 && html`<span class="pages" aria-hidden="true">${Array.from({ length: pages }, (_, i) => html`<i class=${i === page ? "on" : ""}></i>`)}</span>`}
  </footer>`;
}

/** Counts the sentence turns since the page began. */
function useTurn() {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn((before) => before + 1), SENTENCE_MS);
    return () => clearInterval(timer);
  }, []);
  return turn;
}

/**
 * The given time, read again every so often.
 * @param {() => number} now_ms
 * @param {number} every_ms
 */
function useTick(now_ms, every_ms) {
  const [now, setNow] = useState(now_ms);
  useEffect(() => {
    const timer = setInterval(() => setNow(now_ms()), every_ms);
    return () => clearInterval(timer);
  }, []);
  return now;
}
