/** Numbers as people type them, and the tickets that had them. */

/**
 * The numbers that somebody may mean: "a12" is A012, "12" is 12 of every letter, in full width too.
 * @param {string} typed
 * @param {string[]} letters
 * @returns {string[]}
 */
export function numbersOf(typed, letters) {
  const parts = /^([A-Z-]*)([0-9]+)$/.exec(typed.normalize("NFKC").trim().toUpperCase().replace(/\s+/g, ""));
  if (!parts) return [];
  const digits = String(Number(parts[2])).padStart(3, "0");
  return parts[1] ? [parts[1] + digits] : [...new Set(letters)].map((letter) => letter + digits);
}

/**
 * The letters that numbers of a hall begin with: a class may have a series of its own, whatever the service.
 * @param {{ services: Map<string, { letter: string }>, classes: Map<string, Hall.ClassRecord> }} floor
 */
export function lettersOf({ services, classes }) {
  return [...services.values(), ...classes.values()].flatMap(({ letter }) => letter ?? []);
}

/**
 * The newest tickets of each of these numbers; throws a `Problem` where they could not be asked for.
 * @param {import("./api.js").Api} api
 * @param {string[]} numbers
 * @param {number} most of one number
 * @returns {Promise<Hall.FoundTicket[]>}
 */
export async function ticketsOf(api, numbers, most) {
  const lists = await Promise.all(numbers.map(async (number) => {
    const query = new URLSearchParams({ number, limit: String(most) });
    const { tickets } = /** @type {{ tickets: Hall.FoundTicket[] }} */ (await api.get(`${api.hallPath("tickets")}?${query}`));
    return tickets;
  }));
  return lists.flat();
}
