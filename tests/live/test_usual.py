"""How long serving usually takes is measured once a day, at its opening, and a log that cannot say so costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from hall.day import commands as c
from hall.live.usual import LEAST_TURNS, service_s_p90
from hall.log.codec import as_text
from hall.log.port import StorageFault
from hall.log.rows import Row
from tests.day.support import AT, HALL, SERIES, by_id, small_hall
from tests.live.live_support import Live, WatchedLog

LONG_SERIES = by_id(tuple(replace(series, last=9999) for series in SERIES))
EXPECTED_S = 300


def rows_of(minutes: Sequence[float], service: str = "account") -> list[Row]:
    return [
        {"service": service, "started_at": as_text(AT), "ended_at": as_text(AT + timedelta(minutes=n))} for n in minutes
    ]


@pytest.mark.parametrize(
    ("minutes", "found_s"),
    [
        (range(1, 21), 18 * 60),
        (range(1, 22), 19 * 60),
        (range(1, 20), None),
        ([*range(1, 20), 0], None),  # a start concluded from its own end is no service time
        ([*range(1, 21), 0, 0, 0], 18 * 60),
        ([0.0001] * 20, 1),
    ],
)
def test_nine_of_ten_were_served_within_the_p90_where_twenty_were(
    minutes: Sequence[float], found_s: int | None
) -> None:
    assert service_s_p90(rows_of(minutes)).get("account") == found_s


class ForgetfulLog(WatchedLog):
    """A log that cannot say how long serving took."""

    is_forgetful = True

    async def served(self, hall: str, since: str, before: str) -> list[Row]:
        if self.is_forgetful:
            raise StorageFault("the disk is full")
        return await super().served(hall, since, before)


async def busy_day(log: WatchedLog) -> Live:
    """Twenty visits of two minutes at a hall that expects five."""
    live = await Live(log, setups={HALL: {1: replace(small_hall(), series=LONG_SERIES)}}).start()
    await live.do(c.OpenCounter("c1"))
    for _ in range(LEAST_TURNS):
        await live.issue()
        for command in (c.CallNext("c1"), c.Start("c1")):
            await live.do(command)
        live.clock.advance(minutes=2)
        await live.do(c.Finish("c1"))
    return live


async def test_the_number_changes_with_the_opening_of_a_day_and_is_the_same_after_a_restart() -> None:
    live = await busy_day(WatchedLog())
    assert live.hall.picture.long_service_s("account") == 3 * EXPECTED_S
    live.clock.advance(days=1)
    await live.runner.open_days()
    assert live.hall.picture.long_service_s("account") == 3 * 120
    assert live.hall.picture.long_service_s("loan") is None  # nobody measured or expects anything
    await live.restart()
    assert live.hall.picture.long_service_s("account") == 3 * 120
    await live.runner.stop()


async def test_a_log_that_cannot_be_asked_leaves_what_the_set_up_expects() -> None:
    log = ForgetfulLog()
    live = await busy_day(log)
    for _ in range(3):
        live.clock.advance(days=1)
        await live.runner.open_days()
    assert live.hall.picture.long_service_s("account") == 3 * EXPECTED_S
    assert await live.issue()
    log.is_forgetful = False
    live.clock.advance(days=1)
    await live.runner.open_days()
    assert live.hall.picture.long_service_s("account") == 3 * 120
    await live.runner.stop()
