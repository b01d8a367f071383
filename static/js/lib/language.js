/** The language keys of a personal screen; the choice stays with the browser. */

import { html } from "../../vendor/ui.mjs";
import { language, ownName } from "./i18n.js";
import { pageLanguages, turnTo } from "./page.js";

const KEY = "hall.language";

/** Turns the page to the language chosen here before, else to the shell's. @param {Hall.Page} page */
export async function turnToOwnLanguage(page) {
  const kept = localStorage.getItem(KEY);
  const shell = document.documentElement.lang || "en";
  await turnTo(kept && page.languages.includes(kept) ? kept : shell);
}

/** One key for each language but the current. @param {{ page: Hall.Page }} props */
export function LanguageKeys({ page }) {
  const others = pageLanguages(page).filter((lang) => lang !== language.value);
  return html`<span class="langs">${others.map((lang) => html`<button type="button" key=${lang} lang=${lang} onClick=${() => choose(lang)}>${ownName(lang)}</button>`)}</span>`;
}

/** @param {string} lang */
async function choose(lang) {
  if (await turnTo(lang)) localStorage.setItem(KEY, lang);
}
