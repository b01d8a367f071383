"""What the running halls need from outside and tests bring by hand: time, ids, estimates, links."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from hall.day.events import Estimate
from hall.day.setup import Setup
from hall.day.state import Day


class Clock(Protocol):
    """Hall time. `rate` is hall seconds per real second: 1, or more when a demonstration hurries."""

    rate: float

    def now(self) -> datetime:
        """The instant in UTC, in whole milliseconds."""


class Ids(Protocol):
    """New ids, never repeated, at most 40 characters of `[a-z0-9]`."""

    def new(self, at: datetime) -> str: ...


class Estimator(Protocol):
    """Predicts the wait of somebody who comes now; None until there is an honest answer."""

    def estimate(self, day: Day, setup: Setup, service: str, visitor_class: str, at: datetime) -> Estimate | None: ...


class Links(Protocol):
    """The address of a ticket's phone page; None when the hall has no public address."""

    def follow_url(self, setup: Setup, ticket: str) -> str | None: ...


def whole_ms(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


class SystemClock:
    """The computer's clock."""

    rate = 1.0

    def now(self) -> datetime:
        return whole_ms(datetime.now(UTC))


class HurriedClock:
    """A clock that starts at `start` and runs `rate` times as fast as the computer's steady clock."""

    def __init__(self, start: datetime, rate: float) -> None:
        self.rate = rate
        self.set(start)

    def set(self, at: datetime) -> None:
        self.start, self.zero_s = at, time.monotonic()

    def now(self) -> datetime:
        return whole_ms(self.start + timedelta(seconds=(time.monotonic() - self.zero_s) * self.rate))


class RandomIds:
    """Ids that sort roughly by time, so that indexes grow at their end: 12 hex digits of milliseconds, 12 random."""

    def new(self, at: datetime) -> str:
        return f"{int(at.timestamp() * 1000):012x}{secrets.token_hex(6)}"


class NoEstimator:
    """Says nothing rather than something unfounded."""

    def estimate(self, day: Day, setup: Setup, service: str, visitor_class: str, at: datetime) -> Estimate | None:
        return None


class NoLinks:
    """No phone pages."""

    def follow_url(self, setup: Setup, ticket: str) -> str | None:
        return None
