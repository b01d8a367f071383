"""The visitor's own door: whoever has the link of a ticket may ask why, leave, let others first, and come back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.web_support import CORNER, Door, House, done, refused

VERBS = ("cancel", "postpone", "reinstate")


@pytest.fixture
async def corner(house: House) -> Door:
    return await house.door("api", hall=CORNER)


async def visitor(corner: Door) -> tuple[dict[str, Any], str]:
    """A ticket, and the address of its door."""
    ticket = await corner.issue("permit")
    return ticket, f"/api/v1/t/{ticket['follow_url'].rpartition('/')[2]}"


async def shown(corner: Door, ticket: dict[str, Any]) -> dict[str, Any]:
    return done(await corner.get(f"tickets/{ticket['id']}"))


async def test_a_visitor_asks_why(house: House, corner: Door, nobody: Door) -> None:
    await corner.pressed("open")
    await corner.issue("permit")
    house.clock.advance(seconds=1)
    ticket, door = await visitor(corner)
    why = done(await nobody.get(f"{door}/why"))
    assert (why["number"], why["state"], why["ahead"]) == ("P002", "waiting", 1)
    assert why["sentence"] == {"en": "1 came before you."}
    assert await shown(corner, ticket)


async def test_a_visitor_leaves_the_line(corner: Door, nobody: Door) -> None:
    ticket, door = await visitor(corner)
    left = done(await nobody.post(f"{door}/cancel"))
    assert (left["state"], left["ahead"]) == ("done", 0)
    assert (await shown(corner, ticket))["outcome"] == "cancelled_by_visitor"
    (event,) = [one for one in await corner.events() if one["type"] == "TicketCancelled"]
    assert (event["actor_kind"], event["actor_id"], event["door"]) == ("visitor", ticket["id"], "phone")


@pytest.mark.parametrize(
    ("verbs", "outcome", "sentence"),
    [
        (("call-next", "start", "finish"), "served", "You have been served"),
        ((), "cancelled_by_staff", "Your number was cancelled"),
        (("day",), "expired", "The hall has closed and your number has lapsed"),
        (("call-next", "no-show", "day"), "no_show", "Your number was called and has lapsed"),
    ],
)
async def test_of_a_closed_ticket_the_door_says_how_it_ended(
    house: House, corner: Door, nobody: Door, verbs: tuple[str, ...], outcome: str, sentence: str
) -> None:
    ticket, door = await visitor(corner)
    await corner.pressed("open")
    for verb in verbs:
        if verb == "day":
            house.clock.advance(days=1)
            await corner.issue("permit")
        else:
            await corner.pressed(verb)
    if not verbs:
        done(await corner.post(f"tickets/{ticket['id']}/cancel"))
    for _ in range(2):
        why = done(await nobody.get(f"{door}/why"))
        assert (why["number"], why["state"], why["outcome"]) == ("P001", "done", outcome)
        assert why["sentence"] == {"en": sentence}
        house.clock.advance(days=1)  # and the day after, when only its row is left
        await corner.issue("permit")


async def test_a_visitor_who_is_called_leaves_and_the_counter_is_free(corner: Door, nobody: Door) -> None:
    _, door = await visitor(corner)
    await corner.pressed("open")
    await corner.pressed("call-next")
    done(await nobody.post(f"{door}/cancel"))
    assert (await corner.press("call-next")).status_code == 204


async def test_who_is_being_served_does_not_leave_by_phone(corner: Door, nobody: Door) -> None:
    _, door = await visitor(corner)
    for verb in ("open", "call-next", "start"):
        await corner.pressed(verb)
    refused(await nobody.post(f"{door}/cancel"), "ticket_at_counter")


async def test_a_visitor_lets_others_first_as_often_as_the_hall_allows(
    house: House, corner: Door, nobody: Door
) -> None:
    _, door = await visitor(corner)
    refused(await nobody.post(f"{door}/postpone"), "nobody_behind")
    for _ in range(3):
        house.clock.advance(seconds=1)
        await corner.issue("permit")
    assert done(await nobody.post(f"{door}/postpone", {"places": 2}))["ahead"] == 2
    refused(await nobody.post(f"{door}/postpone"), "postponements_spent")
    refused(await nobody.post(f"{door}/postpone", {"places": 0}), "malformed")


async def test_a_visitor_who_missed_the_call_comes_back_as_often_as_the_hall_allows(corner: Door, nobody: Door) -> None:
    ticket, door = await visitor(corner)
    refused(await nobody.post(f"{door}/reinstate"), "ticket_not_missed")
    await corner.pressed("open")
    answers = []
    for _ in range(2):
        await corner.pressed("call-next")
        await corner.pressed("no-show")
        answers.append(await nobody.post(f"{door}/reinstate"))
    assert done(answers[0])["state"] == "waiting"
    refused(answers[1], "returns_spent")
    assert (await shown(corner, ticket))["state"] == "missed"


async def test_a_visitor_does_not_choose_the_place(corner: Door, nobody: Door) -> None:
    _, door = await visitor(corner)
    refused(await nobody.post(f"{door}/reinstate", {"place": "head"}), "malformed")


async def test_of_a_ticket_that_is_over_there_is_only_that_it_is(corner: Door, nobody: Door) -> None:
    _, door = await visitor(corner)
    done(await nobody.post(f"{door}/cancel"))
    assert done(await nobody.get(f"{door}/why"))["state"] == "done"
    for verb in VERBS:
        refused(await nobody.post(f"{door}/{verb}"), "ticket_closed")


@pytest.mark.parametrize("secret", ["nothing", "x" * 24, "x" * 80, "%00", "..%2f", "%E6%B1%9F"])
async def test_a_link_that_is_none_opens_nothing(house: House, nobody: Door, secret: str) -> None:
    before = house.system.runner.halls[CORNER].picture.day.seq
    answers = [await nobody.get(f"/api/v1/t/{secret}/why")]
    answers += [await nobody.post(f"/api/v1/t/{secret}/{verb}") for verb in VERBS]
    for answer in answers:
        assert answer.status_code == 404, answer.text
        assert answer.json()["code"] in ("ticket_unknown", "not_found")
    assert house.system.runner.halls[CORNER].picture.day.seq == before


async def test_a_secret_that_is_too_long_is_malformed(nobody: Door) -> None:
    refused(await nobody.get(f"/api/v1/t/{'x' * 81}/why"), "malformed")


async def test_the_answers_name_no_other_visitor_and_no_staff(house: House, corner: Door, nobody: Door) -> None:
    other = await corner.issue("permit")
    _, door = await visitor(corner)
    await corner.pressed("open", staff="chen")
    await corner.pressed("call-next")
    text = (await nobody.get(f"{door}/why")).text
    for word in (other["id"], other["number"], "chen", door.rpartition("/")[2]):
        assert word not in text
