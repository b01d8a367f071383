"""What a command brings about: events, or a refusal. The day is only looked at, never changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hall.day import commands as c
from hall.day import events as e
from hall.day.deciding import business_day, calling, counters, issuing, moves, papers, undoing
from hall.day.refusals import DayIsClosed, VisitorChanged
from hall.day.setup import Setup
from hall.day.state import Day

Decider = Callable[[Day, Any, c.Context], tuple[e.Event, ...]]

DECIDERS: dict[type, Decider] = {
    c.PublishSetup: business_day.decide_publish,
    c.OpenDay: business_day.decide_open_day,
    c.CloseDay: business_day.decide_close_day,
    c.SealDay: business_day.decide_seal,
    c.DivertVisit: business_day.decide_divert,
    c.CountDoor: business_day.decide_count_door,
    c.OpenCounter: counters.decide_open_counter,
    c.PauseCounter: counters.decide_pause,
    c.ResumeCounter: counters.decide_resume,
    c.CloseCounter: counters.decide_close_counter,
    c.RequestHelp: counters.decide_request_help,
    c.TakeHelp: counters.decide_take_help,
    c.SolveHelp: counters.decide_solve_help,
    c.IssueTicket: issuing.decide_issue,
    c.AddService: issuing.decide_add_service,
    c.CallNext: calling.decide_call_next,
    c.CallTicket: calling.decide_call_ticket,
    c.ServeWalkIn: calling.decide_walk_in,
    c.Recall: calling.decide_recall,
    c.ReportDelivery: calling.decide_report_delivery,
    c.Start: calling.decide_start,
    c.InferStart: calling.decide_infer_start,
    c.Finish: calling.decide_finish,
    c.NoShow: calling.decide_no_show,
    c.Undo: undoing.decide_undo,
    c.CorrectTime: undoing.decide_correct_time,
    c.Park: moves.decide_park,
    c.Unpark: moves.decide_unpark,
    c.EndParking: moves.decide_end_parking,
    c.TransferTicket: moves.decide_transfer_ticket,
    c.TransferVisitor: moves.decide_transfer_visitor,
    c.CancelTicket: moves.decide_cancel,
    c.ReinstateTicket: moves.decide_reinstate,
    c.EndReturn: moves.decide_end_return,
    c.PostponeTicket: moves.decide_postpone,
    c.ReprioritiseTicket: moves.decide_reprioritise,
    c.ReprintTicket: papers.decide_reprint,
    c.ClaimPaper: papers.decide_claim,
    c.ReportPaper: papers.decide_report_paper,
    c.ExpirePaper: papers.decide_expire_paper,
    c.ReportPrinter: papers.decide_report_printer,
}


def decide(day: Day, command: c.Command, context: c.Context) -> tuple[e.Event, ...]:
    """The events of `command` on this day, in order; none when there is nothing to do.

    Raises a `Refusal` when the command may not happen now.
    """
    if not day.is_open and not isinstance(command, c.OpenDay | c.PublishSetup | c.CloseDay):
        raise DayIsClosed()
    if isinstance(command, c.ForVisitor):
        require_meant(day, command)
        command = command.command
    return DECIDERS[type(command)](day, command, context)


def require_meant(day: Day, meant: c.ForVisitor) -> None:
    """Raises when somebody else is at the counter by now, or nobody; that it is closed or unknown its verb tells."""
    counter = day.counters.get(meant.command.counter)
    if counter is not None and meant.visitor != (counter.ticket or ""):
        there = None if counter.ticket is None else day.tickets[counter.ticket].number
        raise VisitorChanged(counter=counter.id, number=there)


def timers(day: Day, setup: Setup) -> list[c.Timer]:
    """All that the day wants done later, soonest first."""
    found = [c.Timer(f"paper:{p.id}", papers.expiry_of(p), c.ExpirePaper(p.id)) for p in day.papers.values()]
    for ticket in day.tickets.values():
        turn = ticket.turn
        if turn.state == "parked" and turn.due_at is not None:
            found.append(c.Timer(f"park:{turn.id}", turn.due_at, c.EndParking(ticket.id, turn.due_at)))
        elif turn.state == "missed" and turn.expires_at is not None:
            found.append(c.Timer(f"missed:{turn.id}", turn.expires_at, c.EndReturn(ticket.id, turn.expires_at)))
        elif turn.state == "called" and (came_at := calling.came_at(setup, turn)) is not None:
            found.append(c.Timer(f"start:{turn.id}", came_at, c.InferStart(ticket.id, turn.called_seq)))
    return sorted(found, key=lambda timer: timer.due_at)
