"""A visit that a clerk forgot to finish, from the desk to the manager's corrected figure, on the real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.test_desk_day import at_desk, free, press
from tests.browser.test_whole_visit import DESK, sign_in, watched
from tests.web.greeter_support import RealHall, real_hall

OFFICE = {"width": 1440, "height": 900}


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[RealHall]:
    with real_hall(tmp_path / "hall.db") as hall:
        yield hall


def test_a_visit_finished_late_is_corrected_and_the_figures_follow(hall: RealHall, open_page: OpenPage) -> None:
    desk, manager = open_page(viewport=DESK, locale="zh-CN"), open_page(viewport=OFFICE, locale="zh-CN")
    complaints = [watched(page) for page in (desk, manager)]
    number = hall.issue("general")["number"]

    # Called and started at 10:00; at 11:15 somebody notices that nobody has finished.
    at_desk(desk, hall, "chen", "1001", "1")
    press(desk, "NumpadEnter")
    press(desk, "F3")
    expect(desk.locator(".now.torn .num")).to_have_text(number)
    hall.advance(75 * 60)
    sign_in(manager, f"{hall.url}/manager", "manager", "demo-manager")
    expect(manager.locator(".correct .count")).to_contain_text("1")
    manager.locator(".correct").click()
    expect(manager.locator("dialog.times")).to_contain_text("请窗口先结束办理")
    manager.locator("dialog.times .close").click()
    desk.keyboard.press("F8")
    free(desk)
    expect(manager.locator("main")).to_contain_text("办理时长中位数 75 分（1 次）")

    # The clerk remembers 10:12.
    manager.locator(".correct").click()
    manager.locator("dialog.times button.row", has_text=number).click()
    expect(manager.locator("dialog.times tbody")).to_contain_text("75 分")
    manager.get_by_label("更正后的结束时间").fill("1012")
    manager.get_by_text("忘记结束").click()
    manager.get_by_role("button", name="保存更正").click()
    expect(manager.locator("dialog.times .said")).to_contain_text(number)
    expect(manager.locator("dialog.times button.row", has_text=number)).to_contain_text("10:00–10:12")
    manager.keyboard.press("Escape")
    expect(manager.locator("main")).to_contain_text("办理时长中位数 12 分（1 次）")
    expect(manager.locator(".correct .count")).to_have_count(0)

    # What was recorded first is kept beside it.
    (turn,) = hall.get(f"tickets/{hall.tickets()[0]['id']}")["timeline"]["turns"]
    assert (turn["ended_at"][11:16], turn["corrected_ended_at"][11:16]) == ("03:15", "02:12")
    assert turn["correction_reason"] == "forgot_to_finish"
    assert complaints == [[], []]
