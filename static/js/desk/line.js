/** The line beside the ticket, as far as the hall shows it at its desks. */

import { html, useLayoutEffect, useRef, useState } from "../../vendor/ui.mjs";
import { t, tn } from "../lib/i18n.js";
import { named } from "../lib/words.js";
import { barWidth, lineOf, tabsOf } from "./model.js";

const TABS_MAX = 5;

/** @typedef {import("./model.js").Desk} Desk */
/** @typedef {import("./model.js").Line} LineModel */

/** @param {{ desk: Desk, now_ms: number }} props */
export function Line({ desk, now_ms }) {
  const [service, setService] = useState(/** @type {string | null} */ (null));
  const [all, setAll] = useState(false);
  const tabs = tabsOf(desk);
  const isThere = tabs.some((tab) => tab.service === service);
  const line = lineOf(desk, now_ms, { service: isThere ? service : null, all });
  const list = useRef(/** @type {HTMLOListElement | null} */ (null));
  const [fits, setFits] = useState(Infinity);
  useLayoutEffect(() => setFits(all ? Infinity : seenIn(list.current)));
  return html`<section class="box line"><h2>${t("Line")}<span>${t("waited / promise, min")}</span></h2>
    ${desk.waiting.length === 0 && html`<p class="nil">${t("The line is empty. Whoever takes a number appears here at once.")}</p>`}
    ${line.isCrowd
      ? html`<${Totals} line=${line} desk=${desk} />`
      : tabs.length > 1 && html`<div class="tabs">
          <button type="button" aria-pressed=${isThere ? "false" : "true"} onClick=${() => setService(null)}>${t("All")} ${desk.waiting.length}</button>
          ${tabs.slice(0, TABS_MAX).map((tab) => html`<button type="button" key=${tab.service} aria-pressed=${tab.service === service ? "true" : "false"}
            onClick=${() => setService(tab.service)}>${desk.services.get(tab.service)?.letter ?? tab.service} ${tab.n}</button>`)}</div>`}
    <ol ref=${list} class=${all ? "all" : ""} tabindex=${all ? 0 : undefined}>${line.rows.map((row) => html`<${Turn} key=${row.turn.ticket} row=${row} desk=${desk} mark=${line.mark} />`)}</ol>
    ${(line.more > 0 || line.rows.length > fits || all) && html`<div class="more"><span>${moreText(line, fits)}</span>
      <button type="button" onClick=${() => setAll(!all)}>${all ? t("Fewer") : t("All")}</button></div>`}
  </section>`;
}

/** @param {{ line: LineModel, desk: Desk }} props */
function Totals({ line, desk }) {
  return html`<div class="mini">${line.totals.map((total) => html`<div key=${total.service} class=${total.isLate ? "late" : ""}>
    <span class="n">${total.waiting}</span>
    <span class="nm">${desk.services.get(total.service)?.letter} ${named(desk.services, total.service)}</span>
    <span>${t("longest %(n)s min", { n: total.longest_min })}</span></div>`)}</div>`;
}

/** @param {{ row: import("./model.js").LineRow, desk: Desk, mark: number }} props */
function Turn({ row, desk, mark }) {
  const { turn, waited_min, promise_min, isLate } = row;
  return html`<li class=${isLate ? "over" : ""}><span class="n">${turn.number}</span><span class="nm">${turn.to ? html`<b>${t("Sent to you")}</b>` : named(desk.services, turn.service)}</span>
    ${promise_min === null
      ? html`<span></span>`
      : html`<div class="meter"><i style=${{ width: `${barWidth(row, mark)}%` }}></i><u style=${{ insetInlineStart: `${mark}%` }}></u></div>`}
    <span class="wt">${waited_min}${promise_min !== null && html` <small>/ ${promise_min}</small>`}</span></li>`;
}

/** How many rows are on the screen: one that does not fit wraps into a column out of sight. @param {HTMLElement | null} list */
function seenIn(list) {
  const edge = list?.getBoundingClientRect();
  return edge ? [...(list?.children ?? [])].filter((row) => isWithin(row.getBoundingClientRect(), edge)).length : Infinity;
}

/** @param {DOMRect} row @param {DOMRect} edge */
function isWithin(row, edge) {
  return Math.abs(row.left - edge.left) < 1 && row.bottom <= edge.bottom + 1;
}

/** What is not seen, the rows without room included. @param {LineModel} line @param {number} fits */
function moreText(line, fits) {
  const unseen = line.rows.slice(fits);
  const more = line.more + unseen.length;
  const moreLate = line.moreLate + unseen.filter((row) => row.isLate).length;
  if (more === 0) return "";
  if (moreLate === 0) return tn("%(n)s more, within the promise", "%(n)s more, all within the promise", more);
  return tn("%(n)s more, %(late)s beyond the promise", "%(n)s more, %(late)s of them beyond the promise", more, { late: moreLate });
}
