/** The page shell: its facts, its language, its version. The only lib module besides icons that knows the document. */

import { directionOf, language, loadLanguage } from "./i18n.js";

const RELOADED_KEY = "hall.reloaded";

/**
 * The facts that the server put into the shell.
 * @returns {Hall.Page}
 */
export function readPage() {
  const text = document.getElementById("page")?.textContent;
  return { hall: "", version: "", languages: ["en"], names: {}, ...JSON.parse(text || "{}") };
}

/**
 * Turns the whole page to a language: catalogue, `lang` and reading direction. Keeps the old one when the server is away.
 * @param {string} lang
 * @returns {Promise<boolean>} whether it turned
 */
export async function turnTo(lang) {
  try {
    await loadLanguage(lang);
  } catch {
    return false;
  }
  language.value = lang;
  document.documentElement.lang = lang;
  document.documentElement.dir = directionOf(lang);
  return true;
}

/**
 * The languages offered, the page's own first.
 * @param {Hall.Page} page
 */
export function pageLanguages(page) {
  const own = document.documentElement.lang;
  return page.languages.length ? page.languages : [own || "en"];
}

/**
 * A hook for `Feed.onVersion`: reloads once when the server runs other software than this page came from.
 * Once a version only, so that a server which cannot give the new page does not make the screen spin.
 * @param {Hall.Page} page
 * @param {() => boolean} [mayReload] asked first, for example no visitor is at the screen and nothing is being spoken
 */
export function reloadOnNewVersion(page, mayReload = () => true) {
  /** @param {string} version */
  return (version) => {
    if (!page.version || !version || version === page.version || !mayReload()) return;
    if (sessionStorage.getItem(RELOADED_KEY) === version) return;
    sessionStorage.setItem(RELOADED_KEY, version);
    location.reload();
  };
}
