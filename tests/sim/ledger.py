"""A second opinion on the log: what the committed events of one hall may and may not say, in as few words as possible.

Written without the heart's code, so that a mistake there is not made here too. It knows tickets, counters, numbers and
papers only as far as a promise to the public hangs on them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hall.day import events as e
from tests.sim.book import NOBODY, REST, Book, Claim, Place
from tests.sim.order import Desk, expected, passed_over, tier_of

HOUR = timedelta(hours=1)


class Ledger(Book):
    """Reads the events of one hall as they are committed."""

    def read(self, one: e.Recorded) -> None:
        """Carry one committed event in; whatever is impossible about it is written down."""
        self.require(one.seq == self.seq + 1, f"seq {one.seq} after {self.seq}")
        self.require(self.at is None or one.at >= self.at, f"{one.seq} goes back in time")
        kind = type(one.event).__name__
        is_always = isinstance(one.event, e.SetupPublished | e.DayOpened) or self.is_moved_by_setup(one)
        self.require(self.is_open or is_always, f"{one.seq}: {kind} outside a business day")
        self.require(is_always or one.business_date == self.date, f"{one.seq}: {kind} on {one.business_date}")
        self.seq, self.at = one.seq, one.at
        reader = READERS.get(type(one.event))
        if reader is not None:
            reader(self, one.event, one)

    def is_moved_by_setup(self, one: e.Recorded) -> bool:
        is_moved = isinstance(one.event, e.TicketTransferred) and one.event.next_turn.startswith(f"{one.command_id}-m")
        return is_moved or isinstance(one.event, e.ServiceReplaced)


# --- the hall and its days ----------------------------------------------------------------------------------------


def on_setup(ledger: Ledger, event: e.SetupPublished, _: e.Recorded) -> None:
    ledger.version, ledger.rounds, ledger.by_round = event.version, {}, {}


def on_day_opened(ledger: Ledger, event: e.DayOpened, one: e.Recorded) -> None:
    ledger.require(not ledger.is_open, f"{one.seq}: a day opens in a day")
    later = ledger.date is None or event.business_date > ledger.date
    ledger.require(later, f"{one.seq}: {event.business_date} opens after {ledger.date}")
    ledger.require(event.next_serial == ledger.serial + 1, f"{one.seq}: serials go on at {event.next_serial}")
    carried = {one.ticket: carried_facts(one) for one in event.tickets}
    stood = {id: known_facts(ticket) for id, ticket in ledger.tickets.items()}
    ledger.require(carried == stood, f"{one.seq}: tickets over night {stood} -> {carried}")
    places = {id: (place.ticket, place.staff, place.services) for id, place in ledger.counters.items()}
    kept = {one.counter: (one.ticket, one.staff, one.services) for one in event.counters}
    ledger.require(kept == places, f"{one.seq}: counters over night {places} -> {kept}")
    credits = {id for id, credit in ledger.comebacks.items() if credit.until > one.at}
    ledger.require(credits == {one.ticket for one in event.comebacks}, f"{one.seq}: credits over night {credits}")
    begin_day(ledger, event, one)


def carried_facts(one: e.CarriedTicket) -> tuple[object, ...]:
    planned = tuple(later.turn for later in one.planned)
    calls = (one.call_no, one.last_call_at, one.deliveries, one.delivered_at, one.inferred)
    return one.turn, one.claim_at, one.counter, one.to, calls, planned, one.misses, one.postponed


def known_facts(one: Claim) -> tuple[object, ...]:
    calls = (one.call_no, one.last_call_at, len(one.seen), one.seen_at, one.is_inferred)
    return one.turn, one.claim_at, one.counter, one.to, calls, one.planned, one.misses, one.postponed


def begin_day(ledger: Ledger, event: e.DayOpened, one: e.Recorded) -> None:
    ledger.is_open, ledger.date = True, event.business_date
    ledger.issued_today, ledger.finished, ledger.rounds, ledger.prioritised = {}, {}, {}, []
    ledger.counted.clear()
    ledger.by_round.clear()
    lately = {key: at for key, at in ledger.closed_today.items() if one.at - at < REST}
    kept = {(number.series, number.position) for number in event.numbers}
    ledger.require(set(lately) <= kept, f"{one.seq}: numbers {set(lately) - kept} do not rest")
    ledger.closed_today = lately
    for place in ledger.counters.values():
        place.last = None
    for going_on in event.tickets:
        ledger.tickets.get(going_on.ticket, NOBODY).called_seq = 0


def on_day_closed(ledger: Ledger, event: e.DayClosed, one: e.Recorded) -> None:
    left = [(ticket.number, ticket.state) for ticket in ledger.tickets.values() if ticket.state != "serving"]
    ledger.require(not left, f"{one.seq}: the day closes over {left}")
    unfinished = [paper for paper, state in ledger.papers.items() if state in ("requested", "claimed")]
    ledger.require(not unfinished, f"{one.seq}: the day closes over papers {unfinished}")
    ledger.require(not ledger.helps, f"{one.seq}: the day closes over calls for help {ledger.helps}")
    ledger.is_open = False


def on_door(ledger: Ledger, event: e.DoorCounted, one: e.Recorded) -> None:
    count(ledger, "door", event.count, one.seq)


def on_diverted(ledger: Ledger, event: e.VisitDiverted, one: e.Recorded) -> None:
    count(ledger, event.to, event.count, one.seq)


def count(ledger: Ledger, what: str, n: int, seq: int) -> None:
    ledger.counted[what] += n
    ledger.require(ledger.counted[what] >= 0, f"{seq}: more than was counted is taken back from {what}")


# --- counters -----------------------------------------------------------------------------------------------------


def on_counter_opened(ledger: Ledger, event: e.CounterOpened, one: e.Recorded) -> None:
    ledger.require(event.counter not in ledger.counters, f"{one.seq}: counter {event.counter} opens twice")
    busy = {place.staff for place in ledger.counters.values()} - {None}
    ledger.require(event.staff not in busy, f"{one.seq}: {event.staff} works at two counters")
    ledger.counters[event.counter] = Place(event.staff, event.services)


def on_counter_closed(ledger: Ledger, event: e.CounterClosed, one: e.Recorded) -> None:
    place = ledger.place(event.counter, one.seq)
    ledger.require(place.ticket is None, f"{one.seq}: counter {event.counter} closes over {place.ticket}")
    names = (f"counter/{event.counter}", f"staff/{place.staff}")
    left = [t.number for t in ledger.tickets.values() if t.state == "parked" and t.counter == event.counter]
    left += [t.number for t in ledger.waiting() if t.to in names]
    ledger.require(not left, f"{one.seq}: counter {event.counter} closes and {left} are meant for it")
    for ticket in ledger.tickets.values():
        if ticket.state == "missed" and ticket.to in names:
            ticket.to = ""  # the open line is theirs now
    ledger.counters.pop(event.counter, None)


def on_paused(ledger: Ledger, event: e.CounterPaused, one: e.Recorded) -> None:
    ledger.place(event.counter, one.seq).is_paused = True


def on_resumed(ledger: Ledger, event: e.CounterResumed, one: e.Recorded) -> None:
    ledger.place(event.counter, one.seq).is_paused = False


def on_help(ledger: Ledger, event: e.HelpRequested, one: e.Recorded) -> None:
    asked = (event.counter, event.kind)
    ledger.require(asked not in ledger.helps.values(), f"{one.seq}: help {asked} is asked for twice")
    ledger.helps[event.help] = asked


def on_help_taken(ledger: Ledger, event: e.HelpTaken, one: e.Recorded) -> None:
    is_open = event.help in ledger.helps and event.help not in ledger.helps_taken
    ledger.require(is_open, f"{one.seq}: help {event.help} is taken twice")
    ledger.helps_taken.add(event.help)


def on_help_solved(ledger: Ledger, event: e.HelpSolved, one: e.Recorded) -> None:
    ledger.require(ledger.helps.pop(event.help, None) is not None, f"{one.seq}: help {event.help} is solved twice")


# --- calls --------------------------------------------------------------------------------------------------------


def on_issued(ledger: Ledger, event: e.TicketIssued, one: e.Recorded) -> None:
    ledger.require(event.serial == ledger.serial + 1, f"{one.seq}: serial {event.serial} after {ledger.serial}")
    ledger.serial = event.serial
    open_numbers = {ticket.number for ticket in ledger.tickets.values()}
    ledger.require(event.number not in open_numbers, f"{one.seq}: number {event.number} is given twice")
    given = ledger.issued_today.setdefault(event.series, set())
    is_fresh = event.position not in given and (event.series, event.position) not in ledger.closed_today
    ledger.require(is_fresh or ledger.is_worn(event, one.at), f"{one.seq}: number {event.number} comes again too soon")
    given.add(event.position)
    ledger.closed_today.pop((event.series, event.position), None)
    credit = ledger.comebacks.pop(event.comeback, None) if event.comeback else None
    owed_s = credit.credit_s if credit is not None and credit.until > one.at else 0
    owed = event.claim_at == one.at - timedelta(seconds=owed_s) and (event.comeback is None or owed_s > 0)
    ledger.require(owed, f"{one.seq}: {event.number} counts from {event.claim_at} by {credit}")
    ledger.tickets[event.ticket] = Claim(
        event.ticket,
        event.serial,
        event.number,
        event.service,
        event.class_,
        event.language,
        event.promise_s,
        event.claim_at,
        event.series,
        event.position,
        event.turn,
        tuple(later.turn for later in event.planned),
    )


def on_called(ledger: Ledger, event: e.TicketCalled, one: e.Recorded) -> None:
    ticket, setup = ledger.ticket(event, one.seq, "waiting"), ledger.setup(one)
    place = ledger.place(event.counter, one.seq)
    ledger.require(not place.is_paused, f"{one.seq}: {event.number} is called to a paused counter")
    desk = Desk(event.counter, place.staff, place.services)
    if event.why.chosen_by == "picked":
        require_pick_allowed(ledger, event, one, desk)
    elif event.why.chosen_by == "walk_in":
        ledger.require(setup.calling.walk_in, f"{one.seq}: {event.number} walks in where nobody may")
    else:
        require_turn(ledger, event, one, desk)
    over = {line.line: (line.number, line.count) for line in event.why.passed_over}
    seen = passed_over(setup, desk, ledger.waiting(), ticket)
    ledger.require(over == seen, f"{one.seq}: {event.number} passes over {seen}, recorded is {over}")
    ledger.require(event.call_no == 1, f"{one.seq}: a first call counts as {event.call_no}")
    ledger.give(ticket, event.counter, one)
    ticket.state, ticket.counter = "called", event.counter
    ticket.called_seq, ticket.call_no = one.seq, 1
    ticket.called_at = ticket.last_call_at = one.at
    ticket.seen, ticket.seen_at = frozenset(), None


def require_pick_allowed(ledger: Ledger, event: e.TicketCalled, one: e.Recorded, desk: Desk) -> None:
    ticket, setup = ledger.tickets.get(event.ticket, NOBODY), ledger.setup(one)
    pick, reason = setup.calling.pick, event.why.reason
    is_allowed = pick == "free" or (pick == "reason" and reason is not None)
    ledger.require(is_allowed, f"{one.seq}: {event.number} is picked for {reason} where it is {pick}")
    is_ours = tier_of(setup, desk, ticket) is not None
    ledger.require(is_ours, f"{one.seq}: {event.number} is picked by a counter that does not serve it")


def require_turn(ledger: Ledger, event: e.TicketCalled, one: e.Recorded, desk: Desk) -> None:
    """The rule has chosen, and so would we."""
    first = expected(ledger.setup(one), desk, ledger.waiting(), ledger.rounds, one.at)
    is_first = first is not None and first.ticket == event.ticket
    ledger.require(is_first, f"{one.seq}: {event.number} is called before its turn, which is that of {first}")
    if first is not None:
        said = (event.why.chosen_by, dict(event.why.round))
        told = (first.chosen_by, first.left)
        ledger.require(said == told, f"{one.seq}: {event.number} is called by {said}, not {told}")
        if first.round is not None:
            ledger.rounds[first.round] = first.left
            ledger.by_round[one.seq] = first.round


def on_recalled(ledger: Ledger, event: e.TicketRecalled, one: e.Recorded) -> None:
    ticket = ledger.ticket(event, one.seq, "called")
    ledger.require(event.call_no == ticket.call_no + 1, f"{one.seq}: call {event.call_no} after {ticket.call_no}")
    gap = timedelta(seconds=ledger.setup(one).missed.gap_s)
    is_due = ticket.last_call_at is not None and one.at - ticket.last_call_at >= gap
    ledger.require(is_due, f"{one.seq}: {ticket.number} is called again too soon")
    ticket.call_no, ticket.last_call_at = event.call_no, one.at


def on_delivered(ledger: Ledger, event: e.CallDelivered, one: e.Recorded) -> None:
    ticket = ledger.ticket(event, one.seq, "called")
    is_news = event.call_no == ticket.call_no and event.call_no not in ticket.seen
    ledger.require(is_news, f"{one.seq}: call {event.call_no} of {ticket.number} is proved at call {ticket.call_no}")
    ticket.seen, ticket.seen_at = ticket.seen | {event.call_no}, one.at
    ledger.require(event.deliveries == len(ticket.seen), f"{one.seq}: {event.deliveries} deliveries of {ticket.seen}")


def on_started(ledger: Ledger, event: e.TicketStarted, one: e.Recorded) -> None:
    ticket = ledger.ticket(event, one.seq, "called")
    if one.actor.kind == "clockwork":
        setup = ledger.setup(one)
        reached_at = ticket.last_call_at if setup.delivered_by == "voice" else ticket.seen_at
        wait_s, grace_s = setup.calling.infer_start_s, setup.classes[ticket.class_].grace_s
        is_due = reached_at and wait_s and one.at - reached_at >= timedelta(seconds=wait_s + grace_s)
        ledger.require(is_due and event.inferred, f"{one.seq}: {ticket.number} is taken to have come too soon")
    ticket.state, ticket.is_inferred = "serving", event.inferred


def on_finished(ledger: Ledger, event: e.TicketFinished, one: e.Recorded) -> None:
    ticket, _ = ledger.take(event, one, "serving")
    if event.comeback is not None:
        ledger.comebacks[event.ticket] = event.comeback
    ledger.require(
        (event.next is None) == (not ticket.planned),
        f"{one.seq}: the visit of {ticket.number} goes on with {event.next} of {ticket.planned}",
    )
    if event.next is None:
        ticket.state, ticket.counter = "done", None
        ledger.close(event.ticket, one)
    else:
        kept = (event.next.claim_at, event.next.class_) == (ticket.claim_at, ticket.class_)
        ledger.require(kept, f"{one.seq}: {ticket.number} loses its claim or class with its next turn")
        ticket.planned = ticket.planned[1:]
        begin_turn(ticket, event.next.turn, event.next.service, event.next.promise_s, event.next.to)


def begin_turn(ticket: Claim, turn: str, service: str, promise_s: int | None, to: str) -> None:
    ticket.turn, ticket.service, ticket.promise_s, ticket.to = turn, service, promise_s, to
    wait_again(ticket)


def wait_again(ticket: Claim) -> None:
    """Nothing of its calls counts any more."""
    ticket.state, ticket.counter, ticket.until, ticket.is_inferred = "waiting", None, None, False
    ticket.called_seq, ticket.call_no = 0, 0
    ticket.called_at = ticket.last_call_at = None
    ticket.seen, ticket.seen_at = frozenset(), None


def on_missed(ledger: Ledger, event: e.TicketMissed, one: e.Recorded) -> None:
    """Nobody is missed by a call that reached nobody, unless somebody answers for it by name of a reason."""
    ticket, _ = ledger.take(event, one, "called")
    setup = ledger.setup(one)
    policy, by_voice = setup.missed, setup.delivered_by == "voice"
    calls, reached_at = (ticket.call_no, ticket.last_call_at) if by_voice else (len(ticket.seen), ticket.seen_at)
    known = setup.classes.get(ticket.class_)
    grace = timedelta(seconds=policy.grace_s + (known.grace_s if known else 0))
    ledger.require(event.deliveries == calls, f"{one.seq}: missed after {event.deliveries} calls of {calls}")
    if event.override is None:
        ledger.require(
            calls >= max(1, policy.calls), f"{one.seq}: {ticket.number} is missed after {calls} delivered calls"
        )
        in_time = reached_at is not None and one.at - reached_at >= grace
        ledger.require(in_time, f"{one.seq}: {ticket.number} is missed before its time to come is over")
    else:
        ledger.require(policy.override, f"{one.seq}: {ticket.number} is missed by an override that is not allowed")
    ticket.state, ticket.counter, ticket.until, ticket.misses = "missed", None, event.expires_at, ticket.misses + 1


# --- moves --------------------------------------------------------------------------------------------------------


def on_reinstated(ledger: Ledger, event: e.TicketReinstated, one: e.Recorded) -> None:
    ticket, policy = ledger.ticket(event, one.seq, "missed"), ledger.setup(one).missed
    if one.actor.kind == "visitor":
        most = policy.returns_most + policy.requeue
        ledger.require(ticket.misses <= most, f"{one.seq}: {ticket.number} returns too often")
    ahead = sum(other.claim_at <= event.claim_at for other in ledger.waiting() if other.line == ticket.line)
    total = sum(other.line == ticket.line for other in ledger.waiting())
    least = {"head": 0, "back": min(policy.places_back, total), "tail": total}[event.place]
    is_right = ahead == 0 if event.place == "head" else ahead >= least
    ledger.require(is_right, f"{one.seq}: {ticket.number} returns to the {event.place} behind {ahead} of {total}")
    ticket.claim_at = event.claim_at
    wait_again(ticket)


def on_parked(ledger: Ledger, event: e.TicketParked, one: e.Recorded) -> None:
    ticket, _ = ledger.take(event, one, "serving")
    ticket.state, ticket.until = "parked", event.due_at


def on_unparked(ledger: Ledger, event: e.TicketUnparked, one: e.Recorded) -> None:
    ticket = ledger.ticket(event, one.seq, "parked")
    ledger.require(ticket.counter == event.counter, f"{one.seq}: {ticket.number} was parked at {ticket.counter}")
    ledger.give(ticket, event.counter, one)
    ledger.place(event.counter, one.seq).last = None
    ticket.state, ticket.until = "serving", None


def on_returned(ledger: Ledger, event: e.TicketReturned, one: e.Recorded) -> None:
    ticket = ledger.ticket(event, one.seq, "parked", "waiting")
    if event.cause == "timer":
        is_due = ticket.state == "parked" and ticket.until is not None and one.at >= ticket.until
        is_kept = (event.claim_at, event.to) == (ticket.claim_at, f"counter/{ticket.counter}")
    else:
        is_due = ticket.state == "parked" or ticket.to != ""
        is_kept = event.claim_at <= ticket.claim_at and event.to == ""
    ledger.require(is_due, f"{one.seq}: {ticket.number} returns too soon ({event.cause})")
    ledger.require(is_kept, f"{one.seq}: {ticket.number} returns to {event.to!r} from {event.claim_at}")
    ticket.claim_at, ticket.to = event.claim_at, event.to
    wait_again(ticket)


def on_transferred(ledger: Ledger, event: e.TicketTransferred, one: e.Recorded) -> None:
    if event.counter is None:
        ticket = ledger.ticket(event, one.seq, "waiting")
    else:
        ticket, _ = ledger.take(event, one, "called", "serving")
    kept = (event.claim_at, event.class_) == (ticket.claim_at, ticket.class_)
    ledger.require(kept, f"{one.seq}: {ticket.number} is sent on and loses its claim or class")
    if event.returning is not None:
        back = f"counter/{event.counter}"
        ledger.require(event.returning.to == back, f"{one.seq}: {ticket.number} comes back to {event.returning.to}")
        ticket.planned = (event.returning.turn, *ticket.planned)
        ledger.ways_back.add(event.returning.turn)
    begin_turn(ticket, event.next_turn, event.service, event.promise_s, event.to)


def on_postponed(ledger: Ledger, event: e.TicketPostponed, one: e.Recorded) -> None:
    ticket = ledger.ticket(event, one.seq, "waiting")
    ticket.postponed += 1
    if one.actor.kind == "visitor":
        most = ledger.setup(one).calling.postpone_most
        ledger.require(ticket.postponed <= most, f"{one.seq}: {ticket.number} postpones {ticket.postponed} of {most}")
    old, new = (ticket.claim_at, ticket.serial), (event.claim_at, ticket.serial)
    others = [(o.claim_at, o.serial) for o in ledger.waiting() if o.line == ticket.line and o is not ticket]
    let = sum(old < other < new for other in others)
    ledger.require(let == event.places, f"{one.seq}: {ticket.number} lets {let} others go first, not {event.places}")
    ticket.claim_at = event.claim_at


def on_reprioritised(ledger: Ledger, event: e.TicketReprioritised, one: e.Recorded) -> None:
    ticket, most = ledger.ticket(event, one.seq, "waiting"), ledger.setup(one).calling.priority_per_hour
    ledger.prioritised = [at for at in ledger.prioritised if one.at - at < HOUR] + [one.at]
    is_within = most is None or len(ledger.prioritised) <= most
    ledger.require(is_within and bool(event.reason), f"{one.seq}: {ticket.number} is the {ledger.prioritised} moved")
    ticket.class_, ticket.promise_s = event.class_, event.promise_s


def on_service_added(ledger: Ledger, event: e.ServiceAdded, one: e.Recorded) -> None:
    ticket = ledger.tickets.get(event.ticket)
    ledger.require(ticket is not None, f"{one.seq}: a service is added to {event.ticket}, which is not open")
    if ticket is not None:
        ticket.planned = (*ticket.planned, event.planned.turn)


def on_service_replaced(ledger: Ledger, event: e.ServiceReplaced, one: e.Recorded) -> None:
    """The ledger knows planned turns by id, and the service of each that is still to come when it begins."""
    ticket = ledger.tickets.get(event.ticket, NOBODY)
    ledger.require(event.planned.turn in ticket.planned, f"{one.seq}: {ticket.number} plans no {event.planned.turn}")
    is_there = event.planned.service in ledger.setup(one).services
    ledger.require(is_there, f"{one.seq}: {ticket.number} plans {event.planned.service}, which is gone")


def on_cancelled(ledger: Ledger, event: e.TicketCancelled, one: e.Recorded) -> None:
    ledger.ticket(event, one.seq, "waiting", "called", "parked", "missed")
    ledger.close(event.ticket, one)


def on_expired(ledger: Ledger, event: e.TicketExpired, one: e.Recorded) -> None:
    ticket = ledger.ticket(event, one.seq, "waiting", "called", "parked", "missed")
    is_missed = ticket.state == "missed"
    ledger.require((event.outcome == "no_show") == is_missed, f"{one.seq}: {ticket.number} ends as {event.outcome}")
    ledger.close(event.ticket, one)


# --- steps taken back ---------------------------------------------------------------------------------------------


def on_call_undone(ledger: Ledger, event: e.TicketCallUndone, one: e.Recorded) -> None:
    """The class of a call that is taken back gets its part of the round again, if a round had chosen it."""
    last = ledger.place(event.counter, one.seq).last
    ticket, place = ledger.take(event, one, "called")
    place.last = last
    name = ledger.by_round.get(ticket.called_seq)
    if name is not None:
        left = ledger.rounds[name]
        left[ticket.class_] = left.get(ticket.class_, 0) + 1
    wait_again(ticket)


def on_start_undone(ledger: Ledger, event: e.TicketStartUndone, one: e.Recorded) -> None:
    ticket = ledger.ticket(event, one.seq, "serving")
    ticket.state, ticket.is_inferred = "called", False
    ticket.called_seq = ticket.called_seq or one.seq  # called yesterday, and on the boards from here


def on_finish_undone(ledger: Ledger, event: e.TicketFinishUndone, one: e.Recorded) -> None:
    before = ledger.last_step(event, one, "TicketFinished", "TicketTransferred")
    current = ledger.tickets.pop(event.ticket, None)
    if current is None:
        known = ledger.finished.pop(event.ticket, None)
        is_closed_here = known is not None and known.turn == event.turn and event.next_turn is None
        ledger.require(is_closed_here, f"{one.seq}: {event.ticket} was closed elsewhere, and comes back")
    else:
        is_still = (current.state, current.turn) == ("waiting", event.next_turn)
        ledger.require(is_still, f"{one.seq}: {current.number} has gone on, and its finish is undone")
    numbers = {other.number for other in ledger.tickets.values()}
    ledger.require(before.number not in numbers, f"{one.seq}: number {before.number} comes back beside itself")
    ledger.closed_today.pop((before.series, before.position), None)
    ledger.comebacks.pop(event.ticket, None)
    if current is not None:
        new = (turn for turn in current.planned if turn not in (*before.planned, *ledger.ways_back))
        before = replace(before, planned=(*before.planned, *new), postponed=current.postponed, misses=current.misses)
    ticket = ledger.tickets[event.ticket] = replace(before, state=event.state)
    ledger.give(ticket, event.counter, one)


def on_miss_undone(ledger: Ledger, event: e.TicketMissUndone, one: e.Recorded) -> None:
    before = ledger.last_step(event, one, "TicketMissed")
    missed = ledger.ticket(event, one.seq, "missed" if event.call is None else "waiting")
    ledger.require(missed.misses == before.misses + 1, f"{one.seq}: {before.number} was missed once more since")
    if event.call is not None:
        said = (event.call.claim_at, event.call.call_no, event.call.deliveries, event.call.delivered_at)
        was = (before.claim_at, before.call_no, len(before.seen), before.seen_at)
        ledger.require(said == was, f"{one.seq}: {before.number} is called as {said}, and was as {was}")
    ticket = ledger.tickets[event.ticket] = replace(before, planned=missed.planned)
    ledger.give(ticket, event.counter, one)


# --- paper --------------------------------------------------------------------------------------------------------


def on_paper_requested(ledger: Ledger, event: e.PaperRequested, one: e.Recorded) -> None:
    ledger.require(event.paper not in ledger.papers, f"{one.seq}: paper {event.paper} is asked for twice")
    ledger.papers[event.paper] = "requested"
    if event.kind == "ticket":
        same = (event.ticket, event.copy) in ledger.paper_of.values()
        ledger.require(not same, f"{one.seq}: copy {event.copy} of ticket {event.ticket} is asked for twice")
        ledger.paper_of[event.paper] = (event.ticket, event.copy)


def on_paper_claimed(ledger: Ledger, event: e.PaperClaimed, one: e.Recorded) -> None:
    state = ledger.papers.get(event.paper)
    ledger.require(state == "requested", f"{one.seq}: paper {event.paper} is claimed when it is {state}")
    ledger.papers[event.paper] = "claimed"


def on_paper_reported(ledger: Ledger, event: e.PaperPrinted | e.PaperUncertain, one: e.Recorded) -> None:
    state = ledger.papers.get(event.paper)
    ledger.require(state == "claimed", f"{one.seq}: paper {event.paper} is reported when it is {state}")
    ledger.papers[event.paper] = "printed" if isinstance(event, e.PaperPrinted) else "uncertain"


def on_paper_failed(ledger: Ledger, event: e.PaperFailed, one: e.Recorded) -> None:
    state = ledger.papers.get(event.paper)
    ledger.require(state in ("requested", "claimed"), f"{one.seq}: paper {event.paper} fails when it is {state}")
    ledger.papers[event.paper] = "failed"


READERS: dict[type, Callable[[Ledger, Any, e.Recorded], None]] = {
    e.SetupPublished: on_setup,
    e.DayOpened: on_day_opened,
    e.DayClosed: on_day_closed,
    e.DoorCounted: on_door,
    e.VisitDiverted: on_diverted,
    e.CounterOpened: on_counter_opened,
    e.CounterPaused: on_paused,
    e.CounterResumed: on_resumed,
    e.CounterClosed: on_counter_closed,
    e.HelpRequested: on_help,
    e.HelpTaken: on_help_taken,
    e.HelpSolved: on_help_solved,
    e.TicketIssued: on_issued,
    e.TicketCalled: on_called,
    e.TicketRecalled: on_recalled,
    e.CallDelivered: on_delivered,
    e.TicketStarted: on_started,
    e.TicketFinished: on_finished,
    e.TicketMissed: on_missed,
    e.TicketReinstated: on_reinstated,
    e.TicketParked: on_parked,
    e.TicketUnparked: on_unparked,
    e.TicketReturned: on_returned,
    e.TicketTransferred: on_transferred,
    e.TicketPostponed: on_postponed,
    e.TicketReprioritised: on_reprioritised,
    e.ServiceAdded: on_service_added,
    e.ServiceReplaced: on_service_replaced,
    e.TicketCancelled: on_cancelled,
    e.TicketExpired: on_expired,
    e.TicketCallUndone: on_call_undone,
    e.TicketStartUndone: on_start_undone,
    e.TicketFinishUndone: on_finish_undone,
    e.TicketMissUndone: on_miss_undone,
    e.PaperRequested: on_paper_requested,
    e.PaperClaimed: on_paper_claimed,
    e.PaperPrinted: on_paper_reported,
    e.PaperUncertain: on_paper_reported,
    e.PaperFailed: on_paper_failed,
}
