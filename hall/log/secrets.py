"""The secret of a ticket's phone page: an HMAC of its id under a key that stays in the database."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from hall.log.rows import FollowOf

SECRET_BYTES = 18  # 144 bits, and no padding in base64


def follower(key: bytes) -> FollowOf:
    """The function from (hall, ticket) to its secret, 24 characters that fit in a link."""

    def follow_of(hall: str, ticket: str) -> str:
        mac = hmac.digest(key, f"{hall}\n{ticket}".encode(), sha256)
        return urlsafe_b64encode(mac[:SECRET_BYTES]).decode()

    return follow_of
