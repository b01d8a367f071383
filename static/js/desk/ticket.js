/** The visitor at the counter: number, timer, facts, why this one, notes. */

import { html } from "../../vendor/ui.mjs";
import { clockTime, since_s, stopwatch } from "../lib/format.js";
import { nameOf, ownName, t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { deviceName, isHan, joined, named, nameOfReason } from "../lib/words.js";
import { causeSentence, isOverdue, missedState } from "./missed.js";
import { modeOf } from "./model.js";
import { whySentences } from "./why.js";
import { say, spell } from "./words.js";

const LONG = 5;

/** @typedef {import("./model.js").Desk} Desk */

/** @param {{ desk: Desk, now_ms: number }} props */
export function Now({ desk, now_ms }) {
  const { current } = desk;
  if (!current) return html`<${Void} desk=${desk} now_ms=${now_ms} />`;
  const isCalled = current.state === "called";
  const who = [named(desk.services, current.service), named(desk.classes, current.class), ownName(current.language)];
  return html`<section class=${`tk now ${isCalled ? "called" : "torn"}`}>
    <div class="who">
      <p>${isCalled
        ? html`${icon("bell-ring")}<b>${current.call_no > 1 ? t("Called, %(n)s times", { n: current.call_no }) : t("Called")}</b>`
        : html`<span class="chip serving">${icon("user-check")}${t("Serving")}</span>`}
      ${isOverdue(current, now_ms) && html`<b class="unshown">${icon("volume-x")}${t("Not delivered")}</b>`}
      <b class="svc">${who[0]}</b> <span class="kind">${who[1]}</span> <span class="tongue">${who[2]}</span></p>
      <span class=${`n num ${current.number.length > LONG ? "long" : ""}`}>${current.number}</span>
    </div>
    <div class="side">${isCalled ? html`<${Coming} desk=${desk} current=${current} now_ms=${now_ms} />` : html`<${AtCounter} current=${current} now_ms=${now_ms} />`}</div>
  </section>`;
}

/** @param {{ desk: Desk, current: Hall.DeskCurrent, now_ms: number }} props */
function Coming({ desk, current, now_ms }) {
  const { isReady, isUndelivered } = missedState(current, now_ms);
  const cause = isUndelivered ? causeSentence(desk.cause) : null;
  const policy = desk.hall?.missed_sentence;
  return html`<p><b>${t("Coming to the counter")}</b></p>
    <span class="n">${stopwatch(since_s(current.last_call_at, now_ms))}</span>
    <div class="policy"><p class=${cause ? "cause" : ""}>${isReady ? t("F3 came, F4 did not come") : cause ? t("F4 not yet: %(why)s", { why: say(cause) }) : t("F3 came, F4 not yet")}</p>${policy && html`<p class="small">${nameOf(policy).text}</p>`}</div>`;
}

/** @param {{ current: Hall.DeskCurrent, now_ms: number }} props */
function AtCounter({ current, now_ms }) {
  const seconds = since_s(current.started_at ?? current.called_at, now_ms);
  const usual_s = current.expected_service_s;
  const isLong = usual_s !== null && seconds > usual_s;
  const mark = isLong && usual_s ? Math.max(28, (100 * usual_s) / seconds - 2) : 78;
  const width = usual_s ? Math.min(100, (seconds / usual_s) * mark) : 0;
  return html`<p>${current.is_inferred ? t("Counted as here. F4: did not come") : t("Time at counter")}</p>
    <span class="n">${stopwatch(seconds)}</span>
    ${usual_s
      ? html`<div><div class="meter"><i style=${{ width: `${width}%` }}></i><u style=${{ insetInlineStart: `${mark}%` }}></u></div>
          <p class="usual">${t("This service usually takes %(n)s min", { n: Math.round(usual_s / 60) || 1 })}</p></div>`
      : html`<p></p>`}`;
}

/** @param {{ desk: Desk, now_ms: number }} props */
function Void({ desk, now_ms }) {
  const mode = modeOf(desk);
  const n = desk.waiting.length;
  const next = desk.calling.line_shown === "none" ? undefined : desk.next?.number;
  if (mode === "closed") return html`<${Big} title=${t("The counter is closed")} text=${t("Press F2 to open it and start calling.")} />`;
  if (mode === "paused") {
    const since = desk.counter?.since ? stopwatch(since_s(desk.counter.since, now_ms)) : null;
    return html`<${Big} title=${pausedTitle(desk)} text=${t("Press F2 to resume. Others keep calling.")} timer=${since} />`;
  }
  if (n === 0) return html`<${Big} title=${t("Nobody is waiting")} text=${t("Whoever takes a number appears here at once. Press F2 to call.")} />`;
  const text = next ? t("Press F2 to call the next one: %(number)s.", { number: next }) : t("Press F2 to call the next one.");
  return html`<${Big} title=${tn("%(n)s person is waiting", "%(n)s people are waiting", n)} text=${text} />`;
}

/** @param {Desk} desk */
function pausedTitle({ counter, reasons }) {
  const reason = nameOfReason(reasons, "pause", counter?.reason ?? null);
  return reason ? t("Calling is paused: %(reason)s", { reason }) : t("Calling is paused");
}

/** @param {{ title: string, text: string, timer?: string | null }} props */
function Big({ title, text, timer = null }) {
  return html`<section class="void"><div><h2>${title}</h2><p>${text}</p></div>${timer && html`<span class="n">${timer}</span>`}</section>`;
}

/** @typedef {[name: string, value: string, small: string | null, isLate?: boolean]} Fact */

/** @param {{ desk: Desk }} props */
export function Facts({ desk }) {
  const facts = desk.current ? ticketFacts(desk, desk.current) : counterFacts(desk);
  return html`<dl class="facts">${facts.map(([name, value, small, isLate]) => html`<div key=${name} class=${isLate ? "beyond" : ""}><dt>${name}</dt><dd>${value} ${small && html`<small>${small}</small>`}</dd></div>`)}</dl>`;
}

/**
 * @param {Desk} desk
 * @param {Hall.DeskCurrent} current
 * @returns {Fact[]}
 */
function ticketFacts({ hall, services, elsewhere }, current) {
  const timezone = hall?.timezone ?? "UTC";
  const waited_s = Math.max(0, (Date.parse(current.called_at) - Date.parse(current.since)) / 1000);
  const promise = current.promise_s ? t("promise %(n)s min", { n: Math.round(current.promise_s / 60) }) : null;
  const [then, ...more] = current.planned ?? [];
  const names = new Map(elsewhere.services.map((service) => [service.id, service]));
  return [
    [t("Waited"), spell(waited_s), promise, current.promise_s !== null && waited_s > current.promise_s],
    [t("Taken"), clockTime(current.issued_at, timezone), current.device && deviceName({ id: current.device, kind: "kiosk" })],
    [t("Called at"), clockTime(current.called_at, timezone), current.call_no > 1 ? tn("%(n)s call", "%(n)s calls", current.call_no) : null],
    then
      ? [t("Afterwards"), services.has(then) ? named(services, then) : named(names, then), more.length ? `+${more.length}` : null]
      : [t("Serial"), String(current.serial), null],
  ];
}

/** @param {Desk} desk @returns {Fact[]} */
function counterFacts({ counter, services, today, missed, hall }) {
  const letters = (counter?.services ?? []).map((id) => services.get(id)?.letter ?? id);
  const isOpen = counter && counter.state !== "closed" && counter.since;
  return [
    [t("Services here"), [...new Set(letters)].join(" ") || "–", null],
    [t("Served today"), String(today.served), today.work > 0 ? t("work %(n)s", { n: today.work }) : null],
    [t("Missed"), String(missed.length), null],
    [t("Since"), isOpen ? clockTime(counter.since, hall?.timezone ?? "UTC") : "–", null],
  ];
}

/** @param {{ desk: Desk, notes: string[] }} props */
export function Why({ desk: { current, classes, reasons }, notes }) {
  const words = { className: current ? named(classes, current.class) : "", reason: nameOfReason(reasons, "pick", current?.why?.reason ?? null) };
  const sentences = current ? whySentences(current, words) : [];
  const gap = isHan() ? "" : " "; // a Chinese colon brings its own
  return html`<div class="grounds">
    ${notes.map((note, i) => html`<p class="note" key=${i}>${icon("info")}<span><b>${t("Note:")}</b>${gap}${note}</span></p>`)}
    <p class="why">${current && sentences.length > 0 && html`${icon("list-ordered")}<span><b>${t("Why %(number)s:", { number: current.number })}</b>${gap}${joined(sentences.map(say))}</span>`}</p>
  </div>`;
}
