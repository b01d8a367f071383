"""Somebody with a browser: signs in and presses keys of the HTTP API, like every screen."""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.types import ASGIApp

logger = logging.getLogger("hall.demo")


@dataclass(slots=True)
class Door:
    """The way to the server's API, and what was pressed and refused there, by code."""

    app: ASGIApp
    hall: str
    pressed: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def client(self) -> httpx.AsyncClient:
        """A client that goes through all of the application, without a socket."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://hall.demo")


@dataclass(slots=True)
class Person:
    """One signed-in person, or a kiosk with its token. Use `press`."""

    door: Door
    client: httpx.AsyncClient
    login: str = ""
    pin: str = ""
    token: str | None = None

    async def press(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any] | None:
        """POST to a path of the hall: the answer; empty when there was nothing to do; None when it was refused."""
        if self.token is None:
            await self.sign_in()
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": uuid.uuid4().hex}
        url = f"/api/v1/halls/{self.door.hall}/{path}"
        answer = await self.client.post(url, json=body or {}, headers=headers)
        self.door.pressed[path.rsplit("/", 1)[-1]] += 1
        if answer.is_success:
            return dict(answer.json()) if answer.content else {}
        self.take_refusal(path, answer)
        return None

    async def sign_in(self) -> None:
        asked = {"login": self.login, "pin": self.pin, "hall": self.door.hall}
        answer = await self.client.post("/api/v1/sign-in", json=asked)
        if answer.is_success:
            self.token = answer.json()["token"]
        else:
            self.take_refusal("sign-in", answer)

    def take_refusal(self, path: str, answer: httpx.Response) -> None:
        code = str(answer.json().get("code"))
        self.door.refused[code] += 1
        logger.info("%s: %s", path, code)
        if answer.status_code == httpx.codes.UNAUTHORIZED and self.login:
            self.token = None  # the session has ended: sign in again with the next key
