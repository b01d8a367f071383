/**
 * Calls attention when the number is called: title, vibration, and a sound if the visitor allowed it with a touch.
 * Nothing here needs a secure origin; notifications would.
 */

import { signal } from "../../vendor/ui.mjs";

const TONES = [
  { hertz: 659, at_s: 0 },
  { hertz: 523, at_s: 0.35 },
  { hertz: 659, at_s: 1.2 },
  { hertz: 523, at_s: 1.55 },
];
const TONE_S = 0.5;
const PATTERN_MS = [400, 200, 400, 200, 800];

/** @type {AudioContext | null} */
let audio = null;

/** True once the visitor asked to be reminded; lasts as long as the page. */
export const isArmed = signal(false);

/** Must run inside a touch: browsers allow sound only then. */
export function arm() {
  audio ??= new AudioContext();
  audio.resume();
  isArmed.value = true;
  navigator.vibrate?.(100);
}

/** Vibrates and, when armed, sounds twice. */
export function ring() {
  shake(PATTERN_MS);
  if (audio && isArmed.peek()) for (const tone of TONES) sound(audio, tone);
}

export function hush() {
  shake(0);
}

/**
 * Browsers refuse to vibrate before the first touch and complain about the attempt.
 * @param {number | number[]} pattern_ms
 */
function shake(pattern_ms) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(pattern_ms);
}

/**
 * @param {AudioContext} context
 * @param {{hertz: number, at_s: number}} tone
 */
function sound(context, { hertz, at_s }) {
  const [tone, loudness, start_s] = [context.createOscillator(), context.createGain(), context.currentTime + at_s];
  tone.frequency.value = hertz;
  loudness.gain.setValueAtTime(0.4, start_s);
  loudness.gain.exponentialRampToValueAtTime(0.001, start_s + TONE_S);
  tone.connect(loudness).connect(context.destination);
  tone.start(start_s);
  tone.stop(start_s + TONE_S);
}
