/** Who was called and did not come, who is set aside, and any number one asks for. */

import { html, useState } from "../../vendor/ui.mjs";
import { Problem } from "../lib/api.js";
import { clockTime, since_s } from "../lib/format.js";
import { nameOf, t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { lettersOf, numbersOf, ticketsOf } from "../lib/numbers.js";
import { counterText, named } from "../lib/words.js";
import { foundNow } from "./model.js";
import { agoWords, outcomeWords, stateWords } from "./words.js";

const FOUND_MOST = 6;

/** @typedef {import("./model.js").Floor} Floor */
/** @typedef {{ floor: Floor, now_ms: number, actions: import("./actions.js").Actions, onTicket: (ticket: string) => void }} Props */

/** @param {Props} props */
export function Missed({ floor, now_ms, actions, onTicket }) {
  const { missed, parked } = floor;
  const timezone = floor.hall?.timezone ?? "UTC";
  return html`<section class="pane gone" aria-label=${t("Missed")}>
    <${Search} floor=${floor} actions=${actions} onTicket=${onTicket} />
    <h2>${t("Missed")}<span>${missed.length}</span></h2>
    ${missed.length === 0 && html`<p class="nil">${t("Nobody missed a call.")}</p>`}
    <ul class="rows">${missed.map((one) => html`<li key=${one.ticket}>
      <button type="button" class="row" onClick=${() => onTicket(one.ticket)} onContextMenu=${(/** @type {Event} */ event) => (event.preventDefault(), onTicket(one.ticket))}>
        <span class="n cut">${one.number}</span>
        <span class="tx"><b>${named(floor.services, one.service)}</b><small>${agoWords(since_s(one.missed_at, now_ms))}${one.expires_at && html` · ${t("until %(time)s", { time: clockTime(one.expires_at, timezone) })}`}</small></span></button>
      <button type="button" class="line act" onClick=${() => void reinstate(actions, one.ticket, one.number)} aria-label=${t("Reinstate %(number)s", { number: one.number })}>${t("Reinstate")}</button></li>`)}</ul>
    ${missed.length > 0 && html`<p class="hint">${t("Reinstate puts back where the hall's rule says. Touch the row to choose another place.")}</p>`}
    <h2>${t("Parked")}<span>${parked.length}</span></h2>
    ${parked.length === 0 && html`<p class="nil">${t("Nobody is parked.")}</p>`}
    <ul class="rows">${parked.map((one) => html`<li key=${one.ticket}><button type="button" class="row" onClick=${() => onTicket(one.ticket)}>
      <span class="n">${one.number}</span>
      <span class="tx"><b>${counterText(one.counter_name)}</b><small>${icon("pause")}${reasonName(floor, one.reason)}</small></span>
      ${one.due_at && html`<span class="wt"><b>${clockTime(one.due_at, timezone)}</b><small>${t("back in line")}</small></span>`}</button></li>`)}</ul>
  </section>`;
}

/**
 * @param {Props["actions"]} actions
 * @param {string} ticket
 * @param {string} number
 * @param {"head" | "back" | "tail"} [place] where the policy says, without
 */
export function reinstate(actions, ticket, number, place) {
  return actions.send({ path: ["tickets", ticket, "reinstate"], body: place ? { place } : {}, said: t("%(number)s is back in line", { number }) });
}

/** @param {Floor} floor @param {string | null} id */
function reasonName({ reasons }, id) {
  return nameOf(reasons.get("park")?.find((one) => one.id === id)?.name).text || id || "";
}

/** @param {Omit<Props, "now_ms">} props */
function Search({ floor, actions, onTicket }) {
  const [found, setFound] = useState(/** @type {Hall.FoundTicket[] | null} */ (null));
  const [isAsking, setAsking] = useState(false);

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (/** @type {HTMLFormElement} */ (event.target).elements.namedItem("number"));
    const numbers = numbersOf(field.value, lettersOf(floor));
    setAsking(true);
    const all = await foundOf(actions, numbers);
    setAsking(false);
    const tickets = foundNow(all, floor.hall?.business_date).slice(0, FOUND_MOST);
    setFound(tickets);
    if (tickets.length === 1 && tickets[0]) onTicket(tickets[0].id);
    field.blur();
  }

  return html`<form class="search" role="search" onSubmit=${submit}>
      <label><span class="unseen">${t("Number")}</span><input name="number" placeholder=${t("Number, for example A012")} autocomplete="off" autocapitalize="characters" spellcheck=${false} enterkeyhint="search" maxlength="12" onInput=${() => setFound(null)} /></label>
      <button type="submit" class="fill" disabled=${isAsking} aria-label=${t("Find")}>${icon("search")}</button></form>
    <div role="status">${found?.length === 0 && html`<p class="nil">${t("There is no such number.")}</p>`}
      ${found && found.length > 0 && html`<ul class="rows">${found.map((one) => html`<li key=${one.id}><button type="button" class="row" onClick=${() => onTicket(one.id)}>
        <span class="n">${one.number}</span><span class="tx"><b>${one.state === "done" ? outcomeWords(one.outcome) : stateWords(one.state)}</b><small>${named(floor.services, one.service)}</small></span>
        <span class="wt"><b>${clockTime(one.issued_at, floor.hall?.timezone ?? "UTC")}</b><small>${t("taken")}</small></span></button></li>`)}</ul>`}</div>`;
}

/**
 * The tickets that had one of these numbers; none where they could not be asked for, which is said.
 * @param {Props["actions"]} actions
 * @param {string[]} numbers
 */
async function foundOf(actions, numbers) {
  try {
    return await ticketsOf(actions.api, numbers, FOUND_MOST);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    actions.refused(problem);
    return [];
  }
}
