/**
 * Where things stand on a display: columns by area, rows a column, and how a counter's name is set. Pure.
 */

import { recordsOf } from "../lib/fold.js";
import { recentCalls } from "./board.js";

/** @typedef {import("./board.js").Board} Board */
/** @typedef {import("./board.js").Call} Call */
/** @typedef {{ area: Hall.BoardArea | null, rows: ([string, Call] | null)[] }} Column rows are padded with null to the full height */
/** @typedef {"digit" | "pair" | "label" | "phrase"} Face */

const ROWS_LANDSCAPE = 3;
const ROWS_PORTRAIT = { 1: 7, 2: 3, 3: 2 };
const COLUMNS_MAX = 3;
const SIDES = { left: 0, down: 1, none: 1, right: 2 };

/**
 * The areas of a board, from the left side of the room to the right.
 * @param {Hall.Records} records
 * @returns {Hall.BoardArea[]}
 */
export function areasOf(records) {
  /** @type {Hall.BoardArea[]} */
  const areas = recordsOf(records, "area");
  return areas.sort((a, b) => SIDES[a.arrow ?? "none"] - SIDES[b.arrow ?? "none"] || a.id.localeCompare(b.id, "en", { numeric: true }));
}

/**
 * The columns below the large call. Up to three areas have one each; otherwise one list runs through two columns.
 * @param {Board} board
 * @param {Hall.BoardArea[]} areas
 * @param {{ portrait: boolean }} format
 * @returns {Column[]}
 */
export function columnsOf(board, areas, { portrait }) {
  if (areas.length >= 2 && areas.length <= COLUMNS_MAX) {
    const rows = portrait ? ROWS_PORTRAIT[areas.length === 2 ? 2 : 3] : ROWS_LANDSCAPE;
    return areas.map((area) => ({ area, rows: padded(recentCalls(board, rows, area.id), rows) }));
  }
  const only = areas.length === 1 ? (areas[0] ?? null) : null;
  if (portrait) return [{ area: only, rows: padded(recentCalls(board, ROWS_PORTRAIT[1]), ROWS_PORTRAIT[1]) }];
  const rows = padded(recentCalls(board, ROWS_LANDSCAPE * 2), ROWS_LANDSCAPE * 2);
  return [
    { area: only, rows: rows.slice(0, ROWS_LANDSCAPE) },
    { area: null, rows: rows.slice(ROWS_LANDSCAPE) },
  ];
}

/**
 * How a counter's name is set: one digit at full height, two a little smaller, a short label ("VIP 1") in the number's
 * face as wide as it fits, anything else as words, which then need no "counter" beside them.
 * @param {string} name
 * @returns {Face}
 */
export function faceOf(name) {
  if (/^[0-9A-Za-z]$/.test(name)) return "digit";
  if (/^[0-9A-Za-z]{2}$/.test(name)) return "pair";
  return /^[0-9A-Za-z .:/–-]{3,7}$/.test(name) ? "label" : "phrase";
}

/**
 * The counters of an area in the fewest marks: ["1–4"], or up to five names; null when there is nothing short to say.
 * @param {readonly { name: string }[]} counters
 * @returns {string[] | null}
 */
export function counterSpan(counters) {
  const names = counters.map((counter) => counter.name);
  const numbers = names.map(Number);
  const first = numbers[0];
  const isRun = first !== undefined && numbers.every((n, i) => n === first + i);
  if (isRun && names.length > 2) return [`${first}–${first + names.length - 1}`];
  const isShort = names.length > 0 && names.length <= 5 && names.every((name) => faceOf(name) !== "phrase");
  return isShort ? names : null;
}

/**
 * @param {[string, Call][]} rows
 * @param {number} length
 * @returns {([string, Call] | null)[]}
 */
function padded(rows, length) {
  return [...rows, ...Array(Math.max(0, length - rows.length)).fill(null)];
}
