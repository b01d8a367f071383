/** For the person who sets the kiosk up: a kiosk without a token, or with one that no longer counts, asks for one. */

import { html, useState } from "../../vendor/ui.mjs";
import { Api, Problem } from "../lib/api.js";
import { icon } from "../lib/icons.js";
import { t, tProblem } from "../lib/i18n.js";

const KIOSK_ROLES = ["kiosk"];

/**
 * Asks the server whose token it is; throws a Problem when it is nobody's or not a kiosk's.
 * @param {string} token
 * @returns {Promise<Hall.Me>}
 */
async function requireKiosk(token) {
  const me = /** @type {Hall.Me} */ (await new Api({ token: () => token }).get("/me"));
  if (!KIOSK_ROLES.includes(me.role)) throw new Problem(403, "not_a_kiosk", "");
  return me;
}

/**
 * @param {object} props
 * @param {boolean} props.wasPaired
 * @param {string} props.hall
 * @param {(token: string) => void} props.pair
 */
export function Pairing({ wasPaired, hall, pair }) {
  const [problem, setProblem] = useState("");
  const [isAsking, setAsking] = useState(false);
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const token = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("token") ?? "").trim();
    if (!token || isAsking) return;
    setAsking(true);
    try {
      await requireKiosk(token);
      pair(token);
    } catch (fault) {
      setProblem(fault instanceof Problem ? problemWords(fault) : String(fault));
    }
    setAsking(false);
  };
  return html`<main class="pairing"><form onSubmit=${submit}>
    ${icon("tablet")}
    <h1>${t(wasPaired ? "This kiosk is no longer paired" : "Pair this kiosk")}</h1>
    <p>${t("Paste the kiosk's token. It is made once on the server:")}</p>
    <code>hall token create --hall ${hall || "HALL"} --role kiosk --device ID</code>
    <label for="token">${t("Token")}</label>
    <input id="token" name="token" autocomplete="off" spellcheck=${false} autofocus aria-invalid=${String(Boolean(problem))} aria-describedby="pairing-problem" />
    <p class="problem" id="pairing-problem" role="alert">${problem}</p>
    <button class="go" disabled=${isAsking}>${t("Pair")}</button>
  </form></main>`;
}

/** @param {Problem} problem */
function problemWords({ status, code }) {
  return status === 401 ? t("The server does not know this token.") : tProblem(code);
}
