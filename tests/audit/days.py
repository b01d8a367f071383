"""Random days of the real heart, sealed as the log would seal them, and written as an exported day.

A day is drawn from one seed: the set-up (rule, cap, orders of service, languages, skills, the missed policy, what
proves a delivery), then who comes and what is pressed. Every verb occurs; refusals are part of a day.
"""

from __future__ import annotations

import json
from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeVar

from hall.day import commands as c
from hall.day import events as e
from hall.day.apply import apply
from hall.day.decide import decide, timers
from hall.day.refusals import Refusal
from hall.day.setup import (
    Calling,
    CounterPlan,
    Device,
    LocalTime,
    Member,
    Missed,
    RuleName,
    Series,
    Service,
    Setup,
    VisitorClass,
)
from hall.day.state import Day
from hall.log.chain import GENESIS, seal
from hall.setup.document import as_document, digest_of

HALL = "h"
RULES: tuple[RuleName, ...] = ("head_start", "arrival", "share_of_promise", "strict", "ratio")
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TODAY = MORNING.date()
SERVICES = ("account", "loan", "advice")
CLASSES = ("ordinary", "elder", "vip")
COUNTERS = ("c1", "c2", "c3", "c4")
WAITS_S = (0, 0, 0.001, 1, 3, 7.5, 20, 20, 45, 61, 90, 200)


def maybe(random: Random, value: Any, otherwise: Any = None, chance: float = 0.5) -> Any:
    return value if random.random() < chance else otherwise


def some_services(random: Random) -> list[Service]:
    return [
        Service("account", {"en": "A"}, "a", promise_s=maybe(random, 600)),
        Service("loan", {"en": "L"}, "b", promise_s=maybe(random, 1200), skills=maybe(random, ("credit",), ())),
        Service("advice", {"en": "D"}, "b"),
    ]


def some_classes(random: Random) -> list[VisitorClass]:
    pick = random.choice
    ordinary = VisitorClass("ordinary", {"en": "O"}, rank=2, weight=pick((1, 2, 3)))
    elder = VisitorClass("elder", {"en": "E"}, 900, maybe(random, 300), rank=1, weight=pick((1, 2)))
    elder = replace(elder, grace_s=maybe(random, 30, 0))
    vip = VisitorClass("vip", {"en": "V"}, 1800, series="v", rank=maybe(random, 0, 1), weight=pick((1, 4)))
    return [ordinary, elder, vip]


def some_counters(random: Random, offered: tuple[str, ...]) -> list[CounterPlan]:
    first, last = maybe(random, ("loan",), ()), maybe(random, ("advice",), ())
    return [
        CounterPlan("c1", "1", ("account",), "left"),
        CounterPlan("c2", "2", offered, "left", first, last, skills=("credit",)),
        CounterPlan("c3", "3", offered, "left", maybe(random, ("account",), ()), languages=maybe(random, ("en",), ())),
        CounterPlan("c4", "4", offered, "left", skills=("credit",)),
    ]


def some_staff(random: Random) -> list[Member]:
    return [
        Member("ann", "Ann", "clerk", languages=maybe(random, ("en",), ()), skills=maybe(random, ("credit",), ())),
        Member("bo", "Bo", "clerk"),
        Member("cy", "Cy", "clerk", languages=maybe(random, ("zh-Hans",), ())),
    ]


def a_calling(random: Random, rule: RuleName) -> Calling:
    return Calling(
        rule,
        cap_s=maybe(random, random.choice((120, 600, 1500)), None),
        pick=random.choice(("never", "reason", "free", "free")),
        walk_in=maybe(random, True, False, 0.8),
        priority_per_hour=maybe(random, random.choice((0, 1, 3))),
        park_s=random.choice((30, 600)),
        infer_start_s=maybe(random, 40, None, 0.3),
        comeback_credit_s=maybe(random, 900, 0),
    )


def a_missed(random: Random) -> Missed:
    return Missed(
        return_min=maybe(random, random.choice((1, 15))),
        calls=random.choice((1, 1, 2)),
        gap_s=random.choice((0, 0, 10)),
        grace_s=random.choice((0, 0, 20)),
        place=random.choice(("head", "back", "tail")),
        places_back=random.choice((1, 3)),
        requeue=random.choice((0, 0, 1)),
        override=maybe(random, True, False, 0.7),
        delivered_by=random.choice((None, None, "displays", "voice")),
    )


def a_setup(random: Random, rule: RuleName, version: int) -> Setup:
    """A set-up with some of all that a hall may choose; a later version may have a class or a service less."""
    services, classes = some_services(random), some_classes(random)
    if version > 1 and random.random() < 0.3:
        classes = classes[:2]
    if version > 1 and random.random() < 0.3:
        services = services[:2]
    counters, staff = some_counters(random, tuple(one.id for one in services)), some_staff(random)
    devices = [Device("k1", "kiosk", printer="p1"), Device("p1", "printer", url="file:/dev/null")]
    devices += maybe(random, [Device("d1", "display", "left")], [])
    setup = Setup(
        hall=HALL,
        name={"en": "Hall"},
        timezone="Asia/Shanghai",
        languages=("zh-Hans", "en"),
        series={one.id: one for one in (Series("a", "A", 1, 40), Series("b", "B", 1, 60), Series("v", "V"))},
        services={one.id: one for one in services},
        classes={one.id: one for one in classes},
        counters={one.id: one for one in counters},
        staff={one.login: one for one in staff},
        devices={one.id: one for one in devices},
        calling=a_calling(random, rule),
        missed=a_missed(random),
        version=version,
    )
    return replace(setup, digest=digest_of(setup))


def any_of(random: Random, things: Any) -> Any:
    found = list(things)
    return random.choice(found) if found else "none"


Maker = Callable[["Player", Random], c.Command]
VERBS: dict[str, tuple[int, Maker]] = {
    "issue": (
        26,
        lambda p, r: c.IssueTicket(
            any_of(r, SERVICES),
            any_of(r, p.setup.classes),
            any_of(r, ("zh-Hans", "en")),
            r.choice((None, "k1")),
            services=r.choice(((), (), (), (any_of(r, SERVICES),))),
            comeback=any_of(r, p.day.comebacks) if p.day.comebacks and r.random() < 0.5 else None,
        ),
    ),
    "call": (16, lambda p, r: c.CallNext(p.counter(r, ""))),
    "finish_call": (14, lambda p, r: c.CallNext(p.counter(r, "serving"), finish=True)),
    "pick": (6, lambda p, r: c.CallTicket(p.counter(r), p.waiting(r), "known", finish=r.random() < 0.5)),
    "walk_in": (2, lambda p, r: c.ServeWalkIn(p.counter(r, ""), any_of(r, SERVICES), any_of(r, p.setup.classes))),
    "open": (8, lambda p, r: c.OpenCounter(any_of(r, COUNTERS), r.choice((None, None, "ann", "bo", "cy")))),
    "pause": (1, lambda p, r: c.PauseCounter(any_of(r, COUNTERS), "lunch")),
    "resume": (
        3,
        lambda p, r: c.ResumeCounter(
            any_of(r, [one for one, counter in p.day.counters.items() if counter.mode == "paused"])
        ),
    ),
    "close": (2, lambda p, r: c.CloseCounter(p.counter(r, ""))),
    "recall": (5, lambda p, r: c.Recall(p.counter(r, "called"))),
    "deliver": (14, lambda p, r: p.delivery(r)),
    "start": (7, lambda p, r: c.Start(p.counter(r, "called"))),
    "finish": (
        8,
        lambda p, r: c.Finish(
            p.counter(r, "serving"), r.choice(("served", "not_completed")), (("stamp", 2),), credit=r.random() < 0.5
        ),
    ),
    "no_show": (8, lambda p, r: c.NoShow(p.counter(r, "called"), r.choice((None, None, "gone")))),
    "undo": (7, lambda p, r: c.Undo(p.counter(r))),
    "park": (4, lambda p, r: c.Park(p.counter(r, "serving"), "copy", r.choice((None, 5, 200)))),
    "unpark": (3, lambda p, r: c.Unpark(p.parked(r))),
    "send": (
        5,
        lambda p, r: c.TransferVisitor(
            p.counter(r),
            r.choice((None, *SERVICES)),
            r.choice((None, None, *COUNTERS)),
            returns=r.random() < 0.5,
        ),
    ),
    "send_to_clerk": (2, lambda p, r: c.TransferTicket(p.ticket(r), staff=any_of(r, ("ann", "bo", "cy")))),
    "transfer": (3, lambda p, r: c.TransferTicket(p.waiting(r), any_of(r, SERVICES))),
    "cancel": (3, lambda p, r: c.CancelTicket(p.ticket(r), r.random() < 0.5)),
    "reinstate": (6, lambda p, r: p.reinstate(r)),
    "postpone": (4, lambda p, r: c.PostponeTicket(p.waiting(r), r.choice((1, 2, 5)), r.random() < 0.5)),
    "reprioritise": (4, lambda p, r: c.ReprioritiseTicket(p.waiting(r), any_of(r, p.setup.classes), "frail")),
    "add": (3, lambda p, r: c.AddService(p.ticket(r), any_of(r, SERVICES))),
    "help": (1, lambda p, r: c.RequestHelp(any_of(r, COUNTERS), "device")),
    "divert": (1, lambda p, r: c.DivertVisit("app")),
    "printer": (1, lambda p, r: c.ReportPrinter("p1", r.choice(("ready", "paper_out")))),
    "reprint": (1, lambda p, r: c.ReprintTicket(p.ticket(r))),
    "publish": (1, lambda p, r: p.publish(r)),
    "timer": (10, lambda p, r: p.timer()),
}
P = TypeVar("P", bound="Player")
DRAWN = [verb for verb, (weight, _) in VERBS.items() for _ in range(weight)]
BY_VISITOR = (c.PostponeTicket, c.ReinstateTicket, c.CancelTicket)


@dataclass
class Player:
    """Plays one random day after another, as the runner would: what is decided is carried into the day at once."""

    setup: Setup
    at: datetime = MORNING
    date: date = TODAY
    day: Day = field(default_factory=lambda: Day(HALL))
    log: list[e.Recorded] = field(default_factory=list)
    setups: dict[int, Setup] = field(default_factory=dict)
    commands: int = 0
    draw: Callable[[Random, RuleName, int], Setup] = a_setup
    verbs: Tally[str] = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.do(c.PublishSetup(self.setup))
        self.do(c.OpenDay())

    def ticket(self, random: Random) -> str:
        return any_of(random, self.day.tickets)  # type: ignore[no-any-return]

    def waiting(self, random: Random) -> str:
        return any_of(random, [one for one, t in self.day.tickets.items() if t.turn.state == "waiting"])  # type: ignore[no-any-return]

    def counter(self, random: Random, state: str | None = None) -> str:
        """One that is free (""), whose visitor is in this state, or any; mostly so, so that refusals occur too."""
        found = [
            one
            for one, counter in self.day.counters.items()
            if state in (None, self.day.tickets[counter.ticket].turn.state if counter.ticket else "")
        ]
        return any_of(random, found if found and random.random() < 0.9 else COUNTERS)  # type: ignore[no-any-return]

    def parked(self, random: Random) -> str:
        """A counter that parked somebody."""
        turns = [one.turn for one in self.day.tickets.values()]
        return any_of(random, [turn.counter for turn in turns if turn.state == "parked"])  # type: ignore[no-any-return]

    def publish(self, random: Random) -> c.Command:
        setup = self.draw(random, self.setup.calling.rule, self.setup.version + 1)
        gone = [service for service in SERVICES if service not in setup.services]
        return c.PublishSetup(setup, tuple((service, any_of(random, setup.services)) for service in gone))

    def delivery(self, random: Random) -> c.Command:
        called = [one for one in self.day.tickets.values() if one.turn.state == "called"]
        found = random.choice(called) if called else None
        call_no = found.turn.call_no if found else 1
        return c.ReportDelivery(found.id if found else "none", call_no, "display", "d1")

    def reinstate(self, random: Random) -> c.Command:
        missed = [one for one, ticket in self.day.tickets.items() if ticket.turn.state == "missed"]
        place = random.choice((None, None, "head", "back", "tail"))
        return c.ReinstateTicket(any_of(random, missed), place, random.random() < 0.5)

    def timer(self) -> c.Command:
        """The first thing that is due, else somebody comes in at the door."""
        due = [one.command for one in timers(self.day, self.setup) if one.due_at <= self.at]
        return due[0] if due else c.CountDoor(1)

    def play(self, random: Random, steps: int) -> None:
        for counter in COUNTERS[: random.choice((1, 2, 4))]:
            if counter not in self.day.counters:
                self.do(c.OpenCounter(counter))
        for _ in range(steps):
            self.at = self.on_the_edge(random) if random.random() < 0.1 else self.later(random.choice(WAITS_S))
            verb = random.choice(DRAWN)
            try:
                self.verbs[verb] += bool(self.do(VERBS[verb][1](self, random)))
            except Refusal:
                self.verbs[f"{verb} refused"] += 1
            self.after_step()

    def later(self, seconds: float) -> datetime:
        return self.at + timedelta(seconds=seconds)

    def on_the_edge(self, random: Random) -> datetime:
        """The instant at which something begins to be allowed or due, or one millisecond beside it."""
        turns = [ticket.turn for ticket in self.day.tickets.values()]
        cap_s, gap_s = (
            self.setup.calling.cap_s or 0,
            random.choice((self.setup.missed.gap_s, self.setup.missed.grace_s)),
        )
        found = [turn.claim_at + timedelta(seconds=cap_s) for turn in turns if turn.state == "waiting"]
        found += [
            at + timedelta(seconds=gap_s) for turn in turns for at in (turn.last_call_at, turn.delivered_at) if at
        ]
        found += [at + timedelta(seconds=30) for turn in turns for at in (turn.delivered_at,) if at]
        beside = timedelta(milliseconds=random.choice((-1, 0, 0, 1)))
        return random.choice([at + beside for at in found if self.at <= at + beside < self.later(600)] or [self.at])

    def after_step(self) -> None:
        """For those who look on."""

    def roll(self) -> None:
        """The business day ends and the next begins."""
        self.do(c.CloseDay())
        self.date += timedelta(days=1)
        self.do(c.OpenDay())

    def do(self, command: c.Command) -> tuple[e.Event, ...]:
        """Decide and apply; raises the refusal."""
        setup = command.setup if isinstance(command, c.PublishSetup) else self.setup
        self.commands += 1
        context = c.Context(self.at, self.date, LocalTime(1, 600), setup, f"t{self.commands}")
        events = decide(self.day, command, context)
        is_own = isinstance(command, BY_VISITOR) and command.by_visitor
        actor = e.Actor("visitor", "") if is_own else e.Actor("staff", "ann")
        for event in events:
            one = e.Recorded(
                HALL, self.day.seq + 1, self.at, self.date, event, context.command_id, actor, "desk", setup.version
            )
            apply(self.day, one)
            self.log.append(one)
        if isinstance(command, c.PublishSetup):
            self.setup = self.setups[setup.version] = setup
        return events

    def exported(self, first: int = 1) -> list[str]:
        """The lines of the file, from the event with seq `first`."""
        rows, before = [], GENESIS
        for one in self.log:
            stored = seal(one, before)
            before = stored.hash
            rows.append(asdict(stored))
        anchor = GENESIS if first == 1 else rows[first - 2]["hash"]
        setups = {str(version): as_document(setup) for version, setup in self.setups.items()}
        head = {"kind": "hall-day", "format": 1, "hall": HALL, "day": None, "anchor": anchor, "setups": setups}
        return [json.dumps(one, ensure_ascii=False) for one in (head, *rows[first - 1 :])]


def random_day(
    seed: int,
    rule: RuleName,
    *,
    steps: int = 150,
    draw: Callable[[Random, RuleName, int], Setup] = a_setup,
    kind: type[P] = Player,  # type: ignore[assignment]
) -> P:
    """The day of a seed under a rule; every third one goes on into a second business day."""
    random = Random(f"{rule}-{seed}")
    player = kind(draw(random, rule, 1), draw=draw)
    player.play(random, steps)
    if seed % 3 == 0:
        player.roll()
        player.play(random, steps // 3)
    return player
