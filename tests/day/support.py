"""Rules as sentences: given events, when a command, then events or a refusal.

Around it a small hall, short ways to write its events, and a walker that plays long random days.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hall.day import commands as c
from hall.day import events as e
from hall.day.apply import apply
from hall.day.decide import decide, timers
from hall.day.ordering import RULE_VERSION
from hall.day.refusals import Refusal
from hall.day.setup import (
    Calling,
    CounterPlan,
    Device,
    LocalTime,
    Missed,
    RuleName,
    Series,
    Service,
    Setup,
    VisitorClass,
    Week,
)
from hall.day.state import Day

HALL = "h"
AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # a Tuesday, 10:30 in Shanghai
TODAY = date(2026, 11, 24)
HALF_PAST_TEN = LocalTime(weekday=1, minute=630)
CLERK = e.Actor("staff", "ann")
OFFICE_HOURS: Week = (((540, 1080),),) * 5 + ((), ())

SERIES = (Series("a", "A", 1, 4), Series("b", "B", 1, 6), Series("v", "V", 1, 3))
SERVICES = (
    Service("private", {"en": "Private"}, "a"),
    Service("account", {"en": "Account"}, "a", parent="private", promise_s=600, expected_service_s=300),
    Service("loan", {"en": "Loan"}, "b", promise_s=1200),
    Service("advice", {"en": "Advice"}, "b"),
)
CLASSES = (
    VisitorClass("ordinary", {"en": "Ordinary"}),
    VisitorClass("elder", {"en": "Elder"}, head_start_s=900, promise_s=300),
    VisitorClass("vip", {"en": "VIP"}, head_start_s=1800, series="v"),
)
COUNTERS = (
    CounterPlan("c1", "1", ("account",), "left"),
    CounterPlan("c2", "2", ("account", "loan", "advice"), "left"),
    CounterPlan("c3", "3", ("loan", "advice"), "right"),
)
DEVICES = (
    Device("k1", "kiosk", printer="p1"),
    Device("k2", "kiosk", url="usb:0416:5011"),
    Device("k3", "kiosk"),
    Device("p1", "printer", url="tcp://127.0.0.1:9100"),
    Device("d1", "display", area="left"),
)


def by_id(things: tuple[Any, ...]) -> dict[str, Any]:
    return {thing.id: thing for thing in things}


def small_hall(*, rule: RuleName = "head_start", version: int = 1, **changes: Any) -> Setup:
    """A hall of three services, three classes and three counters, with series so short that they run out."""
    setup = Setup(
        hall=HALL,
        name={"zh-Hans": "大厅", "en": "Hall"},
        timezone="Asia/Shanghai",
        languages=("zh-Hans", "en"),
        series=by_id(SERIES),
        services=by_id(SERVICES),
        classes=by_id(CLASSES),
        counters=by_id(COUNTERS),
        devices=by_id(DEVICES),
        calling=Calling(rule),
        version=version,
        digest=f"digest-{version}",
    )
    return replace(setup, **changes)


# --- events in few words --------------------------------------------------------------------------------------------


def minute(n: float) -> datetime:
    """So many minutes after the tests' morning began."""
    return AT + timedelta(minutes=n)


def day_opened(**changes: Any) -> e.DayOpened:
    opened = e.DayOpened(TODAY, 1, 1, counters=(), tickets=(), numbers=(), printers=(), comebacks=())
    return replace(opened, **changes)


def opened(counter: str, staff: str | None = None, services: tuple[str, ...] | None = None) -> e.CounterOpened:
    return e.CounterOpened(counter, staff, by_id(COUNTERS)[counter].services if services is None else services)


def issued(n: int, service: str = "account", class_: str = "ordinary", at: float = 0, **changes: Any) -> e.TicketIssued:
    """Ticket `t<n>` with serial n, claimed `at` minutes after the morning began; its position is n, too."""
    series = by_id(SERIES)[by_id(CLASSES)[class_].series or by_id(SERVICES)[service].series]
    promise_s = by_id(CLASSES)[class_].promise_s
    event = e.TicketIssued(
        ticket=f"t{n}",
        turn=f"t{n}-1",
        serial=n,
        number=series.number(n),
        series=series.id,
        position=n,
        service=service,
        class_=class_,
        language="zh-Hans",
        claim_at=minute(at),
        promise_s=by_id(SERVICES)[service].promise_s if promise_s is None else promise_s,
        estimate=None,
        ahead=0,
        counters_open=0,
        device=None,
        planned=(),
        comeback=None,
    )
    event = replace(event, **changes)
    return replace(event, number=by_id(SERIES)[event.series].number(event.position))


def why(
    score: float = 0.0,
    *passed: tuple[str, str, int],
    rule: str = "head_start",
    chosen_by: e.ChosenBy = "rule",
    reason: str | None = None,
    round: tuple[tuple[str, int], ...] = (),
    round_of: str = "",
) -> e.Why:
    return e.Why(
        rule, RULE_VERSION, score, tuple(e.PassedOver(*one) for one in passed), chosen_by, reason, round, round_of
    )


def called(n: int, counter: str, because: e.Why | None = None, *, number: str = "", staff: str | None = None) -> Any:
    return e.TicketCalled(f"t{n}", f"t{n}-1", number or f"A{n:03d}", counter, staff, 1, because or why())


def started(n: int, counter: str, *, inferred: bool = False, staff: str | None = None) -> e.TicketStarted:
    return e.TicketStarted(f"t{n}", f"t{n}-1", counter, staff, inferred)


def finished(n: int, counter: str, outcome: Any = "served", staff: str | None = None) -> e.TicketFinished:
    return done(n, counter, outcome=outcome, staff=staff)


def done(n: int, counter: str, **changes: Any) -> e.TicketFinished:
    """A finish with whatever is special about it."""
    plain = e.TicketFinished(f"t{n}", f"t{n}-1", counter, None, "served", (), None, None, None, None)
    return replace(plain, **changes)


def missed(n: int, counter: str, **changes: Any) -> e.TicketMissed:
    return replace(e.TicketMissed(f"t{n}", f"t{n}-1", counter, None, 1, None, None), **changes)


def delivered(n: int, counter: str, call_no: int = 1, **changes: Any) -> e.CallDelivered:
    plain = e.CallDelivered(f"t{n}", f"t{n}-1", counter, call_no, call_no, "display", "d1", False)
    return replace(plain, **changes)


def requested(n: int, *, paper: str = "", printer: str = "p1", copy: int = 1, at: float = 0) -> e.PaperRequested:
    return e.PaperRequested(paper or f"t{n}-p", f"t{n}", printer, copy, minute(at) + timedelta(seconds=90), "ticket")


# --- given, when, then ----------------------------------------------------------------------------------------------

Fact = e.Event | timedelta


@dataclass
class Given:
    """A day as these events left it, at the instant of the last one."""

    setup: Setup
    day: Day = field(default_factory=lambda: Day(HALL))
    at: datetime = AT
    date: date = TODAY
    local: LocalTime = HALF_PAST_TEN

    def after(self, **time: float) -> Given:
        """Time passes, and nothing happens."""
        return replace(self, at=self.at + timedelta(**time))

    def on(self, day: date, local: LocalTime | None = None) -> Given:
        return replace(self, date=day, local=local or self.local)

    def under(self, setup: Setup) -> Given:
        return replace(self, setup=setup)

    def happened(self, *facts: Fact) -> Given:
        for fact in facts:
            if isinstance(fact, timedelta):
                self.at += fact
            else:
                self.at = max(self.at, getattr(fact, "claim_at", self.at))
                apply(self.day, recorded(self.day, fact, self.at, date=self.date))
        return self

    def when(self, command: c.Command, id: str = "t9") -> Outcome:
        """Decide the command; the day must be the same as before."""
        before = pickle.loads(pickle.dumps(self.day))
        context = c.Context(self.at, self.date, self.local, self.setup, id)
        try:
            outcome = Outcome(decide(self.day, command, context), None)
        except Refusal as refusal:
            outcome = Outcome((), refusal)
        assert self.day == before, "decide changed the day"
        return outcome


@dataclass
class Outcome:
    """What came of a command."""

    events: tuple[e.Event, ...]
    refusal: Refusal | None

    def then(self, *expected: e.Event) -> None:
        assert self.refusal is None, f"refused: {self.refusal} {self.refusal.data}"
        assert self.events == expected

    def then_nothing(self) -> None:
        self.then()

    def then_refused(self, reason: type[Refusal], **data: object) -> None:
        assert type(self.refusal) is reason, self.refusal or self.events
        shared = {name: self.refusal.data.get(name) for name in data}
        assert shared == data

    def the_only(self, kind: type) -> Any:
        """The one event of this kind that happened."""
        assert self.refusal is None, f"refused: {self.refusal} {self.refusal.data}"
        (found,) = [event for event in self.events if type(event) is kind]
        return found


def given(*facts: Fact, setup: Setup | None = None) -> Given:
    """An open day on which this happened. An event with a claim happens at its claim."""
    return given_closed(day_opened(), *facts, setup=setup)


def given_closed(*facts: Fact, setup: Setup | None = None) -> Given:
    """The same from the very beginning: no day is open yet."""
    return Given(setup or small_hall()).happened(*facts)


def recorded(day: Day, event: e.Event, at: datetime, *, date: date = TODAY, command_id: str = "id") -> e.Recorded:
    return e.Recorded(day.hall, day.seq + 1, at, date, event, command_id, CLERK, "desk", day.setup_version or 1)


# --- long random days -----------------------------------------------------------------------------------------------

COUNTER_IDS = ("c1", "c2", "c3")
WAITS_S = (0, 0, 0, 1, 1, 20, 20, 20, 61, 95, 600, 7200)
PRINTER_STATES: tuple[e.PrinterState, ...] = ("ready", "paper_out", "near_end")


@dataclass(frozen=True)
class Step:
    """A random step: time passes, then a verb is tried on whatever `a` and `b` point at."""

    wait_s: int
    verb: str
    a: int
    b: int


def pick(things: Any, n: int) -> Any:
    return things[n % len(things)] if things else None


def variant(version: int, n: int) -> Setup:
    """One of a few set-ups that a hall may change between."""
    setup = small_hall(rule=pick(RULES, n), version=version)
    if n % 4 == 1:
        setup = replace(setup, calling=replace(setup.calling, cap_s=900, infer_start_s=60, comeback_credit_s=300))
    if n % 4 == 3:
        setup = replace(setup, missed=LENIENT)
    if n % 3 == 2:
        wider = {**setup.series, "a": replace(setup.series["a"], last=7)}
        return replace(setup, series=wider)
    return setup


def staff_of(n: int) -> str | None:
    return pick((None, "ann", "bo", "cy"), n)  # type: ignore[no-any-return]


RULES: tuple[RuleName, ...] = ("head_start", "arrival", "share_of_promise", "strict", "ratio")
LENIENT = Missed(return_min=10, calls=2, gap_s=5, grace_s=10, place="back", places_back=2, requeue=1)
SERVICE_IDS = ("account", "loan", "advice")
CLASS_IDS = ("ordinary", "elder", "vip")


Maker = Callable[["Walker", int, int], c.Command]
VERBS: dict[str, Maker] = {
    "open": lambda w, a, b: c.OpenCounter(pick(COUNTER_IDS, a), staff_of(b)),
    "open_for": lambda w, a, b: c.OpenCounter(pick(COUNTER_IDS, a), None, (pick(("account", "loan", "advice"), b),)),
    "pause": lambda w, a, b: c.PauseCounter(pick(COUNTER_IDS, a), pick((None, "lunch"), b)),
    "resume": lambda w, a, b: c.ResumeCounter(pick(COUNTER_IDS, a)),
    "close": lambda w, a, b: c.CloseCounter(pick(COUNTER_IDS, a)),
    "issue": lambda w, a, b: c.IssueTicket(
        pick(("account", "loan", "advice"), a), pick(("ordinary", "elder", "vip"), b), None, pick((None, "k1", "k2"), b)
    ),
    "call": lambda w, a, b: c.CallNext(pick(COUNTER_IDS, a)),
    "finish_call": lambda w, a, b: c.CallNext(pick(COUNTER_IDS, a), finish=True),
    "recall": lambda w, a, b: c.Recall(pick(COUNTER_IDS, a)),
    "start": lambda w, a, b: c.Start(pick(COUNTER_IDS, a)),
    "finish": lambda w, a, b: c.Finish(pick(COUNTER_IDS, a), pick(("served", "not_completed"), b), (("stamp", 2),)),
    "no_show": lambda w, a, b: c.NoShow(pick(COUNTER_IDS, a)),
    "undo": lambda w, a, b: c.Undo(pick(COUNTER_IDS, a)),
    "cancel": lambda w, a, b: c.CancelTicket(w.any_ticket(a), by_visitor=b % 2 == 0),
    "call_ticket": lambda w, a, b: c.CallTicket(pick(COUNTER_IDS, a), w.any_ticket(b), "urgent"),
    "walk_in": lambda w, a, b: c.ServeWalkIn(pick(COUNTER_IDS, a), pick(SERVICE_IDS, b)),
    "several": lambda w, a, b: c.IssueTicket(pick(SERVICE_IDS, a), services=(pick(SERVICE_IDS, b),)),
    "come_back": lambda w, a, b: c.IssueTicket(pick(SERVICE_IDS, a), comeback=pick(list(w.day.comebacks), b)),
    "deliver": lambda w, a, b: c.ReportDelivery(w.called_ticket(a), w.call_no(a), "display", "d1", b % 2 == 0),
    "override": lambda w, a, b: c.NoShow(pick(COUNTER_IDS, a), override="broken"),
    "give_credit": lambda w, a, b: c.Finish(pick(COUNTER_IDS, a), "not_completed", reason="papers", credit=True),
    "park": lambda w, a, b: c.Park(pick(COUNTER_IDS, a), "form", pick((None, 30, 600), b)),
    "unpark": lambda w, a, b: c.Unpark(pick(COUNTER_IDS, a), pick((None, w.any_ticket(b)), b)),
    "transfer": lambda w, a, b: c.TransferTicket(w.any_ticket(a), pick(SERVICE_IDS, b)),
    "send_to": lambda w, a, b: c.TransferVisitor(
        pick(COUNTER_IDS, a), None, pick(COUNTER_IDS, b), returns=b % 2 == 0, has_note=b % 3 == 0
    ),
    "send_to_clerk": lambda w, a, b: c.TransferTicket(w.any_ticket(a), staff=pick(("ann", "bo"), b)),
    "reinstate": lambda w, a, b: c.ReinstateTicket(
        w.ticket_in("missed", a), pick((None, "head", "tail"), b), b % 2 == 0
    ),
    "postpone": lambda w, a, b: c.PostponeTicket(w.any_ticket(a), b % 3 + 1, b % 2 == 0),
    "reprioritise": lambda w, a, b: c.ReprioritiseTicket(w.any_ticket(a), pick(CLASS_IDS, b), "kind"),
    "add_service": lambda w, a, b: c.AddService(w.any_ticket(a), pick(SERVICE_IDS, b)),
    "help": lambda w, a, b: c.RequestHelp(pick(COUNTER_IDS, a), pick(("dispute", "device"), b)),
    "take_help": lambda w, a, b: c.TakeHelp(pick(list(w.day.helps), a) or "none", staff_of(b)),
    "solve_help": lambda w, a, b: c.SolveHelp(pick(list(w.day.helps), a) or "none"),
    "correct": lambda w, a, b: w.correction(a, b),
    "divert": lambda w, a, b: c.DivertVisit("app", pick((None, "loan"), a), pick((1, 1, -1), b)),
    "door": lambda w, a, b: c.CountDoor(pick((1, 2, 5, -1, -5), a)),
    "timers": lambda w, a, b: w.due_timer(a),
    "reprint": lambda w, a, b: c.ReprintTicket(w.any_ticket(a), pick((None, "p1", "k2"), b)),
    "claim": lambda w, a, b: c.ClaimPaper(w.any_paper(a)),
    "report": lambda w, a, b: c.ReportPaper(
        w.any_paper(a), pick(("printed", "uncertain", "failed"), b), "barrier", "jam"
    ),
    "expire": lambda w, a, b: c.ExpirePaper(w.any_paper(a)),
    "printer": lambda w, a, b: c.ReportPrinter(pick(("p1", "k2"), a), pick(PRINTER_STATES, b)),
    "publish": lambda w, a, b: c.PublishSetup(variant(w.setup.version + 1, b)),
}
RARE = {"roll": 1, "close": 1, "pause": 1, "publish": 1, "printer": 1, "divert": 1, "door": 1, "cancel": 2}
OFTEN = {
    "issue": 24,
    "call": 16,
    "finish_call": 6,
    "start": 8,
    "finish": 8,
    "open": 10,
    "undo": 6,
    "claim": 8,
    "report": 6,
}
DRAWN = [verb for verb in (*VERBS, "roll") for _ in range((RARE | OFTEN).get(verb, 3))]


@dataclass
class Walker:
    """Plays steps against one hall, as the runner would: what is decided is carried into the day at once."""

    hall: str = HALL
    at: datetime = AT
    date: date = TODAY
    setup: Setup = field(default_factory=small_hall)
    day: Day = field(default_factory=lambda: Day(HALL))
    log: list[e.Recorded] = field(default_factory=list)
    setups: dict[int, Setup] = field(default_factory=dict)
    ids: int = 0
    watch: Callable[[Walker, c.Command, c.Context], None] = lambda walker, command, context: None

    def __post_init__(self) -> None:
        self.day = Day(self.hall)
        self.do(c.PublishSetup(self.setup))
        self.do(c.OpenDay())

    def any_ticket(self, n: int) -> str:
        return pick(list(self.day.tickets), n) or "none"

    def ticket_in(self, state: str, n: int) -> str:
        """A ticket in this state, any ticket where there is none."""
        found = [ticket.id for ticket in self.day.tickets.values() if ticket.turn.state == state]
        return pick(found, n) or self.any_ticket(n)

    def called_ticket(self, n: int) -> str:
        return self.ticket_in("called", n)

    def call_no(self, n: int) -> int:
        ticket = self.day.tickets.get(self.called_ticket(n))
        return ticket.turn.call_no if ticket else 1

    def due_timer(self, n: int) -> c.Command:
        """A timer's command, due or not; a harmless command when the day wants nothing later."""
        found: c.Timer | None = pick(timers(self.day, self.setup), n)
        return c.ExpirePaper("none") if found is None else found.command

    def correction(self, a: int, b: int) -> c.Command:
        """Another end of a turn that was finished, today or before; nobody keeps rows here, the log knows."""
        ended: e.Recorded | None = pick([one for one in self.log if isinstance(one.event, e.TicketFinished)], a)
        if ended is None:
            return c.ExpirePaper("none")
        event: Any = ended.event
        before = [one for one in self.log[: ended.seq] if getattr(one.event, "turn", None) == event.turn]
        called_at = [one.at for one in before if isinstance(one.event, e.TicketCalled)][-1]
        started_at = [one.at for one in before if isinstance(one.event, e.TicketStarted)][-1]
        ended_at = ended.at - timedelta(seconds=pick((0, 1, 30), b))
        return c.CorrectTime(
            event.ticket, event.turn, called_at, started_at, ended.at, "mistake", None, ended_at=ended_at
        )

    def any_paper(self, n: int) -> str:
        return pick(list(self.day.papers)[-2:], n) or "none"

    def play(self, step: Step) -> tuple[e.Event, ...] | Refusal:
        self.at += timedelta(seconds=step.wait_s)
        if step.verb == "roll":
            return self.roll()
        try:
            return self.do(VERBS[step.verb](self, step.a, step.b))
        except Refusal as refusal:
            return refusal

    def roll(self) -> tuple[e.Event, ...]:
        closed = self.do(c.CloseDay())
        self.date += timedelta(days=1)
        return closed + self.do(c.OpenDay())

    def do(self, command: c.Command) -> tuple[e.Event, ...]:
        """Decide and apply; raises the refusal."""
        setup = command.setup if isinstance(command, c.PublishSetup) else self.setup
        self.ids += 1
        context = c.Context(self.at, self.date, HALF_PAST_TEN, setup, f"{self.hall}{self.ids:04d}")
        self.watch(self, command, context)
        events = decide(self.day, command, context)
        for event in events:
            one = recorded(self.day, event, self.at, date=self.date, command_id=context.command_id)
            apply(self.day, one)
            self.log.append(one)
        if isinstance(command, c.PublishSetup):
            self.setup = self.setups[setup.version] = setup
        return events


def random_steps(random: Any, n: int) -> list[Step]:
    """Steps drawn from a seeded `random.Random`, for tests that need a long day and no shrinking."""
    return [
        Step(random.choice(WAITS_S), random.choice(DRAWN), random.randrange(1000), random.randrange(1000))
        for _ in range(n)
    ]
