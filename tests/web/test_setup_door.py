"""A program changes what a hall is made of, its rule too, while people wait."""

from __future__ import annotations

from tests.web.web_support import CORNER, CORNER_SETUP, House, done, refused


async def test_the_rule_of_a_hall_is_changed_live_and_nobody_loses_the_place(house: House) -> None:
    corner, admin = await house.door("api", hall=CORNER), await house.door("admin", hall=CORNER)
    tickets = [await corner.issue("permit"), await corner.issue("permit")]
    await corner.pressed("open")
    rule = "ratio"
    assert "[calling]\n" in CORNER_SETUP
    text = CORNER_SETUP.replace("[calling]\n", f'[calling]\nrule = "{rule}"\n')
    assert done(await admin.post("setup", {"text": text}))["version"] == 2
    assert done(await admin.post("setup", {"text": text}))["version"] is None
    called = await corner.pressed("call-next")
    assert (called["ticket"]["number"], called["why"]["rule"]) == (tickets[0]["number"], rule)


async def test_a_set_up_that_strands_somebody_or_is_wrong_is_refused_with_its_lines(house: House) -> None:
    corner, admin = await house.door("api", hall=CORNER), await house.door("admin", hall=CORNER)
    await corner.issue("permit")
    renamed = CORNER_SETUP.replace('"permit"', '"licence"')
    answer = refused(await admin.post("setup", {"text": renamed}), "setup_in_use")
    assert "permit (1 waiting)" in answer["lines"][0]
    assert done(await admin.post("setup", {"text": renamed, "moves": {"permit": "licence"}}))["version"] is not None
    (ticket,) = done(await corner.get("tickets"))["tickets"]
    assert ticket["service"] == "licence"
    assert refused(await admin.post("setup", {"text": "[hall"}), "malformed")["lines"]
    refused(await corner.post("setup", {"text": renamed}), "forbidden")
