"""The address of a ticket's phone page."""

from __future__ import annotations

from hall.day.setup import Setup
from hall.log.rows import FollowOf


class SecretLinks:
    """Links of the hall's public address and a ticket's secret; `public_url` stands in where a hall names none."""

    def __init__(self, follow_of: FollowOf, public_url: str | None = None) -> None:
        self.follow_of = follow_of
        self.public_url = public_url

    def follow_url(self, setup: Setup, ticket: str) -> str | None:
        base = setup.public_url or self.public_url
        return None if base is None else f"{base.rstrip('/')}/t/{self.follow_of(setup.hall, ticket)}"
