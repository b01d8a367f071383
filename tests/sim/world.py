"""The two halls with all that lives around them, and the course of their days."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter as Tally
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hall.day.commands import Command
from hall.day.events import DayOpened, Estimate, Recorded
from hall.day.invariants import broken
from hall.day.refusals import Refusal
from hall.day.setup import Device, Setup
from hall.day.state import Day
from hall.live.feed import Channel
from hall.live.papers import HallPapers
from hall.live.ports import whole_ms
from hall.live.receipts import Receipts
from hall.live.runner import Done, Hall, Key, Runner
from hall.live.views.base import Sources
from hall.log.chain import open_seal
from printer.owner import Owner, PapersUnavailable
from tests.sim.answers import faults_of
from tests.sim.delivery import Place, Witness
from tests.sim.desks import Clerk, Rivals
from tests.sim.ledger import Ledger
from tests.sim.lobby import Display, Greeter, Phone
from tests.sim.loop import pause
from tests.sim.paper import AgentPapers, Station
from tests.sim.people import KeyThief, Kiosk, Manager, Person, Wrongdoer
from tests.sim.process import Process, keep_running
from tests.sim.screens import Screen
from tests.sim.setups import LARGE, SMALL, large_hall, small_hall
from tests.sim.storage import SlowLog, Weather

PHONES_MOST = 8
SETTLE_S = 4.0
SETTLE_TURNS_MOST = 20
LOOKS_MOST = 12
LOOK_S = 0.7


class SimulationFailed(AssertionError):
    """Something did not hold."""


@dataclass(frozen=True, slots=True)
class Plant:
    """What is put in place of shipped parts, to see whether it is noticed; and how rough it must be for that.

    As it stands: nothing.
    """

    runner: type[Runner] = Runner
    receipts: type[Receipts] = Receipts
    screen: type[Screen] = Screen
    papers: type[AgentPapers] = AgentPapers
    on_link: Callable[[World, Channel], None] = lambda _, __: None
    temper: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Temper:
    """How rough this run is; drawn anew for every seed, so that some are calm and some are wild."""

    hurry_s: float
    session_s: float
    lost_answers: float
    double_taps: float
    phones: float
    set_ups: float
    drop_outs_per_s: float
    lost_messages: float
    owner_restarts_per_s: float
    printer_troubles_per_s: float
    weather: Weather
    deaths_per_s: float
    polite_stops_per_s: float
    clock_steps_per_s: float
    is_embedded: bool


def temper_of(lots: Random) -> Temper:
    def sometimes(rate: float, share: float = 0.6) -> float:
        return rate * lots.uniform(0.3, 1.5) if lots.random() < share else 0.0

    return Temper(
        hurry_s=lots.choice((0.5, 0.8, 1.2, 2.0)),
        session_s=lots.uniform(10, 22),
        lost_answers=sometimes(0.1),
        double_taps=sometimes(0.15),
        phones=lots.uniform(0.05, 0.3),
        set_ups=lots.choice((0.0, 0.5, 1.0)),
        drop_outs_per_s=max(sometimes(0.15), 1e-9),
        lost_messages=sometimes(0.01),
        owner_restarts_per_s=max(sometimes(0.05), 1e-9),
        printer_troubles_per_s=max(sometimes(0.1), 1e-9),
        weather=Weather(
            sometimes(0.02, 0.5),
            sometimes(0.02, 0.5),
            power_cut=sometimes(0.008, 0.5),
            read=sometimes(0.1, 0.3),
            stall=sometimes(0.005, 0.3),
        ),
        deaths_per_s=max(sometimes(0.03), 1e-9),
        polite_stops_per_s=max(sometimes(0.02, 0.4), 1e-9),
        clock_steps_per_s=max(sometimes(0.05, 0.4), 1e-9),
        is_embedded=lots.random() < 0.5,
    )


class SimClock:
    """Hall time: the loop's time from some morning on, which people and time servers set forward and back."""

    rate = 1.0

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.offset = timedelta(0)

    def now(self) -> datetime:
        return whole_ms(self.start + self.offset + timedelta(seconds=asyncio.get_running_loop().time()))

    def leap(self, by: timedelta) -> None:
        self.offset += by


class SimIds:
    """Ids from the seed."""

    def __init__(self, lots: Random) -> None:
        self.lots = lots

    def new(self, at: datetime) -> str:
        return f"{int(at.timestamp() * 1000):012x}{self.lots.getrandbits(48):012x}"


class SimEstimator:
    """Two minutes for each who waits, so that estimates are in what screens show."""

    def estimate(self, day: Day, setup: Setup, service: str, visitor_class: str, at: datetime) -> Estimate | None:
        waiting = sum(len(places) for line, places in day.lines.items() if line.service == service)
        return Estimate(60 * waiting, 120 * waiting, 240 * waiting) if waiting else None


class SimLinks:
    def follow_url(self, setup: Setup, ticket: str) -> str | None:
        return f"{setup.public_url}/t/{ticket}" if setup.public_url else None


@dataclass(slots=True)
class Said:
    """What was answered to one key."""

    seqs: tuple[int, ...]
    times: int = 1


class World:
    """Everything of one run."""

    def __init__(self, seed: int, days: int, plant: Plant) -> None:
        self.seed, self.days, self.plant = seed, days, plant
        self.lots = Random(seed)
        self.temper = replace(temper_of(self.fork()), **plant.temper)
        self.setups = {hall.hall: {1: hall} for hall in (small_hall(self.lots), large_hall(self.lots))}
        day_of_year = self.lots.randrange(365)
        morning = datetime(2026, 1, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(days=day_of_year)
        self.clock = SimClock(morning.astimezone(UTC))
        self.ids = SimIds(self.fork())
        self.sources = Sources(SimLinks(), SimEstimator())
        self.log = SlowLog(self.fork(), self.kept, self.power_cut)
        self.ledgers = {hall: Ledger(versions) for hall, versions in self.setups.items()}
        self.witness = Witness(self)
        self.log.on_fault = self.witness.doubt
        self.process: Process | None = None
        self.is_rough = False
        self.busy, self.is_down = asyncio.Event(), asyncio.Event()
        self.at_work = 0
        self.count: Tally[str] = Tally()
        self.refusals: Tally[str] = Tally()
        self.kinds: Tally[str] = Tally()
        self.failures: list[str] = []
        self.said: dict[tuple[str, str, str], Said] = {}
        self.screens: list[Screen] = []
        self.stations: list[Station] = []
        self.tasks: list[asyncio.Task[Any]] = []
        self.phones: Tally[str] = Tally()

    # --- what others draw, say and ask -----------------------------------------------------------------------------

    def fork(self) -> Random:
        """Lots of one's own, so that nobody's luck depends on whose turn it is."""
        return Random(self.lots.getrandbits(64))

    def fail(self, said: str) -> None:
        self.failures.append(f"{asyncio.get_running_loop().time():.2f} s: {said}")

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(coroutine)
        task.add_done_callback(self.ended)
        self.tasks.append(task)
        return task

    def ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            self.fail(f"somebody stopped living: {task.exception()!r}")

    def refused(self, refusal: Refusal) -> None:
        self.refusals[refusal.code] += 1
        if refusal.code == "hall_stopped":
            self.fail("a hall stopped")

    def newest(self, hall: str) -> Setup:
        return self.setups[hall][max(self.setups[hall])]

    def open_tickets(self, hall: str) -> list[str]:
        return list(self.ledgers[hall].tickets)

    def some_closed_ticket(self, hall: str, lots: Random) -> str | None:
        closed = list(self.ledgers[hall].finished)
        return lots.choice(closed) if closed else None

    # --- what is seen of the hall ----------------------------------------------------------------------------------

    def kept(self, recorded: Recorded) -> None:
        """An event is durable."""
        ledger = self.ledgers[recorded.hall]
        ledger.read(recorded)
        if ledger.wrong:
            self.fail(f"{recorded.hall}: {ledger.wrong.pop()}")
        self.witness.drop(recorded)
        for said in self.witness.faults(recorded):
            self.fail(f"{recorded.hall}: {said}")
        if recorded.actor.id == "wrongdoer":
            self.fail(f"{recorded.hall}: {recorded.event} by who only asks for the impossible")
        self.count["events"] += 1
        self.kinds[type(recorded.event).__name__] += 1
        if isinstance(recorded.event, DayOpened):
            self.count["served over night"] += len(recorded.event.tickets)

    def see(self, recorded: Recorded) -> None:
        """An event is shown: it must be durable, and the day behind it sound."""
        stored = self.log.stored.get(recorded.hall, [])
        if len(stored) < recorded.seq or open_seal(stored[recorded.seq - 1]) != recorded:
            self.fail(f"{recorded.hall}: {recorded.seq} is shown and not in the log")
        assert self.process is not None
        picture = self.process.hall(recorded.hall).picture
        for said in broken(picture.day):
            self.fail(f"{recorded.hall}: after {recorded.seq} {said}")
        low = [name for name, n in picture.today.items() if n < 0]
        if low:
            self.fail(f"{recorded.hall}: after {recorded.seq} today counts fewer than none: {low}")

    def acknowledge(self, hall: str, command: Command, key: Key | None, done: Done) -> None:
        """The server gave an answer: it must be in the log, and the same as the last time."""
        stored = self.log.stored.get(hall, [])
        for recorded in done.recorded:
            if len(stored) < recorded.seq or open_seal(stored[recorded.seq - 1]) != recorded:
                self.fail(f"{hall}: {recorded.seq} was acknowledged and is not in the log")
        for said in faults_of(command, done):
            self.fail(f"{hall}: {command} was answered, and {said}")
        if key is None or not done.recorded:
            return
        seqs = tuple(recorded.seq for recorded in done.recorded)
        said = self.said.setdefault((hall, key.principal, key.key), Said(seqs, 0))
        said.times += 1
        if said.seqs != seqs:
            self.fail(f"{hall}: key {key.key} was answered with {said.seqs} and then with {seqs}")
        if said.times > 1:
            self.count["repeats answered"] += 1

    # --- who is there ----------------------------------------------------------------------------------------------

    def add_screen(self, hall: str, view: str, params: dict[str, str] | None = None) -> Screen:
        is_slow = self.lots.random() < 0.15
        screen = self.plant.screen(self, hall, view, params or {}, is_slow=is_slow)
        self.screens.append(screen)
        self.spawn(screen.live())
        return screen

    def add_person(self, person: Person) -> None:
        self.spawn(person.live())

    def add_phone(self, hall: str, ticket: str) -> None:
        if self.phones[hall] < PHONES_MOST:
            self.phones[hall] += 1
            screen = self.add_screen(hall, "ticket", {"ticket": ticket})
            place = Place(self, hall, ticket)
            screen.on_snapshot = lambda state: place.look_at(state, screen.seq)
            screen.on_put = lambda key, record: place.look_at({key: record}, screen.seq)
            self.add_person(Phone(self, hall, ticket, screen))

    def furnish(self, hall: str, printer: str, clerks: dict[str, list[str]]) -> None:
        """All screens, people and machines of one hall."""
        hurry_s = self.temper.hurry_s
        self.add_screen(hall, "board")
        self.add_displays(hall)
        self.add_screen(hall, "kiosk", {"device": "kiosk"})
        self.add_screen(hall, "manager")
        for counter, logins in clerks.items():
            desk = self.add_screen(hall, "desk", {"counter": counter})
            self.add_person(Clerk(self, hall, counter, logins, hurry_s, desk))
        self.add_person(Kiosk(self, hall, f"kiosk-{hall}", hurry_s))
        self.add_screen(hall, "greeter")
        self.add_person(Greeter(self, hall, f"greeter-{hall}", 2 * hurry_s))
        self.add_person(Rivals(self, hall, f"rivals-{hall}", 5 * hurry_s))
        self.add_person(Manager(self, hall, f"manager-{hall}", 6 * hurry_s))
        self.add_person(Wrongdoer(self, hall, f"wrongdoer-{hall}", hurry_s))
        self.add_person(KeyThief(self, hall, f"thief-{hall}", 12 * hurry_s))
        self.stations.append(Station(self, hall, printer))
        self.spawn(self.stations[-1].live())

    def add_displays(self, hall: str) -> None:
        """Those of the set-up, each for its area; without any one that came with a token of its own."""
        setup = self.setups[hall][1]
        walls = [(one.id, one.area) for one in setup.devices.values() if one.kind == "display"] or [("tablet", "")]
        for device, area in walls:
            screen = self.add_screen(hall, "board", {"area": area} if area else {})
            self.add_person(Display(self, hall, device, area or None, screen))

    def populate(self) -> None:
        self.is_down.set()
        self.spawn(keep_running(self))
        self.furnish(SMALL, "kiosk", {"1": ["ann"], "2": ["bob", "ann"]})
        self.furnish(LARGE, "slips", {"11": ["cat"], "12": ["dan", "cat"], "21": []})
        self.spawn(self.now_and_then(self.temper.deaths_per_s, self.die))
        self.spawn(self.now_and_then(self.temper.polite_stops_per_s, self.stop))
        self.spawn(self.now_and_then(self.temper.clock_steps_per_s, self.step_clock))

    def make_owner(self, hall: Hall, device: Device) -> Owner:
        """The owner that works inside the server."""
        self.count["owners inside"] += 1
        station = next(one for one in self.stations if (one.hall, one.printer) == (hall.id, device.id))
        assert self.process is not None
        return station.new_owner(HallPapers(self.process.runner, hall.id, device.id, PapersUnavailable))

    # --- what goes wrong -------------------------------------------------------------------------------------------

    async def now_and_then(self, per_s: float, deed: Callable[[Random], Coroutine[Any, Any, None]]) -> None:
        lots = self.fork()
        while True:
            await pause(lots.expovariate(per_s))
            if self.is_rough:
                await deed(lots)

    async def die(self, _: Random) -> None:
        if self.process is not None and self.process.is_up:
            self.count["deaths"] += 1
            self.process.die()
            self.is_down.set()

    def power_cut(self) -> None:
        self.count["power cuts after a commit"] += 1
        if self.process is not None:
            self.process.die()
        self.is_down.set()

    async def stop(self, _: Random) -> None:
        process = self.process
        if process is not None and process.is_up:
            self.count["polite stops"] += 1
            await process.stop()
            self.is_down.set()

    async def step_clock(self, lots: Random) -> None:
        """A time server corrects the clock, back more often than forward."""
        self.count["clock steps"] += 1
        if lots.random() < 0.2:
            self.count["hours set back"] += 1
            self.clock.leap(timedelta(hours=-1))
        else:
            self.clock.leap(timedelta(seconds=lots.choice((-90.0, -5.0, -0.7, 30.0)) * lots.random()))

    # --- the course of the days ------------------------------------------------------------------------------------

    async def run(self) -> None:
        self.populate()
        await self.settle()
        for day in range(self.days + 1):
            await self.session()
            if day < self.days:
                self.clock.leap(timedelta(minutes=self.lots.choice((30, 125, 240))))
                await self.session()
                await self.night()
        await self.end()

    async def session(self) -> None:
        """A busy time, then everybody rests and everything is compared."""
        self.is_rough, self.log.weather = True, self.temper.weather
        self.busy.set()
        await self.wait(self.temper.session_s)
        self.busy.clear()
        await self.settle()

    async def wait(self, seconds: float) -> None:
        until_s = asyncio.get_running_loop().time() + seconds
        while (left_s := until_s - asyncio.get_running_loop().time()) > 0:
            await pause(min(left_s, 2.0))
            if self.failures:
                raise SimulationFailed

    async def settle(self) -> None:
        """Faults end, whoever is in the middle of something comes to an end, and every screen catches up."""
        self.is_rough, self.log.weather = False, Weather()
        for station in self.stations:
            station.heal()
        for _ in range(SETTLE_TURNS_MOST):
            await self.wait(SETTLE_S)
            if not self.at_work and not self.is_down.is_set() and all(screen.is_connected for screen in self.screens):
                break
        else:
            cut_off = [screen.name for screen in self.screens if not screen.is_connected]
            self.fail(f"no rest: {self.at_work} at work, {cut_off} cut off")
        await self.wait(SETTLE_S)
        await self.compare()

    async def compare(self) -> None:
        """Every screen must come to show what is true; a printer may say something just now, so look more than once."""
        from tests.sim.checks import differences

        for _ in range(LOOKS_MOST):
            found = differences(self)
            if not found:
                return
            await self.wait(LOOK_S)
        self.failures += found
        raise SimulationFailed

    async def night(self) -> None:
        """The clock goes on to the morning; one hall turns its day with everybody watching, the other in the leap."""
        zone = ZoneInfo(self.newest(self.lots.choice((SMALL, LARGE))).timezone)
        local = self.clock.now().astimezone(zone)
        turn = (local + timedelta(days=1 if local.hour >= 4 else 0)).replace(hour=4, minute=0, second=0, microsecond=0)
        self.clock.leap(turn.astimezone(UTC) - self.clock.now() - timedelta(seconds=2))
        await self.wait(SETTLE_S)
        self.clock.leap(timedelta(hours=self.lots.choice((1, 5, 30))))
        await self.settle()

    async def end(self) -> None:
        """Time enough for every paper to be given up, then the last comparison."""
        from tests.sim.checks import judge

        assert self.process is not None
        lasts = [hall.last_at for hall in self.process.runner.halls.values() if hall.last_at is not None]
        set_back = max(timedelta(0), *(at - self.clock.now() for at in lasts))
        self.clock.leap(set_back + timedelta(minutes=5))
        await self.settle()
        self.failures += await judge(self)
        if self.failures:
            raise SimulationFailed

    async def leave(self) -> None:
        """Everybody goes home."""
        log = self.log
        self.count["commits refused"] += log.failed_before
        self.count["commits in doubt"] += log.failed_after
        self.count["failed reads"] += log.failed_reads
        self.count["commits stalled"] += log.stalls
        for task in self.tasks:
            task.remove_done_callback(self.ended)
            task.cancel()
        if self.process is not None:
            self.process.die()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@dataclass
class Words(logging.Handler):
    """Keeps what is logged as an exception, to say it with a failure."""

    kept: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.ERROR)

    def __hash__(self) -> int:
        return id(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.kept.append(logging.Formatter().format(record))
