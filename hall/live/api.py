"""The HTTP door of the running halls: one typed route a verb, all of them through the one command path."""

from __future__ import annotations

from hashlib import blake2b
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import BaseModel, Field, StringConstraints
from pydantic_core import to_json

from hall.day import commands as c
from hall.day.events import Actor, Door, PaperProof, PrinterState
from hall.day.refusals import HallUnknown, PaperIsFinished, PaperUnknown, TicketIsClosed, TicketUnknown
from hall.edge.auth import Principal, anyone, require
from hall.edge.fields import Body, Id, Line, LongLine
from hall.edge.paging import Page, PageQuery
from hall.edge.problems import PROBLEMS
from hall.edge.quick import QuickRoute
from hall.live.answers import counter_answer, issued_answer, ticket_now, ticket_row, with_facts
from hall.live.runner import Done, Hall, Key, Runner, Told
from hall.live.views.base import Record, hall_record, waiting_in
from hall.live.views.manager import today_record
from hall.log.chain import Stored

router = APIRouter(prefix="/api/v1", tags=["hall"], responses=PROBLEMS, route_class=QuickRoute)

DOORS: dict[str, Door] = {
    "kiosk": "kiosk",
    "clerk": "desk",
    "greeter": "greeter",
    "manager": "manager",
    "printer": "printer",
}
MAX_ITEMS = 50

HallId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
PathId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,44}$")]
IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]
Note = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$")]


class IssueBody(Body):
    """A number is wanted. Name, phone and note are personal: they are kept apart from the log and can be erased."""

    service: Id
    class_: Id | None = Field(None, alias="class")
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,35}$")] | None = None
    name: LongLine | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+() .-]{1,40}$")] | None = None
    note: Note | None = None


class OpenBody(Body):
    """Who opens the counter, and for which services when not the planned ones."""

    staff: Id | None = None
    services: Annotated[list[Id], Field(min_length=1, max_length=200)] | None = None


class ReasonBody(Body):
    """Why, in a word of the hall's list or a short line."""

    reason: Line | None = None


class NothingBody(Body):
    """No fields."""


class Item(Body):
    """Work done: which, and how many."""

    item: Id
    quantity: Annotated[int, Field(ge=1, le=9999)] = 1


class FinishBody(Body):
    """How the visit ended, and what was done."""

    outcome: Literal["served", "not_completed"] = "served"
    items: Annotated[tuple[Item, ...], Field(max_length=MAX_ITEMS)] = ()

    def pairs(self) -> tuple[tuple[str, int], ...]:
        return tuple((one.item, one.quantity) for one in self.items)


class CallNextBody(FinishBody):
    """With `finish`, the visitor at the counter is finished first, in the same command."""

    finish: bool = False


class ReprintBody(Body):
    """On which printer; the ticket's own when none is named."""

    printer: Id | None = None


class PrintedBody(Body):
    """How the owner knows that the paper came out."""

    proof: PaperProof = "sent"


class PaperReasonBody(Body):
    """What went wrong."""

    reason: Line


class PrinterStateBody(Body):
    """The state that the printer reports."""

    state: PrinterState


class Press:
    """What every pressed key brings: who, through which door, for which hall, and its idempotency key."""

    def __init__(self, request: Request, hall: str, idempotency_key: str | None) -> None:
        self.runner: Runner = request.app.state.runner
        self.secret: bytes = request.app.state.key
        self.path: str = request.scope["path"]
        self.hall_id = hall
        self.idempotency_key = idempotency_key

    @property
    def hall(self) -> Hall:
        return hall_of(self.runner, self.hall_id)

    async def submit(self, who: Principal, command: c.Command, body: BaseModel, told: Told | None = None) -> Done:
        """Give the command; a repeat with the same key gets the first one's events."""
        door = DOORS.get(who.role, "api")
        actor = Actor(who.kind, who.id)
        return await self.runner.submit(
            self.hall_id, command, actor=actor, door=door, key=self.key(who, body), told=told
        )

    def key(self, who: Principal, body: BaseModel) -> Key | None:
        """The key with a keyed hash of the request: what a visitor told cannot be guessed back from it."""
        if self.idempotency_key is None:
            return None
        digest = blake2b(self.path.encode() + b"\n" + to_json(body), key=self.secret[:64], digest_size=32)
        return Key(f"{who.kind}:{who.id}", self.idempotency_key, digest.hexdigest())


async def press_of(request: Request, hall: HallId, idempotency_key: IdempotencyKey = None) -> Press:
    """The press of a request. A coroutine, because the framework gives plain functions a thread each."""
    return Press(request, hall, idempotency_key)


def hall_of(runner: Runner, hall: str) -> Hall:
    found = runner.halls.get(hall)
    if found is None:
        raise HallUnknown(hall=hall)
    return found


def as_json(value: Any, status: int = 200) -> Response:
    return Response(to_json(value), status, media_type="application/json")


PressIn = Annotated[Press, Depends(press_of)]
Issuer = Annotated[Principal, Depends(require("ticket.issue"))]
Driver = Annotated[Principal, Depends(require("counter.drive"))]
Changer = Annotated[Principal, Depends(require("ticket.change"))]
Reprinter = Annotated[Principal, Depends(require("ticket.reprint"))]
PaperOwner = Annotated[Principal, Depends(require("paper.report"))]
CounterId = PathId


# --- tickets ------------------------------------------------------------------------------------------------------


@router.post("/halls/{hall}/tickets", status_code=201)
async def issue(press: PressIn, who: Issuer, body: IssueBody) -> Response:
    """Give a number."""
    device = who.device if who.role == "kiosk" else None
    command = c.IssueTicket(body.service, body.class_, body.language, device)
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
) -> Response:
    """Tickets in the order they were issued, closed ones too."""
    asked = {"state": state, "service": service, "number": number}
    filters = {column: value for column, value in asked.items() if value is not None}
    seq = press.hall.picture.day.seq
    rows = await press.runner.log.tickets(press.hall_id, filters, page.after, page.limit)
    return as_json(
        {"tickets": [ticket_row(row, seq) for row in rows], "next_after": rows[-1]["serial"] if rows else None}
    )


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


async def require_open(press: Press, ticket: str) -> None:
    """Raises when the ticket is closed or never was; the day alone cannot tell these two apart."""
    if ticket not in press.hall.pending.tickets:
        row = await press.runner.log.ticket(press.hall_id, ticket)
        raise TicketUnknown(ticket=ticket) if row is None else TicketIsClosed(number=row["number"])


async def change(press: Press, who: Principal, ticket: str, command: c.Command, body: BaseModel) -> Response:
    """Give a ticket's verb and answer with the ticket."""
    if press.idempotency_key is None:
        await require_open(press, ticket)
    try:
        done = await press.submit(who, command, body)
    except TicketUnknown:
        await require_open(press, ticket)
        raise
    row = await press.runner.log.ticket(press.hall_id, ticket)
    assert row is not None
    picture, seq = press.hall.picture, done.recorded[-1].seq
    found = picture.day.tickets.get(ticket)
    record = ticket_row(row, seq) if found is None else ticket_now(picture, found, press.runner.sources.links)
    return as_json({**record, "seq": seq})


@router.post("/halls/{hall}/tickets/{ticket}/cancel")
async def cancel(press: PressIn, ticket: PathId, who: Changer, body: NothingBody | None = None) -> Response:
    """Give a ticket up."""
    return await change(press, who, ticket, c.CancelTicket(ticket), body or NothingBody())


@router.post("/halls/{hall}/tickets/{ticket}/reprint")
async def reprint(press: PressIn, ticket: PathId, who: Reprinter, body: ReprintBody | None = None) -> Response:
    """Ask for one more paper, marked as a copy."""
    asked = body or ReprintBody()
    return await change(press, who, ticket, c.ReprintTicket(ticket, asked.printer), asked)


# --- counters -----------------------------------------------------------------------------------------------------


async def drive(press: Press, who: Principal, counter: str, command: c.Command, body: BaseModel) -> Response:
    """Give a counter's verb and answer with who is at the counter; 204 when nobody was there to be called."""
    done = await press.submit(who, command, body)
    if not done.recorded:
        return Response(status_code=204)
    answer = counter_answer(counter, done.recorded, press.hall.picture, press.hall.picture.day.seq)
    ticket = answer["ticket"]
    if ticket is not None and "number" not in ticket:  # a repeat on a later day: only its row still knows the ticket
        row = await press.runner.log.ticket(press.hall_id, ticket["id"])
        answer["ticket"] = ticket if row is None else with_facts(ticket, row)
    return as_json(answer)


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
    return await drive(press, who, counter, c.CallNext(counter, asked.finish, asked.outcome, asked.pairs()), asked)


@router.post("/halls/{hall}/counters/{counter}/recall")
async def recall(press: PressIn, counter: CounterId, who: Driver, body: NothingBody | None = None) -> Response:
    """Repeat the call."""
    return await drive(press, who, counter, c.Recall(counter), body or NothingBody())


@router.post("/halls/{hall}/counters/{counter}/start")
async def start(press: PressIn, counter: CounterId, who: Driver, body: NothingBody | None = None) -> Response:
    """The visitor has come."""
    return await drive(press, who, counter, c.Start(counter), body or NothingBody())


@router.post("/halls/{hall}/counters/{counter}/finish")
async def finish(press: PressIn, counter: CounterId, who: Driver, body: FinishBody | None = None) -> Response:
    """The visitor is done."""
    asked = body or FinishBody()
    return await drive(press, who, counter, c.Finish(counter, asked.outcome, asked.pairs()), asked)


@router.post("/halls/{hall}/counters/{counter}/no-show")
async def no_show(press: PressIn, counter: CounterId, who: Driver, body: NothingBody | None = None) -> Response:
    """The visitor was called and did not come."""
    return await drive(press, who, counter, c.NoShow(counter), body or NothingBody())


@router.post("/halls/{hall}/counters/{counter}/undo")
async def undo(press: PressIn, counter: CounterId, who: Driver, body: NothingBody | None = None) -> Response:
    """Take back the last step."""
    return await drive(press, who, counter, c.Undo(counter), body or NothingBody())


# --- paper --------------------------------------------------------------------------------------------------------


async def report(press: Press, who: Principal, paper: str, command: c.Command, body: BaseModel) -> Response:
    try:
        done = await press.submit(who, command, body)
    except PaperUnknown:
        if paper in press.hall.picture.papers:
            raise PaperIsFinished(paper=paper) from None
        raise
    return as_json({"paper": paper, "seq": done.recorded[-1].seq})


@router.post("/halls/{hall}/papers/{paper}/claim")
async def claim_paper(press: PressIn, paper: PathId, who: PaperOwner, body: NothingBody | None = None) -> Response:
    """Take a paper on, before the first byte is sent; 409 when another owner has."""
    return await report(press, who, paper, c.ClaimPaper(paper), body or NothingBody())


@router.post("/halls/{hall}/papers/{paper}/printed")
async def paper_printed(press: PressIn, paper: PathId, who: PaperOwner, body: PrintedBody | None = None) -> Response:
    """The paper came out, as far as the proof tells."""
    asked = body or PrintedBody()
    return await report(press, who, paper, c.ReportPaper(paper, "printed", proof=asked.proof), asked)


@router.post("/halls/{hall}/papers/{paper}/uncertain")
async def paper_uncertain(press: PressIn, paper: PathId, who: PaperOwner, body: PaperReasonBody) -> Response:
    """Nobody knows what came out."""
    return await report(press, who, paper, c.ReportPaper(paper, "uncertain", reason=body.reason), body)


@router.post("/halls/{hall}/papers/{paper}/failed")
async def paper_failed(press: PressIn, paper: PathId, who: PaperOwner, body: PaperReasonBody) -> Response:
    """The paper did not come out and will not."""
    return await report(press, who, paper, c.ReportPaper(paper, "failed", reason=body.reason), body)


@router.post("/halls/{hall}/printers/{printer}/state")
async def printer_state(press: PressIn, printer: PathId, who: PaperOwner, body: PrinterStateBody) -> Response:
    """A printer's state changed."""
    await press.submit(who, c.ReportPrinter(printer, body.state), body)
    return as_json({"printer": printer, "state": body.state})


# --- reading ------------------------------------------------------------------------------------------------------


@router.get("/halls", dependencies=[Depends(anyone)])
async def list_halls(request: Request) -> Response:
    """All halls, for whoever has to choose one."""
    runner: Runner = request.app.state.runner
    return as_json({"halls": [hall_summary(hall) for hall in runner.halls.values()]})


def hall_summary(hall: Hall) -> Record:
    record = hall_record(hall.picture)
    names = ("id", "name", "languages", "timezone", "business_date")
    return {**{name: record[name] for name in names}, "open": record["day_open"]}


@router.get("/halls/{hall}/staff-sign-in", dependencies=[Depends(anyone)])
async def sign_in_form(press: PressIn) -> Response:
    """The counters to choose from at a desk's sign-in; no names of people."""
    plans = press.hall.setup.counters.values()
    return as_json({"counters": [{"id": plan.id, "name": plan.name, "area": plan.area} for plan in plans]})


@router.get("/halls/{hall}/now", dependencies=[Depends(require("hall.view"))])
async def now(press: PressIn) -> Response:
    """How the hall stands: lines, counters, today's figures."""
    picture = press.hall.picture
    setup, day = picture.setup, picture.day
    services = [
        {"id": one.id, "waiting": waiting_in(picture, (one.id,)), "counters_open": len(day.open_counters(one.id))}
        for one in setup.services.values()
        if not setup.is_heading(one.id)
    ]
    counters = [
        {"id": counter.id, "state": counter.mode, "busy": counter.ticket is not None}
        for counter in day.counters.values()
    ]
    return as_json(
        {
            **hall_summary(press.hall),
            "seq": day.seq,
            "services": services,
            "counters": counters,
            "today": today_record(picture),
        }
    )


@router.get("/halls/{hall}/events", dependencies=[Depends(require("log.read"))])
async def events(press: PressIn, page: PageQuery) -> Response:
    """The log, as it was written."""
    stored = await read_events(press, page)
    return as_json(
        {"events": [as_event(one) for one in stored], "next_after": stored[-1].seq if stored else page.after}
    )


async def read_events(press: Press, page: Page) -> list[Stored]:
    return await press.runner.log.read(press.hall.id, page.after, page.limit)


def as_event(stored: Stored) -> Record:
    return {name: getattr(stored, name) for name in Stored.__slots__}
