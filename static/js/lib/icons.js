/**
 * Lucide icons (ISC licence, see static/vendor/licences), copied path by path so that no icon font or request is needed.
 * An icon always stands beside a word, so it is hidden from screen readers.
 */

import { h } from "../../vendor/ui.mjs";

/** @typedef {[string, Record<string, string>]} Shape one SVG element: tag and attributes */

const SHAPES = {
  "arrow-left": [["path", {"d": "m12 19-7-7 7-7"}], ["path", {"d": "M19 12H5"}]],
  "arrow-right": [["path", {"d": "M5 12h14"}], ["path", {"d": "m12 5 7 7-7 7"}]],
  "arrow-down": [["path", {"d": "M12 5v14"}], ["path", {"d": "m19 12-7 7-7-7"}]],
  "bell": [["path", {"d": "M10.268 21a2 2 0 0 0 3.464 0"}], ["path", {"d": "M3.262 15.326A1 1 0 0 0 4 17h16a1 1 0 0 0 .74-1.673C19.41 13.956 18 12.499 18 8A6 6 0 0 0 6 8c0 4.499-1.411 5.956-2.738 7.326"}]],
  "bell-ring": [["path", {"d": "M10.268 21a2 2 0 0 0 3.464 0"}], ["path", {"d": "M22 8c0-2.3-.8-4.3-2-6"}], ["path", {"d": "M3.262 15.326A1 1 0 0 0 4 17h16a1 1 0 0 0 .74-1.673C19.41 13.956 18 12.499 18 8A6 6 0 0 0 6 8c0 4.499-1.411 5.956-2.738 7.326"}], ["path", {"d": "M4 2C2.8 3.7 2 5.7 2 8"}]],
  "calendar-check": [["path", {"d": "M8 2v3"}], ["path", {"d": "M16 2v3"}], ["rect", {"x": "3", "y": "3", "width": "18", "height": "18", "rx": "2"}], ["path", {"d": "M3 9h18"}], ["path", {"d": "m9 15 2 2 4-4"}]],
  "check": [["path", {"d": "M20 6 9 17l-5-5"}]],
  "circle-check": [["circle", {"cx": "12", "cy": "12", "r": "10"}], ["path", {"d": "m16 9-5.5 5.5L8 12"}]],
  "clock-alert": [["path", {"d": "M12 6v6l4 2"}], ["path", {"d": "M20 12v5"}], ["path", {"d": "M20 21h.01"}], ["path", {"d": "M21.25 8.2A10 10 0 1 0 16 21.16"}]],
  "file-down": [["path", {"d": "M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.704.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2z"}], ["path", {"d": "M14 2v5a1 1 0 0 0 1 1h5"}], ["path", {"d": "M12 18v-6"}], ["path", {"d": "m9 15 3 3 3-3"}]],
  "hand-helping": [["path", {"d": "M11 12h2a2 2 0 1 0 0-4h-3c-.6 0-1.1.2-1.4.6L3 14"}], ["path", {"d": "m7 18 1.6-1.4c.3-.4.8-.6 1.4-.6h4c1.1 0 2.1-.4 2.8-1.2l4.6-4.4a2 2 0 0 0-2.75-2.91l-4.2 3.9"}], ["path", {"d": "m2 13 6 6"}]],
  "a-large-small": [["path", {"d": "m15 16 2.536-7.328a1.02 1.02 1 0 1 1.928 0L22 16"}], ["path", {"d": "M15.697 14h5.606"}], ["path", {"d": "m2 16 4.039-9.69a.5.5 0 0 1 .923 0L11 16"}], ["path", {"d": "M3.304 13h6.392"}]],
  "arrow-down-to-line": [["path", {"d": "M12 17V3"}], ["path", {"d": "m6 11 6 6 6-6"}], ["path", {"d": "M19 21H5"}]],
  "languages": [["path", {"d": "m5 8 6 6"}], ["path", {"d": "m4 14 6-6 2-3"}], ["path", {"d": "M2 5h12"}], ["path", {"d": "M7 2h1"}], ["path", {"d": "m22 22-5-10-5 10"}], ["path", {"d": "M14 18h6"}]],
  "list-ordered": [["path", {"d": "M11 5h10"}], ["path", {"d": "M11 12h10"}], ["path", {"d": "M11 19h10"}], ["path", {"d": "M4 4h1v5"}], ["path", {"d": "M4 9h2"}], ["path", {"d": "M6.5 20H3.4c0-1 2.6-1.925 2.6-3.5a1.5 1.5 0 0 0-2.6-1.02"}]],
  "pause": [["rect", {"x": "14", "y": "3", "width": "5", "height": "18", "rx": "1"}], ["rect", {"x": "5", "y": "3", "width": "5", "height": "18", "rx": "1"}]],
  "play": [["path", {"d": "M5 5a2 2 0 0 1 3.008-1.728l11.997 6.998a2 2 0 0 1 .003 3.458l-12 7A2 2 0 0 1 5 19z"}]],
  "printer": [["path", {"d": "M6 18H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2"}], ["path", {"d": "M6 9V3a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v6"}], ["rect", {"x": "6", "y": "14", "width": "12", "height": "8", "rx": "1"}]],
  "printer-x": [["path", {"d": "M12.531 22H7a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1h6.377"}], ["path", {"d": "m16.5 16.5 5 5"}], ["path", {"d": "m16.5 21.5 5-5"}], ["path", {"d": "M6 18H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v1.5"}], ["path", {"d": "M6 9V3a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v6"}]],
  "search": [["path", {"d": "m21 21-4.34-4.34"}], ["circle", {"cx": "11", "cy": "11", "r": "8"}]],
  "ticket": [["path", {"d": "M2 9a3 3 0 0 1 0 6v2a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-2a3 3 0 0 1 0-6V7a2 2 0 0 0-2-2H4a2 2 0 0 0-2 2Z"}], ["path", {"d": "M13 5v2"}], ["path", {"d": "M13 17v2"}], ["path", {"d": "M13 11v2"}]],
  "triangle-alert": [["path", {"d": "m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3"}], ["path", {"d": "M12 9v4"}], ["path", {"d": "M12 17h.01"}]],
  "unplug": [["path", {"d": "m19 5 3-3"}], ["path", {"d": "m2 22 3-3"}], ["path", {"d": "M6.3 20.3a2.4 2.4 0 0 0 3.4 0L12 18l-6-6-2.3 2.3a2.4 2.4 0 0 0 0 3.4Z"}], ["path", {"d": "M7.5 13.5 10 11"}], ["path", {"d": "M10.5 16.5 13 14"}], ["path", {"d": "m12 6 6 6 2.3-2.3a2.4 2.4 0 0 0 0-3.4l-2.6-2.6a2.4 2.4 0 0 0-3.4 0Z"}]],
  "user-check": [["path", {"d": "m16 11 2 2 4-4"}], ["path", {"d": "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2"}], ["circle", {"cx": "9", "cy": "7", "r": "4"}]],
  "volume-2": [["path", {"d": "M11 4.702a.705.705 0 0 0-1.203-.498L6.413 7.587A1.4 1.4 0 0 1 5.416 8H3a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2.416a1.4 1.4 0 0 1 .997.413l3.383 3.384A.705.705 0 0 0 11 19.298z"}], ["path", {"d": "M16 9a5 5 0 0 1 0 6"}], ["path", {"d": "M19.364 18.364a9 9 0 0 0 0-12.728"}]],
  "volume-x": [["path", {"d": "M11 4.702a.7.7 0 0 0-1.203-.498L6.413 7.587A1.4 1.4 0 0 1 5.416 8H3a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2.416a1.4 1.4 0 0 1 .997.413l3.383 3.384A.7.7 0 0 0 11 19.298z"}], ["path", {"d": "m16.5 14.5 5-5"}], ["path", {"d": "m16.5 9.5 5 5"}]],
  "chevron-left": [["path", {"d": "m15 18-6-6 6-6"}]],
  "chevron-right": [["path", {"d": "m9 18 6-6-6-6"}]],
  "chevron-down": [["path", {"d": "m6 9 6 6 6-6"}]],
  "arrow-up": [["path", {"d": "m5 12 7-7 7 7"}], ["path", {"d": "M12 19V5"}]],
  "log-out": [["path", {"d": "m16 17 5-5-5-5"}], ["path", {"d": "M21 12H9"}], ["path", {"d": "M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4"}]],
  "monitor": [["rect", {"width": "20", "height": "14", "x": "2", "y": "3", "rx": "2"}], ["line", {"x1": "8", "x2": "16", "y1": "21", "y2": "21"}], ["line", {"x1": "12", "x2": "12", "y1": "17", "y2": "21"}]],
  "tablet": [["rect", {"width": "16", "height": "20", "x": "4", "y": "2", "rx": "2", "ry": "2"}], ["line", {"x1": "12", "x2": "12.01", "y1": "18", "y2": "18"}]],
  "user": [["path", {"d": "M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2"}], ["circle", {"cx": "12", "cy": "7", "r": "4"}]],
  "users": [["path", {"d": "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2"}], ["path", {"d": "M16 3.128a4 4 0 0 1 0 7.744"}], ["path", {"d": "M22 21v-2a4 4 0 0 0-3-3.87"}], ["circle", {"cx": "9", "cy": "7", "r": "4"}]],
  "x": [["path", {"d": "M18 6 6 18"}], ["path", {"d": "m6 6 12 12"}]],
  "undo-2": [["path", {"d": "M9 14 4 9l5-5"}], ["path", {"d": "M4 9h10.5a5.5 5.5 0 0 1 5.5 5.5a5.5 5.5 0 0 1-5.5 5.5H11"}]],
  "repeat-2": [["path", {"d": "m2 9 3-3 3 3"}], ["path", {"d": "M13 18H7a2 2 0 0 1-2-2V6"}], ["path", {"d": "m22 15-3 3-3-3"}], ["path", {"d": "M11 6h6a2 2 0 0 1 2 2v10"}]],
  "rotate-cw": [["path", {"d": "M21 12a9 9 0 1 1-9-9c2.52 0 4.93 1 6.74 2.74L21 8"}], ["path", {"d": "M21 3v5h-5"}]],
  "smartphone": [["rect", {"width": "14", "height": "20", "x": "5", "y": "2", "rx": "2", "ry": "2"}], ["path", {"d": "M12 18h.01"}]],
  "info": [["circle", {"cx": "12", "cy": "12", "r": "10"}], ["path", {"d": "M12 16v-4"}], ["path", {"d": "M12 8h.01"}]],
  "circle-alert": [["circle", {"cx": "12", "cy": "12", "r": "10"}], ["line", {"x1": "12", "x2": "12", "y1": "8", "y2": "12"}], ["line", {"x1": "12", "x2": "12.01", "y1": "16", "y2": "16"}]],
  "skip-forward": [["path", {"d": "M21 4v16"}], ["path", {"d": "M6.029 4.285A2 2 0 0 0 3 6v12a2 2 0 0 0 3.029 1.715l9.997-5.998a2 2 0 0 0 .003-3.432z"}]],
  "hash": [["line", {"x1": "4", "x2": "20", "y1": "9", "y2": "9"}], ["line", {"x1": "4", "x2": "20", "y1": "15", "y2": "15"}], ["line", {"x1": "10", "x2": "8", "y1": "3", "y2": "21"}], ["line", {"x1": "16", "x2": "14", "y1": "3", "y2": "21"}]],
  "gauge": [["path", {"d": "m12 14 4-4"}], ["path", {"d": "M3.34 19a10 10 0 1 1 17.32 0"}]],
  "door-open": [["path", {"d": "M10 21H2"}], ["path", {"d": "M10 3H7a2 2 0 00-2 2v16"}], ["path", {"d": "M14 12h.01"}], ["path", {"d": "M19 21V5a2 2 0 00-1.675-1.974l-6.163-1.013A1 1 0 0010 3v18a1 1 0 001.124.992z"}], ["path", {"d": "M22 21h-3"}]],
  "lock": [["rect", {"width": "18", "height": "11", "x": "3", "y": "11", "rx": "2", "ry": "2"}], ["path", {"d": "M7 11V7a5 5 0 0 1 10 0v4"}]],
  "delete": [["path", {"d": "M10 5a2 2 0 0 0-1.344.519l-6.328 5.74a1 1 0 0 0 0 1.481l6.328 5.741A2 2 0 0 0 10 19h10a2 2 0 0 0 2-2V7a2 2 0 0 0-2-2z"}], ["path", {"d": "m12 9 6 6"}], ["path", {"d": "m18 9-6 6"}]],
};

/** @typedef {keyof typeof SHAPES} IconName */

/**
 * One icon as inline SVG, 1 em high, in the text's colour.
 * @param {IconName} name
 * @param {string} [className] extra class
 * @returns {VNode}
 */
export function icon(name, className = "") {
  const shapes = /** @type {Shape[]} */ (SHAPES[name]);
  const drawn = shapes.map(([tag, attributes]) => h(tag, attributes));
  return h("svg", { class: `i ${className}`.trim(), viewBox: "0 0 24 24", "aria-hidden": "true" }, drawn);
}

/** @typedef {import("../../vendor/ui.mjs").VNode} VNode */

/**
 * The arrow that points to a place in the hall; drawn heavier to match the digits and never mirrored.
 * @param {Hall.Arrow | null | undefined} arrow
 * @returns {VNode | null}
 */
export function placeArrow(arrow) {
  return arrow ? icon(`arrow-${arrow}`, "place") : null;
}
