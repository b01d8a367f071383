"""Resident memory of `hall serve` after every screen was opened once and a minute passed.

A screen is opened as a browser does it: its page, everything the page loads, the words of both languages, and its feed;
and by a real browser as well where there is one. The limit in the same run: a FastAPI application with one route.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from pathlib import Path

import httpx
import websockets

from bench.client import ROOT, free_port, post, process
from tests.browser.chromium import find_chromium
from tests.screens_support import browser_running

IDLE_S = 60
HALL = "jiangwan"
KIOSK_TOKEN = "demo-kiosk-1-not-a-secret"
SCREENS = ("/", "/kiosk", "/display", "/desk", "/manager", "/t/nobody")
ASSET = re.compile(r'(?:src|href|from|import)\s*=?\s*\(?"((?:/static/|\./|\.\./)[^"]+)"')


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def open_screens(port: int) -> None:
    """Every page with all it loads, once."""
    seen: set[str] = set()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        for screen in (*SCREENS, "/i18n/zh-Hans.json", "/i18n/en.json"):
            load(client, screen, seen)


def open_in_browser(port: int) -> None:
    """Every page once in Chromium, the kiosk paired: whatever a browser asks for that the pages' text does not show."""
    with browser_running() as browser:
        page = browser.new_page()
        for screen in SCREENS:
            token = f"#token={KIOSK_TOKEN}" if screen == "/kiosk" else ""
            page.goto(f"http://127.0.0.1:{port}{screen}{token}", wait_until="networkidle")


def load(client: httpx.Client, path: str, seen: set[str]) -> None:
    if path in seen:
        return
    seen.add(path)
    text = client.get(path).text
    for found in ASSET.findall(text):
        load(client, str(httpx.URL(path).join(found)), seen)


async def open_feeds(port: int, tokens: dict[str, str]) -> None:
    base = f"ws://127.0.0.1:{port}/api/v1/halls/{HALL}/live"
    views = {"board": "", "kiosk": tokens["kiosk"], "desk": tokens["clerk"], "manager": tokens["manager"]}
    for view, token in views.items():
        protocols = [websockets.Subprotocol(f"hall.{token}")] if token else None
        async with websockets.connect(f"{base}?view={view}&counter=1", subprotocols=protocols) as socket:
            await socket.recv()


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        setup = Path(folder) / "hall.toml"
        example = (ROOT / "examples" / "telecom-hall.toml").read_text(encoding="utf-8")
        setup.write_text(example.replace("file:/dev/usb/lp0", f"tcp://127.0.0.1:{free_port()}"), encoding="utf-8")
        port, bare_port = free_port(), free_port()
        serve = (
            "-m",
            "hall.cli",
            "serve",
            "--setup",
            str(setup),
            "--database",
            f"sqlite:///{folder}/hall.db",
            "--port",
            str(port),
        )
        with (
            process(*serve, port=port) as hall,
            process("-m", "bench.server", "bare", str(bare_port), "-", port=bare_port) as bare,
        ):
            started = resident_mb(hall.pid)
            open_screens(port)
            has_browser = find_chromium() is not None
            if has_browser:
                open_in_browser(port)
            sign_ins = {
                "clerk": {"login": "chen", "pin": "1001"},
                "manager": {"login": "manager", "password": "demo-manager"},
            }
            tokens = {role: post(port, "/api/v1/sign-in", body)["token"] for role, body in sign_ins.items()}
            asyncio.run(open_feeds(port, {**tokens, "kiosk": KIOSK_TOKEN}))
            time.sleep(IDLE_S)
            now, limit = resident_mb(hall.pid), resident_mb(bare.pid)
    print(f"resident: {started:.0f} MB at the start")
    by = "by a browser too" if has_browser else "without a browser, for there is none"
    print(f"after every screen was opened once ({by}) and {IDLE_S} s: {now:.0f} MB (target: under 120 MB)")
    print(f"beside a bare FastAPI server with {limit:.0f} MB: {now / limit:.2f}x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
