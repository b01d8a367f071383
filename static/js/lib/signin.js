/** Signing in at a page of the staff that stands at no counter. */

import { html, useState } from "../../vendor/ui.mjs";
import { LanguageKeys } from "../desk/language.js";
import { DemoSignIns, asProblem, asSecret } from "../desk/signin.js";
import { nameOf, t, tProblem } from "./i18n.js";

/**
 * @param {{ api: import("./api.js").Api, page: Hall.Page, title: string, roles: string[], ended: string,
 *   onSignedIn: (answer: Hall.SignedIn) => void }} props
 *   `roles` of the accounts that a demonstration offers; `ended`: the code of why one is here again
 */
export function SignIn({ api, page, title, roles, ended, onSignedIn }) {
  const [problem, setProblem] = useState(ended ? asProblem(ended) : null);
  const [isBusy, setBusy] = useState(false);

  /** @param {string} login @param {string} secret */
  async function signIn(login, secret) {
    setBusy(true);
    setProblem(null);
    try {
      onSignedIn(await api.post("/sign-in", { login, ...asSecret(secret), hall: page.hall }));
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

  return html`<main class="door"><form onSubmit=${submit}>
    <header><h1>${title}</h1><p>${nameOf(page.names).text}</p></header>
    <label>${t("Sign-in name")}<input name="login" autocomplete="username" autocapitalize="none" spellcheck=${false} required autofocus /></label>
    <label>${t("PIN or password")}<input name="secret" type="password" autocomplete="current-password" required /></label>
    <p class="fault" role="alert">${problem && tProblem(problem.code, problem.data)}</p>
    <button class="fill" disabled=${isBusy}>${t("Sign in")}</button>
    <${DemoSignIns} page=${page} roles=${roles} onPick=${(/** @type {Hall.Demo["sign_ins"][number]} */ pick) => signIn(pick.login, pick.secret)} />
    <${LanguageKeys} page=${page} />
  </form></main>`;
}
