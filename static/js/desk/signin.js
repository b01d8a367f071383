/** Signing in at a desk: which counter this is (the PC remembers), who, and the PIN or password. */

import { html, useEffect, useState } from "../../vendor/ui.mjs";
import { Problem } from "../lib/api.js";
import { nameOf, t, tProblem } from "../lib/i18n.js";
import { LanguageKeys } from "./language.js";
import { counterText } from "./words.js";

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
export function SignIn({ api, page, hasEnded, onSignedIn }) {
  const counters = useCounters(api);
  const [chosen, choose] = useState(rememberedCounter(page.hall) ?? "");
  const [problem, setProblem] = useState(hasEnded ? asProblem("not_signed_in") : null);
  const [isBusy, setBusy] = useState(false);
  const counter = chosen || counters?.[0]?.id || "";

  /** @param {string} login @param {string} secret @param {string} at */
  async function signIn(login, secret, at) {
    setBusy(true);
    setProblem(null);
    try {
      const body = { login, ...asSecret(secret), hall: page.hall, counter: at };
      onSignedIn(await api.post("/sign-in", body), at);
    } catch (fault) {
      setProblem(asProblem(fault));
      setBusy(false);
    }
  }

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
    void signIn(String(data.get("login")).trim(), String(data.get("secret")), counter);
  }

  return html`<main class="door">
    <form onSubmit=${submit}>
      <header><h1>${t("Counter desk")}</h1><p>${nameOf(page.names).text}</p></header>
      <label>${t("This counter")}
        <select name="counter" value=${counter} onChange=${(/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value)} disabled=${!counters}>
          ${counters?.map(({ id, name }) => html`<option key=${id} value=${id} selected=${id === counter}>${counterText(name)}</option>`)}
        </select>
      </label>
      <label>${t("Sign-in name")}<input name="login" autocomplete="username" autocapitalize="none" spellcheck=${false} required autofocus /></label>
      <label>${t("PIN or password")}<input name="secret" type="password" autocomplete="current-password" required /></label>
      <p class="fault" role="alert">${problem && tProblem(problem.code, problem.data)}</p>
      <button class="fill" disabled=${isBusy || !counters}>${counters ? t("Sign in") : t("Reaching the server…")}</button>
      <${DemoSignIns} page=${page} roles=${["clerk"]} onPick=${(/** @type {Hall.Demo["sign_ins"][number]} */ pick) => signIn(pick.login, pick.secret, pick.counter ?? counter)} />
      <${LanguageKeys} page=${page} />
    </form>
  </main>`;
}

/**
 * What the door says of a fault.
 * @param {unknown} fault a `Problem`, its code, or anything else that went wrong
 * @returns {{ code: string, data?: Record<string, unknown> }}
 */
export function asProblem(fault) {
  return fault instanceof Problem ? fault : { code: typeof fault === "string" ? fault : "unknown" };
}

/**
 * In a demonstration the accounts are no secret: one press signs in.
 * @param {{ page: Hall.Page, roles: string[], onPick: (pick: Hall.Demo["sign_ins"][number]) => void }} props
 */
export function DemoSignIns({ page, roles, onPick }) {
  const picks = (page.demo?.sign_ins ?? []).filter((pick) => roles.includes(pick.role));
  if (picks.length === 0) return null;
  return html`<div class="picks"><span>${t("Demonstration: sign in as")}</span>
    ${picks.map((pick) => html`<button type="button" key=${pick.login} onClick=${() => onPick(pick)}>${pick.name ?? pick.login}</button>`)}
  </div>`;
}

/**
 * Digits alone are a PIN, anything else a password.
 * @param {string} secret
 */
export function asSecret(secret) {
  return /^[0-9]{1,12}$/.test(secret) ? { pin: secret } : { password: secret };
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
