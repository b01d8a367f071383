"""What must be true when everybody rests, and what must be true at the end."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from hall.day import events as e
from hall.day.apply import fold
from hall.live.picture import Picture
from hall.live.runner import Hall, Runner
from hall.live.views import view_of
from hall.log.chain import GENESIS, Stored, hash_of, open_seal
from hall.log.codec import as_text
from hall.log.rows import fold_rows
from tests.sim.paper import Station, read_piece

if TYPE_CHECKING:
    from tests.sim.screens import Screen
    from tests.sim.world import World

SHOWN_MOST = 400
GRACE = timedelta(seconds=2)  # the clockwork looks twice a second


def differences(world: World) -> list[str]:
    """Screens that do not show what a fresh one would, halls that decide by another day than they show."""
    assert world.process is not None
    found = [said for screen in world.screens for said in screen_differences(world, screen)]
    for hall in world.process.runner.halls.values():
        if hall.is_stopped or hall.is_rereading:
            found.append(f"{hall.id} is stopped or still reads")
        if hall.pending != hall.picture.day:
            off = unlike(hall.pending, hall.picture.day)
            found.append(f"{hall.id}: the pending day is not the committed one: {off}")
        found += [f"{hall.id}: {said}" for said in ledger_differences(world, hall)]
        found += [f"{hall.id}: {said}" for said in overdue(hall)]
        if hall.setup != hall.picture.setup:
            found.append(f"{hall.id}: decides by set-up {hall.setup.version}, shows {hall.picture.setup.version}")
    return found


def ledger_differences(world: World, hall: Hall) -> Iterator[str]:
    """Nobody is lost, and everybody stands where the log has put them."""
    day, ledger = hall.picture.day, world.ledgers[hall.id]
    here = {id: (t.turn.state, t.turn.counter, t.turn.id, t.line, t.place[:2]) for id, t in day.tickets.items()}
    told = {
        id: (
            t.state,
            t.counter,
            t.turn,
            (t.service, t.class_, t.promise_s or 0, t.language, t.to),
            (t.claim_at, t.serial),
        )
        for id, t in ledger.tickets.items()
    }
    for id in sorted({*here, *told}):
        if here.get(id) != told.get(id):
            yield f"ticket {id} is {here.get(id)}, by the log {told.get(id)}"


def overdue(hall: Hall) -> Iterator[str]:
    """Who was set aside or missed comes to an end when the time is over, by the hall's own time."""
    now = hall.last_at
    assert now is not None
    for ticket in hall.picture.day.tickets.values():
        until = ticket.turn.due_at if ticket.turn.state == "parked" else ticket.turn.expires_at
        if ticket.turn.state in ("parked", "missed") and until is not None and now - until > GRACE:
            yield f"{ticket.number} is {ticket.turn.state}, and was to be so until {until}; it is {now}"
    present = {f"counter/{one.id}" for one in hall.picture.day.counters.values()}
    present |= {f"staff/{one.staff}" for one in hall.picture.day.counters.values()}
    for line, places in hall.picture.day.lines.items():
        if line.to and line.to not in present:
            yield f"{len(places)} wait for {line.to}, who is not there"


def screen_differences(world: World, screen: Screen) -> Iterator[str]:
    assert world.process is not None
    picture = world.process.hall(screen.hall).picture
    fresh = from_json(to_json(view_of(screen.view, picture, world.sources, screen.params).records(picture)))
    if screen.state != fresh:
        keys = sorted(key for key in {**screen.state, **fresh} if screen.state.get(key) != fresh.get(key))
        old, new = ({key: side.get(key) for key in keys[:1]} for side in (screen.state, fresh))
        yield f"{screen.name} at {screen.seq} of {picture.day.seq}: {keys[:5]}: {old} is {new}"[:SHOWN_MOST]


def unlike(one: Any, other: Any) -> list[str]:
    return [each.name for each in fields(one) if each.compare and getattr(one, each.name) != getattr(other, each.name)]


async def judge(world: World) -> list[str]:
    """All that must hold of the log, the rows, the days and the paper when it is over."""
    assert world.process is not None
    found: list[str] = []
    again = Runner(world.log, world.clock, world.ids, world.sources, epoch="sim", version="simulation")
    for id, hall in world.process.runner.halls.items():
        stored = world.log.stored[id]
        recorded = [open_seal(one) for one in stored]
        found += [f"{id}: {said}" for said in chain_faults(stored)]
        found += [f"{id}: {said}" for said in key_faults(world, id, recorded)]
        found += [f"{id}: {said}" for said in paper_faults(recorded)]
        found += [f"{id}: {said}" for said in await row_faults(world, id, recorded)]
        if fold(id, recorded) != hall.picture.day:
            found.append(f"{id}: the log folds to another day: {unlike(fold(id, recorded), hall.picture.day)}")
        loaded = await again.load(id, dict(world.setups[id]))
        found += [f"{id}: after a restart: {said}" for said in picture_faults(loaded, hall.picture)]
        found += [f"{id}: the log holds a phone number" for one in stored if "13800138000" in one.body]
    for station in world.stations:
        found += [f"{station.hall}: {said}" for said in tray_faults(world, station)]
    return found


def chain_faults(stored: list[Stored]) -> Iterator[str]:
    """Seq and serial without a gap, every hash over the one before."""
    previous, serial = GENESIS, 0
    for place, one in enumerate(stored, 1):
        if one.seq != place:
            yield f"seq {one.seq} at place {place}"
        if hash_of(previous, one.sealed_fields()) != one.hash:
            yield f"the chain breaks at {one.seq}"
        previous = one.hash
        event = open_seal(one).event
        if isinstance(event, e.TicketIssued):
            serial += 1
            if event.serial != serial:
                yield f"serial {event.serial} in place of {serial}"


def key_faults(world: World, hall: str, recorded: list[e.Recorded]) -> Iterator[str]:
    """Numbers in the log = numbers answered for: every kiosk's ticket belongs to exactly one press."""
    pressed: Tally[int] = Tally()
    for (of, _, key), answer in world.log.answered.items():
        if of == hall:
            pressed.update(range(answer.seq_first, answer.seq_last + 1))
            said = world.said.get((hall, answer.principal, key))
            if said is not None and said.seqs != tuple(range(answer.seq_first, answer.seq_last + 1)):
                yield f"key {key} was answered with {said.seqs}, remembered is {answer}"
    yield from (f"{seq} answers {n} keys" for seq, n in pressed.items() if n > 1)
    for one in recorded:
        by_kiosk = isinstance(one.event, e.TicketIssued) and one.event.device is not None
        if by_kiosk and not pressed[one.seq]:
            yield f"ticket at {one.seq} belongs to no press of the kiosk"
    said_here = [key for key in world.said if key[0] == hall]
    yield from (f"{key} was acknowledged and is forgotten" for key in said_here if key not in world.log.answered)


def paper_faults(recorded: list[e.Recorded]) -> Iterator[str]:
    """Every paper ends, a claimed one as printed, uncertain or failed."""
    states: dict[str, str] = {}
    for one in recorded:
        if isinstance(one.event, e.PaperRequested | e.PaperClaimed):
            states[one.event.paper] = type(one.event).__name__
        elif isinstance(one.event, e.PaperPrinted | e.PaperUncertain | e.PaperFailed):
            states.pop(one.event.paper)
    yield from (f"paper {paper} stays at {state}" for paper, state in states.items())


async def row_faults(world: World, hall: str, recorded: list[e.Recorded]) -> Iterator[str]:
    fresh = fold_rows(recorded, world.log.follow_of)
    found = []
    for table, rows in fresh.items():
        if [rows[key] for key in sorted(rows)] != await world.log.rows(hall, table):
            found.append(f"the rows of {table} are not those of the log")
    return iter(found)


def picture_faults(loaded: Hall, live: Picture) -> Iterator[str]:
    """A new server must see what the old one saw; what is usual may be another once an earlier day was corrected."""
    if live.is_remeasured:
        loaded.picture.measured = live.measured
    if loaded.picture != live:
        yield f"another picture: {unlike(loaded.picture, live)}"
    if loaded.pending != live.day:
        yield f"another day: {unlike(loaded.pending, live.day)}"


def tray_faults(world: World, station: Station) -> Iterator[str]:
    """What lies in the printer's tray, beside what the log says of it."""
    recorded = [open_seal(one) for one in world.log.stored[station.hall]]
    tickets = [(one.at, one.event) for one in recorded if isinstance(one.event, e.TicketIssued)]
    issued = {event.ticket: (event.number, as_text(at)) for at, event in tickets}
    asked = {one.event.paper: one.event for one in recorded if isinstance(one.event, e.PaperRequested)}
    came_out = Tally(found for piece in station.iron.pieces for found in read_piece(piece))
    for (number, issued_at, copy, kind), times in came_out.items():
        world.count["papers out" if kind == "ticket" else "notices out"] += times
        if (number, issued_at) not in issued.values():
            yield f"the printer printed {number} of {issued_at}, which was never issued"
        if times > 1 and kind == "ticket":
            yield f"{number} came out {times} times as copy {copy}"
    for one in recorded:
        if isinstance(one.event, e.PaperClaimed):
            world.count["papers claimed"] += 1
        if isinstance(one.event, e.PaperPrinted) and one.event.proof in ("acknowledged", "barrier"):
            number, issued_at = issued[one.event.ticket]
            paper = asked[one.event.paper]
            if not came_out[number, issued_at, paper.copy, paper.kind]:
                yield f"{number} is reported as printed ({one.event.proof}) and never came out"
    claimed = {asked[one.event.paper] for one in recorded if isinstance(one.event, e.PaperClaimed)}
    allowed = {(*issued[paper.ticket], paper.copy, paper.kind) for paper in claimed}
    yield from (f"{found} came out without a claim" for found in came_out if found not in allowed)
