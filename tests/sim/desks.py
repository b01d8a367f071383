"""Who works at counters: clerks who press what their desk shows, and two who press at the same instant."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from hall.day import commands as c
from hall.day import events as e
from hall.day.refusals import Refusal
from hall.day.state import Counter
from hall.live.runner import Done, Told
from tests.sim.people import Person
from tests.sim.screens import Screen

if TYPE_CHECKING:
    from tests.sim.world import World

HELP: tuple[e.HelpKind, ...] = ("authorise", "dispute", "device", "security")
NOTE = Told(note="brings the plan tomorrow")
LATE_S = 20.0
WITH_WHO_IS_THERE = (e.TicketRecalled, e.TicketStarted, e.TicketFinished, e.TicketMissed, e.TicketParked)


class Clerk(Person):
    """Works at one counter by what its desk shows, which may be old."""

    door: e.Door = "desk"

    def __init__(self, world: World, hall: str, counter: str, logins: list[str], every_s: float, desk: Screen) -> None:
        super().__init__(world, hall, f"clerk-{hall}-{counter}", every_s)
        self.counter, self.logins, self.desk = counter, logins, desk
        self.actor = e.Actor("staff", logins[0] if logins else "")

    async def act(self) -> None:
        command = self.wish()
        told = NOTE if isinstance(command, c.TransferVisitor) and command.has_note else None
        if isinstance(command, c.VisitorVerb) and self.lots.random() < 0.6:
            await self.press_for(self.visitor(), command, told)
            return
        if self.lots.random() < 0.15:
            await self.try_once(command)
        else:
            await self.insist(command, told)

    def visitor(self) -> str:
        """Whom the desk shows at the counter, empty for nobody."""
        return str((self.desk.state.get("current") or {}).get("ticket", ""))

    async def press_for(self, visitor: str, verb: c.VisitorVerb, told: Told | None) -> None:
        """A verb that names whom it means; whatever it did with somebody who stood there, it did with them."""
        done = await self.insist(c.ForVisitor(visitor, verb), told)
        events = [one.event for one in done.recorded] if done is not None else []
        others = [event for event in events if isinstance(event, WITH_WHO_IS_THERE) and event.ticket != visitor]
        if others:
            self.world.fail(f"{self.name} meant {visitor or 'nobody'} with {verb}, which did {others}")

    def wish(self) -> c.Command:
        counter, current = self.desk.state.get("counter", {}), self.desk.state.get("current")
        if counter.get("state", "closed") == "closed":
            return c.OpenCounter(self.counter, self.lots.choice([None, *self.logins]), self.services())
        if self.lots.random() < 0.03:
            return self.lots.choice((c.CallNext(self.counter), c.Start(self.counter), c.Undo(self.counter)))
        if counter["state"] == "paused":
            return c.ResumeCounter(self.counter) if self.lots.random() < 0.8 else c.CloseCounter(self.counter)
        if current is None:
            return self.when_free()
        return self.when_called() if current["state"] == "called" else self.when_serving(current["ticket"])

    def services(self) -> tuple[str, ...] | None:
        leaves = self.leaves()
        return None if self.lots.random() < 0.7 else tuple(self.lots.sample(leaves, self.lots.randint(1, len(leaves))))

    def one_of(self, *weighted: tuple[c.Command, int]) -> c.Command:
        return self.lots.choices([one for one, _ in weighted], [weight for _, weight in weighted])[0]

    def some(self, kind: str) -> str:
        """A ticket of this kind that the desk shows; `none` without any."""
        shown = [key.partition(":")[2] for key in self.desk.state if key.startswith(f"{kind}:")]
        return self.lots.choice(shown or ["none"])

    def reason(self) -> str | None:
        """Mostly one that the hall knows."""
        return self.lots.choice(("urgent", "urgent", "urgent", "whim", None))

    def when_free(self) -> c.Command:
        here = self.counter
        has_parked = any(key.startswith("parked:") for key in self.desk.state)
        return self.one_of(
            (c.CallNext(here), 60),
            (c.CallTicket(here, self.some("waiting"), self.reason()), 10),
            (c.Unpark(here, self.lots.choice((None, self.some("parked")))), 25 if has_parked else 1),
            (c.ServeWalkIn(here, self.lots.choice(self.leaves())), 4),
            (c.ReinstateTicket(self.some("missed"), self.lots.choice((None, "head", "back", "tail"))), 6),
            (c.Undo(here), 12),
            (c.PauseCounter(here, "tea"), 3),
            (c.CloseCounter(here), 3),
        )

    def when_called(self) -> c.Command:
        here = self.counter
        return self.one_of(
            (c.Start(here), 36),
            (c.Recall(here), 14),
            (c.NoShow(here), 20),
            (c.NoShow(here, self.lots.choice(("left", "left", "whim"))), 4),
            (c.Undo(here), 8),
            (c.Finish(here), 5),
            (c.CallNext(here, finish=True), 6),
            (c.CallTicket(here, self.some("waiting"), self.reason(), finish=True), 3),
            (self.transfer(), 4),
        )

    def when_serving(self, ticket: str) -> c.Command:
        here = self.counter
        open_end = c.Finish(here, "not_completed", reason="papers_missing", credit=True)
        return self.one_of(
            (c.Finish(here, "served", (("form", 1),)), 22),
            (open_end, 8),
            (c.CallNext(here, finish=True, outcome="not_completed"), 25),
            (c.Park(here, "form", self.lots.choice((None, 0, 1, 3))), 14),
            (self.transfer(), 12),
            (c.AddService(ticket, self.lots.choice(self.leaves())), 5),
            (c.RequestHelp(here, self.lots.choice(HELP)), 5),
            (c.NoShow(here), 3),
            (c.Undo(here), 10),
            (c.PauseCounter(here, "tea"), 4),
            (c.CallNext(here), 4),
        )

    def transfer(self) -> c.Command:
        """To a service, a counter or a clerk, perhaps with a note and perhaps to come back."""
        others = [one["id"] for one in self.desk.state.get("elsewhere", {}).get("counters", ())]
        wanted: dict[str, Any] = self.lots.choice(
            [
                {"service": self.lots.choice(self.leaves())},
                {"to_counter": self.lots.choice(others or [self.counter])},
                {"staff": self.lots.choice(sorted(self.world.newest(self.hall).staff))},
                {"service": self.lots.choice(self.leaves()), "to_counter": self.lots.choice(others or [self.counter])},
            ]
        )
        returns, has_note = self.lots.random() < 0.4, self.lots.random() < 0.5
        return c.TransferVisitor(self.counter, **wanted, returns=returns, has_note=has_note)


class Rivals(Person):
    """Two clerks who want the same visitor in the same instant: one gets them, the other another one or a clear no."""

    CLEAR: ClassVar[frozenset[str]] = frozenset(
        (
            "ticket_already_called",
            "ticket_not_waiting",
            "ticket_unknown",
            "service_elsewhere",
            "service_unknown",
            "pick_not_allowed",
            "reason_missing",
            "reason_unknown",
            "counter_paused",
            "counter_closed",
            "counter_busy",
            "transfer_nowhere",
            "nobody_behind",
            "postponements_spent",
            "storage_unavailable",
        )
    )

    async def act(self) -> None:
        process = self.world.process
        if process is None or not process.is_up:
            return
        day = process.hall(self.hall).pending
        desks = [one for one in day.counters.values() if one.mode == "open"]
        waiting = [one.id for one in day.tickets.values() if one.turn.state == "waiting"]
        if len(desks) < 2 or not waiting:
            return
        one, other = self.lots.sample(desks, 2)
        ticket = self.lots.choice(waiting)
        wishes = (self.call(one, ticket), self.lots.choice((self.call(other, ticket), self.take_away(ticket))))
        both = [process.ask(self.hall, wish, self.actor, "desk") for wish in wishes]
        await asyncio.wait(both, timeout=LATE_S)
        self.world.count["rivals"] += 1
        self.judge(ticket, [task for task in both if task.done() and not task.cancelled()])

    def call(self, desk: Counter, ticket: str) -> c.Command:
        finish = desk.ticket is not None
        picked, following = c.CallTicket(desk.id, ticket, "urgent", finish), c.CallNext(desk.id, finish)
        return self.lots.choice((picked, following))

    def take_away(self, ticket: str) -> c.Command:
        elsewhere = c.TransferTicket(ticket, self.lots.choice(self.leaves()))
        return self.lots.choice((elsewhere, c.CancelTicket(ticket), c.PostponeTicket(ticket)))

    def judge(self, ticket: str, answers: list[asyncio.Task[Done]]) -> None:
        calls = 0
        for answer in answers:
            error = answer.exception()
            if isinstance(error, Refusal):
                self.world.refused(error)
                if error.code not in self.CLEAR:
                    self.world.fail(f"{self.hall}: of two rivals one was refused with {error.code}")
            elif error is None:
                events = [one.event for one in answer.result().recorded]
                calls += sum(isinstance(event, e.TicketCalled) and event.ticket == ticket for event in events)
        if calls > 1:
            self.world.fail(f"{self.hall}: two rivals called {ticket} in the same instant")
