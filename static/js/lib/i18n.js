/**
 * Sentences in the reader's language. The server turns its catalogues into JSON with a plural table; nothing is evaluated here.
 * Several languages are held at once, since shared screens speak two.
 */

import { signal } from "../../vendor/ui.mjs";

/**
 * @typedef {object} Catalogue
 * @property {string} lang
 * @property {"ltr" | "rtl"} dir
 * @property {Record<string, string | string[]>} messages
 * @property {number[]} plural form by count, 200 entries
 */

/** @typedef {Record<string, string | number>} Values */

/** The language of this screen; read it inside a component and the component follows. */
export const language = signal("en");

/** @type {Map<string, Catalogue>} */
const catalogues = new Map();

/**
 * Makes a catalogue usable; called by `loadLanguage` and by tests.
 * @param {Catalogue} catalogue
 */
export function addCatalogue(catalogue) {
  catalogues.set(catalogue.lang, catalogue);
}

/**
 * Fetches a language once. Throws when the server cannot be reached.
 * @param {string} lang
 */
export async function loadLanguage(lang) {
  if (catalogues.has(lang)) return;
  const answer = await fetch(`/i18n/${encodeURIComponent(lang)}.json`);
  if (!answer.ok) throw new Error(`no catalogue for ${lang}: ${answer.status}`);
  addCatalogue({ ...(await answer.json()), lang });
}

/** @param {string} lang */
export function directionOf(lang) {
  return catalogues.get(lang)?.dir ?? "ltr";
}

/**
 * The sentence for `msgid` in this screen's language; an unknown one is shown as it is.
 * @param {string} msgid English source sentence, or a problem code
 * @param {Values} [values] for `%(name)s`
 */
export function t(msgid, values) {
  return tIn(language.value, msgid, values);
}

/**
 * As `t`, by count. `n` is among the values.
 * @param {string} one
 * @param {string} many
 * @param {number} n
 * @param {Values} [values]
 */
export function tn(one, many, n, values) {
  return tnIn(language.value, one, many, n, values);
}

/**
 * As `t`, in a given language (loaded before).
 * @param {string} lang
 * @param {string} msgid
 * @param {Values} [values]
 */
export function tIn(lang, msgid, values = {}) {
  const text = catalogues.get(lang)?.messages[msgid];
  return fill((typeof text === "string" ? text : text?.[0]) || msgid, values);
}

/**
 * As `tn`, in a given language.
 * @param {string} lang
 * @param {string} one
 * @param {string} many
 * @param {number} n
 * @param {Values} [values]
 */
export function tnIn(lang, one, many, n, values = {}) {
  const catalogue = catalogues.get(lang);
  const forms = catalogue?.messages[one];
  const chosen = Array.isArray(forms) ? forms[pluralForm(/** @type {Catalogue} */ (catalogue), n)] : forms;
  return fill(chosen || (n === 1 ? one : many), { n, ...values });
}

/**
 * A sentence for a problem code, with a general one when the code is new to us.
 * @param {string} code
 * @param {Record<string, unknown>} [data] the facts that came with it
 */
export function tProblem(code, data) {
  const text = t(code, /** @type {Values | undefined} */ (data));
  return text === code ? t("Something did not work. Try again.") : text;
}

/**
 * A name in the wanted language, else in English, else in whatever there is; `lang` tells which it became.
 * @param {Hall.Names | null | undefined} names
 * @param {string} [lang]
 * @returns {{text: string, lang: string}}
 */
export function nameOf(names, lang = language.value) {
  const given = names ?? {};
  const chosen = [lang, "en", ...Object.keys(given)].find((candidate) => given[candidate]);
  return chosen ? { text: given[chosen] ?? "", lang: chosen } : { text: "", lang };
}

/** Languages in their own words, for language keys. */
export const OWN_NAMES = /** @type {Record<string, string>} */ ({
  "zh-Hans": "中文",
  "zh-Hant": "繁體中文",
  en: "English",
  ar: "العربية",
  es: "Español",
  fr: "Français",
  de: "Deutsch",
  ja: "日本語",
  ko: "한국어",
  pt: "Português",
  ru: "Русский",
  vi: "Tiếng Việt",
});

/** @param {string} lang */
export function ownName(lang) {
  return OWN_NAMES[lang] ?? lang;
}

/**
 * @param {Catalogue} catalogue
 * @param {number} n
 */
function pluralForm({ plural }, n) {
  return plural[n < 200 ? n : 100 + (n % 100)] ?? 0;
}

/**
 * @param {string} text
 * @param {Values} values
 */
function fill(text, values) {
  return text.replace(/%\((\w+)\)[sd]|%%/g, (whole, name) => (name ? String(values[name] ?? whole) : "%"));
}
