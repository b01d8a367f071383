"""The calling rules: pure comparison over the heads of lines, never over all who wait.

A rule picks one head among those of the same tier, and counts who of a line it would call before a given turn. Inside a
line everybody has the same class, promise and credit, so the order of claims is the order of calling.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hall.day.setup import Setup
from hall.day.state import LineKey, Place

NO_CREDIT = timedelta(0)
Head = tuple[Place, LineKey, list[Place]]
Left = Mapping[str, int]  # what each class has left in a round
NO_ROUND: Left = {}


class Rule(Protocol):
    """One way to choose. `left` matters to `ratio` only."""

    def pick(self, heads: Sequence[Head], at: datetime, left: Left) -> tuple[Head, Left]:
        """The head to call, and what is left of the round after it; `heads` is not empty."""

    def key(self, line: LineKey, place: Place, at: datetime) -> object:
        """What the rule compares, least first; ties go to the earlier ticket."""

    def score(self, line: LineKey, place: Place, at: datetime) -> float:
        """How urgent a turn is, in the words of the rule: seconds of waiting, or the share of a promise."""

    def count_before(self, other: LineKey, places: list[Place], line: LineKey, place: Place, at: datetime) -> int:
        """How many of `places`, the line `other`, come before a turn of `line` at `place`."""


def waited_s(place: Place, at: datetime) -> float:
    return (at - place[0]).total_seconds()


@dataclass(frozen=True, slots=True)
class HeadStart:
    """Who has waited longest, each class counting as so much earlier; without credits, who came first."""

    credits: Mapping[str, timedelta]

    def pick(self, heads: Sequence[Head], at: datetime, left: Left) -> tuple[Head, Left]:
        if not self.credits:
            return min(heads), NO_ROUND
        firsts: dict[str, Head] = {}  # inside a class the earliest claim goes first, whatever the credit
        for head in heads:
            known = firsts.setdefault(head[1].class_, head)
            if head[0] < known[0]:
                firsts[head[1].class_] = head
        return min(firsts.values(), key=lambda head: (self.key(head[1], head[0], at), head[0][1])), NO_ROUND

    def key(self, line: LineKey, place: Place, at: datetime) -> datetime:
        return place[0] - self.credits.get(line.class_, NO_CREDIT)

    def score(self, line: LineKey, place: Place, at: datetime) -> float:
        return (at - self.key(line, place, at)).total_seconds()

    def count_before(self, other: LineKey, places: list[Place], line: LineKey, place: Place, at: datetime) -> int:
        bound = self.key(line, place, at) + self.credits.get(other.class_, NO_CREDIT)
        return bisect_left(places, (bound, place[1], ""))


@dataclass(frozen=True, slots=True)
class ShareOfPromise:
    """Who has used the largest share of the promise. Where nothing is promised, `promise_s` stands in."""

    promise_s: int

    def pick(self, heads: Sequence[Head], at: datetime, left: Left) -> tuple[Head, Left]:
        return min(heads, key=lambda head: (self.key(head[1], head[0], at), head[0][1])), NO_ROUND

    def key(self, line: LineKey, place: Place, at: datetime) -> float:
        return -self.score(line, place, at)

    def score(self, line: LineKey, place: Place, at: datetime) -> float:
        return waited_s(place, at) / (line.promise_s or self.promise_s)

    def count_before(self, other: LineKey, places: list[Place], line: LineKey, place: Place, at: datetime) -> int:
        mine = (self.key(line, place, at), place[1])
        return bisect_left(places, mine, key=lambda one: (self.key(other, one, at), one[1]))


@dataclass(frozen=True, slots=True)
class Strict:
    """The class with the lowest rank first, and in it who came first. Only with a cap, else it starves the others.

    A class that is gone from the set-up has the `last` rank, so that nobody gets ahead by it.
    """

    ranks: Mapping[str, int]
    last: int

    def pick(self, heads: Sequence[Head], at: datetime, left: Left) -> tuple[Head, Left]:
        return min(heads, key=lambda head: (self.ranks.get(head[1].class_, self.last), head[0])), NO_ROUND

    def key(self, line: LineKey, place: Place, at: datetime) -> tuple[int, datetime]:
        return self.ranks.get(line.class_, self.last), place[0]

    def score(self, line: LineKey, place: Place, at: datetime) -> float:
        return waited_s(place, at)

    def count_before(self, other: LineKey, places: list[Place], line: LineKey, place: Place, at: datetime) -> int:
        theirs, mine = (self.ranks.get(one.class_, self.last) for one in (other, line))
        if theirs != mine:
            return len(places) if theirs < mine else 0
        return bisect_left(places, place)


@dataclass(frozen=True, slots=True)
class Ratio:
    """In rounds of `weights` calls: whoever has most of the own part of the round left, and in a class who came first.

    A class that nobody waits in is skipped; when those who wait have used their parts, the next round begins. So
    between two calls of a class that always waits there are at most twice the sum of the other weights. A class that is
    gone from the set-up has a part of one.
    """

    weights: Mapping[str, int]

    def in_round(self, present: Collection[str], left: Left) -> Left:
        """What is left: of the round that runs, or of the next one when these classes have used up theirs."""
        if any(left.get(one, 0) > 0 for one in present):
            return left
        gone = sorted(one for one in present if one not in self.weights)  # a set has no order that a log could keep
        return {**self.weights, **dict.fromkeys(gone, 1)}

    def next_class(self, present: Collection[str], left: Left) -> str:
        """The class to call, in the order of the set-up where several are equally far; a class that is gone has 1."""
        known = [one for one in self.weights if one in present]
        known += sorted(one for one in present if one not in self.weights)
        return max(known, key=lambda one: left.get(one, 0) / self.weights.get(one, 1))

    def take(self, present: Collection[str], left: Left) -> tuple[str, dict[str, int]]:
        """The next class, and what is left after its call."""
        before = self.in_round(present, left)
        chosen = self.next_class(present, before)
        return chosen, {**before, chosen: before.get(chosen, 0) - 1}

    def pick(self, heads: Sequence[Head], at: datetime, left: Left) -> tuple[Head, Left]:
        chosen, after = self.take({head[1].class_ for head in heads}, left)
        return min(head for head in heads if head[1].class_ == chosen), after

    def key(self, line: LineKey, place: Place, at: datetime) -> datetime:
        return place[0]

    def score(self, line: LineKey, place: Place, at: datetime) -> float:
        return waited_s(place, at)

    def count_before(self, other: LineKey, places: list[Place], line: LineKey, place: Place, at: datetime) -> int:
        """Of the own class only; how the classes mix is for `count_mixed`."""
        return bisect_left(places, place) if other.class_ == line.class_ else 0

    def count_mixed(self, mine: str, before: int, others: Mapping[str, int], left: Left) -> int:
        """How many calls come before the turn of class `mine` that has `before` of its class before it.

        `others` is how many of each other class wait.
        """
        waiting = {one: count for one, count in {**others, mine: before + 1}.items() if count > 0}
        calls = 0
        while True:
            chosen, left = self.take(list(waiting), left)
            waiting[chosen] -= 1
            if chosen == mine and waiting[mine] == 0:
                return calls
            calls += 1
            if waiting[chosen] == 0:
                del waiting[chosen]


def rule_of(setup: Setup) -> Rule:
    """The rule that a hall has chosen."""
    classes = setup.classes.values()
    match setup.calling.rule:
        case "arrival":
            return HeadStart({})
        case "head_start":
            return HeadStart({one.id: timedelta(seconds=one.head_start_s) for one in classes if one.head_start_s})
        case "share_of_promise":
            return ShareOfPromise(setup.calling.promise_s)
        case "strict":
            return Strict({one.id: one.rank for one in classes}, max(one.rank for one in classes))
        case "ratio":
            return Ratio({one.id: one.weight for one in classes})
