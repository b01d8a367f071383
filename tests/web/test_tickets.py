"""The ticket routes: what a good request gets, and what one gets that cannot be carried out."""

from datetime import date, timedelta

from hall.people.permissions import Role
from tests.web.web_support import CORNER, JIANGWAN, Door, House, bearer, done, refused

ISSUED = {
    "id",
    "number",
    "serial",
    "service",
    "class",
    "language",
    "state",
    "outcome",
    "ahead",
    "estimate",
    "promise_s",
    "follow_url",
    "paper",
    "counter",
    "issued_at",
    "called_at",
    "seq",
}


async def test_a_ticket_is_issued(api: Door) -> None:
    ticket = await api.issue("general")
    assert set(ticket) == ISSUED
    facts = {name: ticket[name] for name in ("number", "serial", "service", "class", "language", "state", "ahead")}
    assert facts == {
        "number": "A001",
        "serial": 1,
        "service": "general",
        "class": "ordinary",
        "language": "zh-Hans",
        "state": "waiting",
        "ahead": 0,
    }
    assert ticket["promise_s"] == 15 * 60
    assert ticket["issued_at"] == "2026-11-24T02:00:00.000Z"
    assert ticket["estimate"] is ticket["paper"] is ticket["follow_url"] is ticket["outcome"] is None


async def test_numbers_and_serials_go_on(api: Door) -> None:
    tickets = [await api.issue(service) for service in ("general", "payment", "general")]
    assert [ticket["number"] for ticket in tickets] == ["A001", "B001", "A002"]
    assert [ticket["serial"] for ticket in tickets] == [1, 2, 3]


async def test_who_comes_later_has_more_people_ahead(api: Door) -> None:
    assert [(await api.issue())["ahead"] for _ in range(3)] == [0, 1, 2]


async def test_class_and_language_may_be_chosen(api: Door) -> None:
    ticket = await api.issue("general", **{"class": "vip", "language": "en-GB"})
    assert (ticket["number"], ticket["class"], ticket["language"]) == ("V001", "vip", "en")


async def test_a_kiosk_with_a_printer_asks_for_paper(house: House) -> None:
    kiosk = await house.door("kiosk")
    paper = (await kiosk.issue())["paper"]
    assert {name: paper[name] for name in ("state", "printer", "copy")} == {
        "state": "requested",
        "printer": "printer-1",
        "copy": 1,
    }


async def test_a_hall_with_an_address_gives_a_link_to_the_phone_page(house: House) -> None:
    ticket = await (await house.door("api", hall=CORNER)).issue("permit")
    assert ticket["follow_url"].startswith("http://corner.test/t/")
    assert len(ticket["follow_url"].rpartition("/")[2]) == 24


async def test_one_ticket_is_shown_with_its_timeline(house: House, api: Door) -> None:
    kiosk = await house.door("kiosk")
    ticket = await kiosk.issue()
    await api.pressed("open")
    await api.pressed("call-next")
    shown = done(await api.get(f"tickets/{ticket['id']}"))
    assert (shown["state"], shown["counter"], shown["called_at"]) == ("called", "1", "2026-11-24T02:00:00.000Z")
    assert shown["paper"]["id"] == ticket["paper"]["id"]
    assert [turn["counter"] for turn in shown["timeline"]["turns"]] == ["1"]
    assert [paper["id"] for paper in shown["timeline"]["papers"]] == [ticket["paper"]["id"]]


async def test_a_closed_ticket_is_still_shown(api: Door) -> None:
    ticket = await api.issue()
    await api.pressed("open")
    await api.pressed("call-next")
    await api.pressed("finish")
    shown = done(await api.get(f"tickets/{ticket['id']}"))
    assert (shown["state"], shown["outcome"], shown["counter"]) == ("done", "served", "1")


async def test_tickets_are_listed_and_filtered(api: Door) -> None:
    tickets = [await api.issue(service) for service in ("general", "payment", "general")]
    await api.post(f"tickets/{tickets[0]['id']}/cancel")
    assert [one["id"] for one in done(await api.get("tickets"))["tickets"]] == [one["id"] for one in tickets]
    for filters, numbers in (
        ({"state": "waiting"}, ["B001", "A002"]),
        ({"state": "done"}, ["A001"]),
        ({"service": "general"}, ["A001", "A002"]),
        ({"number": "B001"}, ["B001"]),
        ({"service": "nothing-like-it"}, []),
        ({"business_date": "2026-11-24", "service": "payment"}, ["B001"]),
        ({"business_date": "2026-11-23"}, []),
    ):
        assert [one["number"] for one in done(await api.get("tickets", **filters))["tickets"]] == numbers


async def test_a_long_list_comes_in_pieces(api: Door) -> None:
    for _ in range(3):
        await api.issue()
    first = done(await api.get("tickets", limit=2))
    assert [one["serial"] for one in first["tickets"]] == [1, 2]
    rest = done(await api.get("tickets", limit=2, after=first["next_after"]))
    assert [one["serial"] for one in rest["tickets"]] == [3]
    assert done(await api.get("tickets", after=3)) == {"tickets": [], "next_after": None}


async def test_a_number_comes_round_and_the_newest_of_it_comes_first(house: House, api: Door) -> None:
    dates = [date(2026, 11, 24) + timedelta(days=n) for n in range(3)]
    for _ in dates:
        ticket = await api.issue()
        done(await api.post(f"tickets/{ticket['id']}/cancel"))
        house.clock.advance(days=1)
    found = done(await api.get("tickets", number="A001", limit=2))
    assert [one["business_date"] for one in found["tickets"]] == [str(day) for day in reversed(dates[1:])]
    rest = done(await api.get("tickets", number="A001", limit=2, after=found["next_after"]))
    assert [one["business_date"] for one in rest["tickets"]] == [str(dates[0])]
    (first,) = done(await api.get("tickets", number="A001", business_date=str(dates[0])))["tickets"]
    assert done(await api.get("tickets", number="A001", after=first["serial"]))["tickets"] == []


async def test_a_ticket_is_cancelled(api: Door) -> None:
    ticket = await api.issue()
    cancelled = done(await api.post(f"tickets/{ticket['id']}/cancel"))
    assert (cancelled["state"], cancelled["outcome"]) == ("done", "cancelled_by_staff")
    assert cancelled["seq"] > ticket["seq"]


async def test_what_a_cancel_answers_is_what_the_ticket_shows(house: House, api: Door) -> None:
    """Memory answers and rows show; a repeat may come when only the log still knows the ticket."""
    called, waiting = await api.issue(), await api.issue()
    await api.pressed("open")
    await api.pressed("call-next")
    for ticket in (waiting, called):
        answer = done(await api.post(f"tickets/{ticket['id']}/cancel", key=ticket["id"]))
        shown = done(await api.get(f"tickets/{ticket['id']}"))
        del shown["timeline"]
        assert answer == shown
        await api.issue()
        house.hall.picture.ended.clear()
        assert done(await api.post(f"tickets/{ticket['id']}/cancel", key=ticket["id"])) == answer


async def test_a_closed_ticket_is_closed_and_not_unknown(api: Door) -> None:
    ticket = await api.issue()
    done(await api.post(f"tickets/{ticket['id']}/cancel"))
    for verb in ("cancel", "reprint"):
        for key in (None, f"again-{verb}"):
            problem = refused(await api.post(f"tickets/{ticket['id']}/{verb}", key=key), "ticket_closed")
            assert problem["number"] == "A001"


async def test_a_ticket_that_never_was_is_unknown(api: Door) -> None:
    refused(await api.get("tickets/0123456789ab"), "ticket_unknown")
    for verb in ("cancel", "reprint"):
        for key in (None, f"a-{verb}"):
            refused(await api.post(f"tickets/0123456789ab/{verb}", key=key), "ticket_unknown")


async def test_a_ticket_of_another_hall_is_unknown(house: House, api: Door) -> None:
    ticket = await api.issue()
    corner = await house.door("api", hall=CORNER)
    refused(await corner.get(f"tickets/{ticket['id']}"), "ticket_unknown")
    refused(await corner.post(f"tickets/{ticket['id']}/cancel"), "ticket_unknown")


async def test_a_copy_is_printed_on_a_named_printer(api: Door) -> None:
    ticket = await api.issue()
    copy = done(await api.post(f"tickets/{ticket['id']}/reprint", {"printer": "printer-9"}))["paper"]
    assert (copy["state"], copy["printer"], copy["copy"]) == ("requested", "printer-9", 1)
    copy = done(await api.post(f"tickets/{ticket['id']}/reprint", {"printer": "printer-9"}))["paper"]
    assert copy["copy"] == 2


async def test_a_copy_without_a_printer_is_refused(api: Door) -> None:
    ticket = await api.issue()
    refused(await api.post(f"tickets/{ticket['id']}/reprint"), "printer_unknown")
    refused(await api.post(f"tickets/{ticket['id']}/reprint", {"printer": "display-1"}), "printer_unknown")


async def test_the_code_on_the_paper_opens_the_phone_page(house: House) -> None:
    corner = await house.door("api", hall=CORNER)
    ticket = await corner.issue("permit")
    answer = await corner.get(f"tickets/{ticket['id']}/qr.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<svg xmlns=")
    refused(await corner.get("tickets/0123456789ab/qr.svg"), "ticket_unknown")


async def test_without_a_public_address_there_is_no_code(api: Door) -> None:
    ticket = await api.issue()
    refused(await api.get(f"tickets/{ticket['id']}/qr.svg"), "ticket_unknown")


async def test_two_halls_keep_their_numbers_apart(house: House, api: Door) -> None:
    everywhere = await house.door("api", hall="*")
    first, second = await everywhere.issue("general"), await everywhere.at(CORNER).issue("permit")
    assert (first["number"], first["serial"]) == ("A001", 1)
    assert (second["number"], second["serial"]) == ("P001", 1)
    assert [one["id"] for one in done(await everywhere.at(CORNER).get("tickets"))["tickets"]] == [second["id"]]


async def test_a_token_is_good_at_its_own_hall_only(house: House) -> None:
    roles: tuple[Role, ...] = ("kiosk", "api", "manager", "admin")
    for role in roles:
        door = await house.door(role)
        await door.issue()
        refused(await door.at(CORNER).post("tickets", {"service": "permit"}), "forbidden")
    assert done(await (await house.door("api", hall=CORNER)).get("tickets"))["tickets"] == []


async def test_a_token_that_was_taken_back_is_worth_nothing(house: House) -> None:
    people = house.system.people
    token, made = await people.create_token(hall=JIANGWAN, role="api")
    door = Door(house.client(bearer(token)))
    await door.issue()
    await people.revoke_token(made.id)
    refused(await door.post("tickets", {"service": "general"}), "not_signed_in")


async def test_a_session_that_ended_is_worth_nothing(house: House, nobody: Door) -> None:
    sign_in = {"login": "manager", "password": "demo-manager", "hall": JIANGWAN}
    token = done(await nobody.post("/api/v1/sign-in", sign_in))["token"]
    door = Door(house.client(bearer(token)))
    await door.issue()
    assert (await door.post("/api/v1/sign-out")).status_code == 204
    refused(await door.post("tickets", {"service": "general"}), "not_signed_in")
