/** Calls for help of the counters, with the two things to do about them: go, and have it settled. */

import { html } from "../../vendor/ui.mjs";
import { since_s } from "../lib/format.js";
import { t, tProblem } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { counterText, HELP_KINDS } from "../lib/words.js";

/** @typedef {import("./answers.js").Answers} Answers */

/** @param {{ helps: Hall.HelpRecord[], answers: Answers, now_ms: number, isLive: boolean }} props */
export function Helps({ helps, answers, now_ms, isLive }) {
  const problem = answers.problem.value;
  return html`<div role="status">${helps.length > 0 && html`<ul class="al helps">${helps.map((one) => html`<li key=${one.help} class=${one.taken_at ? "" : "bad"}>${icon("hand-helping")}
    <div><b>${t("%(counter)s asks for help: %(kind)s", { counter: counterText(one.counter_name), kind: t(HELP_KINDS[one.kind]) })}</b><span>${about(one, now_ms)}</span></div>
    <p>${!one.taken_at && html`<button type="button" class="fill" disabled=${!isLive || answers.isBusy.value} onClick=${() => void answers.answer(one.help, "take")}>${t("I go")}</button>`}
      <button type="button" class="line" disabled=${!isLive || answers.isBusy.value} onClick=${() => void answers.answer(one.help, "solve")}>${t("Settled")}</button></p></li>`)}</ul>`}
    ${problem && html`<p class="fault">${tProblem(problem)}</p>`}</div>`;
}

/** @param {Hall.HelpRecord} help @param {number} now_ms */
function about({ number, at, taken_at, taken_by }, now_ms) {
  const n = Math.floor(since_s(at, now_ms) / 60);
  const when = n ? t("%(n)s min ago", { n }) : t("just now");
  const who = taken_at ? t("%(name)s is on the way", { name: taken_by ?? t("Somebody") }) : "";
  return [number, when, who].filter(Boolean).join(" · ");
}
