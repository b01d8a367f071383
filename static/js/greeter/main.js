/** The greeter's page: sign in, follow the hall, turn presses into verbs. */

import { html, render, signal, useEffect, useMemo } from "../../vendor/ui.mjs";
import { Api, Problem } from "../lib/api.js";
import { Feed } from "../lib/feed.js";
import { t } from "../lib/i18n.js";
import { turnToOwnLanguage } from "../lib/language.js";
import { readPage, reloadOnNewVersion } from "../lib/page.js";
import { forgetStaffToken, keepStaffToken, staffToken } from "../lib/session.js";
import { SignIn } from "../lib/signin.js";
import { Actions } from "./actions.js";
import { armAtTouch } from "./alarm.js";
import { GreeterScreen } from "./screen.js";

const page = readPage();
const api = new Api({ hall: page.hall, token: staffToken });
const token = signal(staffToken());
const ended = signal("");

function App() {
  if (token.value) return html`<${Greeter} key=${token.value} token=${token.value} />`;
  return html`<${SignIn} api=${api} page=${page} title=${t("Greeter")} roles=${["greeter", "manager"]} ended=${ended.value} onSignedIn=${signedIn} />`;
}

/** @param {Hall.SignedIn} answer */
function signedIn(answer) {
  keepStaffToken(answer.token);
  ended.value = "";
  token.value = answer.token;
}

/** @param {{ token: string }} props */
function Greeter({ token: own }) {
  const { feed, actions } = useMemo(() => {
    const feed = new Feed({ hall: page.hall, view: "greeter", token: own, onVersion: reloadOnNewVersion(page) });
    return { feed, actions: new Actions(api, feed) };
  }, [own]);
  useEffect(() => {
    feed.connect();
    return () => feed.disconnect();
  }, [feed]);
  useEffect(() => {
    if (feed.link.value === "refused") void whyRefused().then(leave);
  }, [feed.link.value]);
  if (!feed.state.value) return html`<main class="door"><p role="status">${t("Reaching the server…")}</p></main>`;
  return html`<${GreeterScreen} feed=${feed} actions=${actions} page=${page} onSignOut=${signOut} />`;
}

/** The sign-in is over, or it is one of another role. */
async function whyRefused() {
  const fault = await api.get("/me").catch((problem) => problem);
  return fault instanceof Problem && fault.code === "not_signed_in" ? fault.code : "forbidden";
}

async function signOut() {
  await api.post("/sign-out").catch(() => null);
  leave("");
}

/** @param {string} code why, when it was not one's own wish */
function leave(code) {
  forgetStaffToken();
  ended.value = code;
  token.value = null;
}

armAtTouch();
await turnToOwnLanguage(page);
render(html`<${App} />`, /** @type {Element} */ (document.getElementById("screen")));
