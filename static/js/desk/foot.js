/** The keyboard at the foot of the desk, and what is said above it. */

import { html } from "../../vendor/ui.mjs";
import { clockTime, since_s } from "../lib/format.js";
import { t, tProblem } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { joined } from "../lib/words.js";
import { wayOn } from "./actions.js";
import { LONG_SERVICE } from "./model.js";
import { say } from "./words.js";

/** @typedef {import("./model.js").Desk} Desk */
/** @typedef {import("./keys.js").DeskKey} DeskKey */

/** @param {{ keys: (DeskKey | null)[], isLocked: boolean, onKey: (key: DeskKey) => void }} props */
export function Keys({ keys, isLocked, onKey }) {
  return html`<nav class="keys" aria-label=${t("Keys")}>
    ${keys.map((key, i) => (key
      ? html`<${KeyButton} key=${key.key} of=${key} isLocked=${isLocked} onKey=${onKey} />`
      : html`<span key=${`gap ${i}`}></span>`))}
  </nav>`;
}

/**
 * A key that only explains itself is drawn as off, and can still be pressed to hear why.
 * @param {{ of: DeskKey, isLocked: boolean, onKey: (key: DeskKey) => void }} props
 */
export function KeyButton({ of: key, isLocked, onKey }) {
  const note = typeof key.note === "string" ? key.note : key.note && say(key.note);
  return html`<button type="button" class=${`${key.key === "F2" ? "main" : ""} ${key.isOff ? "off" : ""}`} aria-keyshortcuts=${key.key}
    aria-disabled=${key.isOff || isLocked ? "true" : "false"} onMouseDown=${keepFocus} onClick=${() => onKey(key)}><kbd>${key.key}${key.pad && html`<i>${key.pad}</i>`}${note && html`<span>${note}</span>`}</kbd><b>${say(key.label)}</b></button>`;
}

/** A key that was clicked is not left with the focus, where Enter would press it again. @param {Event} event */
function keepFocus(event) {
  event.preventDefault();
}

/**
 * @typedef {object} NoticeProps
 * @property {Desk} desk
 * @property {import("./actions.js").Actions} actions
 * @property {boolean} isLive
 * @property {string | null} heardAt
 * @property {number} now_ms
 * @property {{ onStill: () => void, onFinish: () => void } | null} asking whether the visitor is still being served
 */

/** @param {NoticeProps} props */
export function Notices({ desk, actions, isLive, heardAt, now_ms, asking }) {
  const notice = actions.notice.value;
  const timezone = desk.hall?.timezone ?? "UTC";
  const lost = t("Link lost. This is how it stood at %(time)s. Keys work again by themselves.", { time: clockTime(heardAt, timezone, { seconds: true }) });
  return html`<div class="notices" role="status">
    ${!isLive && heardAt && html`<p class="notice lost">${icon("unplug")}${lost}</p>`}
    ${isLive && notice && html`<p class=${`notice ${notice.kind}`}>${icon(notice.kind === "refused" ? "triangle-alert" : "info")}<span>${noticeText(notice)}</span>
      <button type="button" class="word" onClick=${() => void (actions.notice.value = null)}>${t("OK")}</button></p>`}
    ${isLive && !notice && asking && desk.current && html`<${StillServing} current=${desk.current} now_ms=${now_ms} asking=${asking} />`}
  </div>`;
}

/** @param {{ current: Hall.DeskCurrent, now_ms: number, asking: NonNullable<NoticeProps["asking"]> }} props */
function StillServing({ current, now_ms, asking }) {
  const n = Math.floor(since_s(current.started_at ?? current.called_at, now_ms) / 60);
  const usual = Math.round((current.long_service_s ?? 0) / LONG_SERVICE / 60) || 1;
  return html`<p class="notice query">${icon("clock-alert")}<span>${t("%(number)s is at the counter for %(n)s min; usual are %(usual)s. Still serving?", { number: current.number, n, usual })}</span>
    <button type="button" class="word" onClick=${asking.onStill}>${t("Still serving")}</button><button type="button" class="word" onClick=${asking.onFinish}>${t("F8 Finish")}</button></p>`;
}

/** @param {import("./actions.js").Notice} notice */
export function noticeText(notice) {
  if (notice.kind === "said") return say(notice.sentence);
  const way = wayOn(notice.code);
  const refusal = tProblem(notice.code, /** @type {Record<string, string | number>} */ (notice.data));
  return html`<b>${refusal}</b>${way && joined(["", t(way)])}`;
}
