/** A manager's words: alarms as sentences, the reason of a call, names of devices. */

import { clockTime } from "../lib/format.js";
import { language, nameOf, t, tn } from "../lib/i18n.js";
import { counterText, counterTitle, deviceName, joined, named, ownPart } from "../lib/words.js";
import { beyond_s } from "./model.js";

const COUNTERS_NAMED = 4;
const HEAD_START_LEAST_S = 30;

/** @typedef {import("./model.js").Floor} Floor */
/** @typedef {import("./model.js").Alarm} Alarm */
/** @typedef {{ icon: import("../lib/icons.js").IconName, title: string, text: string }} AlarmWords */

const PRINTER_STATES = /** @type {Record<string, string>} */ ({
  near_end: "Printer %(id)s is running low on paper",
  paper_out: "Printer %(id)s is out of paper",
  cover_open: "The cover of printer %(id)s is open",
  error: "Printer %(id)s reports a fault",
  unreachable: "Printer %(id)s cannot be reached",
});

/**
 * @param {Alarm} alarm
 * @param {Floor} floor
 * @param {string} timezone
 * @returns {AlarmWords}
 */
export function alarmWords(alarm, floor, timezone) {
  switch (alarm.kind) {
    case "late":
      return lateWords(alarm, floor);
    case "unserved":
      return {
        icon: "triangle-alert",
        title: t("No open counter serves %(service)s", { service: nameOf(alarm.service.name).text }),
        text: tn("%(n)s person is waiting", "%(n)s people are waiting", alarm.n),
      };
    case "long":
      return longWords(alarm.running);
    case "soon":
      return {
        icon: "clock-alert",
        title: tn("%(n)s person reaches the promise within 5 min", "%(n)s people reach the promise within 5 min", alarm.n),
        text: nameOf(alarm.service.name).text,
      };
    case "printer":
      return { icon: "printer-x", title: t(PRINTER_STATES[alarm.device.state ?? ""] ?? "Printer %(id)s reports a fault", { id: ownPart(alarm.device.id, "printer") }), text: heardWords(alarm.device, timezone) };
    case "silent":
      return { icon: "unplug", title: t("%(device)s has gone silent", { device: deviceName(alarm.device) }), text: heardWords(alarm.device, timezone) };
    case "paper":
      return paperWords(alarm.paper, timezone);
  }
}

/**
 * @param {Extract<Alarm, { kind: "late" }>} alarm
 * @param {Floor} floor
 * @returns {AlarmWords}
 */
function lateWords({ turn, more, counters }, floor) {
  const waited = t("%(service)s, waited %(n)s min.", { service: named(floor.services, turn.service), n: Math.floor(turn.waited_s / 60) });
  const others = more ? tn("%(n)s other is late too.", "%(n)s others are late too.", more) : "";
  return {
    icon: "triangle-alert",
    title: t("%(number)s is %(n)s min beyond the promise", { number: turn.number, n: Math.max(1, Math.floor(beyond_s(turn) / 60)) }),
    text: joined([waited, others, ableWords(counters)].filter(Boolean)),
  };
}

/**
 * @param {Extract<Alarm, { kind: "long" }>["running"]} running
 * @returns {AlarmWords}
 */
function longWords({ counter, current, served_s }) {
  const n = Math.floor(served_s / 60);
  return {
    icon: "clock-alert",
    title: t("%(number)s has been at the counter for %(n)s min", { number: current.number, n }),
    text: t("%(counter)s. Perhaps nobody pressed finish.", { counter: counterText(counter.name) }),
  };
}

/** Which open counters could help; said only when they are few. @param {string[]} counters */
function ableWords(counters) {
  if (counters.length === 0 || counters.length > COUNTERS_NAMED) return "";
  const isNumbered = counters.every((name) => counterTitle(name).isNumber);
  const names = counters.join(/^zh/.test(language.value) ? "、" : ", ");
  return isNumbered ? t("Open for it: counter %(names)s.", { names }) : t("Open for it: %(names)s.", { names });
}

/**
 * @param {Floor["papers"][number]} paper
 * @param {string} timezone
 * @returns {AlarmWords}
 */
function paperWords({ number, printer, state, at }, timezone) {
  const title = state === "failed" ? "The paper of %(number)s did not come out" : "Nobody knows whether the paper of %(number)s came out";
  return { icon: "printer-x", title: t(title, { number }), text: t("Printer %(id)s, %(time)s. The number stays valid.", { id: ownPart(printer, "printer"), time: clockTime(at, timezone) }) };
}

/** @param {Hall.DeviceRecord} device @param {string} timezone */
function heardWords({ last_seen }, timezone) {
  return last_seen ? t("Last heard at %(time)s", { time: clockTime(last_seen, timezone) }) : t("Not heard yet today");
}

/**
 * Why this one, in a few words: first come, a head start, and how many were overtaken.
 * @param {Hall.RecentCall} call
 */
export function reasonWords({ why, wait_s }) {
  const n = why?.passed_over.reduce((sum, line) => sum + line.count, 0) ?? 0;
  if (!why || n === 0) return t("came first");
  const head_s = (why.score ?? 0) - wait_s;
  const over = tn("overtook %(n)s person", "overtook %(n)s people", n);
  if (why.rule !== "head_start" || head_s < HEAD_START_LEAST_S) return over;
  return `${t("head start %(n)s min", { n: Math.round(head_s / 60) })}${/^zh/.test(language.value) ? "，" : ", "}${over}`;
}

/**
 * "11月24日 周二", "Tuesday 24 November".
 * @param {number} at_ms
 * @param {string} timeZone
 * @param {string} lang
 */
export function dateWords(at_ms, timeZone, lang) {
  const locale = lang === "en" ? "en-GB" : lang;
  const isHan = /^(zh|ja)/.test(lang);
  const day = new Intl.DateTimeFormat(locale, { timeZone, day: "numeric", month: isHan ? "long" : "short" }).format(at_ms);
  const weekday = new Intl.DateTimeFormat(locale, { timeZone, weekday: "short" }).format(at_ms);
  return isHan ? `${day} ${weekday}` : `${weekday} ${day}`;
}
