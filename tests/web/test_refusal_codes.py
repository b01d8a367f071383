"""Every code of the API is provoked here over HTTP, or it stands below with the reason why it cannot be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from hall.day import refusals
from hall.day.refusals import Refusal
from hall.edge.status import STATUS
from hall.people.limiter import MAX_PER_LOGIN
from tests.web.web_support import CORNER, GAP_S, Door, House, refused

NOT_OVER_HTTP = {
    "day_closed": "every command that comes in opens the day first",
    "refused": "the code of what has none of its own; every refusal has one",
    "setup_in_use": "publishing a set-up answers with its own lines: tested with the command line",
    "setup_unknown": "no route names a version of a set-up yet",
    "text_too_long": "every text has its limit in the route's schema, which answers `malformed`",
    "view_unknown": "a word of the live feed, which closes its socket with it",
    "unexpected": "only a fault of our own: tests of the edge plant one",
}


@dataclass(slots=True)
class Scene:
    """Who is there when a code is provoked."""

    house: House
    api: Door
    kiosk: Door
    printer: Door
    nobody: Door

    async def visitor_at_counter(self, *verbs: str) -> str:
        """A ticket called to counter 1, where these verbs were pressed then."""
        ticket = str((await self.api.issue())["id"])
        for verb in ("open", "call-next", *verbs):
            await self.api.pressed(verb)
        return ticket

    async def paper(self) -> str:
        return str((await self.kiosk.issue())["paper"]["id"])

    def at_local(self, hour: int, minute: int = 0) -> None:
        """Move the clock to this time of the same Tuesday in the hall."""
        self.house.clock.at = self.house.clock.at.replace(hour=0, minute=0) + timedelta(hours=hour - 8, minutes=minute)


Provoke = Callable[[Scene], Awaitable[httpx.Response]]
PROVOKED: dict[str, Provoke] = {}


def provokes(code: str) -> Callable[[Provoke], Provoke]:
    def listed(provoke: Provoke) -> Provoke:
        assert code not in PROVOKED
        PROVOKED[code] = provoke
        return provoke

    return listed


@pytest.fixture
async def scene(house: House) -> Scene:
    doors = [await house.door(role) for role in ("api", "kiosk", "printer", None)]
    return Scene(house, *doors)


@provokes("not_signed_in")
async def without_a_token(scene: Scene) -> httpx.Response:
    return await scene.nobody.post("tickets", {"service": "general"})


@provokes("sign_in_failed")
async def with_a_wrong_pin(scene: Scene) -> httpx.Response:
    return await scene.nobody.post("/api/v1/sign-in", {"login": "chen", "pin": "0"})


@provokes("forbidden")
async def with_the_wrong_role(scene: Scene) -> httpx.Response:
    return await scene.kiosk.press("call-next")


@provokes("too_many_attempts")
async def with_too_many_pins(scene: Scene) -> httpx.Response:
    for _ in range(MAX_PER_LOGIN):
        await with_a_wrong_pin(scene)
    answer = await scene.nobody.post("/api/v1/sign-in", {"login": "chen", "pin": "1001"})
    assert int(answer.headers["retry-after"]) > 0
    return answer


@provokes("not_found")
async def at_a_wrong_address(scene: Scene) -> httpx.Response:
    return await scene.nobody.get("/api/v1/hall")


@provokes("method_not_allowed")
async def with_a_wrong_method(scene: Scene) -> httpx.Response:
    return await scene.nobody.client.delete("/api/v1/halls")


@provokes("hall_unknown")
async def at_an_unknown_hall(scene: Scene) -> httpx.Response:
    return await scene.nobody.at("nowhere").get("staff-sign-in")


@provokes("service_unknown")
async def for_an_unknown_service(scene: Scene) -> httpx.Response:
    return await scene.api.post("tickets", {"service": "nothing"})


@provokes("class_unknown")
async def for_an_unknown_class(scene: Scene) -> httpx.Response:
    return await scene.api.post("tickets", {"service": "general", "class": "nothing"})


@provokes("language_unknown")
async def in_an_unknown_language(scene: Scene) -> httpx.Response:
    return await scene.api.post("tickets", {"service": "general", "language": "tlh"})


@provokes("counter_unknown")
async def at_an_unknown_counter(scene: Scene) -> httpx.Response:
    return await scene.api.press("open", counter="99")


@provokes("ticket_unknown")
async def of_an_unknown_ticket(scene: Scene) -> httpx.Response:
    return await scene.api.post("tickets/nothing/cancel")


@provokes("paper_unknown")
async def of_an_unknown_paper(scene: Scene) -> httpx.Response:
    return await scene.printer.post("papers/nothing/claim")


@provokes("printer_unknown")
async def of_an_unknown_printer(scene: Scene) -> httpx.Response:
    return await scene.printer.post("printers/nothing/state", {"state": "ready"})


@provokes("hall_closed")
async def in_the_evening(scene: Scene) -> httpx.Response:
    scene.at_local(19)
    return await scene.api.post("tickets", {"service": "general"})


@provokes("service_closed")
async def after_a_service_has_closed(scene: Scene) -> httpx.Response:
    scene.at_local(17, 30)
    await scene.api.issue("general")
    return await scene.api.post("tickets", {"service": "business"})


@provokes("service_is_heading")
async def for_a_heading(scene: Scene) -> httpx.Response:
    corner = await scene.house.door("api", hall=CORNER)
    return await corner.post("tickets", {"service": "papers"})


@provokes("range_full")
async def when_every_number_is_given(scene: Scene) -> httpx.Response:
    corner = await scene.house.door("api", hall=CORNER)
    assert (await corner.issue("passport"))["number"] == "X001"
    return await corner.post("tickets", {"service": "passport"})


@provokes("counter_closed")
async def at_a_closed_counter(scene: Scene) -> httpx.Response:
    return await scene.api.press("call-next")


@provokes("counter_paused")
async def at_a_paused_counter(scene: Scene) -> httpx.Response:
    await scene.api.pressed("open")
    await scene.api.pressed("pause")
    return await scene.api.press("call-next")


@provokes("counter_not_paused")
async def at_a_counter_that_works(scene: Scene) -> httpx.Response:
    await scene.api.pressed("open")
    return await scene.api.press("resume")


@provokes("counter_busy")
async def at_a_busy_counter(scene: Scene) -> httpx.Response:
    await scene.visitor_at_counter()
    return await scene.api.press("call-next")


@provokes("counter_open")
async def at_an_open_counter(scene: Scene) -> httpx.Response:
    await scene.api.pressed("open")
    return await scene.api.press("open")


@provokes("counter_idle")
async def without_a_visitor(scene: Scene) -> httpx.Response:
    await scene.api.pressed("open")
    return await scene.api.press("finish")


@provokes("visitor_changed")
async def of_a_visitor_who_has_gone(scene: Scene) -> httpx.Response:
    ticket = await scene.visitor_at_counter()
    await scene.api.issue()
    await scene.api.pressed("call-next", finish=True)
    answer = await scene.api.press("finish", visitor=ticket)
    assert (answer.json()["counter"], answer.json()["number"]) == ("1", "A002")
    return answer


@provokes("not_called")
async def of_a_visitor_being_served(scene: Scene) -> httpx.Response:
    await scene.visitor_at_counter("start")
    return await scene.api.press("recall")


@provokes("staff_elsewhere")
async def of_a_clerk_at_another_counter(scene: Scene) -> httpx.Response:
    await scene.api.pressed("open", staff="chen")
    return await scene.api.press("open", counter="2", staff="chen")


@provokes("nothing_to_undo")
async def with_nothing_done(scene: Scene) -> httpx.Response:
    await scene.api.pressed("open")
    return await scene.api.press("undo")


@provokes("ticket_closed")
async def of_a_ticket_that_is_over(scene: Scene) -> httpx.Response:
    ticket = await scene.visitor_at_counter("finish")
    return await scene.api.post(f"tickets/{ticket}/cancel")


@provokes("ticket_at_counter")
async def of_a_ticket_being_served(scene: Scene) -> httpx.Response:
    ticket = await scene.visitor_at_counter("start")
    return await scene.api.post(f"tickets/{ticket}/cancel")


@provokes("paper_claimed")
async def of_a_claimed_paper(scene: Scene) -> httpx.Response:
    paper = await scene.paper()
    assert (await scene.printer.post(f"papers/{paper}/claim")).is_success
    return await scene.printer.post(f"papers/{paper}/claim")


@provokes("paper_not_claimed")
async def of_an_unclaimed_paper(scene: Scene) -> httpx.Response:
    return await scene.printer.post(f"papers/{await scene.paper()}/printed")


@provokes("paper_finished")
async def of_a_paper_that_is_too_old(scene: Scene) -> httpx.Response:
    paper = await scene.paper()
    scene.house.clock.advance(seconds=91)
    return await scene.printer.post(f"papers/{paper}/claim")


# --- what a verb asks for ---------------------------------------------------------------------------------------------


@provokes("ticket_not_waiting")
async def of_a_ticket_being_served_that_is_postponed(scene: Scene) -> httpx.Response:
    ticket = await scene.visitor_at_counter("start")
    return await scene.api.post(f"tickets/{ticket}/postpone")


@provokes("ticket_already_called")
async def of_a_ticket_that_was_called_elsewhere(scene: Scene) -> httpx.Response:
    ticket = await scene.visitor_at_counter()
    await scene.api.pressed("open", counter="2")
    return await scene.api.press("call", counter="2", ticket=ticket, reason="complaint")


@provokes("ticket_not_missed")
async def of_a_ticket_that_waits_and_is_reinstated(scene: Scene) -> httpx.Response:
    ticket = (await scene.api.issue())["id"]
    return await scene.api.post(f"tickets/{ticket}/reinstate")


@provokes("returns_spent")
async def of_a_visitor_who_comes_back_too_often(scene: Scene) -> httpx.Response:
    corner = await scene.house.door("api", hall=CORNER)
    secret = (await corner.issue("permit"))["follow_url"].rpartition("/")[2]
    await corner.pressed("open")
    for _ in range(2):
        await corner.pressed("call-next")
        await corner.pressed("no-show")
        answer = await scene.nobody.post(f"/api/v1/t/{secret}/reinstate")
    return answer


@provokes("call_not_delivered")
async def of_a_call_that_no_display_showed(scene: Scene) -> httpx.Response:
    await scene.visitor_at_counter()
    answer = await scene.api.press("no-show")
    assert answer.json()["cause"] == "no_display"
    assert answer.json()["ways"] == ["recall", "greeter", "override"]
    return answer


@provokes("too_few_calls")
async def of_a_single_call(scene: Scene) -> httpx.Response:
    await scene.visitor_at_counter()
    await scene.house.deliver()
    return await scene.api.press("no-show")


@provokes("no_show_too_soon")
async def before_the_time_to_come_is_over(scene: Scene) -> httpx.Response:
    await scene.visitor_at_counter()
    await scene.house.call_in_vain(scene.api)
    await scene.api.pressed("recall")
    await scene.house.deliver()
    return await scene.api.press("no-show")


@provokes("recall_too_soon")
async def of_a_call_a_moment_ago(scene: Scene) -> httpx.Response:
    await scene.visitor_at_counter()
    scene.house.clock.advance(seconds=GAP_S - 1)
    return await scene.api.press("recall")


@provokes("override_not_allowed")
async def in_a_hall_that_overrides_nothing(scene: Scene) -> httpx.Response:
    corner = await scene.house.door("api", hall=CORNER)
    await corner.issue("permit")
    await corner.pressed("open")
    await corner.pressed("call-next")
    return await corner.press("no-show", override="device_fault")


@provokes("pick_not_allowed")
async def in_a_hall_that_picks_nobody(scene: Scene) -> httpx.Response:
    corner = await scene.house.door("api", hall=CORNER)
    ticket = (await corner.issue("permit"))["id"]
    await corner.pressed("open")
    return await corner.press("call", ticket=ticket, reason="complaint")


@provokes("walk_in_not_allowed")
async def in_a_hall_where_everybody_has_a_number(scene: Scene) -> httpx.Response:
    corner = await scene.house.door("api", hall=CORNER)
    await corner.pressed("open")
    return await corner.press("walk-in", service="permit")


@provokes("reason_missing")
async def of_a_pick_for_no_reason(scene: Scene) -> httpx.Response:
    ticket = (await scene.api.issue())["id"]
    await scene.api.pressed("open")
    return await scene.api.press("call", ticket=ticket)


@provokes("reason_unknown")
async def for_a_reason_of_ones_own(scene: Scene) -> httpx.Response:
    await scene.visitor_at_counter("start")
    answer = await scene.api.press("park", reason="tea")
    assert answer.json()["known"] == ["form", "photo", "activation", "approval"]
    return answer


@provokes("item_unknown")
async def with_work_of_another_service(scene: Scene) -> httpx.Response:
    await scene.visitor_at_counter("start")
    return await scene.api.press("finish", items=[{"item": "soup"}])


@provokes("service_elsewhere")
async def of_a_ticket_for_another_counter(scene: Scene) -> httpx.Response:
    ticket = (await scene.api.issue("business"))["id"]
    await scene.api.pressed("open")
    return await scene.api.press("call", ticket=ticket, reason="complaint")


@provokes("nobody_parked")
async def with_nobody_set_aside(scene: Scene) -> httpx.Response:
    await scene.api.pressed("open")
    return await scene.api.press("unpark")


@provokes("several_parked")
async def with_two_set_aside(scene: Scene) -> httpx.Response:
    await scene.api.issue()
    await scene.visitor_at_counter("start")
    await scene.api.pressed("park", reason="form")
    await scene.api.pressed("call-next")
    await scene.api.pressed("start")
    await scene.api.pressed("park", reason="photo")
    return await scene.api.press("unpark")


@provokes("not_serving")
async def of_a_visitor_who_has_not_come(scene: Scene) -> httpx.Response:
    await scene.visitor_at_counter()
    return await scene.api.press("park", reason="form")


@provokes("transfer_nowhere")
async def to_nowhere(scene: Scene) -> httpx.Response:
    await scene.visitor_at_counter("start")
    return await scene.api.press("transfer")


@provokes("staff_absent")
async def to_a_clerk_who_is_not_there(scene: Scene) -> httpx.Response:
    await scene.visitor_at_counter("start")
    return await scene.api.press("transfer", staff="liu")


@provokes("count_below_zero")
async def of_more_than_was_counted(scene: Scene) -> httpx.Response:
    await scene.api.post("door", {"count": 4})
    return await scene.api.post("door", {"count": -5})


@provokes("nobody_behind")
async def of_the_last_in_line(scene: Scene) -> httpx.Response:
    ticket = (await scene.api.issue())["id"]
    return await scene.api.post(f"tickets/{ticket}/postpone")


@provokes("postponements_spent")
async def of_a_visitor_who_lets_others_first_again(scene: Scene) -> httpx.Response:
    corner = await scene.house.door("api", hall=CORNER)
    secret = (await corner.issue("permit"))["follow_url"].rpartition("/")[2]
    for _ in range(2):
        await corner.issue("permit")
        answer = await scene.nobody.post(f"/api/v1/t/{secret}/postpone")
    return answer


@provokes("class_same")
async def to_the_class_that_it_is(scene: Scene) -> httpx.Response:
    ticket = (await scene.api.issue())["id"]
    return await scene.api.post(f"tickets/{ticket}/reprioritise", {"class": "ordinary", "reason": "elder"})


@provokes("priority_budget_spent")
async def of_the_thirteenth_in_an_hour(scene: Scene) -> httpx.Response:
    ticket = (await scene.api.issue())["id"]
    for n in range(13):
        body = {"class": ("priority", "ordinary")[n % 2], "reason": "elder"}
        answer = await scene.api.post(f"tickets/{ticket}/reprioritise", body)
    return answer


@provokes("service_planned")
async def for_the_service_that_it_is(scene: Scene) -> httpx.Response:
    ticket = (await scene.api.issue())["id"]
    return await scene.api.post(f"tickets/{ticket}/add-service", {"service": "general"})


@provokes("comeback_unknown")
async def for_a_credit_that_nobody_gave(scene: Scene) -> httpx.Response:
    return await scene.api.post("tickets", {"service": "general", "comeback": "nothing"})


@provokes("time_impossible")
async def to_an_end_that_is_to_come(scene: Scene) -> httpx.Response:
    ticket = await scene.visitor_at_counter("finish")
    body = {"ended_at": "2030-01-01T00:00:00Z", "reason": "mistake"}
    return await scene.api.post(f"tickets/{ticket}/correct-time", body)


@provokes("turn_not_done")
async def of_a_turn_that_goes_on(scene: Scene) -> httpx.Response:
    ticket = await scene.visitor_at_counter("start")
    body = {"ended_at": "2026-11-24T02:00:00Z", "reason": "mistake"}
    return await scene.api.post(f"tickets/{ticket}/correct-time", body)


@provokes("help_unknown")
async def of_help_that_nobody_asked_for(scene: Scene) -> httpx.Response:
    return await scene.api.post("help/nothing/take")


@provokes("help_open")
async def for_help_that_is_asked_for(scene: Scene) -> httpx.Response:
    await scene.api.pressed("open")
    await scene.api.pressed("help", kind="device")
    return await scene.api.press("help", kind="device")


@provokes("help_taken")
async def of_help_that_is_on_the_way(scene: Scene) -> httpx.Response:
    await scene.api.pressed("open")
    await scene.api.pressed("help", kind="device")
    help = (await scene.api.events())[-1]["command_id"]
    assert (await scene.api.post(f"help/{help}/take")).is_success
    return await scene.api.post(f"help/{help}/take")


# --- what is wrong with the request, or with us -----------------------------------------------------------------------


@provokes("too_large")
async def with_a_large_body(scene: Scene) -> httpx.Response:
    return await scene.nobody.post("tickets", {"service": "x" * 100_000})


@provokes("malformed")
async def with_a_body_that_is_no_json(scene: Scene) -> httpx.Response:
    return await scene.api.raw("tickets", b"{")


@provokes("key_reused")
async def with_a_key_again(scene: Scene) -> httpx.Response:
    await scene.api.issue("general", key="k")
    return await scene.api.post("tickets", {"service": "payment"}, key="k")


@provokes("storage_unavailable")
async def while_the_log_is_read_again(scene: Scene) -> httpx.Response:
    scene.house.hall.is_rereading = True
    answer = await scene.api.post("tickets", {"service": "general"})
    assert answer.headers["retry-after"] == "1"
    return answer


@provokes("hall_stopped")
async def at_a_hall_that_stopped(scene: Scene) -> httpx.Response:
    scene.house.hall.is_stopped = True
    return await scene.api.post("tickets", {"service": "general"})


@pytest.mark.parametrize("code", PROVOKED)
async def test_the_code_is_the_answer_and_nothing_changed(scene: Scene, code: str) -> None:
    answer = await PROVOKED[code](scene)
    assert not [name for name in refused(answer, code) if name.endswith("_")]
    assert scene.house.hall.picture.day.seq == scene.house.hall.pending.seq == answer.request.extensions["seq"]


def test_every_code_is_provoked_or_explained() -> None:
    assert PROVOKED.keys() | NOT_OVER_HTTP.keys() == STATUS.keys()
    assert not PROVOKED.keys() & NOT_OVER_HTTP.keys()


def test_every_refusal_of_the_heart_has_a_status() -> None:
    codes = {one.code for one in vars(refusals).values() if isinstance(one, type) and issubclass(one, Refusal)}
    assert codes <= STATUS.keys()
