"""What the command line asks of a running server, so that nothing is ever written behind its back.

`Control` does it, both ways: for these routes when a server holds the database, and for a command itself when none
does. What an operator has to know comes back as `lines` beside a stable code.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hmac import compare_digest
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field, StringConstraints
from sqlalchemy import Engine

from hall.day.commands import Context, PublishSetup
from hall.day.decide import decide
from hall.day.refusals import Refusal, SetupInUse
from hall.day.setup import Setup
from hall.edge.auth import require
from hall.edge.fields import Body, Id, LongLine, Secret
from hall.edge.problems import PROBLEMS, Problem
from hall.live.business import business_date, local_time
from hall.live.press import HallId, as_json
from hall.live.runner import Hall, Runner
from hall.people.accounts import EVERY_HALL
from hall.people.permissions import DEVICE_ROLES, Role, permissions_of
from hall.people.principals import Principal
from hall.people.service import People
from hall.people.tokens import TokenTaken
from hall.setup.document import digest_of
from hall.setup.findings import SetupMistakes
from hall.setup.limits import MAX_SERVICES
from hall.setup.moves import Moves, wrong_moves
from hall.setup.store import SetupChangedElsewhere, load_newest, publish_file, withdraw
from hall.setup.toml import Parsed, parse

T = TypeVar("T")
StaffRole = Literal["clerk", "greeter", "manager", "admin"]
HOW_TO_MOVE = "--move OLD=NEW says where those go who wait or plan; who was called or is served has to finish first"
USES = {"waiting": "waiting", "at_hand": "called, served, parked or missed", "planned": "planned for later"}
SETUP_TEXT_MOST = 60_000  # a request's body may have 64 KiB

# These routes are between one version's command line and its server; programs have the rest of the API.
router = APIRouter(prefix="/api/v1", tags=["control"], include_in_schema=False)
# A hall's rule, and all else that a set-up says, may be changed by programs too.
setup_router = APIRouter(prefix="/api/v1", tags=["set-up"], responses=PROBLEMS)


class NotDone(Exception):
    """What was asked is not done. `code` is stable, `lines` are for the operator."""

    def __init__(self, code: str, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.code, self.lines = code, lines


class PeopleAndControl(People):
    """People, and the command line of this machine: its token is known to this process and the lock file alone."""

    control: str | None = None

    async def principal(self, token: str) -> Principal | None:
        if self.control is not None and compare_digest(token.encode(), self.control.encode()):
            return Principal("api", "control", "admin", EVERY_HALL, permissions_of("admin"))
        return await super().principal(token)


@dataclass(slots=True)
class Control:
    """An operator's hand on a system. Raises `NotDone`."""

    engine: Engine
    runner: Runner
    people: People

    async def publish(self, parsed: Parsed, *, replace_changes: bool, moves: Moves = ()) -> dict[str, Any]:
        """Make a file's set-up the one in force. `version` is None when it was not news."""
        require_sensible(parsed.setup, moves)
        hall = self.runner.halls.get(parsed.setup.hall)
        if hall is not None:
            require_publishable(self.runner, hall, parsed.setup, moves)
        published = await self.store(parsed, replace_changes=replace_changes) or await self.left_behind(parsed, hall)
        if published is not None:
            if hall is None:
                await self.runner.load(published.hall, {published.version: published})
            await self.submit(published, moves)
        version = None if published is None else published.version
        return {"hall": parsed.setup.hall, "version": version}

    async def submit(self, setup: Setup, moves: Moves = ()) -> None:
        """Bring a stored version into force. One that strands who came while it was stored is taken back."""
        try:
            await self.runner.submit(setup.hall, PublishSetup(setup, moves))
        except SetupInUse as refusal:
            await asyncio.to_thread(withdraw, self.engine, setup)
            raise in_use(refusal) from None
        except Refusal as refusal:
            raise in_use(refusal) from None

    async def left_behind(self, parsed: Parsed, hall: Hall | None) -> Setup | None:
        """This very set-up when it was stored before and is not in force: its event could not be stored then."""
        newest = await asyncio.to_thread(load_newest, self.engine, parsed.setup.hall)
        in_force = 0 if hall is None else hall.picture.day.setup_version
        if newest is None or newest.setup.version == in_force or newest.setup.digest != digest_of(parsed.setup):
            return None
        return newest.setup

    async def store(self, parsed: Parsed, *, replace_changes: bool) -> Setup | None:
        """Keep a file's set-up as a new version when it is news, and let in whom it names: both or neither."""
        setup, secrets = parsed.setup, parsed.secrets
        at = self.runner.clock.now()
        store = partial(publish_file, setup=setup, at=at, by="file", replace_changes=replace_changes)
        try:
            return await self.people.install(setup, secrets.staff, secrets.devices, store=store)
        except SetupChangedElsewhere as changed:
            raise NotDone("refused", *str(changed).splitlines(), "use --replace to publish it all the same") from None
        except TokenTaken as taken:
            raise NotDone("refused", str(taken)) from None

    async def create_token(self, hall: str, role: Role, device: str | None, note: str) -> dict[str, Any]:
        """A new token, shown this once."""
        self.require_hall(hall)
        if device is not None:
            require_device(self.runner.halls.get(hall), role, device)
        token, made = await self.people.create_token(hall=hall, role=role, device=device, note=note)
        return {"id": made.id, "token": token}

    async def revoke_token(self, hall: str, id: str) -> dict[str, Any]:
        """End a token at once."""
        revoked = await self.people.revoke_token(id, None if hall == EVERY_HALL else hall)
        if revoked is None:
            raise NotDone("not_found", f'no token with the id "{id}" is in force')
        return {"id": revoked.id, "hall": revoked.hall, "role": revoked.role, "device": revoked.device}

    async def add_account(self, hall: str, login: str, name: str, role: Role, secret: str) -> dict[str, Any]:
        """Let a new person in."""
        self.require_hall(hall)
        if any(account.login == login and account.active for account in await self.people.accounts(hall)):
            raise NotDone("refused", f'hall {hall} has a "{login}" already: `hall user passwd` changes the secret')
        await self.people.set_account(hall=hall, login=login, name=name, role=role, secret=secret)
        return {"hall": hall, "login": login, "role": role}

    async def change_secret(self, hall: str, login: str, secret: str) -> dict[str, Any]:
        """Give a person a new PIN or password, and sign them out."""
        self.require_hall(hall)
        if not await self.people.set_secret(hall, login, secret):
            known = ", ".join(account.login for account in await self.people.accounts(hall)) or "nobody"
            raise NotDone("not_found", f'hall {hall} has no "{login}"; it has {known}')
        return {"hall": hall, "login": login}

    async def rebuild(self, hall: str) -> dict[str, Any]:
        """Derive a hall's rows anew from its log."""
        self.require_hall(hall)
        return {"hall": hall, "events": await self.runner.log.rebuild(hall)}

    def require_hall(self, hall: str) -> None:
        if hall != EVERY_HALL and hall not in self.runner.halls:
            raise NotDone("hall_unknown", f'there is no hall "{hall}"; {known_halls(self.runner)}')


def known_halls(runner: Runner) -> str:
    return f"there is {', '.join(runner.halls)}" if runner.halls else "no set-up was loaded yet"


def require_device(hall: Hall | None, role: Role, device: str) -> None:
    """The set-up must know the device, as one of this kind."""
    devices = {} if hall is None else hall.setup.devices
    alike = [one.id for one in devices.values() if one.kind == role]
    if role not in DEVICE_ROLES:
        raise NotDone("refused", f"--device is for kiosks, displays and printers, not for role {role}")
    if device not in alike:
        known = ", ".join(alike) or "none"
        raise NotDone("not_found", f'the set-up has no {role} "{device}"; it has {known}')


def require_sensible(setup: Setup, moves: Moves) -> None:
    wrong = list(wrong_moves(setup, moves))
    if wrong:
        raise NotDone("refused", *wrong)


def require_publishable(runner: Runner, hall: Hall, setup: Setup, moves: Moves) -> None:
    """Ask before anything is stored: a set-up must not strand who waits or works."""
    at = runner.stamp(hall)
    context = Context(at, business_date(setup, at), local_time(setup, at), setup, "asked")
    try:
        decide(hall.pending, PublishSetup(setup, moves), context)
    except Refusal as refusal:
        raise in_use(refusal) from None


def in_use(refusal: Refusal) -> NotDone:
    """The refusal as lines: each service with how many use it and in which way, each counter that is open."""
    data: dict[str, Any] = refusal.data
    services = [f"{service} ({counted(uses)})" for service, uses in data.get("uses", {}).items()]
    in_the_way = {"services": services, "counters": data.get("counters")}
    facts = "; ".join(f"{name}: {', '.join(found)}" for name, found in in_the_way.items() if found)
    said = f"not published now, because it takes out what is in use ({facts or refusal.code})"
    return NotDone(refusal.code, said, HOW_TO_MOVE) if services else NotDone(refusal.code, said)


def counted(uses: dict[str, int]) -> str:
    return ", ".join(f"{count} {USES[kind]}" for kind, count in uses.items())


# --- routes -------------------------------------------------------------------------------------------------------


class SetupBody(Body):
    """The text of a set-up file; `file` is what messages call it. `moves` are {service that is gone: where to}."""

    text: Annotated[str, StringConstraints(max_length=SETUP_TEXT_MOST)]
    file: Annotated[str, StringConstraints(max_length=200)] = ""
    replace: bool = False
    moves: Annotated[dict[Id, Id], Field(max_length=MAX_SERVICES)] = Field(default_factory=dict)


class TokenBody(Body):
    """For whom a token is."""

    role: Role
    device: Id | None = None
    note: Annotated[str, StringConstraints(max_length=60)] = ""


class AccountBody(Body):
    """Somebody new."""

    name: LongLine
    role: StaffRole
    secret: Secret


class SecretBody(Body):
    """A new PIN or password."""

    secret: Secret


def control_of(request: Request) -> Control:
    state = request.app.state
    return Control(state.engine, state.runner, state.people)


ControlIn = Annotated[Control, Depends(control_of)]
AnyHall = Annotated[str, Path(alias="hall", pattern=r"^(\*|[A-Za-z0-9_.-]{1,40})$")]
PathWord = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]


async def answer(work: Callable[[], Any]) -> Response:
    """Do it, and answer; what was not done becomes a problem with its lines."""
    try:
        return as_json(await work())
    except NotDone as not_done:
        raise Problem(not_done.code, lines=list(not_done.lines)) from not_done


@setup_router.post("/halls/{hall}/setup", dependencies=[Depends(require("setup.publish"))])
async def publish_setup(hall: HallId, body: SetupBody, control: ControlIn) -> Response:
    """Publish a set-up file of this hall."""
    try:
        parsed = parse(body.text, body.file)
    except SetupMistakes as wrong:
        raise Problem("malformed", lines=[str(one) for one in wrong.findings if one.is_mistake]) from None
    if parsed.setup.hall != hall:
        raise Problem("refused", lines=[f"the file is of hall {parsed.setup.hall}, not of {hall}"])
    moves = tuple(body.moves.items())
    return await answer(lambda: control.publish(parsed, replace_changes=body.replace, moves=moves))


@router.post("/halls/{hall}/tokens", dependencies=[Depends(require("token.create"))])
async def create_token(hall: AnyHall, body: TokenBody, control: ControlIn) -> Response:
    """Make a token."""
    return await answer(lambda: control.create_token(hall, body.role, body.device, body.note))


@router.post("/halls/{hall}/tokens/{token}/revoke", dependencies=[Depends(require("token.revoke"))])
async def revoke_token(hall: AnyHall, token: PathWord, control: ControlIn) -> Response:
    """Revoke a token by its id; at hall `*`, of any hall."""
    return await answer(lambda: control.revoke_token(hall, token))


@router.post("/halls/{hall}/accounts/{login}", dependencies=[Depends(require("account.change"))])
async def add_account(hall: AnyHall, login: PathWord, body: AccountBody, control: ControlIn) -> Response:
    """Make an account."""
    return await answer(lambda: control.add_account(hall, login, body.name, body.role, body.secret))


@router.post("/halls/{hall}/accounts/{login}/secret", dependencies=[Depends(require("account.change"))])
async def change_secret(hall: AnyHall, login: PathWord, body: SecretBody, control: ControlIn) -> Response:
    """Change somebody's secret."""
    return await answer(lambda: control.change_secret(hall, login, body.secret))


@router.post("/halls/{hall}/rebuild", dependencies=[Depends(require("log.rebuild"))])
async def rebuild(hall: HallId, control: ControlIn) -> Response:
    """Derive the rows anew from the log."""
    return await answer(lambda: control.rebuild(hall))
