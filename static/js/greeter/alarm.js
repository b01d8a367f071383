/**
 * Calls the greeter: vibrates, and sounds once the page was touched. Browsers allow neither before the first touch, so
 * the screen flashes whatever happens here.
 */

import { signal } from "../../vendor/ui.mjs";

const PATTERNS_MS = { hunt: [250, 120, 250, 120, 250], help: [700, 200, 700] };
const TONES = { hunt: [784, 988], help: [988, 659, 988] };
const TONE_S = 0.28;

/** @type {AudioContext | null} */
let audio = null;

/** True once a touch allowed sound; lasts as long as the page. */
export const isArmed = signal(false);

/** Waits for the first touch or key; gives the function that stops waiting. */
export function armAtTouch() {
  const stop = () => ["pointerup", "keydown"].forEach((name) => removeEventListener(name, arm));
  const arm = () => {
    stop();
    audio ??= new AudioContext();
    void audio.resume();
    isArmed.value = true;
  };
  ["pointerup", "keydown"].forEach((name) => addEventListener(name, arm));
  return stop;
}

/** @param {"hunt" | "help"} kind */
export function ring(kind) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(PATTERNS_MS[kind]);
  const context = audio;
  void context?.resume(); // a phone that was in a pocket has put it to sleep
  if (context) TONES[kind].forEach((hertz, place) => sound(context, hertz, place * TONE_S));
}

/**
 * @param {AudioContext} context
 * @param {number} hertz
 * @param {number} after_s
 */
function sound(context, hertz, after_s) {
  const [tone, loudness, start_s] = [context.createOscillator(), context.createGain(), context.currentTime + after_s];
  tone.frequency.value = hertz;
  loudness.gain.setValueAtTime(0.4, start_s);
  loudness.gain.exponentialRampToValueAtTime(0.001, start_s + TONE_S);
  tone.connect(loudness).connect(context.destination);
  tone.start(start_s);
  tone.stop(start_s + TONE_S);
}
