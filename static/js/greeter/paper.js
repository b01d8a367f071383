/** A ticket's paper: print it, see what became of it, and the code that stands for it when none came out. */

import { html, useEffect, useState } from "../../vendor/ui.mjs";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { isOnItsWay } from "./visit.js";
import { paperWords, printerWords } from "./words.js";

/** @typedef {import("./actions.js").Actions} Actions */
/** @typedef {import("./model.js").Floor} Floor */

/**
 * What became of the ticket's newest paper; nothing while none was asked for.
 * @param {{ ticket: string, floor: Floor, hasCode: boolean }} props `hasCode`: the code is in view, or one key away
 */
export function Fate({ ticket, floor, hasCode }) {
  const paper = floor.papers.get(ticket);
  const words = paper && paperWords(paper);
  return html`<div role="status">${words && html`<div class=${`fate ${words.tone}`}>${icon(words.icon)}
    <p><b>${words.text}</b>${words.tone === "bad" && html`<small>${hasCode ? t("The number counts without paper: let the code be scanned.") : t("The number counts without paper.")}</small>`}</p></div>`}</div>`;
}

/** One key for each printer that works. @param {{ ticket: string, floor: Floor, actions: Actions }} props */
export function PrintKeys({ ticket, floor: { printers, papers }, actions }) {
  const paper = papers.get(ticket);
  const isAgain = paper !== undefined;
  const one = isAgain ? t("Print again") : t("Print");
  const words = (/** @type {string} */ id) => {
    const printer = printerWords(id);
    return printers.length === 1 ? one : isAgain ? t("Print again: %(printer)s", { printer }) : t("Print: %(printer)s", { printer });
  };
  return html`${printers.map(({ id }) => html`<button type="button" class="line" key=${id} data-printer=${id} disabled=${isAgain && isOnItsWay(paper) && paper.printer === id}
    onClick=${() => void actions.send({ path: ["tickets", ticket, "reprint"], body: { printer: id } })}>${icon("printer")}${words(id)}</button>`)}`;
}

/** The keys of a ticket that was given before, and its code when it is asked for. @param {{ ticket: Hall.FoundTicket, floor: Floor, actions: Actions }} props */
export function Again({ ticket, floor, actions }) {
  const [isWanted, setWanted] = useState(false);
  const code = useCode(actions, isWanted ? ticket : { id: ticket.id, follow_url: null });
  const canShow = ticket.follow_url !== null;
  return html`<div class="keys"><${Fate} ticket=${ticket.id} floor=${floor} hasCode=${canShow} />
    ${code && html`<img class="code" src=${code} alt=${t("Code of the phone page")} />`}
    <${PrintKeys} ticket=${ticket.id} floor=${floor} actions=${actions} />
    ${canShow && !isWanted && html`<button type="button" class="line" data-show="code" onClick=${() => setWanted(true)}>${icon("smartphone")}${t("Show the code")}</button>`}</div>`;
}

/**
 * The code that opens the phone page, where the hall has one.
 * @param {Actions} actions
 * @param {{ id: string, follow_url: string | null }} ticket
 */
export function useCode({ api }, { id, follow_url }) {
  const [code, setCode] = useState("");
  useEffect(() => {
    if (follow_url) api.picture(api.hallPath("tickets", id, "qr.svg")).then(setCode, () => setCode(""));
  }, [id, follow_url]);
  return code;
}
