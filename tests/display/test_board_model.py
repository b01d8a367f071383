"""The display's pure models, run where they live: in the browser, without a page around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.screens_support import ScriptedHall

RUN = """
const model = await import("/static/js/display/board.js");
const { emptyBoard, takeRecords, advance, recentCalls, heroCall, isShouting, nextTurn_ms } = model;
const { counterSpan, faceOf } = await import("/static/js/display/layout.js");
const at = (s) => new Date(1e12 + s * 1000).toISOString();
const now = (s, rate = 1) => ({ hall_ms: 1e12 + s * 1000, rate, real_ms: s * 1000 / rate });
const there = { counter: "1", counter_name: "1", area: "1", call_no: 1, state: "called", order: 0 };
const call = (number, s, more = {}) => ({ number, ...there, called_at: at(s), at: at(s), ...more });
"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    hall = ScriptedHall(browser.new_context(), {})
    yield hall.open("/display", width=800, height=600, clock=False)
    hall.context.close()


def run(page: Page, body: str) -> Any:
    return page.evaluate(f"async () => {{ {RUN} {body} }}")


def test_what_is_due_is_bounded_and_keeps_the_newest(page: Page) -> None:
    script = """
      const records = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`call:${i}`, call(`A${i}`, i / 100)]));
      const board = takeRecords(emptyBoard(), records, now(1));
      return [board.due.length, board.due.at(-1).key];
    """
    assert run(page, script) == [16, "call:39"]


def test_fifty_thousand_calls_leave_the_model_as_small_as_it_was(page: Page) -> None:
    script = """
      let board = emptyBoard(), records = {};
      for (let i = 0; i < 50000; i++) {
        records[`call:${i}`] = call(`A${i}`, i);
        delete records[`call:${i - 16}`];
        if (i % 5 === 4) board = advance(takeRecords(board, { ...records }, now(i)), now(i)).board;
      }
      return [board.calls.size, board.known.size, board.due.length <= 16, heroCall(board) !== null];
    """
    assert run(page, script) == [16, 16, True, True]


def test_a_call_that_was_answered_before_its_turn_is_not_announced(page: Page) -> None:
    script = """
      let board = takeRecords(emptyBoard(), { "call:1": call("A1", 0), "call:2": call("A2", 0) }, now(0));
      board = advance(board, now(0)).board;
      board = takeRecords(board, { "call:1": call("A1", 0), "call:2": call("A2", 0, { state: "serving" }) }, now(1));
      return [advance(board, now(9)).announce, recentCalls(board, 9).map(([key]) => key)];
    """
    assert run(page, script) == [None, ["call:2"]]


def test_a_call_shouts_for_its_time_and_then_makes_way_for_who_has_not_come(page: Page) -> None:
    script = """
      const coming = call("A1", 0);
      let board = takeRecords(emptyBoard(), { "call:1": coming }, now(0));
      board = advance(board, now(0)).board;
      board = takeRecords(board, { "call:1": coming, "call:2": call("A2", 5) }, now(5));
      board = advance(board, now(5)).board;
      board = takeRecords(board, { "call:1": coming, "call:2": call("A2", 5, { state: "serving" }) }, now(6));
      const early = [heroCall(board).number, isShouting(board), nextTurn_ms(board, now(6))];
      board = advance(board, now(9)).board;
      return [...early, heroCall(board).number, isShouting(board), board.announced, nextTurn_ms(board, now(9))];
    """
    assert run(page, script) == ["A2", True, 3000, "A1", True, False, None]


def test_age_is_real_time_when_a_demonstration_runs_faster(page: Page) -> None:
    script = """
      const board = takeRecords(emptyBoard(), { "call:1": call("A1", 0) }, now(300, 10));
      const late = takeRecords(emptyBoard(), { "call:1": call("A1", 0) }, now(300, 1));
      return [board.due.length, late.due.length];
    """
    assert run(page, script) == [1, 0]


@pytest.mark.parametrize(
    ("names", "span"),
    [
        (["1", "2", "3", "4"], ["1–4"]),
        (["9", "10"], ["9", "10"]),
        (["1", "2", "VIP 1"], ["1", "2", "VIP 1"]),
        (["贵宾室"], None),
        ([], None),
        ([str(n) for n in range(1, 20, 2)], None),
    ],
)
def test_an_areas_counters_are_said_in_the_fewest_marks(page: Page, names: list[str], span: list[str] | None) -> None:
    counters = [{"name": name} for name in names]
    assert run(page, f"return counterSpan({counters!r});") == span


def test_how_a_counters_name_is_set(page: Page) -> None:
    names = ["3", "A", "12", "VIP 1", "贵宾室", "Small business desk"]
    assert run(page, f"return {names!r}.map(faceOf);") == ["digit", "digit", "pair", "label", "phrase", "phrase"]
