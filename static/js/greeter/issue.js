/** The door and the numbers: count who comes in, send on who needs none, give a number in two taps. */

import { html, useEffect, useRef, useState } from "../../vendor/ui.mjs";
import { pressKey } from "../lib/api.js";
import { language, nameOf, ownName, t, tn } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { named } from "../lib/words.js";
import { Given } from "./given.js";
import { shutOf } from "./model.js";
import { mayIssue, missingOf, ticked, visitFor } from "./visit.js";
import { DIVERSIONS, diversionWords, shutWords } from "./words.js";

/** @typedef {import("./model.js").Floor} Floor */
/** @typedef {import("./visit.js").Visit} Visit */
/** @typedef {{ floor: Floor, now_ms: number, actions: import("./actions.js").Actions }} Props */

/** @param {Props} props */
export function Issue({ floor, now_ms, actions }) {
  const [visit, setVisit] = useState(/** @type {Visit | null} */ (null));
  const done = () => setVisit(null);
  const begin = (/** @type {string} */ service) =>
    setVisit(visitFor(service, floor.hall?.languages[0] ?? language.value, pressKey()));

  if (!visit) return html`<${Home} floor=${floor} now_ms=${now_ms} actions=${actions} onService=${begin} />`;
  if (visit.bring) return html`<${Bring} visit=${visit} floor=${floor} onDone=${done} />`;
  if (visit.ticket) return html`<${Given} ticket=${visit.ticket} floor=${floor} actions=${actions} onDone=${done} />`;
  return html`<${Choice} visit=${visit} floor=${floor} now_ms=${now_ms} actions=${actions} onVisit=${setVisit} onBack=${done} />`;
}

/** @param {Props & { onService: (service: string) => void }} props */
function Home({ floor, now_ms, actions, onService }) {
  const { today, services } = floor;
  const notice = actions.notice.value;
  const undo = notice?.kind === "said" ? notice.undo : undefined;
  const came_in = today.came_in + actions.atDoor.value;
  return html`<div class="home">
    <section class="door-count" aria-label=${t("People coming in")}>
      <p><span class="n" data-count="door">${came_in}</span>${t("came in today")}</p>
      <button type="button" disabled=${came_in <= 0} onClick=${() => void actions.countAtDoor(-1)} aria-label=${t("One person fewer")}>−1</button>
      ${[1, 5].map((n) => html`<button type="button" key=${n} onClick=${() => void actions.countAtDoor(n)} aria-label=${tn("Count %(n)s person", "Count %(n)s people", n)}>+${n}</button>`)}
    </section>
    <section class="divert"><h2>${t("Without a number")}${undo ? html`<button type="button" class="undo" onClick=${() => void actions.send(undo)}>${icon("undo-2")}${t("Undo: %(way)s", { way: undo.what ?? "" })}</button>` : html`<span>${t("today")}</span>`}</h2>
      <div>${DIVERSIONS.map((to) => html`<button type="button" key=${to} data-to=${to} onClick=${() => void divert(actions, to)}>
        <span>${diversionWords(to)}</span><b>${today.diverted[to] ?? 0}</b></button>`)}</div>
    </section>
    <section class="services"><h2>${t("Give a number")}<span>${t("%(n)s given today", { n: today.issued })}</span></h2>
      <ul>${[...services.values()].map((one) => html`<li key=${one.id}><${ServiceKey} service=${one} shut=${shutOf(floor, one, now_ms)} onService=${onService} /></li>`)}</ul>
    </section>
  </div>`;
}

/**
 * What cannot be given now looks so, and opens all the same: its papers can be read out.
 * @param {{ service: Hall.GreeterService, shut: import("./model.js").Shut | null, onService: (service: string) => void }} props
 */
function ServiceKey({ service, shut, onService }) {
  return html`<button type="button" class=${shut ? "off" : ""} data-service=${service.id} onClick=${() => onService(service.id)}>
    <span class="n">${service.letter}</span><b>${nameOf(service.name).text}</b><${Crowd} service=${service} shut=${shut} /></button>`;
}

/**
 * Visitors who wait for what no counter calls are the only ones in red.
 * @param {{ service: Hall.GreeterService, shut: import("./model.js").Shut | null }} props
 */
function Crowd({ service: { waiting, counters_open }, shut }) {
  if (shut) return html`<small class="shut">${icon("lock")}${shutWords(shut)}</small>`;
  if (counters_open > 0) return html`<small>${waiting === 0 ? t("No wait") : t("%(n)s waiting", { n: waiting })}</small>`;
  if (waiting === 0) return html`<small class="shut">${t("No counter open")}</small>`;
  return html`<small class="shut bad">${t("%(n)s waiting, no counter open", { n: waiting })}</small>`;
}

/** @param {import("./actions.js").Actions} actions @param {string} to */
function divert(actions, to) {
  const [path, way] = [["diversions"], diversionWords(to)];
  const undo = { path, body: { to, count: -1 }, what: way, said: t("Taken back: %(way)s", { way }) };
  return actions.send({ path, body: { to }, said: t("Counted: %(way)s", { way }), undo });
}

/** @param {Props & { visit: Visit, onVisit: (visit: Visit) => void, onBack: () => void }} props */
function Choice({ visit, floor, now_ms, actions, onVisit, onBack }) {
  const service = floor.services.get(visit.service);
  const shut = service ? shutOf(floor, service, now_ms) : null;
  const documents = service?.documents ?? [];
  const missing = missingOf(visit, documents);
  const isShut = (/** @type {string} */ class_) => shut?.why === "closed" || (service?.full.includes(class_) ?? false);

  /** @param {string} class_ */
  async function issue(class_) {
    if (!mayIssue(visit, class_)) return;
    const body = { service: visit.service, class: class_, language: visit.language };
    const { answer, problem } = await actions.send({ path: ["tickets"], body, key: visit.key });
    if (answer) onVisit({ ...visit, ticket: /** @type {Hall.Ticket} */ (answer) });
    else if (problem?.code === "offline") onVisit({ ...visit, unsure: class_ });
  }

  async function sendAway() {
    const body = { to: "papers_missing", service: visit.service };
    const { answer } = await actions.send({ path: ["diversions"], body, key: `${visit.key}-papers` });
    if (answer) onVisit({ ...visit, bring: missing });
  }

  return html`<div class="choice">
    <${Title} text=${named(floor.services, visit.service)} letter=${service?.letter ?? ""} onBack=${onBack} />
    <div class="papers">
      ${documents.length > 0 && html`<h3>${t("Papers check")}<span>${documents.length - missing.length} / ${documents.length}</span></h3>
        <ul>${documents.map((names, place) => html`<li key=${place}><label class="tick"><input type="checkbox" checked=${visit.ticked.includes(place)} onChange=${() => onVisit(ticked(visit, place))} /><span>${nameOf(names).text}</span></label></li>`)}</ul>
        <button type="button" class="out" disabled=${missing.length === 0} onClick=${() => void sendAway()}>${icon("file-down")}${t("Papers missing, no number")}</button>`}
      ${documents.length === 0 && html`<p class="nil">${t("No papers are needed for this service.")}</p>`}
    </div>
    <div class="reach">
      ${visit.unsure && html`<p class="unsure">${icon("unplug")}${t("No answer came. Press the same class again: it stays one number.")}</p>`}
      ${shut && html`<p class="shut">${icon("lock")}${shutWords(shut)}</p>`}
      <${TicketLanguage} visit=${visit} languages=${floor.hall?.languages ?? []} onVisit=${onVisit} />
      <div class="classes">${[...floor.classes.values()].map((one, place) => html`<button type="button" key=${one.id} data-class=${one.id} class=${place === 0 ? "fill" : ""}
        disabled=${isShut(one.id) || !mayIssue(visit, one.id)} onClick=${() => void issue(one.id)}>${nameOf(one.name).text}</button>`)}</div>
    </div>
  </div>`;
}

/** @param {{ visit: Visit, languages: string[], onVisit: (visit: Visit) => void }} props */
function TicketLanguage({ visit, languages, onVisit }) {
  if (languages.length < 2) return null;
  return html`<div class="tongue" role="group" aria-label=${t("Language of the ticket")}><span>${t("Language of the ticket")}</span>
    <div class="seg">${languages.map((lang) => html`<button type="button" key=${lang} lang=${lang} aria-pressed=${lang === visit.language ? "true" : "false"}
      onClick=${() => onVisit({ ...visit, language: lang })}>${ownName(lang)}</button>`)}</div></div>`;
}

/** What the visitor has to bring, to be shown and read out. @param {{ visit: Visit, floor: Floor, onDone: () => void }} props */
function Bring({ visit, floor, onDone }) {
  return html`<div class="bring">
    <${Title} text=${named(floor.services, visit.service)} letter=${floor.services.get(visit.service)?.letter ?? ""} onBack=${onDone} />
    <h3>${t("Please bring")}</h3>
    <ul>${visit.bring?.map((names, place) => html`<li key=${place}>${nameOf(names, visit.language).text}${visit.language !== language.value && nameOf(names).text !== nameOf(names, visit.language).text && html`<small>${nameOf(names).text}</small>`}</li>`)}</ul>
    <div class="reach"><p class="nil">${t("Counted as papers missing. No number was given.")}</p>
      <button type="button" class="fill" onClick=${onDone}>${t("Next visitor")}</button></div>
  </div>`;
}

/** The service and the way back; takes the focus, so that a reader hears where one is. @param {{ text: string, letter: string, onBack: () => void }} props */
function Title({ text, letter, onBack }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return html`<div class="title"><button type="button" class="back" onClick=${onBack} aria-label=${t("Back")}>${icon("chevron-left")}</button>
    <h2 ref=${heading} tabindex="-1"><span class="n">${letter}</span>${text}</h2></div>`;
}
