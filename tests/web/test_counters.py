"""The counter routes: a visit from opening to finish, and every verb at a counter that is not ready for it."""

from tests.web.web_support import GAP_S, JIANGWAN, Door, House, bearer, done, refused


async def test_a_whole_visit(house: House, api: Door) -> None:
    opened = await api.pressed("open")
    assert opened == {"counter": "1", "ticket": None, "why": None, "seq": opened["seq"]}
    ticket = await api.issue()
    called = await api.pressed("call-next")
    assert called["ticket"]["id"] == ticket["id"]
    assert (called["ticket"]["state"], called["ticket"]["number"]) == ("called", "A001")
    assert (called["why"]["rule"], called["why"]["passed_over"]) == ("head_start", [])
    house.clock.advance(seconds=GAP_S)
    recalled = await api.pressed("recall")
    assert recalled["ticket"]["state"] == "called"
    assert recalled["why"] is None
    assert (await api.pressed("start"))["ticket"]["state"] == "serving"
    finished = await api.pressed("finish", outcome="not_completed", items=[{"item": "2", "quantity": 2}])
    assert finished["ticket"] is None
    assert finished["seq"] > called["seq"]
    assert done(await api.get(f"tickets/{ticket['id']}"))["outcome"] == "not_completed"


async def test_a_call_tells_who_was_passed_over(house: House, api: Door) -> None:
    await api.issue("general")
    house.clock.advance(minutes=1)
    await api.issue("general", **{"class": "vip"})
    await api.pressed("open")
    called = await api.pressed("call-next")
    assert called["ticket"]["number"] == "V001"
    assert [passed["number"] for passed in called["why"]["passed_over"]] == ["A001"]


async def test_call_next_with_nobody_waiting_is_empty(api: Door) -> None:
    await api.pressed("open")
    answer = await api.press("call-next")
    assert (answer.status_code, answer.content) == (204, b"")
    answer = await api.press("call-next", finish=True)
    assert (answer.status_code, answer.content) == (204, b"")


async def test_a_desk_can_ask_why_a_call_did_not_arrive_before_it_is_refused(api: Door) -> None:
    ticket = await api.issue()
    await api.pressed("open")
    assert done(await api.get("counters/1/delivery")) == {"counter": "1", "ticket": None, "cause": None, "phone": None}
    await api.pressed("call-next")
    asked = done(await api.get("counters/1/delivery"))
    assert asked == {"counter": "1", "ticket": ticket["id"], "cause": "no_display", "phone": None}
    assert refused(await api.press("no-show"), "call_not_delivered")["cause"] == asked["cause"]
    await api.pressed("start")
    assert done(await api.get("counters/1/delivery"))["cause"] is None
    refused(await api.get("counters/99/delivery"), "counter_unknown")


async def test_a_busy_counter_calls_nobody_unless_it_finishes(api: Door) -> None:
    first, second = await api.issue(), await api.issue()
    await api.pressed("open")
    await api.pressed("call-next")
    problem = refused(await api.press("call-next"), "counter_busy")
    assert (problem["counter"], problem["number"]) == ("1", "A001")
    both = await api.pressed("call-next", finish=True)
    assert both["ticket"]["id"] == second["id"]
    assert done(await api.get(f"tickets/{first['id']}"))["outcome"] == "served"
    types = [event["type"] for event in await api.events()]
    assert types[-3:] == ["TicketStarted", "TicketFinished", "TicketCalled"]


async def test_finishing_the_last_visitor_calls_nobody_but_finishes(api: Door) -> None:
    await api.issue()
    await api.pressed("open")
    await api.pressed("call-next")
    last = await api.pressed("call-next", finish=True)
    assert last["ticket"] is last["why"] is None
    assert (await api.press("call-next", finish=True)).status_code == 204


async def test_a_visitor_who_does_not_come_is_missed(house: House, api: Door) -> None:
    ticket = await api.issue()
    await api.pressed("open")
    await api.pressed("call-next")
    await house.call_in_vain(api)
    assert (await api.pressed("no-show"))["ticket"] is None
    assert done(await api.get(f"tickets/{ticket['id']}"))["state"] == "missed"


async def test_each_step_can_be_taken_back(api: Door) -> None:
    ticket = await api.issue()
    await api.pressed("open")
    for verb in ("call-next", "start", "finish"):
        await api.pressed(verb)
    assert (await api.pressed("undo"))["ticket"]["state"] == "serving"
    assert (await api.pressed("undo"))["ticket"]["state"] == "called"
    assert (await api.pressed("undo"))["ticket"] is None
    assert done(await api.get(f"tickets/{ticket['id']}"))["state"] == "waiting"
    refused(await api.press("undo"), "nothing_to_undo")


async def test_a_finish_can_be_taken_back_for_a_minute(house: House, api: Door) -> None:
    await api.issue()
    await api.pressed("open")
    await api.pressed("call-next")
    await api.pressed("finish")
    house.clock.advance(seconds=61)
    refused(await api.press("undo"), "nothing_to_undo")


async def test_a_counter_pauses_resumes_and_closes(api: Door) -> None:
    await api.pressed("open")
    await api.pressed("pause", reason="lunch")
    refused(await api.press("call-next"), "counter_paused")
    refused(await api.press("pause"), "counter_paused")
    await api.pressed("resume")
    refused(await api.press("resume"), "counter_not_paused")
    await api.pressed("close", reason="end of shift")
    refused(await api.press("close"), "counter_closed")


async def test_a_closed_counter_does_nothing_and_an_unknown_one_is_unknown(api: Door) -> None:
    before = await api.events()
    for verb in ("pause", "resume", "close", "call-next", "recall", "start", "finish", "no-show", "undo"):
        refused(await api.press(verb), "counter_closed")
        refused(await api.press(verb, counter="99"), "counter_unknown")
    assert await api.events() == before


async def test_without_a_visitor_there_is_nothing_to_do(api: Door) -> None:
    await api.pressed("open")
    for verb in ("recall", "start", "finish", "no-show"):
        refused(await api.press(verb), "counter_idle")


async def test_who_is_being_served_is_not_called_any_more(api: Door) -> None:
    await api.issue()
    await api.pressed("open")
    await api.pressed("call-next")
    await api.pressed("start")
    for verb in ("recall", "start", "no-show"):
        assert refused(await api.press(verb), "not_called")["number"] == "A001"


async def test_a_counter_with_a_visitor_does_not_close(api: Door) -> None:
    await api.issue()
    await api.pressed("open")
    await api.pressed("call-next")
    refused(await api.press("close"), "counter_busy")


async def test_a_visitor_at_a_counter_is_not_cancelled(api: Door) -> None:
    ticket = await api.issue()
    await api.pressed("open")
    await api.pressed("call-next")
    await api.pressed("start")
    assert refused(await api.post(f"tickets/{ticket['id']}/cancel"), "ticket_at_counter")["counter"] == "1"


async def test_opening_twice_is_refused(api: Door) -> None:
    await api.pressed("open")
    refused(await api.press("open"), "counter_open")


async def test_a_counter_may_open_for_fewer_services(api: Door) -> None:
    await api.issue("general")
    await api.issue("payment")
    await api.pressed("open", services=["payment"])
    assert (await api.pressed("call-next"))["ticket"]["number"] == "B001"
    refused(await api.press("open", counter="2", services=["nonsense"]), "service_unknown")


async def test_one_token_may_drive_every_counter(api: Door) -> None:
    for counter in "123":
        await api.issue()
        await api.pressed("open", counter=counter)
    called = [(await api.pressed("call-next", counter=counter))["ticket"]["number"] for counter in "123"]
    assert called == ["A001", "A002", "A003"]


async def test_a_clerk_opens_in_the_own_name_and_works_at_one_counter(house: House, nobody: Door) -> None:
    body = {"login": "chen", "pin": "1001", "hall": JIANGWAN, "counter": "1"}
    token = done(await nobody.post("/api/v1/sign-in", body))["token"]
    clerk = Door(house.client(bearer(token)))
    await clerk.pressed("open", staff="liu")
    assert house.hall.picture.day.counters["1"].staff == "chen"
    assert refused(await clerk.press("open", counter="2"), "staff_elsewhere")["counter"] == "1"


async def test_a_program_names_the_clerk_or_nobody(house: House, api: Door) -> None:
    await api.pressed("open", counter="1", staff="liu")
    await api.pressed("open", counter="2")
    await api.pressed("open", counter="3")
    refused(await api.press("open", counter="4", staff="liu"), "staff_elsewhere")
    counters = house.hall.picture.day.counters
    assert [counters[id].staff for id in "123"] == ["liu", None, None]
