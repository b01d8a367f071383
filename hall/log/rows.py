"""What an event changes in the rows that reports read: pure, so that every adapter and the rebuild derive the same.

A change is a table's name, the row's key, and the columns that get a value; a row's first change brings all columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hall.day import events as e
from hall.log.codec import as_text

Row = dict[str, Any]
Key = tuple[str, str]
FollowOf = Callable[[str, str], str]
TABLES = ("ticket", "turn", "paper")
FINISHED = ("served", "not_completed")  # the outcomes of a turn that somebody finished at a counter
CORRECTION = ("corrected_started_at", "corrected_ended_at", "correction_reason")
RELEASED = ("waiting", "parked", "missed", "done")  # the states in which a turn holds no counter


@dataclass(slots=True)
class Changes:
    """Rows to insert and columns to update, by table and (hall, id), each row at most once."""

    new: dict[str, dict[Key, Row]] = field(default_factory=lambda: {table: {} for table in TABLES})
    changed: dict[str, dict[Key, Row]] = field(default_factory=lambda: {table: {} for table in TABLES})
    left: set[Key] = field(default_factory=set)  # turns that left a counter, and may have gone to another one since

    def insert(self, table: str, hall: str, id: str, row: Row) -> None:
        self.new[table][hall, id] = {"hall": hall, "id": id, **row}

    def update(self, table: str, hall: str, id: str, **columns: Any) -> None:
        if table == "turn" and columns.get("state") in RELEASED:
            self.left.add((hall, id))
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
    ticket = {
        "business_date": one.business_date.isoformat(),
        "service": event.service,
        "class": event.class_,
        "state": "waiting",
        "outcome": None,
        "promise_s": event.promise_s,
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
    changes.insert("ticket", one.hall, event.ticket, ticket)
    begin_turn(changes, one, event.ticket, e.NextTurn(event.turn, *turn_facts(event), to=""))


def turn_facts(event: e.TicketIssued | e.TicketTransferred) -> tuple[str, str, datetime, int | None]:
    return event.service, event.class_, event.claim_at, event.promise_s


NEVER = dict.fromkeys(
    (
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
        *CORRECTION,
    )
)


def begin_turn(changes: Changes, one: e.Recorded, ticket: str, turn: e.NextTurn) -> None:
    row = {
        **NEVER,
        "business_date": one.business_date.isoformat(),
        "ticket": ticket,
        "service": turn.service,
        "class": turn.class_,
        "state": "waiting",
        "claim_at": as_text(turn.claim_at),
        "since": as_text(one.at),
        "sent_to": turn.to,
        "promise_s": turn.promise_s,
        "calls": 0,
        "deliveries": 0,
        "start_inferred": False,
    }
    changes.insert("turn", one.hall, turn.turn, row)


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
        deliveries=0,
        delivered_at=None,
        called_at=as_text(one.at),
        chosen_by=event.why.chosen_by,
        call_reason=event.why.reason,
    )


def project_recalled(changes: Changes, one: e.Recorded, event: e.TicketRecalled, _: FollowOf) -> None:
    changes.update("turn", one.hall, event.turn, calls=event.call_no)


def project_delivered(changes: Changes, one: e.Recorded, event: e.CallDelivered, _: FollowOf) -> None:
    delivered_at = as_text(one.at)
    changes.update("turn", one.hall, event.turn, deliveries=event.deliveries, delivered_at=delivered_at)


def project_started(changes: Changes, one: e.Recorded, event: e.TicketStarted, _: FollowOf) -> None:
    changes.update("ticket", one.hall, event.ticket, state="serving")
    started_at = as_text(one.at)
    changes.update("turn", one.hall, event.turn, state="serving", started_at=started_at, start_inferred=event.inferred)


def project_finished(changes: Changes, one: e.Recorded, event: e.TicketFinished, _: FollowOf) -> None:
    changes.update("turn", one.hall, event.turn, end_reason=event.reason, work=event.work)
    if event.next is None:
        close(changes, one, event.ticket, event.turn, event.outcome)
    else:
        end_turn(changes, one, event.turn, event.outcome)
        changes.update("ticket", one.hall, event.ticket, state="waiting")
        begin_turn(changes, one, event.ticket, event.next)


def project_missed(changes: Changes, one: e.Recorded, event: e.TicketMissed, _: FollowOf) -> None:
    changes.update("ticket", one.hall, event.ticket, state="missed")
    missed_at = as_text(one.at)
    changes.update("turn", one.hall, event.turn, state="missed", missed_at=missed_at, override=event.override)


def project_closed(changes: Changes, one: e.Recorded, event: e.TicketCancelled | e.TicketExpired, _: FollowOf) -> None:
    close(changes, one, event.ticket, event.turn, event.outcome)


def close(changes: Changes, one: e.Recorded, ticket: str, turn: str, outcome: str) -> None:
    changes.update("ticket", one.hall, ticket, state="done", outcome=outcome, closed_at=as_text(one.at))
    end_turn(changes, one, turn, outcome)


def end_turn(changes: Changes, one: e.Recorded, turn: str, outcome: str) -> None:
    changes.update("turn", one.hall, turn, state="done", outcome=outcome, ended_at=as_text(one.at))


def wait_again(changes: Changes, one: e.Recorded, ticket: str, turn: str, **columns: Any) -> None:
    """The turn waits, and nothing of its calls counts any more."""
    changes.update("ticket", one.hall, ticket, state="waiting")
    changes.update(
        "turn",
        one.hall,
        turn,
        state="waiting",
        counter=None,
        staff=None,
        calls=0,
        deliveries=0,
        called_at=None,
        delivered_at=None,
        started_at=None,
        start_inferred=False,
        **columns,
    )


def project_reinstated(changes: Changes, one: e.Recorded, event: e.TicketReinstated, _: FollowOf) -> None:
    wait_again(changes, one, event.ticket, event.turn, claim_at=as_text(event.claim_at), since=as_text(one.at))


def project_returned(changes: Changes, one: e.Recorded, event: e.TicketReturned, _: FollowOf) -> None:
    since = {} if event.cause == "counter_closed" else {"since": as_text(one.at)}
    wait_again(changes, one, event.ticket, event.turn, claim_at=as_text(event.claim_at), sent_to=event.to, **since)


def project_parked(changes: Changes, one: e.Recorded, event: e.TicketParked, _: FollowOf) -> None:
    changes.update("ticket", one.hall, event.ticket, state="parked")
    parked_at = as_text(one.at)
    changes.update("turn", one.hall, event.turn, state="parked", parked_at=parked_at, park_reason=event.reason)


def project_unparked(changes: Changes, one: e.Recorded, event: e.TicketUnparked, _: FollowOf) -> None:
    changes.update("ticket", one.hall, event.ticket, state="serving")
    changes.update("turn", one.hall, event.turn, state="serving")


def project_transferred(changes: Changes, one: e.Recorded, event: e.TicketTransferred, _: FollowOf) -> None:
    end_turn(changes, one, event.turn, "transferred")
    changes.update("ticket", one.hall, event.ticket, state="waiting")
    begin_turn(changes, one, event.ticket, e.NextTurn(event.next_turn, *turn_facts(event), to=event.to))


def project_postponed(changes: Changes, one: e.Recorded, event: e.TicketPostponed, _: FollowOf) -> None:
    changes.update("turn", one.hall, event.turn, claim_at=as_text(event.claim_at))


def project_reprioritised(changes: Changes, one: e.Recorded, event: e.TicketReprioritised, _: FollowOf) -> None:
    columns = {"class": event.class_, "promise_s": event.promise_s}
    changes.update("ticket", one.hall, event.ticket, **columns)
    changes.update("turn", one.hall, event.turn, **columns)


def project_corrected(changes: Changes, one: e.Recorded, event: e.TimeCorrected, _: FollowOf) -> None:
    instants = {"corrected_started_at": event.started_at, "corrected_ended_at": event.ended_at}
    corrected = {column: as_text(at) for column, at in instants.items() if at is not None}
    changes.update("turn", one.hall, event.turn, **corrected, correction_reason=event.reason)


def project_call_undone(changes: Changes, one: e.Recorded, event: e.TicketCallUndone, _: FollowOf) -> None:
    wait_again(changes, one, event.ticket, event.turn, chosen_by=None, call_reason=None)


def project_start_undone(changes: Changes, one: e.Recorded, event: e.TicketStartUndone, _: FollowOf) -> None:
    changes.update("ticket", one.hall, event.ticket, state="called")
    changes.update("turn", one.hall, event.turn, state="called", started_at=None, start_inferred=False)


def project_finish_undone(changes: Changes, one: e.Recorded, event: e.TicketFinishUndone, _: FollowOf) -> None:
    """The turn goes on: what was corrected of its end, and of what led there, is not about it any more."""
    if event.next_turn is not None:
        end_turn(changes, one, event.next_turn, "withdrawn")
    changes.update("ticket", one.hall, event.ticket, state=event.state, outcome=None, closed_at=None)
    gone = dict.fromkeys(("outcome", "ended_at", "end_reason", "work", *CORRECTION))
    changes.update("turn", one.hall, event.turn, state=event.state, **gone)


def project_miss_undone(changes: Changes, one: e.Recorded, event: e.TicketMissUndone, _: FollowOf) -> None:
    changes.update("ticket", one.hall, event.ticket, state="called")
    changes.update("turn", one.hall, event.turn, state="called", missed_at=None, override=None)
    if event.call is not None:
        changes.update(
            "turn",
            one.hall,
            event.turn,
            counter=event.counter,
            staff=event.staff,
            claim_at=as_text(event.call.claim_at),
            since=as_text(event.call.since),
            called_at=as_text(event.call.called_at),
            calls=event.call.call_no,
            deliveries=event.call.deliveries,
            delivered_at=None if event.call.delivered_at is None else as_text(event.call.delivered_at),
        )


def project_paper_requested(changes: Changes, one: e.Recorded, event: e.PaperRequested, _: FollowOf) -> None:
    row = {
        "ticket": event.ticket,
        "printer": event.printer,
        "copy_no": event.copy,
        "kind": event.kind,
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
    e.CallDelivered: project_delivered,
    e.TicketStarted: project_started,
    e.TicketFinished: project_finished,
    e.TicketMissed: project_missed,
    e.TicketReinstated: project_reinstated,
    e.TicketParked: project_parked,
    e.TicketUnparked: project_unparked,
    e.TicketReturned: project_returned,
    e.TicketTransferred: project_transferred,
    e.TicketPostponed: project_postponed,
    e.TicketReprioritised: project_reprioritised,
    e.TicketCancelled: project_closed,
    e.TicketExpired: project_closed,
    e.TicketCallUndone: project_call_undone,
    e.TicketStartUndone: project_start_undone,
    e.TicketFinishUndone: project_finish_undone,
    e.TicketMissUndone: project_miss_undone,
    e.TimeCorrected: project_corrected,
    e.PaperRequested: project_paper_requested,
    e.PaperClaimed: project_paper_claimed,
    e.PaperPrinted: project_paper_printed,
    e.PaperUncertain: project_paper_uncertain,
    e.PaperFailed: project_paper_failed,
}
