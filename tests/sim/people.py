"""Who uses a hall: kiosks that tap twice, a manager, and those who ask for impossible things.

Clerks are in `desks`, greeters, phones and displays in `lobby`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from hall.day import commands as c
from hall.day import events as e
from hall.day.refusals import Refusal, StorageUnavailable
from hall.day.state import Ticket
from hall.live.business import business_date
from hall.live.runner import Done, Key, Told
from hall.log.codec import as_instant
from tests.sim.loop import pause
from tests.sim.process import Lost, ask
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

    def leaves(self) -> list[str]:
        setup = self.world.newest(self.hall)
        return setup.leaves()

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
            self.lots.choice(self.leaves()),
            self.lots.choice([None, *setup.classes]),
            self.lots.choice([None, *setup.languages, "en-GB"]),
            "kiosk",
            services=self.later_services() if self.lots.random() < 0.25 else (),
            comeback=self.credit() if self.lots.random() < 0.3 else None,
        )
        told = Told(name="Zhang San", phone="13800138000") if self.lots.random() < 0.1 else None
        done = await self.insist(wanted, told)
        if done is None:
            return
        issued = done.recorded[0].event
        assert isinstance(issued, e.TicketIssued)
        if self.lots.random() < self.world.temper.phones:
            self.world.add_phone(self.hall, issued.ticket)

    def later_services(self) -> tuple[str, ...]:
        leaves = self.leaves()
        return tuple(self.lots.sample(leaves, self.lots.randint(1, min(2, len(leaves)))))

    def credit(self) -> str | None:
        return self.lots.choice([None, "none", *self.world.ledgers[self.hall].comebacks])


class Manager(Person):
    """Cancels tickets, corrects times and publishes new versions of the set-up."""

    door: e.Door = "manager"

    async def act(self) -> None:
        tickets = self.world.open_tickets(self.hall)
        drawn = self.lots.random()
        if drawn < 0.1:
            await self.correct_time()
        elif tickets and drawn < 0.5:
            await self.insist(c.CancelTicket(self.lots.choice(tickets)))
        elif self.lots.random() < self.world.temper.set_ups:
            await self.publish()

    async def publish(self) -> None:
        """A new version; whose service goes is sent to another one, or forgotten about and refused."""
        old = self.world.newest(self.hall)
        setup = next_version(old, self.lots)
        self.world.setups[self.hall][setup.version] = setup
        left = setup.leaves()
        gone = [service for service in old.services if service not in setup.services]
        moves = tuple((service, self.lots.choice(left)) for service in gone) if self.lots.random() < 0.7 else ()
        await self.insist(c.PublishSetup(setup, moves))

    async def correct_time(self) -> None:
        rows = self.world.log.tables["turn"].values()
        served = [row for row in rows if row["hall"] == self.hall and row["started_at"] and row["ended_at"]]
        if not served:
            return
        row = self.lots.choice(served)
        called_at, started_at, ended_at = (as_instant(row[name]) for name in ("called_at", "started_at", "ended_at"))
        later = ended_at + timedelta(seconds=self.lots.choice((-1, 0, 1, 7200)))
        asked = c.CorrectTime(row["ticket"], row["id"], called_at, started_at, ended_at, "typo", ended_at=later)
        await self.insist(asked)


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
            (c.TakeHelp("none"), ("help_unknown",)),
            (c.TransferTicket("none", "nothing"), ("ticket_unknown",)),
        ]
        found += [(c.IssueTicket(s), ("service_is_heading",)) for s in setup.services if setup.is_heading(s)]
        found += [(c.Start(id), ("counter_closed",)) for id in setup.counters if id not in day.counters]
        for counter in day.counters.values():
            found.append((c.OpenCounter(counter.id), ("counter_open", "counter_unknown")))
            if counter.ticket is not None:
                found.append((c.CallNext(counter.id), ("counter_busy",)))
                found.append((c.CloseCounter(counter.id), ("counter_busy",)))
                found.append((c.Unpark(counter.id), ("counter_busy",)))
                found += at_a_counter(day.tickets[counter.ticket])
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


def at_a_counter(ticket: Ticket) -> list[tuple[c.Command, tuple[str, ...]]]:
    """What cannot be done with somebody who was called, by whoever asks."""
    turn, at = ticket.turn, ticket.turn.counter or ""
    found: list[tuple[c.Command, tuple[str, ...]]] = [
        (c.PostponeTicket(ticket.id), ("ticket_not_waiting",)),
        (c.ReinstateTicket(ticket.id), ("ticket_not_missed",)),
        (c.AddService(ticket.id, turn.service), ("service_planned", "service_unknown")),
    ]
    if turn.state == "called":
        return [*found, (c.Park(at, "wait"), ("not_serving",))]
    call = c.Start(at) if turn.is_inferred else c.Recall(at)
    return [*found, (call, ("not_called",)), (c.CancelTicket(ticket.id), ("ticket_at_counter",))]


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
