"""The HTTP door of tickets: give a number, look at it, move it; all of it through the one command path."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, model_validator

from hall.day import commands as c
from hall.day.refusals import TicketUnknown, TurnNotDone
from hall.day.setup import Place
from hall.day.state import Ticket
from hall.edge.auth import Principal, require
from hall.edge.fields import Body, Date, Id, LanguageTag, LongLine, Note
from hall.edge.paging import PageQuery
from hall.edge.problems import PROBLEMS
from hall.edge.quick import QuickRoute
from hall.live.answers import issued_answer, ticket_ended, ticket_now, ticket_row
from hall.live.counters_api import TransferBody
from hall.live.picture import Picture
from hall.live.ports import Links
from hall.live.press import NothingBody, PathId, Press, PressIn, as_json, require_open
from hall.live.reasons import why_not_yet
from hall.live.runner import Told
from hall.live.views.base import Record, as_time
from hall.log.codec import as_instant
from hall.log.rows import Row

router = APIRouter(prefix="/api/v1", tags=["tickets"], responses=PROBLEMS, route_class=QuickRoute)

MAX_SERVICES = 10
MAX_PLACES = 20

Issuer = Annotated[Principal, Depends(require("ticket.issue"))]
Changer = Annotated[Principal, Depends(require("ticket.change"))]
Prioritiser = Annotated[Principal, Depends(require("ticket.prioritise"))]
Reprinter = Annotated[Principal, Depends(require("ticket.reprint"))]


class IssueBody(Body):
    """A number is wanted. `services` follow under the same number; `comeback` is an earlier ticket with a credit.

    Name, phone and note are personal: they are kept apart from the log and can be erased.
    """

    service: Id
    class_: Id | None = Field(None, alias="class")
    language: LanguageTag | None = None
    services: Annotated[tuple[Id, ...], Field(max_length=MAX_SERVICES)] = ()
    comeback: Id | None = None
    name: LongLine | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+() .-]{1,40}$")] | None = None
    note: Note | None = None


class ReprintBody(Body):
    """On which printer; the ticket's own when none is named."""

    printer: Id | None = None


class ReinstateBody(Body):
    """Where in the line, when not where the policy says."""

    place: Place | None = None


class PostponeBody(Body):
    """How many others go first."""

    places: Annotated[int, Field(ge=1, le=MAX_PLACES)] = 1


class ReprioritiseBody(Body):
    """The new class, and why."""

    class_: Id = Field(alias="class")
    reason: Id


class AddServiceBody(Body):
    """The service that is added."""

    service: Id


class CorrectTimeBody(Body):
    """The right instants, of the turn named or the last that was served, and why."""

    turn: Id | None = None
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    reason: Id

    @model_validator(mode="after")
    def _corrects_something(self) -> Self:
        if self.started_at is None and self.ended_at is None:
            raise ValueError("started_at or ended_at is needed")
        return self


@router.post("/halls/{hall}/tickets", status_code=201)
async def issue(press: PressIn, who: Issuer, body: IssueBody) -> Response:
    """Give a number."""
    device = who.device if who.role == "kiosk" else None
    command = c.IssueTicket(
        body.service, body.class_, body.language, device, services=body.services, comeback=body.comeback
    )
    told = Told(body.name, body.phone, body.note)
    done = await press.submit(who, command, body, told)
    return as_json(issued_answer(done.recorded, press.hall.setup, press.runner.sources.links), 201)


TICKET_STATES = Literal["waiting", "called", "serving", "parked", "missed", "done"]


@router.get("/halls/{hall}/tickets")
async def list_tickets(
    press: PressIn,
    _: Annotated[Principal, Depends(require("ticket.view"))],
    page: PageQuery,
    state: TICKET_STATES | None = None,
    service: Id | None = None,
    number: Annotated[str | None, Query(pattern=r"^[^\x00-\x1f]{1,20}$")] = None,
    business_date: Date | None = None,
) -> Response:
    """Tickets in the order they were issued, closed ones too; those of one `number` the newest first."""
    asked = {"state": state, "service": service, "number": number, "business_date": business_date}
    filters = {column: value for column, value in asked.items() if value is not None}
    seq = press.hall.picture.day.seq
    newest_first = number is not None  # a number comes round every day
    rows = await press.runner.log.tickets(press.hall_id, filters, page.after, page.limit, newest_first=newest_first)
    open_now = press.hall.picture.day.tickets
    listed = [{**row_now(row, open_now.get(row["id"]), seq), "business_date": row["business_date"]} for row in rows]
    return as_json({"tickets": listed, "next_after": rows[-1]["serial"] if rows else None})


def row_now(row: Row, found: Ticket | None, seq: int) -> Record:
    """A row, with what a ticket that goes on is there for now: the row keeps what the number was given for."""
    if found is None:
        return ticket_row(row, seq)
    now = {"service": found.turn.service, "promise_s": found.turn.promise_s, "counter": found.turn.counter}
    return {**ticket_row(row, seq), **now, "called_at": as_time(found.turn.called_at)}


@router.get("/halls/{hall}/tickets/{ticket}")
async def show_ticket(
    press: PressIn, ticket: PathId, _: Annotated[Principal, Depends(require("ticket.view"))]
) -> Response:
    """One ticket with its turns and papers."""
    picture = press.hall.picture
    row = await press.runner.log.ticket(press.hall_id, ticket)
    if row is None:
        raise TicketUnknown(ticket=ticket)
    found = picture.day.tickets.get(ticket)
    record = (
        ticket_row(row, picture.day.seq) if found is None else ticket_now(picture, found, press.runner.sources.links)
    )
    return as_json({**record, "timeline": {"turns": row["turns"], "papers": row["papers"]}})


async def change(
    press: Press, who: Principal, ticket: str, command: c.Command, body: BaseModel, told: Told | None = None
) -> Response:
    """Give a ticket's verb and answer with the ticket."""
    if press.idempotency_key is None:
        await require_open(press, ticket)
    try:
        done = await press.submit(who, command, body, told)
    except TicketUnknown:
        await require_open(press, ticket)
        raise
    picture, last_seq = press.hall.picture, done.recorded[-1].seq
    if done.is_repeat or picture.day.opened_seq > last_seq:  # the ticket may have gone on since
        picture = await press.runner.picture_at(press.hall, last_seq)
    return as_json({**changed_ticket(picture, ticket, press.runner.sources.links), "seq": last_seq})


def changed_ticket(picture: Picture, ticket: str, links: Links) -> Record:
    """The ticket as memory has it: what is durable must not be answered with a fault because a row cannot be read."""
    found = picture.day.tickets.get(ticket)
    if found is not None:
        return ticket_now(picture, found, links)
    return ticket_ended(picture.ended[ticket], picture.day.seq)


@router.post("/halls/{hall}/tickets/{ticket}/cancel")
async def cancel(press: PressIn, ticket: PathId, who: Changer, body: NothingBody | None = None) -> Response:
    """Give a ticket up."""
    return await change(press, who, ticket, c.CancelTicket(ticket), body or NothingBody())


@router.post("/halls/{hall}/tickets/{ticket}/reprint")
async def reprint(press: PressIn, ticket: PathId, who: Reprinter, body: ReprintBody | None = None) -> Response:
    """Ask for one more paper, marked as a copy."""
    asked = body or ReprintBody()
    return await change(press, who, ticket, c.ReprintTicket(ticket, asked.printer), asked)


@router.get("/halls/{hall}/tickets/{ticket}/why")
async def why(press: PressIn, ticket: PathId, _: Annotated[Principal, Depends(require("ticket.view"))]) -> Response:
    """Why this ticket is not called yet: who is ahead, who of them came later and why, in a sentence."""
    found = press.hall.picture.day.tickets.get(ticket)
    if found is None:
        await require_open(press, ticket)
        raise TicketUnknown(ticket=ticket)
    return as_json(why_not_yet(press.hall.picture, found))


@router.get("/halls/{hall}/tickets/{ticket}/notes")
async def notes(press: PressIn, ticket: PathId, _: Annotated[Principal, Depends(require("ticket.note"))]) -> Response:
    """The notes that clerks left for each other. Personal: they are not in the log."""
    personal = await press.runner.log.personal(press.hall_id, ticket)
    if not personal and await press.runner.log.ticket(press.hall_id, ticket) is None:
        raise TicketUnknown(ticket=ticket)
    return as_json({"ticket": ticket, "notes": personal.get("notes", [])})


@router.post("/halls/{hall}/tickets/{ticket}/reinstate")
async def reinstate(press: PressIn, ticket: PathId, who: Changer, body: ReinstateBody | None = None) -> Response:
    """Put a missed visitor back in line, where the policy says or at the place named."""
    asked = body or ReinstateBody()
    return await change(press, who, ticket, c.ReinstateTicket(ticket, asked.place), asked)


@router.post("/halls/{hall}/tickets/{ticket}/transfer")
async def transfer(press: PressIn, ticket: PathId, who: Changer, body: TransferBody) -> Response:
    """Send a visitor to another service, counter or clerk; number and claim are kept."""
    has_note = body.note is not None
    command = c.TransferTicket(ticket, body.service, body.counter, body.staff, body.returns, has_note)
    return await change(press, who, ticket, command, body, Told(note=body.note))


@router.post("/halls/{hall}/tickets/{ticket}/postpone")
async def postpone(press: PressIn, ticket: PathId, who: Changer, body: PostponeBody | None = None) -> Response:
    """Let others of the same line go first."""
    asked = body or PostponeBody()
    return await change(press, who, ticket, c.PostponeTicket(ticket, asked.places), asked)


@router.post("/halls/{hall}/tickets/{ticket}/reprioritise")
async def reprioritise(press: PressIn, ticket: PathId, who: Prioritiser, body: ReprioritiseBody) -> Response:
    """Give a waiting visitor another class, for a reason and within the hall's budget."""
    return await change(press, who, ticket, c.ReprioritiseTicket(ticket, body.class_, body.reason), body)


@router.post("/halls/{hall}/tickets/{ticket}/add-service")
async def add_service(press: PressIn, ticket: PathId, who: Changer, body: AddServiceBody) -> Response:
    """Add a service to the visit, to be done after the others under the same number."""
    return await change(press, who, ticket, c.AddService(ticket, body.service), body)


@router.post("/halls/{hall}/tickets/{ticket}/correct-time")
async def correct_time(
    press: PressIn,
    ticket: PathId,
    who: Annotated[Principal, Depends(require("ticket.correct"))],
    body: CorrectTimeBody,
) -> Response:
    """Correct when a turn was started or ended; figures use the corrected instants, the first ones are kept."""
    row = await press.runner.log.ticket(press.hall_id, ticket)
    if row is None:
        raise TicketUnknown(ticket=ticket)
    turn = turn_to_correct(row, body.turn)
    command = c.CorrectTime(
        ticket,
        turn["id"],
        called_at=as_instant(turn["called_at"]),
        recorded_started_at=as_instant(turn["corrected_started_at"] or turn["started_at"]),
        recorded_ended_at=as_instant(turn["corrected_ended_at"] or turn["ended_at"]),
        reason=body.reason,
        started_at=body.started_at,
        ended_at=body.ended_at,
    )
    done = await press.submit(who, command, body)
    row = await press.runner.log.ticket(press.hall_id, ticket)
    assert row is not None
    return as_json({**ticket_row(row, done.recorded[-1].seq), "timeline": {"turns": row["turns"]}})


def turn_to_correct(row: Row, turn: str | None) -> Row:
    """The turn named, else the last that was served. Raises unless it was served and is done."""
    served = [one for one in row["turns"] if one["state"] == "done" and one["started_at"] and one["called_at"]]
    found = [one for one in served if turn in (None, one["id"])]
    if not found:
        raise TurnNotDone(number=row["number"])
    chosen: Row = found[-1]
    return chosen
