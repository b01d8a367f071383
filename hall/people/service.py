"""People and devices behind one door: sign-in, tokens, and who a token belongs to.

State is the database and a short memory of principals; the slow parts (argon2, SQL) run in threads. Construct one for a
process and keep it at `app.state.people`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, TypeVar, cast

from sqlalchemy import Connection, Engine

from hall.day.setup import Setup
from hall.log.metadata import writing
from hall.people import accounts, sessions, tokens
from hall.people.accounts import Account
from hall.people.limiter import MAX_PER_ADDRESS, MAX_PER_LOGIN, Limiter, as_address_key
from hall.people.passwords import Passwords
from hall.people.permissions import DEVICE_ROLES, Role, permissions_of
from hall.people.principals import Principal, PrincipalCache
from hall.people.sessions import Session
from hall.people.tokens import Token, digest_of

Answer = TypeVar("Answer")

MAX_CANDIDATES = 4


class Clock(Protocol):
    """Where the time comes from. Real time: sessions do not run faster in a demo."""

    def now(self) -> datetime: ...


class SignInFailed(Exception):
    """Login or secret is wrong; which of the two is not said."""


class TooManyAttempts(Exception):
    """This login or this address has tried too often."""

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"try again in {retry_after_s} s")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that began, and its token, shown this once."""

    token: str = field(repr=False)
    session: Session


class People:
    """Signs people in and out and says who a token belongs to."""

    def __init__(self, engine: Engine, clock: Clock, passwords: Passwords | None = None) -> None:
        self._engine = engine
        self._clock = clock
        self._passwords = passwords or Passwords()
        self._principals = PrincipalCache()
        self._by_login = Limiter(MAX_PER_LOGIN)
        self._by_address = Limiter(MAX_PER_ADDRESS)

    async def sign_in(
        self, login: str, secret: str, *, hall: str | None = None, counter: str | None = None, address: str = ""
    ) -> SignedIn:
        """Opens a session of 12 h. Raises SignInFailed, TooManyAttempts, or QueueIsFull."""
        now, network = self._clock.now(), as_address_key(address)
        self._require_attempt(login, network, now)
        account = await self._account_with(login, secret, hall)
        if account is None:
            raise SignInFailed
        self._by_login.forget(login)
        self._by_address.give_back(network)
        return await self._write(lambda connection: _open_session(connection, account, counter, now))

    async def sign_out(self, token: str) -> None:
        """Ends the session of a token; a token of a device or program is not touched."""
        token_hash = digest_of(token)
        await self._write(lambda connection: sessions.end_session(connection, token_hash))
        self._principals.forget(token_hash)

    async def principal(self, token: str) -> Principal | None:
        """Who a token belongs to, None when it is worth nothing (any more)."""
        token_hash, now = digest_of(token), self._clock.now()
        known = self._principals.get(token_hash, now)
        if known is not None:
            return known
        generation = self._principals.generation
        found = await self._read(lambda connection: _load_principal(connection, token_hash, now))
        if found is not None:
            self._principals.put(token_hash, found, now, generation)
        return found

    async def create_token(
        self, *, hall: str, role: Role, device: str | None = None, note: str = ""
    ) -> tuple[str, Token]:
        """A new token for a device (roles kiosk, display, printer) or a program (all others); shown this once."""
        now = self._clock.now()
        return await self._write(
            lambda connection: tokens.create_token(connection, hall=hall, role=role, device=device, note=note, now=now)
        )

    async def revoke_token(self, id: str, hall: str | None = None) -> Token | None:
        """Revokes a token at once; None when there is no such one in force."""
        now = self._clock.now()
        revoked = await self._write(lambda connection: tokens.revoke_token(connection, id, now=now, hall=hall))
        self._principals.forget_all()
        return revoked

    async def tokens(self, hall: str | None = None) -> list[Token]:
        """The tokens of a hall, or all, revoked ones included."""
        return await self._read(lambda connection: tokens.load_tokens(connection, hall))

    async def accounts(self, hall: str) -> list[Account]:
        """All accounts of a hall (`*`: those of every hall)."""
        return await self._read(lambda connection: accounts.load_accounts(connection, hall))

    async def set_account(self, *, hall: str, login: str, name: str, role: Role, secret: str | None = None) -> None:
        """Makes an account or changes it, and signs the person out; without `secret` the old one stays."""
        hashed = None if secret is None else await self._passwords.hash(secret)
        now = self._clock.now()
        await self._write(lambda connection: _set_account(connection, Account(hall, login, name, role, now, hashed)))
        self._principals.forget_all()

    async def set_secret(self, hall: str, login: str, secret: str) -> bool:
        """Gives a person a new PIN or password and signs them out; False when there is no such account."""
        old = await self._read(lambda connection: accounts.load_account(connection, hall, login))
        if old is None:
            return False
        await self.set_account(hall=hall, login=login, name=old.name, role=old.role, secret=secret)
        return True

    async def install(
        self,
        setup: Setup,
        secrets: Mapping[str, str],
        device_tokens: Mapping[str, str],
        *,
        store: Callable[[Connection], Setup | None] = lambda _: None,
    ) -> Setup | None:
        """Makes the staff and device tokens of a set-up file the ones in force; returns what `store` does.

        `secrets` are PINs and passwords by login. A secret is taken when it is new in the file; one that was changed
        here since survives. Accounts that came from a file and are no longer in it may not sign in. Raises TokenTaken.
        `store` keeps the set-up itself, in the same transaction: either all of a file is in force or nothing of it.
        """
        now = self._clock.now()
        staff = await asyncio.to_thread(self._staff_of, setup, secrets, now)
        roles: dict[str, Role] = {device.id: device.kind for device in setup.devices.values()}

        def write(connection: Connection) -> Setup | None:
            stored = store(connection)
            _install_staff(connection, setup.hall, staff)
            tokens.install_device_tokens(connection, setup.hall, roles, device_tokens, now=now)
            sessions.delete_ended(connection, now)
            return stored

        stored = await self._write(write)
        self._principals.forget_all()
        return stored

    def _require_attempt(self, login: str, network: str, now: datetime) -> None:
        waits = [wait for wait in (self._by_login.wait_s(login, now), self._by_address.wait_s(network, now)) if wait]
        if waits:
            raise TooManyAttempts(max(waits))
        self._by_login.count(login, now)
        self._by_address.count(network, now)

    async def _account_with(self, login: str, secret: str, hall: str | None) -> Account | None:
        candidates = await self._read(
            lambda connection: accounts.load_accounts_of(connection, login, hall, most=MAX_CANDIDATES)
        )
        for account in candidates:
            if await self._passwords.verify(secret, account.secret_hash):
                return account
        if not candidates:
            await self._passwords.verify(secret, None)
        return None

    def _staff_of(self, setup: Setup, secrets: Mapping[str, str], now: datetime) -> list[Account]:
        """The accounts a file asks for, with the secrets that are new in it hashed; one hash after the other."""
        with self._engine.connect() as connection:
            known = {account.login: account for account in accounts.load_accounts(connection, setup.hall)}
        staff = []
        for member in setup.staff.values():
            role = cast("Role", member.role)
            old = known.get(member.login) or Account(setup.hall, member.login, member.name, role, now)
            account = replace(old, name=member.name, role=role, from_file=True, active=True)
            staff.append(self._with_secret(account, secrets.get(member.login)))
        return staff

    def _with_secret(self, account: Account, secret: str | None) -> Account:
        if secret is None or (account.file_hash and self._passwords.verify_now(secret, account.file_hash)):
            return account
        hashed = self._passwords.hash_now(secret)
        return replace(account, secret_hash=hashed, file_hash=hashed)

    async def _read(self, work: Callable[[Connection], Answer]) -> Answer:
        def read() -> Answer:
            with self._engine.connect() as connection:
                return work(connection)

        return await asyncio.to_thread(read)

    async def _write(self, work: Callable[[Connection], Answer]) -> Answer:
        def write() -> Answer:
            with writing(self._engine).begin() as connection:
                return work(connection)

        return await asyncio.to_thread(write)


def _open_session(connection: Connection, account: Account, counter: str | None, now: datetime) -> SignedIn:
    sessions.delete_ended(connection, now)
    return SignedIn(*sessions.start_session(connection, account, counter=counter, now=now))


def _load_principal(connection: Connection, token_hash: str, now: datetime) -> Principal | None:
    session = sessions.load_session(connection, token_hash, now)
    if session is not None:
        return _as_staff(session)
    token = tokens.load_token(connection, token_hash)
    return None if token is None else _as_bearer(token)


def _as_staff(session: Session) -> Principal:
    return Principal(
        kind="staff",
        id=session.login,
        role=session.role,
        hall=session.hall,
        permissions=permissions_of(session.role),
        counter=session.counter,
        login=session.login,
        name=session.name,
        expires_at=session.expires_at,
    )


def _as_bearer(token: Token) -> Principal:
    return Principal(
        kind=token.kind,
        id=token.device if token.device is not None and token.role in DEVICE_ROLES else token.id,
        role=token.role,
        hall=token.hall,
        permissions=permissions_of(token.role),
        device=token.device,
    )


def _set_account(connection: Connection, account: Account) -> None:
    old = accounts.load_account(connection, account.hall, account.login)
    if old is not None:
        secret_hash = account.secret_hash or old.secret_hash
        account = replace(account, secret_hash=secret_hash, file_hash=old.file_hash, from_file=old.from_file)
    accounts.save_account(connection, account)
    sessions.end_sessions_of(connection, account.hall, account.login)


def _install_staff(connection: Connection, hall: str, staff: list[Account]) -> None:
    """Saves the accounts that changed and signs those people out; shuts out who is no longer in the file."""
    known = {account.login: account for account in accounts.load_accounts(connection, hall)}
    wanted = {account.login for account in staff}
    changed = [account for account in staff if known.get(account.login) != account]
    gone = [login for login, account in known.items() if account.from_file and account.active and login not in wanted]
    for account in changed:
        accounts.save_account(connection, account)
    accounts.deactivate_accounts(connection, hall, gone)
    for login in (*gone, *(account.login for account in changed)):
        sessions.end_sessions_of(connection, hall, login)
