"""`hall serve`: what is checked before, what is said at the start, and the run itself."""

from __future__ import annotations

import sys
from pathlib import Path

from hall.bootstrap import System, build
from hall.cli.server import listen, prepare_process, run, serve, url_of
from hall.cli.words import note, say
from hall.log.database import hold
from hall.settings import Settings
from hall.setup.findings import Finding, SetupMistakes
from hall.setup.toml import Parsed, load_file


def serve_halls(settings: Settings, paths: list[Path], *, replace_changes: bool) -> None:
    """Serve a database with these set-up files."""
    files = load_files(paths)
    prepare_process()
    with hold(settings.database) as lock:
        listener = listen(settings.host, settings.port)
        url = url_of(settings.host, listener)
        system = build(settings.database)

        def announce() -> None:
            say(f"Hall listens on {url}")
            advise(system)

        run(
            serve(system, listener, url=url, files=files, replace_changes=replace_changes, lock=lock, announce=announce)
        )


def load_files(paths: list[Path]) -> list[Parsed]:
    """All files, or every mistake of all of them. Warnings are notices."""
    found: list[Parsed] = []
    mistakes: list[Finding] = []
    for path in paths:
        try:
            found.append(load_file(path))
        except SetupMistakes as wrong:
            mistakes += wrong.findings
    for finding in [*(w for parsed in found for w in parsed.warnings), *(f for f in mistakes if not f.is_mistake)]:
        print(f"{finding} (warning)", file=sys.stderr)
    if mistakes:
        raise SetupMistakes(mistakes)
    return found


def advise(system: System) -> None:
    """What is still missing before anybody can work."""
    halls = system.runner.halls.values()
    if not halls:
        note("no hall yet: give one with --setup FILE, or with `hall setup load FILE`")
    elif not any(hall.setup.staff for hall in halls):
        note("the set-up names no staff: `hall user add` lets people sign in")
