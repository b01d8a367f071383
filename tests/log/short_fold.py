"""The rows of a log once more, in the shortest way that is plainly right: event by event, by the words of the design.

It shares nothing with the fold that the system uses, so that the two can be held against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from hall.day import events as e

Rows = dict[str, dict[str, dict[str, Any]]]
COPIED = ("serial", "number", "series", "service", "language", "device", "promise_s", "ahead")


def when(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def short_fold(log: Iterable[e.Recorded], follow_of: Callable[[str, str], str]) -> Rows:
    rows: Rows = {"ticket": {}, "turn": {}, "paper": {}}
    for one in log:
        fold_ticket(rows, one, one.event, follow_of)
        fold_paper(rows["paper"], one, one.event)
    return rows


def fold_ticket(rows: Rows, one: e.Recorded, event: Any, follow_of: Callable[[str, str], str]) -> None:
    at = when(one.at)
    if isinstance(event, e.TicketIssued):
        issue(rows, one, event, follow_of(one.hall, event.ticket))
    if not hasattr(event, "turn"):
        return
    ticket, turn = rows["ticket"][event.ticket], rows["turn"][event.turn]
    match event:
        case e.TicketCalled():
            turn |= {"counter": event.counter, "staff": event.staff, "calls": 1, "called_at": at}
            set_state(ticket, turn, "called")
        case e.TicketRecalled():
            turn["calls"] += 1
        case e.TicketStarted():
            turn |= {"started_at": at, "start_inferred": event.inferred}
            set_state(ticket, turn, "serving")
        case e.TicketMissed():
            turn["missed_at"] = at
            set_state(ticket, turn, "missed")
        case e.TicketFinished() | e.TicketCancelled() | e.TicketExpired():
            ticket["closed_at"] = turn["ended_at"] = at
            set_state(ticket, turn, "done", event.outcome)
        case e.TicketCallUndone():
            turn |= {"counter": None, "staff": None, "calls": 0, "called_at": None}
            set_state(ticket, turn, "waiting")
        case e.TicketStartUndone():
            turn |= {"started_at": None, "start_inferred": False}
            set_state(ticket, turn, "called")
        case e.TicketFinishUndone():
            ticket["closed_at"] = turn["ended_at"] = None
            set_state(ticket, turn, "serving")


def issue(rows: Rows, one: e.Recorded, event: e.TicketIssued, follow: str) -> None:
    known = {"hall": one.hall, "business_date": str(one.business_date), "class": event.class_, "state": "waiting"}
    ticket = {name: getattr(event, name) for name in COPIED}
    ticket |= {"id": event.ticket, "issued_at": when(one.at), "follow": follow, "outcome": None, "closed_at": None}
    never = dict.fromkeys(("outcome", "counter", "staff", "called_at", "started_at", "missed_at", "ended_at"))
    turn = {"id": event.turn, "ticket": event.ticket, "service": event.service, "promise_s": event.promise_s}
    turn |= {"claim_at": when(event.claim_at), "calls": 0, "start_inferred": False}
    rows["ticket"][event.ticket] = {**known, **ticket}
    rows["turn"][event.turn] = {**known, **never, **turn}


def set_state(ticket: dict[str, Any], turn: dict[str, Any], state: str, outcome: str | None = None) -> None:
    ticket["state"] = turn["state"] = state
    ticket["outcome"] = turn["outcome"] = outcome


def fold_paper(papers: dict[str, dict[str, Any]], one: e.Recorded, event: Any) -> None:
    if isinstance(event, e.PaperRequested):
        row = {"hall": one.hall, "id": event.paper, "ticket": event.ticket, "printer": event.printer}
        unknown = dict.fromkeys(("proof", "reason", "claimed_at", "reported_at"))
        papers[event.paper] = {**row, **unknown, "copy_no": event.copy, "requested_at": when(one.at)}
    became = {
        e.PaperRequested: "requested",
        e.PaperClaimed: "claimed",
        e.PaperPrinted: "printed",
        e.PaperUncertain: "uncertain",
        e.PaperFailed: "failed",
    }.get(type(event))
    if became is None:
        return
    paper = papers[event.paper]
    paper["state"] = became
    if became == "claimed":
        paper["claimed_at"] = when(one.at)
    elif became != "requested":
        paper |= {"reported_at": when(one.at)}
        paper |= {"proof": event.proof} if became == "printed" else {"reason": event.reason}
