/** Hall time for a screen that draws it. */

import { useEffect, useState } from "../../vendor/ui.mjs";

/**
 * Hall time, read anew with every drawing and at least every `tick_ms`.
 * @param {import("./feed.js").Feed} feed
 * @param {number} tick_ms
 */
export function useNow(feed, tick_ms) {
  const [, draw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => draw((n) => n + 1), tick_ms);
    return () => clearInterval(timer);
  }, [feed]);
  return feed.clock.now_ms() ?? Date.now();
}
