"""The routes that only read, the pages, and signing in with the people of a set-up."""

from hall.people.permissions import permissions_of
from tests.web.web_support import CORNER, JIANGWAN, Door, House, bearer, done, refused


async def test_everybody_sees_which_halls_there_are(nobody: Door) -> None:
    halls = {one["id"]: one for one in done(await nobody.get("/api/v1/halls"))["halls"]}
    assert halls[JIANGWAN] == {
        "id": "jiangwan",
        "name": {"zh-Hans": "江湾路营业厅", "en": "Jiangwan Road Hall"},
        "languages": ["zh-Hans", "en"],
        "timezone": "Asia/Shanghai",
        "business_date": "2026-11-24",
        "open": True,
    }
    assert set(halls) == {JIANGWAN, CORNER}


async def test_the_sign_in_form_names_counters_and_no_people(nobody: Door) -> None:
    answer = await nobody.get("staff-sign-in")
    assert done(answer)["counters"][0] == {"id": "1", "name": "1", "area": "1"}
    assert "chen" not in answer.text
    assert "陈静" not in answer.text


async def test_how_the_hall_stands(api: Door) -> None:
    await api.issue("general")
    await api.issue("payment")
    await api.pressed("open")
    await api.pressed("call-next")
    now = done(await api.get("now"))
    services = {one["id"]: one for one in now["services"]}
    assert services["general"] == {"id": "general", "waiting": 0, "counters_open": 1}
    assert services["payment"]["waiting"] == 1
    assert now["counters"] == [{"id": "1", "state": "open", "busy": True, "served": 0, "work": 0}]
    assert (now["today"]["issued"], now["today"]["called"], now["id"]) == (2, 1, JIANGWAN)


async def test_the_log_is_read_as_it_was_written(api: Door) -> None:
    await api.issue()
    events = await api.events()
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [event["type"] for event in events] == ["SetupPublished", "DayOpened", "PrinterReported", "TicketIssued"]
    assert all(len(event["hash"]) == 64 for event in events)
    page = done(await api.get("events", after=1, limit=1))
    assert (page["events"][0]["seq"], page["next_after"]) == (2, 2)
    assert done(await api.get("events", after=4)) == {"events": [], "next_after": 4}


async def test_an_unknown_hall_is_unknown_everywhere(house: House, nobody: Door) -> None:
    nowhere = (await house.door("admin", hall="*")).at("nowhere")
    for path in ("now", "events", "tickets", "tickets/1", "staff-sign-in", "tickets/1/qr.svg"):
        refused(await nowhere.get(path), "hall_unknown")
    for path in ("tickets/1/cancel", "counters/1/open", "papers/1/claim"):
        refused(await nowhere.post(path), "hall_unknown")
    refused(await nowhere.post("tickets", {"service": "general"}), "hall_unknown")
    refused(await nowhere.post("printers/1/state", {"state": "ready"}), "hall_unknown")
    refused(await nobody.at("nowhere").get("staff-sign-in"), "hall_unknown")


async def test_a_wrong_address_or_method_is_a_problem_too(nobody: Door) -> None:
    refused(await nobody.get("/api/v1/nothing"), "not_found")
    refused(await nobody.get("/static/nothing.css"), "not_found")
    refused(await nobody.post("/api/v1/halls", {}), "method_not_allowed")


async def test_problems_speak_the_language_of_the_reader(house: House) -> None:
    said = {}
    for language in ("zh-CN", "en"):
        client = house.client({"Accept-Language": language})
        said[language] = refused(await client.get("/api/v1/me"), "not_signed_in")
    assert (said["zh-CN"]["language"], said["en"]["language"]) == ("zh-Hans", "en")
    assert said["zh-CN"]["detail"] != said["en"]["detail"]


async def test_it_is_alive_and_ready(nobody: Door) -> None:
    assert done(await nobody.get("/healthz")) == {"status": "ok"}
    assert done(await nobody.get("/readyz")) == {"status": "ready", "not_ready": []}


async def test_a_hall_that_stopped_is_not_ready(house: House, nobody: Door) -> None:
    house.hall.is_stopped = True
    answer = await nobody.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "not_ready", "not_ready": [JIANGWAN]})


async def test_a_clerk_signs_in_with_a_pin_where_the_login_is_known(house: House, nobody: Door) -> None:
    body = {"login": "chen", "pin": "1001", "hall": JIANGWAN, "counter": "3"}
    signed_in = done(await nobody.post("/api/v1/sign-in", body))
    assert (signed_in["role"], signed_in["hall"], signed_in["name"]) == ("clerk", JIANGWAN, "陈静")
    me = done(await Door(house.client(bearer(signed_in["token"]))).get("/api/v1/me"))
    assert (me["login"], me["counter"], me["permissions"]) == ("chen", "3", sorted(permissions_of("clerk")))
    refused(await nobody.post("/api/v1/sign-in", {**body, "hall": CORNER}), "sign_in_failed")
    assert done(await nobody.post("/api/v1/sign-in", {**body, "hall": CORNER, "pin": "7001"}))["hall"] == CORNER


SCREENS = ["/", "/kiosk", "/display", "/desk", "/manager", "/t/no-such-secret"]


async def test_the_words_of_the_screens_come_in_every_language(nobody: Door) -> None:
    for language, known in (("zh-Hans", "zh-Hans"), ("en", "en"), ("zh-CN", "zh-Hans"), ("xx", "en")):
        words = done(await nobody.get(f"/i18n/{language}.json"))
        assert (words["lang"], words["dir"]) == (known, "ltr")
        assert len(words["plural"]) == 200


async def test_every_screen_is_there_for_everybody_and_runs_no_foreign_code(nobody: Door) -> None:
    for path in SCREENS:
        answer = await nobody.get(path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "style=" not in answer.text


async def test_a_screen_of_an_unknown_hall_is_refused(nobody: Door) -> None:
    for path in SCREENS[:-1]:
        refused(await nobody.get(path, hall="nowhere"), "hall_unknown")
        assert CORNER in (await nobody.get(path, hall=CORNER)).text


async def test_a_link_from_the_paper_opens_the_visitors_page(house: House, nobody: Door) -> None:
    corner = await house.door("api", hall=CORNER)
    secret = (await corner.issue("permit"))["follow_url"].rpartition("/")[2]
    page = (await nobody.get(f"/t/{secret}")).text
    assert secret in page
    assert "Corner Office" in page
    assert "no-such-secret" not in (await nobody.get("/t/no-such-secret")).text
