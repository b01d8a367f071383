"""The secret of a ticket's phone page: an HMAC of its id under a key that stays in the database."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from hall.log.rows import FollowOf

SECRET_BYTES = 18  # 144 bits, and no padding in base64


def follower(key: bytes) -> FollowOf:
    """The function from (hall, ticket) to its secret, 24 characters that fit in a link."""
    keyed = hmac.new(key, digestmod=sha256)

    def follow_of(hall: str, ticket: str) -> str:
        mac = keyed.copy()  # `hmac.digest` lets go of the interpreter's lock each time, and the writer must win it back
        mac.update(f"{hall}\n{ticket}".encode())
        return urlsafe_b64encode(mac.digest()[:SECRET_BYTES]).decode()

    return follow_of
