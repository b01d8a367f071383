"""How a command reaches the data: through the server that holds it, else by holding it itself.

A database has one writer. Whoever holds its lock is that writer. A server leaves word how to ask it: beside a SQLite
file, in the lock file, with a token; in PostgreSQL its address alone, and whoever may write there makes a token.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from hall.bootstrap import build
from hall.cli.failures import Failed
from hall.live.ports import SystemClock
from hall.log.database import AlreadyServed, hold, open_engine, shown, sqlite_file
from hall.log.meta import told_address
from hall.people.tokens import passing_token
from hall.web.control import Control

Answer = dict[str, Any]
Work = Callable[[Control], Awaitable[Answer]]

PATIENCE_S = 30.0  # a server may be starting, another command may be at work
LOOK_S = 0.2
ANSWER_S = 120.0


def act(database: str, path: str, body: Mapping[str, object], work: Work, *, may_create: bool = False) -> Answer:
    """Do `work` here, or POST `body` to `path` at the server that holds the database; both do the same."""
    if not may_create:
        require_database(database)
    until_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            with hold(database):
                return asyncio.run(do_here(database, work))
        except AlreadyServed:
            answer = ask_server(database, path, body)
        if answer is not None:
            return answer
        if time.monotonic() > until_s:
            raise Failed(f"{shown(database)} is in use by a process that does not answer")
        time.sleep(LOOK_S)


def require_database(database: str) -> None:
    file = sqlite_file(database)
    if file is not None and not file.exists():
        raise Failed(f"there is no database {file}: `hall setup load` makes one, or `hall serve --setup`")


async def do_here(database: str, work: Work) -> Answer:
    """With the halls loaded, but nothing happening by itself: no day turns, no paper is printed."""
    system = build(database)
    try:
        await system.load()
        return await work(system.control)
    finally:
        await system.stop()


def ask_server(database: str, path: str, body: Mapping[str, object]) -> Answer | None:
    """The server's answer; None when there is nobody to ask yet, or not any more."""
    with way_in(database) as word:
        return None if word is None else ask(word, path, body)


@contextmanager
def way_in(database: str) -> Iterator[dict[str, str] | None]:
    """The address of the server and a token that it takes; None when it has said nothing yet."""
    file = sqlite_file(database)
    if file is not None:
        yield read_word(file)
        return
    engine = open_engine(database)
    try:
        url = told_address(engine)
        if url is None:
            yield None
            return
        with passing_token(engine, SystemClock().now()) as token:
            yield {"url": url, "token": token}
    finally:
        engine.dispose()


def ask(word: Mapping[str, str], path: str, body: Mapping[str, object]) -> Answer | None:
    headers = {"Authorization": f"Bearer {word['token']}"}
    url = f"{word['url']}/api/v1/{path}"
    try:
        answer = httpx.post(url, json=dict(body), headers=headers, timeout=ANSWER_S, trust_env=False)
    except httpx.TransportError:
        return None
    if answer.status_code == httpx.codes.UNAUTHORIZED:  # the word of a server that was killed
        return None
    if not answer.is_success:
        raise as_failure(answer)
    return dict(answer.json())


def read_word(file: Path) -> dict[str, str] | None:
    """What the server left in the lock file."""
    lock: Path = file.with_name(f"{file.name}.lock")
    try:
        word = json.loads(lock.read_text("utf-8"))
    except PermissionError:
        raise Failed(f"{lock} belongs to another user: run this command as the user that serves") from None
    except (OSError, ValueError):
        return None
    return word if isinstance(word, dict) and {"url", "token"} <= word.keys() else None


def as_failure(answer: httpx.Response) -> Failed:
    """A problem of the server in the words of a command."""
    try:
        problem = dict(answer.json())
    except ValueError:
        return Failed(f"the server answered {answer.status_code}")
    lines = problem.get("lines") or [f"the server says: {problem.get('detail') or problem.get('code')}"]
    return Failed(*map(str, lines))
