/** What a press did, or why it did nothing. What can be taken back stands with its key, and is only read out here. */

import { html } from "../../vendor/ui.mjs";
import { t, tProblem } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

/** @param {{ actions: import("./actions.js").Actions, onlyRefused?: boolean }} props a sheet closes by itself when all is well */
export function Notice({ actions, onlyRefused = false }) {
  const notice = actions.notice.value;
  const isShown = notice !== null && (notice.kind === "refused" || !onlyRefused);
  return html`<div class="notices" role="status">${isShown && html`<p class=${notice.kind === "said" && notice.undo ? "unseen" : `notice ${notice.kind}`}>
    ${icon(notice.kind === "said" ? "circle-check" : "triangle-alert")}
    <span>${notice.kind === "said" ? notice.text : notice.code === "offline" ? t("No link to the server. Nothing is sent until it is back.") : tProblem(notice.code, notice.data)}</span></p>`}</div>`;
}
