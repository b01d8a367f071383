/** The desk as a strip of 480 by 96 pixels, for a small window that stays on top of the clerk's other programs. */

import { html } from "../../vendor/ui.mjs";
import { clockTime, since_s, stopwatch } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { KeyButton, noticeText } from "./foot.js";
import { keyNamed } from "./keys.js";
import { isOverdue } from "./missed.js";
import { modeOf } from "./model.js";

/** The keys of a strip; the others need the whole desk. */
export const STRIP_KEYS = ["F2", "F3", "F4", "F6"];

const LONG = 4;
const MODES = { closed: "Closed", paused: "Paused", free: "Free", called: "Called", serving: "Serving" };

/** @param {{ work: import("./work.js").Work }} props */
export function Strip({ work }) {
  const { desk, now_ms, isLive, actions, keys } = work;
  const mode = modeOf(desk);
  const isLocked = !isLive || actions.isBusy.value;
  return html`<main class=${`strip-desk ${isLive ? "" : "cut"} m-${mode}`}>
    <div class="who"><p>${desk.current && isOverdue(desk.current, now_ms)
        ? html`<b class="unshown">${icon("volume-x")}${t("Not delivered")}</b>`
        : html`${icon(markOf(mode))}<b>${t(MODES[mode])}</b>`}</p>
      <h1 class=${`n num ${(desk.current?.number.length ?? 0) > LONG ? "long" : ""}`}>${desk.current?.number ?? "–"}</h1></div>
    <div class="side"><span class="n">${timerOf(work)}</span><p>${nextText(work)}</p></div>
    <nav class="keys" aria-label=${t("Keys")}>${STRIP_KEYS.map((name) => {
      const key = keyNamed(keys, name);
      return key && html`<${KeyButton} key=${name} of=${key} isLocked=${isLocked} onKey=${(/** @type {import("./keys.js").DeskKey} */ of) => work.press(of)} />`;
    })}</nav>
    <div class=${`said ${isLive ? "" : "top"}`} role="status"><${Said} work=${work} /></div>
  </main>`;
}

/** @param {{ work: import("./work.js").Work }} props */
function Said({ work: { actions, isLive, desk, feed } }) {
  const notice = actions.notice.value;
  if (!isLive) return html`<p class="lost">${icon("unplug")}${t("No link: as it was at %(time)s", { time: clockTime(feed.heardAt.value, desk.hall?.timezone ?? "UTC", { seconds: true }) })}</p>`;
  return notice && html`<p class=${notice.kind}>${icon(notice.kind === "refused" ? "triangle-alert" : "info")}<span>${noticeText(notice)}</span>
    <button type="button" class="word" onClick=${() => void (actions.notice.value = null)}>${t("OK")}</button></p>`;
}

/** @param {import("./model.js").Mode} mode @returns {import("../lib/icons.js").IconName} */
function markOf(mode) {
  if (mode === "called") return "bell-ring";
  if (mode === "serving") return "user-check";
  return mode === "paused" ? "pause" : mode === "closed" ? "lock" : "door-open";
}

/** @param {import("./work.js").Work} work */
function timerOf({ desk: { current }, now_ms }) {
  if (!current) return "––:––";
  return stopwatch(since_s(current.state === "called" ? current.last_call_at : (current.started_at ?? current.called_at), now_ms));
}

/** @param {import("./work.js").Work} work */
function nextText({ desk: { next, waiting, calling } }) {
  if (waiting.length === 0) return t("Nobody is waiting");
  if (calling.line_shown === "none" || !next) return t("%(n)s waiting", { n: waiting.length });
  return html`${t("%(n)s waiting", { n: waiting.length })}<br />${t("Next")} <b class="n">${next.number}</b>`;
}
