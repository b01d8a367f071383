"""Who uses a hall: kiosks that tap twice, clerks, phones, a manager, and somebody who asks for impossible things."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from hall.day import commands as c
from hall.day import events as e
from hall.day.refusals import Refusal, StorageUnavailable
from hall.live.business import business_date
from hall.live.runner import Done, Key, Told
from tests.sim.loop import pause
from tests.sim.process import Lost, ask
from tests.sim.screens import Screen
from tests.sim.setups import next_version

if TYPE_CHECKING:
    from tests.sim.world import World


class Person:
    """Somebody at one hall who does one thing after another while it is busy."""

    door: e.Door = "api"

    def __init__(self, world: World, hall: str, name: str, every_s: float) -> None:
        self.world, self.hall, self.name, self.every_s = world, hall, name, every_s
        self.lots: Random = world.fork()
        self.keys: Iterator[int] = count(1)
        self.actor = e.Actor("device", name)

    async def live(self) -> None:
        while True:
            await pause(self.lots.expovariate(1 / self.every_s))
            await self.world.busy.wait()
            self.world.at_work += 1
            try:
                await self.act()
            finally:
                self.world.at_work -= 1

    async def act(self) -> None:
        raise NotImplementedError

    def new_key(self, command: c.Command) -> Key:
        body_hash = sha256(repr(command).encode()).hexdigest()
        return Key(self.name, f"{self.name}-{next(self.keys)}", body_hash)

    async def ask(self, command: c.Command, key: Key | None = None, told: Told | None = None) -> Done:
        asked = ask(self.world, self.lots, self.hall, command, actor=self.actor, door=self.door, key=key, told=told)
        return await asked

    async def insist(self, command: c.Command, told: Told | None = None) -> Done | None:
        """Ask with one key until there is an answer, tapping twice now and then; None when it is refused."""
        key = self.new_key(command)
        while True:
            try:
                if self.lots.random() < self.world.temper.double_taps:
                    return await self.ask_twice(command, key, told)
                return await self.ask(command, key, told)
            except (Lost, StorageUnavailable):
                await pause(self.lots.uniform(0.1, 1.5))
            except Refusal as refusal:
                self.world.refused(refusal)
                return None

    async def ask_twice(self, command: c.Command, key: Key, told: Told | None) -> Done:
        """Two taps at nearly the same time. Who got an answer need not insist."""
        self.world.count["double taps"] += 1
        answers = await asyncio.gather(
            self.ask(command, key, told), self.ask(command, key, told), return_exceptions=True
        )
        done = [answer for answer in answers if isinstance(answer, Done)]
        told_twice = [answer.recorded for answer in done if answer.recorded]
        if len(told_twice) == 2 and told_twice[0] != told_twice[1]:
            self.world.fail(f"{self.name} tapped twice and got two answers to {key.key}")
        for answer in answers:
            if isinstance(answer, BaseException) and not done:
                raise answer
        return done[0]

    async def try_once(self, command: c.Command) -> Done | None:
        """Ask without a key and take what comes."""
        try:
            return await self.ask(command)
        except Lost:
            return None
        except Refusal as refusal:
            self.world.refused(refusal)
            return None


class Kiosk(Person):
    """Gives numbers. Whoever took one may follow it on the phone."""

    door: e.Door = "kiosk"

    async def act(self) -> None:
        setup = self.world.newest(self.hall)
        wanted = c.IssueTicket(
            self.lots.choice([service for service in setup.services if not setup.is_heading(service)]),
            self.lots.choice([None, *setup.classes]),
            self.lots.choice([None, *setup.languages, "en-GB"]),
            "kiosk",
        )
        told = Told(name="Zhang San", phone="13800138000") if self.lots.random() < 0.1 else None
        done = await self.insist(wanted, told)
        if done is None:
            return
        issued = done.recorded[0].event
        assert isinstance(issued, e.TicketIssued)
        if self.lots.random() < self.world.temper.phones:
            self.world.add_phone(self.hall, issued.ticket)


class Greeter(Person):
    """Gives numbers without a device or key, and prints a ticket again."""

    door: e.Door = "greeter"

    async def act(self) -> None:
        setup = self.world.newest(self.hall)
        tickets = self.world.open_tickets(self.hall)
        if tickets and self.lots.random() < 0.3:
            printer = self.lots.choice([None, *setup.devices])
            await self.try_once(c.ReprintTicket(self.lots.choice(tickets), printer))
        else:
            await self.try_once(c.IssueTicket(self.lots.choice([*setup.services])))


class Phone(Person):
    """A visitor who follows the ticket, and perhaps gives it up."""

    door: e.Door = "phone"

    def __init__(self, world: World, hall: str, ticket: str, screen: Screen) -> None:
        super().__init__(world, hall, f"phone-{ticket}", 8.0)
        self.actor = e.Actor("visitor", "")
        self.ticket, self.screen = ticket, screen

    async def act(self) -> None:
        seen = self.screen.state.get("ticket")
        if seen is not None and seen["state"] in ("waiting", "called", "missed") and self.lots.random() < 0.5:
            await self.insist(c.CancelTicket(self.ticket, by_visitor=True))


class Clerk(Person):
    """Works at one counter by what its desk shows, which may be old."""

    door: e.Door = "desk"

    def __init__(self, world: World, hall: str, counter: str, logins: list[str], every_s: float, desk: Screen) -> None:
        super().__init__(world, hall, f"clerk-{hall}-{counter}", every_s)
        self.counter, self.logins, self.desk = counter, logins, desk
        self.actor = e.Actor("staff", logins[0] if logins else "")

    async def act(self) -> None:
        command = self.wish()
        if self.lots.random() < 0.15:
            await self.try_once(command)
        else:
            await self.insist(command)

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
        return self.when_called() if current["state"] == "called" else self.when_serving()

    def services(self) -> tuple[str, ...] | None:
        setup = self.world.newest(self.hall)
        leaves = [service for service in setup.services if not setup.is_heading(service)]
        return None if self.lots.random() < 0.7 else tuple(self.lots.sample(leaves, self.lots.randint(1, len(leaves))))

    def one_of(self, *weighted: tuple[c.Command, int]) -> c.Command:
        return self.lots.choices([one for one, _ in weighted], [weight for _, weight in weighted])[0]

    def when_free(self) -> c.Command:
        here = self.counter
        return self.one_of(
            (c.CallNext(here), 80), (c.Undo(here), 12), (c.PauseCounter(here, "tea"), 4), (c.CloseCounter(here), 4)
        )

    def when_called(self) -> c.Command:
        here = self.counter
        return self.one_of(
            (c.Start(here), 45),
            (c.Recall(here), 15),
            (c.NoShow(here), 12),
            (c.Undo(here), 8),
            (c.Finish(here), 10),
            (c.CallNext(here, finish=True), 10),
        )

    def when_serving(self) -> c.Command:
        here = self.counter
        return self.one_of(
            (c.Finish(here, "served", (("form", 1),)), 40),
            (c.CallNext(here, finish=True, outcome="not_completed"), 40),
            (c.Undo(here), 10),
            (c.PauseCounter(here), 5),
            (c.CallNext(here), 5),
        )


class Manager(Person):
    """Cancels tickets and publishes new versions of the set-up."""

    door: e.Door = "manager"

    async def act(self) -> None:
        tickets = self.world.open_tickets(self.hall)
        if tickets and self.lots.random() < 0.7:
            await self.insist(c.CancelTicket(self.lots.choice(tickets)))
        elif self.lots.random() < self.world.temper.set_ups:
            setup = next_version(self.world.newest(self.hall), self.lots)
            self.world.setups[self.hall][setup.version] = setup
            await self.insist(c.PublishSetup(setup))


class Wrongdoer(Person):
    """Asks for what cannot be. Each time there must be the right refusal, and nothing else."""

    async def act(self) -> None:
        process = self.world.process
        if process is None or not process.is_up:
            return
        hall = process.hall(self.hall)
        if business_date(hall.setup, process.runner.clock.now()) != hall.pending.date:
            return  # the day turns with the next command, and then more is possible
        command, codes = self.nonsense()
        before = hall.pending.seq
        try:
            await process.runner.submit(self.lots.choice([self.hall] * 9 + ["nowhere"]), command, actor=WRONG)
        except Refusal as refusal:
            self.world.refused(refusal)
            if refusal.code not in {*codes, "hall_unknown", "storage_unavailable"}:
                self.world.fail(f"{command} was refused with {refusal.code}, not {codes}")
            if hall.pending.seq != before:
                self.world.fail(f"{command} was refused and changed the day")
        else:
            self.world.fail(f"{command} was carried out")

    def nonsense(self) -> tuple[c.Command, tuple[str, ...]]:
        """A command and the codes it may be refused with; looked at and asked without a pause in between."""
        assert self.world.process is not None
        day = self.world.process.hall(self.hall).pending
        setup = self.world.process.hall(self.hall).setup
        found: list[tuple[c.Command, tuple[str, ...]]] = [
            (c.CallNext("nowhere"), ("counter_unknown",)),
            (c.OpenCounter("nowhere"), ("counter_unknown",)),
            (c.IssueTicket("nothing"), ("service_unknown",)),
            (c.IssueTicket(next(iter(setup.services)), "nobody"), ("class_unknown",)),
            (c.CancelTicket("none"), ("ticket_unknown",)),
            (c.ReprintTicket("none"), ("ticket_unknown",)),
            (c.ClaimPaper("none"), ("paper_unknown",)),
            (c.ReportPaper("none", "printed"), ("paper_unknown",)),
            (c.ReportPrinter("nothing", "ready"), ("printer_unknown",)),
        ]
        found += [(c.IssueTicket(s), ("service_is_heading",)) for s in setup.services if setup.is_heading(s)]
        found += [(c.Start(id), ("counter_closed",)) for id in setup.counters if id not in day.counters]
        for counter in day.counters.values():
            found.append((c.OpenCounter(counter.id), ("counter_open", "counter_unknown")))
            if counter.ticket is not None:
                found.append((c.CallNext(counter.id), ("counter_busy",)))
                found.append((c.CloseCounter(counter.id), ("counter_busy",)))
            else:
                found.append((c.Finish(counter.id), ("counter_idle",)))
        for paper in day.papers.values():
            if paper.state == "claimed":
                found += [(c.ClaimPaper(paper.id), ("paper_claimed",))] * 25
            else:
                found.append((c.ReportPaper(paper.id, "printed"), ("paper_not_claimed",)))
        closed = self.world.some_closed_ticket(self.hall, self.lots)
        if closed is not None and closed not in day.tickets:
            found.append((c.CancelTicket(closed), ("ticket_unknown", "ticket_closed")))
        return self.lots.choice(found)


WRONG = e.Actor("api", "wrongdoer")


class KeyThief(Person):
    """Uses a key a second time for something else."""

    async def act(self) -> None:
        setup = self.world.newest(self.hall)
        first = c.IssueTicket(next(service for service in setup.services if not setup.is_heading(service)))
        key = self.new_key(first)
        try:
            done = await self.ask(first, key)
            await self.ask(first, Key(key.principal, key.key, "another body"))
        except Lost:
            return
        except Refusal as refusal:
            self.world.refused(refusal)
            return
        self.world.fail(f"key {key.key} of {done.recorded} was taken again for another body")
