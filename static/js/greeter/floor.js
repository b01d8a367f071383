/** Who is looked for, who is called, and who calls for help. */

import { html } from "../../vendor/ui.mjs";
import { minuteSecond, since_s } from "../lib/format.js";
import { ownName, t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { counterText, counterTitle, named } from "../lib/words.js";
import { isArmed } from "./alarm.js";
import { helpWords } from "./words.js";

/** @typedef {import("./model.js").Floor} Floor */
/** @typedef {{ floor: Floor, now_ms: number, onTicket: (ticket: string) => void }} Props */

/** @param {Props} props */
export function Hunt({ floor, now_ms, onTicket }) {
  const { hunted, called } = floor;
  return html`<section class="pane hunt" aria-label=${t("Look for")}>
    <h2>${t("Look for")}<span>${t("called twice, nobody came")}</span></h2>
    ${!isArmed.value && html`<p class="hint">${icon("volume-x")}${t("Touch the screen once: then it sounds and buzzes.")}</p>`}
    ${hunted.length === 0 && html`<p class="nil well">${icon("circle-check")}${t("Nobody has to be looked for.")}</p>`}
    <ul class="hunted">${hunted.map((one) => html`<li key=${one.ticket}><${Hunted} one=${one} floor=${floor} now_ms=${now_ms} onTicket=${onTicket} /></li>`)}</ul>
    <h2>${t("Called now")}<span>${called.length}</span></h2>
    ${called.length === 0 && html`<p class="nil">${t("Nobody else is called.")}</p>`}
    <ul class="rows">${called.map((one) => html`<li key=${one.ticket}><button type="button" class="row" onClick=${() => onTicket(one.ticket)}>
      <span class="n">${one.number}</span>
      <span class="tx"><b>${counterText(one.counter_name)}</b><small>${one.deliveries === 0 ? t("Not shown on a display yet") : callsWords(one.call_no)}</small></span>
      <span class="n t">${minuteSecond(since_s(one.called_at, now_ms))}</span></button></li>`)}</ul>
  </section>`;
}

/** @param {{ one: Hall.GreeterCalled } & Props} props */
function Hunted({ one, floor, now_ms, onTicket }) {
  const title = counterTitle(one.counter_name);
  const isForeign = one.language !== floor.hall?.languages[0]; // then one asks in another language
  return html`<button type="button" class="tk called" onClick=${() => onTicket(one.ticket)}>
    <span class="who"><span class="n">${one.number}</span><span class="tx"><b>${named(floor.classes, one.class)}</b><small>${named(floor.services, one.service)}${isForeign && ` · ${ownName(one.language)}`}</small></span></span>
    <span class="to"><b>${title.before} <span class=${title.isNumber ? "n" : ""}>${title.name}</span> ${title.after}</b>
      <small>${callsWords(one.call_no)}</small><small class="t">${minuteSecond(since_s(one.called_at, now_ms))}</small></span></button>`;
}

/** @param {number} n */
function callsWords(n) {
  return tn("Called once", "Called %(n)s times", n);
}

/** @param {Props & { actions: import("./actions.js").Actions }} props */
export function Help({ floor: { helps }, now_ms, actions }) {
  const counter = (/** @type {Hall.GreeterHelp} */ { counter_name }) => counterText(counter_name);
  return html`<section class="pane help" aria-label=${t("Help calls")}>
    <h2>${t("Help calls")}<span>${helps.length || ""}</span></h2>
    ${helps.length === 0 && html`<p class="nil well">${icon("circle-check")}${t("Nobody calls for help.")}</p>`}
    <ul>${helps.map((one, place) => {
      const words = helpWords(one.kind);
      return html`<li key=${one.help} class=${one.taken_at ? "taken" : "open"}>
        <p class="what">${icon(words.icon)}<b>${words.text}</b><span class="n t">${minuteSecond(since_s(one.taken_at ?? one.at, now_ms))}</span></p>
        <p class="where">${counter(one)}${one.number && html` · <span class="n">${one.number}</span>`}</p>
        <p class="state">${one.taken_at ? t("%(who)s took it after %(time)s", { who: one.taken_by ?? "–", time: minuteSecond(since_s(one.at, Date.parse(one.taken_at))) }) : t("Nobody has taken it yet")}</p>
        ${one.taken_at
          ? html`<button type="button" class="line" onClick=${() => void actions.send({ path: ["help", one.help, "solve"], said: t("Solved: %(counter)s", { counter: counter(one) }) })}>${icon("check")}${t("Solved")}</button>`
          : html`<button type="button" class=${place === 0 ? "fill" : "line"} onClick=${() => void actions.send({ path: ["help", one.help, "take"] })}>${t("I am on my way")}</button>`}</li>`;
    })}</ul>
  </section>`;
}
