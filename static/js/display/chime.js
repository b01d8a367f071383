/**
 * The two tones of a call, made by oscillators so that no file can be missing: 659 Hz falling to 523 Hz, each dying away.
 * Browsers keep a page silent until somebody touched it; `audio` says so and the first touch or key turns the sound on.
 */

import { signal } from "../../vendor/ui.mjs";

const TONES_HZ = [659.26, 523.25];
const TONE_GAP_S = 0.42;
const DECAY_S = 0.75;
const LOUDNESS = 0.5;
const HARMONICS = [1, 0.35, 0.12];

/** @typedef {"running" | "blocked" | "off"} Audio as the server knows it */

export class Chime {
  /** @param {{ isOff?: boolean }} [options] a display that is meant to be silent never asks for a touch */
  constructor({ isOff = false } = {}) {
    this.isOff = isOff;
    /** @type {import("../../vendor/ui.mjs").Signal<Audio>} */
    this.audio = signal(/** @type {Audio} */ (isOff ? "off" : "blocked"));
    /** @type {AudioContext | null} */
    this.context = null;
    /** Chimes begun, for tests and support. */
    this.played = 0;
    this.unlock = this.unlock.bind(this);
  }

  connect() {
    if (this.isOff || this.context) return;
    this.context = new AudioContext();
    this.context.onstatechange = () => this.hear();
    for (const name of ["pointerdown", "keydown"]) addEventListener(name, this.unlock);
    this.hear();
  }

  disconnect() {
    for (const name of ["pointerdown", "keydown"]) removeEventListener(name, this.unlock);
    void this.context?.close();
    this.context = null;
  }

  /**
   * Sounds once, when it may.
   * @returns {boolean} whether it began
   */
  play() {
    const { context } = this;
    if (!context || context.state !== "running") return false;
    TONES_HZ.forEach((pitch_hz, i) => tone(context, pitch_hz, context.currentTime + i * TONE_GAP_S));
    this.played += 1;
    return true;
  }

  unlock() {
    void this.context?.resume();
  }

  hear() {
    this.audio.value = this.context?.state === "running" ? "running" : "blocked";
  }
}

/**
 * @param {AudioContext} context
 * @param {number} pitch_hz
 * @param {number} start_s
 */
function tone(context, pitch_hz, start_s) {
  HARMONICS.forEach((share, i) => {
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, start_s);
    gain.gain.linearRampToValueAtTime(LOUDNESS * share, start_s + 0.012);
    gain.gain.exponentialRampToValueAtTime(0.0008, start_s + DECAY_S / (1 + i * 0.4));
    gain.connect(context.destination);
    const oscillator = new OscillatorNode(context, { frequency: pitch_hz * (i + 1) });
    oscillator.connect(gain);
    oscillator.start(start_s);
    oscillator.stop(start_s + DECAY_S);
  });
}
