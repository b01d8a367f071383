"""How long serving takes: the visits of today that are over, and what is usual for a service. Pure.

Corrected instants win, and the first ones stay beside them. A start that was only concluded from its own end says
nothing about how long a visit took, so such a visit has no service time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from hall.log.codec import as_instant
from hall.log.rows import Row

MEASURED = timedelta(days=30)
LEAST_TURNS = 20
LONG_SERVICE = 3


@dataclass(slots=True)
class Served:
    """A turn that was served today and is over: finished, or sent on to another counter or service."""

    ticket: str
    number: str
    counter: str
    service: str
    called_at: datetime
    started_at: datetime
    ended_at: datetime
    is_finished: bool
    work: float = 0.0
    corrected_started_at: datetime | None = None
    corrected_ended_at: datetime | None = None
    reason: str | None = None

    @property
    def service_s(self) -> float:
        started_at = self.corrected_started_at or self.started_at
        return ((self.corrected_ended_at or self.ended_at) - started_at).total_seconds()


def service_s_p90(rows: Iterable[Row]) -> dict[str, int]:
    """Within how many seconds nine of ten visits were served, by service; only where there were enough of them.

    The value is one that was measured: of n in order, the one at place ceil(0.9 n).
    """
    times: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        service_s = (as_instant(row["ended_at"]) - as_instant(row["started_at"])).total_seconds()
        if service_s > 0:
            times[row["service"]].append(service_s)
    enough = {service: sorted(found) for service, found in times.items() if len(found) >= LEAST_TURNS}
    return {service: ceil(found[ceil(0.9 * len(found)) - 1]) for service, found in enough.items()}
