/** One counter at work: its feed, its presses and what the clerk chose so far; what both the desk and the strip draw from. */

import { signal, useEffect, useMemo, useRef } from "../../vendor/ui.mjs";
import { Feed } from "../lib/feed.js";
import { useNow } from "../lib/now.js";
import { reloadOnNewVersion } from "../lib/page.js";
import { staffToken } from "../lib/session.js";
import { Actions } from "./actions.js";
import { judgeKey, keyNamed, keysOf } from "./keys.js";
import { Delivery } from "./delivery.js";
import { isOverdue } from "./missed.js";
import { deskOf, isLongService, usualEnding } from "./model.js";
import { Notes } from "./notes.js";
import { counted } from "./low.js";
import { followOf } from "./script.js";

const TICK_MS = 500;

/** @typedef {import("./keys.js").DeskKey} DeskKey */
/** @typedef {import("./model.js").Ending} Ending */
/** @typedef {import("./script.js").Running} Running */
/** @typedef {ReturnType<typeof useWork>} Work */

/**
 * @param {import("../lib/api.js").Api} api
 * @param {Hall.Page} page
 * @param {string} counter
 */
function openDesk(api, page, counter) {
  const feed = new Feed({ hall: page.hall, view: "desk", params: { counter }, token: staffToken(), onVersion: reloadOnNewVersion(page) });
  return {
    feed,
    actions: new Actions(api, counter, feed),
    notes: new Notes(api),
    delivery: new Delivery(api, counter),
    ending: signal(usualEnding()),
    running: signal(/** @type {Running | null} */ (null)),
    /** the visits about which the clerk said that they go on */
    stillServing: signal(""),
  };
}

/**
 * @param {{ api: import("../lib/api.js").Api, page: Hall.Page, counter: string, isPaused: () => boolean, only?: string[] }} options
 *   `isPaused`: no key counts now; `only`: the keys that count
 */
export function useWork({ api, page, counter, isPaused, only }) {
  const { feed, actions, notes, delivery, ending, running, stillServing } = useMemo(() => openDesk(api, page, counter), [counter]);
  const now_ms = useNow(feed, TICK_MS);
  const [cause, phone] = [delivery.cause.value, delivery.phone.value];
  const desk = useMemo(() => ({ ...deskOf(feed.state.value?.records ?? {}), cause, phone }), [feed.state.value, cause, phone]);
  const { current } = desk;
  actions.visitor = current?.ticket ?? "";
  const follow = running.value && followOf(running.value.situation, desk);
  const keys = keysOf(desk, ending.value, now_ms, follow);
  const visit = current ? `${current.ticket} ${current.started_at}` : "";
  useEffect(() => {
    feed.connect();
    return () => feed.disconnect();
  }, [feed]);
  useEffect(() => void (ending.value = usualEnding(current)), [current?.ticket, JSON.stringify(current?.items ?? [])]);
  useEffect(() => notes.load(current), [current?.ticket, current?.called_at]);
  const lost = current && feed.link.value === "live" && isOverdue(current, now_ms) ? `${current.ticket} ${current.call_no}` : "";
  useEffect(() => (lost ? delivery.follow() : undefined), [lost]);

  const work = {
    desk, feed, actions, keys, now_ms, follow,
    isReady: feed.state.value !== null,
    isLive: feed.link.value === "live",
    ending: ending.value,
    running: running.value,
    places: actions.places.value,
    notes: (current && notes.known.value.get(current.ticket)) || [],
    press: (/** @type {DeskKey} */ key, /** @type {string} */ by = key.key) => {
      if (key.key === "F1" && follow && "verb" in key.act) running.value = null;
      void actions.press(key, by);
    },
    pressFollow: () => {
      const key = keyNamed(keys, "F1");
      if (key) work.press(key);
    },
    onEnding: (/** @type {Ending} */ next) => void (ending.value = next),
    onItem: (/** @type {string} */ item) => void (ending.value = { ...ending.value, items: counted(ending.value.items, item, (ending.value.items[item] ?? 0) + 1) }),
    onScript: (/** @type {Hall.Situation} */ situation) => {
      actions.places.value = [];
      running.value = { situation, since_ms: feed.clock.now_ms() ?? Date.now() };
    },
    endScript: () => void (running.value = null),
    askToClose: () => actions.open({ id: "close" }),
    asking: visit !== stillServing.value && isLongService(desk, now_ms)
      ? { onStill: () => void (stillServing.value = visit), onFinish: () => void pressNamed("F8") }
      : null,
  };
  const latest = useRef(work);
  latest.current = work;

  /** @param {string} name @param {string} [by] */
  function pressNamed(name, by = name) {
    // Deadlines are judged by the time of the press, not by that of the last drawing.
    const { desk: at, follow: then, feed: { clock } } = latest.current;
    const key = keyNamed(keysOf(at, ending.peek(), clock.now_ms() ?? 0, then), name);
    if (key && latest.current.isReady) latest.current.press(key, by);
  }

  useEffect(() => onKeyboard({
    isOurs: () => !isPaused() && actions.places.peek().length === 0,
    pressed: (name, by) => (!only || only.includes(name) ? pressNamed(name, by) : actions.dropped("The strip has F2, F3, F4 and F6. For the rest use the whole desk.")),
    escaped: () => {
      if (actions.notice.peek()) actions.notice.value = null;
      else running.value = null;
    },
  }), [feed]);
  return work;
}

/**
 * Tells each meant press of a desk key; gives the function that stops.
 * @param {{ isOurs: () => boolean, pressed: (key: string, by: string) => void, escaped: () => void }} heard
 */
function onKeyboard({ isOurs, pressed, escaped }) {
  /** @param {KeyboardEvent} event */
  const hear = (event) => {
    if (!isOurs()) return;
    const isTyping = event.target instanceof HTMLInputElement && event.target.type !== "checkbox";
    // A button that holds the focus is not pressed again and again by a key that is held down.
    if (event.repeat && !isTyping && (event.key === "Enter" || event.key === " ")) event.preventDefault();
    if (event.key === "Escape" && !event.isComposing) escaped();
    const judged = judgeKey(event, { isTyping });
    if (judged === null) return;
    event.preventDefault();
    if (!judged.isHeld) pressed(judged.key, judged.code);
  };
  addEventListener("keydown", hear);
  return () => removeEventListener("keydown", hear);
}
