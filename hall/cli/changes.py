"""Commands that change something: each says the same thing to a running server and to a database nobody holds."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from getpass import getpass
from pathlib import Path
from typing import cast, get_args

from hall.cli.failures import FAILED, MISUSED, Failed
from hall.cli.reach import Answer, act
from hall.cli.serving import load_files
from hall.cli.upkeep import only_hall
from hall.cli.words import note, say
from hall.people.accounts import EVERY_HALL
from hall.people.permissions import DEVICE_ROLES, ROLES, Role
from hall.setup.moves import Moves, as_moves
from hall.setup.toml import Parsed
from hall.web.control import SETUP_TEXT_MOST, StaffRole

SECRET_LEAST, SECRET_MOST = 4, 128


def load_setups(database: str, paths: list[Path], *, replace_changes: bool, move: Sequence[str] = ()) -> None:
    """Publish set-up files, one after the other, when all of them are without mistakes."""
    moves = read_moves(move, paths)
    for path, parsed in zip(paths, load_files(paths), strict=True):
        answer = publish(database, path, parsed, replace_changes=replace_changes, moves=moves)
        if answer["version"] is None:
            say(f"{answer['hall']}: nothing new in {path.name}, the set-up stays as it is")
        else:
            say(f"{answer['hall']}: {path.name} is version {answer['version']} and in force")


def read_moves(texts: Sequence[str], paths: list[Path]) -> Moves:
    if texts and len(paths) > 1:
        raise Failed("--move is about one hall: load its file alone", code=MISUSED)
    try:
        return as_moves(texts)
    except ValueError as wrong:
        raise Failed(f"--move: {wrong}", code=MISUSED) from None


def publish(database: str, path: Path, parsed: Parsed, *, replace_changes: bool, moves: Moves) -> Answer:
    text = path.read_text("utf-8-sig")
    if len(text) > SETUP_TEXT_MOST:
        note(f"{path.name} is too large for a running server; without one it is loaded all the same")
    return act(
        database,
        f"halls/{parsed.setup.hall}/setup",
        {"text": text, "file": path.name, "replace": replace_changes, "moves": dict(moves)},
        lambda control: control.publish(parsed, replace_changes=replace_changes, moves=moves),
        may_create=True,
    )


def check_setups(paths: list[Path]) -> None:
    """Say that files are without mistakes, or fail with all mistakes."""
    for parsed, path in zip(load_files(paths), paths, strict=True):
        say(f"{path.name}: no mistakes; hall {parsed.setup.hall}")


def add_user(database: str, hall: str | None, login: str, name: str | None, role: str) -> None:
    """Make an account; the secret is asked for, or read from stdin."""
    require_role(role, get_args(StaffRole))
    place = only_hall(database, hall)
    secret = read_secret()
    body = {"name": name or login, "role": role, "secret": secret}
    act(
        database,
        f"halls/{place}/accounts/{login}",
        body,
        lambda control: control.add_account(place, login, name or login, cast("Role", role), secret),
    )
    say(f"{login} may sign in as {role} at {where(place)}")


def change_secret(database: str, hall: str | None, login: str) -> None:
    """Give somebody a new secret, and sign them out."""
    place = only_hall(database, hall)
    secret = read_secret()
    act(
        database,
        f"halls/{place}/accounts/{login}/secret",
        {"secret": secret},
        lambda control: control.change_secret(place, login, secret),
    )
    say(f"{login} has a new secret at {where(place)}")


def require_role(role: str, known: Sequence[str]) -> None:
    if role not in known:
        raise Failed(f'there is no role "{role}"; --role is one of: {", ".join(known)}', code=MISUSED)


def where(hall: str) -> str:
    return "every hall" if hall == EVERY_HALL else hall


def read_secret() -> str:
    """A PIN or password, typed twice without being shown, or the first line of stdin."""
    if sys.stdin.isatty():
        secret = getpass("PIN or password: ")
        if getpass("once more: ") != secret:
            raise Failed("the two differ; nothing was changed")
    else:
        secret = sys.stdin.readline().rstrip("\r\n")
    if not SECRET_LEAST <= len(secret) <= SECRET_MOST or not secret.isprintable():
        raise Failed(f"a PIN or password has {SECRET_LEAST} to {SECRET_MOST} printable characters", code=FAILED)
    return secret


def create_token(database: str, hall: str | None, role: str, device: str | None, comment: str) -> None:
    """Make a token and print its id and, as the last word, the token."""
    require_role(role, ROLES)
    place = only_hall(database, hall)
    if role in DEVICE_ROLES and device is None:
        note(f"without --device this {role} has no place in the set-up: no area, and no printer")
    answer = act(
        database,
        f"halls/{place}/tokens",
        {"role": role, "device": device, "note": comment},
        lambda control: control.create_token(place, cast("Role", role), device, comment),
    )
    say(f"{answer['id']} {answer['token']}")


def revoke_token(database: str, hall: str | None, token: str) -> None:
    """End a token at once."""
    place = hall or EVERY_HALL
    answer = act(
        database,
        f"halls/{place}/tokens/{token}/revoke",
        {},
        lambda control: control.revoke_token(place, token),
    )
    say(f"{answer['id']} ({answer['role']} of {where(answer['hall'])}) is worth nothing any more")


def rebuild(database: str, hall: str | None) -> None:
    """Derive the rows anew."""
    place = only_hall(database, hall)
    answer = act(database, f"halls/{place}/rebuild", {}, lambda control: control.rebuild(place))
    say(f"{answer['hall']}: rows made anew from {answer['events']} events")
