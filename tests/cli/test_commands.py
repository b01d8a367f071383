"""The command line by itself: help, exit codes, errors in one line, and commands on a database nobody serves."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hall.bootstrap import build
from hall.log.database import hold
from hall.people.service import SignInFailed
from hall.setup.toml import load_file
from tests.cli.cli_support import CORNER, TWO, Shell, setup_file

COMMANDS = (
    "serve",
    "demo",
    "verify",
    "rebuild",
    "setup load",
    "setup export",
    "setup check",
    "user add",
    "user passwd",
    "token create",
    "token revoke",
    "token list",
)
HEAVY = {"sqlalchemy", "fastapi", "pydantic", "uvicorn", "httpx", "PIL", "alembic", "rich"}


def signs_in(database: Path, login: str, secret: str) -> bool:
    """Whether somebody may sign in at the corner hall."""

    async def attempt() -> bool:
        system = build(f"sqlite:///{database}")
        await system.load()
        try:
            await system.people.sign_in(login, secret, hall="corner")
        except SignInFailed:
            return False
        finally:
            await system.stop()
        return True

    return asyncio.run(attempt())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, empty: Shell) -> None:
    help_text = empty.done(*command.split(), "--help").out
    assert f"Example: hall {command}" in " ".join(help_text.split())


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['hall', '--help']; from hall.cli import main\ntry: main()\nexcept SystemExit: pass"
    )
    program += "\nprint(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert "token" in ran.stdout
    assert HEAVY.isdisjoint(ran.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing command"),
        (("nonsense",), "nonsense"),
        (("token", "create"), "--role"),
        (("token", "create", "--role", "king"), "kiosk, display, printer, clerk"),
        (("user", "add", "wang", "--role", "kiosk"), "clerk, greeter, manager, admin"),
        (("serve", "--port", "70000"), "65535"),
        (("setup", "check"), "files"),
        (("verify", "--database", "no-url"), "--database"),
    ],
)
def test_misuse_is_told_in_one_line_and_ends_with_2(arguments: tuple[str, ...], said: str, shell: Shell) -> None:
    assert said in shell.failed(*arguments, code=2).replace("FILES", "files")


def test_a_bad_setting_names_its_variable(empty: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALL_PORT", "eighty")
    assert "HALL_PORT: " in empty.failed("serve", code=2)


@pytest.mark.parametrize("command", ["verify", "rebuild", "setup export", "token list", "token create --role api"])
def test_a_missing_database_is_not_made_by_accident(command: str, empty: Shell) -> None:
    assert "there is no database" in empty.failed(*command.split())
    assert not empty.database.exists()


def test_every_mistake_of_every_file_is_told_at_once(empty: Shell, tmp_path: Path) -> None:
    first = setup_file(tmp_path, CORNER.replace("prefix", "prefixx").replace("Asia/Shanghai", "Asia/Nowhere"), "1.toml")
    second = setup_file(tmp_path, CORNER.replace('services = ["permit"]', 'services = ["permitt"]'), "2.toml")
    for command in ("check", "load"):
        ran = empty("setup", command, first, second)
        assert (ran.code, ran.out) == (1, "")
        places = {line.split(":")[0] for line in ran.errors}
        assert places == {"1.toml", "2.toml"}
        assert len([line for line in ran.errors if "(warning)" not in line]) >= 3
    assert not empty.database.exists()


def test_a_good_file_is_said_to_be_good(empty: Shell, tmp_path: Path) -> None:
    assert empty.done("setup", "check", setup_file(tmp_path)).out == "corner.toml: no mistakes; hall corner\n"


def test_a_setup_is_loaded_once_and_exported_again(empty: Shell, tmp_path: Path) -> None:
    file = setup_file(tmp_path)
    assert "version 1 and in force" in empty.done("setup", "load", file).out
    assert "nothing new" in empty.done("setup", "load", file).out
    changed = setup_file(tmp_path, CORNER.replace("promise_min = 10", "promise_min = 11"))
    assert "version 2 and in force" in empty.done("setup", "load", changed).out
    exported = setup_file(tmp_path, empty.done("setup", "export").out, "exported.toml")
    assert load_file(exported).setup.digest == load_file(changed).setup.digest


def test_a_setup_that_takes_out_an_open_counter_is_not_published(shell: Shell, tmp_path: Path) -> None:
    from hall.day.commands import OpenCounter

    async def open_counter() -> None:
        system = build(f"sqlite:///{shell.database}")
        await system.load()
        await system.runner.submit("corner", OpenCounter("1"))
        await system.stop()

    asyncio.run(open_counter())
    other = CORNER.replace('id = "1"\nname = "1"', 'id = "2"\nname = "2"')
    assert "counters: 1" in shell.failed("setup", "load", setup_file(tmp_path, other))
    assert 'id = "1"' in shell.done("setup", "export").out


def issue(shell: Shell, service: str, *later: str) -> None:
    from hall.day.commands import IssueTicket

    async def take_a_number() -> None:
        system = build(f"sqlite:///{shell.database}")
        await system.load()
        await system.runner.submit("corner", IssueTicket(service, services=later))
        await system.stop()

    asyncio.run(take_a_number())


def services_wanted(shell: Shell) -> list[str]:
    async def look() -> list[str]:
        system = build(f"sqlite:///{shell.database}")
        await system.load()
        day = system.runner.halls["corner"].picture.day
        await system.stop()
        tickets = day.tickets.values()
        return [service for t in tickets for service in (t.turn.service, *(one.service for one in t.planned))]

    return asyncio.run(look())


def test_who_waits_for_or_plans_a_service_that_goes_is_moved_as_the_operator_says(empty: Shell, tmp_path: Path) -> None:
    empty.done("setup", "load", setup_file(tmp_path, TWO))
    issue(empty, "licence", "permit", "licence")
    without = setup_file(tmp_path)
    refused, what_to_do = empty("setup", "load", without).errors
    assert "services: licence (1 waiting, 1 planned for later)" in refused
    assert "--move OLD=NEW" in what_to_do
    assert services_wanted(empty) == ["licence", "permit", "licence"]
    assert "version 2 and in force" in empty.done("setup", "load", without, "--move", "licence=permit").out
    assert services_wanted(empty) == ["permit", "permit", "permit"]


@pytest.mark.parametrize(
    ("move", "said", "code"),
    [
        ("licence", "says no move; needed is OLD=NEW", 2),
        ("licence=permitt", '"licence" cannot go to "permitt" (did you mean "permit"?)', 1),
        ("permit=licence", 'service "permit" stays', 1),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(shell: Shell, tmp_path: Path, move: str, said: str, code: int) -> None:
    assert said in shell.failed("setup", "load", setup_file(tmp_path), "--move", move, code=code)


def test_a_service_goes_to_one_other(shell: Shell, tmp_path: Path) -> None:
    moves = ("--move", "a=permit", "--move", "a=b")
    assert '"a" is moved to "permit" and to "b"' in shell.failed("setup", "load", setup_file(tmp_path), *moves, code=2)


def test_moves_are_about_one_hall(shell: Shell, tmp_path: Path) -> None:
    files = setup_file(tmp_path), setup_file(tmp_path, CORNER.replace('"corner"', '"square"'), "square.toml")
    assert "load its file alone" in shell.failed("setup", "load", *files, "--move", "a=b", code=2)


def test_a_setup_whose_token_is_taken_leaves_nothing_behind(shell: Shell, tmp_path: Path) -> None:
    """No version that the next start would bring into force, no account, and no new hall."""
    shell.done("setup", "load", setup_file(tmp_path))
    staff = '\n[[staff]]\nlogin = "wang"\nname = "Wang Fang"\nrole = "clerk"\npin = "4711"\n'
    thief = CORNER.replace('"corner"', '"square"') + staff
    assert "in use elsewhere" in shell.failed("setup", "load", setup_file(tmp_path, thief))
    assert "there is corner" in shell.failed("token", "create", "--role", "api", "--hall", "square")
    moved = CORNER.replace("Corner Office", "Corner House").replace('id = "kiosk-1"', 'id = "kiosk-2"') + staff
    assert "in use elsewhere" in shell.failed("setup", "load", setup_file(tmp_path, moved))
    assert not signs_in(shell.database, "wang", "4711")
    assert "Corner Office" in shell.done("setup", "export").out


def test_a_token_is_the_last_word_and_can_be_revoked(shell: Shell) -> None:
    made = shell.done("token", "create", "--role", "kiosk", "--device", "kiosk-1", "--note", "by the door")
    id, token = made.out.split()
    assert token.startswith("hall_")
    listed = shell.done("token", "list").out
    assert f"{id}\tcorner\tkiosk\tkiosk-1" in listed
    assert token not in listed
    shell.done("token", "revoke", id)
    assert "revoked\tby the door" in shell.done("token", "list").out
    assert id in shell.failed("token", "revoke", id)


def test_a_token_for_nothing_known_is_refused(shell: Shell) -> None:
    assert "it has kiosk-1" in shell.failed("token", "create", "--role", "kiosk", "--device", "kiosk-9")
    assert "there is corner" in shell.failed("token", "create", "--role", "api", "--hall", "elsewhere")
    assert "not for role api" in shell.failed("token", "create", "--role", "api", "--device", "kiosk-1")


def test_people_are_added_once_and_get_new_secrets(shell: Shell) -> None:
    shell.done("user", "add", "wang", "--role", "clerk", "--name", "Wang Fang", stdin="4711\n")
    assert signs_in(shell.database, "wang", "4711")
    assert "already" in shell.failed("user", "add", "wang", "--role", "clerk", stdin="4712\n")
    shell.done("user", "passwd", "wang", stdin="4713\n")
    assert signs_in(shell.database, "wang", "4713")
    assert not signs_in(shell.database, "wang", "4711")
    assert "wang" in shell.failed("user", "passwd", "weng", stdin="4711\n")
    assert "4 to 128" in shell.failed("user", "passwd", "wang", stdin="1\n")


def test_a_fresh_database_verifies_and_is_rebuilt(shell: Shell) -> None:
    assert shell.done("verify").out == "corner: nothing is wrong\n"
    assert "rows made anew" in shell.done("rebuild").out
    assert "there is corner" in shell.failed("verify", "--hall", "elsewhere")


def test_a_database_that_was_touched_does_not_verify(shell: Shell) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(shell.database)) as connection, connection:
        connection.execute("UPDATE event SET body = replace(body, '1', '2')")
    ran = shell("verify")
    assert (ran.code, ran.err) == (1, "")
    assert "hash" in ran.out


def test_a_database_held_by_a_silent_process_is_told(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from hall.cli import reach

    monkeypatch.setattr(reach, "PATIENCE_S", 0.0)
    with hold(f"sqlite:///{shell.database}"):
        assert "does not answer" in shell.failed("token", "create", "--role", "api")
        assert "served by another process" in shell.failed("serve", "--port", "0")


def test_a_port_in_use_is_told(shell: Shell) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"cannot listen on 127.0.0.1:{port}" in shell.failed("serve", "--port", str(port))


def test_a_database_in_a_folder_that_is_not_there_is_told(empty: Shell) -> None:
    nowhere = f"sqlite:///{empty.database.parent}{os.sep}none{os.sep}hall.db"
    assert "none" in empty.failed("serve", "--port", "0", "--database", nowhere)
