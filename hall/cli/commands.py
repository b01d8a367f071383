"""Every command with its options. What a command does lies in the modules beside this one, imported when it runs."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from hall.cli.failures import FAILED, MISUSED, Failed, as_failed

PLAIN: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False, "add_completion": False}
# The library's own complaints about a command line, from the root of its family.
USAGE = cast("tuple[type[Exception], ...]", typer.BadParameter.__mro__[1:3])

app = typer.Typer(help="Hall runs a service hall: numbers, calls, displays, waiting times.", **PLAIN)

setup_app = typer.Typer(help="What a hall is made of: load, export, check.", **PLAIN)
user_app = typer.Typer(help="People who may sign in.", **PLAIN)
token_app = typer.Typer(help="Tokens of devices and programs.", **PLAIN)
app.add_typer(setup_app, name="setup")
app.add_typer(user_app, name="user")
app.add_typer(token_app, name="token")

Database = Annotated[str | None, typer.Option(help="SQLAlchemy URL; HALL_DATABASE, else sqlite:///hall.db.")]
Host = Annotated[str | None, typer.Option(help="Address to listen on; HALL_HOST, else 127.0.0.1.")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Port to listen on, 0 for any free one; HALL_PORT, else 8000.")
]
SetupFiles = Annotated[list[Path] | None, typer.Option("--setup", help="A set-up file (TOML), one for each hall.")]
Replace = Annotated[bool, typer.Option("--replace", help="Publish a file over changes made in the browser.")]

Move = Annotated[
    list[str] | None,
    typer.Option("--move", help="OLD=NEW: who waits for or plans service OLD, which the file takes out, goes to NEW."),
]

Hall = Annotated[str | None, typer.Option(help="Id of the hall; needed when there are several.")]
Files = Annotated[list[Path], typer.Argument(help="Set-up files (TOML), one hall a file.")]
Login = Annotated[str, typer.Argument(help="What the person signs in with.")]


def main(arguments: list[str] | None = None) -> None:
    """Run a command line (this process's own, when none is given) and exit: 0 done, 1 not done, 2 misused."""
    try:
        code = app(arguments, standalone_mode=False)
    except USAGE as misuse:
        end(as_misuse(misuse))
    except typer.Abort:
        end(Failed("stopped"))
    except KeyboardInterrupt:
        end(Failed("stopped"))
    except Exception as error:
        failed = as_failed(error)
        if failed is None:
            raise
        end(failed)
    sys.exit(FAILED if code else 0)


def as_misuse(error: Exception) -> Failed:
    format_message = getattr(error, "format_message", lambda: str(error))
    said = " ".join(format_message().split())
    return Failed(f"{said} (see `hall --help`)", code=MISUSED)


def end(failed: Failed) -> None:
    for line in failed.lines:
        print(line, file=sys.stderr)
    sys.exit(failed.code)


def settings(**given: object) -> Any:
    """The settings, with what the command line gave in place of the environment's."""
    from hall.settings import Settings

    return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]


def start_without_collector() -> None:
    """Imports and a day's tickets are a million new objects and no rubbish; the server turns the collector on again."""
    gc.disable()


@app.command()
def serve(
    setup: SetupFiles = None,
    database: Database = None,
    host: Host = None,
    port: Port = None,
    replace: Replace = False,
) -> None:
    """Run the halls of a database, until it is ended by SIGTERM or Ctrl-C.

    Example: hall serve --setup examples/telecom-hall.toml --host 0.0.0.0
    """
    start_without_collector()
    from hall.cli.serving import serve_halls

    chosen = settings(database=database, host=host, port=port)
    serve_halls(chosen, setup or [], replace_changes=replace)


@app.command()
def demo(
    speed: Annotated[float, typer.Option(min=1, max=1000, help="Hall seconds that pass in one second.")] = 10,
    database: Annotated[str | None, typer.Option(help="Keep the demonstration here; else it is forgotten.")] = None,
    host: Host = None,
    port: Port = None,
) -> None:
    """Show a hall at work: a real day's visitors, simulated clerks, and a counter and a kiosk for you.

    Example: hall demo --speed 20
    """
    start_without_collector()
    from hall.cli.demonstration import serve_demo

    chosen = settings(database=database, host=host, port=port)
    serve_demo(chosen, speed=speed, keep=database)


@setup_app.command("load")
def setup_load(files: Files, database: Database = None, replace: Replace = False, move: Move = None) -> None:
    """Publish set-up files, on a running server too; what is not new stays as it is.

    Example: hall setup load examples/telecom-hall.toml
    """
    from hall.cli.changes import load_setups

    load_setups(settings(database=database).database, files, replace_changes=replace, move=move or [])


@setup_app.command("export")
def setup_export(hall: Hall = None, database: Database = None) -> None:
    """Print the set-up in force as TOML, without secrets.

    Example: hall setup export --hall jiangwan > jiangwan.toml
    """
    from hall.cli.upkeep import export_setup

    sys.stdout.write(export_setup(settings(database=database).database, hall))


@setup_app.command("check")
def setup_check(files: Files) -> None:
    """Read set-up files and name every mistake.

    Example: hall setup check examples/telecom-hall.toml
    """
    from hall.cli.changes import check_setups

    check_setups(files)


@user_app.command("add")
def user_add(
    login: Login,
    role: Annotated[str, typer.Option(help="clerk, greeter, manager or admin.")],
    name: Annotated[str | None, typer.Option(help="What colleagues call the person; else the login.")] = None,
    hall: Annotated[str | None, typer.Option(help="Id of the hall, or * for every hall.")] = None,
    database: Database = None,
) -> None:
    """Let somebody sign in. The PIN or password is asked for, or read from stdin.

    Example: hall user add wang --role clerk --name "Wang Fang"
    """
    from hall.cli.changes import add_user

    add_user(settings(database=database).database, hall, login, name, role)


@user_app.command("passwd")
def user_passwd(
    login: Login,
    hall: Annotated[str | None, typer.Option(help="Id of the hall, or * for every hall.")] = None,
    database: Database = None,
) -> None:
    """Change somebody's PIN or password, asked for or read from stdin; it ends their sessions.

    Example: hall user passwd wang
    """
    from hall.cli.changes import change_secret

    change_secret(settings(database=database).database, hall, login)


@token_app.command("create")
def token_create(
    role: Annotated[str, typer.Option(help="kiosk, display, printer, api, or a role of the staff.")],
    hall: Annotated[str | None, typer.Option(help="Id of the hall, or * for every hall.")] = None,
    device: Annotated[str | None, typer.Option(help="Id of the kiosk, display or printer in the set-up.")] = None,
    note: Annotated[str, typer.Option(help="What it is for, for the list of tokens.")] = "",
    database: Database = None,
) -> None:
    """Make a token, and print its id and the token. It is shown this once.

    Example: hall token create --hall jiangwan --role kiosk --device kiosk-1
    """
    from hall.cli.changes import create_token

    create_token(settings(database=database).database, hall, role, device, note)


@token_app.command("revoke")
def token_revoke(
    id: Annotated[str, typer.Argument(help="The token's id, the first word that `hall token create` printed.")],
    hall: Hall = None,
    database: Database = None,
) -> None:
    """End a token at once (on PostgreSQL within half a minute).

    Example: hall token revoke 3f9a0c21d7be
    """
    from hall.cli.changes import revoke_token

    revoke_token(settings(database=database).database, hall, id)


@token_app.command("list")
def token_list(hall: Hall = None, database: Database = None) -> None:
    """List the tokens: id, hall, role, device, since, state, note.

    Example: hall token list --hall jiangwan
    """
    from hall.cli.upkeep import list_tokens

    for one in list_tokens(settings(database=database).database, hall):
        state = "revoked" if one.revoked_at else "in force"
        words = (one.id, one.hall, one.role, one.device or "-", f"{one.created_at:%Y-%m-%d}", state, one.note)
        print("\t".join(words).rstrip())


@app.command()
def verify(hall: Hall = None, database: Database = None) -> None:
    """Read the whole log and compare it with everything derived from it; exit code 1 when something is wrong.

    Example: hall verify --database sqlite:////var/lib/hall/hall.db
    """
    from hall.cli.upkeep import verify_halls

    found = verify_halls(settings(database=database).database, hall)
    for name, findings in found.items():
        for line in findings or ["nothing is wrong"]:
            print(f"{name}: {line}")
    if any(found.values()):
        raise typer.Exit(FAILED)


@app.command()
def audit(
    day: Annotated[str, typer.Argument(help="The business day, like 2026-11-24, or all.")],
    hall: Hall = None,
    database: Database = None,
    export: Annotated[Path | None, typer.Option(help="Keep the exported day in this file, for hall/audit.py.")] = None,
    seal: Annotated[str | None, typer.Option(help="The hash on the closing slip.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Derive every call of a day anew, with a checker that shares no code with Hall; exit code 1 when one is wrong.

    Example: hall audit 2026-11-24 --export day.jsonl
    """
    import json

    from hall.audit import rendered
    from hall.cli.days import audit_day

    report = audit_day(settings(database=database).database, hall, day, keep=export, seal=seal)
    print(json.dumps(report, ensure_ascii=False) if as_json else rendered(report))
    if report["findings"]:
        raise typer.Exit(FAILED)


@app.command()
def rebuild(hall: Hall = None, database: Database = None) -> None:
    """Derive the rows of a hall anew from its log, on a running server too.

    Example: hall rebuild --hall jiangwan
    """
    from hall.cli import changes

    changes.rebuild(settings(database=database).database, hall)
