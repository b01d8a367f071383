"""What a command is answered with, made from its events, so that a repeat after a restart gets the same answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hall.day import events as e
from hall.day.setup import Setup
from hall.day.state import Ticket
from hall.live.picture import Ended, Picture
from hall.live.ports import Links
from hall.live.views.base import Record, ahead_of, as_time, why_record
from hall.log.codec import as_text
from hall.log.rows import Row

# The state that an event leaves its ticket in.
STATE_AFTER: dict[type, str] = {
    e.TicketIssued: "waiting",
    e.TicketCalled: "called",
    e.TicketRecalled: "called",
    e.TicketStarted: "serving",
    e.TicketFinished: "done",
    e.CallDelivered: "called",
    e.TicketMissed: "missed",
    e.TicketReinstated: "waiting",
    e.TicketParked: "parked",
    e.TicketUnparked: "serving",
    e.TicketReturned: "waiting",
    e.TicketTransferred: "waiting",
    e.TicketPostponed: "waiting",
    e.TicketReprioritised: "waiting",
    e.TicketCancelled: "done",
    e.TicketExpired: "done",
    e.TicketCallUndone: "waiting",
    e.TicketStartUndone: "called",
    e.TicketFinishUndone: "serving",
    e.TicketMissUndone: "called",
}


def issued_answer(recorded: tuple[e.Recorded, ...], setup: Setup, links: Links) -> Record:
    """The answer to an issue: the ticket as it was given."""
    one = next(one for one in recorded if isinstance(one.event, e.TicketIssued))
    event = one.event
    assert isinstance(event, e.TicketIssued)
    paper = next((r.event for r in recorded if isinstance(r.event, e.PaperRequested)), None)
    return {
        "id": event.ticket,
        "number": event.number,
        "serial": event.serial,
        "service": event.service,
        "class": event.class_,
        "language": event.language,
        "state": "waiting",
        "outcome": None,
        "ahead": event.ahead,
        "estimate": asdict(event.estimate) if event.estimate else None,
        "promise_s": event.promise_s,
        "follow_url": links.follow_url(setup, event.ticket),
        "paper": None if paper is None else paper_record(paper.paper, "requested", paper.printer, paper.copy),
        "counter": None,
        "issued_at": as_text(one.at),
        "called_at": None,
        "seq": recorded[-1].seq,
    }


def paper_record(id: str, state: str, printer: str, copy: int) -> Record:
    return {"id": id, "state": state, "printer": printer, "copy": copy}


def counter_answer(counter: str, recorded: tuple[e.Recorded, ...], picture: Picture) -> Record:
    """The answer to a counter's verb: the visitor who is at the counter by these events, and why, if one was called.

    The picture is that of the last of these events, or of so soon afterwards that it knows whom they are about.
    """
    seq, why, ticket = recorded[-1].seq, None, None
    steps = [one for one in recorded if type(one.event) in STATE_AFTER]
    if steps:
        ticket = visitor_after(picture, steps[-1])
    elif not any(isinstance(one.event, e.CounterOpened | e.CounterClosed) for one in recorded):  # it has nobody then
        ticket = visitor_now(picture, counter, seq)
    for one in steps:
        why = why_record(one.event.why) if isinstance(one.event, e.TicketCalled) else why
    return {"counter": counter, "ticket": ticket, "why": why, "seq": seq}


def visitor_now(picture: Picture, counter: str, seq: int) -> Record | None:
    """The visitor at a counter to whom nothing happened."""
    found = picture.day.counters.get(counter)
    ticket = picture.day.tickets.get(found.ticket or "") if found is not None else None
    if ticket is None:
        return None
    facts = {"counter": counter, "called_at": as_time(ticket.turn.called_at), "seq": seq}
    return {"id": ticket.id, **fixed_facts(ticket), "state": ticket.turn.state, **facts}


def visitor_after(picture: Picture, one: e.Recorded) -> Record | None:
    """The visitor whom the last step of a command left at the counter."""
    event: Any = one.event
    state = event.state if isinstance(event, e.TicketFinishUndone) else STATE_AFTER[type(event)]
    if state not in ("called", "serving"):
        return None
    ticket = picture.day.tickets.get(event.ticket) or picture.ended[event.ticket].ticket
    called_at = as_text(one.at) if state == "called" else as_time(ticket.turn.called_at)
    return {
        "id": event.ticket,
        **fixed_facts(ticket),
        "state": state,
        "counter": event.counter,
        "called_at": called_at,
        "seq": one.seq,
    }


def fixed_facts(ticket: Ticket) -> Record:
    """What of a ticket does not change while it is served."""
    return {
        "number": ticket.number,
        "serial": ticket.serial,
        "service": ticket.turn.service,
        "class": ticket.turn.class_,
        "language": ticket.language,
        "promise_s": ticket.turn.promise_s,
        "issued_at": as_text(ticket.issued_at),
    }


def ticket_now(picture: Picture, ticket: Ticket, links: Links) -> Record:
    """An open ticket as it stands."""
    turn = ticket.turn
    ahead = ahead_of(picture, ticket) if turn.state == "waiting" else 0
    papers = [seen for seen in picture.papers.values() if seen.ticket == ticket.id]
    last = papers[-1] if papers else None
    return {
        "id": ticket.id,
        **fixed_facts(ticket),
        "state": turn.state,
        "outcome": None,
        "ahead": ahead,
        "estimate": asdict(ticket.estimate) if ticket.estimate else None,
        "follow_url": links.follow_url(picture.setup, ticket.id),
        "paper": None if last is None else paper_record(last.paper, last.state, last.printer, last.copy),
        "counter": turn.counter,
        "called_at": as_time(turn.called_at),
        "seq": picture.day.seq,
    }


def ticket_ended(ended: Ended, seq: int) -> Record:
    """A ticket that was closed today, as `ticket_row` has it."""
    turn = ended.ticket.turn
    return {
        "id": ended.ticket.id,
        **fixed_facts(ended.ticket),
        "state": "done",
        "outcome": ended.outcome,
        "ahead": 0,
        "estimate": None,
        "follow_url": None,
        "paper": None,
        "counter": turn.counter,
        "called_at": as_time(turn.called_at),
        "closed_at": as_text(ended.at),
        "seq": seq,
    }


def ticket_row(row: Row, seq: int) -> Record:
    """A ticket from its row, for those that are closed and for lists."""
    names = ("id", "number", "serial", "service", "class", "language", "state", "outcome", "promise_s", "issued_at")
    turns = row.get("turns", [])
    return {
        **{name: row[name] for name in names},
        "ahead": 0,
        "estimate": None,
        "follow_url": None,
        "paper": None,
        "counter": turns[-1]["counter"] if turns else None,
        "called_at": turns[-1]["called_at"] if turns else None,
        "closed_at": row["closed_at"],
        "seq": seq,
    }
