/**
 * A touch that counts: acts when the finger leaves the button, not at the click that follows, and not when it slid away.
 * Keys and assistive technology still press through `click`.
 */

/** Lets one act through, then nothing for a while: a double tap is one tap. */
export class Gate {
  /** @param {() => number} [monotonic_ms] */
  constructor(monotonic_ms = () => performance.now()) {
    this.monotonic_ms = monotonic_ms;
    this.shutUntil_ms = -Infinity;
  }

  /**
   * True when open; shuts itself for `shut_ms`.
   * @param {number} shut_ms
   */
  pass(shut_ms) {
    const now_ms = this.monotonic_ms();
    if (now_ms < this.shutUntil_ms) return false;
    this.shutUntil_ms = now_ms + shut_ms;
    return true;
  }
}

/** @type {EventTarget | null} where the finger that is down went down */
let pressed = null;

/**
 * The handlers of one button, to be spread into it: html`<button ...${onPress(act)}>`.
 * @param {() => void} act
 */
export function onPress(act) {
  return {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      pressed = event.isPrimary && event.button === 0 ? event.currentTarget : null;
    },
    onPointerCancel: () => {
      pressed = null;
    },
    onPointerUp: (/** @type {PointerEvent} */ event) => {
      const isMine = pressed === event.currentTarget && isInside(event);
      pressed = null;
      if (isMine) act();
    },
    // A click with detail 0 comes from a key or a screen reader; the others were acted on above.
    onClick: (/** @type {MouseEvent} */ event) => {
      if (event.detail === 0) act();
    },
  };
}

/** @param {PointerEvent} event */
function isInside({ currentTarget, clientX, clientY }) {
  const box = /** @type {Element} */ (currentTarget).getBoundingClientRect();
  return clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom;
}
