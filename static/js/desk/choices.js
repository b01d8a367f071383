/** What several questions share: the hall's reasons as choices, and the number at the counter. Pure. */

/** @typedef {import("./model.js").Desk} Desk */
/** @typedef {import("./menu.js").Choice} Choice */

export const NO_REASONS = { msgid: "The hall's set-up has no reason for this." };

/**
 * The hall's reasons for something as choices.
 * @param {Desk} desk
 * @param {string} kind
 * @param {(reason: string) => Partial<Choice>} next what choosing one leads to
 * @returns {Choice[]}
 */
export function reasonChoices({ reasons }, kind, next) {
  return (reasons.get(kind) ?? []).map(({ id, name }) => ({ label: { names: name }, ...next(id) }));
}

/** @param {Desk} desk @returns {{ number: string }} */
export function numberOf({ current }) {
  return { number: current?.number ?? "" };
}
