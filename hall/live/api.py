"""The HTTP door of the running halls: papers, and what can be read. Tickets and counters have files of their own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from hall.day import commands as c
from hall.day.events import PaperProof, PrinterState
from hall.day.refusals import PaperIsFinished, PaperUnknown
from hall.edge.auth import Principal, anyone, require
from hall.edge.fields import Body, Line
from hall.edge.paging import Page, PageQuery
from hall.edge.problems import PROBLEMS
from hall.edge.quick import QuickRoute
from hall.live.press import NothingBody, PathId, Press, PressIn, as_json
from hall.live.runner import Hall, Runner
from hall.live.views.base import Record, hall_record, waiting_in
from hall.live.views.manager import today_record
from hall.log.chain import Stored

router = APIRouter(prefix="/api/v1", tags=["hall"], responses=PROBLEMS, route_class=QuickRoute)

PaperOwner = Annotated[Principal, Depends(require("paper.report"))]


class PrintedBody(Body):
    """How the owner knows that the paper came out."""

    proof: PaperProof = "sent"


class PaperReasonBody(Body):
    """What went wrong."""

    reason: Line


class PrinterStateBody(Body):
    """The state that the printer reports."""

    state: PrinterState


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
        {
            "id": counter.id,
            "state": counter.mode,
            "busy": counter.ticket is not None,
            "served": picture.served_by_counter[counter.id],
            "work": picture.work_at(counter.id),
        }
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
