"""Does the display's page grow? 50,000 calls in bursts, the nodes of the page before and after.

The limit in the same run: the nodes after the first 1,000 calls, when every place on the board is taken, and after half
of them: a page that grows grows all the time.
"""

from __future__ import annotations

import sys
from typing import Any

from playwright.sync_api import Page

from tests.display.display_support import board
from tests.screens_support import ScriptedHall, browser_running

CALLS, AT_ONCE = 50_000, 10


def a_call(n: int, hall: ScriptedHall) -> dict[str, Any]:
    counter = n % 8 + 1
    return {
        "number": f"{'ABC'[n % 3]}{n % 1000:03d}",
        "counter": str(counter),
        "counter_name": str(counter),
        "area": "1" if counter <= 4 else "2",
        "called_at": hall.instant(),
        "at": hall.instant(),
        "call_no": 1,
        "state": "called",
        "order": n,
    }


def nodes(page: Page) -> int:
    count: int = page.evaluate("document.querySelectorAll('*').length")
    return count


def main() -> int:
    with browser_running() as browser:
        hall = ScriptedHall(browser.new_context(), board())
        page = hall.open("/display", width=1920, height=1080, clock=False)
        sizes = {}
        for first in range(1, CALLS + 1, AT_ONCE):
            calls = range(first, first + AT_ONCE)
            old = tuple(f"call:{n - AT_ONCE}" for n in calls if n > AT_ONCE)
            hall.put({f"call:{n}": a_call(n, hall) for n in calls}, drop=old)
            if calls.stop - 1 in (1000, CALLS // 2, CALLS):
                page.wait_for_timeout(8000)  # until the newest call has had its time as the large one
                sizes[calls.stop - 1] = nodes(page)
    half = CALLS // 2
    print(
        f"display page: {sizes[1000]} nodes after 1,000 calls, {sizes[half]} after {half:,}, {sizes[CALLS]} after"
        f" {CALLS:,}; grown by {sizes[CALLS] - sizes[1000]}, in the second half by {sizes[CALLS] - sizes[half]}"
        f" (target: 0)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
