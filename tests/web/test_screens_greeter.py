"""The greeter's page in a real browser on the real server: what a press does is read back from the hall."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FloatRect, Page, Route, WebSocketRoute, expect

from tests.web.greeter_support import Greeters, RealHall, goto, hall_setup, real_hall

PHONE, TABLET = (360, 740), (820, 1180)


@pytest.fixture(scope="module")
def made_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which the hall has opened its day."""
    database = tmp_path_factory.mktemp("shop") / "hall.db"
    with real_hall(database):
        pass
    return database


@pytest.fixture
def hall(made_shop: Path, tmp_path: Path) -> Iterator[RealHall]:
    with real_hall(Path(shutil.copy(made_shop, tmp_path / "hall.db"))) as hall:
        yield hall


@pytest.fixture
def greeters(browser: Browser, hall: RealHall) -> Iterator[Greeters]:
    greeters = Greeters(browser, hall)
    yield greeters
    greeters.leave()


def has_buzzed(page: Page, times: int) -> None:
    expect(page.locator("html")).to_have_attribute("data-buzzed", str(times))


# --- Numbers ---------------------------------------------------------------------------------------------------------


def test_a_number_is_two_taps_and_a_double_tap_is_one_ticket(greeters: Greeters, hall: RealHall) -> None:
    page = greeters.page(lang="zh-CN")
    page.locator("[data-service=general]").tap()
    page.locator("[data-class=priority]").dblclick()
    expect(page.locator(".given .num")).to_have_text("A001")
    expect(page.locator(".given img")).to_have_attribute("src", re.compile("^data:image/svg"))
    assert [(one["number"], one["class"], one["language"]) for one in hall.tickets()] == [
        ("A001", "priority", "zh-Hans")
    ]
    page.get_by_role("button", name="下一位客户").tap()
    expect(page.locator("[data-service=general] small")).to_have_text("1 人等候，无窗口")


def test_the_ticket_speaks_the_language_chosen_and_is_printed(greeters: Greeters, hall: RealHall) -> None:
    page = greeters.page()
    page.locator("[data-service=card]").tap()
    page.locator(".tongue [lang=en]").tap()
    page.locator("[data-class=ordinary]").tap()
    page.get_by_role("button", name="Print").tap()
    expect(page.locator(".given .fate")).to_have_text("Printer 1 is printing…")
    (given,) = hall.tickets()
    assert given["language"] == "en"
    papers = hall.get(f"tickets/{given['id']}")["timeline"]["papers"]
    assert [paper["printer"] for paper in papers] == ["printer-1"]


def test_a_papers_fate_is_told_with_the_way_on(greeters: Greeters, hall: RealHall) -> None:
    page = greeters.page(lang="zh-CN")
    page.locator("[data-service=card]").tap()
    page.locator("[data-class=ordinary]").tap()
    fate, key = page.locator(".given .fate"), page.locator(".given [data-printer=printer-1]")
    expect(fate).to_have_count(0)
    key.tap()
    expect(fate).to_have_text("打印机 1 正在打印…")
    expect(key).to_be_disabled()
    hall.report_paper("printed", proof="acknowledged")
    expect(fate).to_have_text("打印机 1 已打出小票。")
    expect(key).to_have_text("重新打印")
    key.tap()
    expect(fate).to_contain_text("正在打印")
    hall.report_paper("uncertain", reason="no answer")
    expect(fate.locator("b")).to_have_text("不知小票有没有打出来，请到打印机 1 看一下。")
    key.tap()
    expect(fate).to_contain_text("正在打印")
    hall.report_paper("failed", reason="paper_out")
    expect(fate.locator("b")).to_have_text("没打出来。打印机 1 缺纸。")
    expect(fate.locator("small")).to_have_text("没有小票，号也有效，可请客户扫码。")
    code, keys = page.locator(".given img").bounding_box(), page.locator(".given .reach").bounding_box()
    assert code is not None
    assert keys is not None
    assert code["y"] + code["height"] <= keys["y"], "the code is in view above the keys"
    # Later, from any list: the same word, and the code instead.
    goto(page, "waiting")
    page.get_by_role("button", name="全部等候").tap()
    page.locator(".rows .row").tap()
    expect(page.locator(".sheet .fate b")).to_have_text("没打出来。打印机 1 缺纸。")
    page.locator("[data-move=reprint]").tap()
    page.locator("[data-show=code]").tap()
    expect(page.locator(".sheet .code")).to_have_attribute("src", re.compile("^data:image/svg"))


def test_a_lost_answer_leaves_one_class_to_press_and_gives_the_same_number(greeters: Greeters, hall: RealHall) -> None:
    page = greeters.page()

    def lose(route: Route) -> None:
        route.fetch()  # the hall has it, the phone never hears of it
        route.abort()

    page.route("**/tickets", lose)
    page.locator("[data-service=payment]").tap()
    page.locator("[data-class=ordinary]").tap()
    expect(page.locator(".unsure")).to_contain_text("it stays one number")
    expect(page.locator("[data-class=priority]")).to_be_disabled()
    page.unroute("**/tickets")
    page.locator("[data-class=ordinary]").tap()
    expect(page.locator(".given .num")).to_have_text("B001")
    assert [one["number"] for one in hall.tickets()] == ["B001"]


def test_what_cannot_be_given_says_so_before_it_is_pressed(greeters: Greeters, hall: RealHall) -> None:
    hall.issue("complaints")
    page = greeters.page()
    expect(page.locator("[data-service=complaints] small")).to_have_text("No numbers left today")
    page.locator("[data-service=complaints]").tap()
    expect(page.locator("[data-class=ordinary]")).to_be_disabled()
    page.locator("[data-class=vip]").tap()  # has a series of its own
    expect(page.locator(".given .num")).to_have_text("V001")
    page.get_by_role("button", name="Next visitor").tap()
    hall.advance(7 * 3600)
    page.reload()
    expect(page.locator("[data-service=business] small")).to_have_text("Not open now")
    expect(page.locator("[data-service=general] small")).not_to_contain_text("open now")
    page.locator("[data-service=business]").tap()
    expect(page.locator(".reach .shut")).to_have_text("Not open now")
    expect(page.locator(".classes button:enabled")).to_have_count(0)
    page.get_by_label("Copy of the business licence").check()  # what to bring can be said all the same


def test_who_needs_no_number_is_counted_with_one_tap(greeters: Greeters, hall: RealHall) -> None:
    page = greeters.page()
    for way in ("self_service", "app", "other_hall", "papers_missing"):
        page.locator(f"[data-to={way}]").dblclick()
        expect(page.locator(f"[data-to={way}] b")).to_have_text("1")
    assert hall.house.hall.picture.day.diverted == {"self_service": 1, "app": 1, "other_hall": 1, "papers_missing": 1}
    assert hall.tickets() == []


def test_what_was_done_is_said_without_covering_a_key(greeters: Greeters) -> None:
    page = greeters.page()
    page.locator("[data-to=app]").tap()
    page.locator(".divert .undo").tap()
    expect(page.locator(".notice.said")).to_be_visible()
    page.locator("[data-service=general]").tap()
    for key in (*page.locator(".numbers button").all(), *page.locator(".tabs button").all()):
        assert not overlap(page.locator(".notice").bounding_box(), key.bounding_box()), key.inner_text()


def overlap(one: FloatRect | None, other: FloatRect | None) -> bool:
    assert one is not None
    assert other is not None
    across = one["x"] < other["x"] + other["width"] and other["x"] < one["x"] + one["width"]
    return across and one["y"] < other["y"] + other["height"] and other["y"] < one["y"] + one["height"]


def test_papers_are_ticked_off_and_what_is_missing_is_shown(greeters: Greeters, hall: RealHall) -> None:
    page = greeters.page()
    page.locator("[data-service=business]").tap()
    page.get_by_label("Copy of the business licence").check()
    page.get_by_role("button", name="Papers missing, no number").tap()
    # What has to be brought is shown in the visitor's language, and under it in the greeter's.
    expect(page.locator(".bring li")).to_have_text(["经办人身份证件Identity document of the person acting"])
    (diverted,) = hall.events("VisitDiverted")
    assert (diverted["to"], diverted["service"]) == ("papers_missing", "business")
    assert hall.tickets() == []
    page.get_by_role("button", name="Next visitor").tap()
    page.locator("[data-service=business]").tap()
    for box in page.locator(".tick input").all():
        box.check()
    expect(page.locator(".papers .out")).to_be_disabled()
    page.locator("[data-class=vip]").tap()
    expect(page.locator(".given .num")).to_have_text("V001")


def test_people_at_the_door_are_counted_as_fast_as_they_come(greeters: Greeters, hall: RealHall) -> None:
    page = greeters.page()
    for _ in range(3):
        page.get_by_role("button", name="Count 1 person").tap()
    page.get_by_role("button", name="Count 5 people").tap()
    expect(page.locator("[data-count=door]")).to_have_text("8")
    page.reload()
    expect(page.locator("[data-count=door]")).to_have_text("8")
    assert hall.house.hall.picture.day.came_in == 8


def test_a_wrong_tap_is_taken_back_and_never_below_zero(greeters: Greeters, hall: RealHall) -> None:
    page = greeters.page()
    less, counted = page.get_by_role("button", name="One person fewer"), page.locator("[data-count=door]")
    expect(less).to_be_disabled()
    page.get_by_role("button", name="Count 1 person").tap()
    expect(counted).to_have_text("1")
    less.tap()
    expect(counted).to_have_text("0")
    expect(less).to_be_disabled()
    page.locator("[data-to=app]").tap()
    expect(page.locator("[data-to=app] b")).to_have_text("1")
    page.get_by_role("button", name="Undo: App").tap()
    expect(page.get_by_role("status").filter(has_text="Taken back: App")).to_be_visible()
    expect(page.locator("[data-to=app] b")).to_have_text("0")
    assert (hall.house.hall.picture.day.came_in, hall.house.hall.picture.day.diverted) == (0, {"app": 0})


# --- Who is called ---------------------------------------------------------------------------------------------------


def test_who_does_not_come_is_hunted_and_buzzes_once(greeters: Greeters, hall: RealHall) -> None:
    hall.issue("payment", **{"class": "priority"}, language="en")
    hall.issue("payment")
    page = greeters.page(lang="zh-CN")
    goto(page, "hunt")
    hall.call("1")
    expect(page.locator(".rows li")).to_contain_text("1 号窗口")
    expect(page.locator("html[data-buzzed]")).to_have_count(0)
    hall.advance(20)
    hall.post("counters/1/recall")
    expect(page.locator(".hunted .tk.called")).to_contain_text("B001")
    expect(page.locator(".hunted .tk")).to_contain_text(re.compile("老年、残障优先.*缴费充值 · English.*叫了 2 次"))
    expect(page.locator(".flash.hunt")).to_have_count(1)
    has_buzzed(page, 1)
    page.locator(".bar.news").get_by_role("button").tap()
    expect(page.locator(".bar.news")).to_have_count(0)
    hall.advance(20)
    hall.post("counters/1/recall")
    expect(page.locator(".hunted")).to_contain_text("叫了 3 次")
    has_buzzed(page, 1)  # the same visitor is told once
    hall.hunt("2")
    expect(page.locator(".hunted li")).to_have_count(2)
    has_buzzed(page, 2)


def test_a_missed_visitor_is_reinstated_by_the_rule_or_at_a_chosen_place(greeters: Greeters, hall: RealHall) -> None:
    for _ in range(7):
        hall.issue()
    gone = [hall.miss("1"), hall.miss("1")]
    page = greeters.page()
    goto(page, "missed")
    expect(page.locator(".gone .rows").first.locator("li")).to_have_count(2)
    page.get_by_role("button", name=f"Reinstate {gone[0]}").tap()
    expect(page.get_by_role("status").filter(has_text=f"{gone[0]} is back in line")).to_be_visible()
    page.locator(".row", has_text=gone[1]).click(button="right")  # what a long touch is
    page.locator("[data-move=reinstate]").tap()
    expect(page.locator(".sheet")).to_contain_text("Back within 15 minutes: 3 others go first.")
    page.locator("[data-place=head]").tap()
    expect(page.locator(".sheet")).to_have_count(0)
    assert [one["place"] for one in hall.events("TicketReinstated")] == ["back", "head"]
    assert hall.call("2") == gone[1]


def test_who_is_set_aside_stands_with_counter_reason_and_time(greeters: Greeters, hall: RealHall) -> None:
    hall.issue()
    hall.call("1")
    hall.post("counters/1/start")
    hall.post("counters/1/park", reason="form", minutes=10)
    page = greeters.page()
    goto(page, "missed")
    expect(page.locator(".gone .rows li")).to_have_text("A001Counter 1Fills in a form10:10back in line")


def test_any_number_is_found_with_the_reason_why_it_waits(greeters: Greeters, hall: RealHall) -> None:
    hall.post("counters/1/open")
    for _ in range(3):
        hall.issue()
    page = greeters.page()
    goto(page, "missed")
    page.get_by_label("Number").fill("a3")
    page.get_by_label("Number").press("Enter")
    expect(page.locator(".sheet h2")).to_have_text("A003")
    expect(page.locator(".sheet .why")).to_have_text("2 came before you.")
    page.get_by_role("button", name="Close").tap()
    page.get_by_label("Number").fill("99")
    page.get_by_label("Number").press("Enter")
    expect(page.get_by_text("There is no such number.")).to_be_visible()


def test_a_number_without_its_letter_is_that_of_every_service_and_class(greeters: Greeters, hall: RealHall) -> None:
    hall.issue("general")
    hall.issue("payment", **{"class": "vip"})
    page = greeters.page()
    goto(page, "missed")
    page.locator("[name=number]").fill("1")
    page.locator(".search button").tap()
    expect(page.locator(".search + [role=status] .row > .n")).to_have_text(["A001", "V001"])


def test_a_number_of_another_day_is_not_found(greeters: Greeters, hall: RealHall) -> None:
    yesterday = hall.issue()
    hall.post(f"tickets/{yesterday['id']}/cancel")
    hall.advance(86_400)
    hall.issue("payment")
    page = greeters.page()
    goto(page, "missed")
    page.get_by_label("Number").fill("a1")
    page.get_by_label("Number").press("Enter")
    expect(page.get_by_text("There is no such number.")).to_be_visible()
    today = hall.issue()
    page.get_by_label("Number").press("Enter")
    expect(page.locator(".sheet h2")).to_have_text(today["number"])
    expect(page.locator(".sheet .chip")).to_have_text("Waiting")


def test_a_ticket_is_postponed_transferred_reprinted_and_cancelled(greeters: Greeters, hall: RealHall) -> None:
    ids = [hall.issue()["id"] for _ in range(3)]
    page = greeters.page()
    goto(page, "waiting")
    page.get_by_role("button", name="All waiting").tap()

    def move(number: str, name: str, choice: str) -> None:
        page.locator(".row", has_text=number).tap()
        page.locator(f"[data-move={name}]").tap()
        page.locator(f".sheet {choice}").tap()

    move("A001", "postpone", "[data-places='2']")
    expect(page.locator(".sheet")).to_have_count(0)
    move("A002", "transfer", "[data-service=broadband]")
    expect(page.locator(".sheet")).to_have_count(0)
    expect(page.locator(".row", has_text="A002")).to_contain_text("Broadband")
    move("A003", "reprint", "[data-printer=printer-1]")
    page.get_by_role("button", name="Close").tap()
    move("A003", "cancel", "[data-sure=cancel]")
    expect(page.locator(".row", has_text="A003")).to_have_count(0)
    for kind, number in {
        "TicketPostponed": 0,
        "TicketTransferred": 1,
        "PaperRequested": 2,
        "TicketCancelled": 2,
    }.items():
        assert [one["ticket"] for one in hall.events(kind)] == [ids[number]]
    move("A002", "postpone", "[data-places='1']")
    expect(page.locator(".sheet .notice.refused")).to_have_text("Nobody waits behind this ticket.")


def test_the_green_lane_says_what_is_left_and_until_when_it_is_spent(greeters: Greeters, hall: RealHall) -> None:
    for _ in range(3):
        hall.issue()
    page = greeters.page(lang="zh-CN")
    goto(page, "waiting")
    page.get_by_role("button", name="全部等候").tap()
    expect(page.locator(".budget")).to_contain_text("一小时 2 个，还剩 2 个")
    for number in ("A001", "A002"):
        page.locator(".row", has_text=number).tap()
        page.locator("[data-move=prioritise]").tap()
        page.locator("[data-reason=pregnant]").tap()
        expect(page.locator(".sheet")).to_have_count(0)
        expect(page.locator(".row", has_text=number)).to_contain_text("老年、残障优先")
    expect(page.locator(".budget.spent")).to_contain_text("已用完，11:00 起可再用")
    page.locator(".row", has_text="A003").tap()
    page.locator("[data-move=prioritise]").tap()
    expect(page.locator("[data-reason=pregnant]")).to_be_disabled()


# --- Help and waits --------------------------------------------------------------------------------------------------


def test_a_call_for_help_buzzes_is_taken_and_solved(greeters: Greeters, hall: RealHall) -> None:
    hall.issue("payment")
    page = greeters.page()
    hall.call("1")
    page.locator(".bar h1").tap()
    hall.post("counters/1/help", kind="dispute")
    bar = page.locator(".bar.news")
    expect(bar).to_contain_text("DisputeCounter 1")
    expect(page.locator(".flash.help")).to_have_count(1)
    has_buzzed(page, 1)
    hall.advance(65)
    page.reload()
    bar.get_by_role("button").tap()
    expect(page.locator(".help li.open .what .n")).to_have_text(re.compile("1:0."))
    page.get_by_role("button", name="I am on my way").tap()
    expect(page.locator(".help li.taken .state")).to_have_text(re.compile("took it after 1:0."))
    page.get_by_role("button", name="Solved").tap()
    expect(page.get_by_text("Nobody calls for help.")).to_be_visible()
    assert hall.house.hall.picture.day.helps == {}


def test_who_waits_beyond_the_promise_stands_by_how_far(greeters: Greeters, hall: RealHall) -> None:
    hall.issue("broadband")  # 20 min
    hall.issue("general")  # 15 min
    hall.advance(240)
    hall.issue("payment")  # 10 min
    hall.advance(17 * 60)
    hall.issue("general")
    page = greeters.page()
    goto(page, "waiting")
    expect(page.locator(".rows .row > .n")).to_have_text(["B001", "A001", "C001"])
    expect(page.locator(".rows .wt b")).to_have_text(["+7 min", "+6 min", "+1 min"])
    expect(page.locator(".chips button")).to_have_text(
        ["AGeneral services1/ 2", "BBills and top-up1/ 1", "CBroadband1/ 1"]
    )
    page.locator(".chips button").first.tap()
    expect(page.locator(".rows .row > .n")).to_have_text(["A001"])
    expect(page.locator(".tabs [data-goto=waiting] .badge")).to_have_text("3")


# --- The page itself -------------------------------------------------------------------------------------------------


def test_greeters_sign_in_with_a_pin_and_clerks_are_told_why_not(greeters: Greeters, hall: RealHall) -> None:
    page = greeters.watched(greeters.context(lang="zh-CN", width=360, height=740))
    page.goto(f"{hall.url}/greeter")

    def sign_in(login: str, secret: str) -> None:
        page.locator("[name=login]").fill(login)
        page.locator("[name=secret]").fill(secret)
        page.get_by_role("button", name="登录").tap()

    sign_in("greeter", "9999")
    expect(page.get_by_role("alert")).to_have_text("账号或密码不正确。")
    sign_in("chen", "1001")
    expect(page.get_by_role("alert")).to_have_text("没有权限进行此操作。")
    sign_in("greeter", "2001")
    expect(page.locator(".greeter")).to_be_visible()
    page.get_by_role("button", name="退出").tap()
    sign_in("manager", "demo-manager")
    expect(page.locator(".greeter")).to_be_visible()


def test_a_lost_link_is_said_nothing_is_sent_and_nothing_is_yellow(greeters: Greeters, hall: RealHall) -> None:
    is_mute = []

    def between(socket: WebSocketRoute) -> None:
        if is_mute:
            return
        server = socket.connect_to_server()
        socket.on_message(server.send)
        server.on_message(lambda text: None if is_mute else socket.send(text))

    hall.issue()
    page = greeters.page()
    page.context.route_web_socket("**/live?*", between)
    page.clock.install()
    page.reload()
    goto(page, "hunt")
    hall.hunt()
    expect(page.locator(".hunted .tk")).to_be_visible()
    is_mute.append(True)
    page.clock.fast_forward(7_000)
    expect(page.locator(".bar.lost")).to_contain_text("Link lost. This is how it stood at 10:00:2")
    assert page.locator(".tk.called").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.locator(".flash")).to_have_count(0)
    goto(page, "issue")
    page.locator("[data-service=general]").tap()
    page.locator("[data-class=ordinary]").tap()
    expect(page.locator(".notice.refused")).to_contain_text("Nothing is sent until it is back.")
    assert len(hall.tickets()) == 1
    is_mute.clear()
    page.clock.fast_forward(20_000)
    expect(page.locator(".bar.lost")).to_have_count(0)


def test_an_empty_hall_says_so_in_each_list(greeters: Greeters) -> None:
    page = greeters.page(lang="zh-CN")
    for tab, words in {
        "hunt": "没有要找的人。",
        "waiting": "没有人等候",
        "missed": "没有人过号。",
        "help": "没有窗口求助。",
    }.items():
        goto(page, tab)
        expect(page.locator(".lists")).to_contain_text(words)
    expect(page.locator(".badge")).to_have_count(0)


def test_three_hundred_waiting_are_counted_whole_and_shown_in_part(greeters: Greeters, hall: RealHall) -> None:
    hall.issue_many(["general", "payment", "broadband"] * 100)
    hall.advance(16 * 60)
    page = greeters.page()
    goto(page, "waiting")
    expect(page.locator(".seg b")).to_have_text(["200", "300"])
    expect(page.locator(".chips small")).to_have_text(["/ 100", "/ 100", "/ 100"])
    expect(page.locator(".rows li")).to_have_count(40)
    page.get_by_role("button", name="Show 160 more").tap()
    expect(page.locator(".rows li")).to_have_count(200)


OUTSIDE = """(() => {
  const seen = (what) => [...document.querySelectorAll(what)].filter((one) => one.offsetParent);
  const isLost = ({ right, width, height }) => right > innerWidth + 1 || width < 44 || height < 44;
  const wide = seen(".side, .sheet .inner").filter((one) => one.scrollWidth > one.clientWidth + 1);
  const keys = seen(".greeter button").filter((one) => !one.closest(".chips") && isLost(one.getBoundingClientRect()));
  const page = document.documentElement.scrollWidth > innerWidth ? ["page"] : [];
  return [...wide, ...keys].map((one) => one.outerHTML.slice(0, 90)).concat(page);
})()"""


@pytest.fixture(scope="module")
def long_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHall]:
    """A hall with the longest names, somebody in each list."""
    with real_hall(tmp_path_factory.mktemp("long") / "hall.db", hall_setup(long_names=True)) as hall:
        for _ in range(6):
            hall.issue("general", **{"class": "priority"})
        hall.miss("2")
        hall.hunt("1")
        hall.post("counters/1/help", kind="authorise")
        hall.advance(840)  # beyond the promise, and the missed one may still come back
        yield hall


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])
def test_long_names_fit_and_every_key_is_large_enough(
    browser: Browser, long_hall: RealHall, lang: str, size: tuple[int, int]
) -> None:
    greeters = Greeters(browser, long_hall)
    page = greeters.page(lang=lang, width=size[0], height=size[1])
    for tab in ("hunt", "help", "missed", "waiting"):
        goto(page, tab)
        expect(page.locator(".lists .row, .lists .tk, .lists li")).not_to_have_count(0)
        assert page.evaluate(OUTSIDE) == [], tab
    page.locator(".rows .row").first.tap()
    expect(page.locator(".sheet .why")).to_be_visible()
    for move in ("transfer", "prioritise"):
        page.locator(f"[data-move={move}]").tap()
        assert page.evaluate(OUTSIDE) == [], move
        page.locator(".sheet .back").tap()
    page.locator(".sheet .close").tap()
    if size == PHONE:
        goto(page, "issue")
    page.locator("[data-service=general]").tap()
    assert page.evaluate(OUTSIDE) == []
    page.locator("[data-class=priority]").tap()
    expect(page.locator(".given img")).to_be_visible()
    assert page.evaluate(OUTSIDE) == []
    greeters.leave()


def test_no_barrier_that_axe_can_see(browser: Browser, long_hall: RealHall) -> None:
    greeters = Greeters(browser, long_hall)
    page = greeters.page(width=TABLET[0], height=TABLET[1])
    expect(page.get_by_text("Touch the screen once: then it sounds and buzzes.")).to_be_visible()
    for tab in ("hunt", "waiting", "missed", "help"):
        goto(page, tab)
        page.locator("[data-service=business]").tap() if tab == "missed" else None
        found = Axe().run(page).response["violations"]
        assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found] == [], tab
    expect(page.get_by_text("Touch the screen once")).to_have_count(0)
    goto(page, "waiting")
    page.locator(".rows .row").first.tap()
    expect(page.locator(".sheet .moves")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    greeters.leave()
