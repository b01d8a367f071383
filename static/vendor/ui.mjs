// The one place where screens take their UI library from: a pinned preact, htm and signals, no build step.
import { h } from "./preact.mjs";
import htm from "./htm.mjs";

export { h, render, Fragment } from "./preact.mjs";
export { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "./hooks.mjs";
export { batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect } from "./signals.mjs";
export const html = htm.bind(h);
