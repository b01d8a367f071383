"""A press that is sent twice counts once: the second gets the first one's answer, whenever it comes."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.web_support import CORNER, GAP_S, Door, House, done, open_house, refused


async def busy_counter(api: Door) -> None:
    """Counter 1 with a visitor being served, and one waiting."""
    await api.issue()
    await api.issue()
    await api.pressed("open")
    await api.pressed("call-next")


WAIT, IN_VAIN, PARK = "wait", "in vain", "park"
PRESSES: dict[str, tuple[list[str], dict[str, Any]]] = {
    "open": ([], {"staff": "liu"}),
    "pause": (["open"], {"reason": "lunch"}),
    "resume": (["open", "pause"], {}),
    "close": (["open"], {}),
    "call-next": (["open"], {}),
    "recall": (["open", "call-next", WAIT], {}),
    "start": (["open", "call-next"], {}),
    "finish": (["open", "call-next", "start"], {"outcome": "not_completed"}),
    "no-show": (["open", "call-next", IN_VAIN], {}),
    "call": (["open"], {"reason": "complaint"}),
    "walk-in": (["open"], {"service": "payment", "language": "en"}),
    "park": (["open", "call-next", "start"], {"reason": "form", "minutes": 2}),
    "unpark": (["open", "call-next", "start", PARK], {}),
    "transfer": (["open", "call-next", "start"], {"service": "payment", "return": True, "note": "has the form"}),
    "help": (["open"], {"kind": "device"}),
    "undo": (["open", "call-next"], {}),
}


@pytest.mark.parametrize("verb", PRESSES)
async def test_a_repeated_press_gets_the_same_answer_and_changes_nothing(house: House, api: Door, verb: str) -> None:
    before, body = PRESSES[verb]
    await api.issue()
    second = await api.issue()
    for step in before:
        await prepare(house, api, step)
    if verb == "call":
        body = {"ticket": second["id"], **body}
    first = await api.pressed(verb, key="press-1", **body)
    events = await api.events()
    assert await api.pressed(verb, key="press-1", **body) == first
    assert await api.events() == events


async def prepare(house: House, api: Door, step: str) -> None:
    if step == WAIT:
        house.clock.advance(seconds=GAP_S)
    elif step == IN_VAIN:
        await house.call_in_vain(api)
    else:
        await api.pressed(step, **({"reason": "form"} if step == PARK else {}))


GOING_ON: tuple[tuple[str, dict[str, Any]], ...] = (
    ("pause", {}),
    ("resume", {}),
    ("start", {}),
    ("help", {"kind": "device"}),
    ("pause", {}),
    ("resume", {}),
    ("transfer", {"service": "payment"}),
    ("call-next", {}),
    ("call-next", {"finish": True}),
    ("finish", {}),
    ("close", {}),
)


async def test_a_repeat_names_the_visitor_of_then_as_they_were_then(api: Door) -> None:
    """However much has happened at the counter, and with the visitor, since the first press."""
    await busy_counter(api)
    answers = [await api.pressed(verb, key=f"press-{n}", **body) for n, (verb, body) in enumerate(GOING_ON)]
    for n, (verb, body) in enumerate(GOING_ON):
        assert await api.pressed(verb, key=f"press-{n}", **body) == answers[n]
    told = [answer["ticket"] and (answer["ticket"]["service"], answer["ticket"]["state"]) for answer in answers]
    assert told == [
        *[("general", "called")] * 2,
        *[("general", "serving")] * 4,
        None,
        ("payment", "called"),
        ("general", "called"),
        None,
        None,
    ]


async def test_a_repeat_for_who_has_gone_since_gets_the_first_answer(api: Door) -> None:
    await busy_counter(api)
    await api.issue()
    there = done(await api.get("tickets", number="A001"))["tickets"][0]["id"]
    first = await api.pressed("call-next", key="press-1", finish=True, visitor=there)
    assert first["ticket"]["number"] == "A002"
    assert await api.pressed("call-next", key="press-1", finish=True, visitor=there) == first
    refused(await api.press("call-next", key="press-2", finish=True, visitor=there), "visitor_changed")
    refused(await api.press("call-next", key="press-1", finish=True), "key_reused")
    assert (await api.pressed("call-next", finish=True))["ticket"]["number"] == "A003"


CHANGES: dict[str, dict[str, Any]] = {
    "transfer": {"service": "payment", "note": "second floor"},
    "postpone": {"places": 1},
    "reprioritise": {"class": "priority", "reason": "elder"},
    "add-service": {"service": "payment"},
}


@pytest.mark.parametrize("verb", CHANGES)
async def test_a_repeated_change_of_a_ticket_changes_it_once(api: Door, verb: str) -> None:
    ticket = await api.issue()
    await api.issue()
    answers = [done(await api.post(f"tickets/{ticket['id']}/{verb}", CHANGES[verb], key="k")) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(await api.events()) == answers[0]["seq"]


async def test_a_repeat_has_the_ticket_of_then_as_it_was_then(house: House, api: Door) -> None:
    """However much has happened to it since: also when it is closed, and the next day."""
    path = f"tickets/{(await api.issue())['id']}"
    await api.issue()
    changes: list[tuple[str, dict[str, Any]]] = [
        *((verb, CHANGES[verb]) for verb in ("postpone", "reprioritise", "transfer")),
        ("add-service", {"service": "general"}),
        ("reprint", {"printer": "printer-9"}),
        ("cancel", {}),
    ]
    answers = []
    for verb, body in changes:
        answers.append(done(await api.post(f"{path}/{verb}", body, key=verb)))
        await api.issue()
    for days in (0, 1):
        house.clock.advance(days=days)
        await api.issue()
        for (verb, body), answer in zip(changes, answers, strict=True):
            assert done(await api.post(f"{path}/{verb}", body, key=verb)) == answer


async def test_a_repeated_return_or_correction_happens_once(house: House, api: Door) -> None:
    ticket = await api.issue()
    for step in ("open", "call-next", IN_VAIN, "no-show"):
        await prepare(house, api, step)
    back = [done(await api.post(f"tickets/{ticket['id']}/reinstate", {"place": "head"}, key="b")) for _ in range(2)]
    assert back[0] == back[1]
    for step in ("call-next", "start", WAIT, "finish"):
        await prepare(house, api, step)
    body = {"ended_at": house.clock.at.isoformat(), "reason": "mistake"}
    corrected = [done(await api.post(f"tickets/{ticket['id']}/correct-time", body, key="c")) for _ in range(2)]
    assert corrected[0] == corrected[1]
    assert [event["type"] for event in await api.events()][-1] == "TimeCorrected"
    assert [event["type"] for event in await api.events()].count("TimeCorrected") == 1


async def test_a_repeated_word_from_the_floor_counts_once(api: Door) -> None:
    await api.pressed("open")
    await api.pressed("help", kind="dispute")
    help = (await api.events())[-1]["command_id"]
    for path, body, status in (
        (f"help/{help}/take", {}, 200),
        (f"help/{help}/solve", {}, 200),
        ("diversions", {"to": "app"}, 201),
        ("door", {"count": 3}, 201),
    ):
        answers = [done(await api.post(path, body, key=path), status) for _ in range(2)]
        assert answers[0] == answers[1]
        assert len(await api.events()) == answers[0]["seq"]


async def test_a_visitor_who_taps_twice_leaves_the_line_or_lets_others_go_first_once(
    house: House, nobody: Door
) -> None:
    corner = await house.door("api", hall=CORNER)
    secret = (await corner.issue("permit"))["follow_url"].rpartition("/")[2]
    await corner.issue("permit")
    for verb in ("postpone", "cancel"):
        answers = [done(await nobody.post(f"/api/v1/t/{secret}/{verb}", key=verb)) for _ in range(2)]
        assert answers[0] == answers[1]
        assert len(await corner.events()) == answers[0]["seq"]
    refused(await nobody.post(f"/api/v1/t/{secret}/postpone", {"places": 2}, key="postpone"), "key_reused")


async def test_a_repeated_issue_gets_the_same_ticket(api: Door) -> None:
    first = await api.issue(key="k", name="Ann")
    await api.issue(key="other")
    assert await api.issue(key="k", name="Ann") == first
    assert len(done(await api.get("tickets"))["tickets"]) == 2


async def test_a_repeated_cancel_or_copy_gets_the_same_ticket(api: Door) -> None:
    ticket = await api.issue()
    copies = [
        done(await api.post(f"tickets/{ticket['id']}/reprint", {"printer": "printer-9"}, key="copy")) for _ in range(2)
    ]
    assert copies[0] == copies[1]
    assert copies[0]["paper"]["copy"] == 1
    await api.issue()
    cancelled = [done(await api.post(f"tickets/{ticket['id']}/cancel", key="cancel")) for _ in range(2)]
    assert cancelled[0] == cancelled[1]


async def test_a_repeated_report_about_a_paper_gets_the_same_answer(house: House) -> None:
    paper = (await (await house.door("kiosk")).issue())["paper"]["id"]
    owner = await house.door("printer")
    for verb in ("claim", "printed"):
        first = done(await owner.post(f"papers/{paper}/{verb}", key=verb))
        assert done(await owner.post(f"papers/{paper}/{verb}", key=verb)) == first


@pytest.mark.parametrize(
    "other", [{"service": "payment"}, {"service": "general", "name": "Ann"}, {"service": "general", "class": "vip"}]
)
async def test_the_same_key_with_another_body_is_refused(api: Door, other: dict[str, Any]) -> None:
    await api.issue("general", key="k")
    refused(await api.post("tickets", other, key="k"), "key_reused")
    assert len(done(await api.get("tickets"))["tickets"]) == 1


async def test_the_same_key_on_another_route_is_refused(api: Door) -> None:
    await api.pressed("open", key="k")
    refused(await api.press("close", key="k"), "key_reused")
    refused(await api.press("open", counter="2", key="k"), "key_reused")


async def test_no_body_and_an_empty_one_are_the_same(api: Door) -> None:
    first = done(await api.post("counters/1/open", key="k"))
    assert done(await api.post("counters/1/open", {}, key="k")) == first


async def test_a_key_belongs_to_whoever_sent_it(house: House, api: Door) -> None:
    other = await house.door("manager")
    numbers = [(await door.issue(key="k"))["number"] for door in (api, other, api, other)]
    assert numbers == ["A001", "A002", "A001", "A002"]


async def test_a_key_belongs_to_one_hall(house: House) -> None:
    everywhere = await house.door("api", hall="*")
    await everywhere.issue("general", key="k")
    assert (await everywhere.at(CORNER).issue("permit", key="k"))["number"] == "P001"


async def test_a_refusal_is_decided_afresh(house: House, api: Door) -> None:
    refused(await api.press("recall", key="k"), "counter_closed")
    await api.issue()
    await api.pressed("open")
    await api.pressed("call-next")
    house.clock.advance(seconds=GAP_S)
    assert (await api.pressed("recall", key="k"))["ticket"]["number"] == "A001"


async def test_an_empty_call_is_decided_afresh(api: Door) -> None:
    await api.pressed("open")
    assert (await api.press("call-next", key="k")).status_code == 204
    ticket = await api.issue()
    assert (await api.pressed("call-next", key="k"))["ticket"]["id"] == ticket["id"]


async def test_a_hundred_at_once_with_one_key_are_one(api: Door) -> None:
    answers = await asyncio.gather(*(api.post("tickets", {"service": "general"}, key="k") for _ in range(100)))
    assert {answer.content for answer in answers} == {answers[0].content}
    assert answers[0].status_code == 201
    assert len(done(await api.get("tickets"))["tickets"]) == 1


async def test_at_once_with_one_key_and_two_bodies_one_is_refused(api: Door) -> None:
    answers = await asyncio.gather(
        *(api.post("tickets", {"service": service}, key="k") for service in ("general", "payment"))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 422]


async def test_who_hangs_up_gets_the_answer_later(house: House, api: Door) -> None:
    """The press goes on without the one who pressed, and is not done twice."""
    asking = asyncio.create_task(api.post("tickets", {"service": "general"}, key="k"))
    while not house.system.runner.queue and not house.hall.picture.day.tickets:
        await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert (await api.issue("general", key="k"))["number"] == "A001"
    assert len(done(await api.get("tickets"))["tickets"]) == 1


async def test_answers_are_the_same_after_a_restart(database: Path) -> None:
    presses: list[tuple[str, dict[str, Any]]] = [
        ("tickets", {"service": "general", "class": "priority", "language": "en", "name": "Ann"}),
        ("tickets", {"service": "general"}),
        ("counters/1/open", {"staff": "liu"}),
        ("counters/1/call-next", {}),
        ("counters/1/recall", {}),
        ("counters/1/start", {}),
        ("counters/1/call-next", {"finish": True}),
        ("counters/1/no-show", {"override": "device_fault"}),
        ("counters/1/undo", {}),
        ("counters/1/pause", {"reason": "lunch"}),
        ("printers/printer-1/state", {"state": "ready"}),
    ]
    async with open_house(database) as house:
        token = await house.token("api")
        before = await press_all(house, token, presses)
        assert all(answer.is_success for answer in before), before
        events = await Door(house.client({"Authorization": f"Bearer {token}"})).events()
    async with open_house(database) as house:
        after = await press_all(house, token, presses)
        assert [answer.text for answer in after] == [answer.text for answer in before]
        assert await Door(house.client({"Authorization": f"Bearer {token}"})).events() == events
        door = Door(house.client({"Authorization": f"Bearer {token}"}))
        refused(await door.post("tickets", {"service": "payment"}, key="press-0"), "key_reused")


async def press_all(house: House, token: str, presses: list[tuple[str, dict[str, Any]]]) -> list[httpx.Response]:
    door = Door(house.client({"Authorization": f"Bearer {token}"}))
    answers = []
    for n, (path, body) in enumerate(presses):
        answers.append(await door.post(path, body, key=f"press-{n}"))
        house.clock.advance(seconds=GAP_S)
    return answers


async def test_a_call_is_answered_again_on_the_next_day(house: House, api: Door) -> None:
    """A kiosk or desk that was off over night and sends its last press again hears what became of it."""
    ticket = await api.issue(key="issue")
    await api.pressed("open")
    called = await api.pressed("call-next", key="call")
    await api.pressed("finish")
    house.clock.advance(days=1)
    await api.issue()
    assert house.hall.picture.day.date is not None
    assert house.hall.picture.day.date.isoformat() == "2026-11-25"
    assert await api.issue(key="issue") == ticket
    assert await api.pressed("call-next", key="call") == called


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_a_key_has_a_form(api: Door, key: str) -> None:
    refused(await api.post("tickets", {"service": "general"}, key=key), "malformed")


async def test_a_key_may_hold_any_characters_of_a_header(api: Door) -> None:
    keys = [b"caf\xe9", b"x" * 200, b'a b;c,d="e"', b"\x80\xff"]
    for key in keys:
        for _ in range(2):
            answer = await api.client.post(
                api.url("tickets"), json={"service": "general"}, headers={b"Idempotency-Key": key}
            )
            done(answer, 201)
    assert len(done(await api.get("tickets"))["tickets"]) == len(keys)


async def test_every_post_accepts_a_key(nobody: Door) -> None:
    sign_in = {"login": "manager", "password": "demo-manager", "hall": "jiangwan"}
    done(await nobody.post("/api/v1/sign-in", sign_in, key="k"))
    assert (await nobody.post("/api/v1/sign-out", key="k")).status_code == 204
