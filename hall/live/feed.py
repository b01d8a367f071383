"""From durable events to screens: a snapshot, then what changed, and exactly what was missed after a break.

All screens with the same view and parameters share a channel. A channel remembers the records it last sent; when
something happens it makes them anew from the picture and sends the difference. What an event is about is sent at once,
everything else with the next tick, at most twice a second. So old snapshot + events = fresh snapshot, by construction.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic_core import to_json

from hall.day.events import Recorded
from hall.live.picture import Picture
from hall.live.views.base import Record, Sources, Topic, View, topics_of, view_of
from hall.log.codec import as_text

logger = logging.getLogger("hall.live")

KEPT_MESSAGES = 1000
SUBSCRIBER_QUEUE = KEPT_MESSAGES + 200  # all that was missed fits, and then some
BEAT_S = 2.0
TICK_S = 0.5
IDLE_CHANNEL_S = 300.0
RESUME_EVENTS = 1000
STEP_BY_STEP = ("board", "printer")  # views on which each step matters, not only where it led


@dataclass(frozen=True, slots=True)
class Message:
    """A change of a view. `tail` is everything behind `prev` as JSON, shared by all who get it."""

    prev: int
    seq: int
    tail: str

    def text(self, prev: int) -> str:
        return f'{{"kind":"event","prev":{prev},{self.tail}'


@dataclass(eq=False, slots=True)
class Subscriber:
    """One connected screen: what it still has to be sent, and the seq it got last. None in the queue ends it."""

    queue: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(SUBSCRIBER_QUEUE))
    seq: int = 0
    is_cut: bool = False

    def put(self, message: Message) -> None:
        self.send(message.text(self.seq))
        self.seq = message.seq

    def send(self, text: str) -> None:
        """Queue a text; who cannot keep up is cut, and catches up when it comes back."""
        if self.is_cut:
            return
        if self.queue.full():
            self.cut()
        else:
            self.queue.put_nowait(text)

    def cut(self) -> None:
        self.is_cut = True
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


@dataclass(slots=True)
class Channel:
    """One view with its parameters: its records as last sent, and the newest messages for those who come back."""

    view: View
    state: dict[str, Record]
    seq: int
    looked: int
    messages: deque[Message] = field(default_factory=lambda: deque(maxlen=KEPT_MESSAGES))
    subscribers: set[Subscriber] = field(default_factory=set)
    idle_since_s: float = 0.0

    def look(self, picture: Picture, kind: str) -> None:
        """Send what changed since the last look; nothing when nothing did."""
        if self.looked == picture.day.seq:
            return
        self.looked = picture.day.seq
        message = self.difference(picture, kind)
        if message is not None:
            self.messages.append(message)
            for subscriber in self.subscribers:
                subscriber.put(message)

    def difference(self, picture: Picture, kind: str) -> Message | None:
        fresh = self.view.records(picture)
        put = {key: record for key, record in fresh.items() if self.state.get(key) != record}
        drop = [key for key in self.state if key not in fresh]
        if not put and not drop:
            return None
        seq, prev, self.state = picture.day.seq, self.seq, fresh
        self.seq = seq
        facts = {"seq": seq, "at": text_of(picture.day.at), "type": kind, "put": put, "drop": drop}
        return Message(prev, seq, to_json(facts).decode()[1:])

    def missed_since(self, after: int) -> list[Message] | None:
        """The messages that somebody at seq `after` has not seen; None when they are not kept any more."""
        if after > self.looked:
            return None
        kept_from = self.messages[0].prev if self.messages else self.seq
        if after < kept_from:
            return None
        return [message for message in self.messages if message.seq > after]


def text_of(at: datetime | None) -> str | None:
    return None if at is None else as_text(at)


@dataclass(slots=True)
class ResumeBase:
    """An older picture and the events since, from which a channel made after a restart finds what was missed."""

    frozen: bytes
    seq: int
    since: list[Recorded]


@dataclass(slots=True)
class HallFeed:
    """All channels of one hall. `began_seq` is where this process began: up to there another one told the screens."""

    picture: Picture
    sources: Sources
    epoch: str
    version: str
    rate: float
    channels: dict[tuple[Any, ...], Channel] = field(default_factory=dict)
    by_topic: dict[Topic, list[Channel]] = field(default_factory=dict)
    base: ResumeBase | None = None
    began_seq: int = 0

    def keep_base(self) -> None:
        """Start remembering events, for screens that come back after a restart."""
        self.base = ResumeBase(pickle.dumps(self.picture, -1), self.picture.day.seq, [])

    def publish(self, *recorded: Recorded) -> None:
        """Show the durable events of one command: carry them into the picture, then to whom they concern, once each."""
        concerned: dict[int, tuple[Channel, str]] = {}
        for one in recorded:
            self.picture.apply(one)
            for topic in topics_of(one):
                for channel in self.by_topic.get(topic, ()):
                    concerned[id(channel)] = (channel, one.event.TYPE)
        if self.base is not None:
            self.base.since.extend(recorded)
            if len(self.base.since) > 2 * RESUME_EVENTS:
                self.base = None
        for channel, kind in concerned.values():
            self.look(channel, kind)

    def look(self, channel: Channel, kind: str) -> None:
        """Bring a channel up to date. A view that breaks costs its own screens their channel, and nobody else."""
        try:
            channel.look(self.picture, kind)
        except Exception:
            day = self.picture.day
            logger.exception("hall %s: the view %s broke at seq %s", day.hall, type(channel.view).__name__, day.seq)
            for key in [key for key, known in self.channels.items() if known is channel]:
                self.forget(key)
            for subscriber in channel.subscribers:
                subscriber.cut()

    def tick(self, now_s: float) -> None:
        """Bring every channel up to date, and let go of those that nobody has watched for a while."""
        for key, channel in list(self.channels.items()):
            self.look(channel, "Tick")
            if key not in self.channels:
                continue
            if channel.subscribers or key[0] == "board":
                channel.idle_since_s = now_s
            elif now_s - channel.idle_since_s > IDLE_CHANNEL_S:
                self.forget(key)

    def beat(self, at: datetime) -> None:
        text = as_text(at)
        for channel in self.channels.values():
            for subscriber in channel.subscribers:
                seq = subscriber.seq
                subscriber.send(f'{{"kind":"beat","seq":{seq},"prev":{seq},"at":"{text}"}}')

    def subscribe(
        self, name: str, params: Mapping[str, str], *, after: int | None, epoch: str | None, at: datetime, now_s: float
    ) -> tuple[Channel, Subscriber]:
        """A new subscriber with what it must be told first: what it missed, or a snapshot."""
        key = (name, tuple(sorted(params.items())))
        channel = self.channels.get(key) or self.make_channel(key, name, params, after if epoch == self.epoch else None)
        channel.look(self.picture, "Tick")
        channel.idle_since_s = now_s
        subscriber = Subscriber()
        is_ours = after is not None and epoch == self.epoch and self.is_as_told(after)
        missed = channel.missed_since(after) if is_ours and after is not None else None
        if missed is None or after is None:
            subscriber.seq = self.picture.day.seq
            subscriber.send(self.snapshot(channel, at))
        else:
            subscriber.seq = after
            for message in missed:
                subscriber.put(message)
        channel.subscribers.add(subscriber)
        return channel, subscriber

    def is_as_told(self, after: int) -> bool:
        """Whether a screen at `after` holds what this process would have told it then."""
        is_older_measure = self.picture.is_remeasured and after <= self.began_seq
        return after >= self.picture.day.opened_seq and not is_older_measure

    def snapshot(self, channel: Channel, at: datetime) -> str:
        facts = {
            "kind": "snapshot",
            "epoch": self.epoch,
            "seq": self.picture.day.seq,
            "version": self.version,
            "at": as_text(at),
            "rate": self.rate,
            "state": channel.state,
        }
        return to_json(facts).decode()

    def make_channel(self, key: tuple[Any, ...], name: str, params: Mapping[str, str], after: int | None) -> Channel:
        view = view_of(name, self.picture, self.sources, params)
        is_worth_it = name != "ticket"  # hundreds of phones come back at once, and a snapshot is one record
        channel = self.replayed(view, after, each=name in STEP_BY_STEP) if is_worth_it and after else None
        if channel is None:
            seq = self.picture.day.seq
            channel = Channel(view, view.records(self.picture), seq, seq)
        self.channels[key] = channel
        for topic in view.topics:
            self.by_topic.setdefault(topic, []).append(channel)
        return channel

    def replayed(self, view: View, after: int, *, each: bool) -> Channel | None:
        """A channel that stands at `after` and has what happened since: in one message, or with `each` step by step."""
        base = self.base
        if base is None or not base.seq <= after <= self.picture.day.seq:
            return None
        picture: Picture = pickle.loads(base.frozen)  # our own bytes, made by `keep_base`
        picture.setups, picture.measured = self.picture.setups, self.picture.measured
        behind = [one for one in base.since if one.seq > after]
        for one in base.since[: len(base.since) - len(behind)]:
            picture.apply(one)
        channel = Channel(view, view.records(picture), after, after)
        for one in behind:
            picture.apply(one)
            if each:
                channel.look(picture, one.event.TYPE)
        channel.look(picture, "Tick")
        return channel

    def forget(self, key: tuple[Any, ...]) -> None:
        channel = self.channels.pop(key)
        for topic in channel.view.topics:
            self.by_topic[topic].remove(channel)
            if not self.by_topic[topic]:
                del self.by_topic[topic]

    def cut_all(self) -> None:
        for channel in self.channels.values():
            for subscriber in channel.subscribers:
                subscriber.cut()
