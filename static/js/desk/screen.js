/** The desk as one sees it: the ticket, why it was called, who is next, the line, and the keyboard at the foot. */

import { html } from "../../vendor/ui.mjs";
import { clockTime } from "../lib/format.js";
import { t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { LanguageKeys } from "../lib/language.js";
import { counterTitle, HELP_KINDS } from "../lib/words.js";
import { Missed, Parked } from "./aside.js";
import { Keys, Notices } from "./foot.js";
import { Line } from "./line.js";
import { Next, Outcomes, ScriptBox, Services } from "./low.js";
import { Facts, Now, Why } from "./ticket.js";

const ASIDE_ROWS = 3;
const ASIDE_ROWS_ALONE = 12;

/** @typedef {import("./model.js").Desk} Desk */
/** @typedef {import("./work.js").Work} Work */
/** @typedef {{ work: Work, page: Hall.Page, onSignOut: () => void }} DeskProps */

/** @param {DeskProps} props */
export function DeskScreen({ work, page, onSignOut }) {
  const { desk, now_ms, isLive, actions, keys, feed } = work;
  const isLine = desk.calling.line_shown === "all";
  const rows = isLine ? ASIDE_ROWS : ASIDE_ROWS_ALONE;
  return html`<div class=${`desk ${isLive ? "" : "cut"}`}>
    <${Bar} work=${work} page=${page} onSignOut=${onSignOut} />
    <main>
      <${Now} desk=${desk} now_ms=${now_ms} />
      <${Facts} desk=${desk} />
      <${Why} desk=${desk} notes=${work.notes} />
      <div class="low"><${Low} work=${work} /><${Next} desk=${desk} now_ms=${now_ms} /></div>
    </main>
    <aside class=${isLine ? "" : "alone"}>
      ${isLine && html`<${Line} desk=${desk} now_ms=${now_ms} />`}
      <div class="set"><${Parked} desk=${desk} actions=${actions} now_ms=${now_ms} rows=${rows} /><${Missed} desk=${desk} actions=${actions} now_ms=${now_ms} rows=${rows} /></div>
    </aside>
    <${Notices} desk=${desk} actions=${actions} isLive=${isLive} heardAt=${feed.heardAt.value} now_ms=${now_ms} asking=${work.asking} />
    <${Keys} keys=${keys} isLocked=${!isLive || actions.isBusy.value} onKey=${(/** @type {import("./keys.js").DeskKey} */ key) => work.press(key)} />
  </div>`;
}

/** @param {{ work: Work }} props */
function Low({ work }) {
  const { desk, now_ms, running, follow } = work;
  const script = running && desk.calling.scripts.find(({ situation }) => situation === running.situation);
  if (script && follow) return html`<${ScriptBox} script=${script} running=${running} follow=${follow} now_ms=${now_ms} onFollow=${work.pressFollow} onClose=${work.endScript} />`;
  return desk.current ? html`<${Outcomes} desk=${desk} ending=${work.ending} onEnding=${work.onEnding} />` : html`<${Services} desk=${desk} />`;
}

/** @param {DeskProps} props */
function Bar({ work, page, onSignOut }) {
  const { desk, isLive, now_ms } = work;
  const { counter, today, waiting, hall } = desk;
  const title = counterTitle(counter?.name ?? "");
  const isClosed = !counter || counter.state === "closed";
  const sent = counter?.sent ?? 0;
  return html`<header class="bar">
    <h1 class="c">${title.before}${title.isNumber ? html`<span class="n">${title.name}</span>` : title.name}${title.after}</h1>
    <${StateChip} state=${counter?.state ?? "closed"} />
    <span class="clerk">${counter?.staff_name}</span>
    <${Helps} desk=${desk} />
    <span class="sp">${t("Waiting")} <b>${waiting.length}</b></span>
    ${sent > 0 && html`<span class="to">${tn("%(n)s sent to you", "%(n)s sent to you", sent)}</span>`}
    <span class="soft">${t("Served today")} <b>${today.served}</b></span>
    <span class="link">${isLive ? html`<i class="dot"></i>${t("Live")}` : html`${icon("unplug")}${t("No link")}`}</span>
    <${LanguageKeys} page=${page} />
    <button type="button" class="word soft" onClick=${openStrip}>${t("Strip")}</button>
    ${!isClosed && html`<button type="button" class="word" onClick=${work.askToClose}>${t("Close counter")}</button>`}
    <button type="button" class="word" onClick=${onSignOut}>${t("Sign out")}</button>
    <span class="n clock">${clockTime(now_ms, hall?.timezone ?? "UTC")}</span>
  </header>`;
}

/** The same desk as a small window; it shares this tab's sign-in. */
function openStrip() {
  open(`/desk?strip&hall=${encodeURIComponent(document.documentElement.dataset.hall ?? "")}`, "hall-strip", "popup,width=480,height=96");
}

/** That help was asked for, without a word that a visitor could read from afar. @param {{ desk: Desk }} props */
function Helps({ desk: { helps } }) {
  const [first, ...others] = helps;
  if (!first) return null;
  const more = others.length ? ` +${others.length}` : "";
  return html`<span class="chip helps" title=${t(HELP_KINDS[first.kind])}>${icon("hand-helping")}${first.taken_at ? t("%(name)s is on the way", { name: first.taken_by ?? t("Help") }) : t("Asked")}${more}</span>`;
}

/** @param {{ state: Hall.DeskCounter["state"] }} props */
function StateChip({ state }) {
  if (state === "open") return html`<span class="chip kept">${t("Open")}</span>`;
  if (state === "paused") return html`<span class="chip parked">${icon("pause")}${t("Paused")}</span>`;
  return html`<span class="chip done">${t("Closed")}</span>`;
}
