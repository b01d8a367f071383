/** A question before something that is not undone by a key. Esc or the backdrop of silence means no. */

import { html, useEffect, useRef } from "../../vendor/ui.mjs";
import { t } from "../lib/i18n.js";

/** @typedef {{ text: string, onPick: () => void }} Choice */

/**
 * @param {{ title: string, text: string, choices: Choice[], onCancel: () => void }} props the first choice is the filled one
 */
export function Question({ title, text, choices, onCancel }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  /** A digit chooses, as in every question. @param {KeyboardEvent} event */
  function hear(event) {
    const n = Number(/^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1] ?? 0);
    if (!event.repeat && !event.shiftKey) choices[n - 1]?.onPick();
  }

  return html`<dialog ref=${dialog} onCancel=${onCancel} onKeyDown=${hear} aria-labelledby="question">
    <h2 id="question">${title}</h2>
    <p>${text}</p>
    <div class="choices">
      ${choices.map((choice, i) => html`<button type="button" key=${choice.text} class=${i === 0 ? "fill" : "line"} onClick=${choice.onPick}><kbd>${i + 1}</kbd>${choice.text}</button>`)}
      <button type="button" class="line" onClick=${onCancel}><kbd>Esc</kbd>${t("Cancel")}</button>
    </div>
  </dialog>`;
}
