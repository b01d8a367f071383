"""Reading a long list in pieces: `?after=` the last one seen, `&limit=` how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
MAX_AFTER = 2**53 - 1  # the largest whole number that JSON readers agree on


@dataclass(frozen=True, slots=True)
class Page:
    """At most `limit` entries, whose number in the list is above `after`."""

    after: int
    limit: int


async def _page(
    after: Annotated[int, Query(ge=0, le=MAX_AFTER, description="The number of the last entry already seen.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many entries at most.")] = DEFAULT_LIMIT,
) -> Page:
    return Page(after, limit)


PageQuery = Annotated[Page, Depends(_page)]
