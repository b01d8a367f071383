/** The desk's page: sign in, follow the counter, turn presses into verbs. */

import { html, render, signal, useEffect, useMemo, useRef } from "../../vendor/ui.mjs";
import { Api } from "../lib/api.js";
import { Feed } from "../lib/feed.js";
import { t } from "../lib/i18n.js";
import { readPage, reloadOnNewVersion } from "../lib/page.js";
import { forgetStaffToken, keepStaffToken, staffToken } from "../lib/session.js";
import { Actions } from "./actions.js";
import { Question } from "./dialog.js";
import { judgeKey, keysOf } from "./keys.js";
import { turnToOwnLanguage } from "./language.js";
import { deskOf } from "./model.js";
import { DeskScreen } from "./screen.js";
import { SignIn, rememberCounter, rememberedCounter } from "./signin.js";
import { counterText } from "./words.js";

/** @typedef {import("./model.js").Outcome} Outcome */
/** @typedef {import("./keys.js").DeskKey} DeskKey */

const page = readPage();
const api = new Api({ hall: page.hall, token: staffToken });
const counter = signal(staffToken() ? rememberedCounter(page.hall) : null);
const hasEnded = signal(false);

function App() {
  if (counter.value) return html`<${Desk} key=${counter.value} counter=${counter.value} />`;
  return html`<${SignIn} api=${api} page=${page} hasEnded=${hasEnded.value} onSignedIn=${signedIn} />`;
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
  counter.value = null;
}

/** @param {{ counter: string }} props */
function Desk({ counter: id }) {
  const { feed, actions, outcome, question } = useMemo(() => openDesk(id), [id]);
  const records = feed.state.value?.records;
  const desk = deskOf(records ?? {});
  const latest = useRef(desk);
  latest.current = desk;
  useEffect(() => {
    feed.connect();
    return () => feed.disconnect();
  }, [feed]);
  useEffect(() => void (outcome.value = "served"), [desk.current?.ticket]);
  useEffect(() => {
    if (feed.link.value !== "refused") return;
    hasEnded.value = true;
    leave();
  }, [feed.link.value]);
  useEffect(() => onKeyboard((name) => {
    if (question.peek()) return;
    const keys = keysOf(latest.current, outcome.peek(), feed.clock.now_ms() ?? 0);
    const key = keys.find((one) => one?.key === name);
    if (key && feed.state.peek()) void actions.press(key);
  }), [feed]);

  if (!records) return html`<main class="door"><p role="status">${t("Reaching the server…")}</p></main>`;
  return html`<${DeskScreen} desk=${desk} feed=${feed} actions=${actions} page=${page} outcome=${outcome.value}
      onOutcome=${(/** @type {Outcome} */ next) => void (outcome.value = next)}
      onKey=${(/** @type {DeskKey} */ key) => void actions.press(key)}
      onClose=${() => void (question.value = "close")}
      onSignOut=${() => (desk.counter?.state === "closed" ? void signOut() : void (question.value = "leave"))} />
    ${question.value && html`<${Leaving} kind=${question.value} name=${desk.counter?.name ?? ""} actions=${actions} onDone=${() => void (question.value = null)} />`}`;
}

/** @param {string} id */
function openDesk(id) {
  const feed = new Feed({ hall: page.hall, view: "desk", params: { counter: id }, token: staffToken(), onVersion: reloadOnNewVersion(page) });
  return {
    feed,
    actions: new Actions(api, id, feed),
    outcome: signal(/** @type {Outcome} */ ("served")),
    question: signal(/** @type {"close" | "leave" | null} */ (null)),
  };
}

/** @param {{ kind: "close" | "leave", name: string, actions: Actions, onDone: () => void }} props */
function Leaving({ kind, name, actions, onDone }) {
  const title = t("Close %(counter)s?", { counter: counterText(name) });
  const text = t("Nobody will be called here until it is opened again.");
  const close = async () => {
    onDone();
    const isClosed = await actions.send("close");
    if (isClosed && kind === "leave") await signOut();
  };
  const choices = kind === "close"
    ? [{ text: t("Close counter"), onPick: close }]
    : [{ text: t("Close counter and sign out"), onPick: close }, { text: t("Only sign out"), onPick: () => void signOut() }];
  return html`<${Question} title=${title} text=${text} choices=${choices} onCancel=${onDone} />`;
}

/**
 * Tells each meant press of a desk key; gives the function that stops.
 * @param {(key: string) => void} pressed
 */
function onKeyboard(pressed) {
  /** @param {KeyboardEvent} event */
  const hear = (event) => {
    const verdict = judgeKey(event);
    if (verdict === "not ours") return;
    event.preventDefault();
    if (verdict === "ours") pressed(event.key);
  };
  addEventListener("keydown", hear);
  return () => removeEventListener("keydown", hear);
}

await turnToOwnLanguage(page);
render(html`<${App} />`, /** @type {Element} */ (document.getElementById("screen")));
