/** The hall at a glance: one figure, the counters as they stand, the lines on their way to the promise, alarms as sentences. */

import { html, useState } from "../../vendor/ui.mjs";
import { clockTime, since_s, stopwatch } from "../lib/format.js";
import { language, nameOf, t, tn } from "../lib/i18n.js";
import { icon, placeArrow } from "../lib/icons.js";
import { LanguageKeys } from "../lib/language.js";
import { useNow } from "../lib/now.js";
import { counterText, counterTitle, deviceName, named, nameOfReason } from "../lib/words.js";
import { CorrectKey, CorrectTimes } from "./correct.js";
import { Helps } from "./help.js";
import { alarmsOf, countersByArea, counterTally, deviceStates, floorOf, isMute, linesOf, longestWaits, mapColumns, promiseShare } from "./model.js";
import { alarmWords, dateWords, reasonWords } from "./words.js";

const TICK_MS = 1_000;
const ALARMS_SHOWN = 3;
const DEVICES_SHOWN = 8;
const HEALTH_ORDER = { ill: 0, unheard: 1, well: 2 };
const HEALTH_ICONS = /** @type {Record<import("./model.js").Health, import("../lib/icons.js").IconName>} */ ({
  ill: "triangle-alert", unheard: "info", well: "circle-check",
});

/** @typedef {import("./model.js").Floor} Floor */

/**
 * @param {{ feed: import("../lib/feed.js").Feed, answers: import("./answers.js").Answers,
 *   devices: import("./answers.js").Devices, corrections: import("./corrections.js").Corrections, page: Hall.Page, onSignOut: () => void }} props
 */
export function ManagerScreen({ feed, answers, devices, corrections, page, onSignOut }) {
  const now_ms = useNow(feed, TICK_MS);
  const floor = floorOf(feed.state.value?.records ?? {}, now_ms, devices.heard.value);
  const isLive = feed.link.value === "live";
  const [isCorrecting, setCorrecting] = useState(false);
  const timezone = floor.hall?.timezone ?? "UTC";
  return html`<div class=${`manager ${isLive ? "" : "cut"}`}>
    <${Bar} floor=${floor} now_ms=${now_ms} isLive=${isLive} page=${page} onCorrect=${() => setCorrecting(true)} onSignOut=${onSignOut} />
    <div class="lostplace" role="status">${!isLive && html`<p class="lost">${icon("unplug")}${t("Link lost. Everything below is how it stood at %(time)s.", { time: clockTime(feed.heardAt.value, timezone, { seconds: true }) })}</p>`}</div>
    <main class="col l">
      <${Figures} floor=${floor} />
      <${Counters} floor=${floor} now_ms=${now_ms} />
      <${Recent} floor=${floor} timezone=${timezone} />
    </main>
    <aside class="col r">
      <${Alarms} floor=${floor} answers=${answers} now_ms=${now_ms} timezone=${timezone} isLive=${isLive} />
      <${Lines} floor=${floor} />
      <${Longest} floor=${floor} now_ms=${now_ms} />
    </aside>
    ${isCorrecting && html`<${CorrectTimes} floor=${floor} corrections=${corrections} now_ms=${now_ms} isLive=${isLive} onClose=${() => setCorrecting(false)} />`}
  </div>`;
}

/** @param {{ floor: Floor, now_ms: number, isLive: boolean, page: Hall.Page, onCorrect: () => void, onSignOut: () => void }} props */
function Bar({ floor, now_ms, isLive, page, onCorrect, onSignOut }) {
  const { hall } = floor;
  const timezone = hall?.timezone ?? "UTC";
  return html`<header class="bar">
    <h1>${nameOf(hall?.name ?? page.names).text}</h1>
    ${hall && !hall.day_open && html`<span class="chip done">${t("The day is closed")}</span>`}
    <span class="sp">${dateWords(now_ms, timezone, language.value)}</span>
    <span class="link">${isLive ? html`<i class="dot"></i>${t("Live")}` : html`${icon("unplug")}${t("No link")}`}</span>
    <${CorrectKey} floor=${floor} now_ms=${now_ms} onOpen=${onCorrect} />
    <${LanguageKeys} page=${page} />
    <button type="button" class="word" onClick=${onSignOut}>${t("Sign out")}</button>
    <span class="n">${clockTime(now_ms, timezone)}</span>
  </header>`;
}

/** @param {{ floor: Floor }} props */
function Figures({ floor }) {
  const { percent, kept, n } = promiseShare(floor);
  const tally = counterTally(floor);
  const { today, waiting } = floor;
  const wait_s = today?.wait_s_p50 ?? null;
  return html`<section class="box kpi">
    <div class="big"><span class="num"><span class="n">${percent ?? "–"}</span>${percent !== null && html`<small>%</small>`}</span>
      <p><b>${t("Called within promise")}</b>${n ? t("%(kept)s of %(n)s called", { kept, n }) : t("Nobody was called yet today")}</p></div>
    <div class="rest">
      <${Figure} value=${waiting.length} name=${t("Waiting")} />
      <${Figure} value=${tally.serving} unit=${`/ ${tally.all}`} name=${t("Counters serving, %(n)s open", { n: tally.open })} />
      <${Figure} value=${wait_s === null ? "–" : Math.round(wait_s / 60)} unit=${wait_s === null ? "" : t("min")} name=${waitName(today?.waits_n ?? 0)} />
      <${Figure} value=${today?.served ?? 0} unit=${`/ ${today?.issued ?? 0}`} name=${t("Served / taken today")} />
    </div>
  </section>`;
}

/** @param {number} n how many visitors the median is of */
function waitName(n) {
  return n ? tn("Median wait of %(n)s visitor", "Median wait of %(n)s visitors", n) : t("Median wait");
}

/** @param {{ value: number | string, unit?: string, name: string }} props */
function Figure({ value, unit = "", name }) {
  return html`<div><span class="n">${value}</span><small>${unit}</small><p>${name}</p></div>`;
}

/** @param {{ floor: Floor, now_ms: number }} props */
function Counters({ floor, now_ms }) {
  const groups = countersByArea(floor);
  return html`<section class="box"><h2>${t("Counters")}<span>${t("Bar: this visit; mark: usual time of the service")}</span>${serviceTime(floor)}</h2>
    <div class="map" style=${{ "--columns": mapColumns(groups) }}>${groups.map(({ area, counters }) => html`
      ${area && html`<h3 class="area" key=${`area ${area.id}`}>${placeArrow(area.arrow)}${nameOf(area.name).text}</h3>`}
      ${counters.map((counter) => html`<${Counter} key=${counter.id} counter=${counter} floor=${floor} now_ms=${now_ms} />`)}`)}
    </div>
  </section>`;
}

/** The median service time of today and of how many visits it is, with the weighted work of all; nothing before the first. @param {Floor} floor */
function serviceTime({ today }) {
  const s = today?.service_s_p50 ?? null;
  if (s === null || !today) return null;
  const work = today.work > 0 ? ` · ${t("work %(n)s", { n: today.work })}` : "";
  return html`<span class="median">${tn("Median service time %(min)s min, %(n)s visit", "Median service time %(min)s min, %(n)s visits", today.services_n, { min: Math.max(1, Math.round(s / 60)) })}${work}</span>`;
}

/** @param {{ counter: Hall.ManagerCounter, floor: Floor, now_ms: number }} props */
function Counter({ counter, floor, now_ms }) {
  const title = counterTitle(counter.name);
  const letters = [...new Set(counter.services.map((id) => floor.services.get(id)?.letter ?? id))].join(" ");
  const { current, state, served, work } = counter;
  const done = t("Served today %(served)s, work %(work)s", { served, work });
  return html`<div class=${`ctr s-${current ? "busy" : state}`} title=${done}>
    <div class="h">${title.isNumber && html`<span class="n">${title.name}</span>`}
      <span class="nm">${title.isNumber ? counter.staff_name : html`<b>${title.name}</b>`}<small>${title.isNumber ? letters : counter.staff_name}</small></span>
      <${CounterChip} counter=${counter} /></div>
    ${current ? html`<${Visit} current=${current} now_ms=${now_ms} />` : html`<${NoVisit} counter=${counter} floor=${floor} now_ms=${now_ms} />`}
  </div>`;
}

/** @param {{ counter: Hall.ManagerCounter }} props */
function CounterChip({ counter: { state, current } }) {
  if (current?.state === "called") return html`<span class="chip called">${t("Called")}</span>`;
  if (current) return html`<span class="chip serving">${t("Serving")}</span>`;
  if (state === "paused") return html`<span class="chip parked">${t("Paused")}</span>`;
  return state === "open" ? html`<span class="chip kept">${t("Free")}</span>` : html`<span class="chip done">${t("Closed")}</span>`;
}

/** @param {{ current: NonNullable<Hall.ManagerCounter["current"]>, now_ms: number }} props */
function Visit({ current, now_ms }) {
  const isCalled = current.state === "called";
  const seconds = since_s((isCalled ? null : current.started_at) ?? current.called_at, now_ms);
  const usual_s = isCalled ? null : current.expected_service_s;
  const isOver = usual_s !== null && seconds > usual_s;
  return html`<div class="m"><span class="n no">${current.number}</span><b class=${isOver ? "ov" : ""}>${stopwatch(seconds)}</b></div>
    ${usual_s
      ? html`<div class=${`meter ${isOver ? "over" : ""}`}><i style=${{ width: `${Math.min(100, (50 * seconds) / usual_s)}%` }}></i><u></u></div>`
      : html`<div class="meter none"></div>`}`;
}

/** @param {{ counter: Hall.ManagerCounter, floor: Floor, now_ms: number }} props */
function NoVisit({ counter: { state, since, reason }, floor, now_ms }) {
  const time = state === "closed" || !since ? null : html`<b>${stopwatch(since_s(since, now_ms))}</b>`;
  const words = state === "closed" ? "" : state === "paused" ? (nameOfReason(floor.reasons, "pause", reason) || reason || t("Not calling")) : t("Ready");
  return html`<div class="m"><span class="nil">${words}</span>${state === "paused" && time}</div><div class="meter none"></div>`;
}

/** @param {{ floor: Floor, timezone: string }} props */
function Recent({ floor, timezone }) {
  return html`<section class="box calls"><h2>${t("Recent calls")}<span>${t("waited / promise, min, and why")}</span></h2>
    ${floor.recent.length === 0 && html`<p class="nil">${t("Nobody was called yet today")}</p>`}
    <ol>${floor.recent.map((call) => html`<li key=${`${call.number} ${call.at}`}>
      <span class="n">${call.number}</span><span>${clockTime(call.at, timezone)}</span>
      <span class="nm">${counterText(call.counter_name)}</span>
      <span class=${call.promise_s && call.wait_s > call.promise_s ? "ov" : ""}>${Math.floor(call.wait_s / 60)}${call.promise_s && html` <small>/ ${Math.round(call.promise_s / 60)}</small>`}</span>
      <span class="nm">${named(floor.services, call.service)}${call.why && html`<span class="re">${reasonWords(call)}</span>`}</span></li>`)}</ol>
  </section>`;
}

/** @param {{ floor: Floor, answers: import("./answers.js").Answers, now_ms: number, timezone: string, isLive: boolean }} props */
function Alarms({ floor, answers, now_ms, timezone, isLive }) {
  const alarms = alarmsOf(floor, now_ms);
  const { helps } = floor;
  const shown = alarms.slice(0, Math.max(1, ALARMS_SHOWN - helps.length));
  return html`<section class="box"><h2>${t("Needs attention")}<span>${alarms.length + helps.length}</span></h2>
    <${Helps} helps=${helps} answers=${answers} now_ms=${now_ms} isLive=${isLive} />
    <div role="status"><ul class="al">${shown.map((alarm) => {
      const words = alarmWords(alarm, floor, timezone);
      return html`<li key=${words.title} class=${alarm.kind === "soon" ? "" : "bad"}>${icon(words.icon)}<div><b>${words.title}</b><span>${words.text}</span></div></li>`;
    })}</ul></div>
    ${alarms.length + helps.length === 0 && html`<p class="fine">${icon("circle-check")}${t("Nothing. All lines are within their promise and no device reports a fault.")}</p>`}
    ${alarms.length > shown.length && html`<p class="nil">${tn("and %(n)s more", "and %(n)s more", alarms.length - shown.length)}</p>`}
  </section>`;
}

/** @param {{ floor: Floor }} props */
function Lines({ floor }) {
  return html`<section class="box"><h2>${t("Lines and promises")}<span>${t("one tick a visitor, black line: the promise")}</span></h2>
    <ol class="ln">${linesOf(floor).map(({ service, n, ticks, longest_s, longest, isLate }) => html`<li key=${service.id} class=${isLate ? "bad" : ""}>
      <span class="n">${service.letter}</span><span class="nm">${nameOf(service.name).text}</span><b class="q">${n}</b>
      <div class=${`strip ${service.promise_s ? "" : "free"}`}>${ticks.map((at, i) => html`<i key=${i} class=${at > 66.66 ? "l" : ""} style=${{ insetInlineStart: `${at}%` }}></i>`)}${service.promise_s !== null && html`<u></u>`}</div>
      <span class="w">${longest ? `${Math.floor(longest_s / 60)}${longest.promise_s ? ` / ${Math.round(longest.promise_s / 60)}` : ""}` : "–"}</span></li>`)}</ol>
  </section>`;
}

/** @param {{ floor: Floor, now_ms: number }} props */
function Longest({ floor, now_ms }) {
  const rows = longestWaits(floor);
  const scale = 91 / Math.max(1, ...rows.map((row) => row.share ?? 0));
  return html`<section class="box long"><h2>${t("Longest waits")}<span>${t("waited / promise, min")}</span></h2>
    ${rows.length === 0 && html`<p class="nil">${t("Nobody is waiting")}</p>`}
    <ol>${rows.map((row) => html`<li key=${row.ticket} class=${(row.share ?? 0) > 1 ? "over" : ""}><span class="n">${row.number}</span><span class="nm">${named(floor.services, row.service)}</span>
      ${row.share === null ? html`<span></span>` : html`<div class="meter"><i style=${{ width: `${row.share * scale}%` }}></i><u style=${{ insetInlineStart: `${scale}%` }}></u></div>`}
      <span class="wt">${Math.floor(row.waited_s / 60)}${row.promise_s && html` <small>/ ${Math.round(row.promise_s / 60)}</small>`}</span></li>`)}</ol>
    <${Devices} floor=${floor} now_ms=${now_ms} />
  </section>`;
}

/** @param {{ floor: Floor, now_ms: number }} props */
function Devices({ floor, now_ms }) {
  const states = deviceStates(floor, now_ms);
  const shown = [...states].sort((a, b) => HEALTH_ORDER[a.health] - HEALTH_ORDER[b.health]).slice(0, DEVICES_SHOWN);
  return html`<div class="dev">${shown.map(({ device, health }) => html`<span key=${device.id} class=${health}>${icon(HEALTH_ICONS[health])}${deviceName(device)}${isMute(device) && html` <em>${icon("volume-x")}${t("mute")}</em>`}</span>`)}
    ${states.length > shown.length && html`<span>+${states.length - shown.length}</span>`}</div>`;
}
