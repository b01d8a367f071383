"""Permissions, hashes, the limiter and the memory of principals, each for itself."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.people.limiter import Limiter, as_address_key
from hall.people.passwords import MAX_QUEUE, Passwords, QueueIsFull
from hall.people.permissions import PERMISSIONS, ROLES, Role, permissions_of
from hall.people.principals import MAX_REMEMBERED, Principal, PrincipalCache
from tests.people.people_support import NOON, cheap_passwords

MINUTE = timedelta(minutes=1)


def test_an_admin_may_everything_and_a_display_hardly_anything() -> None:
    assert permissions_of("admin") == set(PERMISSIONS)
    assert permissions_of("display") == {"display.report", "hall.view", "me.view"}


def test_every_role_is_known_and_no_other() -> None:
    assert {role for roles in PERMISSIONS.values() for role in roles} <= set(ROLES)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_only_an_admin_publishes_and_makes_tokens_and_accounts(role: Role) -> None:
    powers = {"setup.publish", "token.create", "token.revoke", "account.change"}
    assert not powers & permissions_of(role)


async def test_a_secret_verifies_against_its_own_hash_only() -> None:
    passwords = cheap_passwords()
    hashed = await passwords.hash("窗口1001")
    assert hashed.startswith("$argon2id$")
    assert await passwords.verify("窗口1001", hashed)
    assert not await passwords.verify("窗口1002", hashed)
    assert not await passwords.verify("窗口1001", None)
    assert not await passwords.verify("窗口1001", "plain text in the row")


def test_hashes_have_the_strength_that_is_promised() -> None:
    assert Passwords().hash_now("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_the_queue_for_hashes_is_short() -> None:
    passwords = cheap_passwords()
    hashed = await passwords.hash("x")
    found = await asyncio.gather(*[passwords.verify("x", hashed) for _ in range(MAX_QUEUE + 3)], return_exceptions=True)
    assert found.count(True) == MAX_QUEUE
    assert sum(isinstance(one, QueueIsFull) for one in found) == 3
    assert await passwords.verify("x", hashed)


@given(st.lists(st.integers(0, 600), max_size=60).map(sorted))
def test_no_window_holds_more_than_the_allowed_attempts(offsets_s: list[int]) -> None:
    limiter, allowed = Limiter(5, window=MINUTE), []
    for offset_s in offsets_s:
        now = NOON + timedelta(seconds=offset_s)
        wait_s = limiter.wait_s("x", now)
        if wait_s is None:
            limiter.count("x", now)
            allowed.append(now)
        else:
            assert limiter.wait_s("x", now + timedelta(seconds=wait_s)) is None
    for start in allowed:
        assert sum(start <= at < start + MINUTE for at in allowed) <= 5


def test_keys_are_limited_apart_and_one_can_start_anew() -> None:
    limiter = Limiter(1, window=MINUTE)
    limiter.count("x", NOON)
    assert limiter.wait_s("x", NOON) == 60
    assert limiter.wait_s("y", NOON) is None
    limiter.forget("x")
    assert limiter.wait_s("x", NOON) is None


def test_an_attempt_that_succeeded_is_given_back() -> None:
    limiter = Limiter(1, window=MINUTE)
    limiter.count("x", NOON)
    limiter.give_back("x")
    limiter.give_back("never seen")
    assert limiter.wait_s("x", NOON) is None


def test_the_limiter_does_not_grow_without_end() -> None:
    limiter = Limiter(1, window=MINUTE, max_keys=3)
    for key in "abcd":
        limiter.count(key, NOON)
    assert [limiter.wait_s(key, NOON) is None for key in "abcd"] == [True, False, False, False]


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1:aaaa::1", "2001:db8:0:1::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_client_is_known_by_its_address_or_network(address: str, key: str) -> None:
    assert as_address_key(address) == key


def someone(expires_in: timedelta | None = None) -> Principal:
    return Principal(
        "staff", "x", "clerk", "h", frozenset(), expires_at=None if expires_in is None else NOON + expires_in
    )


def test_a_principal_is_remembered_for_half_a_minute_and_never_beyond_its_end() -> None:
    cache = PrincipalCache()
    cache.put("long", someone(), NOON, cache.generation)
    cache.put("short", someone(timedelta(seconds=5)), NOON, cache.generation)
    assert cache.get("long", NOON + timedelta(seconds=29)) == someone()
    assert cache.get("long", NOON + timedelta(seconds=30)) is None
    assert cache.get("short", NOON + timedelta(seconds=4)) is not None
    assert cache.get("short", NOON + timedelta(seconds=5)) is None


def test_what_was_read_before_something_was_forgotten_is_not_remembered() -> None:
    cache = PrincipalCache()
    generation = cache.generation
    cache.forget_all()
    cache.put("x", someone(), NOON, generation)
    assert cache.get("x", NOON) is None


def test_the_memory_of_principals_is_bounded() -> None:
    cache = PrincipalCache()
    for number in range(MAX_REMEMBERED + 1):
        cache.put(str(number), someone(), NOON, cache.generation)
    assert cache.get("0", NOON) is None
    assert cache.get(str(MAX_REMEMBERED), NOON) is not None
