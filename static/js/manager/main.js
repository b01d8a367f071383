/** The manager's page: sign in, follow the hall. Everything on it is live; calls for help are answered here. */

import { html, render, signal, useEffect, useMemo, useState } from "../../vendor/ui.mjs";
import { LanguageKeys, turnToOwnLanguage } from "../desk/language.js";
import { DemoSignIns, asProblem, asSecret } from "../desk/signin.js";
import { Api } from "../lib/api.js";
import { Feed } from "../lib/feed.js";
import { nameOf, t, tProblem } from "../lib/i18n.js";
import { readPage, reloadOnNewVersion } from "../lib/page.js";
import { forgetStaffToken, keepStaffToken, staffToken } from "../lib/session.js";
import { Answers, Devices } from "./answers.js";
import { Corrections } from "./corrections.js";
import { ManagerScreen } from "./screen.js";

const page = readPage();
const api = new Api({ hall: page.hall, token: staffToken });
const token = signal(staffToken());
const ended = signal("");

function App() {
  return token.value ? html`<${Manager} key=${token.value} token=${token.value} />` : html`<${SignIn} />`;
}

function SignIn() {
  const [problem, setProblem] = useState(ended.value ? asProblem(ended.value) : null);
  const [isBusy, setBusy] = useState(false);

  /** @param {string} login @param {string} secret */
  async function signIn(login, secret) {
    setBusy(true);
    setProblem(null);
    try {
      const answer = /** @type {Hall.SignedIn} */ (await api.post("/sign-in", { login, ...asSecret(secret), hall: page.hall }));
      keepStaffToken(answer.token);
      token.value = answer.token;
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
    <header><h1>${t("The hall now")}</h1><p>${nameOf(page.names).text}</p></header>
    <label>${t("Sign-in name")}<input name="login" autocomplete="username" autocapitalize="none" spellcheck=${false} required autofocus /></label>
    <label>${t("PIN or password")}<input name="secret" type="password" autocomplete="current-password" required /></label>
    <p class="fault" role="alert">${problem && tProblem(problem.code, problem.data)}</p>
    <button class="fill" disabled=${isBusy}>${t("Sign in")}</button>
    <${DemoSignIns} page=${page} roles=${["manager", "admin"]} onPick=${(/** @type {Hall.Demo["sign_ins"][number]} */ pick) => signIn(pick.login, pick.secret)} />
    <${LanguageKeys} page=${page} />
  </form></main>`;
}

/** @param {{ token: string }} props */
function Manager({ token: own }) {
  const feed = useMemo(() => new Feed({ hall: page.hall, view: "manager", token: own, onVersion: reloadOnNewVersion(page) }), [own]);
  const { answers, devices, corrections } = useMemo(() => ({ answers: new Answers(api), devices: new Devices(api), corrections: new Corrections(api) }), [own]);
  useEffect(() => {
    feed.connect();
    devices.connect();
    return () => {
      feed.disconnect();
      devices.disconnect();
    };
  }, [feed]);
  useEffect(() => {
    if (feed.link.value === "refused") leave("forbidden");
  }, [feed.link.value]);
  if (!feed.state.value) return html`<main class="door"><p role="status">${t("Reaching the server…")}</p></main>`;
  return html`<${ManagerScreen} feed=${feed} answers=${answers} devices=${devices} corrections=${corrections} page=${page} onSignOut=${signOut} />`;
}

async function signOut() {
  await api.post("/sign-out").catch(() => null);
  leave("");
}

/** @param {string} code why, when it was not the manager's own wish */
function leave(code) {
  forgetStaffToken();
  ended.value = code;
  token.value = null;
}

await turnToOwnLanguage(page);
render(html`<${App} />`, /** @type {Element} */ (document.getElementById("screen")));
