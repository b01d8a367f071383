"""The replayed day: when people came and when they were called, from the log of a real hall. Pure."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

OPENING_HOUR = 8

# The log's services by the demo hall's: the busiest ones become what a telecom shop is busiest with.
SERVICES: Mapping[str, str] = {
    **dict.fromkeys(("186-E", "189-H", "202-A"), "general"),
    **dict.fromkeys(("190-I", "196-R", "183-B"), "payment"),
    **dict.fromkeys(("192-K", "182-A"), "card"),
    **dict.fromkeys(("187-F", "193-L", "200-P"), "broadband"),
    **dict.fromkeys(("184-C", "195-P", "185-D"), "business"),
}
OTHER_SERVICE = "complaints"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody comes `at_s` seconds after opening; in the log they were called `called_s` after it, if ever."""

    at_s: float
    called_s: float | None
    service: str


def load_visits(lines: Iterable[str]) -> list[Visit]:
    """The visits of a ticket log of one day (CSV with a header), in its order. Who came early comes at opening."""
    visits = []
    for row in csv.DictReader(lines):
        issued = datetime.fromisoformat(row["issued_at"])
        opening = issued.replace(hour=OPENING_HOUR, minute=0, second=0)
        called = datetime.fromisoformat(row["called_at"]) if row["called_at"] else None
        at_s = max(0.0, (issued - opening).total_seconds())
        called_s = None if called is None else (called - opening).total_seconds()
        visits.append(Visit(at_s, called_s, SERVICES.get(row["service"], OTHER_SERVICE)))
    return visits


class Pace:
    """How far the counters should have come at a time: about as far as the log's, with a shorter line.

    The log's hall let up to a hundred people wait, some for three hours; ours keeps a fifth of them waiting.
    """

    MOST = 0.4
    CALLS_FOR_MOST = 12
    LINE_SHARE = 0.2

    def __init__(self, visits: Sequence[Visit]) -> None:
        self.came_s = sorted(visit.at_s for visit in visits)
        self.called_s = sorted(visit.called_s for visit in visits if visit.called_s is not None)

    def target(self, now_s: float) -> float:
        """How many should have been called."""
        came, called = bisect_right(self.came_s, now_s), bisect_right(self.called_s, now_s)
        return came - (came - called) * self.LINE_SHARE

    def factor(self, now_s: float, called: int) -> float:
        """What a service time is multiplied with: 0.6 when far behind, 1.4 when far ahead."""
        behind = self.target(now_s) - called
        return 1 - max(-self.MOST, min(self.MOST, self.MOST * behind / self.CALLS_FOR_MOST))
