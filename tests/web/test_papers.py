"""The routes of whoever owns a printer: a paper is claimed once, and what became of it is told once."""

import pytest

from hall.people.permissions import Role
from tests.web.web_support import Door, House, done, refused

ENDINGS = {"printed": {"proof": "acknowledged"}, "uncertain": {"reason": "no answer"}, "failed": {"reason": "jam"}}


@pytest.fixture
async def owner(house: House) -> Door:
    return await house.door("printer")


@pytest.fixture
async def paper(house: House) -> str:
    """A paper that a kiosk asked for."""
    return str((await (await house.door("kiosk")).issue())["paper"]["id"])


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_paper_is_claimed_and_told_about(api: Door, owner: Door, paper: str, ending: str) -> None:
    claimed = done(await owner.post(f"papers/{paper}/claim", {}))
    assert claimed["paper"] == paper
    told = done(await owner.post(f"papers/{paper}/{ending}", ENDINGS[ending]))
    assert told["seq"] == claimed["seq"] + 1
    ticket = done(await api.get("tickets"))["tickets"][0]["id"]
    assert [one["state"] for one in done(await api.get(f"tickets/{ticket}"))["timeline"]["papers"]] == [ending]


async def test_a_second_claim_is_refused(owner: Door, paper: str) -> None:
    done(await owner.post(f"papers/{paper}/claim"))
    refused(await owner.post(f"papers/{paper}/claim"), "paper_claimed")


async def test_a_finished_paper_is_finished_and_not_unknown(owner: Door, paper: str) -> None:
    done(await owner.post(f"papers/{paper}/claim"))
    done(await owner.post(f"papers/{paper}/printed"))
    for verb in ("claim", *ENDINGS):
        refused(await owner.post(f"papers/{paper}/{verb}", ENDINGS.get(verb)), "paper_finished")


async def test_an_unclaimed_paper_cannot_have_come_out(owner: Door, paper: str) -> None:
    for ending in ("printed", "uncertain"):
        refused(await owner.post(f"papers/{paper}/{ending}", ENDINGS[ending]), "paper_not_claimed")


async def test_an_unclaimed_paper_may_have_failed(owner: Door, paper: str) -> None:
    done(await owner.post(f"papers/{paper}/failed", {"reason": "no paper"}))


async def test_a_paper_that_never_was_is_unknown(owner: Door) -> None:
    for verb in ("claim", *ENDINGS):
        refused(await owner.post(f"papers/nothing/{verb}", ENDINGS.get(verb)), "paper_unknown")


async def test_a_reason_is_one_short_line(owner: Door, paper: str) -> None:
    for reason in (None, "", "x" * 61, "two\nlines", 3):
        refused(await owner.post(f"papers/{paper}/failed", {"reason": reason}), "malformed")


async def test_a_printer_tells_its_state(house: House, owner: Door) -> None:
    for state in ("paper_out", "paper_out", "ready"):
        assert done(await owner.post("printers/printer-1/state", {"state": state})) == {
            "printer": "printer-1",
            "state": state,
        }
    assert house.hall.picture.day.printers["printer-1"] == "ready"
    refused(await owner.post("printers/display-1/state", {"state": "ready"}), "printer_unknown")
    refused(await owner.post("printers/printer-1/state", {"state": "on fire"}), "malformed")


async def test_nothing_is_sent_to_a_printer_that_is_down(house: House, owner: Door) -> None:
    done(await owner.post("printers/printer-1/state", {"state": "paper_out"}))
    assert (await (await house.door("kiosk")).issue())["paper"] is None


async def test_only_owners_of_printers_report(house: House, paper: str) -> None:
    roles: tuple[Role, ...] = ("kiosk", "clerk", "display")
    for role in roles:
        refused(await (await house.door(role)).post(f"papers/{paper}/claim"), "forbidden")
