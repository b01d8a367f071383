"""`hall audit`: a day is exported, checked by the independent checker, and a change of it is found."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import hall.audit
from hall.bootstrap import build
from hall.day import commands as c
from tests.cli.cli_support import Shell, setup_file


def serve_one_visitor(shell: Shell) -> str:
    """Plays a short day; returns its date."""

    async def play() -> str:
        system = build(f"sqlite:///{shell.database}")
        await system.load()
        await system.runner.open_days()
        (running,) = system.runner.halls.values()
        counter = next(iter(running.setup.counters))
        for command in (c.OpenCounter(counter), c.IssueTicket("permit"), c.CallNext(counter), c.Finish(counter)):
            await system.runner.submit(running.id, command)
        await system.stop()
        assert running.picture.day.date is not None
        return running.picture.day.date.isoformat()

    return asyncio.run(play())


def test_a_day_is_checked_and_its_export_proves_itself_alone(empty: Shell, tmp_path: Path) -> None:
    empty.done("setup", "load", setup_file(tmp_path))
    day, kept = serve_one_visitor(empty), tmp_path / "day.jsonl"
    said = empty.done("audit", day, "--export", str(kept)).out
    assert "no findings" in said
    assert "1 calls" in said
    alone = subprocess.run(
        [sys.executable, "-I", hall.audit.__file__, str(kept)], capture_output=True, text=True, check=False
    )
    assert (alone.returncode, "no findings" in alone.stdout) == (0, True)
    seal = json.loads(kept.read_text("utf-8").splitlines()[-1])["hash"]
    assert "no findings" in empty.done("audit", day, "--seal", seal).out


def test_a_changed_event_is_found_at_its_seq(empty: Shell, tmp_path: Path) -> None:
    empty.done("setup", "load", setup_file(tmp_path))
    day, kept = serve_one_visitor(empty), tmp_path / "day.jsonl"
    empty.done("audit", day, "--export", str(kept))
    lines = kept.read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if '"TicketCalled"' in line)
    seq = json.loads(lines[at])["seq"]
    lines[at] = lines[at].replace('\\"call_no\\":1', '\\"call_no\\":2')
    kept.write_text("\n".join(lines), "utf-8")
    alone = subprocess.run(
        [sys.executable, "-I", hall.audit.__file__, str(kept)], capture_output=True, text=True, check=False
    )
    assert alone.returncode == 1
    assert f"seq {seq}:" in alone.stdout


def test_a_seal_that_is_not_there_and_a_day_that_was_not_are_said(empty: Shell, tmp_path: Path) -> None:
    empty.done("setup", "load", setup_file(tmp_path))
    day = serve_one_visitor(empty)
    assert "is not in this file" in empty("audit", day, "--seal", "f" * 64).out
    assert "has no events of 1999-01-01" in empty.failed("audit", "1999-01-01")
    assert "is no day" in empty.failed("audit", "yesterday")
