/** The number that was given: to be read, photographed, printed. */

import { html, useEffect, useRef } from "../../vendor/ui.mjs";
import { minuteRange } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { named } from "../lib/words.js";
import { Fate, PrintKeys, useCode } from "./paper.js";

/** @typedef {import("./actions.js").Actions} Actions */

/** @param {{ ticket: Hall.Ticket, floor: import("./model.js").Floor, actions: Actions, onDone: () => void }} props */
export function Given({ ticket, floor, actions, onDone }) {
  const code = useCode(actions, ticket);
  const number = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => number.current?.focus({ preventScroll: true }), [ticket.id]);
  const range = minuteRange(ticket.estimate);
  return html`<div class="given">
    <article class="tk down">
      <div class="who"><p class="svc">${named(floor.services, ticket.service)}</p><p class="kind">${named(floor.classes, ticket.class)}</p>
        <h2 class="n num" ref=${number} tabindex="-1" style=${{ "--chars": ticket.number.length }}>${ticket.number}</h2></div>
      <div class="stub">
        <dl><div><dt>${t("Ahead")}</dt><dd>${ticket.ahead}</dd></div>
          ${range !== null && html`<div><dt>${t("Likely wait")}</dt><dd>${t("%(n)s min", { n: range })}</dd></div>`}</dl>
        ${code && html`<img src=${code} alt=${t("Code of the phone page")} />`}
        ${ticket.follow_url && html`<p>${t("Scan to follow on the phone")}</p>`}
      </div>
    </article>
    <div class="reach"><${Fate} ticket=${ticket.id} floor=${floor} hasCode=${code !== ""} /><${PrintKeys} ticket=${ticket.id} floor=${floor} actions=${actions} />
      <button type="button" class="fill" onClick=${onDone}>${t("Next visitor")}</button></div>
  </div>`;
}
