"""What every log does, whatever it is kept in: memory, a SQLite file, PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hall.day import commands as c
from hall.day.state import Turn
from hall.log.chain import GENESIS, hash_of, open_seal
from hall.log.codec import as_text
from hall.log.port import Commit, Log, StorageFault
from hall.log.rows import Row
from hall.log.verify import verify
from tests.day.support import Walker, minute
from tests.log.log_support import (
    FOLLOW,
    Store,
    answer,
    append_all,
    commits_of,
    issue,
    long_hall,
    new_hall,
    require_rows_as_folded,
    rows_of,
    told,
)


@pytest.fixture
async def log(store: Store) -> AsyncIterator[Log]:
    opened = store.open()
    yield opened
    await opened.close()


async def append_new(log: Log, walker: Walker, start: int) -> None:
    """Append what happened since `start` as one batch."""
    await log.append(commits_of(walker.log[start:]))


# --- events ---------------------------------------------------------------------------------------------------------


async def test_an_empty_log_knows_nothing(log: Log) -> None:
    assert await log.read("h") == []
    assert await log.day_start("h") == 0
    assert await log.answers("") == []
    assert await log.ticket("h", "t1") is None
    assert await log.tickets("h", {}, 0, 10) == []
    assert await log.followed("nobody") is None
    assert await log.personal("h", "t1") == {}
    assert await log.rows("h", "turn") == []
    assert await log.rebuild("h") == 0
    assert await verify(log, "h") == []


async def test_what_was_appended_is_read_in_order(log: Log) -> None:
    walker = long_hall(1)
    await append_all(log, walker.log)
    assert [open_seal(one) for one in await log.read("h")] == walker.log


async def test_a_read_begins_after_a_seq_and_ends_at_its_limit(log: Log) -> None:
    walker = long_hall(2, 40)
    await append_all(log, walker.log)
    assert [one.seq for one in await log.read("h", 5, 3)] == [6, 7, 8]
    assert await log.read("h", len(walker.log), 3) == []


async def test_every_event_is_chained_to_the_one_before_across_batches(log: Log) -> None:
    await append_all(log, long_hall(3, 60).log)
    previous = GENESIS
    for stored in await log.read("h"):
        assert stored.hash == hash_of(previous, stored.sealed_fields())
        previous = stored.hash


async def test_the_newest_opening_is_where_a_day_begins(log: Log) -> None:
    walker = new_hall()
    walker.roll()
    walker.roll()
    await append_all(log, walker.log)
    openings = [one.seq for one in walker.log if one.event.TYPE == "DayOpened"]
    assert len(openings) == 3
    assert await log.day_start("h") == openings[-1]
    ends = [openings[0], openings[1] - 1, openings[1], openings[2] + 1]
    assert [await log.day_start("h", until) for until in ends] == [openings[n] for n in (0, 0, 1, 2)]
    assert await log.day_start("h", openings[0] - 1) == 0


async def test_halls_do_not_see_one_another(log: Log) -> None:
    one, other = long_hall(4, 60, "h1"), long_hall(5, 60, "h2")
    await append_all(log, one.log)
    await log.append([commit for pair in zip(commits_of(other.log), strict=False) for commit in pair])
    assert [open_seal(stored) for stored in await log.read("h1")] == one.log
    assert [open_seal(stored) for stored in await log.read("h2")] == other.log
    for walker in (one, other):
        await require_rows_as_folded(log, walker)
        assert await verify(log, walker.hall) == []


async def test_one_batch_may_hold_commands_of_several_halls(log: Log) -> None:
    one, other = new_hall("h1"), new_hall("h2")
    await log.append([*commits_of(one.log), *commits_of(other.log)])
    assert [await verify(log, hall) for hall in ("h1", "h2")] == [[], []]
    assert len(await log.read("h2")) == 2


async def test_text_in_any_script_is_kept(log: Log) -> None:
    walker = new_hall()
    walker.do(c.OpenCounter("c1"))
    walker.do(c.PauseCounter("c1", "午休 ☕ \"'\\ \n\t"))
    await append_all(log, walker.log)
    assert [open_seal(one) for one in await log.read("h")] == walker.log


# --- all or nothing -------------------------------------------------------------------------------------------------


async def test_a_gap_is_refused(log: Log) -> None:
    walker = new_hall()
    with pytest.raises(StorageFault):
        await log.append(commits_of(walker.log[1:]))
    assert await log.read("h") == []


async def test_a_place_that_is_taken_is_refused(log: Log) -> None:
    walker = new_hall()
    await append_all(log, walker.log)
    with pytest.raises(StorageFault):
        await log.append(commits_of(walker.log[1:]))
    assert await verify(log, "h") == []
    assert len(await log.read("h")) == 2


async def test_a_batch_that_fails_at_its_end_leaves_nothing(log: Log) -> None:
    walker = new_hall()
    await append_all(log, walker.log)
    start = len(walker.log)
    ticket = issue(walker)
    good = replace(commits_of(walker.log[start:])[0], answer=answer("h", "k", 3, 3, "2026"), personal=told("h", ticket))
    gap = replace(good, recorded=(replace(good.recorded[0], seq=start + 9),), answer=None, personal=None)
    with pytest.raises(StorageFault):
        await log.append([good, gap])
    assert len(await log.read("h")) == start
    assert await log.answers("") == []
    assert await log.ticket("h", ticket) is None
    assert await log.personal("h", ticket) == {}


async def test_after_a_failed_batch_the_chain_goes_on_from_the_last_durable_event(log: Log) -> None:
    walker = new_hall()
    await append_all(log, walker.log)
    start = len(walker.log)
    issue(walker)
    commits = commits_of(walker.log[start:])
    with pytest.raises(StorageFault):
        await log.append([*commits, *commits])
    await log.append(commits)
    assert await verify(log, "h") == []
    assert len(await log.read("h")) == len(walker.log)


async def test_nothing_is_left_of_an_empty_batch(log: Log) -> None:
    await log.append([])
    assert await log.read("h") == []


async def test_appends_at_the_same_time_follow_one_another(log: Log) -> None:
    halls = [long_hall(n, 40, f"h{n}") for n in range(4)]
    await asyncio.gather(*(log.append(commits_of(walker.log)) for walker in halls))
    for walker in halls:
        assert await verify(log, walker.hall) == []
        assert len(await log.read(walker.hall)) == len(walker.log)


async def test_of_two_appends_for_one_place_one_is_kept_whole(log: Log) -> None:
    one, other = long_hall(6, 40), long_hall(7, 40)
    outcomes = await asyncio.gather(
        *(log.append(commits_of(walker.log)) for walker in (one, other)), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "StorageFault"]
    kept = one if outcomes[0] is None else other
    assert [open_seal(stored) for stored in await log.read("h")] == kept.log
    assert await verify(log, "h") == []


# --- answers and what is personal -----------------------------------------------------------------------------------


async def test_an_answer_is_kept_with_its_events(log: Log) -> None:
    walker = new_hall()
    first, last = (
        replace(commit, answer=answer("h", key, n, n, as_text(minute(n))))
        for n, (key, commit) in enumerate(zip("ab", commits_of(walker.log), strict=True), 1)
    )
    await log.append([first, last])
    assert await log.answers("") == [first.answer, last.answer]
    assert await log.answers(as_text(minute(2))) == [last.answer]


async def test_a_key_whose_answer_is_forgotten_may_be_used_anew(log: Log) -> None:
    first, second, *_ = commits_of(new_hall().log)
    await log.append([replace(first, answer=answer("h", "k", 1, 1, as_text(minute(1))))])
    await log.forget_answers(as_text(minute(1)))
    assert len(await log.answers("")) == 1
    await log.forget_answers(as_text(minute(2)))
    assert await log.answers("") == []
    again = answer("h", "k", 2, 2, as_text(minute(2)))
    await log.append([replace(second, answer=again)])
    assert await log.answers("") == [again]


async def test_a_transfer_that_is_taken_back_takes_its_note_along(log: Log) -> None:
    walker = new_hall()
    issue(walker)
    for command in (c.OpenCounter("c1"), c.CallNext("c1"), c.TransferVisitor("c1", "loan"), c.Undo("c1")):
        (event,) = walker.do(command)
    ticket, turn = event.ticket, event.next_turn  # type: ignore[union-attr]
    *before, transfer, undo = commits_of(walker.log)
    await log.append([*before[:-1], replace(before[-1], personal=told("h", ticket))])
    await log.append([replace(transfer, personal=told("h", ticket, name=None, phone=None, note="oh", id=turn)), undo])
    assert (await log.personal("h", ticket))["notes"] == ["brings a dog"]


async def test_a_ticket_may_have_several_notes_and_all_are_erased(log: Log) -> None:
    """What the visitor told at issue, then a note with each transfer."""
    walker = new_hall()
    ticket = issue(walker)
    walker.do(c.TransferTicket(ticket, "loan", has_note=True))
    walker.do(c.TransferTicket(ticket, "advice", has_note=True))
    *before, first, second, third = commits_of(walker.log)
    await log.append([*before, replace(first, personal=told("h", ticket))])
    notes = ["has the form", "wants to complain"]
    for commit, note in zip((second, third), notes, strict=True):
        said = told("h", ticket, name=None, phone=None, note=note, id=commit.recorded[0].command_id)
        await log.append([replace(commit, personal=said)])
    assert (await log.personal("h", ticket))["name"] == "Ada"
    assert (await log.personal("h", ticket))["notes"] == ["brings a dog", *notes]
    await log.erase_personal("h", ticket)
    assert await log.personal("h", ticket) == {}
    assert await verify(log, "h") == []


async def test_the_same_key_of_two_principals_or_halls_is_two_answers(log: Log) -> None:
    one, other = commits_of(new_hall("h1").log)[0], commits_of(new_hall("h2").log)[0]
    second = commits_of(new_hall("h1").log)[1]
    await log.append(
        [
            replace(one, answer=answer("h1", "k", 1, 1, "1")),
            replace(second, answer=answer("h1", "k", 2, 2, "2", principal="bo")),
            replace(other, answer=answer("h2", "k", 1, 1, "3")),
        ]
    )
    assert len(await log.answers("")) == 3


async def test_what_is_personal_is_kept_beside_the_events_and_can_be_erased(log: Log) -> None:
    walker = new_hall()
    ticket = issue(walker)
    *before, commit = commits_of(walker.log)
    await log.append([*before, replace(commit, personal=told("h", ticket))])
    assert await log.personal("h", ticket) == {"name": "Ada", "phone": "+353 1 234", "notes": ["brings a dog"]}
    await log.rebuild("h")
    assert (await log.personal("h", ticket))["name"] == "Ada"
    await log.erase_personal("h", ticket)
    assert await log.personal("h", ticket) == {}
    await log.erase_personal("h", ticket)
    assert await verify(log, "h") == []
    await require_rows_as_folded(log, walker)


@pytest.mark.parametrize("part", ["name", "phone", "note"])
async def test_a_visitor_may_tell_only_a_part(log: Log, part: str) -> None:
    walker = new_hall()
    ticket = issue(walker)
    nothing = dict.fromkeys(("name", "phone", "note"))
    *before, commit = commits_of(walker.log)
    await log.append([*before, replace(commit, personal=told("h", ticket, **{**nothing, part: "x"}))])
    found = await log.personal("h", ticket)
    assert {name: value for name, value in found.items() if value} == (
        {"notes": ["x"]} if part == "note" else {part: "x"}
    )


async def test_erasing_one_ticket_leaves_the_others(log: Log) -> None:
    walker = new_hall()
    tickets = [issue(walker), issue(walker)]
    await append_all(log, walker.log[:2])
    await log.append(
        [
            replace(commit, personal=told("h", ticket))
            for ticket, commit in zip(tickets, commits_of(walker.log[2:]), strict=True)
        ]
    )
    await log.erase_personal("h", tickets[0])
    assert await log.personal("h", tickets[0]) == {}
    assert (await log.personal("h", tickets[1]))["phone"] == "+353 1 234"


# --- rows -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
async def test_rows_are_what_the_events_say(log: Log, seed: int) -> None:
    walker = long_hall(seed, 400)
    await append_all(log, walker.log, seed)
    await require_rows_as_folded(log, walker)
    assert await verify(log, "h") == []


@pytest.mark.parametrize("seed", range(4))
async def test_the_row_of_a_turn_that_is_not_done_is_as_the_day_has_it(log: Log, seed: int) -> None:
    walker = long_hall(seed, 400)
    await append_all(log, walker.log, seed)
    rows, turns = (await rows_of(log, "h"))["turn"], [ticket.turn for ticket in walker.day.tickets.values()]
    assert [facts_of_row(rows[turn.id]) for turn in turns] == [facts_of_turn(turn) for turn in turns]


@pytest.mark.parametrize("ends", ["timer", "counter closed"])
async def test_the_wait_of_a_parked_turn_begins_anew_in_its_row_too(log: Log, ends: str) -> None:
    walker = new_hall()
    issue(walker), issue(walker)
    walker.do(c.OpenCounter("c1"))
    walker.do(c.CallNext("c1"))
    walker.do(c.Start("c1"))
    walker.do(c.Park("c1", "form", 60))
    walker.at += timedelta(minutes=1)
    parked = next(ticket for ticket in walker.day.tickets.values() if ticket.turn.state == "parked")
    walker.do(c.EndParking(parked.id, walker.at) if ends == "timer" else c.CloseCounter("c1"))
    await append_all(log, walker.log)
    rows = (await rows_of(log, "h"))["turn"]
    assert rows[parked.turn.id]["since"] == as_text(walker.at)
    for ticket in walker.day.tickets.values():
        assert facts_of_row(rows[ticket.turn.id]) == facts_of_turn(ticket.turn)
    await require_rows_as_folded(log, walker)


SHARED = ("service", "class", "state", "promise_s", "since", "claim_at")


def facts_of_row(row: Row) -> tuple[Any, ...]:
    return (row["id"], *(row[name] for name in SHARED), row["sent_to"])


def facts_of_turn(turn: Turn) -> tuple[Any, ...]:
    times = (as_text(turn.since), as_text(turn.claim_at))
    return (turn.id, turn.service, turn.class_, turn.state, turn.promise_s, *times, turn.to)


async def test_rows_are_the_same_after_a_rebuild(log: Log) -> None:
    walker = long_hall(8, 400)
    await append_all(log, walker.log)
    before = await rows_of(log, "h")
    assert await log.rebuild("h") == len(walker.log)
    assert await rows_of(log, "h") == before


async def test_a_rebuild_leaves_other_halls_alone(log: Log) -> None:
    one, other = long_hall(1, 60, "h1"), long_hall(2, 60, "h2")
    await append_all(log, one.log)
    await append_all(log, other.log)
    await log.rebuild("h1")
    await require_rows_as_folded(log, other)


async def test_a_log_goes_on_after_a_rebuild(log: Log) -> None:
    walker = long_hall(3, 60)
    await append_all(log, walker.log)
    await log.rebuild("h")
    start = len(walker.log)
    issue(walker)
    await append_new(log, walker, start)
    await require_rows_as_folded(log, walker)


async def test_rows_come_in_pages_ordered_by_id(log: Log) -> None:
    await append_all(log, long_hall(9, 400).log)
    every = await log.rows("h", "turn")
    assert len(every) > 20
    assert [row["id"] for row in every] == sorted(row["id"] for row in every)
    paged, after = [], ""
    while page := await log.rows("h", "turn", after, 7):
        assert len(page) <= 7
        paged += page
        after = page[-1]["id"]
    assert paged == every


async def test_a_counter_may_be_handed_over_within_one_batch(log: Log) -> None:
    """Finish one, call the next, undo both ways, and issue and call at once: no counter holds two in between."""
    walker = new_hall()
    walker.do(c.OpenCounter("c1"))
    walker.do(c.OpenCounter("c2"))
    issue(walker), issue(walker)
    walker.do(c.CallNext("c1"))
    await append_all(log, walker.log)
    start = len(walker.log)
    walker.do(c.Undo("c1"))
    walker.do(c.CallNext("c2"))  # the one that stood at c1
    walker.do(c.CallNext("c1"))  # the other one, at the counter that was left
    walker.do(c.CallNext("c2", finish=True))
    walker.do(c.NoShow("c1", override="broken"))
    issue(walker)
    walker.do(c.CallNext("c1"))  # issued and called in the same batch
    await append_new(log, walker, start)
    await require_rows_as_folded(log, walker)
    assert await verify(log, "h") == []


async def test_two_visitors_may_change_places_within_one_batch(log: Log) -> None:
    walker = new_hall()
    for counter in ("c1", "c2"):
        walker.do(c.OpenCounter(counter, services=("account",)))
        issue(walker)
    walker.do(c.CallNext("c1"))
    walker.do(c.CallNext("c2"))
    await append_all(log, walker.log)
    start = len(walker.log)
    walker.do(c.Undo("c1"))
    walker.do(c.Undo("c2"))
    walker.do(c.CallNext("c2"))
    walker.do(c.CallNext("c1"))
    await append_new(log, walker, start)
    await require_rows_as_folded(log, walker)


async def test_a_finish_may_be_taken_back_after_another_call_was(log: Log) -> None:
    walker = new_hall()
    walker.do(c.OpenCounter("c1"))
    issue(walker), issue(walker)
    walker.do(c.CallNext("c1"))
    await append_all(log, walker.log)
    start = len(walker.log)
    walker.do(c.CallNext("c1", finish=True))
    walker.do(c.Undo("c1"))
    walker.do(c.Undo("c1"))
    await append_new(log, walker, start)
    await require_rows_as_folded(log, walker)


@pytest.mark.parametrize("together", [False, True])
async def test_a_visit_may_go_on_to_its_next_service_after_the_finish_was_taken_back(log: Log, together: bool) -> None:
    walker = new_hall()
    issue(walker, services=("loan",))
    walker.do(c.OpenCounter("c1"))
    walker.do(c.CallNext("c1"))
    for command in (c.Finish("c1"), c.Undo("c1"), c.Finish("c1")):
        walker.do(command)
    commits = commits_of(walker.log)
    for batch in [commits] if together else [[commit] for commit in commits]:
        await log.append(batch)
    await require_rows_as_folded(log, walker)
    assert await verify(log, "h") == []


async def test_a_number_may_be_given_again_in_the_batch_that_freed_it(log: Log) -> None:
    walker = new_hall()
    first = [issue(walker) for _ in range(4)]  # the series ends at 4
    await append_all(log, walker.log)
    start = len(walker.log)
    walker.do(c.CancelTicket(first[0]))
    walker.at = minute(120)
    issue(walker)
    await append_new(log, walker, start)
    rows = await log.tickets("h", {"number": "A001"}, 0, 10)
    assert [row["state"] for row in rows] == ["done", "waiting"]


# --- looking up -----------------------------------------------------------------------------------------------------


async def test_a_ticket_is_found_with_its_turns_and_papers_open_or_closed(log: Log) -> None:
    walker = new_hall()
    ticket, other = issue(walker, device="k1"), issue(walker, device="k1")
    walker.do(c.ReprintTicket(ticket))
    walker.do(c.CancelTicket(ticket, by_visitor=True))
    await append_all(log, walker.log)
    found = await log.ticket("h", ticket)
    assert found is not None
    assert (found["state"], found["outcome"], found["serial"]) == ("done", "cancelled_by_visitor", 1)
    assert [turn["id"] for turn in found["turns"]] == [f"{ticket}-1"]
    assert [paper["copy_no"] for paper in found["papers"]] == [1, 2]
    second = await log.ticket("h", other)
    assert second is not None
    assert second["state"] == "waiting"
    assert await log.ticket("elsewhere", ticket) is None


async def test_tickets_are_listed_by_serial_filtered_and_in_pages(log: Log) -> None:
    walker = new_hall()
    for service in ("account", "loan", "account", "loan", "account"):
        walker.do(c.IssueTicket(service, "elder" if service == "loan" else None))
    walker.do(c.CancelTicket(walker.any_ticket(0)))
    await append_all(log, walker.log)

    async def serials(after: int = 0, limit: int = 10, newest_first: bool = False, **filters: object) -> list[int]:
        found = await log.tickets("h", filters, after, limit, newest_first=newest_first)
        return [row["serial"] for row in found]

    assert await serials() == [1, 2, 3, 4, 5]
    assert await serials(after=2, limit=2) == [3, 4]
    assert await serials(service="account", state="waiting") == [3, 5]
    assert await serials(**{"class": "elder"}) == [2, 4]
    assert await serials(number="A001", business_date="2026-11-24") == [1]
    assert await serials(newest_first=True, limit=2) == [5, 4]
    assert await serials(newest_first=True, after=4, limit=2) == [3, 2]
    assert await serials(newest_first=True, after=1) == []


async def test_finished_turns_are_read_with_corrected_times_since_a_date_and_before_an_instant(log: Log) -> None:
    walker = new_hall()
    walker.do(c.OpenCounter("c1", services=("account",)))
    turns = []
    for n in range(3):
        if n == 1:
            walker.roll()
            walker.do(c.OpenCounter("c1", services=("account",)))
        ticket = issue(walker)
        for command in (c.CallNext("c1"), c.Start("c1")):
            walker.do(command)
        walker.at = minute(n * 10 + 5)
        walker.do(c.Finish("c1"))
        turns.append((ticket, f"{ticket}-1"))
    issue(walker)  # is not finished
    walker.do(c.CorrectTime(*turns[1], minute(5), minute(5), minute(15), "mistake", None, minute(7)))
    await append_all(log, walker.log)

    async def read(since: str, before: float) -> list[tuple[str, str, str]]:
        rows = await log.served("h", since, as_text(minute(before)))
        return sorted((row["service"], row["started_at"][11:19], row["ended_at"][11:19]) for row in rows)

    every = [
        ("account", "02:30:00", "02:35:00"),
        ("account", "02:35:00", "02:37:00"),
        ("account", "02:45:00", "02:55:00"),
    ]
    assert await read("2026-11-24", 26) == every
    assert await read("2026-11-25", 26) == every[1:]
    assert await read("2026-11-24", 15) == every[:1]  # by when it was recorded, though it was corrected since
    assert await log.served("elsewhere", "2026-11-24", as_text(minute(26))) == []


async def test_a_ticket_is_found_by_the_secret_of_its_phone_page(log: Log) -> None:
    walker = new_hall()
    ticket = issue(walker)
    await append_all(log, walker.log)
    secret = FOLLOW("h", ticket)
    assert await log.followed(secret) == ("h", ticket)
    assert await log.followed(secret.swapcase()) is None
    assert len(secret) * 6 >= 128
    assert FOLLOW("h2", ticket) != secret


# --- the end --------------------------------------------------------------------------------------------------------


async def test_what_was_appended_is_there_after_a_close(store: Store) -> None:
    walker = new_hall()
    ticket = issue(walker)
    log = store.open()
    *before, commit = commits_of(walker.log)
    await log.append([*before, replace(commit, answer=answer("h", "k", 3, 3, "1"), personal=told("h", ticket))])
    await log.close()
    again = store.open()
    assert [open_seal(one) for one in await again.read("h")] == walker.log
    assert len(await again.answers("")) == 1
    assert (await again.personal("h", ticket))["name"] == "Ada"
    start = len(walker.log)
    issue(walker)
    await again.append(commits_of(walker.log[start:]))
    assert await verify(again, "h") == []
    await again.close()


async def test_closing_waits_for_an_append_that_has_begun(store: Store) -> None:
    walker = long_hall(1, 60)
    log = store.open()
    appending = asyncio.create_task(log.append(commits_of(walker.log)))
    await asyncio.sleep(0)
    await log.close()
    await appending
    again = store.open()
    assert len(await again.read("h")) == len(walker.log)
    await again.close()


async def test_commits_are_not_changed_by_appending(log: Log) -> None:
    walker = new_hall()
    commits = commits_of(walker.log)
    copies = [Commit(one.hall, one.recorded, one.answer, one.personal) for one in commits]
    await log.append(commits)
    assert commits == copies
