"""Which business day it is in a hall, and what its wall clock says: from the set-up and an instant, nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hall.day.setup import LocalTime, Setup


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def business_date(setup: Setup, at: datetime) -> date:
    """The hall's date at this instant; before `day_starts` it is still the day before."""
    local = at.astimezone(zone_of(setup.timezone))
    is_early = local.hour * 60 + local.minute < setup.day_starts_min
    return local.date() - timedelta(days=1) if is_early else local.date()


def local_time(setup: Setup, at: datetime) -> LocalTime:
    local = at.astimezone(zone_of(setup.timezone))
    return LocalTime(local.weekday(), local.hour * 60 + local.minute)
