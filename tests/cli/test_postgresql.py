"""On PostgreSQL a database has one writer as well, and commands go through the server that holds it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from hall.log.database import AlreadyServed, hold, of_one_instant, open_engine
from hall.log.meta import told_address
from hall.people.tokens import load_tokens
from tests.cli.cli_support import CORNER, Shell, served, setup_file
from tests.log.postgres import Postgres


@pytest.fixture
def url(postgres: Postgres) -> str:
    """A database with nothing in it."""
    return postgres.new_database()


@pytest.fixture
def shell(empty: Shell, url: str) -> Shell:
    empty.on(url)
    return empty


def test_one_process_holds_a_database_and_lets_it_go(url: str, postgres: Postgres) -> None:
    with hold(url), pytest.raises(AlreadyServed, match="is served by another process"), hold(url):
        raise AssertionError("two hold it")
    with hold(url), hold(postgres.new_database()):
        pass


def test_a_refusal_does_not_tell_the_password(url: str) -> None:
    secret = url.replace("hall@", "hall:open-sesame@")
    with hold(url), pytest.raises(AlreadyServed) as refused, hold(secret):
        raise AssertionError("two hold it")
    assert "open-sesame" not in str(refused.value)


def test_commands_go_through_the_server_that_holds_the_database(shell: Shell, url: str, tmp_path: Path) -> None:
    file = setup_file(tmp_path)
    assert "version 1 and in force" in shell.done("setup", "load", file).out
    with served(shell.database, at=url) as server:
        assert "is served by another process" in shell.failed("serve", "--port", "0")
        id, token = shell.done("token", "create", "--role", "api").out.split()
        assert server.post("/api/v1/halls/corner/tickets", {"service": "permit"}, token).json()["number"] == "P001"
        renamed = setup_file(tmp_path, CORNER.replace("Corner Office", "Corner House"))
        assert "version 2 and in force" in shell.done("setup", "load", renamed).out
        assert server.get("/api/v1/halls").json()["halls"][0]["name"] == {"en": "Corner House"}
        assert "rows made anew" in shell.done("rebuild").out
        assert shell.done("verify").out == "corner: nothing is wrong\n"
        assert server.post("/api/v1/halls/corner/tickets", {"service": "permit"}, token).json()["number"] == "P002"
        server.end()
    assert "worth nothing" in shell.done("token", "revoke", id).out
    engine = open_engine(url)
    with engine.connect() as connection:
        assert [one.id for one in load_tokens(connection) if one.device is None] == [id]
    engine.dispose()


def test_a_database_held_by_a_silent_process_is_told(shell: Shell, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from hall.cli import reach

    monkeypatch.setattr(reach, "PATIENCE_S", 0.0)
    with hold(url):
        said = shell.failed("token", "create", "--role", "api", "--hall", "corner")
    assert "in use by a process that does not answer" in said


def test_what_is_read_is_of_one_instant(url: str) -> None:
    engine = open_engine(url)
    assert told_address(engine) is None
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE leaf (n INTEGER)"))
    with of_one_instant(engine) as still:
        for _ in range(2):
            with engine.begin() as writing, still.connect() as reading, still.connect() as beside:
                writing.execute(text("INSERT INTO leaf VALUES (1)"))
                writing.commit()
                assert [one.scalar(text("SELECT count(*) FROM leaf")) for one in (reading, beside)] == [0, 0]
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM leaf")) == 2
    engine.dispose()
