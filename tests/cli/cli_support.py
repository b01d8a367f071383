"""What tests of the command line share: a small hall, commands run in this process, and servers that are processes."""

from __future__ import annotations

import io
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
import pytest

from hall.cli import main

STARTS_WITHIN_S = 30.0
ENDS_WITHIN_S = 10.0

CORNER = """
[hall]
id = "corner"
name.en = "Corner Office"
timezone = "Asia/Shanghai"
languages = ["en"]

[[service]]
id = "permit"
name.en = "Permit"
prefix = "P"
promise_min = 10

[[class]]
id = "ordinary"
name.en = "Ordinary"

[[counter]]
id = "1"
name = "1"
services = ["permit"]

[[device]]
id = "kiosk-1"
kind = "kiosk"
token = "corner-kiosk-1-0123456789abcdef"
"""

LICENCE = """
[[service]]
id = "licence"
name.en = "Licence"
prefix = "L"
"""
TWO = CORNER.replace('["permit"]', '["permit", "licence"]') + LICENCE


def setup_file(folder: Path, text: str = CORNER, name: str = "corner.toml") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        return self.err.splitlines()

    @property
    def last_word(self) -> str:
        return self.out.split()[-1]


class Shell:
    """Runs commands in this process, on one database."""

    def __init__(self, database: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.database, self.capsys, self.monkeypatch = database, capsys, monkeypatch
        self.on(f"sqlite:///{database}")

    def on(self, url: str) -> None:
        """From now on commands are about this database."""
        self.monkeypatch.setenv("HALL_DATABASE", url)

    def __call__(self, *arguments: str | Path, stdin: str = "") -> Ran:
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        said = self.capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    def done(self, *arguments: str | Path, stdin: str = "") -> Ran:
        """A command that must work, and says nothing on stderr."""
        ran = self(*arguments, stdin=stdin)
        assert (ran.code, ran.err) == (0, ""), ran
        return ran

    def failed(self, *arguments: str | Path, stdin: str = "", code: int = 1) -> str:
        """A command that must fail, with one line on stderr and nothing on stdout."""
        ran = self(*arguments, stdin=stdin)
        assert (ran.code, ran.out, len(ran.errors)) == (code, "", 1), ran
        return ran.errors[0]


class Heard:
    """Everything that comes out of a pipe, read by a thread of its own so that the other end never waits."""

    def __init__(self, pipe: IO[str]) -> None:
        self.lines: list[str] = []
        self.first: queue.Queue[str] = queue.Queue()
        self.thread = threading.Thread(target=self.listen, args=(pipe,))
        self.thread.start()

    def listen(self, pipe: IO[str]) -> None:
        with pipe:
            for line in pipe:
                self.lines.append(line)
                self.first.put(line)
        self.first.put("")

    def all(self) -> str:
        self.thread.join(ENDS_WITHIN_S)
        return "".join(self.lines)


class Served:
    """`hall serve` or `hall demo` as a process on this database and a free port."""

    def __init__(self, database: Path, *arguments: str | Path, command: str = "serve", at: str | None = None) -> None:
        given = [command, "--port", "0", "--database", at or f"sqlite:///{database}", *map(str, arguments)]
        self.database = database
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hall.cli", *given], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.out, self.err = Heard(self.process.stdout), Heard(self.process.stderr)
        says = self.out.first.get(timeout=STARTS_WITHIN_S)
        assert says, self.err.all()
        self.url = says.split()[-1]

    @property
    def lock(self) -> Path:
        return self.database.with_name(f"{self.database.name}.lock")

    def get(self, path: str, token: str | None = None) -> httpx.Response:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return httpx.get(f"{self.url}{path}", headers=headers, trust_env=False)

    def post(self, path: str, body: dict[str, str], token: str | None = None) -> httpx.Response:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return httpx.post(f"{self.url}{path}", json=body, headers=headers, trust_env=False)

    def end(self) -> None:
        """Ask it to end, and wait until it has."""
        self.process.terminate()
        try:
            self.process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait(ENDS_WITHIN_S)

    def said(self) -> tuple[str, str]:
        """All of stdout and of stderr, when it has ended."""
        return self.out.all(), self.err.all()


@contextmanager
def served(database: Path, *arguments: str | Path, command: str = "serve", at: str | None = None) -> Iterator[Served]:
    """A server on this file, or on the database at this URL."""
    server = Served(database, *arguments, command=command, at=at)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.end()
        server.said()
