/** One service as a ticket not yet taken: letter, name, tear, and what stands before it. */

import { html } from "../../vendor/ui.mjs";
import { minuteRange, wallTime } from "../lib/format.js";
import { nextOpening } from "../lib/hours.js";
import { icon } from "../lib/icons.js";
import { onPress } from "../lib/press.js";
import { t, tn } from "../lib/i18n.js";
import { roomOf, secondly, secondlyN, twin, twinName } from "./twin.js";

const LONG = 12;
const LONGEST = 34;
const WIDE = 5;

/** @typedef {import("./model.js").Choice} Choice */

/**
 * @param {object} props
 * @param {Choice} props.choice
 * @param {number} props.key_number the number key that presses it
 * @param {boolean} props.isOff nothing can be pressed now
 * @param {number} props.children how many services a heading holds
 * @param {Hall.Week | null} props.hours of the service, else of the hall
 * @param {import("../lib/hours.js").LocalTime | null} props.now
 * @param {() => void} props.act
 */
export function ChoiceCard({ choice, key_number, isOff, children, hours, now, act }) {
  const { service, isHeading, closedBy } = choice;
  const isShut = isOff || closedBy !== null;
  const name = twinName(service.name);
  const room = roomOf(name.first);
  // The mask that cuts the tear would cut the focus ring too, so the ring belongs to the spot around it.
  return html`<div class="spot"><button class="tk svc ${isShut ? "off" : ""}" disabled=${isShut} data-service=${service.id} aria-keyshortcuts=${key_number} ...${onPress(act)}>
    <div class="what">
      ${service.letter ? html`<span class="letter n">${service.letter}</span>` : html`<span class="letter">${icon("list-ordered")}</span>`}
      <div class="name ${room > LONGEST ? "longest" : room > LONG ? "long" : ""}"><b>${name.first}</b>${name.other}</div>
    </div>
    <div class="wait">${isHeading ? headingWords(children) : closedBy ? closedWords(closedBy, hours, now) : waitWords(choice)}</div>
  </button></div>`;
}

/** @param {number} children */
function headingWords(children) {
  return html`<div class="more"><div><div class="nobody">${tn("%(n)s service", "%(n)s services", children)}</div><p>${secondlyN("%(n)s service", "%(n)s services", children)}</p></div>${icon("chevron-right", "turns")}</div>`;
}

/**
 * @param {"full" | "closed"} closedBy
 * @param {Hall.Week | null} hours
 * @param {import("../lib/hours.js").LocalTime | null} now
 */
function closedWords(closedBy, hours, now) {
  if (closedBy === "full") return saying("No numbers left today");
  const opening = now && nextOpening(hours, now);
  if (opening?.days === 0) return saying("Opens at %(time)s", { time: wallTime(opening.minute) });
  return saying("Not open now");
}

/** @param {Choice} choice */
function waitWords({ service, hasNoCounter }) {
  const range = minuteRange(service.estimate);
  if (hasNoCounter) return saying("No counter open yet");
  if (range !== null) return html`<span class="n">${range}</span><small>${range.length > WIDE ? t("min") : twin("min")}</small><p>${aheadWords(service.ahead)}</p>`;
  if (service.ahead === 0) return saying("Nobody ahead");
  return html`<span class="n">${service.ahead}</span><small>${tn("person", "people", service.ahead)}</small><p>${twin("Ahead of you")}</p>`;
}

/** @param {number} ahead */
function aheadWords(ahead) {
  if (ahead === 0) return twin("Nobody ahead");
  return html`<span class="counted">${twin("%(n)s ahead", { n: ahead })}</span>`;
}

/**
 * @param {string} msgid
 * @param {import("../lib/i18n.js").Values} [values]
 */
function saying(msgid, values) {
  return html`<div class="nobody">${t(msgid, values)}</div><p>${secondly(msgid, values)}</p>`;
}
