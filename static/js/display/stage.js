/**
 * The stage is drawn at its design size and scaled to the glass, so that one layout serves every panel. It moves by a
 * pixel or two every few minutes, since a picture that stands for months burns in.
 */

import { signal } from "../../vendor/ui.mjs";

const LONG = 1920;
const SHORT = 1080;
const SHIFT_MS = 180_000;
const SHIFTS = [[0, 0], [1, 0], [2, 1], [1, 2], [0, 1], [-1, 0], [-2, -1], [-1, -2], [0, -1]];

/** @typedef {{ portrait: boolean, width: number, height: number, scale: number }} Format */

/**
 * The format for a window: the design's short and long side, stretched where the panel is of another shape.
 * @param {number} width
 * @param {number} height
 * @returns {Format}
 */
export function formatFor(width, height) {
  const portrait = height > width;
  const scale = portrait ? Math.min(width / SHORT, height / LONG) : Math.min(width / LONG, height / SHORT);
  return { portrait, width: Math.round(width / scale), height: Math.round(height / scale), scale };
}

/** @type {import("../../vendor/ui.mjs").Signal<Format>} */
export const format = signal(formatFor(LONG, SHORT));
export const shift = signal(/** @type {readonly number[]} */ ([0, 0]));

/** Follows the window and moves the stage; gives the function that stops both. */
export function connectStage() {
  const measure = () => void (format.value = formatFor(innerWidth, innerHeight));
  let step = 0;
  const timer = setInterval(() => void (shift.value = SHIFTS[++step % SHIFTS.length] ?? [0, 0]), SHIFT_MS);
  addEventListener("resize", measure);
  measure();
  return () => {
    clearInterval(timer);
    removeEventListener("resize", measure);
  };
}

/** The stage's style for the current format and shift. */
export function stageStyle() {
  const { width, height, scale } = format.value;
  const [x, y] = shift.value;
  return { width: `${width}px`, height: `${height}px`, transform: `translate(${x}px, ${y}px) scale(${scale})` };
}
