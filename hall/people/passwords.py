"""Argon2 for PINs and passwords, one hash at a time.

A hash takes 19 MiB and some 20 ms (m=19 MiB, t=2, p=1, as OWASP recommends for argon2id); on a small PC two at once
would be felt at the counters, so they queue, and the queue is short.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

Answer = TypeVar("Answer")

MEMORY_KIB = 19 * 1024
PASSES = 2
MAX_QUEUE = 32


class QueueIsFull(Exception):
    """More people sign in at this instant than the queue holds."""


class Passwords:
    """Hashes and verifies secrets; the waiting ones are served in the order they came."""

    def __init__(self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        self._hasher = PasswordHash((Argon2Hasher(time_cost=passes, memory_cost=memory_kib, parallelism=1),))
        self._one_at_a_time = asyncio.Lock()
        self._queued = 0
        self._nobody: str | None = None

    async def hash(self, secret: str) -> str:
        """The argon2 hash of a secret."""
        return await self._in_turn(lambda: self.hash_now(secret))

    async def verify(self, secret: str, hashed: str | None) -> bool:
        """True when `hashed` is of `secret`. Without a hash it takes as long and is False."""
        return await self._in_turn(lambda: self.verify_now(secret, hashed))

    def hash_now(self, secret: str) -> str:
        """`hash` for callers that may block: the command line, and loading a set-up."""
        return self._hasher.hash(secret)

    def verify_now(self, secret: str, hashed: str | None) -> bool:
        """`verify` for callers that may block."""
        # Verified for logins that do not exist, so that these take as long as the others. Made with the first login of
        # either kind: a start does not wait for it, and nothing can be told from how long that login takes.
        if self._nobody is None:
            self._nobody = self.hash_now("nobody has this secret")
        try:
            matches = self._hasher.verify(secret, hashed or self._nobody)
        except PwdlibError:
            return False  # a row that holds no argon2 hash opens for nobody
        return matches and hashed is not None

    async def _in_turn(self, work: Callable[[], Answer]) -> Answer:
        if self._queued >= MAX_QUEUE:
            raise QueueIsFull
        self._queued += 1
        try:
            async with self._one_at_a_time:
                return await asyncio.to_thread(work)
        finally:
            self._queued -= 1
