/** What stands around every kiosk screen: the hall's name and clock, the language keys, the help keys. */

import { html } from "../../vendor/ui.mjs";
import { clockTime } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { language, ownName, t } from "../lib/i18n.js";
import { onPress } from "../lib/press.js";
import { secondly, twinName } from "./twin.js";

/** @typedef {import("../../vendor/ui.mjs").Child} Child */
/** @typedef {import("./visit.js").Visit} Visit */

/**
 * @param {object} props
 * @param {Hall.Names} props.names
 * @param {number | null} props.now_ms
 * @param {string} props.timezone
 * @param {Child} [props.children]
 */
export function Head({ names, now_ms, timezone, children }) {
  const name = twinName(names);
  return html`<header class="head">
    <div class="top"><b>${name.first}</b>${name.other}<span class="n">${now_ms === null ? "" : clockTime(now_ms, timezone)}</span></div>
    ${children}
  </header>`;
}

/**
 * Each language in its own words; one language needs no keys.
 * @param {{languages: string[], visit: Visit}} props
 */
export function LanguageKeys({ languages, visit }) {
  if (languages.length < 2) return null;
  return html`<nav class="langs" aria-label=${t("Language")}>${languages.map(
    (lang) =>
      html`<button key=${lang} lang=${lang} aria-pressed=${String(lang === language.value)} ...${onPress(() => visit.speak(lang))}>${ownName(lang)}</button>`,
  )}</nav>`;
}

/** @param {{visit: Visit, isTall: boolean}} props */
export function HelpKeys({ visit, isTall }) {
  return html`<nav class="help" aria-label=${t("Help")}>
    ${toggle(visit, visit.isLarge, "a-large-small", "Large text")}
    ${isTall && toggle(visit, visit.isLow, "arrow-down-to-line", "Lower screen")}
    ${!visit.isUntouched.value && html`<button ...${onPress(() => visit.startOver())}>${icon("rotate-cw")}${t("Start over")}${secondly("Start over")}</button>`}
  </nav>`;
}

/**
 * @param {Visit} visit
 * @param {import("../../vendor/ui.mjs").Signal<boolean>} isOn
 * @param {import("../lib/icons.js").IconName} picture
 * @param {string} msgid
 */
function toggle(visit, isOn, picture, msgid) {
  const act = () => {
    isOn.value = !isOn.value;
    visit.stirred();
  };
  return html`<button aria-pressed=${String(isOn.value)} ...${onPress(act)}>${icon(picture)}${t(msgid)}${secondly(msgid)}</button>`;
}
