"""One event of each type and version, and the golden file that holds them as they were first written.

A line of the golden file is never changed: it stands for the logs of every hall there is. After a new type or a new
version, `python -m tests.log.golden_events` appends the lines that are missing.
"""

from __future__ import annotations

import json
from dataclasses import astuple
from datetime import UTC, date, datetime
from pathlib import Path

from hall.day import events as e
from hall.log.chain import GENESIS, Stored, seal

GOLDEN = Path(__file__).parent / "golden" / "events.jsonl"
AT = datetime(2026, 11, 24, 2, 30, 0, 123000, tzinfo=UTC)
WHOLE = datetime(2026, 11, 24, 2, 31, tzinfo=UTC)
WHY = e.Why(
    "head_start",
    2,
    754.5,
    (e.PassedOver("account/ordinary", "A016", 2),),
    "picked",
    "urgent",
    (("elder", 1),),
    "account",
)
PLANNED = e.PlannedTurn("t1-2", "loan", 900, "counter/c2")
COMEBACK = e.Comeback("t1", "A017", 600, WHOLE)
ESTIMATE = e.Estimate(120, 300, 900)
AT_COUNTER = ("t1", "t1-1", "c1", "ann")

CARRIED_TICKET = e.CarriedTicket(
    ticket="t1",
    turn="t1-1",
    serial=41,
    number="A017",
    series="a",
    position=17,
    service="account",
    class_="ordinary",
    language="zh-Hans",
    issued_at=AT,
    claim_at=AT,
    promise_s=600,
    counter="c1",
    staff="ann",
    called_at=WHOLE,
    call_no=2,
    started_at=WHOLE,
    why=WHY,
    device="k1",
    ahead=3,
    estimate=ESTIMATE,
    copies=1,
    planned=(PLANNED,),
    misses=1,
    postponed=2,
    to="staff/ann",
    since=AT,
    last_call_at=WHOLE,
    inferred=True,
    deliveries=2,
    delivered_call=2,
    delivered_at=WHOLE,
)

EXAMPLES: tuple[e.Event, ...] = (
    e.SetupPublished(3, "9f" * 32),
    e.DayOpened(date(2026, 11, 24), 1, 3, (), (), (), (), ()),
    e.DayOpened(
        date(2026, 11, 25),
        42,
        3,
        counters=(
            e.CarriedCounter("c1", "open", "ann", ("account", "loan"), None, AT, "t1"),
            e.CarriedCounter("c2", "paused", None, (), "lunch", WHOLE, None),
        ),
        tickets=(CARRIED_TICKET,),
        numbers=(e.CarriedNumber("a", 16, WHOLE),),
        printers=(("p1", "ready"), ("p2", "paper_out")),
        comebacks=(COMEBACK,),
    ),
    e.DayClosed(date(2026, 11, 24)),
    e.DaySealed(date(2026, 11, 24), 812, "9f" * 32),
    e.CounterOpened("c1", "ann", ("account", "loan")),
    e.CounterOpened("c2", None, ()),
    e.CounterPaused("c1", "ann", ("account", "loan"), "午休"),
    e.CounterPaused("c1", None, ("account",), None),
    e.CounterResumed("c1", "ann", ("account", "loan")),
    e.CounterClosed("c1", "ann", ("account", "loan"), "day_closed"),
    e.CounterClosed("c1", None, ("account",), None),
    e.TicketIssued(
        ticket="t1",
        turn="t1-1",
        serial=41,
        number="A017",
        series="a",
        position=17,
        service="account",
        class_="elder",
        language="zh-Hans",
        claim_at=AT,
        promise_s=600,
        estimate=ESTIMATE,
        ahead=3,
        counters_open=2,
        device="k1",
        planned=(PLANNED,),
        comeback="t0",
    ),
    e.TicketIssued(
        "t2", "t2-1", 42, "B9999", "b", 9999, "loan", "ordinary", "en", WHOLE, None, None, 0, 0, None, (), None
    ),
    e.TicketCalled("t1", "t1-1", "A017", "c1", "ann", 1, WHY),
    e.TicketCalled("t1", "t1-1", "A017", "c1", None, 1, e.Why("arrival", 2, 0.0, (), "rule", None, (), "")),
    e.TicketRecalled("t1", "t1-1", "A017", "c1", "ann", 2),
    e.TicketStarted(*AT_COUNTER, inferred=False),
    e.TicketStarted("t1", "t1-1", "c1", None, inferred=True),
    e.TicketFinished(
        *AT_COUNTER,
        outcome="served",
        items=(("盖章", 2), ("copy", 1)),
        work=3.5,
        reason=None,
        comeback=None,
        next=e.NextTurn("t1-2", "loan", "elder", AT, 900, "counter/c2"),
    ),
    e.TicketFinished(*AT_COUNTER, "not_completed", (), None, "papers", COMEBACK, None),
    e.TicketMissed(*AT_COUNTER, deliveries=2, override=None, expires_at=WHOLE),
    e.TicketMissed(*AT_COUNTER, 0, "device", None),
    e.TicketCancelled("t1", "t1-1", None, "cancelled_by_visitor"),
    e.TicketCancelled("t1", "t1-1", "c1", "cancelled_by_staff"),
    e.TicketExpired("t1", "t1-1", "c1", "expired"),
    e.TicketExpired("t1", "t1-1", None, "no_show"),
    e.TicketCallUndone("t1", "t1-1", "A017", "c1", "ann"),
    e.TicketStartUndone(*AT_COUNTER),
    e.TicketFinishUndone(*AT_COUNTER, None, "serving"),
    e.TicketFinishUndone(*AT_COUNTER, "t1-2", "called"),
    e.TicketMissUndone(*AT_COUNTER, None),
    e.TicketMissUndone(*AT_COUNTER, e.MissedCall(AT, AT, WHOLE, 2, 1, WHOLE)),
    e.CallDelivered("t1", "t1-1", "c1", 2, 1, "display", "d1", True),
    e.CallDelivered("t1", "t1-1", "c1", 3, 2, "phone", None, False),
    e.TicketReinstated("t1", "t1-1", AT, "back"),
    e.TicketParked(*AT_COUNTER, "form", WHOLE),
    e.TicketUnparked(*AT_COUNTER),
    e.TicketReturned("t1", "t1-1", AT, "counter/c1", "timer"),
    e.TicketTransferred(*AT_COUNTER, "t1-2", "loan", "elder", AT, 900, to="staff/bo", returning=PLANNED, has_note=True),
    e.TicketTransferred("t1", "t1-1", None, None, "t1-2", "loan", "elder", AT, None, "", None, False),
    e.TicketPostponed("t1", "t1-1", WHOLE, 2),
    e.TicketReprioritised("t1", "t1-1", "elder", 600, "pregnant"),
    e.ServiceAdded("t1", PLANNED),
    e.ServiceReplaced("t1", PLANNED),
    e.TimeCorrected("t1", "t1-1", None, WHOLE, "forgotten"),
    e.TimeCorrected("t1", "t1-1", AT, WHOLE, "forgotten"),
    e.VisitDiverted("papers_missing", "loan", -1),
    e.DoorCounted(3),
    e.HelpRequested("h1", "c1", "ann", "dispute", "t1"),
    e.HelpTaken("h1", "c1", "bo"),
    e.HelpSolved("h1", "c1"),
    e.PaperRequested("t1-p", "t1", "p1", 1, AT, "ticket"),
    e.PaperRequested("t1-p", "t1", "p1", 1, AT, "notice"),
    e.PaperClaimed("t1-p", "t1", "p1"),
    e.PaperPrinted("t1-p", "t1", "p1", "acknowledged"),
    e.PaperUncertain("t1-p", "t1", "p1", "power"),
    e.PaperFailed("t1-p", "t1", "p1", "expired"),
    e.PrinterReported("p1", "cover_open"),
)


def golden_lines() -> list[Stored]:
    return [Stored(*json.loads(line)) for line in GOLDEN.read_text("utf-8").splitlines()] if GOLDEN.exists() else []


def append_missing() -> None:
    """Write a line for each example whose type and version the golden file does not hold yet."""
    lines = golden_lines()
    known = {(line.type, line.version) for line in lines}
    for event in EXAMPLES:
        if (event.TYPE, event.VERSION) not in known:
            seq, previous = (lines[-1].seq + 1, lines[-1].hash) if lines else (1, GENESIS)
            actor = e.Actor("staff", "ann")
            one = e.Recorded("h", seq, AT, date(2026, 11, 24), event, "0198f0c0a1b2c3d4e5f6a7b8", actor, "desk", 3)
            lines.append(seal(one, previous))
    text = "".join(json.dumps(astuple(line), ensure_ascii=False) + "\n" for line in lines)
    GOLDEN.write_text(text, "utf-8")


if __name__ == "__main__":
    append_missing()
