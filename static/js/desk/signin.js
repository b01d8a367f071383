/** Signing in at a desk: which counter this is (the PC remembers), beside who it is. */

import { html, useEffect, useState } from "../../vendor/ui.mjs";
import { t } from "../lib/i18n.js";
import { SignIn } from "../lib/signin.js";
import { counterText } from "../lib/words.js";

const COUNTER_KEY = "hall.desk.counter";
const RETRY_MS = 3_000;

/** @typedef {{ id: string, name: string, area: string }} CounterChoice */

/** The counter this PC stands at, as last chosen here. @param {string} hall */
export function rememberedCounter(hall) {
  return localStorage.getItem(`${COUNTER_KEY}.${hall}`);
}

/** @param {string} hall @param {string} counter */
export function rememberCounter(hall, counter) {
  localStorage.setItem(`${COUNTER_KEY}.${hall}`, counter);
}

/**
 * @param {{ api: import("../lib/api.js").Api, page: Hall.Page, hasEnded: boolean,
 *   onSignedIn: (signedIn: Hall.SignedIn, counter: string) => void }} props
 */
export function DeskSignIn({ api, page, hasEnded, onSignedIn }) {
  const counters = useCounters(api);
  const [chosen, choose] = useState(rememberedCounter(page.hall) ?? "");
  const counter = chosen || counters?.[0]?.id || "";
  return html`<${SignIn} api=${api} page=${page} title=${t("Counter desk")} roles=${["clerk"]} ended=${hasEnded ? "not_signed_in" : ""}
    counter=${counter} isReady=${counters !== null} onSignedIn=${onSignedIn}>
    <label>${t("This counter")}
      <select name="counter" value=${counter} onChange=${(/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value)} disabled=${!counters}>
        ${counters?.map(({ id, name }) => html`<option key=${id} value=${id} selected=${id === counter}>${counterText(name)}</option>`)}
      </select>
    </label>
  <//>`;
}

/**
 * The hall's counters; asked again until the server is there.
 * @param {import("../lib/api.js").Api} api
 * @returns {CounterChoice[] | null}
 */
function useCounters(api) {
  const [counters, setCounters] = useState(/** @type {CounterChoice[] | null} */ (null));
  useEffect(() => {
    /** @type {number | undefined} */
    let timer;
    const ask = () => {
      const answer = /** @type {Promise<{ counters: CounterChoice[] }>} */ (api.get(api.hallPath("staff-sign-in")));
      answer.then((found) => setCounters(found.counters)).catch(() => void (timer = setTimeout(ask, RETRY_MS)));
    };
    ask();
    return () => clearTimeout(timer);
  }, []);
  return counters;
}
