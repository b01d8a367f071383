"""The first page: doors to the screens, halls to choose from, and in a demo who may sign in and what was printed."""

import pytest
from playwright.sync_api import expect

NAMES = {"zh-Hans": "江湾路营业厅", "en": "Jiangwan Road Hall"}
SECOND = {"id": "b", "names": {"zh-Hans": "第二营业厅", "en": "Second hall"}}
DEMO = {
    "sign_ins": [{"login": "wang", "secret": "1234", "role": "clerk"}],
    "kiosk_token": "K",
    "display_token": "D",
    "speed": 10,
}


@pytest.fixture
def open_start(hall):
    def open_it(**facts):
        hall.page_facts = facts
        hall.gets["/demo/papers"] = {"papers": [{"id": "p1", "at": "x", "url": "/api/v1/halls/jiangwan/x/qr.svg"}]}
        return hall.open("/", width=1280, height=900, ready=".start", lang="en")

    return open_it


def test_every_screen_has_a_door_with_its_purpose(open_start) -> None:
    page = open_start()
    doors = page.locator(".doors a")
    assert [door.get_attribute("href") for door in doors.all()] == [
        f"/{screen}?hall=jiangwan" for screen in ("kiosk", "display", "desk", "greeter", "manager")
    ]
    expect(doors.first).to_contain_text("Visitors take a number here.")
    expect(page.locator(".demo")).to_have_count(0)


def test_with_several_halls_the_doors_lead_to_the_chosen_one(open_start) -> None:
    page = open_start(halls=[{"id": "jiangwan", "names": NAMES}, SECOND])
    page.get_by_label("Hall").select_option("b")
    expect(page.locator("[data-door='/desk']")).to_have_attribute("href", "/desk?hall=b")


def test_a_demo_shows_who_may_sign_in_and_what_was_printed(open_start) -> None:
    page = open_start(demo=DEMO)
    expect(page.get_by_role("table")).to_contain_text("wang")
    expect(page.locator(".papers img")).to_have_count(1)
    expect(page.locator("[data-door='/kiosk']")).to_have_attribute("href", "/kiosk?hall=jiangwan#token=K")
    expect(page.locator("[data-door='/desk']")).to_have_attribute("href", "/desk?hall=jiangwan")


def test_the_first_page_has_no_faults_that_axe_knows(open_start, complaints_of) -> None:
    assert complaints_of(open_start(demo=DEMO)) == []
