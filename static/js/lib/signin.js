/** Signing in at a page of the staff: who, and the PIN or password; at a desk also at which counter. */

import { html, useState } from "../../vendor/ui.mjs";
import { Problem } from "./api.js";
import { nameOf, t, tProblem } from "./i18n.js";
import { LanguageKeys } from "./language.js";

/**
 * @param {object} props
 * @param {import("./api.js").Api} props.api
 * @param {Hall.Page} props.page
 * @param {string} props.title
 * @param {string[]} props.roles of the accounts that a demonstration offers
 * @param {string} props.ended the code of why one is here again
 * @param {string} [props.counter] where one signs in, at a page that stands at a counter
 * @param {boolean} [props.isReady] false until all that is asked can be chosen
 * @param {import("../../vendor/ui.mjs").Child} [props.children] what is asked before the name
 * @param {(answer: Hall.SignedIn, counter: string) => void} props.onSignedIn
 */
export function SignIn({ api, page, title, roles, ended, counter, isReady = true, children, onSignedIn }) {
  const [problem, setProblem] = useState(ended ? asProblem(ended) : null);
  const [isBusy, setBusy] = useState(false);

  /** @param {string} login @param {string} secret @param {string} [at] */
  async function signIn(login, secret, at = counter) {
    setBusy(true);
    setProblem(null);
    try {
      const body = { login, ...asSecret(secret), hall: page.hall, ...(at !== undefined && { counter: at }) };
      onSignedIn(await api.post("/sign-in", body), at ?? "");
    } catch (fault) {
      setProblem(asProblem(fault));
      setBusy(false);
    }
  }

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
    void signIn(String(data.get("login")).trim(), String(data.get("secret")));
  }

  /** @param {Hall.Demo["sign_ins"][number]} account */
  function pick(account) {
    void signIn(account.login, account.secret, counter === undefined ? undefined : (account.counter ?? counter));
  }

  return html`<main class="door"><form onSubmit=${submit}>
    <header><h1>${title}</h1><p>${nameOf(page.names).text}</p></header>
    ${children}
    <label>${t("Sign-in name")}<input name="login" autocomplete="username" autocapitalize="none" spellcheck=${false} required autofocus /></label>
    <label>${t("PIN or password")}<input name="secret" type="password" autocomplete="current-password" required /></label>
    <p class="fault" role="alert">${problem && tProblem(problem.code, problem.data)}</p>
    <button class="fill" disabled=${isBusy || !isReady}>${isReady ? t("Sign in") : t("Reaching the server…")}</button>
    <${DemoSignIns} page=${page} roles=${roles} onPick=${pick} />
    <${LanguageKeys} page=${page} />
  </form></main>`;
}

/**
 * What the door says of a fault.
 * @param {unknown} fault a `Problem`, its code, or anything else that went wrong
 * @returns {{ code: string, data?: Record<string, unknown> }}
 */
function asProblem(fault) {
  return fault instanceof Problem ? fault : { code: typeof fault === "string" ? fault : "unknown" };
}

/**
 * In a demonstration the accounts are no secret: one press signs in.
 * @param {{ page: Hall.Page, roles: string[], onPick: (pick: Hall.Demo["sign_ins"][number]) => void }} props
 */
function DemoSignIns({ page, roles, onPick }) {
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
function asSecret(secret) {
  return /^[0-9]{1,12}$/.test(secret) ? { pin: secret } : { password: secret };
}
