/** The greeter's screen: numbers at one side, lists at the other; on a phone one at a time, with tabs under the thumb. */

import { html, useEffect, useRef, useState } from "../../vendor/ui.mjs";
import { clockTime } from "../lib/format.js";
import { nameOf, t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { LanguageKeys } from "../lib/language.js";
import { useNow } from "../lib/now.js";
import { counterText } from "../lib/words.js";
import { ring } from "./alarm.js";
import { Help, Hunt } from "./floor.js";
import { Issue } from "./issue.js";
import { Missed } from "./missed.js";
import { floorOf, freshNews, newsOf, waitsOf } from "./model.js";
import { Notice } from "./notice.js";
import { TicketSheet } from "./ticket.js";
import { Waiting } from "./waiting.js";
import { helpWords } from "./words.js";

const TICK_MS = 1_000;

/** @typedef {import("./model.js").Floor} Floor */
/** @typedef {import("./model.js").News} News */
/** @typedef {"issue" | "hunt" | "waiting" | "missed" | "help"} Tab */
/** @typedef {import("../lib/feed.js").Feed} Feed */
/** @typedef {import("./actions.js").Actions} Actions */

/** @param {{ feed: Feed, actions: Actions, page: Hall.Page, onSignOut: () => void }} props */
export function GreeterScreen({ feed, actions, page, onSignOut }) {
  const now_ms = useNow(feed, TICK_MS);
  const floor = floorOf(feed.state.value?.records ?? {});
  const isLive = feed.link.value === "live";
  const [tab, setTab] = useState(/** @type {Tab} */ ("issue"));
  const [list, setList] = useState(/** @type {Tab} */ ("hunt")); // what stands beside the numbers where there is room
  const [ticket, setTicket] = useState(/** @type {string | null} */ (null));
  const { unseen, rings, see } = useNews(newsOf(floor));

  /** @param {Tab} next */
  const turnTo = (next) => {
    setTab(next);
    if (next !== "issue") setList(next);
    see(next);
  };
  return html`<div class=${`greeter ${isLive ? "" : "cut"}`} data-tab=${tab} data-list=${list}>
    ${!isLive ? html`<${Lost} feed=${feed} floor=${floor} />`
      : unseen[0] ? html`<${NewsBar} news=${unseen} onSeen=${turnTo} />`
      : html`<${Bar} floor=${floor} now_ms=${now_ms} page=${page} onSignOut=${onSignOut} />`}
    <main>
      <div class="side numbers"><${Issue} floor=${floor} now_ms=${now_ms} actions=${actions} /></div>
      <div class="side lists">
        ${list === "hunt" && html`<${Hunt} floor=${floor} now_ms=${now_ms} onTicket=${setTicket} />`}
        ${list === "waiting" && html`<${Waiting} floor=${floor} now_ms=${now_ms} onTicket=${setTicket} />`}
        ${list === "missed" && html`<${Missed} floor=${floor} now_ms=${now_ms} actions=${actions} onTicket=${setTicket} />`}
        ${list === "help" && html`<${Help} floor=${floor} now_ms=${now_ms} actions=${actions} onTicket=${setTicket} />`}
      </div>
    </main>
    <${Notice} actions=${actions} />
    <${Tabs} tab=${tab} list=${list} floor=${floor} now_ms=${now_ms} onTab=${turnTo} />
    ${isLive && unseen[0] && html`<i class=${`flash ${unseen[0].kind}`} key=${`flash ${rings}`}></i>`}
    ${ticket && html`<${TicketSheet} key=${ticket} id=${ticket} floor=${floor} now_ms=${now_ms} actions=${actions} onClose=${() => setTicket(null)} />`}
  </div>`;
}

/** @param {{ floor: Floor, now_ms: number, page: Hall.Page, onSignOut: () => void }} props */
function Bar({ floor: { hall }, now_ms, page, onSignOut }) {
  return html`<header class="bar">
    <h1>${nameOf(hall?.name ?? page.names).text}</h1>
    ${hall && !hall.day_open && html`<span class="chip done">${t("The day is closed")}</span>`}
    <span class="link"><i class="dot"></i><span>${t("Live")}</span></span>
    <${LanguageKeys} page=${page} />
    <button type="button" class="off" onClick=${onSignOut} aria-label=${t("Sign out")}>${icon("log-out")}</button>
    <span class="n">${clockTime(now_ms, hall?.timezone ?? "UTC")}</span>
  </header>`;
}

/** In place of the bar, so that nothing below moves under a finger. @param {{ feed: Feed, floor: Floor }} props */
function Lost({ feed, floor }) {
  const time = clockTime(feed.heardAt.value, floor.hall?.timezone ?? "UTC", { seconds: true });
  return html`<header class="bar lost"><h1 class="unseen">${t("Greeter")}</h1>${icon("unplug")}<p role="status">${t("Link lost. This is how it stood at %(time)s. Nothing is sent.", { time })}</p></header>`;
}

/** @param {{ news: News[], onSeen: (tab: Tab) => void }} props */
function NewsBar({ news, onSeen }) {
  const [first] = news;
  if (!first) return null;
  const words = first.kind === "hunt" ? { icon: /** @type {const} */ ("bell-ring"), text: t("Look for") } : helpWords(first.what);
  return html`<header class="bar news"><h1 class="unseen">${t("Greeter")}</h1><button type="button" class=${first.kind} onClick=${() => onSeen(first.kind)}>
    ${icon(words.icon)}<b>${words.text}</b>${first.kind === "hunt" && html`<span class="n">${first.number}</span>`}<span class="nm">${counterText(first.counter)}</span>
    ${news.length > 1 && html`<span class="more">+${news.length - 1}</span>`}${icon("chevron-right")}</button></header>`;
}

/** @param {{ tab: Tab, list: Tab, floor: Floor, now_ms: number, onTab: (tab: Tab) => void }} props */
function Tabs({ tab, list, floor, now_ms, onTab }) {
  const { late } = waitsOf(floor, now_ms);
  const open = floor.helps.filter((one) => !one.taken_at).length;
  const tabs = /** @type {[Tab, import("../lib/icons.js").IconName, string, number, string][]} */ ([
    ["issue", "ticket", t("Numbers"), 0, ""],
    ["hunt", "bell-ring", t("Look for"), floor.hunted.length, "called"],
    ["waiting", "clock-alert", t("Waiting"), late, "late"],
    ["missed", "undo-2", t("Missed"), floor.missed.length, "quiet"],
    ["help", "hand-helping", t("Help calls"), open || floor.helps.length, open ? "ink" : "quiet"],
  ]);
  return html`<nav class="tabs" aria-label=${t("Lists")}>${tabs.map(([id, picture, text, n, tone]) => html`<button type="button" key=${id} data-goto=${id}
    class=${id === list ? "here" : ""} aria-current=${id === tab ? "page" : undefined} onClick=${() => onTab(id)}>
    ${icon(picture)}<span>${text}</span>${n > 0 && html`<b class=${`badge ${tone}`}>${n}</b>`}</button>`)}</nav>`;
}

/**
 * Rings once for each that is new, and keeps what was not looked at yet.
 * @param {News[]} all
 */
function useNews(all) {
  const known = useRef(/** @type {ReadonlySet<string>} */ (new Set()));
  const [seen, setSeen] = useState(/** @type {ReadonlySet<string>} */ (new Set()));
  const [rings, setRings] = useState(0);
  const keys = all.map((one) => one.key);
  useEffect(() => {
    const fresh = freshNews(known.current, all);
    known.current = new Set(keys);
    setSeen((before) => new Set(keys.filter((key) => before.has(key))));
    if (!fresh[0]) return;
    ring(fresh[0].kind);
    setRings((n) => n + 1);
  }, [keys.join()]);
  return {
    unseen: all.filter((one) => !seen.has(one.key)),
    rings,
    see: (/** @type {Tab} */ tab) => setSeen(new Set([...seen, ...all.filter((one) => one.kind === tab).map((one) => one.key)])),
  };
}
