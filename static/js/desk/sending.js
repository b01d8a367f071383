/** The questions about who goes where: transfer, a chosen number, somebody without one. Pure, as `menu.js`. */

import { NO_REASONS, numberOf, reasonChoices } from "./choices.js";

/** @typedef {import("./model.js").Desk} Desk */
/** @typedef {import("./menu.js").Choice} Choice */
/** @typedef {import("./menu.js").MakeStep} MakeStep */

const FOUND_MOST = 8;

/** @type {Record<string, MakeStep>} */
export const sending = {
  transfer,
  "transfer-service": transferService,
  "transfer-counter": transferCounter,
  "transfer-staff": transferStaff,
  "transfer-note": transferNote,
  pick,
  "pick-reason": pickReason,
  "walk-in": walkIn,
  "walk-in-who": walkInWho,
};

/** @type {MakeStep} */
function transfer(desk) {
  if (!desk.current) return null;
  const { counters } = desk.elsewhere;
  const nobody = counters.length ? null : { msgid: "No other counter is open." };
  const noClerk = counters.some(({ staff }) => staff) ? null : { msgid: "No clerk is at another counter." };
  return {
    title: { msgid: "Transfer %(number)s: where to?", values: numberOf(desk) },
    text: [{ msgid: "The visitor keeps the number and the place of the first wait." }],
    choices: [
      { label: { msgid: "To another service" }, go: { id: "transfer-service" } },
      { label: { msgid: "To a counter" }, off: nobody, go: { id: "transfer-counter" } },
      { label: { msgid: "To a clerk" }, off: noClerk, go: { id: "transfer-staff" } },
      { label: { msgid: "To a service at a counter" }, off: nobody, go: { id: "transfer-service", of: { then: "transfer-counter" } } },
      { label: { msgid: "To a service with a clerk" }, off: noClerk, go: { id: "transfer-service", of: { then: "transfer-staff" } } },
    ],
  };
}

/** @type {MakeStep} */
function transferService(desk, { of }) {
  const choices = desk.elsewhere.services
    .filter(({ id }) => id !== desk.current?.service)
    .map(({ id, name }) => ({ label: { names: name }, go: { id: of?.then ?? "transfer-note", body: { service: id } } }));
  return { title: { msgid: "To which service?" }, choices, nil: { msgid: "There is no other service." } };
}

/** Whoever is sent to a counter is called there, whatever it offers; those that offer the service come first. @type {MakeStep} */
function transferCounter({ elsewhere }, { body }) {
  const service = body && "service" in body ? String(body.service) : null;
  const offers = (/** @type {{ services: string[] }} */ { services }) => service === null || services.includes(service);
  const choices = [...elsewhere.counters.filter(offers), ...elsewhere.counters.filter((one) => !offers(one))].map((one) => ({
    label: { counter: one.name },
    note: one.state !== "open" ? { msgid: "Paused" } : offers(one) ? { text: one.staff_name ?? "" } : { msgid: "not its service" },
    go: { id: "transfer-note", body: { ...body, counter: one.id } },
  }));
  return { title: { msgid: "To which counter?" }, choices, nil: { msgid: "No other counter is open." } };
}

/** @type {MakeStep} */
function transferStaff({ elsewhere }, { body }) {
  const choices = elsewhere.counters.flatMap(({ staff, staff_name, name }) => staff
    ? [{ label: { text: staff_name ?? staff }, note: { counter: name }, go: { id: "transfer-note", body: { ...body, staff } } }]
    : []);
  return { title: { msgid: "To which clerk?" }, choices, nil: { msgid: "No clerk is at another counter." } };
}

/** @type {MakeStep} */
function transferNote(desk, { body }) {
  if (!desk.current || !body) return null;
  return {
    title: { msgid: "Transfer %(number)s", values: numberOf(desk) },
    text: [{ msgid: "A note for the next clerk, kept apart from the log. It may stay empty." }],
    field: "note",
    choices: [],
  };
}

/** @type {MakeStep} */
function pick(desk) {
  return {
    title: { msgid: "Which number?" },
    text: [{ msgid: "Type the number, then Enter. Whoever waited longer is recorded as passed over." }],
    field: "find",
    choices: found(desk, ""),
    nil: { msgid: "No such number is waiting." },
  };
}

/**
 * Waiting numbers that fit what was typed, as choices; nobody is named whom the hall does not let a desk see.
 * @param {Desk} desk
 * @param {string} typed
 * @returns {Choice[]}
 */
export function found(desk, typed) {
  const wanted = typed.trim().toUpperCase();
  const isWhole = desk.calling.line_shown !== "all";
  const fits = desk.waiting.filter(({ number }) => (isWhole ? isThat(number, wanted) : number.includes(wanted)));
  const exact = fits.filter(({ number }) => isThat(number, wanted));
  return (exact.length ? exact : fits).slice(0, FOUND_MOST).map((turn) => ({
    label: { text: turn.number },
    note: { names: desk.services.get(turn.service)?.name ?? {} },
    ...(desk.calling.pick === "free" ? { deed: callOf(desk, turn.ticket, undefined) } : { go: { id: "pick-reason", of: { ticket: turn.ticket, number: turn.number } } }),
  }));
}

/** "47" is A047 and B047. @param {string} number @param {string} wanted */
function isThat(number, wanted) {
  const digits = number.replace(/^\D+/, "");
  return wanted !== "" && (number === wanted || (/^\d+$/.test(wanted) && Number(digits) === Number(wanted)));
}

/** @type {MakeStep} */
function pickReason(desk, { of }) {
  if (!of?.ticket) return null;
  const { ticket, number } = of;
  const choices = reasonChoices(desk, "pick", (reason) => ({ deed: callOf(desk, ticket, reason) }));
  const text = desk.current ? [{ msgid: "%(number)s is finished with the same press.", values: numberOf(desk) }] : [];
  return { title: { msgid: "Call %(number)s before others: why?", values: { number: number ?? "" } }, text, choices, nil: NO_REASONS };
}

/** @param {Desk} desk @param {string} ticket @param {string | undefined} reason */
function callOf(desk, ticket, reason) {
  return { verb: "call", body: { ticket, ...(reason && { reason }), ...(desk.current && { finish: true }) } };
}

/** @type {MakeStep} */
function walkIn(desk) {
  const { counter, elsewhere, services } = desk;
  const own = new Set(counter?.services ?? []);
  const first = [...elsewhere.services].sort((a, b) => Number(own.has(b.id)) - Number(own.has(a.id)));
  const choices = (first.length ? first : [...services.values()]).map(({ id, name }) => ({ label: { names: name }, ...walkInNext(desk, id) }));
  return { title: { msgid: "Without a number: which service?" }, text: [{ msgid: "A number is given, and everybody waiting is recorded as passed over." }], choices, nil: { msgid: "There is no other service." } };
}

/** @param {Desk} desk @param {string} service @returns {Partial<Choice>} */
function walkInNext(desk, service) {
  const [only, ...others] = walkInWhos(desk, service);
  return only && others.length === 0 ? { deed: only.deed } : { go: { id: "walk-in-who", of: { service } } };
}

/** @type {MakeStep} */
function walkInWho(desk, { of }) {
  if (!of?.service) return null;
  return { title: { msgid: "Without a number: who is it?" }, text: [{ names: desk.services.get(of.service)?.name ?? {} }], choices: walkInWhos(desk, of.service) };
}

/**
 * Every class in every language of the hall; what holds when nothing is said comes first.
 * @param {Desk} desk
 * @param {string} service
 * @returns {Choice[]}
 */
function walkInWhos({ hall, classes }, service) {
  const kinds = [...classes.values()].sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
  const languages = hall?.languages ?? [];
  return languages.flatMap((language, l) => kinds.map(({ id, name }, k) => ({
    label: { names: name },
    note: languages.length > 1 ? { language } : null,
    deed: { verb: "walk-in", body: { service, ...(k > 0 && { class: id }), ...(l > 0 && { language }) } },
  })));
}
