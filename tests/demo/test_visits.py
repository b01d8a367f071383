"""The replayed day as it stands in the file, and the pace that simulated counters keep."""

from __future__ import annotations

from collections import Counter

import pytest

from hall.demo.visits import Pace, Visit, load_visits
from hall.files import examples_folder
from hall.setup.toml import load_file

HEADER = "hall,ticket,service,class,issued_at,called_at,started_at,ended_at,counter,outcome"


@pytest.fixture(scope="module")
def visits() -> list[Visit]:
    return load_visits((examples_folder() / "warsaw_hall_day.csv").read_text("utf-8").splitlines())


def test_the_whole_day_is_replayed_in_order(visits: list[Visit]) -> None:
    assert len(visits) == 1329
    assert [visit.at_s for visit in visits] == sorted(visit.at_s for visit in visits)
    assert visits[0].at_s == 0


def test_every_service_of_the_demo_hall_has_visitors(visits: list[Visit]) -> None:
    setup = load_file(examples_folder() / "demo-hall.toml").setup
    assert set(Counter(visit.service for visit in visits)) == set(setup.services)


def test_times_count_from_the_opening() -> None:
    rows = [
        HEADER,
        "h,1,186-E,,2020-01-08T07:55:00,2020-01-08T08:05:30,,,,served",
        "h,2,200-P,,2020-01-08T09:00:01,,,,,unknown",
        "h,3,199-B,,2020-01-08T09:00:02,,,,,unknown",
    ]
    assert load_visits(rows) == [
        Visit(0.0, 330.0, "general"),
        Visit(3601.0, None, "broadband"),
        Visit(3602.0, None, "complaints"),
    ]


def test_counters_hurry_when_the_line_is_too_long_and_take_their_time_when_it_is_short() -> None:
    pace = Pace([Visit(float(n), n + 100.0, "general") for n in range(100)])
    assert pace.target(99.0) == pytest.approx(80.0)
    assert pace.factor(99.0, called=80) == pytest.approx(1.0)
    assert pace.factor(99.0, called=0) == pytest.approx(0.6)
    assert pace.factor(99.0, called=100) == pytest.approx(1.4)
