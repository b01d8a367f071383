"""Signing in and out, tokens, and what a set-up file does to accounts."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from hall.day.setup import Device, Member, Setup
from hall.people.permissions import Role
from hall.people.service import People, SignInFailed, TooManyAttempts
from hall.people.tables import ACCOUNT, SESSION, TOKEN
from hall.people.tokens import TokenTaken
from tests.people.people_support import HandClock, cheap_passwords, people_database

KIOSK_TOKEN = "the-token-of-the-kiosk-0001"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def engine() -> Iterator[Engine]:
    with people_database() as engine:
        yield engine


@pytest.fixture
def people(engine: Engine, clock: HandClock) -> People:
    return People(engine, clock, cheap_passwords())


async def add(people: People, login: str, secret: str, *, hall: str = "h", role: Role = "clerk") -> None:
    await people.set_account(hall=hall, login=login, name=login.title(), role=role, secret=secret)


def setup_with(staff: dict[str, str], devices: tuple[Device, ...] = (), hall: str = "h") -> Setup:
    members = {login: Member(login, login.title(), role) for login, role in staff.items()}
    bare = Setup(hall, {"en": "H"}, "UTC", ("en",), {}, {}, {}, {})
    return replace(bare, staff=members, devices={device.id: device for device in devices})


def rows(engine: Engine) -> str:
    with engine.connect() as connection:
        return repr([tuple(row) for table in (ACCOUNT, SESSION, TOKEN) for row in connection.execute(select(table))])


async def test_a_clerk_signs_in_and_is_known_by_the_token(people: People) -> None:
    await add(people, "chen", "1001")
    signed_in = await people.sign_in("chen", "1001", hall="h", counter="3")
    who = await people.principal(signed_in.token)
    assert who is not None
    assert (who.kind, who.id, who.role, who.hall, who.counter, who.name) == ("staff", "chen", "clerk", "h", "3", "Chen")
    assert who.may("counter.drive")
    assert not who.may("setup.publish")
    assert who.may_at("h")
    assert not who.may_at("g")


@pytest.mark.parametrize(
    ("login", "secret", "hall"), [("chen", "1002", "h"), ("nobody", "1001", "h"), ("chen", "1001", "g")]
)
async def test_a_wrong_login_secret_or_hall_opens_nothing(people: People, login: str, secret: str, hall: str) -> None:
    await add(people, "chen", "1001")
    with pytest.raises(SignInFailed):
        await people.sign_in(login, secret, hall=hall)


async def test_an_account_of_every_hall_opens_each(people: People) -> None:
    await add(people, "root", "secret", hall="*", role="admin")
    who = await people.principal((await people.sign_in("root", "secret", hall="h")).token)
    assert who is not None
    assert who.may_at("h")
    assert who.may_at("g")


async def test_one_login_of_two_halls_is_told_apart_by_hall_or_secret(people: People) -> None:
    await add(people, "chen", "1001", hall="g")
    await add(people, "chen", "2002", hall="h")
    assert (await people.sign_in("chen", "2002", hall="h")).session.hall == "h"
    assert (await people.sign_in("chen", "1001")).session.hall == "g"


async def test_tokens_and_secrets_are_stored_as_hashes_only(people: People, engine: Engine) -> None:
    await add(people, "chen", "a-secret-of-chen")
    signed_in = await people.sign_in("chen", "a-secret-of-chen")
    device, _ = await people.create_token(hall="h", role="kiosk", device="k")
    assert signed_in.token.startswith("hall_")
    assert device.startswith("hall_")
    for secret in ("a-secret-of-chen", signed_in.token, device):
        assert secret not in rows(engine)
    assert signed_in.token not in repr(signed_in)


async def test_a_session_ends_after_twelve_hours(people: People, clock: HandClock) -> None:
    await add(people, "chen", "1001")
    token = (await people.sign_in("chen", "1001")).token
    clock.advance(hours=12, seconds=-1)
    assert await people.principal(token) is not None
    clock.advance(seconds=1)
    assert await people.principal(token) is None


async def test_signing_out_ends_the_session_at_once(people: People) -> None:
    await add(people, "chen", "1001")
    token = (await people.sign_in("chen", "1001")).token
    assert await people.principal(token) is not None
    await people.sign_out(token)
    assert await people.principal(token) is None


async def test_sessions_that_ended_are_forgotten(people: People, engine: Engine, clock: HandClock) -> None:
    await add(people, "chen", "1001")
    await people.sign_in("chen", "1001")
    clock.advance(hours=13)
    await people.sign_in("chen", "1001")
    with engine.connect() as connection:
        assert len(connection.execute(select(SESSION)).all()) == 1


async def test_a_new_secret_signs_the_person_out_and_replaces_the_old_one(people: People) -> None:
    await add(people, "chen", "1001")
    token = (await people.sign_in("chen", "1001")).token
    await add(people, "chen", "2002")
    assert await people.principal(token) is None
    with pytest.raises(SignInFailed):
        await people.sign_in("chen", "1001")
    await people.sign_in("chen", "2002")


async def test_a_change_without_a_secret_keeps_the_old_one(people: People) -> None:
    await add(people, "chen", "1001")
    await people.set_account(hall="h", login="chen", name="Chen Jing", role="manager")
    assert (await people.sign_in("chen", "1001")).session.role == "manager"


async def test_a_person_gets_a_new_secret_by_login_alone(people: People) -> None:
    await add(people, "sun", "1001", role="manager")
    assert await people.set_secret("h", "sun", "2002")
    assert (await people.sign_in("sun", "2002")).session.role == "manager"
    assert not await people.set_secret("h", "nobody", "2002")


async def test_a_login_may_be_tried_ten_times_in_five_minutes(people: People, clock: HandClock) -> None:
    await add(people, "chen", "1001")
    for _ in range(10):
        with pytest.raises(SignInFailed):
            await people.sign_in("chen", "wrong")
    clock.advance(seconds=60)
    with pytest.raises(TooManyAttempts) as refused:
        await people.sign_in("chen", "1001")
    assert refused.value.retry_after_s == 240
    clock.advance(seconds=240)
    await people.sign_in("chen", "1001")


async def test_attempts_at_once_do_not_slip_past_the_limit(people: People) -> None:
    await add(people, "chen", "1001")
    tries = [people.sign_in("chen", "wrong") for _ in range(25)]
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(one) for one in found].count(SignInFailed) == 10
    assert [type(one) for one in found].count(TooManyAttempts) == 15


async def test_an_address_is_limited_over_all_logins(people: People) -> None:
    found = [await outcome(people, f"login{n}", "2001:db8::1") for n in range(61)]
    assert found[59:] == [SignInFailed, TooManyAttempts]
    assert await outcome(people, "other", "2001:db8::2") is TooManyAttempts
    assert await outcome(people, "other", "2001:db8:1::2") is SignInFailed


async def outcome(people: People, login: str, address: str) -> type[Exception]:
    with pytest.raises((SignInFailed, TooManyAttempts)) as caught:
        await people.sign_in(login, "wrong", address=address)
    return caught.type


async def test_signing_in_well_costs_no_attempts(people: People) -> None:
    await add(people, "chen", "1001")
    for _ in range(61):
        await people.sign_in("chen", "1001", address="192.0.2.1")


async def test_a_device_token_outlives_the_day(people: People, clock: HandClock) -> None:
    token, listed = await people.create_token(hall="h", role="printer", device="p", note="front")
    clock.advance(days=400)
    who = await people.principal(token)
    assert who is not None
    assert (who.kind, who.id, who.device, who.role) == ("device", "p", "p", "printer")
    assert await people.tokens("h") == [listed]
    assert await people.tokens("g") == []


async def test_a_program_is_known_by_the_id_of_its_token(people: People) -> None:
    token, listed = await people.create_token(hall="h", role="api", note="head office")
    who = await people.principal(token)
    assert who is not None
    assert (who.kind, who.id, who.device) == ("api", listed.id, None)


async def test_a_revoked_token_is_worth_nothing_at_once(people: People) -> None:
    token, listed = await people.create_token(hall="h", role="api")
    assert await people.principal(token) is not None
    assert await people.revoke_token(listed.id, "g") is None
    assert await people.principal(token) is not None
    revoked = await people.revoke_token(listed.id, "h")
    assert revoked is not None
    assert await people.principal(token) is None
    assert await people.revoke_token(listed.id) is None


async def test_what_another_process_revokes_is_noticed_within_half_a_minute(
    people: People, engine: Engine, clock: HandClock
) -> None:
    token, listed = await people.create_token(hall="h", role="api")
    assert await people.principal(token) is not None
    await People(engine, clock, cheap_passwords()).revoke_token(listed.id)
    clock.advance(seconds=29)
    assert await people.principal(token) is not None
    clock.advance(seconds=1)
    assert await people.principal(token) is None


@pytest.mark.parametrize("token", ["", "x", "hall_", "\ud800", "\x00", "x" * 10_000])
async def test_a_token_that_is_none_belongs_to_nobody(people: People, token: str) -> None:
    assert await people.principal(token) is None


async def test_staff_of_a_file_may_sign_in(people: People) -> None:
    await people.install(setup_with({"chen": "clerk", "sun": "manager"}), {"chen": "1001", "sun": "manager-1"}, {})
    assert (await people.sign_in("chen", "1001", hall="h")).session.role == "clerk"
    assert (await people.sign_in("sun", "manager-1", hall="h")).session.role == "manager"


async def test_loading_the_same_file_again_changes_nothing(people: People, engine: Engine) -> None:
    setup = setup_with({"chen": "clerk"}, (Device("k", "kiosk"),))
    await people.install(setup, {"chen": "1001"}, {"k": KIOSK_TOKEN})
    token = (await people.sign_in("chen", "1001")).token
    before = rows(engine)
    await people.install(setup, {"chen": "1001"}, {"k": KIOSK_TOKEN})
    assert rows(engine) == before
    assert await people.principal(token) is not None


async def test_a_secret_changed_here_survives_the_next_load_of_the_file(people: People) -> None:
    setup = setup_with({"chen": "clerk"})
    await people.install(setup, {"chen": "1001"}, {})
    await add(people, "chen", "my-own")
    await people.install(setup, {"chen": "1001"}, {})
    await people.sign_in("chen", "my-own")
    with pytest.raises(SignInFailed):
        await people.sign_in("chen", "1001")


async def test_a_secret_changed_in_the_file_is_taken(people: People) -> None:
    setup = setup_with({"chen": "clerk"})
    await people.install(setup, {"chen": "1001"}, {})
    await people.install(setup, {"chen": "2002"}, {})
    await people.sign_in("chen", "2002")


async def test_who_is_taken_out_of_the_file_is_shut_out_and_others_are_not(people: People) -> None:
    await people.install(setup_with({"chen": "clerk", "liu": "clerk"}), {"chen": "1001", "liu": "1002"}, {})
    await add(people, "made-here", "1003")
    token = (await people.sign_in("liu", "1002")).token
    await people.install(setup_with({"chen": "clerk"}), {"chen": "1001"}, {})
    assert await people.principal(token) is None
    with pytest.raises(SignInFailed):
        await people.sign_in("liu", "1002")
    await people.sign_in("made-here", "1003")
    await people.install(setup_with({"chen": "clerk", "liu": "clerk"}), {"chen": "1001", "liu": "1002"}, {})
    await people.sign_in("liu", "1002")


async def test_a_new_role_in_the_file_ends_the_sessions_of_the_old_one(people: People) -> None:
    await people.install(setup_with({"chen": "manager"}), {"chen": "1001"}, {})
    token = (await people.sign_in("chen", "1001")).token
    await people.install(setup_with({"chen": "clerk"}), {"chen": "1001"}, {})
    assert await people.principal(token) is None


async def test_an_account_without_a_secret_opens_for_nobody(people: People) -> None:
    await people.install(setup_with({"chen": "clerk"}), {}, {})
    for secret in ("", "nobody has this secret"):
        with pytest.raises(SignInFailed):
            await people.sign_in("chen", secret)


async def test_a_device_token_of_a_file_is_in_force_until_the_file_changes_it(people: People) -> None:
    setup = setup_with({}, (Device("k", "kiosk"),))
    await people.install(setup, {}, {"k": KIOSK_TOKEN})
    paired, _ = await people.create_token(hall="h", role="kiosk", device="k")
    who = await people.principal(KIOSK_TOKEN)
    assert who is not None
    assert (who.device, who.role) == ("k", "kiosk")
    await people.install(setup, {}, {"k": "another-token-of-the-kiosk"})
    assert await people.principal(KIOSK_TOKEN) is None
    assert await people.principal("another-token-of-the-kiosk") is not None
    assert await people.principal(paired) is not None


async def test_a_token_of_a_file_that_was_revoked_stays_so(people: People) -> None:
    setup = setup_with({}, (Device("k", "kiosk"),))
    await people.install(setup, {}, {"k": KIOSK_TOKEN})
    await people.revoke_token((await people.tokens("h"))[0].id)
    await people.install(setup, {}, {"k": KIOSK_TOKEN})
    assert await people.principal(KIOSK_TOKEN) is None


async def test_one_token_cannot_belong_to_devices_of_two_halls(people: People) -> None:
    await people.install(setup_with({}, (Device("k", "kiosk"),)), {}, {"k": KIOSK_TOKEN})
    with pytest.raises(TokenTaken):
        await people.install(
            setup_with({"chen": "clerk"}, (Device("k", "kiosk"),), hall="g"), {"chen": "1"}, {"k": KIOSK_TOKEN}
        )
    assert await people.accounts("g") == []
