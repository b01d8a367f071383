"""The display in a real browser: what stands large, what is listed, what sounds, and when it stops shouting."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.display.display_support import area, board, call, old_calls
from tests.screens_support import MISSED, Json, ScriptedHall, ago, hall_record, launched

Scripted = Callable[[Json], ScriptedHall]
HERO = ".call .who .n"
DARK = "rgb(22, 33, 38)"
YELLOW = "rgb(255, 198, 41)"
TOO_BIG = """(nodes => nodes.filter(node =>
    node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1).length)"""


def shown(hall: ScriptedHall, *, path: str = "/display", width: int = 1920, height: int = 1080) -> Page:
    return hall.open(path, width=width, height=height)


def sounded(hall: ScriptedHall) -> list[int]:
    return [seq for message in hall.heard for seq in message["sounding"]]


def test_a_new_call_stands_large_sounds_once_and_is_receipted(scripted: Scripted) -> None:
    hall = scripted(board(**old_calls(4)))
    page = shown(hall)
    hall.put({"call:90": call("A047", "3", at=hall.instant())})
    expect(page.locator(HERO)).to_have_text("A047")
    expect(page.locator(".call.fresh.called")).to_contain_text("号窗口")
    hall.wait(page, 6)
    assert sounded(hall) == [90]
    assert hall.heard[-1]["shown"][0] == 90
    assert hall.heard[-1]["audio"] == "running"


def test_a_recall_stands_large_again_and_sounds_again(scripted: Scripted) -> None:
    hall = scripted(board(s80=call("A044", "1", at=ago(seconds=30))))
    page = shown(hall)
    hall.put({"call:90": call("B031", "5", at=hall.instant(), area_id="2")})
    hall.wait(page, 10)
    expect(page.locator(HERO)).to_have_text("B031")
    hall.put({"call:80": call("A044", "1", at=hall.instant(), call_no=2)})
    expect(page.locator(HERO)).to_have_text("A044")
    hall.wait(page, 6)
    assert sounded(hall) == [80, 90, 80]
    expect(page.locator(".row .who .n").first).to_have_text("B031")


def test_a_call_that_is_taken_back_says_so_quietly_and_goes(scripted: Scripted) -> None:
    hall = scripted(board(**old_calls(2)))
    page = shown(hall)
    hall.put({"call:90": call("A047", "3", at=hall.instant())})
    expect(page.locator(HERO)).to_have_text("A047")
    hall.put({"call:90": call("A047", "3", at=hall.instant(), state="undone")})
    expect(page.locator(HERO)).to_have_text("B000")
    expect(page.locator(".call.fresh")).to_have_count(0)
    back = page.locator(".row.back")
    expect(back.locator("s")).to_have_text("A047")
    expect(back.locator(".words")).to_have_text("已撤回Taken back")
    hall.wait(page, 18)
    expect(back).to_be_visible()
    assert 90 not in hall.heard[-1]["shown"]
    hall.wait(page, 4)
    expect(page.get_by_text("A047")).to_have_count(0)
    assert sounded(hall) == [90]


def test_who_is_called_again_stands_large_and_not_as_taken_back(scripted: Scripted) -> None:
    hall = scripted(board(s90=call("A047", "3", at=ago(seconds=5), state="undone")))
    page = shown(hall)
    expect(page.locator(".row.back")).to_have_count(1)
    hall.put({"call:95": call("A047", "5", at=hall.instant(), area_id="2")})
    expect(page.locator(HERO)).to_have_text("A047")
    expect(page.locator(".row.back")).to_have_count(0)


def test_several_calls_at_once_stand_large_one_after_another_and_none_is_hidden(scripted: Scripted) -> None:
    hall = scripted(board())
    page = shown(hall)
    hall.put({f"call:{90 + i}": call(f"A0{47 + i}", "3", at=hall.instant()) for i in range(3)})
    seen = [page.locator(HERO).inner_text()]
    assert {row.inner_text() for row in page.locator(".row .who .n").all()} == {"A048", "A049"}
    for _ in range(2):
        hall.wait(page, 3.5)
        assert page.locator(HERO).inner_text() == seen[-1], "each stands at least four seconds"
        hall.wait(page, 1)
        seen.append(page.locator(HERO).inner_text())
    assert seen == ["A047", "A048", "A049"]


def test_after_a_lost_link_old_calls_are_listed_and_only_the_fresh_one_sounds(scripted: Scripted) -> None:
    hall = scripted(board(**old_calls(1)))
    page = shown(hall)
    hall.cut()
    hall.wait(page, 8)
    expect(page.locator("footer.lost")).to_be_visible()
    old, fresh = call("A046", "2", at=ago(minutes=1.5)), call("A047", "3", at=hall.instant())
    hall.state = {**hall.state, "call:90": old, "call:91": fresh}
    hall.seq += 2
    hall.is_down = False
    hall.wait(page, 16)
    expect(page.locator(HERO)).to_have_text("A047")
    expect(page.locator(".row .who .n").first).to_have_text("A046")
    expect(page.locator("footer.lost")).to_have_count(0)
    hall.wait(page, 6)
    assert sounded(hall) == [91]
    assert hall.asked[-1]["after"] == "100", "it asked for what it had missed"


def test_a_board_that_hears_nothing_stops_shouting_and_says_until_when_it_is_right(scripted: Scripted) -> None:
    hall = scripted(board(s90=call("A047", "3", at=ago(seconds=2))))
    page = shown(hall)
    hall.wait(page, 6)
    assert page.locator(".call").evaluate("node => getComputedStyle(node).animationName") != "none"
    page.clock.fast_forward(7_000)
    expect(page.locator("footer.lost")).to_contain_text("叫号显示到 10:42:13")
    expect(page.locator("footer.lost")).to_contain_text("Showing calls up to 10:42:13")
    assert page.locator(".call").evaluate("node => getComputedStyle(node).backgroundColor") == DARK


def test_a_visitor_at_the_counter_is_no_longer_shouted_for(scripted: Scripted) -> None:
    hall = scripted(board(s90=call("A047", "3", at=ago(minutes=3))))
    page = shown(hall)
    background = "node => getComputedStyle(node).backgroundColor"
    assert page.locator(".call").evaluate(background) == YELLOW
    hall.put({"call:90": call("A047", "3", at=ago(minutes=3), state="serving")})
    expect(page.locator(".call.torn")).to_be_visible()
    assert page.locator(".call").evaluate(background) == DARK


def test_three_thousand_calls_leave_the_page_as_small_as_it_was(scripted: Scripted) -> None:
    hall = scripted(board())
    page = shown(hall)
    nodes = "document.querySelectorAll('*').length + document.body.textContent.length / 1000"
    send_burst(hall, 0)
    hall.wait(page, 8)
    before = page.evaluate(nodes)
    for burst in range(1, 60):
        send_burst(hall, burst)
    hall.wait(page, 80)
    expect(page.locator(".rows .row").first).to_be_visible()
    assert page.evaluate(nodes) == pytest.approx(before, abs=4)
    assert page.evaluate("document.querySelectorAll('.row, .call').length") == 7


def send_burst(hall: ScriptedHall, burst: int) -> None:
    """Fifty calls within a moment, ten a message; the server keeps sixteen of an area and drops what they push out."""
    for first in range(1000 + burst * 50, 1050 + burst * 50, 10):
        seqs = range(first, first + 10)
        calls = {
            f"call:{seq}": call(f"A{seq % 1000:03d}", "3", at=hall.instant(), area_id="12"[seq % 2]) for seq in seqs
        }
        hall.put(calls, tuple(key for seq in seqs if (key := f"call:{seq - 32}") in hall.state))


def test_an_empty_board_speaks_both_languages(scripted: Scripted) -> None:
    hall = scripted(board())
    page = shown(hall)
    expect(page.locator(".none")).to_contain_text("请留意叫号")
    expect(page.locator(".none [lang=en]")).to_have_text("Your number will appear here")
    expect(page.locator("header")).to_contain_text("江湾路营业厅")
    expect(page.locator("header .clock")).to_have_text("10:42")
    expect(page.locator("header .date")).to_contain_text("11月24日 周二")
    expect(page.locator("header .date")).to_contain_text("Tue 24 Nov")


def test_a_closed_hall_says_so(scripted: Scripted) -> None:
    hall = scripted({**board(), "hall": hall_record(hours=[[[0, 60]]] * 7)})
    expect(shown(hall).locator(".none")).to_contain_text("Closed now")


def test_the_foot_swaps_its_sentences_in_place(scripted: Scripted) -> None:
    hall = scripted(board())
    page = shown(hall)
    expect(page.locator("footer")).to_contain_text(MISSED["zh-Hans"])
    expect(page.locator("footer [lang=en]")).to_have_text(MISSED["en"])
    where = page.locator("footer .says").bounding_box()
    hall.wait(page, 12.5)
    expect(page.locator("footer")).to_contain_text("叫号不按号码大小")
    assert page.locator("footer .says").bounding_box() == where


def test_one_area_runs_through_two_columns_newest_on_top(scripted: Scripted) -> None:
    calls = {f"s{i}": call(f"A{i:03d}", "3", at=ago(minutes=10 - i / 10), state="closed") for i in range(8)}
    state = {key: record for key, record in board(**calls).items() if key != "area:2"}
    page = shown(scripted(state))
    assert page.locator(HERO).inner_text() == "A007"
    assert [row.inner_text() for row in page.locator(".row .who .n").all()] == [
        "A006",
        "A005",
        "A004",
        "A003",
        "A002",
        "A001",
    ]


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
@pytest.mark.parametrize("name", ["12", "VIP 1", "企业服务专席", "Small business services desk"])
def test_names_of_every_length_fit(scripted: Scripted, name: str, size: tuple[int, int]) -> None:
    state = board(s90=call("VIP1047", name, at=ago(seconds=2), area_id="2"), s80=call("A1044", name, at=ago(minutes=2)))
    state["area:2"] = area("2", arrow="right", names=[name])
    page = shown(scripted(state), width=size[0], height=size[1])
    assert page.locator(".who, .where").evaluate_all(TOO_BIG) == 0
    assert page.evaluate(f"{TOO_BIG}([document.documentElement])") == 0


def test_a_display_can_be_bound_to_one_area(scripted: Scripted) -> None:
    hall = scripted(board())
    shown(hall, path="/display?area=2")
    assert hall.asked[0]["view"] == "board"
    assert hall.asked[0]["area"] == "2"


def test_a_blocked_sound_is_said_at_the_foot_until_somebody_touches_the_screen(browser: Browser) -> None:
    with launched(browser.browser_type, may_sound=False) as silent:
        hall = ScriptedHall(silent.new_context(), board(**old_calls(1)))
        page = shown(hall)
        expect(page.locator("footer.mute")).to_contain_text("Sound is off. Touch the screen to turn it on")
        page.mouse.click(400, 400)
        expect(page.locator("footer.mute")).to_have_count(0)


def test_without_motion_a_call_has_a_white_frame_instead_of_blinking(scripted: Scripted) -> None:
    hall = scripted(board(s90=call("A047", "3", at=ago(seconds=2))))
    hall_page = shown(hall)
    hall_page.emulate_media(reduced_motion="reduce")
    fresh = hall_page.locator(".call.fresh")
    assert fresh.evaluate("node => getComputedStyle(node).animationName") == "none"
    assert fresh.evaluate("node => getComputedStyle(node, '::after').borderTopWidth") == "12px"
