"""One law for every screen: an old snapshot and what came after it are a fresh snapshot.

It holds without a break, after one, and after a restart of the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall.day import commands as c
from hall.day import events as e
from hall.day.state import NUMBER_REST
from hall.live.feed import IDLE_CHANNEL_S, KEPT_MESSAGES, SUBSCRIBER_QUEUE, HallFeed
from hall.live.runner import Runner
from hall.live.usual import LEAST_TURNS, MEASURED
from hall.live.views.base import ViewUnknown
from hall.log.memory import MemoryLog
from hall.log.port import Commit
from tests.day.support import AT, DRAWN, HALL, WAITS_S, Step, Walker, minute
from tests.live.live_support import FOLLOW, SOURCES, CountedIds, Screen, by_command, feed_of, fresh
from tests.support import HandClock

steps = st.builds(Step, st.sampled_from(WAITS_S), st.sampled_from(DRAWN), st.integers(0, 30), st.integers(0, 30))
days = st.lists(st.tuples(steps, st.booleans()), min_size=20, max_size=60)

VIEWS: tuple[tuple[str, dict[str, str]], ...] = (
    ("board", {}),
    ("board", {"area": "left"}),
    ("kiosk", {"device": "k1"}),
    ("kiosk", {}),
    ("desk", {"counter": "c1"}),
    ("desk", {"counter": "c2"}),
    ("manager", {}),
    ("greeter", {}),
    ("ticket", {"ticket": "h0003"}),  # the third command is the first that can be an issue
    ("ticket", {"ticket": "h0005"}),
    ("printer", {"device": "p1"}),
    ("printer", {}),
)
NAMED = [f"{view}-{'-'.join(params.values())}" for view, params in VIEWS]


class Show:
    """A walker whose events are shown on a feed, and the screens that watch it."""

    def __init__(self, views: Iterable[tuple[str, dict[str, str]]] = VIEWS) -> None:
        self.walker = Walker()
        self.feed = feed_of(self.walker.setups)
        self.shown = 0
        self.show()
        self.screens = [Screen(view, dict(params)).connect(self.feed) for view, params in views]

    def show(self) -> None:
        """What happened since, command by command."""
        for recorded in by_command(self.walker.log[self.shown :]):
            self.feed.publish(*recorded)
        self.shown = len(self.walker.log)

    def play(self, step: Step) -> None:
        self.walker.play(step)
        self.show()

    def do(self, command: c.Command) -> None:
        self.walker.do(command)
        self.show()

    def tick(self, now_s: float = 0.0) -> None:
        self.feed.tick(now_s)
        for screen in self.screens:
            screen.listen()


def require_fresh(feed: HallFeed, screens: Iterable[Screen]) -> None:
    for screen in screens:
        assert screen.state == fresh(feed, screen.view, screen.params), f"{screen.view} {screen.params} is not fresh"


@given(days)
def test_an_old_snapshot_and_its_events_are_a_fresh_snapshot(day: list[tuple[Step, bool]]) -> None:
    show = Show()
    for step, is_tick in day:
        show.play(step)
        if is_tick:
            show.tick()
            require_fresh(show.feed, show.screens)
    show.tick()
    require_fresh(show.feed, show.screens)
    assert all(screen.kinds()[0] == "snapshot" and "snapshot" not in screen.kinds()[1:] for screen in show.screens)


@given(days, st.data())
def test_after_a_break_a_screen_gets_exactly_what_it_missed(day: list[tuple[Step, bool]], data: Any) -> None:
    show = Show()
    away = [Screen(screen.view, screen.params).connect(show.feed) for screen in show.screens]
    leaves, returns = sorted(data.draw(st.tuples(st.integers(0, len(day)), st.integers(0, len(day)))))
    is_in_time = [False] * len(away)
    for n, (step, is_tick) in enumerate([*day, (Step(0, "undo", 0, 0), True)]):
        if n == leaves:
            for screen in away:
                screen.listen().disconnect()
        if n == returns:
            is_in_time = [(screen.seq or 0) >= show.feed.picture.day.opened_seq for screen in away]
            for screen in away:
                screen.connect(show.feed)
        show.play(step)
        if is_tick:
            show.tick()
    for there, back, is_resumed in zip(show.screens, away, is_in_time, strict=True):
        assert back.listen().state == there.state
        if is_resumed:
            assert back.kinds() == ["event"] * len(back.heard)
            assert back.heard == there.heard[len(there.heard) - len(back.heard) :]
        else:
            assert back.kinds()[:1] == ["snapshot"]
    require_fresh(show.feed, away)


async def restarted(show: Show) -> HallFeed:
    """The feed of another process on the same log."""
    log = MemoryLog(FOLLOW)
    await log.append([Commit(HALL, tuple(events)) for events in by_command(show.walker.log)])
    runner = Runner(log, HandClock(), CountedIds(), SOURCES, epoch="e1", version="test")
    return (await runner.load(HALL, dict(show.walker.setups))).feed


@given(days, st.integers(0, 40))
@settings(max_examples=30)
def test_after_a_restart_a_screen_gets_what_it_missed(day: list[tuple[Step, bool]], leaves: int) -> None:
    show = Show()
    away: list[Screen] = []
    for n, (step, is_tick) in enumerate(day):
        if n == min(leaves, len(day) - 1):
            show.tick()
            for screen in show.screens:
                screen.disconnect()
            show.screens, away = [], show.screens
        show.play(step)
        if is_tick:
            show.tick()
    feed = asyncio.run(restarted(show))
    for screen in away:
        seq = screen.seq or 0
        # A phone gets its one record anew; every other screen gets what it missed.
        is_in_time = seq == feed.picture.day.seq or (seq >= feed.picture.day.opened_seq and screen.view != "ticket")
        assert ("snapshot" in screen.connect(feed).kinds()) != is_in_time
    require_fresh(feed, away)


@given(days)
@settings(max_examples=20)
def test_the_picture_is_the_same_after_a_restart(day: list[tuple[Step, bool]]) -> None:
    show = Show(())
    for step, _ in day:
        show.play(step)
    feed = asyncio.run(restarted(show))
    for view, params in VIEWS:
        assert fresh(feed, view, params) == fresh(show.feed, view, params)


# --- how long serving takes -----------------------------------------------------------------------------------------


def serve(show: Show, service: str, minutes: float) -> e.TicketFinished:
    """A visit at c1 that takes this long, at a time when numbers have rested long enough to be given again."""
    show.walker.at += NUMBER_REST
    show.do(c.IssueTicket(service))
    show.do(c.CallNext("c1"))
    show.do(c.Start("c1"))
    show.walker.at += timedelta(minutes=minutes)
    show.do(c.Finish("c1"))
    return next(one.event for one in reversed(show.walker.log) if isinstance(one.event, e.TicketFinished))


def corrected(show: Show, finished: e.TicketFinished, minutes: float) -> c.CorrectTime:
    """That the visit took so many minutes."""
    instants = {type(one.event): one.at for one in show.walker.log if getattr(one.event, "turn", "") == finished.turn}
    called_at, started_at, ended_at = (instants[kind] for kind in (e.TicketCalled, e.TicketStarted, e.TicketFinished))
    right = started_at + timedelta(minutes=minutes)
    return c.CorrectTime(
        finished.ticket, finished.turn, called_at, started_at, ended_at, "forgot_to_finish", ended_at=right
    )


def next_day(show: Show) -> None:
    show.walker.at += NUMBER_REST
    show.walker.roll()


def visits_of_a_day(show: Show) -> list[e.TicketFinished]:
    """Twenty of account, of 1 to 20 minutes each, and nineteen of loan."""
    show.do(c.OpenCounter("c1", services=("account", "loan")))
    loans = [serve(show, "loan", 2) for _ in range(LEAST_TURNS - 1)]
    return [*loans, *(serve(show, "account", n) for n in range(1, LEAST_TURNS + 1))]


def long_service_s(feed: HallFeed) -> dict[str, int | None]:
    return {service: feed.picture.long_service_s(service) for service in ("account", "loan")}


def test_a_long_visit_lasts_three_times_as_long_as_nine_of_ten_did() -> None:
    show = Show(())
    visits_of_a_day(show)
    next_day(show)
    feed = asyncio.run(restarted(show))
    assert long_service_s(feed) == {"account": 3 * 18 * 60, "loan": None}  # nobody expects anything of a loan
    show.walker.date += MEASURED
    next_day(show)
    assert long_service_s(asyncio.run(restarted(show)))["account"] == 3 * 300  # what the set-up expects


def test_a_corrected_time_counts_from_the_next_opening_on() -> None:
    show = Show(())
    for visit in visits_of_a_day(show)[-3:]:
        show.do(corrected(show, visit, 1))
    next_day(show)
    assert long_service_s(asyncio.run(restarted(show)))["account"] == 3 * 15 * 60


@pytest.mark.parametrize("goes_on", [False, True])
def test_a_screen_is_told_when_what_is_usual_was_measured_otherwise_after_a_restart(*, goes_on: bool) -> None:
    """A turn of yesterday is corrected, which the process that is ended knew as it was."""
    show = Show(())
    visits = visits_of_a_day(show)
    next_day(show)
    show.do(c.OpenCounter("c1", services=("account",)))
    show.do(c.IssueTicket("account"))
    show.do(c.CallNext("c1"))
    before = asyncio.run(restarted(show))
    desk, manager = (
        Screen(view, params).connect(before) for view, params in (("desk", {"counter": "c1"}), ("manager", {}))
    )
    assert desk.state["current"]["long_service_s"] == 3 * 18 * 60
    begun = len(show.walker.log)
    for visit in visits[-3:]:
        show.do(corrected(show, visit, 1))
    before.publish(*show.walker.log[begun:])
    before.tick(0.0)
    screens = [screen.listen() for screen in (desk, manager)]
    require_fresh(before, screens)
    for screen in screens:
        screen.disconnect()
    if goes_on:
        show.do(c.Start("c1"))
    after = asyncio.run(restarted(show))
    for screen in screens:
        screen.connect(after)
    require_fresh(after, screens)
    assert desk.state["current"]["long_service_s"] == 3 * 15 * 60


def test_the_figures_of_today_use_corrected_times_and_keep_the_first_ones() -> None:
    show = Show((("manager", {}),))
    show.do(c.OpenCounter("c1", services=("account",)))
    (screen,) = show.screens
    for n in (2, 4, 90):
        finished = serve(show, "account", n)
    show.tick()
    before = screen.state["today"]
    assert (before["services_n"], before["service_s_p50"]) == (3, 240)
    key = f"long_turn:{finished.turn}"
    assert (screen.state[key]["correction_reason"], screen.state[key]["corrected_ended_at"]) == (None, None)
    recorded = screen.state[key]["ended_at"]
    for minutes, p50 in ((3, 180), (5, 240)):  # and it may be corrected again
        show.do(corrected(show, finished, minutes))
        show.tick()
        assert screen.state["today"] == before | {"services_n": 3, "service_s_p50": p50}
        record = screen.state[key]
        assert record["ended_at"] == recorded > record["corrected_ended_at"]
        assert record["correction_reason"] == "forgot_to_finish"
    require_fresh(show.feed, show.screens)
    assert fresh(asyncio.run(restarted(show)), "manager", {}) == screen.state


def test_a_start_that_was_concluded_from_its_own_end_has_no_service_time() -> None:
    show = busy_show(("manager", {}))
    show.do(c.Finish("c1"))
    show.tick()
    today = show.screens[0].state["today"]
    assert (today["served"], today["services_n"], today["service_s_p50"]) == (1, 0, None)


def test_a_finish_that_is_taken_back_is_out_of_the_figures() -> None:
    show = Show((("manager", {}),))
    show.do(c.OpenCounter("c1", services=("account",)))
    finished = serve(show, "account", 90)
    show.do(c.Undo("c1"))
    show.tick()
    (screen,) = show.screens
    assert (screen.state["today"]["services_n"], f"long_turn:{finished.turn}" in screen.state) == (0, False)


# --- what is sent at once, and what is not sent at all --------------------------------------------------------------


def busy_show(*views: tuple[str, dict[str, str]]) -> Show:
    """Counters open, t1 = h0005 called at c1, t2 = h0006 waiting."""
    show = Show(views)
    for command in (c.OpenCounter("c1"), c.OpenCounter("c2"), c.IssueTicket("account"), c.IssueTicket("account")):
        show.do(command)
    show.do(c.CallNext("c1"))
    show.tick()
    return show


@pytest.mark.parametrize(
    ("view", "params"),
    [("board", {}), ("desk", {"counter": "c1"}), ("ticket", {"ticket": "h0005"})],
)
def test_a_call_is_shown_without_waiting_for_a_tick(view: str, params: dict[str, str]) -> None:
    show = busy_show((view, params))
    show.do(c.Recall("c1"))
    (screen,) = show.screens
    assert screen.listen().heard[-1]["type"] == "TicketRecalled"
    require_fresh(show.feed, show.screens)


def test_one_command_is_one_message() -> None:
    show = busy_show(("board", {}), ("desk", {"counter": "c1"}))
    before = [len(screen.heard) for screen in show.screens]
    show.do(c.CallNext("c1", finish=True))
    assert len(show.walker.log[-1].command_id) > 0
    assert [len(screen.listen().heard) for screen in show.screens] == [n + 1 for n in before]


def test_what_does_not_concern_a_view_waits_for_the_tick_and_is_sent_only_when_it_shows() -> None:
    show = busy_show(("desk", {"counter": "c3"}), ("manager", {}), ("board", {}))
    heard = [len(screen.heard) for screen in show.screens]
    show.do(c.IssueTicket("account"))
    assert [len(screen.listen().heard) for screen in show.screens] == heard
    show.tick()
    assert [len(screen.heard) for screen in show.screens] == [heard[0], heard[1] + 1, heard[2]]


def test_another_counters_call_does_not_disturb_a_desk() -> None:
    show = busy_show(("desk", {"counter": "c3"}))
    heard = len(show.screens[0].heard)
    show.do(c.Recall("c1"))
    show.tick()
    assert len(show.screens[0].heard) == heard


def test_a_recall_puts_the_same_record_again() -> None:
    show = busy_show(("board", {}))
    (screen,) = show.screens
    ((key, first),) = [(key, record) for key, record in screen.state.items() if key.startswith("call:")]
    show.walker.at = minute(1)
    show.do(c.Recall("c1"))
    second = screen.listen().state[key]
    assert (first["call_no"], second["call_no"]) == (1, 2)
    assert first["called_at"] == second["called_at"] == first["at"] < second["at"]


def test_an_undone_call_is_taken_back_quietly_on_the_board() -> None:
    show = busy_show(("board", {}))
    show.do(c.Undo("c1"))
    calls = [record for key, record in show.screens[0].listen().state.items() if key.startswith("call:")]
    assert [call["state"] for call in calls] == ["undone"]


def test_a_beat_repeats_the_last_seq_and_never_advances_it() -> None:
    show = busy_show(("board", {}))
    (screen,) = show.screens
    seq = screen.seq
    show.feed.beat(minute(5))
    beat = screen.listen().heard[-1]
    assert beat == {"kind": "beat", "seq": seq, "prev": seq, "at": "2026-11-24T02:35:00.000Z"}
    show.do(c.Recall("c1"))
    screen.listen()
    assert screen.heard[-1]["prev"] == seq


def test_a_snapshot_says_where_it_stands() -> None:
    show = busy_show(("board", {}))
    snapshot = Screen("board").connect(show.feed, minute(3)).heard[0]
    facts = {name: snapshot[name] for name in ("kind", "epoch", "seq", "version", "at", "rate")}
    assert facts == {
        "kind": "snapshot",
        "epoch": "e1",
        "seq": show.walker.day.seq,
        "version": "test",
        "at": "2026-11-24T02:33:00.000Z",
        "rate": 1.0,
    }


# --- coming back ----------------------------------------------------------------------------------------------------


def test_who_comes_back_in_time_gets_no_snapshot_and_what_was_missed_in_order() -> None:
    show = busy_show(("board", {}))
    away = Screen("board").connect(show.feed)
    away.disconnect()
    for _ in range(3):
        show.do(c.Recall("c1"))
    away.connect(show.feed)
    assert [message["put"].popitem()[1]["call_no"] for message in away.heard] == [2, 3, 4]


def test_who_missed_nothing_is_told_nothing() -> None:
    show = busy_show(("board", {}))
    away = Screen("board").connect(show.feed)
    away.disconnect()
    assert away.connect(show.feed).heard == []


@pytest.mark.parametrize(("seq", "epoch"), [(None, "e1"), (5, "e0"), (5, None), (10_000, "e1"), (0, "e1")])
def test_who_asks_for_what_cannot_be_told_gets_a_snapshot(seq: int | None, epoch: str | None) -> None:
    """No seq, another life of the database, a seq that has not been yet, one before today's opening."""
    show = busy_show(("board", {}))
    late = Screen("board", seq=seq, epoch=epoch)
    assert late.connect(show.feed).kinds() == ["snapshot"]
    require_fresh(show.feed, [late])


def test_who_was_away_for_too_many_messages_gets_a_snapshot() -> None:
    show = busy_show(("board", {}))
    away, just = Screen("board").connect(show.feed), Screen("board").connect(show.feed)
    away.disconnect()
    show.do(c.Recall("c1"))
    just.listen().disconnect()
    for _ in range(KEPT_MESSAGES):
        show.do(c.Recall("c1"))
    assert away.connect(show.feed).kinds() == ["snapshot"]
    assert just.connect(show.feed).kinds() == ["event"] * KEPT_MESSAGES
    require_fresh(show.feed, [away, just])


def test_who_was_away_over_night_gets_a_snapshot() -> None:
    show = busy_show(("board", {}))
    away = Screen("board").connect(show.feed)
    away.disconnect()
    show.walker.roll()
    show.show()
    assert away.connect(show.feed).kinds() == ["snapshot"]


def test_a_slow_reader_is_cut_and_catches_up() -> None:
    show = busy_show(("board", {}))
    (slow,) = show.screens
    for _ in range(SUBSCRIBER_QUEUE + 1):
        show.do(c.Recall("c1"))
    assert slow.subscriber is not None
    assert slow.subscriber.queue.qsize() == 1
    seq = slow.seq
    slow.listen()
    assert slow.is_cut
    assert slow.seq == seq
    show.do(c.Recall("c1"))
    assert slow.subscriber.queue.empty()
    slow.disconnect()
    slow.connect(show.feed)
    require_fresh(show.feed, [slow])


def test_a_slow_reader_does_not_disturb_the_others() -> None:
    show = busy_show(("board", {}), ("board", {}))
    slow, quick = show.screens
    for _ in range(SUBSCRIBER_QUEUE + 1):
        show.do(c.Recall("c1"))
        quick.listen()
    slow.listen()
    assert (slow.is_cut, quick.is_cut) == (True, False)
    require_fresh(show.feed, [quick])


def test_a_channel_that_nobody_watches_is_let_go_of() -> None:
    show = busy_show(("manager", {}), ("board", {}))
    for screen in show.screens:
        screen.disconnect()
    show.screens = []
    show.tick(now_s=1.0)
    show.tick(now_s=IDLE_CHANNEL_S)
    assert len(show.feed.channels) == 2
    show.tick(now_s=IDLE_CHANNEL_S + 2.0)
    assert [name for name, _ in show.feed.channels] == ["board"]  # the board is always at hand
    assert "manager" not in {type(channel.view).__name__ for found in show.feed.by_topic.values() for channel in found}


def test_screens_of_one_kind_share_their_messages() -> None:
    show = busy_show(*(("board", {}),) * 5)
    assert len(show.feed.channels) == 1


# --- views ----------------------------------------------------------------------------------------------------------


def test_a_view_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ViewUnknown):
        Screen("crystal-ball").connect(Show(()).feed)


@pytest.mark.parametrize(("view", "params"), VIEWS, ids=NAMED)
def test_a_view_can_be_looked_at_before_anything_happened(view: str, params: dict[str, str]) -> None:
    assert "hall" in Screen(view, params).connect(Show(()).feed).state or view == "printer"


@pytest.mark.parametrize(("view", "params"), [("board", {}), ("ticket", {"ticket": "h0005"})])
def test_public_views_name_no_staff(view: str, params: dict[str, str]) -> None:
    show = Show(((view, params),))
    show.do(c.OpenCounter("c1", "secret-login"))
    show.do(c.PauseCounter("c1", "secret-reason"))
    show.do(c.IssueTicket("account", device="k1"))
    show.do(c.ResumeCounter("c1"))
    show.do(c.CallNext("c1"))
    show.tick()
    (screen,) = show.screens
    assert "h0005" in params.values() or any(key.startswith("call:") for key in screen.state)
    assert "secret" not in str(screen.heard)


def test_a_phone_follows_its_ticket_to_the_end() -> None:
    show = busy_show(("ticket", {"ticket": "h0006"}))
    (phone,) = show.screens
    states = [phone.state["ticket"]["state"]]
    for command in (c.CallNext("c2"), c.Start("c2"), c.Finish("c2"), c.Undo("c2"), c.Finish("c2")):
        show.do(command)
        show.tick()
        states.append(phone.state["ticket"]["state"])
    assert states == ["waiting", "called", "serving", "done", "serving", "done"]
    assert phone.state["ticket"]["outcome"] == "served"
    show.walker.roll()
    show.show()
    show.tick()
    assert "ticket" not in phone.state


def test_the_figures_of_today_count_turns() -> None:
    show = busy_show(("manager", {}))
    show.do(c.Finish("c1"))
    show.walker.at = minute(2)
    show.do(c.CallNext("c2"))
    show.do(c.NoShow("c2", override="broken"))
    show.do(c.IssueTicket("account"))
    show.do(c.CancelTicket(show.walker.any_ticket(-1)))
    show.tick()
    today = show.screens[0].state["today"]
    assert {name: today[name] for name in ("issued", "called", "served", "missed", "cancelled", "expired")} == {
        "issued": 3,
        "called": 2,
        "served": 1,
        "missed": 1,
        "cancelled": 1,
        "expired": 0,
    }
    assert (today["waits_n"], today["wait_s_p50"], today["promised_n"], today["in_promise_n"]) == (2, 60, 2, 2)


def test_a_kiosk_sees_what_became_of_its_papers() -> None:
    show = Show((("kiosk", {"device": "k1"}), ("kiosk", {"device": "k3"}), ("printer", {"device": "p1"})))
    show.do(c.IssueTicket("account", device="k1"))
    paper = next(iter(show.walker.day.papers))
    kiosk, other, printer = show.screens
    seen = [printer.listen().state[f"paper:{paper}"]["state"]]
    for command in (c.ClaimPaper(paper), c.ReportPaper(paper, "uncertain", reason="power")):
        show.do(command)
        seen.append(kiosk.listen().state[f"paper:{paper}"]["state"])
    assert seen == ["requested", "claimed", "uncertain"]
    assert printer.listen().state == {}
    assert not [key for key in other.listen().state if key.startswith("paper:")]
    assert isinstance(show.walker.log[-1].event, e.PaperUncertain)
    assert show.walker.at == AT


def test_a_view_that_breaks_costs_only_its_own_screens(caplog: pytest.LogCaptureFixture) -> None:
    show = Show()
    board, desk = show.screens[0], next(screen for screen in show.screens if screen.view == "desk")
    assert desk.channel is not None

    class Broken:
        topics = desk.channel.view.topics

        def records(self, picture: object) -> dict[str, Any]:
            raise ValueError("a view of a set-up that nobody thought of")

    desk.channel.view = Broken()
    show.play(Step(0, "issue", 0, 0))
    show.tick()
    assert "the view Broken broke" in caplog.text
    assert desk.listen().is_cut
    assert not board.listen().is_cut
