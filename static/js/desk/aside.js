/** Who was set aside here, and who was called and did not come; each with the one thing to do about it. */

import { html } from "../../vendor/ui.mjs";
import { since_s } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { nameOfReason } from "../lib/words.js";
import { missedNote, parkedNote } from "./menu.js";
import { needFree } from "./needs.js";
import { say } from "./words.js";

/** @typedef {import("./model.js").Desk} Desk */
/** @typedef {import("./actions.js").Actions} Actions */

/** @param {{ desk: Desk, actions: Actions, now_ms: number, rows: number }} props */
export function Parked({ desk, actions, now_ms, rows }) {
  const off = needFree(desk);
  return html`<${Aside} title=${t("Parked")} n=${desk.parked.length} more=${desk.parked.length - rows} onMore=${() => actions.open({ id: "back" })}>
    ${desk.parked.slice(0, rows).map((one) => {
      const isOver = Date.parse(one.due_at) <= now_ms;
      return html`<li key=${one.ticket}><${NumberKey} of=${one} actions=${actions} /><span class="nm ${isOver ? "over" : ""}" title=${`${nameOfReason(desk.reasons, "park", one.reason)} ${say(parkedNote(one, now_ms))}`}>${isOver ? t("due") : t("%(n)s min", { n: Math.ceil((Date.parse(one.due_at) - now_ms) / 60_000) })}</span>
        <button type="button" class="word" aria-label=${t("Go on with %(number)s", { number: one.number })} onClick=${() => (off ? actions.say(off) : void actions.perform({ verb: "unpark", body: { ticket: one.ticket } }))}>${t("Go on")}</button></li>`;
    })}
  <//>`;
}

/** @param {{ desk: Desk, actions: Actions, now_ms: number, rows: number }} props */
export function Missed({ desk, actions, now_ms, rows }) {
  return html`<${Aside} title=${t("Missed")} n=${desk.missed.length} more=${desk.missed.length - rows} onMore=${() => actions.open({ id: "back" })}>
    ${desk.missed.slice(0, rows).map((one) => html`<li key=${one.ticket}><${NumberKey} of=${one} actions=${actions} isMissed=${true} /><span class=${one.expires_at && Date.parse(one.expires_at) <= now_ms ? "nm over" : "nm"} title=${say(missedNote(one, now_ms))}>${t("%(n)s min", { n: Math.floor(since_s(one.missed_at, now_ms) / 60) })}</span>
      <button type="button" class="word" aria-label=${t("Reinstate %(number)s", { number: one.number })} onClick=${() => void actions.perform({ ticket: one.ticket, verb: "reinstate", body: {} })}>${t("Reinstate")}</button></li>`)}
  <//>`;
}

/** The number, and behind it all that can be done about it. @param {{ of: Hall.ParkedRecord | Hall.MissedRecord, actions: Actions, isMissed?: boolean }} props */
function NumberKey({ of: { ticket, number }, actions, isMissed = false }) {
  return html`<button type="button" class=${isMissed ? "n num cut" : "n num"} title=${t("More…")} aria-haspopup="dialog" onClick=${() => actions.open({ id: "aside", of: { ticket } })}>${number}</button>`;
}

/** @param {{ title: string, n: number, more: number, onMore: () => void, children?: unknown }} props */
function Aside({ title, n, more, onMore, children }) {
  return html`<section class="box gone"><h2>${title}<span>${n}</span></h2>
    ${n === 0 ? html`<p class="nil">${t("Nobody")}</p>` : html`<ul>${children}</ul>`}
    ${more > 0 && html`<button type="button" class="word more" onClick=${onMore}>${t("%(n)s more", { n: more })}</button>`}
  </section>`;
}
