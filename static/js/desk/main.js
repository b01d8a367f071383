/** The desk's page: sign in, follow the counter, turn presses into verbs. With `?strip` it is a strip of 480 by 96 pixels. */

import { html, render, signal, useEffect } from "../../vendor/ui.mjs";
import { Api } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { turnToOwnLanguage } from "../lib/language.js";
import { readPage } from "../lib/page.js";
import { forgetStaffToken, keepStaffToken, staffToken } from "../lib/session.js";
import { counterText } from "../lib/words.js";
import { Ask } from "./ask.js";
import { Question } from "./dialog.js";
import { DeskScreen } from "./screen.js";
import { DeskSignIn, rememberCounter, rememberedCounter } from "./signin.js";
import { STRIP_KEYS, Strip } from "./strip.js";
import { useWork } from "./work.js";

const page = readPage();
const api = new Api({ hall: page.hall, token: staffToken });
const counter = signal(staffToken() ? rememberedCounter(page.hall) : null);
const hasEnded = signal(false);
const isLeaving = signal(false);
const isStrip = new URLSearchParams(location.search).has("strip");

function App() {
  if (counter.value) return html`<${Desk} key=${counter.value} counter=${counter.value} />`;
  return html`<${DeskSignIn} api=${api} page=${page} hasEnded=${hasEnded.value} onSignedIn=${signedIn} />`;
}

/** @param {Hall.SignedIn} answer @param {string} at */
function signedIn(answer, at) {
  keepStaffToken(answer.token);
  rememberCounter(page.hall, at);
  hasEnded.value = false;
  counter.value = at;
}

async function signOut() {
  await api.post("/sign-out").catch(() => null);
  leave();
}

function leave() {
  forgetStaffToken();
  isLeaving.value = false;
  counter.value = null;
}

/** @param {{ counter: string }} props */
function Desk({ counter: id }) {
  const work = useWork({ api, page, counter: id, isPaused: () => isLeaving.peek(), ...(isStrip && { only: STRIP_KEYS }) });
  const { desk, feed, actions } = work;
  useEffect(() => {
    if (feed.link.value !== "refused") return;
    hasEnded.value = true;
    leave();
  }, [feed.link.value]);
  if (!work.isReady) return html`<main class="door"><p role="status">${t("Reaching the server…")}</p></main>`;
  const ask = html`<${Ask} desk=${desk} ending=${work.ending} actions=${actions} now_ms=${work.now_ms} keys=${work.keys} onItem=${work.onItem} onScript=${work.onScript} />`;
  if (isStrip) return html`<${Strip} work=${work} />${ask}`;
  return html`<${DeskScreen} work=${work} page=${page} onSignOut=${() => (desk.counter?.state === "closed" ? void signOut() : void (isLeaving.value = true))} />
    ${ask}
    ${isLeaving.value && html`<${Leaving} name=${desk.counter?.name ?? ""} actions=${actions} />`}`;
}

/** @param {{ name: string, actions: import("./actions.js").Actions }} props */
function Leaving({ name, actions }) {
  const close = async () => {
    isLeaving.value = false;
    if (await actions.send("close")) await signOut();
  };
  const choices = [{ text: t("Close counter and sign out"), onPick: close }, { text: t("Only sign out"), onPick: () => void signOut() }];
  return html`<${Question} title=${t("Close %(counter)s?", { counter: counterText(name) })} text=${t("Nobody will be called here until it is opened again.")}
    choices=${choices} onCancel=${() => void (isLeaving.value = false)} />`;
}

await turnToOwnLanguage(page);
render(html`<${App} />`, /** @type {Element} */ (document.getElementById("screen")));
