/** The number: out of the slot, huge, with what stands before it, where to wait, and how the paper stands. */

import { html, useEffect, useRef, useState } from "../../vendor/ui.mjs";
import { minuteRange } from "../lib/format.js";
import { icon, placeArrow } from "../lib/icons.js";
import { nameOf, t, tn } from "../lib/i18n.js";
import { onPress } from "../lib/press.js";
import { Head } from "./frame.js";
import { paperView } from "./model.js";
import { roomOf, second, secondly, twin, twinName } from "./twin.js";

/** @typedef {import("./home.js").Sight} Sight */
/** @typedef {import("./model.js").PaperView} PaperView */

const LONG_NAME = 24;

/** @param {{sight: Sight, screen: import("./visit.js").AtResult}} props */
export function Result({ sight, screen }) {
  const { visit, records, hall, now_ms } = sight;
  const { ticket } = screen;
  const paper = paperView(ticket.paper, records, screen.age_s);
  const hasPaper = paper === "printing" || paper === "printed";
  const service = /** @type {Hall.KioskService | undefined} */ (records[`service:${ticket.service}`]);
  useEffect(() => void (hasPaper || visit.extend()), [hasPaper]);
  return html`<main class="taken ${hasPaper ? "" : "nopaper"}">
    <${Head} names=${hall.name} now_ms=${now_ms} timezone=${hall.timezone} />
    <div class="slot"></div>
    <${TakenTicket} ticket=${ticket} service=${service} />
    <div class="beside">
      <section class="where">
        <div>${placeWords(service?.area)}${documentWords(service)}<p>${t("Watch the screens for your number.")}</p>${missedWords(hall)}</div>
        <${Follow} visit=${visit} ticket=${ticket} />
      </section>
      <${PaperState} paper=${paper} hasCode=${ticket.follow_url !== null} />
      <${Done} visit=${visit} />
    </div>
  </main>`;
}

/** @param {{ticket: Hall.Ticket, service: Hall.KioskService | undefined}} props */
function TakenTicket({ ticket, service }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => heading.current?.focus(), [ticket.id]);
  const name = twinName(service?.name ?? {});
  return html`<div class="tk down" role="status">
    <div class="what"><h1 tabindex="-1" class=${roomOf(name.first) > LONG_NAME ? "long" : ""} ref=${heading}>${name.first}${name.other}</h1>
      <span class="n num" style=${{ "--chars": ticket.number.length }}>${ticket.number}</span></div>
    <div class="facts">${factCells(ticket)}</div>
  </div>`;
}

/** @param {Hall.Ticket} ticket */
function factCells({ ahead, estimate }) {
  const range = minuteRange(estimate);
  const people = ahead === 0
    ? html`<div class="next-up"><b>${t("You are next")}</b><p>${secondly("You are next")}</p></div>`
    : html`<div><span class="n">${ahead}</span><small>${tn("person", "people", ahead)}</small><p>${twin("Ahead of you")}</p></div>`;
  return html`${people}${range !== null && html`<div><span class="n">${range}</span><small>${t("min")}</small><p>${twin("Likely wait")}</p></div>`}`;
}

/** @param {Hall.KioskService["area"]} area */
function placeWords(area) {
  if (!area) return html`<h2>${t("Wait in the hall")}</h2><p>${secondly("Wait in the hall")}</p>`;
  const inSecond = second.value && secondly("Wait in %(area)s", { area: nameOf(area.name, second.value).text });
  return html`<h2>${placeArrow(area.arrow)}${t("Wait in %(area)s", { area: nameOf(area.name).text })}</h2><p>${inSecond}</p>`;
}

/** @param {Hall.KioskService | undefined} service */
function documentWords(service) {
  const names = (service?.documents ?? []).map((document) => nameOf(document).text).join(t(", "));
  return names && html`<p class="bring">${t("Have ready: %(documents)s", { documents: names })}</p>`;
}

/** @param {Hall.HallRecord} hall */
function missedWords({ missed_sentence }) {
  const words = nameOf(missed_sentence).text;
  return words && html`<p>${words}</p>`;
}

/**
 * The QR code to follow the line on a phone; nothing when the hall has no address for phones or the picture does not come.
 * @param {{visit: import("./visit.js").Visit, ticket: Hall.Ticket}} props
 */
function Follow({ visit, ticket }) {
  const [picture, setPicture] = useState("");
  const { api } = visit.options;
  useEffect(() => {
    let isHere = true;
    if (ticket.follow_url) {
      api.picture(api.hallPath("tickets", ticket.id, "qr.svg")).then((found) => isHere && setPicture(found), () => {});
    }
    return () => {
      isHere = false;
    };
  }, [ticket.id]);
  return picture && html`<figure class="qr"><img src=${picture} alt=${t("Code for your phone")} onError=${() => setPicture("")} /><figcaption>${t("Follow by phone")}</figcaption></figure>`;
}

/** @param {{paper: PaperView, hasCode: boolean}} props */
function PaperState({ paper, hasCode }) {
  if (paper === "printing") return html`<div class="state" role="status">${icon("printer")}<span>${t("Printing. Take your ticket below")}</span>${icon("arrow-down")}</div>`;
  if (paper === "printed") return html`<div class="state" role="status">${icon("check")}<span>${t("Take your ticket below")}</span>${icon("arrow-down")}</div>`;
  const advice = hasCode ? "Scan the code or note your number." : "Please note your number.";
  const fact = paper === "late" ? "The paper is slow. Your number is valid without it." : "No paper ticket. Your number is valid.";
  return html`<div class="state told" role="status">${icon("printer-x")}<div>${t(fact)}<span>${t(advice)}</span></div></div>`;
}

/** @param {{visit: import("./visit.js").Visit}} props */
function Done({ visit }) {
  const act = () => visit.gate.pass(300) && visit.startOver();
  return html`<div class="acts"><button class="go" ...${onPress(act)}>${t("Done")}<small>${t("%(n)s s", { n: visit.left_s.value ?? 0 })}</small></button></div>`;
}
