"""How often one may try to sign in. Pure: the instant comes with the question, memory is bounded.

An attempt counts when it begins, so that many at once do not slip through, and is given back when it succeeds.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

WINDOW = timedelta(minutes=5)
MAX_PER_LOGIN = 10
MAX_PER_ADDRESS = 60  # all counters of a hall may come from one address
MAX_KEYS = 10_000


class Limiter:
    """Allows `most` attempts a key within `window`."""

    def __init__(self, most: int, *, window: timedelta = WINDOW, max_keys: int = MAX_KEYS) -> None:
        self._most = most
        self._window = window
        self._max_keys = max_keys
        self._attempts: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait_s(self, key: str, now: datetime) -> int | None:
        """Seconds until the next attempt is allowed, None when it is allowed now."""
        attempts = self._recent(key, now)
        if len(attempts) < self._most:
            return None
        return max(1, math.ceil((attempts[0] + self._window - now).total_seconds()))

    def count(self, key: str, now: datetime) -> None:
        """An attempt begins."""
        attempts = self._recent(key, now)
        attempts.append(now)
        self._attempts[key] = attempts
        self._attempts.move_to_end(key)
        if len(self._attempts) > self._max_keys:
            self._attempts.popitem(last=False)

    def give_back(self, key: str) -> None:
        """The last attempt succeeded and does not count."""
        attempts = self._attempts.get(key)
        if attempts:
            attempts.pop()

    def forget(self, key: str) -> None:
        """The key starts anew."""
        self._attempts.pop(key, None)

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        attempts = self._attempts.get(key, deque(maxlen=self._most))
        while attempts and attempts[0] + self._window <= now:
            attempts.popleft()
        return attempts


def as_address_key(address: str) -> str:
    """The part of a client's address that counts: all of IPv4, the network (/64) of IPv6, which one client owns."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
