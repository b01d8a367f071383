"""What an event changes in the rows that reports read: pure, so that every adapter and the rebuild derive the same.

A change is a table's name, the row's key, and the columns that get a value; a row's first change brings all columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from hall.day import events as e
from hall.log.codec import as_text

Row = dict[str, Any]
Key = tuple[str, str]
FollowOf = Callable[[str, str], str]
TABLES = ("ticket", "turn", "paper")


@dataclass(slots=True)
class Changes:
    """Rows to insert and columns to update, by table and (hall, id), each row at most once."""

    new: dict[str, dict[Key, Row]] = field(default_factory=lambda: {table: {} for table in TABLES})
    changed: dict[str, dict[Key, Row]] = field(default_factory=lambda: {table: {} for table in TABLES})
    moved: set[Key] = field(default_factory=set)  # turns that left a counter and may have gone to another one

    def insert(self, table: str, hall: str, id: str, row: Row) -> None:
        self.new[table][hall, id] = {"hall": hall, "id": id, **row}

    def update(self, table: str, hall: str, id: str, **columns: Any) -> None:
        fresh = self.new[table].get((hall, id))
        if fresh is not None:
            fresh.update(columns)
        else:
            self.changed[table].setdefault((hall, id), {}).update(columns)


def collect(recorded: Iterable[e.Recorded], follow_of: FollowOf) -> Changes:
    """All row changes of these events, merged."""
    changes = Changes()
    for one in recorded:
        project = PROJECTORS.get(type(one.event))
        if project is not None:
            project(changes, one, one.event, follow_of)
    return changes


def fold_rows(recorded: Iterable[e.Recorded], follow_of: FollowOf) -> dict[str, dict[Key, Row]]:
    """The rows as they must stand after all these events, from nothing."""
    return collect(recorded, follow_of).new


def project_issued(changes: Changes, one: e.Recorded, event: e.TicketIssued, follow_of: FollowOf) -> None:
    shared = {
        "business_date": one.business_date.isoformat(),
        "service": event.service,
        "class": event.class_,
        "state": "waiting",
        "outcome": None,
        "promise_s": event.promise_s,
    }
    ticket = {
        "serial": event.serial,
        "number": event.number,
        "series": event.series,
        "language": event.language,
        "device": event.device,
        "ahead": event.ahead,
        "issued_at": as_text(one.at),
        "closed_at": None,
        "follow": follow_of(one.hall, event.ticket),
    }
    turn = {
        "ticket": event.ticket,
        "claim_at": as_text(event.claim_at),
        "counter": None,
        "staff": None,
        "calls": 0,
        "called_at": None,
        "started_at": None,
        "start_inferred": False,
        "missed_at": None,
        "ended_at": None,
    }
    changes.insert("ticket", one.hall, event.ticket, {**shared, **ticket})
    changes.insert("turn", one.hall, event.turn, {**shared, **turn})


def project_called(changes: Changes, one: e.Recorded, event: e.TicketCalled, _: FollowOf) -> None:
    changes.update("ticket", one.hall, event.ticket, state="called")
    changes.update(
        "turn",
        one.hall,
        event.turn,
        state="called",
        counter=event.counter,
        staff=event.staff,
        calls=event.call_no,
        called_at=as_text(one.at),
    )


def project_recalled(changes: Changes, one: e.Recorded, event: e.TicketRecalled, _: FollowOf) -> None:
    changes.update("turn", one.hall, event.turn, calls=event.call_no)


def project_started(changes: Changes, one: e.Recorded, event: e.TicketStarted, _: FollowOf) -> None:
    changes.update("ticket", one.hall, event.ticket, state="serving")
    started_at = as_text(one.at)
    changes.update("turn", one.hall, event.turn, state="serving", started_at=started_at, start_inferred=event.inferred)


def project_finished(changes: Changes, one: e.Recorded, event: e.TicketFinished, _: FollowOf) -> None:
    close(changes, one, event.ticket, event.turn, event.outcome)


def project_missed(changes: Changes, one: e.Recorded, event: e.TicketMissed, _: FollowOf) -> None:
    changes.update("ticket", one.hall, event.ticket, state="missed")
    changes.update("turn", one.hall, event.turn, state="missed", missed_at=as_text(one.at))


def project_closed(changes: Changes, one: e.Recorded, event: e.TicketCancelled | e.TicketExpired, _: FollowOf) -> None:
    close(changes, one, event.ticket, event.turn, event.outcome)


def close(changes: Changes, one: e.Recorded, ticket: str, turn: str, outcome: str) -> None:
    changes.update("ticket", one.hall, ticket, state="done", outcome=outcome, closed_at=as_text(one.at))
    changes.update("turn", one.hall, turn, state="done", outcome=outcome, ended_at=as_text(one.at))


def project_call_undone(changes: Changes, one: e.Recorded, event: e.TicketCallUndone, _: FollowOf) -> None:
    changes.moved.add((one.hall, event.turn))
    changes.update("ticket", one.hall, event.ticket, state="waiting")
    changes.update("turn", one.hall, event.turn, state="waiting", counter=None, staff=None, calls=0, called_at=None)


def project_start_undone(changes: Changes, one: e.Recorded, event: e.TicketStartUndone, _: FollowOf) -> None:
    changes.update("ticket", one.hall, event.ticket, state="called")
    changes.update("turn", one.hall, event.turn, state="called", started_at=None, start_inferred=False)


def project_finish_undone(changes: Changes, one: e.Recorded, event: e.TicketFinishUndone, _: FollowOf) -> None:
    changes.update("ticket", one.hall, event.ticket, state="serving", outcome=None, closed_at=None)
    changes.update("turn", one.hall, event.turn, state="serving", outcome=None, ended_at=None)


def project_paper_requested(changes: Changes, one: e.Recorded, event: e.PaperRequested, _: FollowOf) -> None:
    row = {
        "ticket": event.ticket,
        "printer": event.printer,
        "copy_no": event.copy,
        "state": "requested",
        "proof": None,
        "reason": None,
        "requested_at": as_text(one.at),
        "claimed_at": None,
        "reported_at": None,
    }
    changes.insert("paper", one.hall, event.paper, row)


def project_paper_claimed(changes: Changes, one: e.Recorded, event: e.PaperClaimed, _: FollowOf) -> None:
    changes.update("paper", one.hall, event.paper, state="claimed", claimed_at=as_text(one.at))


def project_paper_printed(changes: Changes, one: e.Recorded, event: e.PaperPrinted, _: FollowOf) -> None:
    changes.update("paper", one.hall, event.paper, state="printed", proof=event.proof, reported_at=as_text(one.at))


def project_paper_uncertain(changes: Changes, one: e.Recorded, event: e.PaperUncertain, _: FollowOf) -> None:
    changes.update("paper", one.hall, event.paper, state="uncertain", reason=event.reason, reported_at=as_text(one.at))


def project_paper_failed(changes: Changes, one: e.Recorded, event: e.PaperFailed, _: FollowOf) -> None:
    changes.update("paper", one.hall, event.paper, state="failed", reason=event.reason, reported_at=as_text(one.at))


PROJECTORS: dict[type, Callable[[Changes, e.Recorded, Any, FollowOf], None]] = {
    e.TicketIssued: project_issued,
    e.TicketCalled: project_called,
    e.TicketRecalled: project_recalled,
    e.TicketStarted: project_started,
    e.TicketFinished: project_finished,
    e.TicketMissed: project_missed,
    e.TicketCancelled: project_closed,
    e.TicketExpired: project_closed,
    e.TicketCallUndone: project_call_undone,
    e.TicketStartUndone: project_start_undone,
    e.TicketFinishUndone: project_finish_undone,
    e.PaperRequested: project_paper_requested,
    e.PaperClaimed: project_paper_claimed,
    e.PaperPrinted: project_paper_printed,
    e.PaperUncertain: project_paper_uncertain,
    e.PaperFailed: project_paper_failed,
}
