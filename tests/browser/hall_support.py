"""A real Hall for the browser: the server as a process, and a fake printer behind a port of its own."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import zxingcpp
from PIL import Image

from hall.files import examples_folder
from printer.fake import FakePrinter, FakePrinterServer, Piece

NAME = "hall.lan"  # a browser treats plain http at such a name as insecure, as it does in a real hall
READY_S = 30.0


@dataclass
class PrinterOnDesk:
    """A fake printer whose server runs in a thread of its own."""

    printer: FakePrinter
    url: str

    def pieces(self) -> list[Piece]:
        return list(self.printer.pieces)

    def wait_for_piece(self, count: int = 1, limit_s: float = 10) -> Piece:
        end = time.monotonic() + limit_s
        while len(self.printer.pieces) < count:
            assert time.monotonic() < end, "nothing was printed"
            threading.Event().wait(0.05)
        return self.pieces()[-1]


@contextmanager
def printer_on_desk() -> Iterator[PrinterOnDesk]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    printer = FakePrinter()
    server = FakePrinterServer(printer)
    asyncio.run_coroutine_threadsafe(server.start(), loop).result(5)
    try:
        yield PrinterOnDesk(printer, server.url)
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def scanned(piece: Piece) -> list[str]:
    """The codes on a piece of paper, read as a phone reads them."""
    picture = Image.open(BytesIO(piece.png())).convert("L")
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def setup_file(folder: Path, printer_url: str, port: int) -> Path:
    """The example hall, always open, with the fake printer and phone pages under the name of the hall."""
    text = (examples_folder() / "telecom-hall.toml").read_text(encoding="utf-8")
    text = re.sub(r"^hours = .*$", "", text, flags=re.M).replace("file:/dev/usb/lp0", printer_url)
    text = text.replace("[hall]\n", f'[hall]\npublic_url = "http://{NAME}:{port}"\n', 1)
    file = folder / "hall.toml"
    file.write_text(text, encoding="utf-8")
    return file


class RunningHall:
    """`hall serve` as a process; can be killed and started again on the same database."""

    def __init__(self, folder: Path, printer_url: str) -> None:
        self.port = free_port()
        self.folder = folder
        self.setup = setup_file(folder, printer_url, self.port)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{NAME}:{self.port}"

    def start(self) -> None:
        serve = ("serve", "--setup", str(self.setup), "--database", f"sqlite:///{self.folder}/hall.db")
        with (self.folder / "server.log").open("ab") as log:
            command = (sys.executable, "-m", "hall", *serve, "--port", str(self.port))
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        end = time.monotonic() + READY_S
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                threading.Event().wait(0.05)
        raise AssertionError((self.folder / "server.log").read_text(encoding="utf-8"))

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(15)
