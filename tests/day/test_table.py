"""The table of states and moves: on every day that can be reached only these moves happen, and each of them does."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from hypothesis import given

from hall.day import events as e
from hall.day.apply import apply
from hall.day.state import Day
from tests.day.support import HALL, Step, Walker, random_steps
from tests.day.test_laws import days, played

GONE = "gone"  # no ticket of that id is open

# Event -> the states it may find the ticket in, and those it leaves it in.
TABLE: dict[type, tuple[tuple[str, ...], tuple[str, ...]]] = {
    e.TicketIssued: ((GONE,), ("waiting",)),
    e.TicketCalled: (("waiting",), ("called",)),
    e.TicketRecalled: (("called",), ("called",)),
    e.CallDelivered: (("called",), ("called",)),
    e.TicketStarted: (("called",), ("serving",)),
    e.TicketFinished: (("serving",), (GONE, "waiting")),
    e.TicketMissed: (("called",), ("missed",)),
    e.TicketReinstated: (("missed",), ("waiting",)),
    e.TicketParked: (("serving",), ("parked",)),
    e.TicketUnparked: (("parked",), ("serving",)),
    e.TicketReturned: (("parked", "waiting"), ("waiting",)),
    e.TicketTransferred: (("waiting", "called", "serving"), ("waiting",)),
    e.TicketPostponed: (("waiting",), ("waiting",)),
    e.TicketReprioritised: (("waiting",), ("waiting",)),
    e.TicketCancelled: (("waiting", "called", "parked", "missed"), (GONE,)),
    e.TicketExpired: (("waiting", "called", "parked", "missed"), (GONE,)),
    e.TicketCallUndone: (("called",), ("waiting",)),
    e.TicketStartUndone: (("serving",), ("called",)),
    e.TicketFinishUndone: ((GONE, "waiting"), ("serving", "called")),
    e.TicketMissUndone: (("missed", "waiting"), ("called",)),
}
Move = tuple[type, str, str]


def moves_of(log: Iterable[e.Recorded]) -> Iterator[Move]:
    """What each event did to its ticket."""
    day = Day(HALL)
    for one in log:
        ticket = getattr(one.event, "ticket", None)
        before = state_of(day, ticket)
        apply(day, one)
        if ticket is not None:
            yield type(one.event), before, state_of(day, ticket)


def state_of(day: Day, ticket: str | None) -> str:
    found = day.tickets.get(ticket or "")
    return GONE if found is None else found.turn.state


def is_allowed(move: Move) -> bool:
    kind, before, after = move
    if kind not in TABLE:
        return before == after
    befores, afters = TABLE[kind]
    return before in befores and after in afters


@given(days)
def test_only_the_moves_of_the_table_happen(day: list[Step]) -> None:
    assert [move for move in moves_of(played(day).log) if not is_allowed(move)] == []


def test_every_move_of_the_table_happens() -> None:
    """The law above would say little if some moves were never made."""
    due = {(kind, side, state) for kind, sides in TABLE.items() for side in (0, 1) for state in sides[side]}
    for seed in range(2000):
        walker = Walker()
        for step in random_steps(random.Random(seed), 200):
            walker.play(step)
        for kind, before, after in moves_of(walker.log):
            due -= {(kind, 0, before), (kind, 1, after)}
        if not due:
            return
    raise AssertionError(f"never seen: {due}")


@given(days)
def test_no_two_turns_share_an_id_and_every_turn_begins_once(day: list[Step]) -> None:
    begun: list[str] = []
    for one in played(day).log:
        match one.event:
            case e.TicketIssued(turn=turn) | e.TicketFinished(next=e.NextTurn(turn=turn)):
                begun.append(turn)
            case e.TicketTransferred(next_turn=turn):
                begun.append(turn)
    assert len(begun) == len(set(begun))
