"""Whether what was brought about is what was asked for: an answer that says done must have done all of it."""

from __future__ import annotations

from collections.abc import Iterator

from hall.day import commands as c
from hall.day import events as e
from hall.live.runner import Done


def faults_of(command: c.Command, done: Done) -> Iterator[str]:
    """What of a command its events do not show."""
    events = [one.event for one in done.recorded]
    if isinstance(command, c.TransferVisitor):
        yield from transfer_faults(command, events, command.to_counter)
    elif isinstance(command, c.TransferTicket):
        yield from transfer_faults(command, events, command.counter)
    elif isinstance(command, c.CallTicket):
        called = [event for event in events if isinstance(event, e.TicketCalled)]
        said = [(event.ticket, event.counter, event.why.chosen_by, event.why.reason) for event in called]
        if said != [(command.ticket, command.counter, "picked", command.reason)]:
            yield f"the call is {said}"
    elif isinstance(command, c.NoShow):
        said_reasons = [event.override for event in events if isinstance(event, e.TicketMissed)]
        if said_reasons != [command.override]:
            yield f"the reason to go on is {said_reasons}"
    elif isinstance(command, c.Park) and [e.TicketParked] != [type(event) for event in events]:
        yield f"nobody is parked by {events}"


def transfer_faults(
    command: c.TransferVisitor | c.TransferTicket, events: list[e.Event], counter: str | None
) -> Iterator[str]:
    sent = [event for event in events if isinstance(event, e.TicketTransferred)]
    if len(sent) != 1:
        yield f"{len(sent)} were sent on"
        return
    event = sent[0]
    to = f"counter/{counter}" if counter else f"staff/{command.staff}" if command.staff else ""
    if event.to != to or command.service not in (None, event.service):
        yield f"it went to {event.to!r} for {event.service}"
    if event.has_note != command.has_note:
        yield f"the note flag is {event.has_note}"
    if (event.returning is not None) != (command.returns and event.counter is not None):
        yield f"the way back is {event.returning}"
