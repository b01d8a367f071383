"""Delivered, or it does not count: which reports prove a call, and what is said of one that is not proved."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hall.day import commands as c
from hall.day import events as e
from hall.day.setup import Area
from hall.live.receipts import ALIVE_FOR, Receipts
from tests.day.support import HALL, small_hall
from tests.live.live_support import Live, WatchedLog

QUIET, SPEAKING = "right", "left"  # c3 stands in the one, c1 and c2 in the other
AREAS = {QUIET: Area(QUIET, {"en": "Right"}), SPEAKING: Area(SPEAKING, {"en": "Left"}, speaks=True)}


class Floor:
    """A hall with a speaking and a quiet area, and what its screens report."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.receipts = Receipts(live.runner)
        self.delivered: list[e.CallDelivered] = []
        live.runner.listeners.append(self.hear)

    def hear(self, recorded: e.Recorded) -> None:
        if isinstance(recorded.event, e.CallDelivered):
            self.delivered.append(recorded.event)

    async def call(self, service: str = "loan", counter: str = "c3") -> int:
        """A visitor comes and is called; the seq of the call."""
        if not self.live.hall.picture.day.open_counters(service):
            await self.live.do(c.OpenCounter(counter))
        await self.live.do(c.IssueTicket(service))
        called = await self.live.do(c.CallNext(counter))
        return next(one.seq for one in called.recorded if isinstance(one.event, e.TicketCalled))

    async def recall(self, counter: str = "c3") -> int:
        """The same visitor is called again; the seq of that, which is no call's own."""
        return (await self.live.do(c.Recall(counter))).recorded[-1].seq

    async def display(
        self,
        *shown: Any,
        device: str = "d1",
        area: str | None = QUIET,
        seq: Any = None,
        **said: Any,
    ) -> None:
        """A display reports; unless told otherwise it has seen all there is."""
        seen = self.live.hall.picture.day.seq if seq is None else seq
        report = {"kind": "status", "seq": seen, "shown": [*shown], "audio": "running", "frame_ms": 16, **said}
        await self.receipts.hear_display(self.live.hall, device, area, report)

    async def phone(self, ticket: str, shown: Any = (1,), seq: int | None = None) -> None:
        seen = self.live.hall.picture.day.seq if seq is None else seq
        await self.receipts.hear_phone(self.live.hall, ticket, {"seq": seen, "shown": list(shown)})

    def ticket_of(self, call: int) -> str:
        return self.live.hall.picture.calls[call].ticket


@pytest.fixture
async def floor() -> AsyncIterator[Floor]:
    live = await Live(WatchedLog(), setups={HALL: {1: small_hall(areas=AREAS)}}).start()
    yield Floor(live)
    await live.runner.stop()


async def test_a_display_that_shows_a_call_proves_it(floor: Floor) -> None:
    call = await floor.call()
    await floor.display(call)
    (proof,) = floor.delivered
    assert (proof.ticket, proof.call_no, proof.deliveries) == (floor.ticket_of(call), 1, 1)
    assert (proof.via, proof.device, proof.sounded) == ("display", "d1", False)


async def test_sixty_displays_that_report_one_call_are_one_event(floor: Floor) -> None:
    call = await floor.call()
    await asyncio.gather(*(floor.display(call, device=f"d{n}") for n in range(60)))
    await asyncio.gather(*(floor.display(call, device=f"d{n}") for n in range(60)))
    assert len(floor.delivered) == 1


async def test_a_repeated_call_needs_a_proof_of_its_own(floor: Floor) -> None:
    call = await floor.call()
    await floor.display(call)
    seen = floor.live.hall.picture.day.seq
    await floor.recall()
    await floor.display(call, seq=seen)
    assert [one.call_no for one in floor.delivered] == [1]
    await floor.display(call)
    assert [(one.call_no, one.deliveries) for one in floor.delivered] == [(1, 1), (2, 2)]


async def test_where_an_area_speaks_a_call_must_be_shown_and_have_begun_to_sound(floor: Floor) -> None:
    call = await floor.call("account", "c1")
    await floor.display(call, area=SPEAKING)
    await floor.display(area=SPEAKING, sounding=[])
    assert floor.delivered == []
    await floor.display(area=SPEAKING, sounding=[call])
    assert [one.sounded for one in floor.delivered] == [True]


async def test_one_display_may_show_what_another_one_of_the_area_speaks(floor: Floor) -> None:
    call = await floor.call("account", "c1")
    await floor.display(area=SPEAKING, device="loud", sounding=[call])
    assert floor.delivered == []
    await floor.display(call, area=SPEAKING, device="mute", audio="off")
    assert len(floor.delivered) == 1


async def test_the_sound_of_an_older_call_does_not_prove_its_repeat(floor: Floor) -> None:
    call = await floor.call("account", "c1")
    await floor.display(call, area=SPEAKING, sounding=[call])
    await floor.recall("c1")
    await floor.display(call, area=SPEAKING)
    assert len(floor.delivered) == 1
    await floor.display(call, area=SPEAKING, sounding=[call])
    assert len(floor.delivered) == 2


async def test_a_display_that_has_not_heard_of_the_call_proves_nothing(floor: Floor) -> None:
    before = floor.live.hall.picture.day.seq
    call = await floor.call()
    await floor.display(call, seq=before)
    assert floor.delivered == []


async def test_a_display_of_another_area_proves_nothing(floor: Floor) -> None:
    call = await floor.call()
    await floor.display(call, area=SPEAKING, sounding=[call])
    assert floor.delivered == []
    await floor.display(call, area=None)  # one of the whole hall does
    assert len(floor.delivered) == 1


async def test_a_call_that_is_over_is_proved_by_nobody(floor: Floor) -> None:
    call = await floor.call()
    await floor.live.do(c.Start("c3"))
    await floor.display(call)
    await floor.live.do(c.Finish("c3"))
    await floor.display(call)
    taken_back = await floor.call()
    await floor.live.do(c.Undo("c3"))
    await floor.display(taken_back)
    assert floor.delivered == []


@pytest.mark.parametrize("step", [c.NoShow("c1", override="broken"), c.TransferVisitor("c1", "loan")])
async def test_a_call_spoken_just_as_its_visitor_left_is_proved_when_that_is_taken_back(
    floor: Floor, step: c.Command
) -> None:
    """It is not spoken again, so the clerk would have to call once more what everybody has heard."""
    call = await floor.call("account", "c1")
    await floor.live.do(step)
    await floor.display(area=SPEAKING, sounding=[call])
    assert floor.delivered == []
    await floor.live.do(c.Undo("c1"))
    await floor.display(call, area=SPEAKING)
    assert [(one.call_no, one.sounded) for one in floor.delivered] == [(1, True)]


async def test_a_proof_outlasts_a_no_show_that_is_taken_back(floor: Floor) -> None:
    call = await floor.call("account", "c1")
    await floor.display(call, area=SPEAKING, sounding=[call])
    for command in (c.NoShow("c1"), c.Undo("c1"), c.NoShow("c1")):
        await floor.live.do(command)
    assert len(floor.delivered) == 1


async def test_a_phone_that_is_looked_at_proves_the_call_of_its_ticket(floor: Floor) -> None:
    call = await floor.call()
    ticket = floor.ticket_of(call)
    await floor.phone(ticket, shown=())
    await floor.phone(ticket, seq=call - 1)
    assert floor.delivered == []
    await floor.phone(ticket)
    await floor.phone(ticket)
    await floor.recall()
    await floor.phone(ticket)
    assert [(one.via, one.device, one.call_no) for one in floor.delivered] == [("phone", None, 1), ("phone", None, 2)]


@pytest.mark.parametrize("step", [c.NoShow("c3", override="broken"), c.TransferVisitor("c3", "advice")])
async def test_a_phone_that_told_its_visitor_otherwise_proves_nothing_of_the_call_taken_up_again(
    floor: Floor, step: c.Command
) -> None:
    ticket = floor.ticket_of(await floor.call())
    await floor.live.do(step)
    seen = floor.live.hall.picture.day.seq
    await floor.live.do(c.Undo("c3"))
    await floor.phone(ticket, seq=seen)
    assert floor.delivered == []
    await floor.phone(ticket)
    assert len(floor.delivered) == 1


async def test_a_phone_whose_visitor_waits_proves_nothing(floor: Floor) -> None:
    await floor.phone(await floor.live.issue())
    await floor.phone("no such ticket")
    assert floor.delivered == []


async def test_a_proof_that_could_not_be_stored_is_taken_when_it_is_told_again(floor: Floor) -> None:
    call = await floor.call()
    floor.live.log.fail_once()  # type: ignore[attr-defined]
    await floor.display(call)
    assert floor.delivered == []
    await floor.display(call)
    assert len(floor.delivered) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"shown": None, "sounding": None},
        {"shown": "12", "sounding": {}},
        {"shown": [None, True, -1, 1.0, "1", [1], {"seq": 1}, 2**80]},
        {"shown": list(range(10_000))},
        {"seq": None},
        {"seq": "99"},
        {"seq": True},
        {"seq": 1e9},
        {"audio": ["running"], "frame_ms": math.nan},
        {"audio": {}, "frame_ms": -math.inf},
        {"audio": "loud", "frame_ms": 10**400},
        {"audio": None, "frame_ms": True},
    ],
)
async def test_a_malformed_report_does_no_harm(floor: Floor, said: dict[str, Any]) -> None:
    call = await floor.call("account", "c1")
    await floor.display(**{"area": SPEAKING, **said})
    await floor.receipts.hear_phone(floor.live.hall, floor.ticket_of(call), {**said, "shown": said.get("shown", "1")})
    assert [one.via for one in floor.delivered if one.via == "display"] == []
    heard = floor.receipts.heard[HALL, "d1"]
    assert heard.audio in (None, "running")
    assert heard.frame_ms in (None, 16)
    await floor.display(call, area=SPEAKING, sounding=[call])
    assert len(floor.delivered) == 1


# --- why a call is not proved --------------------------------------------------------------------------------------


async def test_without_a_display_that_lives_the_cause_is_no_display(floor: Floor) -> None:
    await floor.call()
    assert floor.receipts.cause(floor.live.hall, "c3") == "no_display"
    await floor.display()
    assert floor.receipts.cause(floor.live.hall, "c3") == "not_yet"
    floor.live.clock.advance(seconds=ALIVE_FOR.total_seconds() + 1)
    assert floor.receipts.cause(floor.live.hall, "c3") == "no_display"


async def test_a_display_is_gone_with_its_last_socket_and_back_with_the_next(floor: Floor) -> None:
    await floor.call()
    hall, here = floor.live.hall, floor.receipts.present

    def known() -> tuple[str, bool]:
        (device,) = (one for one in floor.receipts.devices(hall) if one["id"] == "d1")
        return floor.receipts.cause(hall, "c3"), device["alive"]

    with here(hall, "d1", SPEAKING):
        with here(hall, "d1", QUIET):
            with here(hall, "d1", QUIET):
                await floor.display()
            assert known() == ("not_yet", True)
        assert known() == ("no_display", True)  # the other one with this token shows another area
    assert known() == ("no_display", False)
    with here(hall, "d1", QUIET):
        await floor.display()
        assert known() == ("not_yet", True)


async def test_a_display_of_another_area_and_a_kiosk_are_no_display_here(floor: Floor) -> None:
    await floor.call()
    await floor.display(area=SPEAKING)
    floor.receipts.hear_device(floor.live.hall, "k1", said={"audio": "running"})
    floor.receipts.hear_device(floor.live.hall, "a-kiosk's-own-token")
    assert floor.receipts.cause(floor.live.hall, "c3") == "no_display"


@pytest.mark.parametrize("audio", ["off", "blocked", "what"])
async def test_where_an_area_speaks_displays_that_cannot_be_heard_are_the_cause(floor: Floor, audio: str) -> None:
    await floor.call("account", "c1")
    await floor.display(area=SPEAKING, audio=audio)
    await floor.display(area=QUIET, audio=audio)
    assert floor.receipts.cause(floor.live.hall, "c1") == "muted"
    assert floor.receipts.cause(floor.live.hall, "c3") == "not_yet"
    await floor.display(area=None, device="d2")
    assert floor.receipts.cause(floor.live.hall, "c1") == "not_yet"


async def test_what_devices_said_last_is_known(floor: Floor) -> None:
    await floor.display(audio="blocked", frame_ms=21.5)
    known = {one["id"]: one for one in floor.receipts.devices(floor.live.hall)}
    assert {name: known["d1"][name] for name in ("alive", "audio", "frame_ms")} == {
        "alive": True,
        "audio": "blocked",
        "frame_ms": 21.5,
    }
    assert known["k1"]["alive"] is False
