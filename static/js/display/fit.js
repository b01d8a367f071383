/** Sets one text as large as its box allows. Numbers and counter names come from people; a sign must never be cut off. */

import { useEffect, useLayoutEffect, useRef } from "../../vendor/ui.mjs";

const STEP = 0.94;
const STEPS_MAX = 32;

/**
 * A ref for the box; its `[data-fit]` child shrinks until nothing overflows. Fitted again when `inputs` change or the
 * fonts have come.
 * @param {readonly unknown[]} inputs
 */
export function useFit(inputs) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const again = () => fit(box.current);
  useLayoutEffect(again, inputs);
  useEffect(() => void document.fonts.ready.then(again), []);
  return box;
}

/** @param {HTMLElement | null} box */
function fit(box) {
  const text = /** @type {HTMLElement | null | undefined} */ (box?.querySelector("[data-fit]"));
  if (!box || !text) return;
  text.style.fontSize = "";
  let size = Number.parseFloat(getComputedStyle(text).fontSize);
  for (let step = 0; step < STEPS_MAX && overflows(box); step++) {
    size *= STEP;
    text.style.fontSize = `${size}px`;
  }
}

/** @param {HTMLElement} box */
function overflows(box) {
  return box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
}
