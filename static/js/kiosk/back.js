/** Who scanned the own ticket: back in line after a missed call, or how the number stands. */

import { html } from "../../vendor/ui.mjs";
import { nameOf, t } from "../lib/i18n.js";
import { onPress } from "../lib/press.js";
import { Notice } from "./notices.js";
import { second, secondly } from "./twin.js";

/** @param {{visit: import("./visit.js").Visit, screen: import("./visit.js").AtBack}} props */
export function Back({ visit, screen: { stand, isReinstated } }) {
  const act = () => visit.gate.pass(300) && visit.startOver();
  const first = nameOf(stand.sentence);
  const other = second.value ? nameOf(stand.sentence, second.value) : first;
  const ahead = stand.state === "waiting" && stand.ahead > 0;
  const says = html`${ahead && html`<p><b>${t("%(n)s ahead", { n: stand.ahead })}</b></p>${secondly("%(n)s ahead", { n: stand.ahead })}`}<p>${first.text}</p>${other.text !== first.text && html`<span lang=${other.lang}>${other.text}</span>`}`;
  return html`<${Notice} picture=${isReinstated ? "circle-check" : "ticket"} title=${isReinstated ? t("You are back in line.") : t("Your number")}>
    ${secondly(isReinstated ? "You are back in line." : "Your number")}
    <p class="n back-number" style=${{ "--chars": stand.number?.length ?? 4 }}>${stand.number}</p>
    ${says}
    <button class="go" ...${onPress(act)}>${t("Done")}<small>${t("%(n)s s", { n: visit.left_s.value ?? 0 })}</small></button>
  </${Notice}>`;
}
