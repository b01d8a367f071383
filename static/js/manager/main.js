/** The manager's page: sign in, follow the hall. Everything on it is live; calls for help are answered here. */

import { html, render, signal, useEffect, useMemo } from "../../vendor/ui.mjs";
import { Api } from "../lib/api.js";
import { Feed } from "../lib/feed.js";
import { t } from "../lib/i18n.js";
import { turnToOwnLanguage } from "../lib/language.js";
import { readPage, reloadOnNewVersion } from "../lib/page.js";
import { forgetStaffToken, keepStaffToken, staffToken } from "../lib/session.js";
import { SignIn } from "../lib/signin.js";
import { Answers, Devices } from "./answers.js";
import { Corrections } from "./corrections.js";
import { ManagerScreen } from "./screen.js";

const page = readPage();
const api = new Api({ hall: page.hall, token: staffToken });
const token = signal(staffToken());
const ended = signal("");

function App() {
  if (token.value) return html`<${Manager} key=${token.value} token=${token.value} />`;
  return html`<${SignIn} api=${api} page=${page} title=${t("The hall now")} roles=${["manager", "admin"]} ended=${ended.value} onSignedIn=${signedIn} />`;
}

/** @param {Hall.SignedIn} answer */
function signedIn(answer) {
  keepStaffToken(answer.token);
  ended.value = "";
  token.value = answer.token;
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
