/** Below the ticket: how this visit ends, or a script; and who is next. */

import { html } from "../../vendor/ui.mjs";
import { since_s, stopwatch } from "../lib/format.js";
import { language, nameOf, t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { named } from "../lib/words.js";
import { SITUATIONS } from "./menu.js";
import { AFTER_MAX } from "./model.js";
import { scriptTime, stepsIn } from "./script.js";
import { say } from "./words.js";

const OUTCOMES_MAX = 4;
const ITEMS_MAX = 6;
const SERVICES_MAX = 5;

/** @typedef {import("./model.js").Desk} Desk */
/** @typedef {import("./model.js").Ending} Ending */
/** @typedef {(ending: Ending) => void} OnEnding */

/** @param {{ desk: Desk, ending: Ending, onEnding: OnEnding }} props */
export function Outcomes({ desk, ending, onEnding }) {
  const reasons = desk.reasons.get("not_completed") ?? [];
  const items = (desk.current && desk.services.get(desk.current.service)?.items) || [];
  const isServed = ending.outcome === "served";
  /** @param {string | null} reason */
  const unfinished = (reason) => onEnding({ ...ending, outcome: "not_completed", reason, credit: desk.calling.comeback && reason !== null });
  return html`<section class="box outcome"><h2>${t("Outcome")}</h2>
    <div class="outs"><button type="button" aria-pressed=${isServed ? "true" : "false"} onClick=${() => onEnding({ ...ending, outcome: "served", reason: null, credit: false })}>${t("Served")}</button>
      ${reasons.slice(0, OUTCOMES_MAX).map(({ id, name }) => html`<button type="button" key=${id} class="nm" aria-pressed=${ending.reason === id ? "true" : "false"} onClick=${() => unfinished(id)}>${nameOf(name).text}</button>`)}
      ${reasons.length === 0 && html`<button type="button" aria-pressed=${isServed ? "false" : "true"} onClick=${() => unfinished(null)}>${t("Not completed")}</button>`}</div>
    ${!isServed && desk.calling.comeback && html`<label class="check"><input type="checkbox" checked=${ending.credit} onChange=${() => onEnding({ ...ending, credit: !ending.credit })} />${t("Comes back: counts as having come earlier then")}</label>`}
    ${isServed && items.length > 0 && html`<h2>${t("Work done")}</h2><div class="items">${items.slice(0, ITEMS_MAX).map(({ id, name }) => html`<${Item} key=${id} name=${name} n=${ending.items[id] ?? 0}
      onCount=${(/** @type {number} */ n) => onEnding({ ...ending, items: counted(ending.items, id, n) })} />`)}</div>`}
    ${!(isServed && items.length > 0) && html`<p class="hint">${isServed ? t("Recorded with the finish. It can be taken back for 60 seconds.") : t("Finishing with this outcome does not call the next one.")}</p>`}
  </section>`;
}

/** @param {{ name: Hall.Names, n: number, onCount: (n: number) => void }} props */
function Item({ name, n, onCount }) {
  const text = nameOf(name).text;
  return html`<span class=${n ? "item some" : "item"}><button type="button" class="nm" onClick=${() => onCount(n + 1)}>${text}${n > 0 && html` <b>× ${n}</b>`}</button>
    ${n > 0 && html`<button type="button" class="less" aria-label=${t("One less: %(name)s", { name: text })} onClick=${() => onCount(n - 1)}>−</button>`}</span>`;
}

/**
 * The pieces of work with one of them counted anew; nothing is kept of what was not done.
 * @param {Ending["items"]} items
 * @param {string} id
 * @param {number} n
 */
export function counted(items, id, n) {
  const { [id]: _, ...others } = items;
  return n > 0 ? { ...others, [id]: Math.min(n, 9999) } : others;
}

/** @param {{ desk: Desk }} props */
export function Services({ desk: { counter, services } }) {
  const own = (counter?.services ?? []).flatMap((id) => services.get(id) ?? []);
  return html`<section class="box"><h2>${t("Services here")}<span>${own.length}</span></h2>
    <ul class="plan">${own.slice(0, SERVICES_MAX).map((service) => html`<li key=${service.id}><b class="n">${service.letter}</b><span class="nm">${nameOf(service.name).text}</span><span>${t("%(n)s waiting", { n: service.waiting })}</span></li>`)}</ul>
    ${own.length > SERVICES_MAX && html`<p class="hint">${tn("and %(n)s more service", "and %(n)s more services", own.length - SERVICES_MAX)}</p>`}
  </section>`;
}

/** @param {{ desk: Desk, now_ms: number }} props */
export function Next({ desk: { next, services, calling, waiting, counter }, now_ms }) {
  const isHidden = calling.line_shown === "none";
  const sent = counter?.sent ?? 0;
  if (isHidden && waiting.length > 0) {
    return html`<section class="box"><h2>${t("Next")}</h2><p class="nil">${tn("%(n)s person is waiting", "%(n)s people are waiting", waiting.length)}</p><p class="hint">${t("This hall does not show desks who is next.")}</p></section>`;
  }
  if (!next) return html`<section class="box"><h2>${t("Next")}</h2><p class="nil">${t("Nobody is waiting")}</p></section>`;
  return html`<section class="box"><h2>${t("Next")}${sent > 0 && html`<span class="sent">${tn("%(n)s sent to you", "%(n)s sent to you", sent)}</span>`}</h2>
    <div class="tk next"><span class="n">${next.number}</span><div><b>${t("%(n)s min", { n: Math.floor(since_s(next.since, now_ms) / 60) })}</b><span class="nm">${next.to ? t("Sent to you") : named(services, next.service)}</span></div></div>
    ${next.after.length > 0 && calling.line_shown === "all" && html`<p class="after"><span>${t("Then likely")}</span>${next.after.slice(0, AFTER_MAX).map((number) => html`<span class="n" key=${number}>${number}</span>`)}</p>`}
    <p class="hint">${t("Settled only at the moment of the call")}</p>
  </section>`;
}

/**
 * A script on the screen, with its clock; all keys go on working.
 * @param {{ script: Hall.Script, running: import("./script.js").Running, follow: import("./script.js").Follow, now_ms: number, onFollow: () => void, onClose: () => void }} props
 */
export function ScriptBox({ script, running, follow, now_ms, onFollow, onClose }) {
  const { seconds, isOver } = scriptTime(script, running, now_ms);
  return html`<section class="box script"><h2>${t(SITUATIONS[script.situation])}<span class=${isOver ? "over" : ""}><span class="n">${stopwatch(seconds)}</span>${script.minutes && html` / ${t("%(n)s min", { n: script.minutes })}`}</span></h2>
    <ol>${stepsIn(script, language.value).map((step, i) => html`<li key=${i}><span>${step}</span></li>`)}</ol>
    <p class="foot">${isOver && html`<b>${icon("clock-alert")}${t("Time is over: ask for help.")}</b>`}<button type="button" class="line" onClick=${onClose}><kbd>Esc</kbd>${t("Done with it")}</button><button type="button" class="fill" onClick=${onFollow}><kbd>F1</kbd>${say(follow.label)}</button></p>
  </section>`;
}
