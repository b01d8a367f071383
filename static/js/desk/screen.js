/** The desk as one sees it: the ticket, why it was called, who is next, the line, and the keyboard at the foot. */

import { html, useEffect, useState } from "../../vendor/ui.mjs";
import { clockTime } from "../lib/format.js";
import { nameOf, ownName, t, tn, tProblem } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { wayOn } from "./actions.js";
import { keysOf } from "./keys.js";
import { LanguageKeys } from "./language.js";
import { Line, Missed } from "./line.js";
import { AFTER_MAX, modeOf, since_s, stopwatch } from "./model.js";
import { whySentences } from "./why.js";
import { counterTitle, joined, named, say, spell } from "./words.js";

const TICK_MS = 500;

/** @typedef {import("./model.js").Desk} Desk */
/** @typedef {import("./model.js").Outcome} Outcome */
/** @typedef {import("./keys.js").DeskKey} DeskKey */
/**
 * @typedef {object} DeskProps
 * @property {Desk} desk
 * @property {import("../lib/feed.js").Feed} feed
 * @property {import("./actions.js").Actions} actions
 * @property {Hall.Page} page
 * @property {Outcome} outcome
 * @property {(outcome: Outcome) => void} onOutcome
 * @property {(key: DeskKey) => void} onKey
 * @property {() => void} onClose
 * @property {() => void} onSignOut
 */

/** @param {DeskProps} props */
export function DeskScreen({ desk, feed, actions, page, outcome, onOutcome, onKey, onClose, onSignOut }) {
  const now_ms = useNow(feed);
  const isLive = feed.link.value === "live";
  return html`<div class=${`desk ${isLive ? "" : "cut"}`}>
    <${Bar} desk=${desk} isLive=${isLive} now_ms=${now_ms} page=${page} onClose=${onClose} onSignOut=${onSignOut} />
    <main>
      <${Now} desk=${desk} now_ms=${now_ms} />
      <${Facts} desk=${desk} />
      <${Why} desk=${desk} />
      <div class="low">
        ${desk.current ? html`<${Outcomes} outcome=${outcome} onOutcome=${onOutcome} />` : html`<${Services} desk=${desk} />`}
        <${Next} desk=${desk} now_ms=${now_ms} />
      </div>
    </main>
    <aside><${Line} desk=${desk} now_ms=${now_ms} /><${Missed} desk=${desk} now_ms=${now_ms} /></aside>
    <${Notice} actions=${actions} isLive=${isLive} heardAt=${feed.heardAt.value} timezone=${desk.hall?.timezone ?? "UTC"} />
    <${Keys} keys=${keysOf(desk, outcome, now_ms)} isLocked=${!isLive || actions.isBusy.value} onKey=${onKey} />
  </div>`;
}

/** @param {Pick<DeskProps, "desk" | "page" | "onClose" | "onSignOut"> & { isLive: boolean, now_ms: number }} props */
function Bar({ desk, isLive, now_ms, page, onClose, onSignOut }) {
  const { counter, today, waiting, hall } = desk;
  const title = counterTitle(counter?.name ?? "");
  const isClosed = !counter || counter.state === "closed";
  return html`<header class="bar">
    <h1 class="c">${title.before}${title.isNumber ? html`<span class="n">${title.name}</span>` : title.name}${title.after}</h1>
    <${StateChip} state=${counter?.state ?? "closed"} />
    <span class="clerk">${counter?.staff_name}</span>
    <span class="sp">${t("Waiting")} <b>${waiting.length}</b></span>
    <span class="soft">${t("Served today")} <b>${today.served}</b></span>
    <span class="link">${isLive ? html`<i class="dot"></i>${t("Live")}` : html`${icon("unplug")}${t("No link")}`}</span>
    <${LanguageKeys} page=${page} />
    ${!isClosed && html`<button type="button" class="word" onClick=${onClose}>${t("Close counter")}</button>`}
    <button type="button" class="word" onClick=${onSignOut}>${t("Sign out")}</button>
    <span class="n clock">${clockTime(now_ms, hall?.timezone ?? "UTC")}</span>
  </header>`;
}

/** @param {{ state: Hall.DeskCounter["state"] }} props */
function StateChip({ state }) {
  if (state === "open") return html`<span class="chip kept">${t("Open")}</span>`;
  if (state === "paused") return html`<span class="chip parked">${icon("pause")}${t("Paused")}</span>`;
  return html`<span class="chip done">${t("Closed")}</span>`;
}

/** @param {{ desk: Desk, now_ms: number }} props */
function Now({ desk, now_ms }) {
  const { current } = desk;
  if (!current) return html`<${Void} desk=${desk} now_ms=${now_ms} />`;
  const isCalled = current.state === "called";
  const who = [named(desk.services, current.service), named(desk.classes, current.class), ownName(current.language)];
  return html`<section class=${`tk now ${isCalled ? "called" : "torn"}`}>
    <div class="who">
      <p>${isCalled
        ? html`${icon("bell-ring")}<b>${current.call_no > 1 ? t("Called, %(n)s times", { n: current.call_no }) : t("Called")}</b>`
        : html`<span class="chip serving">${icon("user-check")}${t("Serving")}</span>`}
      <b class="svc">${who[0]}</b><span class="kind">${who[1]} · ${who[2]}</span></p>
      <span class="n num">${current.number}</span>
    </div>
    <div class="side">${isCalled ? html`<${Coming} current=${current} now_ms=${now_ms} />` : html`<${AtCounter} current=${current} now_ms=${now_ms} />`}</div>
  </section>`;
}

/** @param {{ current: Hall.DeskCurrent, now_ms: number }} props */
function Coming({ current, now_ms }) {
  return html`<p><b>${t("Coming to the counter")}</b></p>
    <span class="n">${stopwatch(since_s(current.last_call_at, now_ms))}</span>
    <p>${t("F3 recalls, F4 if nobody comes")}</p>`;
}

/** @param {{ current: Hall.DeskCurrent, now_ms: number }} props */
function AtCounter({ current, now_ms }) {
  const seconds = since_s(current.started_at ?? current.called_at, now_ms);
  const usual_s = current.expected_service_s;
  const isLong = usual_s !== null && seconds > usual_s;
  const mark = isLong && usual_s ? Math.max(28, (100 * usual_s) / seconds - 2) : 78;
  const width = usual_s ? Math.min(100, (seconds / usual_s) * mark) : 0;
  return html`<p>${t("Time at counter")}</p>
    <span class="n">${stopwatch(seconds)}</span>
    ${usual_s
      ? html`<div><div class="meter"><i style=${{ width: `${width}%` }}></i><u style=${{ insetInlineStart: `${mark}%` }}></u></div>
          <p class="usual">${t("This service usually takes %(n)s min", { n: Math.round(usual_s / 60) })}</p></div>`
      : html`<p></p>`}`;
}

/** @param {{ desk: Desk, now_ms: number }} props */
function Void({ desk, now_ms }) {
  const mode = modeOf(desk);
  const n = desk.waiting.length;
  const next = desk.next?.number;
  if (mode === "closed") return html`<${Big} title=${t("The counter is closed")} text=${t("Press F2 to open it and start calling.")} />`;
  if (mode === "paused") {
    const since = desk.counter?.since ? stopwatch(since_s(desk.counter.since, now_ms)) : null;
    return html`<${Big} title=${t("Calling is paused")} text=${t("Press F2 to resume. Others keep calling.")} timer=${since} />`;
  }
  if (n === 0) return html`<${Big} title=${t("Nobody is waiting")} text=${t("Whoever takes a number appears here at once. Press F2 to call.")} />`;
  const text = next ? t("Press F2 to call the next one: %(number)s.", { number: next }) : t("Press F2 to call the next one.");
  return html`<${Big} title=${tn("%(n)s person is waiting", "%(n)s people are waiting", n)} text=${text} />`;
}

/** @param {{ title: string, text: string, timer?: string | null }} props */
function Big({ title, text, timer = null }) {
  return html`<section class="void"><div><h2>${title}</h2><p>${text}</p></div>${timer && html`<span class="n">${timer}</span>`}</section>`;
}

/** @param {{ desk: Desk }} props */
function Facts({ desk }) {
  const facts = desk.current ? ticketFacts(desk.current, desk.hall?.timezone ?? "UTC") : counterFacts(desk);
  return html`<dl class="facts">${facts.map(([name, value, small]) => html`<div key=${name}><dt>${name}</dt><dd>${value} ${small && html`<small>${small}</small>`}</dd></div>`)}</dl>`;
}

/**
 * @param {Hall.DeskCurrent} current
 * @param {string} timezone
 * @returns {[string, string, string | null][]}
 */
function ticketFacts(current, timezone) {
  const waited_s = Math.max(0, (Date.parse(current.called_at) - Date.parse(current.claim_at)) / 1000);
  const promise = current.promise_s ? t("promise %(n)s min", { n: Math.round(current.promise_s / 60) }) : null;
  return [
    [t("Waited"), spell(waited_s), promise],
    [t("Taken"), clockTime(current.issued_at, timezone), current.device],
    [t("Called at"), clockTime(current.called_at, timezone), current.call_no > 1 ? tn("%(n)s call", "%(n)s calls", current.call_no) : null],
    [t("Serial"), String(current.serial), null],
  ];
}

/** @param {Desk} desk @returns {[string, string, string | null][]} */
function counterFacts({ counter, services, today, missed, hall }) {
  const letters = (counter?.services ?? []).map((id) => services.get(id)?.letter ?? id);
  const isOpen = counter && counter.state !== "closed" && counter.since;
  return [
    [t("Services here"), [...new Set(letters)].join(" ") || "–", null],
    [t("Served today"), String(today.served), null],
    [t("Missed"), String(missed.length), null],
    [t("Since"), isOpen ? clockTime(counter.since, hall?.timezone ?? "UTC") : "–", null],
  ];
}

/** @param {{ desk: Desk }} props */
function Why({ desk: { current, classes } }) {
  const sentences = current ? whySentences(current, named(classes, current.class)) : [];
  if (!current || sentences.length === 0) return html`<p class="why"></p>`;
  return html`<p class="why">${icon("list-ordered")}<span><b>${t("Why %(number)s:", { number: current.number })}</b> ${joined(sentences.map(say))}</span></p>`;
}

/** @param {Pick<DeskProps, "outcome" | "onOutcome">} props */
function Outcomes({ outcome, onOutcome }) {
  /** @type {[Outcome, string][]} */
  const choices = [["served", t("Served")], ["not_completed", t("Not completed")]];
  return html`<section class="box"><h2>${t("Outcome")}</h2>
    <div class="outs">${choices.map(([value, text]) => html`<button type="button" key=${value} aria-pressed=${outcome === value ? "true" : "false"} onClick=${() => onOutcome(value)}>${text}</button>`)}</div>
    <p class="hint">${outcome === "served" ? t("Recorded with the finish. It can be taken back for 60 seconds.") : t("Finishing with this outcome does not call the next one.")}</p>
  </section>`;
}

/** @param {{ desk: Desk }} props */
function Services({ desk: { counter, services } }) {
  const own = (counter?.services ?? []).flatMap((id) => services.get(id) ?? []);
  return html`<section class="box"><h2>${t("Services here")}<span>${own.length}</span></h2>
    <ul class="plan">${own.slice(0, 5).map((service) => html`<li key=${service.id}><b class="n">${service.letter}</b><span class="nm">${nameOf(service.name).text}</span><span>${t("%(n)s waiting", { n: service.waiting })}</span></li>`)}</ul>
    ${own.length > 5 && html`<p class="hint">${tn("and %(n)s more service", "and %(n)s more services", own.length - 5)}</p>`}
  </section>`;
}

/** @param {{ desk: Desk, now_ms: number }} props */
function Next({ desk: { next, services }, now_ms }) {
  if (!next) return html`<section class="box"><h2>${t("Next")}</h2><p class="nil">${t("Nobody is waiting")}</p></section>`;
  return html`<section class="box"><h2>${t("Next")}</h2>
    <div class="tk next"><span class="n">${next.number}</span><div><b>${t("%(n)s min", { n: Math.floor(since_s(next.claim_at, now_ms) / 60) })}</b><span class="nm">${named(services, next.service)}</span></div></div>
    ${next.after.length > 0 && html`<p class="after"><span>${t("Then likely")}</span>${next.after.slice(0, AFTER_MAX).map((number) => html`<span class="n" key=${number}>${number}</span>`)}</p>`}
    <p class="hint">${t("Settled only at the moment of the call")}</p>
  </section>`;
}

/** @param {{ actions: import("./actions.js").Actions, isLive: boolean, heardAt: string | null, timezone: string }} props */
function Notice({ actions, isLive, heardAt, timezone }) {
  const notice = actions.notice.value;
  const lost = t("Link lost. This is how it stood at %(time)s. Keys work again by themselves.", { time: clockTime(heardAt, timezone, { seconds: true }) });
  return html`<div class="notices" role="status">
    ${!isLive && heardAt && html`<p class="notice lost">${icon("unplug")}${lost}</p>`}
    ${isLive && notice && html`<p class=${`notice ${notice.kind}`}>${icon(notice.kind === "refused" ? "triangle-alert" : "info")}<span>${noticeText(notice)}</span>
      <button type="button" class="word" onClick=${() => void (actions.notice.value = null)}>${t("OK")}</button></p>`}
  </div>`;
}

/** @param {import("./actions.js").Notice} notice */
function noticeText(notice) {
  if (notice.kind === "said") return say(notice.sentence);
  const way = wayOn(notice.code);
  const refusal = tProblem(notice.code, /** @type {Record<string, string | number>} */ (notice.data));
  return html`<b>${refusal}</b> ${way && t(way)}`;
}

/** @param {{ keys: (DeskKey | null)[], isLocked: boolean, onKey: (key: DeskKey) => void }} props */
function Keys({ keys, isLocked, onKey }) {
  return html`<nav class="keys" aria-label=${t("Keys")}>
    ${keys.map((key, i) => (key
      ? html`<button type="button" key=${key.key} class=${`${i === 0 ? "main" : ""} ${key.off ? "off" : ""}`} aria-keyshortcuts=${key.key}
          aria-disabled=${key.off || isLocked ? "true" : "false"} onClick=${() => onKey(key)}><kbd>${key.key}${key.note && html`<span>${key.note}</span>`}</kbd><b>${say(key.label)}</b></button>`
      : html`<span key=${`gap ${i}`}></span>`))}
  </nav>`;
}

/**
 * Hall time, read twice a second.
 * @param {import("../lib/feed.js").Feed} feed
 */
function useNow(feed) {
  const read = () => feed.clock.now_ms() ?? Date.now();
  const [now_ms, setNow] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setNow(read()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now_ms;
}
