"""Events of paper and printers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hall.day.events.facts import PaperKind, PaperProof, PrinterState


@dataclass(frozen=True, slots=True)
class PaperRequested:
    """A paper of a ticket is wanted from `printer`. `copy` is 1 for the first, higher ones are marked as copies.

    From the command that issued the ticket, or from a reprint. `expires_at`: after it nothing may come out any more.
    Since version 2: `kind` tells a ticket from the notice of what to bring (the turn was not completed) and
    from the slip of a closed day, which has no ticket.
    """

    TYPE: ClassVar[str] = "PaperRequested"
    VERSION: ClassVar[int] = 2
    paper: str
    ticket: str
    printer: str
    copy: int
    expires_at: datetime
    kind: PaperKind


@dataclass(frozen=True, slots=True)
class PaperClaimed:
    """A printer's owner took the paper on, before the first byte was sent. From the printer's owner."""

    TYPE: ClassVar[str] = "PaperClaimed"
    VERSION: ClassVar[int] = 1
    paper: str
    ticket: str
    printer: str


@dataclass(frozen=True, slots=True)
class PaperPrinted:
    """The paper came out, as far as `proof` tells (`sent`: the device says nothing). From the printer's owner."""

    TYPE: ClassVar[str] = "PaperPrinted"
    VERSION: ClassVar[int] = 1
    paper: str
    ticket: str
    printer: str
    proof: PaperProof


@dataclass(frozen=True, slots=True)
class PaperUncertain:
    """Bytes were sent and nobody knows what came out. From the printer's owner, or at its restart."""

    TYPE: ClassVar[str] = "PaperUncertain"
    VERSION: ClassVar[int] = 1
    paper: str
    ticket: str
    printer: str
    reason: str


@dataclass(frozen=True, slots=True)
class PaperFailed:
    """The paper did not come out and will not. From the printer's owner, or from the clockwork when it expired."""

    TYPE: ClassVar[str] = "PaperFailed"
    VERSION: ClassVar[int] = 1
    paper: str
    ticket: str
    printer: str
    reason: str


@dataclass(frozen=True, slots=True)
class PrinterReported:
    """A printer's state changed. From its owner."""

    TYPE: ClassVar[str] = "PrinterReported"
    VERSION: ClassVar[int] = 1
    printer: str
    state: PrinterState
