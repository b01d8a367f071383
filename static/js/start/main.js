/** Where to go: the screens of each hall and what each is for. In a demo also who may sign in, and what was printed. */

import { html, render, signal } from "../../vendor/ui.mjs";
import { icon } from "../lib/icons.js";
import { language, nameOf, ownName, t } from "../lib/i18n.js";
import { pageLanguages, readPage, turnTo } from "../lib/page.js";

const PAPERS_MS = 2_000;
const PAPERS_SHOWN = 8;

/** @typedef {{id: string, at: string, url: string}} Paper */
/** @typedef {{path: string, picture: import("../lib/icons.js").IconName, device?: "kiosk" | "display"}} Door */

/** @type {Door[]} */
const DOORS = [
  { path: "/kiosk", picture: "tablet", device: "kiosk" },
  { path: "/display", picture: "monitor", device: "display" },
  { path: "/desk", picture: "user-check" },
  { path: "/greeter", picture: "hand-helping" },
  { path: "/manager", picture: "gauge" },
];

const page = readPage();
const halls = page.halls?.length ? page.halls : page.hall ? [{ id: page.hall, names: page.names }] : [];
const chosen = signal(page.hall || halls[0]?.id || "");
const papers = signal(/** @type {Paper[]} */ ([]));

function Start() {
  const names = halls.find(({ id }) => id === chosen.value)?.names ?? page.names;
  return html`<div class="start">
    <header><b>${nameOf(names).text || "Hall"}</b><${LanguageKeys} /></header>
    <main>
      <h1>${t("Where to?")}</h1>
      ${halls.length === 0 && html`<p class="none">${t("No hall is set up yet. Start the server with a set-up file.")}</p>`}
      ${halls.length > 1 && html`<${Halls} />`}
      ${halls.length > 0 && html`<ul class="doors">${DOORS.map((door) => html`<li key=${door.path}><${DoorCard} door=${door} /></li>`)}</ul>`}
      ${page.demo && html`<${DemoPart} demo=${page.demo} />`}
    </main>
  </div>`;
}

function LanguageKeys() {
  const others = pageLanguages(page).filter((lang) => lang !== language.value);
  return html`<nav aria-label=${t("Language")}>${others.map(
    (lang) => html`<button key=${lang} lang=${lang} onClick=${() => turnTo(lang)}>${icon("languages")}${ownName(lang)}</button>`,
  )}</nav>`;
}

function Halls() {
  const choose = (/** @type {Event} */ event) => {
    chosen.value = /** @type {HTMLSelectElement} */ (event.target).value;
  };
  return html`<label class="halls"><span>${t("Hall")}</span>
    <select value=${chosen.value} onChange=${choose}>${halls.map(({ id, names }) => html`<option key=${id} value=${id}>${nameOf(names).text}</option>`)}</select></label>`;
}

/** @param {{door: Door}} props */
function DoorCard({ door }) {
  const { title, purpose } = doorWords(door.path);
  return html`<a href=${addressOf(door)} data-door=${door.path}>${icon(door.picture)}<div><b>${title}</b><p>${purpose}</p></div>${icon("chevron-right", "turns")}</a>`;
}

/**
 * @param {string} path
 * @returns {{title: string, purpose: string}}
 */
function doorWords(path) {
  if (path === "/kiosk") return { title: t("Kiosk"), purpose: t("Visitors take a number here. Stands at the entrance.") };
  if (path === "/display") return { title: t("Display"), purpose: t("Shows and sounds the calls. Hangs in the waiting area.") };
  if (path === "/desk") return { title: t("Desk"), purpose: t("Clerks call and serve visitors at their counter.") };
  if (path === "/greeter") return { title: t("Greeter"), purpose: t("Give numbers, find whoever is called, help. On a phone or tablet.") };
  return { title: t("Manager"), purpose: t("The whole hall now: counters, waiting, trouble.") };
}

/**
 * Where a door leads; in a demo a device gets its token with the address, so that nothing has to be paired.
 * @param {Door} door
 */
function addressOf({ path, device }) {
  const demoTokens = { kiosk: page.demo?.kiosk_token, display: page.demo?.display_token };
  const given = device && demoTokens[device];
  return `${path}?hall=${encodeURIComponent(chosen.value)}${given ? `#token=${encodeURIComponent(given)}` : ""}`;
}

/** @param {{demo: Hall.Demo}} props */
function DemoPart({ demo }) {
  return html`<section class="demo">
    <h2>${t("This is a demo")}</h2>
    <p>${t("Nothing here is real, and nothing is kept. Open the screens side by side and take a number.")}</p>
    <table><caption>${t("Sign in as")}</caption><thead><tr><th>${t("Name to sign in")}</th><th>${t("PIN or password")}</th><th>${t("Role")}</th></tr></thead>
      <tbody>${demo.sign_ins.map(({ login, secret, role }) => html`<tr key=${login}><td><code>${login}</code></td><td><code>${secret}</code></td><td>${roleWords(role)}</td></tr>`)}</tbody></table>
    <${Papers} />
  </section>`;
}

/** @param {string} role */
function roleWords(role) {
  if (role === "clerk") return t("Clerk");
  if (role === "greeter") return t("Greeter");
  if (role === "manager") return t("Manager");
  if (role === "admin") return t("Administrator");
  return role;
}

function Papers() {
  return html`<h2>${t("Printed tickets")}</h2>
    ${papers.value.length === 0 && html`<p>${t("Take a number at the kiosk: its paper appears here.")}</p>`}
    <ul class="papers">${papers.value.map(({ id, url }) => html`<li key=${id}><img src=${url} alt=${t("Printed ticket")} /></li>`)}</ul>`;
}

/** Asks for the newest papers; the demo's printer draws them instead of printing. */
async function loadPapers() {
  try {
    const answer = await fetch("/demo/papers");
    if (answer.ok) papers.value = (await answer.json()).papers.slice(0, PAPERS_SHOWN);
  } catch {
    // The demo was stopped; the strip keeps what it has.
  }
}

async function start() {
  await turnTo(document.documentElement.lang || "en");
  document.title = t("Where to?");
  render(html`<${Start} />`, /** @type {Element} */ (document.getElementById("screen")));
  if (!page.demo) return;
  loadPapers();
  setInterval(() => document.visibilityState === "visible" && loadPapers(), PAPERS_MS);
}

start();
