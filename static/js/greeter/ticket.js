/** One ticket from near: how it stands, why it is not called yet, and what may be done with it. */

import { html, useEffect, useRef, useState } from "../../vendor/ui.mjs";
import { clockTime } from "../lib/format.js";
import { nameOf, ownName, t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { counterText, named } from "../lib/words.js";
import { MoveStep } from "./moves.js";
import { Notice } from "./notice.js";
import { Fate } from "./paper.js";
import { movesOf } from "./visit.js";
import { outcomeWords, stateWords } from "./words.js";

/** @typedef {import("./visit.js").Move} Move */
/** @typedef {import("../lib/icons.js").IconName} IconName */
/** @typedef {import("./actions.js").Actions} Actions */
/** @typedef {{ facts: Hall.FoundTicket | null, sentence: Hall.Names | null, isGone: boolean }} Known */

const STATE_ICONS = /** @type {Record<string, IconName>} */ ({ waiting: "list-ordered", called: "bell", serving: "user-check", parked: "pause", missed: "undo-2" });
const MOVE_ICONS = /** @type {Record<Move, IconName>} */ ({ reinstate: "undo-2", prioritise: "user-check", postpone: "skip-forward", transfer: "repeat-2", reprint: "printer", cancel: "x" });

/** @param {Move} move @param {boolean} canPrint */
function moveWords(move, canPrint) {
  if (move === "reinstate") return t("Reinstate");
  if (move === "prioritise") return t("Green lane");
  if (move === "postpone") return t("Let others first");
  if (move === "transfer") return t("Transfer");
  if (move === "reprint") return canPrint ? t("Print again") : t("Show the code");
  return t("Cancel the number");
}

/** @param {{ id: string, floor: import("./model.js").Floor, now_ms: number, actions: Actions, onClose: () => void }} props */
export function TicketSheet({ id, floor, now_ms, actions, onClose }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [move, setMove] = useState(/** @type {Move | null} */ (null));
  const standing = standingOf(floor, id);
  const { facts, sentence, isGone } = useTicket(actions, id, `${standing?.state} ${standing?.class ?? ""}`);
  useEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  const state = standing?.state ?? (facts && !["waiting", "called", "parked", "missed"].includes(facts.state) ? facts.state : null);
  const ticket = facts && { ...facts, service: standing?.service ?? facts.service, class: standing?.class ?? facts.class };
  const canPrint = floor.printers.length > 0;

  return html`<dialog ref=${dialog} class="sheet" onCancel=${onClose} aria-labelledby="ticket-number" onClick=${(/** @type {Event} */ event) => event.target === dialog.current && onClose()}>
    <div class="inner">
      <header>${move && html`<button type="button" class="back" onClick=${() => setMove(null)} aria-label=${t("Back")}>${icon("chevron-left")}</button>`}
        <h2 class="n" id="ticket-number">${ticket?.number ?? standing?.number ?? "…"}</h2>
        ${state && html`<span class=${`chip ${state}`}>${icon(STATE_ICONS[state] ?? "circle-check")}${state === "done" ? outcomeWords(facts?.outcome ?? null) : stateWords(state)}</span>`}
        <button type="button" class="close" onClick=${onClose} aria-label=${t("Close")}>${icon("x")}</button></header>
      ${isGone && html`<p class="nil">${t("There is no such number.")}</p>`}
      ${ticket && state && (move === null
        ? html`<${Facts} ticket=${ticket} floor=${floor} /><${Fate} ticket=${id} floor=${floor} hasCode=${ticket.follow_url !== null} /><${Why} sentence=${sentence} />
            <div class="moves">${movesOf(state, canPrint || ticket.follow_url !== null).map((one) => html`<button type="button" key=${one} data-move=${one} onClick=${() => setMove(one)}>${icon(one === "reprint" && !canPrint ? "smartphone" : MOVE_ICONS[one])}<span>${moveWords(one, canPrint)}</span></button>`)}</div>`
        : html`<h3>${moveWords(move, canPrint)}</h3><${MoveStep} move=${move} ticket=${ticket} floor=${floor} now_ms=${now_ms} actions=${actions} onDone=${onClose} />`)}
      <${Notice} actions=${actions} onlyRefused=${true} />
    </div></dialog>`;
}

/** @param {{ ticket: Hall.FoundTicket, floor: import("./model.js").Floor }} props */
function Facts({ ticket, floor }) {
  const counter = floor.counters.find((one) => one.id === ticket.counter);
  return html`<dl class="facts"><div><dt>${t("Service")}</dt><dd>${named(floor.services, ticket.service)}</dd></div>
    <div><dt>${t("Class")}</dt><dd>${named(floor.classes, ticket.class)}</dd></div>
    <div><dt>${t("Taken")}</dt><dd>${clockTime(ticket.issued_at, floor.hall?.timezone ?? "UTC")} · ${ownName(ticket.language)}</dd></div>
    ${ticket.counter && html`<div><dt>${t("Counter")}</dt><dd>${counterText(counter?.name ?? ticket.counter)}</dd></div>`}</dl>`;
}

/** @param {{ sentence: Hall.Names | null }} props */
function Why({ sentence }) {
  return sentence && html`<p class="why">${icon("info")}<span>${nameOf(sentence).text}</span></p>`;
}

/**
 * What the live view knows of a ticket; null when it holds none such.
 * @param {import("./model.js").Floor} floor
 * @param {string} id
 * @returns {{ state: string, number: string, service: string, class: string } | null}
 */
function standingOf({ waiting, hunted, called, parked, missed }, id) {
  const lists = /** @type {[string, { ticket: string, number: string, service: string, class: string }[]][]} */ ([
    ["waiting", waiting], ["called", [...hunted, ...called]], ["parked", parked], ["missed", missed],
  ]);
  for (const [state, list] of lists) {
    const one = list.find(({ ticket }) => ticket === id);
    if (one) return { ...one, state };
  }
  return null;
}

/**
 * The ticket's facts and why it is not called yet; asked again when the live view says that it moved.
 * @param {Actions} actions
 * @param {string} id
 * @param {string} standing
 * @returns {Known}
 */
function useTicket({ api }, id, standing) {
  const [known, setKnown] = useState(/** @type {Known} */ ({ facts: null, sentence: null, isGone: false }));
  useEffect(() => {
    let isWanted = true;
    const path = api.hallPath("tickets", id);
    const facts = /** @type {Promise<Hall.FoundTicket | null>} */ (api.get(path)).catch(() => null);
    const why = /** @type {Promise<{ sentence: Hall.Names } | null>} */ (api.get(`${path}/why`)).catch(() => null);
    void Promise.all([facts, why]).then(([found, reason]) => isWanted && setKnown({ facts: found, sentence: reason?.sentence ?? null, isGone: found === null }));
    return () => void (isWanted = false);
  }, [id, standing]);
  return known;
}
