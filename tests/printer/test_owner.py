"""An owner with a healthy printer: order, claims, proofs, expiry and restarts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from printer.fake import ALL_SKILLS, FakeDevice, FakePrinter, Skill
from tests.printer.bench import NOW, HallSide, bench, is_ticket, record


async def test_a_requested_paper_is_claimed_printed_and_reported() -> None:
    async with bench() as b:
        b.ask(record("a"))
        await b.until_said("printed", "a", "acknowledged")
    assert b.hall.said == [("claim", "a"), ("printed", "a", "acknowledged")]
    assert [is_ticket(piece) for piece in b.printer.pieces] == [True]
    assert b.hall.states == ["ready"]


async def test_nothing_of_a_ticket_is_sent_before_it_is_claimed() -> None:
    printer, rows_at_claim = FakePrinter(), []
    sent: list[bytes] = []

    class Watched(FakeDevice):
        async def write(self, data: bytes) -> None:
            sent.append(data)
            await super().write(data)

    hall = HallSide(on_claim=lambda: rows_at_claim.append(any(b"\x1b@" in data for data in sent)))
    async with bench(printer, hall=hall, device=Watched(printer)) as b:
        b.ask(record("a"))
        await b.until_said("printed", "a", "acknowledged")
    assert rows_at_claim == [False]
    assert any(b"\x1b@" in data for data in sent)


async def test_a_paper_whose_claim_is_refused_is_not_printed() -> None:
    async with bench(hall=HallSide(refuse_claims=True)) as b:
        b.ask(record("a"))
        await b.until_said("claim", "a")
        b.hall.refuse_claims = False
        b.ask(record("b", number="A057"))
        await b.until_said("printed", "b", "acknowledged")
    assert [is_ticket(piece, number="A057") for piece in b.printer.pieces] == [True]


async def test_papers_of_two_kiosks_come_out_in_order_and_never_mixed() -> None:
    numbers = [f"A{n:03d}" for n in range(1, 9)]
    async with bench() as b:
        for place, number in enumerate(numbers):
            b.ask(record(f"kiosk{place % 2}-{number}", number=number))
        await b.until(lambda: len(b.printer.pieces) == len(numbers))
    assert all(is_ticket(piece, number=number) for piece, number in zip(b.printer.pieces, numbers, strict=True))
    assert len(b.hall.said) % 2 == 0
    assert all(
        claim[0] == "claim" and done[0] == "printed" and claim[1] == done[1]
        for claim, done in zip(b.hall.said[::2], b.hall.said[1::2], strict=True)
    )


async def test_a_snapshot_is_printed_in_the_order_of_its_requests() -> None:
    start = {
        "paper:late": record("late", number="A002", requested_s=2),
        "paper:early": record("early", number="A001", requested_s=1),
        "hall": {"id": "h"},
    }
    async with bench(start=start) as b:
        await b.until_said("printed", "late", "acknowledged")
    assert [is_ticket(piece, number=n) for piece, n in zip(b.printer.pieces, ("A001", "A002"), strict=True)] == [
        True
    ] * 2


async def test_papers_of_another_printer_are_left_alone() -> None:
    async with bench() as b:
        b.ask({**record("x"), "printer": "p2"}, record("a"))
        await b.until_said("printed", "a", "acknowledged")
    assert not any("x" in said for said in b.hall.said)


async def test_an_expired_paper_is_reported_and_never_printed() -> None:
    async with bench() as b:
        b.clock.at = NOW + timedelta(seconds=91)
        b.ask(record("old"), record("new", number="A057", expires_s=200))
        await b.until_said("printed", "new", "acknowledged")
    assert ("failed", "old", "expired") in b.hall.said
    assert len(b.printer.pieces) == 1


async def test_a_paper_that_expires_while_it_is_claimed_is_not_printed() -> None:
    hall = HallSide()
    async with bench(hall=hall) as b:
        hall.on_claim = lambda: setattr(b.clock, "at", NOW + timedelta(seconds=91))
        b.ask(record("a"))
        await b.until_said("failed", "a", "expired")
    assert not b.printer.pieces


async def test_a_dropped_paper_is_not_printed() -> None:
    printer = FakePrinter()
    printer.end_paper()
    async with bench(printer) as b:
        b.ask(record("a"))
        await b.until(lambda: b.hall.states == ["paper_out"])
        b.owner.drop("paper:a")
        b.ask(record("b", number="A057"))
        printer.load_paper()
        await b.until_said("printed", "b", "acknowledged")
    assert len(printer.pieces) == 1


async def test_a_paper_claimed_before_a_restart_is_uncertain_and_not_printed_again() -> None:
    async with bench(start={"paper:a": record("a", state="claimed")}) as b:
        b.ask(record("b", number="A057"))
        await b.until_said("printed", "b", "acknowledged")
    assert ("uncertain", "a", "restarted") in b.hall.said
    assert not any(said[0] == "reprint" for said in b.hall.said)
    assert b.whole_tickets == []


async def test_an_owner_killed_in_the_middle_of_a_ticket_leaves_it_uncertain_for_the_next() -> None:
    printer = FakePrinter()
    hall = HallSide()
    printer.trip_after(printer.hang, rows=300)
    async with bench(printer, hall=hall) as b:
        b.ask(record("a"))
        await b.until(lambda: printer.rows_on_paper == 300)
    assert hall.said == [("claim", "a")]
    printer.power_off()
    printer.power_on()
    async with bench(printer, hall=hall) as b:
        await b.until_said("uncertain", "a", "restarted")
        b.ask(record("b", number="A057"))
        await b.until_said("printed", "b", "acknowledged")
    half, ticket = printer.pieces
    assert len(half.rows) > 300
    assert is_ticket(ticket, number="A057")


async def test_a_reset_while_a_paper_is_in_hand_does_not_make_it_an_orphan() -> None:
    hall = HallSide()
    async with bench(hall=hall) as b:
        hall.on_claim = lambda: b.owner.reset({"paper:a": {**hall.records["paper:a"], "state": "claimed"}})
        b.ask(record("a"))
        await b.until_said("printed", "a", "acknowledged")
    assert [said[0] for said in hall.said] == ["claim", "printed"]


async def test_reports_are_repeated_until_the_hall_hears_them() -> None:
    hall = HallSide(unavailable_times=5)
    async with bench(hall=hall) as b:
        b.ask(record("a"))
        await b.until_said("printed", "a", "acknowledged")
    assert b.whole_tickets == [1]


async def test_facts_that_cannot_be_drawn_fail_and_do_not_stop_the_next() -> None:
    broken = record("a")
    del broken["facts"]["number"]
    async with bench() as b:
        b.ask(broken, record("b"))
        await b.until_said("printed", "b", "acknowledged")
    assert ("failed", "a", "unprintable") in b.hall.said


@pytest.mark.parametrize(
    ("missing", "proof"),
    [((), "acknowledged"), (("GS ( H",), "barrier"), (("GS ( H", "GS r"), "status")],
)
async def test_the_best_proof_that_the_model_can_give_is_reported(missing: tuple[Skill, ...], proof: str) -> None:
    printer = FakePrinter(skills=ALL_SKILLS - set(missing))
    async with bench(printer) as b:
        b.ask(record("a"), record("b", number="A057"))
        await b.until_said("printed", "a", proof)
        await b.until_said("printed", "b", proof)
    assert is_ticket(printer.pieces[0])
    assert is_ticket(printer.pieces[1], number="A057")


async def test_a_line_that_only_takes_bytes_reports_that_they_were_sent() -> None:
    printer = FakePrinter()
    device = FakeDevice(printer, can_answer=False)
    async with bench(printer, device=device) as b:
        await b.until(lambda: b.hall.states == ["unknown"])
        assert device.opened == 0
        b.ask(record("a"))
        await b.until_said("printed", "a", "sent")
    assert b.whole_tickets == [1]


async def test_near_end_is_a_warning_and_printing_goes_on() -> None:
    printer = FakePrinter()
    printer.is_near_end = True
    async with bench(printer) as b:
        b.ask(record("a"))
        await b.until_said("printed", "a", "acknowledged")
        printer.is_near_end = False
        await b.until(lambda: b.hall.states == ["near_end", "ready"])


async def test_an_idle_owner_reports_each_change_of_state_once() -> None:
    printer = FakePrinter()
    async with bench(printer) as b:
        await b.until(lambda: b.hall.states == ["ready"])
        printer.open_cover()
        await b.until(lambda: b.hall.states == ["ready", "cover_open"])
        printer.close_cover()
        printer.end_paper()
        await b.until(lambda: b.hall.states[-1] == "paper_out")
        printer.load_paper()
        printer.jam()
        await b.until(lambda: b.hall.states[-1] == "error")
        printer.clear_jam()
        printer.power_off()
        await b.until(lambda: b.hall.states[-1] == "unreachable")
        printer.power_on()
        await b.until(lambda: b.hall.states[-1] == "ready")
    assert b.hall.states == ["ready", "cover_open", "paper_out", "error", "unreachable", "ready"]
