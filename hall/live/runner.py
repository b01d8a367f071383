"""The one path for every command of every hall.

A command is decided at once against the pending day: what is committed plus what is on its way to the disk. One writer
commits all that is pending, of all halls, in one transaction; only then are answers given, events published and reads
shown. When a commit fails, every command of it and behind it is refused, the pending day is thrown away, and the hall
goes on from what the log really holds, which may be more than was acknowledged.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from hall.day.apply import apply
from hall.day.commands import CloseDay, Command, Context, IssueTicket, OpenDay, PublishSetup
from hall.day.decide import decide
from hall.day.events import Actor, DayOpened, Door, Event, Recorded, TicketTransferred
from hall.day.refusals import HallStopped, HallUnknown, KeyReused, StorageUnavailable
from hall.day.setup import Setup
from hall.day.state import Day
from hall.live.business import business_date, local_time
from hall.live.feed import RESUME_EVENTS, HallFeed
from hall.live.picture import Picture
from hall.live.ports import Clock, Ids, whole_ms
from hall.live.usual import MEASURED, service_s_p90
from hall.live.views.base import Sources
from hall.log.chain import Stored, open_seal
from hall.log.codec import as_text
from hall.log.port import READ_MOST, Answer, Commit, Log, Personal, StorageFault

logger = logging.getLogger("hall.live")

BATCH_MOST = 500
QUEUE_MOST = 5000
ANSWERS_KEPT = timedelta(hours=48)
REREAD_S = (0.1, 0.3, 1.0, 3.0)
STOP_S = 10.0
SLOW_STEP = timedelta(milliseconds=100)
SYSTEM = Actor("system", "hall")


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key with its principal and a hash of the body it came with."""

    principal: str
    key: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Told:
    """Name, phone and note that came with a command, kept outside its events."""

    name: str | None = None
    phone: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a command brought about, durable: no events when there was nothing to do."""

    recorded: tuple[Recorded, ...]
    is_repeat: bool = False


@dataclass(eq=False, slots=True)
class Pending:
    """A decided command on its way to the disk."""

    commit: Commit
    future: asyncio.Future[Done] | None


@dataclass(slots=True)
class Hall:
    """One running hall: the pending day that decides, and the feed with the committed picture that shows."""

    id: str
    setups: dict[int, Setup]
    setup: Setup
    pending: Day
    feed: HallFeed
    is_stopped: bool = False
    is_rereading: bool = False
    last_at: datetime | None = None
    last_clock: datetime | None = None
    looked_for_seal: int = 0

    @property
    def picture(self) -> Picture:
        return self.feed.picture


@dataclass(slots=True)
class Memory:
    """Answered and running commands by key, so that a repeat gets the first one's answer."""

    kept: dict[tuple[str, str, str], Answer] = field(default_factory=dict)
    running: dict[tuple[str, str, str], tuple[str, asyncio.Future[Done]]] = field(default_factory=dict)

    def prune(self, before: str) -> None:
        for key in [key for key, answer in self.kept.items() if answer.at < before]:
            del self.kept[key]


class Runner:
    """All halls of this process. Use `start`, then `submit`, then `stop`."""

    def __init__(
        self, log: Log, clock: Clock, ids: Ids, sources: Sources, *, epoch: str = "0", version: str = "0"
    ) -> None:
        self.log, self.clock, self.ids, self.sources = log, clock, ids, sources
        self.epoch, self.version = epoch, version
        self.halls: dict[str, Hall] = {}
        self.memory = Memory()
        self.queue: list[Pending] = []
        self.wake = asyncio.Event()
        self.drained = asyncio.Event()  # set while nothing is on its way to the disk
        self.writer: asyncio.Task[None] | None = None
        self.is_stopping = False
        self.listeners: list[Callable[[Recorded], None]] = []

    # --- start and stop ------------------------------------------------------------------------------------------

    async def start(self, setups: dict[str, dict[int, Setup]]) -> None:
        """Load every hall named here with its set-up versions, then take commands."""
        await self.forget_answers()
        for answer in await self.log.answers(""):
            self.memory.kept[answer.hall, answer.principal, answer.key] = answer
        for hall, versions in setups.items():
            await self.load(hall, versions)
        self.writer = asyncio.create_task(self.write_forever(), name="log-writer")

    async def load(self, hall: str, versions: dict[int, Setup]) -> Hall:
        """Fold a hall from its newest opening; its last events stay at hand for screens that come back."""
        start = max(0, await self.log.day_start(hall) - 1)
        recorded = await self.read_all(hall, start)
        setup = versions[max(versions)]
        picture = Picture(setup, versions, Day(hall))
        feed = HallFeed(picture, self.sources, self.epoch, self.version, self.clock.rate)
        await self.measure(picture, recorded)
        older = max(1, len(recorded) - RESUME_EVENTS)
        for one in recorded[:older]:
            picture.apply(one)
        if recorded:
            feed.keep_base()
        for one in recorded[older:]:
            feed.publish(one)
        feed.began_seq = picture.day.seq
        loaded = Hall(hall, versions, picture.setup, copy_of(picture.day), feed)
        loaded.last_at = picture.day.at
        self.halls[hall] = loaded
        return loaded

    async def measure(self, picture: Picture, recorded: Iterable[Recorded]) -> None:
        """Have at hand how long serving takes on each date that these events open, before anybody is shown it.

        Measured as of the opening, so that it is the same after a restart.
        """
        for one in recorded:
            if not isinstance(one.event, DayOpened):
                continue
            try:
                rows = await self.log.served(one.hall, (one.business_date - MEASURED).isoformat(), as_text(one.at))
            except StorageFault as fault:
                logger.warning("hall %s: service times are not known today: %s", one.hall, fault)
                rows = []
            picture.measured = {one.business_date: service_s_p90(rows)}

    async def forget_answers(self) -> None:
        """Forget answers that are too old, in the log first.

        A key that the log still knows and this memory does not would fail every batch in which it is used again.
        """
        before = as_text(self.clock.now() - ANSWERS_KEPT)
        try:
            await self.log.forget_answers(before)
        except StorageFault as fault:
            logger.warning("old answers are kept for now: %s", fault)
        else:
            self.memory.prune(before)

    async def open_days(self) -> None:
        """Catch up with the business day of every hall before anybody can ask for it."""
        for hall in self.halls.values():
            self.roll(hall, self.stamp(hall))
        if self.queue:
            await self.drained.wait()

    async def read_all(self, hall: str, after: int) -> list[Recorded]:
        found: list[Recorded] = []
        while page := await self.log.read(hall, after, READ_MOST):
            found += [open_seal(stored) for stored in page]
            after = page[-1].seq
        return found

    async def stop(self) -> None:
        """Take no more commands, commit and answer what is pending, then let go; a log that hangs is not waited for."""
        self.is_stopping = True
        self.wake.set()
        if self.writer is not None:
            await asyncio.wait((self.writer,), timeout=STOP_S)
            self.writer.cancel()
            with suppress(asyncio.CancelledError):
                await self.writer
        for hall in self.halls.values():
            hall.feed.cut_all()

    # --- commands ------------------------------------------------------------------------------------------------

    async def submit(
        self,
        hall: str,
        command: Command,
        *,
        actor: Actor = SYSTEM,
        door: Door = "system",
        key: Key | None = None,
        told: Told | None = None,
    ) -> Done:
        """Decide a command, and return when what it brought about is durable. Raises a `Refusal`.

        With a key, a repeat is answered from the first one's events, also after a restart.
        """
        running = self.halls.get(hall)
        if running is None:
            raise HallUnknown(hall=hall)
        if key is None:
            return await asyncio.shield(self.accept(running, command, actor, door, None, told))
        slot = (hall, key.principal, key.key)
        if slot in self.memory.running:
            body_hash, future = self.memory.running[slot]
            if body_hash != key.body_hash:
                raise KeyReused()
            return replace(await asyncio.shield(future), is_repeat=True)
        if slot in self.memory.kept:
            return await self.repeat(self.memory.kept[slot], key.body_hash)
        future = self.accept(running, command, actor, door, key, told)
        self.memory.running[slot] = (key.body_hash, future)
        future.add_done_callback(lambda _: self.memory.running.pop(slot))
        return await asyncio.shield(future)  # who asked may go away; what is decided goes on

    async def repeat(self, answer: Answer, body_hash: str) -> Done:
        if answer.body_hash != body_hash:
            raise KeyReused()
        count = answer.seq_last - answer.seq_first + 1
        stored = await self.read_log(answer.hall, answer.seq_first - 1, count)
        return Done(stored, is_repeat=True)

    async def picture_at(self, hall: Hall, seq: int) -> Picture:
        """The picture as it stood after an event, folded from the log; what is usual in the hall is not measured."""
        if hall.picture.day.seq == seq:
            return hall.picture
        try:
            after = max(0, await self.log.day_start(hall.id, seq) - 1)
        except StorageFault as fault:
            raise StorageUnavailable() from fault
        picture = Picture(hall.setup, hall.setups, Day(hall.id))
        while after < seq:
            for one in await self.read_log(hall.id, after, min(READ_MOST, seq - after)):
                picture.apply(one)
            after = picture.day.seq
        return picture

    async def read_log(self, hall: str, after: int, limit: int) -> tuple[Recorded, ...]:
        try:
            return tuple(open_seal(one) for one in await self.log.read(hall, after, limit))
        except StorageFault as fault:
            raise StorageUnavailable() from fault

    async def read_stored(self, hall: str, seq: int) -> Stored | None:
        """One event as the log keeps it, None when it holds none at this seq."""
        try:
            found = await self.log.read(hall, seq - 1, 1) if seq > 0 else []
        except StorageFault as fault:
            raise StorageUnavailable() from fault
        return found[0] if found else None

    def accept(
        self, hall: Hall, command: Command, actor: Actor, door: Door, key: Key | None, told: Told | None
    ) -> asyncio.Future[Done]:
        """Decide now; the future is done when the events are durable. Raises a `Refusal` at once."""
        require_ready(hall, len(self.queue))
        if self.is_stopping:
            raise StorageUnavailable()
        at = self.stamp(hall)
        if not isinstance(command, OpenDay | CloseDay | PublishSetup):
            self.roll(hall, at)
        command_id = self.ids.new(at)
        if isinstance(command, IssueTicket):
            command = self.with_estimate(hall, command, at)
        recorded = self.decide(hall, command, command_id, actor, door, at)
        future: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        if not recorded:
            future.set_result(Done(()))
            return future
        personal = personal_of(hall.id, recorded, told, at)
        answer = answer_of(hall.id, recorded, key, at)
        future.add_done_callback(look_at)
        self.enqueue(Pending(Commit(hall.id, recorded, answer, personal), future))
        return future

    def stamp(self, hall: Hall) -> datetime:
        """The instant of the next event: the clock's, but never before the last one.

        While a clock that was set back has not come to the last event again, the hall's time goes on at half the pace:
        timers and waits end all the same, and the two times meet.
        """
        now = self.clock.now()
        passed = timedelta(0) if hall.last_clock is None else max(timedelta(0), now - hall.last_clock)
        if hall.last_at is None or now >= hall.last_at:
            hall.last_at = hall.last_clock = now
        elif passed >= SLOW_STEP:
            hall.last_at, hall.last_clock = whole_ms(hall.last_at + passed / 2), now
        elif hall.last_clock is None or now < hall.last_clock:
            hall.last_clock = now
        return hall.last_at

    def with_estimate(self, hall: Hall, command: IssueTicket, at: datetime) -> IssueTicket:
        setup = hall.setup
        visitor_class = command.class_ or setup.default_class()
        if command.service not in setup.services or visitor_class not in setup.classes:
            return command
        found = self.sources.estimator.estimate(hall.pending, setup, command.service, visitor_class, at)
        return replace(command, estimate=found)

    def roll(self, hall: Hall, at: datetime) -> None:
        """Close the business day that is over and open the one that has begun, before anything else happens in it."""
        if not hall.pending.setup_version:
            return  # the log of a hall begins with its set-up
        today = date_in(hall, hall.setup, at)
        if hall.pending.is_open and hall.pending.date == today:
            return
        actor = Actor("clockwork", "clockwork")
        for command in (CloseDay(), OpenDay()):
            recorded = self.decide(hall, command, self.ids.new(at), actor, "clockwork", at)
            if recorded:
                self.enqueue(Pending(Commit(hall.id, recorded), None))

    def decide(
        self, hall: Hall, command: Command, command_id: str, actor: Actor, door: Door, at: datetime
    ) -> tuple[Recorded, ...]:
        """Decide against the pending day and carry the events into it."""
        setup = command.setup if isinstance(command, PublishSetup) else hall.setup
        today = date_in(hall, setup, at)
        closing = hall.pending.date if isinstance(command, CloseDay) else None
        context = Context(at, closing or today, local_time(setup, at), setup, command_id)
        try:
            events = decide(hall.pending, command, context)
            recorded = envelopes(hall, events, context, actor, door)
            for one in recorded:
                apply(hall.pending, one)
        except (AssertionError, KeyError) as broken:
            hall.is_stopped = True
            logger.exception(
                "hall %s stopped: command %s broke an invariant at seq %s", hall.id, command_id, hall.pending.seq
            )
            raise HallStopped() from broken
        if isinstance(command, PublishSetup):
            hall.setups[command.setup.version] = hall.setup = command.setup
        return recorded

    def enqueue(self, pending: Pending) -> None:
        self.queue.append(pending)
        self.drained.clear()
        self.wake.set()

    # --- the writer ----------------------------------------------------------------------------------------------

    async def write_forever(self) -> None:
        while not self.is_stopping:
            await self.wake.wait()
            self.wake.clear()
            while self.queue:
                await asyncio.sleep(0)  # what comes in the same turn of the loop goes into the same commit
                batch, self.queue = self.queue[:BATCH_MOST], self.queue[BATCH_MOST:]
                await self.write(batch)
            self.drained.set()

    async def write(self, batch: list[Pending]) -> None:
        try:
            await self.log.append([pending.commit for pending in batch])
        except StorageFault as fault:
            logger.error("commit of %d commands failed: %s", len(batch), fault)
            await self.give_up(batch)
            return
        except Exception:  # one command that no log can take must not leave all others without an answer
            logger.exception("commit of %d commands broke", len(batch))
            await self.give_up(batch)
            return
        for pending in batch:
            if any(isinstance(one.event, DayOpened) for one in pending.commit.recorded):
                await self.measure(self.halls[pending.commit.hall].picture, pending.commit.recorded)
            self.publish(pending)

    def publish(self, pending: Pending) -> None:
        """A committed command: show it, remember its answer, answer it."""
        commit = pending.commit
        hall = self.halls[commit.hall]
        try:
            self.show(hall, *commit.recorded)
        except Exception:
            hall.is_stopped = True
            logger.exception("hall %s stopped: an event at seq %s cannot be shown", hall.id, commit.recorded[0].seq)
        if commit.answer is not None:
            self.memory.kept[commit.hall, commit.answer.principal, commit.answer.key] = commit.answer
        if pending.future is not None and not pending.future.done():
            pending.future.set_result(Done(commit.recorded))

    def show(self, hall: Hall, *recorded: Recorded) -> None:
        hall.feed.publish(*recorded)
        for listener in self.listeners:
            for one in recorded:
                listener(one)

    async def give_up(self, batch: list[Pending]) -> None:
        """Refuse the batch and all that was decided on top of it, and go on from what the log holds.

        Meanwhile nothing is written, so every hall refuses what comes, also one that has lost nothing.
        """
        lost, self.queue = batch + self.queue, []
        halls = {pending.commit.hall: self.halls[pending.commit.hall] for pending in lost}
        waiting = list(self.halls.values())
        for hall in waiting:
            hall.is_rereading = True
        for pending in lost:
            if pending.future is not None and not pending.future.done():
                pending.future.set_exception(StorageUnavailable())
        for hall in halls.values():
            try:
                await self.reread(hall)
            except Exception:  # another process may have written what this one cannot follow; the writer must live on
                hall.is_stopped = True
                logger.exception("hall %s stopped: what its log holds cannot be followed", hall.id)
        for hall in waiting:
            hall.is_rereading = False

    async def reread(self, hall: Hall) -> None:
        """Show what the log holds beyond the picture (a commit may have worked unseen), then refold the pending day."""
        shown = hall.picture.day
        since = "" if shown.at is None else as_text(shown.at)  # nothing that is not shown is older, whatever time it is
        attempt = 0
        while True:
            try:
                behind = await self.read_all(hall.id, shown.seq)
                answers = await self.log.answers(since) if behind else []
                break
            except StorageFault as fault:
                logger.error("hall %s cannot be read: %s", hall.id, fault)
                await asyncio.sleep(REREAD_S[min(attempt, len(REREAD_S) - 1)])
                attempt += 1
        await self.measure(hall.picture, behind)
        self.show(hall, *behind)
        for answer in answers:
            self.memory.kept[answer.hall, answer.principal, answer.key] = answer
        hall.pending = copy_of(hall.picture.day)
        hall.setup = hall.picture.setup


def look_at(future: asyncio.Future[Done]) -> None:
    """Who asked may have gone away, and then nobody else looks at what became of the command."""
    if not future.cancelled():
        future.exception()


def require_ready(hall: Hall, queued: int) -> None:
    if hall.is_stopped:
        raise HallStopped()
    if hall.is_rereading or queued >= QUEUE_MOST:
        raise StorageUnavailable()


def date_in(hall: Hall, setup: Setup, at: datetime) -> date:
    """The business date now. It never goes back, though a new set-up may move the hall's zone or the day's start."""
    today = business_date(setup, at)
    return today if hall.pending.date is None else max(today, hall.pending.date)


def envelopes(
    hall: Hall, events: tuple[Event, ...], context: Context, actor: Actor, door: Door
) -> tuple[Recorded, ...]:
    return tuple(
        Recorded(
            hall.id,
            hall.pending.seq + 1 + offset,
            context.at,
            context.business_date,
            event,
            context.command_id,
            actor,
            door,
            context.setup.version,
        )
        for offset, event in enumerate(events)
    )


def copy_of(day: Day) -> Day:
    copied: Day = pickle.loads(pickle.dumps(day, -1))
    return copied


def answer_of(hall: str, recorded: tuple[Recorded, ...], key: Key | None, at: datetime) -> Answer | None:
    if key is None:
        return None
    return Answer(hall, key.principal, key.key, key.body_hash, recorded[0].seq, recorded[-1].seq, as_text(at))


def personal_of(hall: str, recorded: tuple[Recorded, ...], told: Told | None, at: datetime) -> Personal | None:
    if told is None or not (told.name or told.phone or told.note):
        return None
    first = recorded[0]
    id = first.event.next_turn if isinstance(first.event, TicketTransferred) else f"{first.seq:010d}"
    return Personal(hall, getattr(first.event, "ticket", ""), told.name, told.phone, told.note, as_text(at), id)
