/** The questions behind the keys: one dialog, numbered choices, everything by keypad, by mouse and by finger. */

import { html, useEffect, useLayoutEffect, useRef, useState } from "../../vendor/ui.mjs";
import { t } from "../lib/i18n.js";
import { noticeText } from "./foot.js";
import { keyNamed } from "./keys.js";
import { pageOf, stepOf } from "./menu.js";
import { found } from "./sending.js";
import { labelText, say } from "./words.js";

const CHOOSE = { msgid: "Choose from the list, or press Esc first." };
/** What gets the focus when a question comes up. */
const FIRST = ["[data-first=true]", "input.find", ".choices button", "button"];

/** @typedef {import("./menu.js").Choice} Choice */
/** @typedef {import("./menu.js").Place} Place */
/**
 * @typedef {object} AskProps
 * @property {import("./model.js").Desk} desk
 * @property {import("./model.js").Ending} ending
 * @property {import("./actions.js").Actions} actions
 * @property {number} now_ms
 * @property {(import("./keys.js").DeskKey | null)[]} keys
 * @property {(item: string) => void} onItem
 * @property {(situation: Hall.Situation) => void} onScript
 */

/** @param {AskProps} props */
export function Ask(props) {
  const { actions, desk, ending, now_ms } = props;
  const places = actions.places.value;
  const place = places[places.length - 1];
  const step = place ? stepOf(place, desk, ending, now_ms) : null;
  useEffect(() => {
    if (place && !step) actions.places.value = [];
  });
  if (!place || !step) return null;
  return html`<${Question} ...${props} key="question" place=${place} step=${step} depth=${places.length} />`;
}

/** @param {AskProps & { place: Place, step: import("./menu.js").Step, depth: number }} props */
function Question({ desk, actions, keys, onItem, onScript, place, step, depth }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [page, setPage] = useState(0);
  const [typed, setTyped] = useState("");
  const notice = actions.notice.value;
  const [why, setWhy] = useState(/** @type {import("./model.js").Sentence | null} */ (null));
  const choices = step.field === "find" ? found(desk, typed) : step.choices;
  const { rows, hasMore } = pageOf(choices, page);
  // At once and not after the next picture: the next key may already be on its way.
  useLayoutEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  useLayoutEffect(() => {
    setPage(0);
    setTyped("");
    setWhy(null);
    focusFirst(dialog.current);
  }, [place]);
  const close = () => void (actions.places.value = []);
  const back = () => void (actions.places.value = actions.places.peek().slice(0, -1));

  /** @param {Choice | undefined} choice */
  function choose(choice) {
    if (!choice) return setWhy(CHOOSE);
    setWhy(choice.off ?? null);
    if (choice.off) return;
    if (choice.item) onItem(choice.item);
    else if (choice.script) onScript(choice.script);
    else if (choice.go) actions.places.value = [...actions.places.peek(), choice.go];
    else if (choice.deed) void actions.perform(choice.deed);
  }

  /** @param {number} number */
  const chooseNumber = (number) => (hasMore && number === rows.length + 1 ? setPage(page + 1) : choose(rows[number - 1]));

  /** @param {string} name */
  function finishWith(name) {
    const key = keyNamed(keys, name);
    if (!actions.isHeard()) return;
    close();
    if (key) void actions.press(key);
  }

  /** @param {KeyboardEvent} event */
  function hear(event) {
    const wish = wishOf(event, isField(event.target));
    if (wish === null) return;
    event.preventDefault();
    event.stopPropagation(); // a key that answers and closes the question is not pressed at the desk too
    if (typeof wish === "number") chooseNumber(wish);
    else if (wish === "back") back();
    else if (wish === "next" || wish === "previous") moveFocus(dialog.current, wish);
    else if (wish.startsWith("type")) setTyped(typed + wish.slice("type".length));
    else if (wish === "enter" && rows.length === 1) choose(rows[0]);
    else if (wish === "enter") focusRow(dialog.current);
    else if (step.isEnding && (wish === "F2" || wish === "F8")) finishWith(wish);
    else if (wish.startsWith("F") && step.field !== "note") setWhy(CHOOSE);
  }

  return html`<dialog ref=${dialog} class="ask" onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); close(); }} onKeyDown=${hear} aria-labelledby="question">
    <h2 id="question">${labelText(step.title)}</h2>
    ${(step.text ?? []).map((line, i) => html`<p key=${i}>${labelText(line)}</p>`)}
    ${step.field === "find" && html`<input class="find" type="text" aria-labelledby="question" autocomplete="off" inputmode="numeric" maxlength="12" value=${typed}
      onInput=${(/** @type {InputEvent} */ event) => setTyped(/** @type {HTMLInputElement} */ (event.target).value)} />`}
    ${step.field === "note"
      ? html`<${NoteForm} key=${JSON.stringify(place.body)} body=${place.body ?? {}} onDone=${(/** @type {object} */ body) => void actions.perform({ verb: "transfer", body })} />`
      : html`<${Choices} rows=${rows} isNumbered=${step.field !== "find"} hasMore=${hasMore} onChoose=${choose} onMore=${() => setPage(page + 1)} />`}
    ${rows.length === 0 && step.field !== "note" && step.nil && (step.field !== "find" || typed) && html`<p class="nil">${say(step.nil)}</p>`}
    <p class="whynot" role="alert">${actions.feed.link.value !== "live" ? t("Link lost. Nothing is sent.") : why ? say(why) : notice && noticeText(notice)}</p>
    <footer>
      ${step.isEnding && ["F2", "F8"].map((name) => {
        const key = keyNamed(keys, name);
        return key && html`<button type="button" key=${name} class=${name === "F2" ? "fill" : "line"} data-first=${name === "F2"} onClick=${() => finishWith(name)}><kbd>${name}</kbd>${say(key.label)}</button>`;
      })}
      ${depth > 1 && html`<button type="button" class="word" onClick=${back}>${!step.field && html`<kbd>0</kbd>`}${t("Back")}</button>`}
      <button type="button" class="word" onClick=${close}><kbd>Esc</kbd>${t("Cancel")}</button>
    </footer>
  </dialog>`;
}

/**
 * Where a number is typed, a digit belongs to it and chooses nothing.
 * @param {{ rows: Choice[], isNumbered: boolean, hasMore: boolean, onChoose: (choice: Choice) => void, onMore: () => void }} props
 */
function Choices({ rows, isNumbered, hasMore, onChoose, onMore }) {
  const digit = (/** @type {number} */ n) => (isNumbered ? html`<kbd>${n}</kbd>` : null);
  return html`<ol class=${isNumbered ? "choices" : "choices plain"}>
    ${rows.map((choice, i) => html`<li key=${i}><button type="button" class=${choice.off ? "off" : ""} aria-disabled=${choice.off ? "true" : "false"} aria-keyshortcuts=${isNumbered ? i + 1 : null} onClick=${() => onChoose(choice)}>
      ${digit(i + 1)}<span class="nm">${labelText(choice.label)}</span>${choice.note && html`<small class="nm">${labelText(choice.note)}</small>`}</button></li>`)}
    ${hasMore && html`<li key="more"><button type="button" aria-keyshortcuts=${isNumbered ? rows.length + 1 : null} onClick=${onMore}>${digit(rows.length + 1)}<span class="nm">${t("Others…")}</span></button></li>`}
  </ol>`;
}

/** @param {{ body: object, onDone: (body: object) => void }} props */
function NoteForm({ body, onDone }) {
  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const note = String(data.get("note") ?? "").trim();
    onDone({ ...body, ...(note && { note }), ...(data.has("return") && { return: true }) });
  }
  return html`<form onSubmit=${submit}>
    <label>${t("Note")}<input name="note" type="text" maxlength="200" autocomplete="off" data-first=${true} /></label>
    <label class="check"><input name="return" type="checkbox" />${t("And back to this counter afterwards")}</label>
    <button class="fill"><kbd>Enter</kbd>${t("Transfer")}</button>
  </form>`;
}

/**
 * What a key means in the dialog; null when the browser or the text field should have it. A key that is held down since
 * the question before is no answer to this one.
 * @param {KeyboardEvent} event
 * @param {boolean} isTyping
 * @returns {number | string | null}
 */
function wishOf(event, isTyping) {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return null;
  const number = Number(/^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1] ?? NaN);
  const isEnter = event.key === "Enter";
  if (event.repeat) return isEnter || !Number.isNaN(number) || /^(F\d+|Numpad\w+| )$/.test(event.code) ? "held" : null;
  if (/^F([1-4]|[6-9]|10)$/.test(event.code)) return event.code;
  // With Num Lock off the keypad would move the cursor; a number is wanted all the same.
  if (isFind(event.target) && event.code.startsWith("Numpad") && number >= 0 && event.key !== String(number)) return `type${number}`;
  if (isTyping) return isEnter && isFind(event.target) ? "enter" : event.code === "ArrowDown" && isFind(event.target) ? "next" : null;
  if (number > 0 && !event.shiftKey) return number;
  if (number === 0 || event.code === "Backspace" || event.code === "NumpadDecimal") return "back";
  if (event.code === "ArrowDown") return "next";
  return event.code === "ArrowUp" ? "previous" : null;
}

/** @param {EventTarget | null} target */
function isField(target) {
  return target instanceof HTMLInputElement && target.type === "text";
}

/** @param {EventTarget | null} target */
function isFind(target) {
  return target instanceof HTMLElement && target.classList.contains("find");
}

/** @param {HTMLElement | null} dialog */
function focusFirst(dialog) {
  const first = FIRST.map((selector) => dialog?.querySelector(selector)).find((node) => node);
  if (first instanceof HTMLElement) first.focus();
}

/** @param {HTMLElement | null} dialog */
function focusRow(dialog) {
  const row = dialog?.querySelector(".choices button");
  if (row instanceof HTMLElement) row.focus();
}

/** @param {HTMLElement | null} dialog @param {"next" | "previous"} way */
function moveFocus(dialog, way) {
  const all = /** @type {HTMLElement[]} */ ([...(dialog?.querySelectorAll("input, button") ?? [])]);
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  all[(at + (way === "next" ? 1 : -1) + all.length) % all.length]?.focus();
}
