"""Who is in the lobby: a greeter, visitors with their phones, and the displays that show and speak the calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hall.day import commands as c
from hall.day import events as e
from hall.log.codec import as_text
from tests.sim.delivery import Seen
from tests.sim.loop import pause
from tests.sim.people import Person
from tests.sim.screens import Screen

if TYPE_CHECKING:
    from tests.sim.world import World

DIVERSIONS: tuple[e.Diversion, ...] = ("self_service", "app", "other_hall", "papers_missing")
MOODS = ("well",) * 6 + ("hidden", "muted", "off", "frozen")
NONSENSE: tuple[dict[str, Any], ...] = (
    {"shown": "all"},
    {"seq": -1, "shown": [1, 2, 3]},
    {"seq": True, "shown": [None, {}, 1.5], "sounding": 7},
    {"seq": 2**60, "shown": []},
)


class Greeter(Person):
    """Gives numbers without a device or key, and does for visitors what they cannot do themselves."""

    door: e.Door = "greeter"

    async def act(self) -> None:
        await self.try_once(self.wish())

    def wish(self) -> c.Command:
        setup, ledger = self.world.newest(self.hall), self.world.ledgers[self.hall]
        ticket = self.lots.choice(self.world.open_tickets(self.hall) or ["none"])
        missed = [id for id, one in ledger.tickets.items() if one.state == "missed"]
        help = self.lots.choice([*ledger.helps] or ["none"])
        classes = self.lots.choice(sorted(setup.classes))
        count = self.lots.choice((1, 1, -1))  # some were counted by mistake
        wishes: list[tuple[c.Command, int]] = [
            (c.IssueTicket(self.lots.choice([*setup.services])), 30),
            (c.ReprintTicket(ticket, self.lots.choice([None, *setup.devices])), 12),
            (c.ReprioritiseTicket(ticket, classes, "cannot stand"), 14),
            (c.ReinstateTicket(self.lots.choice(missed or [ticket])), 10),
            (c.TakeHelp(help, "ann"), 6),
            (c.SolveHelp(help), 4),
            (c.DivertVisit(self.lots.choice(DIVERSIONS), self.lots.choice([None, *setup.services]), count), 5),
            (c.CountDoor(count * self.lots.randint(1, 3)), 5),
            (c.TransferTicket(ticket, self.lots.choice(self.leaves()), returns=True, has_note=True), 6),
            (c.TransferTicket(ticket, counter=self.lots.choice(sorted(setup.counters))), 4),
            (c.PostponeTicket(ticket, self.lots.randint(1, 3)), 5),
            (c.AddService(ticket, self.lots.choice(self.leaves())), 4),
        ]
        return self.lots.choices([one for one, _ in wishes], [weight for _, weight in wishes])[0]


class Phone(Person):
    """A visitor who follows the ticket: proves a call by looking, lets others go first, comes back, or gives it up."""

    door: e.Door = "phone"

    def __init__(self, world: World, hall: str, ticket: str, screen: Screen) -> None:
        super().__init__(world, hall, f"phone-{ticket}", 2.5)
        self.actor = e.Actor("visitor", ticket)
        self.ticket, self.screen = ticket, screen

    async def act(self) -> None:
        seen = self.screen.state.get("ticket")
        if seen is None:
            return
        if self.lots.random() < 0.5:
            await self.report(seen)
        wishes: dict[str, list[c.Command]] = {
            "waiting": [
                c.CancelTicket(self.ticket, by_visitor=True),
                c.PostponeTicket(self.ticket, self.lots.randint(1, 2), by_visitor=True),
                c.PostponeTicket(self.ticket, by_visitor=True),
            ],
            "called": [c.CancelTicket(self.ticket, by_visitor=True)],
            "missed": [c.ReinstateTicket(self.ticket, by_visitor=True)],
        }
        if seen["state"] in wishes and self.lots.random() < (0.7 if seen["state"] == "missed" else 0.15):
            await self.insist(self.lots.choice(wishes[seen["state"]]))

    async def report(self, seen: dict[str, Any]) -> None:
        """The page is being looked at, and says so."""
        world, said = self.world, {"seq": self.screen.seq, "shown": [self.screen.seq]}
        process, is_connected = world.process, self.screen.is_connected
        call: Seen | None = None
        if seen["state"] in ("called", "serving"):  # either page names the counter
            world.witness.looked_at.add((self.hall, self.ticket, seen["called_at"], seen["call_no"]))
            claim = world.ledgers[self.hall].tickets.get(self.ticket)
            if claim is not None and claim.called_seq and claim.called_at is not None:
                is_this = as_text(claim.called_at) == seen["called_at"]
                call = (self.hall, claim.called_seq, seen["call_no"]) if is_this else None
        await pause(self.lots.expovariate(50))
        if process is None or not process.is_up or not is_connected:
            return
        heard = process.receipts.hear_phone(process.hall(self.hall), self.ticket, said)
        process.hear(heard, lambda: world.witness.believe(set() if call is None else {call}))


class Display(Person):
    """A screen on the wall: shows calls, speaks them where its area speaks, and reports both; or is out of order."""

    door: e.Door = "display"

    def __init__(self, world: World, hall: str, device: str, area: str | None, screen: Screen) -> None:
        super().__init__(world, hall, f"display-{hall}-{device}", 0.8)
        self.device, self.area, self.screen = device, area, screen
        self.mood = "well"
        self.spoken: set[Seen] = set()
        self.frozen: tuple[int | None, dict[Seen, bool]] = (None, {})

    async def act(self) -> None:
        if self.lots.random() < 0.06:
            self.mood = self.lots.choice(MOODS)
            self.frozen = (self.screen.seq, self.calls())
            self.world.count[f"displays {self.mood}"] += 1
        if self.mood != "off":
            await self.report()

    def calls(self) -> dict[Seen, bool]:
        """The calls that are shown, and whether each is to be heard."""
        state = self.screen.state
        return {
            (self.hall, int(key[5:]), call["call_no"]): state[f"area:{call['area']}"]["speaks"]
            for key, call in state.items()
            if key.startswith("call:") and call["state"] == "called"
        }

    async def report(self) -> None:
        """Say what is shown, and what has begun to sound since the last time. A frozen picture repeats itself."""
        is_frozen = self.mood == "frozen"
        seq, shown = self.frozen if is_frozen else (self.screen.seq, self.calls())
        shown = {} if self.mood == "hidden" else shown
        sounding = {one for one, speaks in shown.items() if speaks and one not in self.spoken}
        if self.mood == "muted":
            sounding = set()
        self.spoken |= sounding
        self.world.witness.shown |= set(shown)
        self.world.witness.sounded |= sounding
        said: dict[str, Any] = {
            "seq": seq,
            "shown": [one[1] for one in shown],
            "sounding": [one[1] for one in sounding],
            "audio": "off" if self.mood == "muted" else "running",
            "frame_ms": 16,
        }
        if self.lots.random() < 0.02:
            said, shown, sounding = self.lots.choice(NONSENSE), {}, set()
        process, is_connected = self.world.process, self.screen.is_connected
        await pause(self.lots.expovariate(50))
        if process is None or not process.is_up or not is_connected:
            return
        heard = process.receipts.hear_display(process.hall(self.hall), self.device, self.area, said)
        told = ({}, set()) if is_frozen else (shown, sounding)  # only a picture that is the newest proves anything
        process.hear(heard, lambda: self.world.witness.take(*told))
