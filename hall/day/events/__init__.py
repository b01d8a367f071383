"""The facts a hall appends to its log, frozen for ever.

Each class is one type at one version. A change of shape needs a new version and an upcaster in `hall.log.codec`; a
golden file under tests holds one of each. Nothing here is personal: staff appear by login, visitors not at all.
Instants are aware UTC datetimes, durations whole seconds. Every event is since version 1 unless it says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from hall.day.events.counters import (
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    HelpRequested,
    HelpSolved,
    HelpTaken,
)
from hall.day.events.facts import (
    Actor,
    ActorKind,
    CallOutcome,
    CarriedCounter,
    CarriedNumber,
    CarriedTicket,
    ChosenBy,
    Comeback,
    DeliveredVia,
    Diversion,
    Door,
    Estimate,
    HelpKind,
    MissedCall,
    NextTurn,
    Outcome,
    PaperKind,
    PaperProof,
    PassedOver,
    PlannedTurn,
    PrinterState,
    ReturnCause,
    Why,
)
from hall.day.events.hall import (
    DayClosed,
    DayOpened,
    DaySealed,
    DoorCounted,
    SetupPublished,
    VisitDiverted,
)
from hall.day.events.moves import (
    ServiceAdded,
    ServiceReplaced,
    TicketMissUndone,
    TicketParked,
    TicketPostponed,
    TicketReinstated,
    TicketReprioritised,
    TicketReturned,
    TicketTransferred,
    TicketUnparked,
    TimeCorrected,
)
from hall.day.events.papers import (
    PaperClaimed,
    PaperFailed,
    PaperPrinted,
    PaperRequested,
    PaperUncertain,
    PrinterReported,
)
from hall.day.events.tickets import (
    CallDelivered,
    TicketCalled,
    TicketCallUndone,
    TicketCancelled,
    TicketExpired,
    TicketFinished,
    TicketFinishUndone,
    TicketIssued,
    TicketMissed,
    TicketRecalled,
    TicketStarted,
    TicketStartUndone,
)

__all__ = [
    "Actor",
    "ActorKind",
    "CallDelivered",
    "CallOutcome",
    "CarriedCounter",
    "CarriedNumber",
    "CarriedTicket",
    "ChosenBy",
    "Comeback",
    "CounterClosed",
    "CounterOpened",
    "CounterPaused",
    "CounterResumed",
    "DayClosed",
    "DayOpened",
    "DaySealed",
    "DeliveredVia",
    "Diversion",
    "Door",
    "DoorCounted",
    "Estimate",
    "Event",
    "HelpKind",
    "HelpRequested",
    "HelpSolved",
    "HelpTaken",
    "MissedCall",
    "NextTurn",
    "Outcome",
    "PaperClaimed",
    "PaperFailed",
    "PaperKind",
    "PaperPrinted",
    "PaperProof",
    "PaperRequested",
    "PaperUncertain",
    "PassedOver",
    "PlannedTurn",
    "PrinterReported",
    "PrinterState",
    "Recorded",
    "ReturnCause",
    "ServiceAdded",
    "ServiceReplaced",
    "SetupPublished",
    "TicketCallUndone",
    "TicketCalled",
    "TicketCancelled",
    "TicketExpired",
    "TicketFinishUndone",
    "TicketFinished",
    "TicketIssued",
    "TicketMissUndone",
    "TicketMissed",
    "TicketParked",
    "TicketPostponed",
    "TicketRecalled",
    "TicketReinstated",
    "TicketReprioritised",
    "TicketReturned",
    "TicketStartUndone",
    "TicketStarted",
    "TicketTransferred",
    "TicketUnparked",
    "TimeCorrected",
    "VisitDiverted",
    "Why",
]

Event: TypeAlias = (
    SetupPublished
    | DayOpened
    | DayClosed
    | DaySealed
    | VisitDiverted
    | DoorCounted
    | CounterOpened
    | CounterPaused
    | CounterResumed
    | CounterClosed
    | HelpRequested
    | HelpTaken
    | HelpSolved
    | TicketIssued
    | TicketCalled
    | TicketRecalled
    | CallDelivered
    | TicketStarted
    | TicketFinished
    | TicketMissed
    | TicketReinstated
    | TicketParked
    | TicketUnparked
    | TicketReturned
    | TicketTransferred
    | TicketPostponed
    | TicketReprioritised
    | ServiceAdded
    | ServiceReplaced
    | TicketCancelled
    | TicketExpired
    | TicketCallUndone
    | TicketStartUndone
    | TicketFinishUndone
    | TicketMissUndone
    | TimeCorrected
    | PaperRequested
    | PaperClaimed
    | PaperPrinted
    | PaperUncertain
    | PaperFailed
    | PrinterReported
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with its envelope: place in the hall's log, when, by whom, through which door, under which set-up."""

    hall: str
    seq: int
    at: datetime
    business_date: date
    event: Event
    command_id: str
    actor: Actor
    door: Door
    setup_version: int
