"""What screens truly showed, beside what the hall was told of it: nobody is missed unseen, nothing shown is denied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hall.day import commands as c
from hall.day import events as e
from hall.log.codec import as_text

if TYPE_CHECKING:
    from tests.sim.world import World

Seen = tuple[str, int, int]  # hall, seq of the call, number of the call


@dataclass
class Witness:
    """`shown` and `sounded` are what happened in the lobby, `told` what the server has heard of it in full."""

    world: World
    shown: set[Seen] = field(default_factory=set)
    sounded: set[Seen] = field(default_factory=set)
    looked_at: set[tuple[str, str, str, int]] = field(default_factory=set)
    told_sounded: set[Seen] = field(default_factory=set)
    told: set[Seen] = field(default_factory=set)

    def forget(self) -> None:
        """The server has died: what it had only heard is gone."""
        self.told_sounded.clear()
        self.told.clear()

    def doubt(self) -> None:
        """A commit has failed: a proof that was on its way may be lost, until the screen says it again."""
        self.told.clear()

    def take(self, shown: dict[Seen, bool], sounded: set[Seen]) -> None:
        """A report has been heard to its end. `shown` tells of each call whether it is to be heard too."""
        self.told_sounded |= sounded
        self.believe({seen for seen, speaks in shown.items() if not speaks or seen in self.told_sounded})

    def believe(self, told: set[Seen]) -> None:
        """The server knows of these calls, as far as their visitors are still awaited."""
        self.told |= {seen for seen in told if self.is_awaited(seen)}

    def is_awaited(self, seen: Seen) -> bool:
        hall, seq, call_no = seen
        claims = self.world.ledgers[hall].tickets.values()
        return any((one.called_seq, one.call_no, one.state) == (seq, call_no, "called") for one in claims)

    def drop(self, one: e.Recorded) -> None:
        """What is told of a call counts until its visitor has come or missed it.

        Should they not have, screens show it again, and where the area speaks the clerk calls again.
        """
        if isinstance(one.event, e.TicketStarted | e.TicketMissed):
            claim = self.world.ledgers[one.hall].tickets[one.event.ticket]
            self.told.discard((one.hall, claim.called_seq, claim.call_no))

    def faults(self, one: e.Recorded) -> list[str]:
        """What is wrong about a proof: nobody had seen this very call."""
        if not isinstance(one.event, e.CallDelivered):
            return []
        event = one.event
        claim = self.world.ledgers[one.hall].tickets.get(event.ticket)
        if claim is None:
            return []
        if event.via == "phone":
            assert claim.called_at is not None
            called_at = as_text(claim.called_at)
            if (one.hall, event.ticket, called_at, event.call_no) in self.looked_at:
                return []
            return [f"{one.seq}: call {event.call_no} of {claim.number} was not looked at on a phone"]
        seen = (one.hall, claim.called_seq, event.call_no)
        setup = self.world.setups[one.hall][one.setup_version]
        plan = setup.counters.get(event.counter)
        area = setup.areas.get(plan.area if plan else "")
        found = [] if seen in self.shown else [f"{one.seq}: call {event.call_no} of {claim.number} was never shown"]
        if area is not None and area.speaks and seen not in self.sounded:
            found.append(f"{one.seq}: call {event.call_no} of {claim.number} was never spoken")
        return found

    # --- no-shows that are refused ---------------------------------------------------------------------------------

    def awaited(self, hall: str, command: c.Command) -> Seen | None:
        """The newest call at the counter of a no-show, when screens have shown it and the server has heard so."""
        assert self.world.process is not None
        if not isinstance(command, c.NoShow):
            return None
        day = self.world.process.hall(hall).pending
        counter = day.counters.get(command.counter)
        if counter is None or counter.ticket is None:
            return None
        turn = day.tickets[counter.ticket].turn
        seen = (hall, turn.called_seq, turn.call_no)
        return seen if seen in self.told else None

    def require_no_denial(self, hall: str, command: c.Command, before: Seen | None, code: str) -> None:
        """A call that was shown and told of is not denied."""
        if before is not None and code == "call_not_delivered" and self.awaited(hall, command) == before:
            self.world.fail(f"{hall}: {command} was refused, and its call {before[1:]} was shown and reported")


@dataclass
class Place:
    """Where a phone's owner stands in line, as the phone says. It never gets worse without a reason."""

    world: World
    hall: str
    ticket: str
    last: dict[str, Any] | None = None
    seq: int = 0

    def look_at(self, records: dict[str, Any], seq: int | None) -> None:
        if "ticket" in records and seq is not None:
            self.look(records["ticket"], seq)

    def look(self, record: dict[str, Any], seq: int) -> None:
        last, self.last = self.last, record
        since, self.seq = self.seq, seq
        if last is None or (last["state"], record["state"]) != ("waiting", "waiting"):
            return
        claim = self.world.ledgers[self.hall].tickets.get(self.ticket)
        is_own_move = claim is None or claim.touched_seq > since
        is_guess = not last["counters_open"]  # counted as if all counters were open as planned, and the page says so
        if record["ahead"] <= last["ahead"] or is_own_move or is_guess:
            return
        reasons = ("overtaken_by", "round_used", "counter_change", "rules_changed")
        named = next((reason for reason in reasons if record[reason]), None)
        if named is not None:
            self.world.count["places lost with a reason"] += 1
            self.world.count[f"places lost, {named}"] += 1
        else:
            said = f"{last['ahead']} to {record['ahead']} ahead of {record['number']} from {since} to {seq}"
            self.world.fail(f"{self.hall}: {said}, and no reason is named")
