"""What must hold of every reachable day, as a list of sentences about what does not."""

from __future__ import annotations

from collections import Counter as Tally

from hall.day.state import Day


def broken(day: Day) -> list[str]:
    """All invariants that fail, in words; empty on a sound day."""
    return [*broken_counters(day), *broken_lines(day), *broken_numbers(day), *broken_counts(day)]


def broken_counters(day: Day) -> list[str]:
    found = []
    for counter in day.counters.values():
        if counter.ticket is not None:
            ticket = day.tickets.get(counter.ticket)
            if ticket is None or ticket.turn.counter != counter.id or ticket.turn.state not in ("called", "serving"):
                found.append(f"counter {counter.id} holds {counter.ticket}, which is not at it")
    held = Tally(counter.ticket for counter in day.counters.values() if counter.ticket is not None)
    found += [f"ticket {ticket} is at {n} counters" for ticket, n in held.items() if n > 1]
    for ticket in day.tickets.values():
        if ticket.turn.state in ("called", "serving") and ticket.id not in held:
            found.append(f"ticket {ticket.id} is {ticket.turn.state} at no counter")
    staff = Tally(counter.staff for counter in day.counters.values() if counter.staff is not None)
    return found + [f"{login} works at {n} counters" for login, n in staff.items() if n > 1]


def broken_lines(day: Day) -> list[str]:
    found = []
    standing = Tally(place[2] for places in day.lines.values() for place in places)
    for ticket in day.tickets.values():
        times = standing.pop(ticket.id, 0)
        if times != (1 if ticket.turn.state == "waiting" else 0):
            found.append(f"ticket {ticket.id} is {ticket.turn.state} and stands {times} times in line")
    found += [f"ticket {ticket} stands in line and is not open" for ticket in standing]
    found += [f"line {key} is out of order" for key, places in day.lines.items() if places != sorted(places)]
    return found


def broken_counts(day: Day) -> list[str]:
    counts: list[tuple[str, int]] = [("door", day.came_in), *day.diverted.items()]
    return [f"{name} is counted {count} times" for name, count in counts if count < 0]


def broken_numbers(day: Day) -> list[str]:
    found = []
    if {ticket.number: ticket.id for ticket in day.tickets.values()} != day.numbers:
        found.append("the open numbers are not those of the open tickets")
    for series, numbers in day.series.items():
        used = {ticket.position for ticket in day.tickets.values() if ticket.series == series}
        if used != numbers.in_use or used & set(numbers.closed):
            found.append(f"series {series} counts other positions in use than its tickets")
    return found
