"""The rows of a log once more, in the shortest way that is plainly right: event by event, by the words of the design.

It shares nothing with the fold that the system uses, so that the two can be held against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from hall.day import events as e

Row = dict[str, Any]
Rows = dict[str, dict[str, Row]]
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
    if isinstance(event, e.TicketIssued):
        issue(rows, one, event, follow_of(one.hall, event.ticket))
    if not hasattr(event, "turn"):
        return
    ticket, turn, at = rows["ticket"][event.ticket], rows["turn"][event.turn], when(one.at)
    call(ticket, turn, event, at)
    serve(ticket, turn, event, at)
    send_back(ticket, turn, event, at)
    change(ticket, turn, event)
    end(ticket, turn, event, at)
    go_on(rows, one, ticket, event)
    take_back(rows, ticket, turn, event, at)


def call(ticket: Row, turn: Row, event: Any, at: str) -> None:
    match event:
        case e.TicketCalled():
            turn |= {"counter": event.counter, "staff": event.staff, "calls": 1, "called_at": at}
            turn |= {"chosen_by": event.why.chosen_by, "call_reason": event.why.reason}
            turn |= {"deliveries": 0, "delivered_at": None}
            set_state(ticket, turn, "called")
        case e.TicketRecalled():
            turn["calls"] += 1
        case e.CallDelivered():
            turn["deliveries"] += 1
            turn["delivered_at"] = at
        case e.TicketMissed():
            turn |= {"missed_at": at, "override": event.override}
            set_state(ticket, turn, "missed")


def serve(ticket: Row, turn: Row, event: Any, at: str) -> None:
    match event:
        case e.TicketStarted():
            turn |= {"started_at": at, "start_inferred": event.inferred}
            set_state(ticket, turn, "serving")
        case e.TicketParked():
            turn |= {"parked_at": at, "park_reason": event.reason}
            set_state(ticket, turn, "parked")
        case e.TicketUnparked():
            set_state(ticket, turn, "serving")


def send_back(ticket: Row, turn: Row, event: Any, at: str) -> None:
    match event:
        case e.TicketReinstated():
            turn |= {"claim_at": when(event.claim_at), "since": at}
            wait(ticket, turn)
        case e.TicketReturned():
            began = turn["since"] if turn["state"] == "waiting" else at
            turn |= {"claim_at": when(event.claim_at), "sent_to": event.to, "since": began}
            wait(ticket, turn)
        case e.TicketCallUndone():
            turn |= {"chosen_by": None, "call_reason": None}
            wait(ticket, turn)


def change(ticket: Row, turn: Row, event: Any) -> None:
    match event:
        case e.TicketPostponed():
            turn["claim_at"] = when(event.claim_at)
        case e.TicketReprioritised():
            ticket["class"] = turn["class"] = event.class_
            ticket["promise_s"] = turn["promise_s"] = event.promise_s
        case e.TimeCorrected():
            turn["correction_reason"] = event.reason
            if event.started_at:
                turn["corrected_started_at"] = when(event.started_at)
            if event.ended_at:
                turn["corrected_ended_at"] = when(event.ended_at)


def end(ticket: Row, turn: Row, event: Any, at: str) -> None:
    """The turn is done, and with it the ticket; whether the visit goes on all the same is another question."""
    match event:
        case e.TicketFinished():
            turn |= {"end_reason": event.reason, "work": event.work}
            outcome = event.outcome
        case e.TicketTransferred():
            outcome = "transferred"
        case e.TicketCancelled() | e.TicketExpired():
            outcome = event.outcome
        case _:
            return
    ticket["closed_at"] = turn["ended_at"] = at
    set_state(ticket, turn, "done", outcome)


def go_on(rows: Rows, one: e.Recorded, ticket: Row, event: Any) -> None:
    """The visit's next turn begins, under the same number."""
    match event:
        case e.TicketFinished() if event.next:
            begin(rows, one, event.ticket, event.next.turn, event.next)
        case e.TicketTransferred():
            begin(rows, one, event.ticket, event.next_turn, event)
        case _:
            return
    ticket |= {"state": "waiting", "outcome": None, "closed_at": None}


def take_back(rows: Rows, ticket: Row, turn: Row, event: Any, at: str) -> None:
    match event:
        case e.TicketStartUndone():
            turn |= {"started_at": None, "start_inferred": False}
            set_state(ticket, turn, "called")
        case e.TicketMissUndone():
            turn |= {"missed_at": None, "override": None}
            if call := event.call:
                turn |= {"counter": event.counter, "staff": event.staff, "calls": call.call_no}
                turn |= {name: when(getattr(call, name)) for name in ("claim_at", "since", "called_at")}
                turn |= {"deliveries": call.deliveries, "delivered_at": call.delivered_at and when(call.delivered_at)}
            set_state(ticket, turn, "called")
        case e.TicketFinishUndone():
            ticket["closed_at"] = turn["ended_at"] = turn["end_reason"] = turn["work"] = None
            turn["corrected_started_at"] = turn["corrected_ended_at"] = turn["correction_reason"] = None
            set_state(ticket, turn, event.state)
            if event.next_turn:
                rows["turn"][event.next_turn] |= {"state": "done", "outcome": "withdrawn", "ended_at": at}


def wait(ticket: Row, turn: Row) -> None:
    turn |= dict.fromkeys(("counter", "staff", "called_at", "delivered_at", "started_at"))
    turn |= {"calls": 0, "deliveries": 0, "start_inferred": False}
    set_state(ticket, turn, "waiting")


NEVER = [
    "outcome",
    "counter",
    "staff",
    "called_at",
    "chosen_by",
    "call_reason",
    "delivered_at",
    "started_at",
    "missed_at",
    "override",
    "parked_at",
    "park_reason",
    "ended_at",
    "end_reason",
    "work",
    "corrected_started_at",
    "corrected_ended_at",
    "correction_reason",
]


def issue(rows: Rows, one: e.Recorded, event: e.TicketIssued, follow: str) -> None:
    ticket = {name: getattr(event, name) for name in COPIED}
    ticket |= {"hall": one.hall, "business_date": str(one.business_date), "class": event.class_, "state": "waiting"}
    ticket |= {"id": event.ticket, "issued_at": when(one.at), "follow": follow, "outcome": None, "closed_at": None}
    rows["ticket"][event.ticket] = ticket
    begin(rows, one, event.ticket, event.turn, event)


def begin(rows: Rows, one: e.Recorded, ticket: str, turn: str, facts: Any) -> None:
    row = dict.fromkeys(NEVER)
    row |= {"hall": one.hall, "business_date": str(one.business_date), "id": turn, "ticket": ticket, "state": "waiting"}
    row |= {"service": facts.service, "class": facts.class_, "promise_s": facts.promise_s, "since": when(one.at)}
    row |= {"claim_at": when(facts.claim_at), "sent_to": getattr(facts, "to", ""), "calls": 0, "deliveries": 0}
    rows["turn"][turn] = {**row, "start_inferred": False}


def set_state(ticket: Row, turn: Row, state: str, outcome: str | None = None) -> None:
    ticket["state"] = turn["state"] = state
    ticket["outcome"] = turn["outcome"] = outcome


def fold_paper(papers: dict[str, Row], one: e.Recorded, event: Any) -> None:
    if isinstance(event, e.PaperRequested):
        row = {"hall": one.hall, "id": event.paper, "ticket": event.ticket, "printer": event.printer}
        unknown = dict.fromkeys(("proof", "reason", "claimed_at", "reported_at"))
        papers[event.paper] = {
            **row,
            **unknown,
            "copy_no": event.copy,
            "kind": event.kind,
            "requested_at": when(one.at),
        }
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
