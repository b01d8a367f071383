/** What the kiosk says when something stands in the way, always with the way on. */

import { html, useEffect, useRef } from "../../vendor/ui.mjs";
import { clockTime } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { t, tProblem } from "../lib/i18n.js";
import { onPress } from "../lib/press.js";
import { secondly } from "./twin.js";

/** @typedef {import("./visit.js").Visit} Visit */

/** What helps after a problem; anything else: another service or a person. */
const WAYS_ON = /** @type {Record<string, string>} */ ({
  offline: "Touch again in a moment: you will not get a second number.",
  storage_unavailable: "Touch again in a moment: you will not get a second number.",
  not_a_ticket: "Hold the code on your ticket before the scanner.",
  hall_closed: "Please come back during opening hours.",
  day_closed: "Please come back during opening hours.",
});

/** @param {{visit: Visit, screen: import("./visit.js").AtProblem}} props */
export function ProblemNotice({ visit, screen }) {
  const act = () => visit.gate.pass(300) && visit.open(null);
  const wayOn = WAYS_ON[screen.code] ?? "Choose another service, or ask the staff.";
  return html`<${Notice} picture="triangle-alert" title=${tProblem(screen.code)}>
    <p>${t(wayOn)}</p>${secondly(wayOn)}
    <button class="go" ...${onPress(act)}>${t("Back")}<small>${t("%(n)s s", { n: visit.left_s.value ?? 0 })}</small></button>
  </${Notice}>`;
}

/** @param {{visit: Visit}} props */
export function StillThere({ visit }) {
  return html`<${Notice} picture="clock-alert" title=${t("Are you still there?")}>
    <p>${t("Starting over in %(n)s s", { n: visit.left_s.value ?? 0 })}</p>${secondly("Are you still there?")}
    <button class="go" ...${onPress(() => visit.stirred())}>${t("Go on")}</button>
  </${Notice}>`;
}

/**
 * The link is down. Stands at the foot, so that the services stay readable.
 * @param {{heardAt: string | null, timezone: string}} props
 */
export function CutStrip({ heardAt, timezone }) {
  const words = "Connection lost. Please wait, or ask the staff.";
  return html`<div class="cut" role="alert">${icon("unplug")}<div><b>${t(words)}</b>${secondly(words)}
    ${heardAt && html`<p>${t("Last news at %(time)s", { time: clockTime(heardAt, timezone, { seconds: true }) })}</p>`}</div></div>`;
}

/**
 * @param {object} props
 * @param {import("../lib/icons.js").IconName} props.picture
 * @param {string} props.title
 * @param {import("../../vendor/ui.mjs").Child} [props.children]
 */
export function Notice({ picture, title, children }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => heading.current?.focus(), []);
  return html`<div class="veil" role="alertdialog" aria-modal="true" aria-labelledby="notice"><section class="notice">${icon(picture)}<h1 id="notice" tabindex="-1" ref=${heading}>${title}</h1>${children}</section></div>`;
}
