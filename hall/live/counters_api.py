"""The HTTP door of counters: one typed route a verb, all of them through the one command path."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, model_validator

from hall.day import commands as c
from hall.day.events import CallOutcome, HelpKind
from hall.day.refusals import CallNotDelivered, TicketUnknown
from hall.edge.auth import Principal, require
from hall.edge.fields import Body, Id, LanguageTag, Line, Note
from hall.edge.problems import PROBLEMS
from hall.edge.quick import QuickRoute
from hall.live.answers import counter_answer
from hall.live.press import NothingBody, PathId, Press, PressIn, as_json, require_open
from hall.live.runner import Told
from hall.live.views.base import require_counter
from hall.live.views.desk import missable_record

router = APIRouter(prefix="/api/v1", tags=["counters"], responses=PROBLEMS, route_class=QuickRoute)

MAX_ITEMS = 50
PARK_MINUTES_MOST = 480

Driver = Annotated[Principal, Depends(require("counter.drive"))]
CounterId = PathId


class OpenBody(Body):
    """Who opens the counter, and for which services when not the planned ones."""

    staff: Id | None = None
    services: Annotated[list[Id], Field(min_length=1, max_length=200)] | None = None


class VisitorBody(Body):
    """Whom the verb means: the ticket that the screen showed at the counter, empty for nobody; not said when absent."""

    visitor: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{0,44}$")] | None = None


class ReasonBody(Body):
    """Why, in a word of the hall's list or a short line."""

    reason: Line | None = None


class Item(Body):
    """Work done: which, and how many."""

    item: Id
    quantity: Annotated[int, Field(ge=1, le=9999)] = 1


class FinishBody(VisitorBody):
    """How the visit ended, what was done, and why it was not completed."""

    outcome: CallOutcome = "served"
    reason: Id | None = None
    items: Annotated[tuple[Item, ...], Field(max_length=MAX_ITEMS)] = ()

    @model_validator(mode="after")
    def _says_why_of_what_is_open(self) -> Self:
        if self.outcome == "served" and (self.reason is not None or getattr(self, "credit", False)):
            raise ValueError("reason and credit belong to the outcome not_completed")
        return self

    def pairs(self) -> tuple[tuple[str, int], ...]:
        return tuple((one.item, one.quantity) for one in self.items)


class EndBody(FinishBody):
    """With `credit`, a visitor whose matter was not completed counts as having come earlier when coming back."""

    credit: bool = False


class CallNextBody(FinishBody):
    """With `finish`, the visitor at the counter is finished first, in the same command."""

    finish: bool = False

    @model_validator(mode="after")
    def _ends_what_it_tells_of(self) -> Self:
        if not self.finish and (self.items or self.outcome != "served"):
            raise ValueError("outcome and items need finish")
        return self


class CallBody(VisitorBody):
    """Which ticket, and why it is called before others."""

    ticket: Id
    reason: Id | None = None
    finish: bool = False


class WalkInBody(Body):
    """What somebody without a number comes for."""

    service: Id
    class_: Id | None = Field(None, alias="class")
    language: LanguageTag | None = None


class NoShowBody(VisitorBody):
    """The reason to go on although the call was not delivered often enough, or the time to come is not over."""

    override: Id | None = None


class ParkBody(VisitorBody):
    """Why, and for how many minutes; as long as the hall says when none are named."""

    reason: Id
    minutes: Annotated[float, Field(gt=0, le=PARK_MINUTES_MOST)] | None = None


class UnparkBody(Body):
    """Which ticket; the only one when none is named."""

    ticket: Id | None = None


class TransferBody(Body):
    """Where to: a service, or a counter or clerk, or a service there. `return`: and then back here.

    The note is for the next clerk; it is kept apart from the log and can be erased.
    """

    service: Id | None = None
    counter: Id | None = None
    staff: Id | None = None
    note: Note | None = None
    returns: bool = Field(False, alias="return")


class TransferVisitorBody(TransferBody, VisitorBody):
    """Where the visitor at the counter is sent."""


class HelpBody(Body):
    """What kind of help is wanted."""

    kind: HelpKind


async def drive(
    press: Press, who: Principal, counter: str, command: c.Command, body: BaseModel, told: Told | None = None
) -> Response:
    """Give a counter's verb and answer with who is at the counter; 204 when nobody was there to be called."""
    done = await press.submit(who, command, body, told)
    if not done.recorded:
        return Response(status_code=204)
    picture, last_seq = press.hall.picture, done.recorded[-1].seq
    if done.is_repeat or picture.day.opened_seq > last_seq:  # the visitor may have gone on since, and the counter too
        picture = await press.runner.picture_at(press.hall, last_seq)
    return as_json(counter_answer(counter, done.recorded, picture))


async def drive_visitor(
    press: Press, who: Principal, counter: str, verb: c.VisitorVerb, body: VisitorBody, told: Told | None = None
) -> Response:
    """Give a verb that acts on who stands at the counter; refused when that is not whom the body means."""
    command = verb if body.visitor is None else c.ForVisitor(body.visitor, verb)
    return await drive(press, who, counter, command, body, told)


@router.post("/halls/{hall}/counters/{counter}/open")
async def open_counter(press: PressIn, counter: CounterId, who: Driver, body: OpenBody | None = None) -> Response:
    """Open a counter. A clerk opens it in the own name; a program names the clerk, or nobody."""
    asked = body or OpenBody()
    staff = who.login if who.role == "clerk" else asked.staff
    services = None if asked.services is None else tuple(asked.services)
    return await drive(press, who, counter, c.OpenCounter(counter, staff, services), asked)


@router.post("/halls/{hall}/counters/{counter}/pause")
async def pause(press: PressIn, counter: CounterId, who: Driver, body: ReasonBody | None = None) -> Response:
    """Stop calling for a while."""
    asked = body or ReasonBody()
    return await drive(press, who, counter, c.PauseCounter(counter, asked.reason), asked)


@router.post("/halls/{hall}/counters/{counter}/resume")
async def resume(press: PressIn, counter: CounterId, who: Driver, body: NothingBody | None = None) -> Response:
    """Call again after a pause."""
    return await drive(press, who, counter, c.ResumeCounter(counter), body or NothingBody())


@router.post("/halls/{hall}/counters/{counter}/close")
async def close(press: PressIn, counter: CounterId, who: Driver, body: ReasonBody | None = None) -> Response:
    """Close a counter that has no visitor."""
    asked = body or ReasonBody()
    return await drive(press, who, counter, c.CloseCounter(counter, asked.reason), asked)


@router.post("/halls/{hall}/counters/{counter}/call-next", responses={204: {"description": "Nobody waits."}})
async def call_next(press: PressIn, counter: CounterId, who: Driver, body: CallNextBody | None = None) -> Response:
    """Call whom the rule chooses; 204 when nobody waits and nobody was finished."""
    asked = body or CallNextBody()
    command = c.CallNext(counter, asked.finish, asked.outcome, asked.pairs(), asked.reason)
    return await drive_visitor(press, who, counter, command, asked)


@router.post("/halls/{hall}/counters/{counter}/recall")
async def recall(press: PressIn, counter: CounterId, who: Driver, body: VisitorBody | None = None) -> Response:
    """Repeat the call."""
    return await drive_visitor(press, who, counter, c.Recall(counter), body or VisitorBody())


@router.post("/halls/{hall}/counters/{counter}/start")
async def start(press: PressIn, counter: CounterId, who: Driver, body: VisitorBody | None = None) -> Response:
    """The visitor has come."""
    return await drive_visitor(press, who, counter, c.Start(counter), body or VisitorBody())


@router.post("/halls/{hall}/counters/{counter}/finish")
async def finish(press: PressIn, counter: CounterId, who: Driver, body: EndBody | None = None) -> Response:
    """The visitor is done."""
    asked = body or EndBody()
    ending = c.Finish(counter, asked.outcome, asked.pairs(), asked.reason, asked.credit)
    return await drive_visitor(press, who, counter, ending, asked)


@router.post("/halls/{hall}/counters/{counter}/call")
async def call_ticket(press: PressIn, counter: CounterId, who: Driver, body: CallBody) -> Response:
    """Call a chosen ticket, as far as the hall allows; whoever waited longer is recorded as passed over."""
    command = c.CallTicket(counter, body.ticket, body.reason, body.finish)
    try:
        return await drive_visitor(press, who, counter, command, body)
    except TicketUnknown:
        await require_open(press, body.ticket)
        raise


@router.post("/halls/{hall}/counters/{counter}/walk-in")
async def walk_in(press: PressIn, counter: CounterId, who: Driver, body: WalkInBody) -> Response:
    """Serve somebody who stands at the counter without a number; one is given, and counted as overtaking."""
    command = c.ServeWalkIn(counter, body.service, body.class_, body.language)
    return await drive(press, who, counter, command, body)


@router.post("/halls/{hall}/counters/{counter}/no-show")
async def no_show(press: PressIn, counter: CounterId, who: Driver, body: NoShowBody | None = None) -> Response:
    """The visitor was called often enough and did not come; `override` goes on without, for a reason."""
    asked = body or NoShowBody()
    try:
        return await drive_visitor(press, who, counter, c.NoShow(counter, asked.override), asked)
    except CallNotDelivered as refusal:
        refusal.data |= {**causes(press, counter), "ways": ["recall", "greeter", "override"]}
        raise


@router.get("/halls/{hall}/counters/{counter}/delivery")
async def delivery(press: PressIn, counter: CounterId, _: Driver) -> Response:
    """Why the calls of whom a counter awaits have not reached the visitor. It is about now, so no view has it."""
    picture = press.hall.picture
    there = picture.day.counters.get(require_counter(picture, counter))
    ticket = None if there is None or there.ticket is None else picture.day.tickets[there.ticket]
    missable = None if ticket is None else missable_record(picture.setup, ticket)
    is_lost = missable is not None and missable["code"] == CallNotDelivered.code
    found = causes(press, counter) if is_lost else {"cause": None, "phone": None}
    return as_json({"counter": counter, "ticket": None if ticket is None else ticket.id, **found})


def causes(press: Press, counter: str) -> dict[str, str | None]:
    """Why no display has proved the call, and whether the visitor's phone could."""
    return {"cause": press.receipts.cause(press.hall, counter), "phone": press.receipts.phone(press.hall, counter)}


@router.post("/halls/{hall}/counters/{counter}/park")
async def park(press: PressIn, counter: CounterId, who: Driver, body: ParkBody) -> Response:
    """Set the visitor aside for a while; the counter is free, and the visitor is next here when the time is over."""
    seconds = None if body.minutes is None else round(body.minutes * 60)
    return await drive_visitor(press, who, counter, c.Park(counter, body.reason, seconds), body)


@router.post("/halls/{hall}/counters/{counter}/unpark")
async def unpark(press: PressIn, counter: CounterId, who: Driver, body: UnparkBody | None = None) -> Response:
    """Go on with a visitor who was set aside at this counter."""
    asked = body or UnparkBody()
    return await drive(press, who, counter, c.Unpark(counter, asked.ticket), asked)


@router.post("/halls/{hall}/counters/{counter}/transfer")
async def transfer(press: PressIn, counter: CounterId, who: Driver, body: TransferVisitorBody) -> Response:
    """Send the visitor to another service, counter or clerk; number and claim are kept."""
    has_note = body.note is not None
    command = c.TransferVisitor(counter, body.service, body.counter, body.staff, body.returns, has_note)
    return await drive_visitor(press, who, counter, command, body, Told(note=body.note))


@router.post("/halls/{hall}/counters/{counter}/help")
async def help(press: PressIn, counter: CounterId, who: Driver, body: HelpBody) -> Response:
    """Ask for help, silently: greeter and manager see it until somebody takes and solves it."""
    return await drive(press, who, counter, c.RequestHelp(counter, body.kind), body)


@router.post("/halls/{hall}/counters/{counter}/undo")
async def undo(press: PressIn, counter: CounterId, who: Driver, body: VisitorBody | None = None) -> Response:
    """Take back the last step."""
    return await drive_visitor(press, who, counter, c.Undo(counter), body or VisitorBody())
