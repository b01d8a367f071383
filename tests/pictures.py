"""Pictures of the staff's screens at their real size, on a real hall with nobody waiting and with 300 people.

python -m tests.pictures [FOLDER]       docs/pictures when none is named
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser

from tests.screens_support import ROOT, browser_running
from tests.web.greeter_support import RealHall, real_hall
from tests.web.web_support import JIANGWAN


class Screen(NamedTuple):
    name: str
    path: str
    role: str
    size: tuple[int, int]
    ready: str


SCREENS = (
    Screen("desk", "/desk", "clerk", (1366, 768), ".desk"),
    Screen("strip", "/desk?strip", "clerk", (480, 96), ".strip-desk"),
    Screen("greeter", "/greeter", "greeter", (360, 740), ".greeter"),
)
COLOURS = 128


def picture(browser: Browser, hall: RealHall, screen: Screen, file: Path) -> None:
    width, height = screen.size
    with browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN") as context:
        token = hall.token(screen.role)  # type: ignore[arg-type]
        counter = f"localStorage.setItem('hall.desk.counter.{JIANGWAN}', '1')"
        context.add_init_script(f"sessionStorage.setItem('hall.token', '{token}'); {counter}")
        page = context.new_page()
        page.goto(hall.url + screen.path)
        page.wait_for_selector(screen.ready)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready.then(() => true)")
        Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS).save(file, optimize=True)


def main(folder: Path) -> None:
    with TemporaryDirectory() as database, browser_running() as browser, real_hall(Path(database) / "hall.db") as hall:
        hall.post("counters/1/open")
        for screen in SCREENS:
            picture(browser, hall, screen, folder / f"{screen.name}-nobody.png")
        for _ in range(10):
            hall.issue_many(["general", "payment", "broadband"] * 10)
            hall.advance(120)
        hall.hunt("1")
        for screen in SCREENS:
            picture(browser, hall, screen, folder / f"{screen.name}-300.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
