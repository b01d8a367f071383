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
