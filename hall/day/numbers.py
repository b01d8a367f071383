"""Which number of a series comes next. What is printed counts: a visitor looks for the number and knows no series.

Series come and go with the set-up and may share a prefix, so a number rests whichever series gave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from hall.day import events as e
from hall.day.setup import Series
from hall.day.state import NUMBER_REST, Day, Numbers


def fresh_position(day: Day, series: Series) -> int | None:
    """The next number that nobody had today; those below where the day began come when those above are used up."""
    numbers = day.series.get(series.id) or Numbers(next=series.first)
    start = max(numbers.next, series.first)
    for position in chain(range(start, series.last + 1), range(series.first, min(start, series.last + 1))):
        if position in numbers.in_use or position in numbers.closed:
            continue
        number = series.number(position)
        if number not in day.numbers and number not in day.rests:
            return position
    return None


def rested_position(day: Day, series: Series, at: datetime) -> int | None:
    """The number that was closed longest ago, when it has rested; what was closed before the day began is among them.

    Both are in the order in which they were closed, so each is looked at as far as numbers have rested.
    """
    numbers = day.series.get(series.id) or Numbers(next=series.first)
    own = ((series.number(position), closed_at) for position, closed_at in numbers.closed.items())
    carried = (one for one in own if one[0] not in day.rests and one[0] not in day.numbers)
    oldest = [
        (closed_at, position)
        for closed in (carried, day.rests.items())
        for closed_at, position in rested(series, closed, at)
    ]
    return min(oldest)[1] if oldest else None


def rested(series: Series, closed: Iterable[tuple[str, datetime]], at: datetime) -> Iterator[tuple[datetime, int]]:
    """When and where the first number of this series was closed that has rested; nothing when none has."""
    for number, closed_at in closed:
        if at - closed_at < NUMBER_REST:
            return
        position = position_in(series, number)
        if position is not None:
            yield closed_at, position
            return


def position_in(series: Series, number: str) -> int | None:
    """The place of a printed number in a series; None when the series does not print it."""
    digits = number.removeprefix(series.prefix)
    position = int(digits) if digits.isascii() and digits.isdecimal() else series.last + 1
    is_ours = series.first <= position <= series.last and series.number(position) == number
    return position if is_ours else None


def carried_numbers(day: Day, series: Iterable[Series], at: datetime) -> tuple[e.CarriedNumber, ...]:
    """The numbers that go on resting over night: in the series that gave them, and in all that would print them now."""
    closed = {(id, place): when for id, numbers in day.series.items() for place, when in numbers.closed.items()}
    resting = {key: when for key, when in closed.items() if at - when < NUMBER_REST}
    for number, closed_at in day.rests.items():
        if at - closed_at < NUMBER_REST:
            places = ((one.id, position_in(one, number)) for one in series)
            resting |= {(id, place): closed_at for id, place in places if place is not None}
    ordered = sorted(resting.items(), key=lambda one: one[1])
    return tuple(e.CarriedNumber(id, place, closed_at) for (id, place), closed_at in ordered)
