"""Why a command is not carried out: one class a reason, each with a stable code and the facts behind it.

A refusal is a normal answer. Screens translate the code; the status of an HTTP answer is chosen in `hall.edge`.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """A command that may not happen now. `data` are the facts a screen may show."""

    code: ClassVar[str] = "refused"

    def __init__(self, **data: object) -> None:
        super().__init__(self.code)
        self.data = data


class HallUnknown(Refusal):
    code = "hall_unknown"


class ServiceUnknown(Refusal):
    code = "service_unknown"


class ClassUnknown(Refusal):
    code = "class_unknown"


class CounterUnknown(Refusal):
    code = "counter_unknown"


class TicketUnknown(Refusal):
    code = "ticket_unknown"


class PaperUnknown(Refusal):
    code = "paper_unknown"


class PrinterUnknown(Refusal):
    code = "printer_unknown"


class LanguageUnknown(Refusal):
    code = "language_unknown"


class DayIsClosed(Refusal):
    code = "day_closed"


class HallClosed(Refusal):
    code = "hall_closed"


class ServiceClosed(Refusal):
    code = "service_closed"


class ServiceIsHeading(Refusal):
    code = "service_is_heading"


class RangeFull(Refusal):
    code = "range_full"


class CounterIsClosed(Refusal):
    code = "counter_closed"


class CounterIsPaused(Refusal):
    code = "counter_paused"


class CounterIsBusy(Refusal):
    code = "counter_busy"


class CounterIsOpen(Refusal):
    code = "counter_open"


class CounterNotPaused(Refusal):
    code = "counter_not_paused"


class CounterIsIdle(Refusal):
    code = "counter_idle"


class VisitorChanged(Refusal):
    """Somebody else stands at the counter than the one who is meant, or nobody; `number` is who is there now."""

    code = "visitor_changed"


class NotCalled(Refusal):
    code = "not_called"


class StaffElsewhere(Refusal):
    code = "staff_elsewhere"


class NothingToUndo(Refusal):
    code = "nothing_to_undo"


class TicketIsClosed(Refusal):
    code = "ticket_closed"


class TicketAtCounter(Refusal):
    code = "ticket_at_counter"


class TicketNotWaiting(Refusal):
    code = "ticket_not_waiting"


class TicketIsCalled(Refusal):
    """Another counter has the ticket."""

    code = "ticket_already_called"


class TicketNotMissed(Refusal):
    code = "ticket_not_missed"


class ReturnsSpent(Refusal):
    """The visitor has returned as often as the hall allows."""

    code = "returns_spent"


class CallNotDelivered(Refusal):
    """No display has shown the call (or spoken it, where the area speaks), and no phone."""

    code = "call_not_delivered"


class TooFewCalls(Refusal):
    code = "too_few_calls"


class NoShowTooSoon(Refusal):
    code = "no_show_too_soon"


class RecallTooSoon(Refusal):
    code = "recall_too_soon"


class OverrideNotAllowed(Refusal):
    code = "override_not_allowed"


class PickNotAllowed(Refusal):
    code = "pick_not_allowed"


class WalkInNotAllowed(Refusal):
    code = "walk_in_not_allowed"


class ReasonMissing(Refusal):
    code = "reason_missing"


class ReasonUnknown(Refusal):
    code = "reason_unknown"


class ItemUnknown(Refusal):
    code = "item_unknown"


class ServiceElsewhere(Refusal):
    """The counter does not serve this visitor: another service, language or skill, or sent to another counter."""

    code = "service_elsewhere"


class NobodyParked(Refusal):
    code = "nobody_parked"


class SeveralParked(Refusal):
    code = "several_parked"


class NotServing(Refusal):
    code = "not_serving"


class NowhereToGo(Refusal):
    """A transfer that names neither service, counter nor clerk, or leads where the visitor is."""

    code = "transfer_nowhere"


class StaffAbsent(Refusal):
    code = "staff_absent"


class NobodyBehind(Refusal):
    code = "nobody_behind"


class PostponementsSpent(Refusal):
    code = "postponements_spent"


class ClassIsSame(Refusal):
    code = "class_same"


class PriorityBudgetSpent(Refusal):
    code = "priority_budget_spent"


class ServiceIsPlanned(Refusal):
    code = "service_planned"


class ComebackUnknown(Refusal):
    code = "comeback_unknown"


class TimeImpossible(Refusal):
    """The corrected instants are not in the order call, start, end, now."""

    code = "time_impossible"


class TurnNotDone(Refusal):
    code = "turn_not_done"


class HelpUnknown(Refusal):
    code = "help_unknown"


class HelpIsOpen(Refusal):
    """The counter has asked for this help already."""

    code = "help_open"


class HelpIsTaken(Refusal):
    code = "help_taken"


class CountBelowZero(Refusal):
    """More was to be taken back than was counted today."""

    code = "count_below_zero"


class PaperIsClaimed(Refusal):
    code = "paper_claimed"


class PaperNotClaimed(Refusal):
    code = "paper_not_claimed"


class PaperIsFinished(Refusal):
    code = "paper_finished"


class SetupInUse(Refusal):
    code = "setup_in_use"


class StorageUnavailable(Refusal):
    """The log could not take the events; nothing happened."""

    code = "storage_unavailable"


class HallStopped(Refusal):
    """An invariant of this hall broke; it takes no commands until it is restarted and looked at."""

    code = "hall_stopped"


class KeyReused(Refusal):
    """The same idempotency key came with another body."""

    code = "key_reused"
