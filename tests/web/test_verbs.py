"""The verbs beside the plain visit, each from its request to what the ticket, the log and the rows say afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hall.live.clockwork import turn
from hall.live.views.manager import ManagerView
from hall.log.verify import verify
from tests.support import HandClock
from tests.web.web_support import GAP_S, JIANGWAN, Door, House, done, open_house, refused


class TickingClock(HandClock):
    """Each look at the clock is a millisecond later, so that ids tell in which order things happened."""

    def now(self) -> datetime:
        self.advance(milliseconds=1)
        return self.at


@pytest.fixture
async def house(database: Path) -> AsyncIterator[House]:
    async with open_house(database, TickingClock()) as running:
        yield running


async def at_counter(api: Door, *verbs: str, **facts: Any) -> dict[str, Any]:
    """A ticket called to counter 1, where these verbs were pressed then."""
    ticket = await api.issue(**facts)
    for verb in ("open", "call-next", *verbs):
        await api.pressed(verb)
    return ticket


async def shown(api: Door, ticket: dict[str, Any]) -> dict[str, Any]:
    return done(await api.get(f"tickets/{ticket['id']}"))


async def change(api: Door, ticket: dict[str, Any], verb: str, **body: Any) -> dict[str, Any]:
    return done(await api.post(f"tickets/{ticket['id']}/{verb}", body))


async def turns_of(api: Door, ticket: dict[str, Any]) -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = (await shown(api, ticket))["timeline"]["turns"]
    return turns


# --- at the counter -------------------------------------------------------------------------------------------------


async def test_a_chosen_ticket_is_called_and_the_own_line_is_passed_over(house: House, api: Door) -> None:
    await api.issue()
    house.clock.advance(seconds=1)
    chosen = await api.issue()
    await api.pressed("open")
    called = await api.pressed("call", ticket=chosen["id"], reason="complaint")
    assert called["ticket"]["id"] == chosen["id"]
    assert (called["why"]["chosen_by"], called["why"]["reason"]) == ("picked", "complaint")
    assert [(one["number"], one["count"]) for one in called["why"]["passed_over"]] == [("A001", 1)]
    (row,) = await turns_of(api, chosen)
    assert (row["chosen_by"], row["call_reason"]) == ("picked", "complaint")
    both = await api.pressed("call", ticket=(await api.issue())["id"], reason="complaint", finish=True)
    assert both["ticket"]["number"] == "A003"
    assert (await shown(api, chosen))["outcome"] == "served"


async def test_somebody_without_a_number_is_served_at_once(api: Door) -> None:
    await api.issue()
    await api.pressed("open")
    walked = await api.pressed("walk-in", service="general", language="en", **{"class": "vip"})
    ticket = walked["ticket"]
    assert (ticket["number"], ticket["state"], ticket["class"], ticket["language"]) == ("V001", "serving", "vip", "en")
    assert (walked["why"]["chosen_by"], walked["why"]["passed_over"][0]["number"]) == ("walk_in", "A001")
    assert (await shown(api, ticket))["state"] == "serving"


MEANT: dict[str, dict[str, Any]] = {
    "call-next": {"finish": True},
    "recall": {},
    "start": {},
    "finish": {"outcome": "not_completed"},
    "no-show": {"override": "broken"},
    "park": {"reason": "form"},
    "transfer": {"service": "payment", "note": "has the form"},
    "undo": {},
}


@pytest.mark.parametrize("verb", [*MEANT, "call"])
async def test_a_press_from_a_screen_that_shows_somebody_else_changes_nothing(api: Door, verb: str) -> None:
    gone = await at_counter(api, "start")
    await api.issue()
    chosen = await api.issue()
    await api.pressed("call-next", finish=True)
    events = await api.events()
    body = MEANT.get(verb, {"ticket": chosen["id"], "reason": "complaint", "finish": True})
    for meant in ("", gone["id"]):
        problem = refused(await api.press(verb, visitor=meant, **body), "visitor_changed")
        assert (problem["counter"], problem["number"]) == ("1", "A002")
    assert await api.events() == events


@pytest.mark.parametrize("verb", ["open", "pause", "resume", "close", "walk-in", "unpark", "help"])
async def test_only_verbs_that_act_on_who_is_at_the_counter_say_whom_they_mean(api: Door, verb: str) -> None:
    refused(await api.press(verb, visitor=""), "malformed")


async def test_a_visitor_is_set_aside_and_served_again(api: Door) -> None:
    ticket = await at_counter(api, "start")
    assert (await api.pressed("park", reason="form", minutes=5))["ticket"] is None
    assert (await shown(api, ticket))["state"] == "parked"
    assert (await turns_of(api, ticket))[0]["park_reason"] == "form"
    back = await api.pressed("unpark")
    assert (back["ticket"]["id"], back["ticket"]["state"]) == (ticket["id"], "serving")
    await api.pressed("park", reason="photo")
    assert (await api.pressed("unpark", ticket=ticket["id"]))["ticket"]["state"] == "serving"


async def test_when_the_time_is_over_the_visitor_set_aside_is_next_at_that_counter(house: House, api: Door) -> None:
    ticket = await at_counter(api, "start")
    await api.pressed("park", reason="form", minutes=0.5)
    house.clock.advance(seconds=30)
    await turn(house.system.runner, house.hall)
    assert (await shown(api, ticket))["state"] == "waiting"
    called = await api.pressed("call-next")
    assert (called["ticket"]["id"], called["why"]["chosen_by"]) == (ticket["id"], "sent")


async def test_a_counter_that_closes_gives_its_visitors_back_to_the_open_line(api: Door) -> None:
    ticket = await at_counter(api, "start")
    await api.pressed("park", reason="form")
    await api.pressed("close")
    await api.pressed("open", counter="2")
    assert (await api.pressed("call-next", counter="2"))["ticket"]["id"] == ticket["id"]


async def test_a_visitor_is_sent_on_from_the_counter_and_comes_back(api: Door) -> None:
    ticket = await at_counter(api, "start")
    await api.pressed("open", counter="3")
    body = {"service": "card", "counter": "3", "return": True}
    assert done(await api.post("counters/1/transfer", body))["ticket"] is None
    there = await api.pressed("call-next", counter="3")
    assert (there["ticket"]["number"], there["ticket"]["service"]) == ("A001", "card")
    assert there["ticket"]["promise_s"] == 15 * 60
    await api.pressed("start", counter="3")
    await api.pressed("finish", counter="3")
    back = await api.pressed("call-next")
    assert (back["ticket"]["id"], back["ticket"]["service"], back["why"]["chosen_by"]) == (
        ticket["id"],
        "general",
        "sent",
    )
    assert [one["outcome"] for one in await turns_of(api, ticket)] == ["transferred", "served", None]


async def test_a_transfer_a_parking_and_a_no_show_are_taken_back(house: House, api: Door) -> None:
    ticket = await at_counter(api, "start")
    await api.pressed("transfer", service="payment")
    assert (await api.pressed("undo"))["ticket"]["state"] == "serving"
    await api.pressed("park", reason="form")
    assert (await api.pressed("undo"))["ticket"]["state"] == "serving"
    assert (await api.pressed("undo"))["ticket"]["state"] == "called"
    await house.call_in_vain(api)
    await api.pressed("no-show")
    assert (await api.pressed("undo"))["ticket"]["state"] == "called"
    await api.pressed("no-show", override="device_fault")
    house.clock.advance(seconds=61)
    refused(await api.press("undo"), "nothing_to_undo")
    assert [one["outcome"] for one in await turns_of(api, ticket)] == [None, "withdrawn"]
    assert await verify(house.system.runner.log, JIANGWAN) == []


async def test_a_list_says_what_a_visitor_who_was_sent_on_is_there_for_now(api: Door) -> None:
    ticket = await at_counter(api, "start")
    await api.pressed("transfer", service="payment")
    await api.pressed("call-next")
    (listed,) = done(await api.get("tickets"))["tickets"]
    one = await shown(api, ticket)
    same = ("service", "promise_s", "counter", "state", "called_at")
    assert {name: listed[name] for name in same} == {name: one[name] for name in same}
    assert (one["service"], one["counter"]) == ("payment", "1")


async def test_the_undo_of_a_transfer_says_what_the_visitor_was(api: Door) -> None:
    """Sent on when only called: called again, and not served."""
    await at_counter(api)
    await api.pressed("transfer", service="payment")
    assert (await api.pressed("undo"))["ticket"]["state"] == "called"


async def test_a_clerk_asks_for_help_and_somebody_takes_and_solves_it(house: House, api: Door) -> None:
    ticket = await at_counter(api)
    asked = await api.pressed("help", kind="dispute")
    assert asked["ticket"]["id"] == ticket["id"]
    (help,) = house.hall.picture.day.helps
    greeter = await house.door("greeter")
    taken = done(await greeter.post(f"help/{help}/take"))
    assert (taken["help"], taken["seq"]) == (help, asked["seq"] + 1)
    refused(await greeter.post(f"help/{help}/take"), "help_taken")
    assert done(await greeter.post(f"help/{help}/solve"))["seq"] == taken["seq"] + 1
    refused(await greeter.post(f"help/{help}/solve"), "help_unknown")
    assert [event["type"] for event in await api.events()][-3:] == ["HelpRequested", "HelpTaken", "HelpSolved"]


async def test_papers_that_are_missing_give_a_notice_and_a_credit(house: House, api: Door) -> None:
    kiosk = await house.door("kiosk")
    ticket = await kiosk.issue("card")
    await api.pressed("open", counter="3")
    await api.pressed("call-next", counter="3")
    items = [{"item": "new"}, {"item": "register", "quantity": 2}]
    await api.pressed("finish", counter="3", outcome="not_completed", reason="papers_missing", items=items, credit=True)
    (row,) = await turns_of(api, ticket)
    assert (row["outcome"], row["end_reason"], row["work"]) == ("not_completed", "papers_missing", 3.0)
    now = done(await api.get("now"))
    assert (now["today"]["work"], now["counters"][0]["work"], now["counters"][0]["served"]) == (3.0, 3.0, 1)
    kinds = [paper["kind"] for paper in (await shown(api, ticket))["timeline"]["papers"]]
    assert kinds == ["ticket", "notice"]
    house.clock.advance(hours=1)
    await api.issue("card")
    back = await api.issue("card", comeback=ticket["id"])
    assert back["ahead"] == 0
    assert (await turns_of(api, back))[0]["claim_at"].startswith("2026-11-24T02:45:")
    refused(await api.post("tickets", {"service": "card", "comeback": ticket["id"]}), "comeback_unknown")


# --- of a ticket ----------------------------------------------------------------------------------------------------


async def missed_ticket(house: House, api: Door) -> dict[str, Any]:
    ticket = await at_counter(api)
    await house.call_in_vain(api)
    await api.pressed("no-show")
    return ticket


async def test_who_was_missed_is_put_back_in_line(house: House, api: Door) -> None:
    ticket = await missed_ticket(house, api)
    for n in range(4):
        house.clock.advance(seconds=n)
        await api.issue()
    back = await change(api, ticket, "reinstate")
    assert (back["state"], back["ahead"]) == ("waiting", 3)
    (row,) = await turns_of(api, ticket)
    assert (row["state"], row["called_at"], row["deliveries"]) == ("waiting", None, 0)


async def test_staff_may_choose_the_place(house: House, api: Door) -> None:
    ticket = await missed_ticket(house, api)
    await api.issue()
    assert (await change(api, ticket, "reinstate", place="tail"))["ahead"] == 1


async def test_who_was_missed_and_does_not_return_is_a_no_show(house: House, api: Door) -> None:
    ticket = await missed_ticket(house, api)
    house.clock.advance(minutes=15)
    await turn(house.system.runner, house.hall)
    assert (await shown(api, ticket))["outcome"] == "no_show"
    refused(await api.post(f"tickets/{ticket['id']}/reinstate"), "ticket_closed")


async def test_a_waiting_visitor_is_sent_to_another_service(api: Door) -> None:
    ticket = await api.issue()
    sent = await change(api, ticket, "transfer", service="payment")
    assert (sent["number"], sent["service"], sent["promise_s"], sent["state"]) == ("A001", "payment", 600, "waiting")


async def test_a_visitor_lets_others_first(house: House, api: Door) -> None:
    ticket = await api.issue()
    for _ in range(3):
        house.clock.advance(seconds=1)
        await api.issue()
    assert (await change(api, ticket, "postpone"))["ahead"] == 1
    assert (await change(api, ticket, "postpone", places=2))["ahead"] == 3


async def test_another_class_comes_with_its_place_in_line(house: House, api: Door) -> None:
    await api.issue()
    house.clock.advance(minutes=1)
    ticket = await api.issue()
    moved = await change(api, ticket, "reprioritise", **{"class": "priority", "reason": "pregnant"})
    assert (moved["class"], moved["number"], moved["ahead"]) == ("priority", "A002", 0)
    assert (await shown(api, ticket))["class"] == "priority"


async def test_a_visit_of_several_services_and_one_that_is_added(api: Door) -> None:
    ticket = await at_counter(api, services=["payment"])
    await change(api, ticket, "add-service", service="card")
    services = []
    for _ in range(2):
        await api.pressed("start")
        called = await api.pressed("call-next", finish=True)
        services.append(None if called["ticket"] is None else called["ticket"]["service"])
    assert services == ["payment", None]
    await api.pressed("open", counter="3")
    assert (await api.pressed("call-next", counter="3"))["ticket"]["service"] == "card"
    assert [one["service"] for one in await turns_of(api, ticket)] == ["general", "payment", "card"]


async def test_a_finish_of_several_services_is_taken_back_and_done_again(house: House, api: Door) -> None:
    ticket = await at_counter(api, "start", services=["card"])
    for verb in ("finish", "undo", "finish"):
        await api.pressed(verb)
    assert [one["outcome"] for one in await turns_of(api, ticket)] == ["served", "withdrawn", None]
    assert (await shown(api, ticket))["service"] == "card"
    assert await verify(house.system.runner.log, JIANGWAN) == []


async def served(house: House, api: Door) -> dict[str, Any]:
    """Called at 10:00, started at 10:05, finished at 10:20."""
    ticket = await at_counter(api)
    house.clock.advance(minutes=5)
    await api.pressed("start")
    house.clock.advance(minutes=15)
    await api.pressed("finish")
    return ticket


async def test_a_corrected_time_stands_beside_the_first_one(house: House, api: Door) -> None:
    ticket = await served(house, api)
    body = {"started_at": "2026-11-24T10:02:00+08:00", "ended_at": "2026-11-24T02:09:30Z", "reason": "forgot_to_finish"}
    answer = await change(api, ticket, "correct-time", **body)
    (row,) = answer["timeline"]["turns"]
    assert (row["started_at"][:16], row["ended_at"][:16]) == ("2026-11-24T02:05", "2026-11-24T02:20")
    assert (row["corrected_started_at"], row["corrected_ended_at"]) == (
        "2026-11-24T02:02:00.000Z",
        "2026-11-24T02:09:30.000Z",
    )
    assert row["correction_reason"] == "forgot_to_finish"
    assert await turns_of(api, ticket) == [row]
    assert await verify(house.system.runner.log, JIANGWAN) == []


async def test_a_second_correction_is_measured_by_the_first_one(house: House, api: Door) -> None:
    ticket = await served(house, api)
    await change(api, ticket, "correct-time", started_at="2026-11-24T02:15:00Z", reason="mistake")
    body = {"ended_at": "2026-11-24T02:10:00Z", "reason": "mistake"}
    refused(await api.post(f"tickets/{ticket['id']}/correct-time", body), "time_impossible")
    turn_id = (await turns_of(api, ticket))[0]["id"]
    await change(api, ticket, "correct-time", ended_at="2026-11-24T02:16:00Z", turn=turn_id, reason="mistake")
    (row,) = await turns_of(api, ticket)
    assert (row["corrected_started_at"], row["corrected_ended_at"]) == (
        "2026-11-24T02:15:00.000Z",
        "2026-11-24T02:16:00.000Z",
    )
    refused(
        await api.post(f"tickets/{ticket['id']}/correct-time", {**body, "turn": "nothing"}),
        "turn_not_done",
    )


async def test_todays_figures_follow_a_correction(house: House, api: Door) -> None:
    ticket = await served(house, api)

    def today() -> dict[str, Any]:
        return ManagerView().records(house.hall.picture)["today"]

    before = today()
    assert (before["services_n"], before["service_s_p50"]) == (1, 900)
    await change(api, ticket, "correct-time", ended_at="2026-11-24T02:10:00Z", reason="forgot_to_finish")
    assert today() == before | {"service_s_p50": 300}  # nobody waited longer or less


async def test_a_recorded_time_is_confirmed_and_stays_as_it_was(house: House, api: Door) -> None:
    ticket = await served(house, api)
    (before,) = await turns_of(api, ticket)
    await change(api, ticket, "correct-time", ended_at=before["ended_at"], reason="confirmed")
    (row,) = await turns_of(api, ticket)
    assert row == before | {"corrected_ended_at": before["ended_at"], "correction_reason": "confirmed"}
    body = {"ended_at": "2026-11-24T02:10:00Z", "reason": "confirmed"}
    refused(await api.post(f"tickets/{ticket['id']}/correct-time", body), "reason_unknown")


async def test_a_finish_that_is_taken_back_takes_its_correction_along(house: House, api: Door) -> None:
    ticket = await served(house, api)
    await change(api, ticket, "correct-time", ended_at="2026-11-24T02:10:00Z", reason="mistake")
    await api.pressed("undo")
    house.clock.advance(minutes=5)
    await api.pressed("finish")
    (row,) = await turns_of(api, ticket)
    assert (row["ended_at"][:16], row["corrected_ended_at"]) == ("2026-11-24T02:25", None)
    assert await verify(house.system.runner.log, JIANGWAN) == []


async def test_why_not_yet_is_said_in_a_sentence_and_in_facts(house: House, api: Door) -> None:
    ticket = await api.issue()
    house.clock.advance(minutes=1)
    await api.issue(**{"class": "priority"})
    await api.pressed("open")
    why = done(await api.get(f"tickets/{ticket['id']}/why"))
    assert (why["state"], why["ahead"], why["ahead_at_issue"], why["rule"]) == ("waiting", 1, 0, "head_start")
    assert [(one["cause"], one["count"]) for one in why["overtaken_by"]] == [("class", 1)]
    assert why["sentence"]["zh-Hans"] == "前面增加 1 位：老年、残障优先1"
    await api.pressed("call-next")
    assert done(await api.get(f"tickets/{ticket['id']}/why"))["sentence"]["en"] == "You are next."
    await change(api, ticket, "cancel")
    refused(await api.get(f"tickets/{ticket['id']}/why"), "ticket_closed")
    refused(await api.get("tickets/nothing/why"), "ticket_unknown")


# --- the floor ------------------------------------------------------------------------------------------------------


async def test_the_greeter_counts_who_needs_no_number_and_who_comes_in(house: House, api: Door) -> None:
    greeter = await house.door("greeter")
    diverted = done(await greeter.post("diversions", {"to": "app", "service": "payment"}), 201)
    assert (diverted["to"], diverted["service"]) == ("app", "payment")
    refused(await greeter.post("diversions", {"to": "app", "service": "nothing"}), "service_unknown")
    assert done(await greeter.post("door"), 201)["count"] == 1
    assert done(await greeter.post("door", {"count": 4}), 201)["count"] == 4
    assert done(await greeter.post("door", {"count": -5}), 201)["count"] == -5
    assert done(await greeter.post("diversions", {"to": "app", "count": -1}), 201)["count"] == -1
    events = (await api.events())[-5:]
    assert [(event["type"], event["door"]) for event in events] == [
        ("VisitDiverted", "greeter"),
        ("DoorCounted", "greeter"),
        ("DoorCounted", "greeter"),
        ("DoorCounted", "greeter"),
        ("VisitDiverted", "greeter"),
    ]


async def test_the_devices_are_listed_with_what_is_known_of_them(api: Door) -> None:
    devices = {one["id"]: one for one in done(await api.get("devices"))["devices"]}
    assert devices.keys() == {"kiosk-1", "printer-1", "printer-9", "display-1", "display-2"}
    assert (devices["printer-9"]["kind"], devices["printer-9"]["alive"]) == ("printer", False)


# --- what cannot be read, what is not there -------------------------------------------------------------------------

UNREADABLE: dict[str, list[dict[str, Any]]] = {
    "counters/1/call": [{}, {"ticket": "x y"}],
    "counters/1/walk-in": [{}, {"service": "general", "count": 1}],
    "counters/1/park": [{}, {"reason": "form", "minutes": 0}, {"reason": "form", "minutes": 10_000}],
    "counters/1/unpark": [{"ticket": ""}],
    "counters/1/transfer": [{"service": ""}, {"note": "x" * 1001}],
    "counters/1/help": [{}, {"kind": "boredom"}],
    "counters/1/no-show": [{"override": "a b"}],
    "counters/1/finish": [
        {"outcome": "flown"},
        {"items": [{"item": "1", "quantity": 0}]},
        {"reason": "papers_missing"},
        {"credit": True},
    ],
    "counters/1/call-next": [{"items": [{"item": "1"}]}, {"outcome": "not_completed"}],
    "tickets/x/reinstate": [{"place": "middle"}],
    "tickets/x/postpone": [{"places": 0}, {"places": 21}],
    "tickets/x/reprioritise": [{}, {"class": "vip"}],
    "tickets/x/add-service": [{}],
    "tickets/x/transfer": [{"return": "perhaps"}],
    "tickets/x/correct-time": [
        {},
        {"reason": "mistake"},
        {"reason": "mistake", "ended_at": "2026-11-24T10:00:00"},
    ],
    "diversions": [{}, {"to": "moon"}],
    "door": [{"count": 0}],
}


@pytest.mark.parametrize("path", UNREADABLE)
async def test_what_cannot_be_read_is_malformed_and_changes_nothing(house: House, api: Door, path: str) -> None:
    before = house.hall.picture.day.seq
    for body in UNREADABLE[path]:
        refused(await api.post(path, body), "malformed")
    assert house.hall.picture.day.seq == before


BODIES: dict[str, dict[str, Any]] = {
    "reinstate": {},
    "transfer": {"service": "payment"},
    "postpone": {},
    "reprioritise": {"class": "vip", "reason": "elder"},
    "add-service": {"service": "payment"},
    "correct-time": {"ended_at": "2026-11-24T02:00:00Z", "reason": "mistake"},
}


@pytest.mark.parametrize("verb", BODIES)
async def test_a_ticket_that_is_over_or_never_was(api: Door, verb: str) -> None:
    ticket = await api.issue()
    await change(api, ticket, "cancel")
    code = "turn_not_done" if verb == "correct-time" else "ticket_closed"
    for key in (None, "k"):
        refused(await api.post(f"tickets/{ticket['id']}/{verb}", BODIES[verb], key=key), code)
        refused(await api.post(f"tickets/nothing/{verb}", BODIES[verb], key=key), "ticket_unknown")


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("call", {"ticket": "nothing"}),
        ("walk-in", {"service": "general"}),
        ("park", {"reason": "form"}),
        ("unpark", {}),
        ("transfer", {"service": "payment"}),
        ("help", {"kind": "device"}),
    ],
)
async def test_a_closed_counter_and_an_unknown_one(api: Door, verb: str, body: dict[str, Any]) -> None:
    refused(await api.press(verb, **body), "counter_closed")
    refused(await api.press(verb, counter="99", **body), "counter_unknown")


async def test_the_rows_are_what_the_log_says_after_all_of_it(house: House, api: Door) -> None:
    first = await at_counter(api, "start", services=["payment"], note="in a wheelchair")
    for body in ({"reason": "form"}, {}, {"service": "payment", "note": "has the form"}, {}):
        verb = "park" if "reason" in body else "transfer" if body else "undo"
        await api.pressed(verb, **body)
    await change(api, first, "add-service", service="card")
    second, third = await api.issue(), await api.issue()
    await change(api, second, "postpone")
    await change(api, third, "reprioritise", **{"class": "priority", "reason": "elder"})
    await api.pressed("transfer", service="payment", note="second floor")
    await api.pressed("call", ticket=second["id"], reason="complaint")
    await house.call_in_vain(api)
    await api.pressed("no-show")
    await change(api, second, "reinstate", place="head")
    house.clock.advance(seconds=GAP_S)
    await api.pressed("walk-in", service="general")
    await api.pressed("finish")
    log = house.system.runner.log
    assert await verify(log, JIANGWAN) == []
    before = {table: await log.rows(JIANGWAN, table) for table in ("ticket", "turn", "paper")}
    await log.rebuild(JIANGWAN)
    assert {table: await log.rows(JIANGWAN, table) for table in before} == before
