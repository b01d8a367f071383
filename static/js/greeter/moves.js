/** The second step of what is done with a ticket: which place, class, reason or way. */

import { html, useState } from "../../vendor/ui.mjs";
import { nameOf, t, tn } from "../lib/i18n.js";
import { counterText } from "../lib/words.js";
import { reinstate } from "./missed.js";
import { budgetOf } from "./model.js";
import { Again } from "./paper.js";
import { Budget } from "./waiting.js";

const PLACES = [1, 2, 3, 5];

/** @typedef {{ ticket: Hall.FoundTicket, floor: import("./model.js").Floor, now_ms: number, actions: import("./actions.js").Actions, onDone: () => void }} Props */

/** @param {Props & { move: import("./visit.js").Move }} props */
export function MoveStep({ move, ...props }) {
  if (move === "reinstate") return html`<${Reinstate} ...${props} />`;
  if (move === "prioritise") return html`<${Prioritise} ...${props} />`;
  if (move === "postpone") return html`<${Postpone} ...${props} />`;
  if (move === "transfer") return html`<${Transfer} ...${props} />`;
  if (move === "cancel") return html`<${Cancel} ...${props} />`;
  return html`<${Again} ...${props} />`;
}

/**
 * Sends a ticket's verb, and leaves when it was done.
 * @param {Props} props
 * @param {string} verb
 * @param {object} body
 * @param {string} said
 */
async function change({ ticket, actions, onDone }, verb, body, said) {
  const { answer } = await actions.send({ path: ["tickets", ticket.id, verb], body, said });
  if (answer) onDone();
}

/** @param {Props} props */
function Reinstate({ ticket, floor, actions, onDone }) {
  const put = async (/** @type {"head" | "back" | "tail" | undefined} */ place) => {
    const { answer } = await reinstate(actions, ticket.id, ticket.number, place);
    if (answer) onDone();
  };
  return html`<p class="nil">${nameOf(floor.hall?.missed_sentence).text}</p>
    <div class="keys"><button type="button" class="fill" onClick=${() => void put(undefined)}>${t("As the rule says")}</button>
      <button type="button" class="line" data-place="head" onClick=${() => void put("head")}>${t("To the head")}</button>
      <button type="button" class="line" data-place="back" onClick=${() => void put("back")}>${t("A few places back")}</button>
      <button type="button" class="line" data-place="tail" onClick=${() => void put("tail")}>${t("To the end")}</button></div>`;
}

/** @param {Props} props */
function Prioritise(props) {
  const { ticket, floor, now_ms } = props;
  const others = [...floor.classes.values()].filter((one) => one.id !== ticket.class);
  const [chosen, choose] = useState(others.find((one) => one.id !== [...floor.classes.keys()][0])?.id ?? others[0]?.id ?? "");
  const isSpent = budgetOf(floor.today.priority, now_ms).left === 0;
  return html`<${Budget} floor=${floor} now_ms=${now_ms} />
    <h4>${t("New class")}</h4>
    <div class="pick">${others.map((one) => html`<button type="button" key=${one.id} data-class=${one.id} aria-pressed=${one.id === chosen ? "true" : "false"} onClick=${() => choose(one.id)}>${nameOf(one.name).text}</button>`)}</div>
    <h4>${t("Reason")}</h4>
    <div class="keys two">${(floor.reasons.get("priority") ?? []).map((one) => html`<button type="button" class="line" key=${one.id} data-reason=${one.id} disabled=${isSpent}
      onClick=${() => void change(props, "reprioritise", { class: chosen, reason: one.id }, t("%(number)s: green lane", { number: ticket.number }))}>${nameOf(one.name).text}</button>`)}</div>`;
}

/** @param {Props} props */
function Postpone(props) {
  const { number } = props.ticket;
  return html`<div class="keys two">${PLACES.map((places) => html`<button type="button" class="line" key=${places} data-places=${places}
    onClick=${() => void change(props, "postpone", { places }, t("%(number)s lets others first", { number }))}>${tn("%(n)s person first", "%(n)s people first", places)}</button>`)}</div>`;
}

/** @param {Props} props */
function Transfer(props) {
  const { ticket, floor } = props;
  const counters = floor.counters.filter((one) => one.state !== "closed" && one.id !== ticket.counter);
  const send = (/** @type {object} */ body, /** @type {string} */ to) => void change(props, "transfer", body, t("%(number)s sent to %(to)s", { number: ticket.number, to }));
  return html`<h4>${t("To a service")}</h4>
    <div class="keys two">${[...floor.services.values()].filter((one) => one.id !== ticket.service).map((one) => html`<button type="button" class="line" key=${one.id} data-service=${one.id}
      onClick=${() => send({ service: one.id }, nameOf(one.name).text)}>${nameOf(one.name).text}</button>`)}</div>
    ${counters.length > 0 && html`<h4>${t("To a counter")}</h4>
      <div class="keys two">${counters.map((one) => html`<button type="button" class="line" key=${one.id} data-counter=${one.id}
        onClick=${() => send({ counter: one.id }, counterText(one.name))}>${counterText(one.name)}${one.staff_name && html`<small>${one.staff_name}</small>`}</button>`)}</div>`}`;
}

/** @param {Props} props */
function Cancel(props) {
  const { number } = props.ticket;
  return html`<p class="nil">${t("The number ends here. This cannot be taken back.")}</p>
    <div class="keys"><button type="button" class="fill" data-sure="cancel" onClick=${() => void change(props, "cancel", {}, t("%(number)s is cancelled", { number }))}>${t("Cancel %(number)s", { number })}</button></div>`;
}
