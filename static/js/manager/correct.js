/** Correcting when a visit began or ended: the visits that look wrong, any other by its number, and both times side by side. */

import { html, useEffect, useRef, useState } from "../../vendor/ui.mjs";
import { clockTime } from "../lib/format.js";
import { language, nameOf, t, tn, tProblem } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { lettersOf } from "../lib/numbers.js";
import { counterText, named } from "../lib/words.js";
import { CONFIRMED, correctionOf, inOrder, isConfirmed, isCorrected, longRunning, minutesOf, spanOf, visitsOf, wallOf } from "./times.js";
import { dateWords } from "./words.js";

/** @typedef {import("./model.js").Floor} Floor */
/** @typedef {import("./times.js").Visit} Visit */
/** @typedef {import("./corrections.js").Corrections} Corrections */

/** @param {{ floor: Floor, corrections: Corrections, now_ms: number, isLive: boolean, onClose: () => void }} props */
export function CorrectTimes({ floor, corrections, now_ms, isLive, onClose }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [found, setFound] = useState(/** @type {Visit[] | null} */ (null));
  const [chosen, setChosen] = useState(/** @type {string | null} */ (null));
  const [said, setSaid] = useState("");
  useEffect(() => {
    corrections.problem.value = null;
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  const long = inOrder(floor.longTurns);
  const visit = long.find(({ turn }) => turn === chosen) ?? found?.find(({ turn }) => turn === chosen) ?? null;
  const nameOfCounter = (/** @type {string} */ id) => floor.counters.find((one) => one.id === id)?.name ?? id;

  /** @param {string | null} turn */
  function choose(turn) {
    corrections.problem.value = null;
    setSaid("");
    setChosen(turn);
  }

  /** @param {string} typed */
  async function find(typed) {
    const tickets = await corrections.find(typed, lettersOf(floor));
    if (!tickets) return;
    const visits = tickets.flatMap((ticket) => visitsOf(ticket, nameOfCounter));
    setFound(visits);
    choose(visits.length === 1 ? (visits[0]?.turn ?? null) : null);
  }

  /** @param {{ started_at?: string, ended_at?: string, reason: string }} correction */
  async function save(correction) {
    if (!visit) return;
    setSaid("");
    const answer = await corrections.send(visit, correction);
    if (!answer) return;
    const fresh = new Map(visitsOf(answer, nameOfCounter).map((one) => [one.turn, one]));
    setFound((known) => known && known.map((one) => fresh.get(one.turn) ?? one));
    const isSame = correction.reason === CONFIRMED;
    const { number } = visit;
    setSaid(isSame ? t("%(number)s stays as it was recorded.", { number }) : t("%(number)s is corrected. Figures use the new time.", { number }));
  }

  const rows = (/** @type {Visit[]} */ visits) => html`<ul>${visits.map((one) => html`<${Row} key=${one.turn} visit=${one} floor=${floor} now_ms=${now_ms} isChosen=${one.turn === chosen} onChoose=${choose} />`)}</ul>`;
  const problem = corrections.problem.value;
  return html`<dialog ref=${dialog} class="times" onCancel=${onClose} aria-labelledby="times">
    <header><h2 id="times">${t("Correct the time of a visit")}</h2><button type="button" class="close" onClick=${onClose} aria-label=${t("Close")}>${icon("x")}</button></header>
    <div class="visits">
      <${Search} isBusy=${corrections.isBusy.value} onFind=${find} />
      ${found && html`<section><h3>${t("Found")}</h3>${found.length ? rows(found) : html`<p class="nil">${t("No visit under that number is over.")}</p>`}</section>`}
      <${Running} floor=${floor} now_ms=${now_ms} />
      <section><h3>${t("Over today: far longer than usual, or corrected")}</h3>
        ${long.length ? rows(long) : html`<p class="nil">${t("None. A visit is listed when it lasts three times as long as usual.")}</p>`}</section>
    </div>
    <div class="one">
      ${visit
        ? html`<${Correction} key=${[visit.turn, ...Object.values(spanOf(visit))].join(" ")} visit=${visit} floor=${floor} now_ms=${now_ms} isLong=${long.includes(visit)} isReady=${isLive && !corrections.isBusy.value} onSave=${save} />`
        : html`<p class="nil">${t("Choose a visit from the list, or find one by its number.")}</p>`}
      <p class="fault" role="alert">${!isLive ? t("Link lost. Nothing is saved until it is back.") : problem && tProblem(problem.code, problem.data)}</p>
      <p class="said" role="status">${said}</p>
    </div>
  </dialog>`;
}

/** @param {{ isBusy: boolean, onFind: (typed: string) => void }} props */
function Search({ isBusy, onFind }) {
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    onFind(String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("number")));
  };
  return html`<form class="find" onSubmit=${submit}><label>${t("Number")}<input name="number" required autocomplete="off" autocapitalize="characters" spellcheck=${false} /></label>
    <button class="line" disabled=${isBusy}>${icon("search")}${t("Find")}</button></form>`;
}

/** @param {{ floor: Floor, now_ms: number }} props */
function Running({ floor, now_ms }) {
  const running = longRunning(floor.counters, now_ms);
  return running.length > 0 && html`<section><h3>${t("Still at the counter, far longer than usual")}</h3>
    <ul>${running.map(({ counter, current, served_s }) => html`<li key=${counter.id} class="row"><span class="n">${current.number}</span>
      <span class="nm"><b>${counterText(counter.name)}</b><small>${named(floor.services, current.service)}</small></span>
      <span class="wt"><b>${t("%(n)s min", { n: Math.floor(served_s / 60) })}</b></span></li>`)}</ul>
    <p class="small">${t("First the clerk finishes; then the time can be corrected here.")}</p></section>`;
}

/** @param {{ visit: Visit, floor: Floor, now_ms: number, isChosen: boolean, onChoose: (turn: string) => void }} props */
function Row({ visit, floor, now_ms, isChosen, onChoose }) {
  const span = spanOf(visit);
  return html`<li><button type="button" class="row" aria-pressed=${isChosen} onClick=${() => onChoose(visit.turn)}><span class="n">${visit.number}</span>
    <span class="nm"><b>${spanWords(span, floor, now_ms)}</b><small>${counterText(visit.counter_name)} · ${named(floor.services, visit.service)}</small></span>
    <span class="wt"><b>${t("%(n)s min", { n: minutesOf(span) })}</b>${isCorrected(visit) && html`<small class="kept">${isConfirmed(visit) ? t("confirmed") : t("corrected")}</small>`}</span></button></li>`;
}

/**
 * "10:05–10:48", with its date when that is not today.
 * @param {{ start: string, end: string }} span
 * @param {Floor} floor
 * @param {number} now_ms
 */
function spanWords({ start, end }, { hall }, now_ms) {
  const timezone = hall?.timezone ?? "UTC";
  const date = dateWords(Date.parse(start), timezone, language.value);
  const times = `${clockTime(start, timezone)}–${clockTime(end, timezone)}`;
  return date === dateWords(now_ms, timezone, language.value) ? times : `${date} ${times}`;
}

/**
 * @param {{ visit: Visit, floor: Floor, now_ms: number, isLong: boolean, isReady: boolean,
 *   onSave: (correction: { started_at?: string, ended_at?: string, reason: string }) => void }} props
 */
function Correction({ visit, floor, now_ms, isLong, isReady, onSave }) {
  const timezone = floor.hall?.timezone ?? "UTC";
  const span = spanOf(visit);
  const before = { start: clockTime(span.start, timezone), end: clockTime(span.end, timezone) };
  const [typed, setTyped] = useState(before);
  const [reason, setReason] = useState("");
  const [start, end] = [wallOf(typed.start), wallOf(typed.end)];
  const correction = start && end ? correctionOf(visit, { start, end }, before, { timezone, now_ms }) : {};
  const isChanged = Object.keys(correction).length > 0;
  const n = minutesOf({ start: correction.started_at ?? span.start, end: correction.ended_at ?? span.end });
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    onSave({ ...correction, reason });
  };
  const time = (/** @type {"start" | "end"} */ which, /** @type {string} */ label) =>
    html`<input name=${which} aria-label=${label} inputmode="numeric" autocomplete="off" maxlength="5" aria-invalid=${wallOf(typed[which]) === null} value=${typed[which]}
      onFocus=${(/** @type {FocusEvent} */ event) => /** @type {HTMLInputElement} */ (event.target).select()}
      onInput=${(/** @type {InputEvent} */ event) => setTyped({ ...typed, [which]: /** @type {HTMLInputElement} */ (event.target).value })} />`;

  return html`<form class="correction" onSubmit=${submit}>
    <h3><span class="n">${visit.number}</span>${named(floor.services, visit.service)}<small>${counterText(visit.counter_name)}</small></h3>
    <table><thead><tr><td></td><th scope="col">${t("Recorded")}</th><th scope="col">${t("Corrected")}</th></tr></thead><tbody>
      <tr><th scope="row">${t("Call")}</th><td>${clockTime(visit.called_at, timezone)}</td><td></td></tr>
      <tr><th scope="row">${t("Start")}</th><td>${clockTime(visit.started_at, timezone)}</td><td>${time("start", t("Corrected start"))}</td></tr>
      <tr><th scope="row">${t("End")}</th><td>${clockTime(visit.ended_at, timezone)}</td><td>${time("end", t("Corrected end"))}</td></tr>
      <tr><th scope="row">${t("Length")}</th><td>${t("%(n)s min", { n: minutesOf({ start: visit.started_at, end: visit.ended_at }) })}</td>
        <td class=${isChanged ? "new" : ""}>${n < 0 ? "–" : t("%(n)s min", { n })}</td></tr></tbody></table>
    <fieldset><legend>${t("Reason")}</legend>${(floor.reasons.get("correct_time") ?? []).map((one) => html`<label key=${one.id}>
      <input type="radio" name="reason" required checked=${reason === one.id} onChange=${() => setReason(one.id)} /><span>${nameOf(one.name).text}</span></label>`)}</fieldset>
    <button class="fill" disabled=${!isReady || !isChanged || !reason}>${t("Save the corrected time")}</button>
    ${isLong && !isCorrected(visit) && html`<button type="button" class="line" disabled=${!isReady || isChanged} onClick=${() => onSave({ ended_at: span.end, reason: CONFIRMED })}>${t("It really took so long")}</button>`}
  </form>`;
}

/** @param {{ floor: Floor, now_ms: number, onOpen: () => void }} props */
export function CorrectKey({ floor, now_ms, onOpen }) {
  const n = floor.longTurns.filter((visit) => !isCorrected(visit)).length + longRunning(floor.counters, now_ms).length;
  const label = n ? tn("%(n)s visit to look at", "%(n)s visits to look at", n) : null;
  return html`<button type="button" class="word correct" onClick=${onOpen}>${t("Correct a time")}${label && html`<b class="count" title=${label}>${n}<span class="unseen"> ${label}</span></b>`}</button>`;
}
