/** Who waits beyond the promise, of which service, and what the green lane still has to give. */

import { html, useState } from "../../vendor/ui.mjs";
import { clockTime } from "../lib/format.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { named } from "../lib/words.js";
import { ROWS_FIRST, budgetOf, isLate, waitsOf } from "./model.js";
import { minutesWords } from "./words.js";

/** @typedef {import("./model.js").Floor} Floor */

/** @param {{ floor: Floor, now_ms: number, onTicket: (ticket: string) => void }} props */
export function Waiting({ floor, now_ms, onTicket }) {
  const [all, setAll] = useState(false);
  const [service, setService] = useState(/** @type {string | null} */ (null));
  const [isLong, setLong] = useState(false);
  const isThere = (floor.services.get(service ?? "")?.waiting ?? 0) > 0;
  const waits = waitsOf(floor, now_ms, { service: isThere ? service : null, all });
  const shown = isLong ? waits.rows : waits.rows.slice(0, ROWS_FIRST);
  return html`<section class="pane waits" aria-label=${t("Waiting")}>
    <div class="seg wide">
      <button type="button" aria-pressed=${all ? "false" : "true"} onClick=${() => setAll(false)}>${t("Over promise")} <b class=${waits.late ? "bad" : ""}>${waits.late}</b></button>
      <button type="button" aria-pressed=${all ? "true" : "false"} onClick=${() => setAll(true)}>${t("All waiting")} <b>${waits.waiting}</b></button>
    </div>
    <${Budget} floor=${floor} now_ms=${now_ms} />
    ${waits.counts.length > 1 && html`<div class="chips" role="group" aria-label=${t("By service")}>${waits.counts.map((count) => html`<button type="button" key=${count.service}
      aria-pressed=${isThere && service === count.service ? "true" : "false"} onClick=${() => setService(service === count.service ? null : count.service)}>
      <span class="n">${floor.services.get(count.service)?.letter}</span><span class="nm">${named(floor.services, count.service)}</span><b class=${count.late ? "bad" : ""}>${count.late}</b><small>/ ${count.waiting}</small></button>`)}</div>`}
    ${waits.rows.length === 0 && html`<p class="nil well">${icon("circle-check")}${waits.waiting === 0 ? t("Nobody is waiting") : t("Everybody is within the promise.")}</p>`}
    <ul class="rows">${shown.map((row) => html`<${Row} key=${row.turn.ticket} row=${row} floor=${floor} onTicket=${onTicket} />`)}</ul>
    ${waits.rows.length > shown.length && html`<button type="button" class="line more" onClick=${() => setLong(true)}>${tn("Show %(n)s more", "Show %(n)s more", waits.rows.length - shown.length)}</button>`}
  </section>`;
}

/** @param {{ row: import("./model.js").WaitRow, floor: Floor, onTicket: (ticket: string) => void }} props */
function Row({ row, floor, onTicket }) {
  const { turn, waited_s, over_s } = row;
  return html`<li><button type="button" class="row" onClick=${() => onTicket(turn.ticket)}>
    <span class="n">${turn.number}</span>
    <span class="tx"><b>${named(floor.services, turn.service)}</b><small>${named(floor.classes, turn.class)}</small></span>
    <span class="wt">${isLate(row) && over_s !== null ? html`<b class="bad">${t("+%(n)s min", { n: Math.max(1, Math.floor(over_s / 60)) })}</b>` : html`<b>${minutesWords(waited_s)}</b>`}
      <small>${turn.promise_s === null ? t("no promise") : t("%(waited)s / %(promise)s min", { waited: Math.floor(waited_s / 60), promise: Math.round(turn.promise_s / 60) })}</small></span></button></li>`;
}

/** What is left of this hour's green lane. @param {{ floor: Floor, now_ms: number }} props */
export function Budget({ floor, now_ms }) {
  const budget = budgetOf(floor.today.priority, now_ms);
  const until = clockTime(budget.free_at_ms, floor.hall?.timezone ?? "UTC");
  const isSpent = budget.left === 0;
  const words = budget.most === null ? t("%(n)s used within the hour, no limit", { n: budget.used })
    : !isSpent ? t("%(left)s of %(most)s left within the hour", { left: budget.left ?? 0, most: budget.most })
    : until ? t("Used up. The next one is free at %(time)s", { time: until }) : t("This hall has none.");
  return html`<p class=${`budget ${isSpent ? "spent" : ""}`}>${icon(isSpent ? "lock" : "user-check")}<b>${t("Green lane")}</b><span>${words}</span></p>`;
}
