"""Signing in and out, and who one is."""

from __future__ import annotations

import math
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import model_validator

from hall.edge.auth import COOKIE, anyone, require, token_of
from hall.edge.fields import Body, Id, Secret
from hall.edge.problems import PROBLEMS, Problem
from hall.people.passwords import QueueIsFull
from hall.people.principals import Principal
from hall.people.service import People, SignedIn, SignInFailed, TooManyAttempts
from hall.people.sessions import SESSION_LENGTH

QUEUE_RETRY_S = 2

router = APIRouter(prefix="/api/v1", tags=["sign-in"], responses=PROBLEMS)


class SignIn(Body):
    """Login and either PIN or password; `hall` where one login is used in several; `counter` for clerks."""

    login: Id
    password: Secret | None = None
    pin: Secret | None = None
    hall: Id | None = None
    counter: Id | None = None

    @model_validator(mode="after")
    def _has_one_secret(self) -> SignIn:
        if (self.password is None) == (self.pin is None):
            raise ValueError("give either pin or password")
        return self

    def secret(self) -> str:
        return self.password or self.pin or ""


@router.post("/sign-in", dependencies=[Depends(anyone)])
async def sign_in(body: SignIn, request: Request, response: Response) -> dict[str, Any]:
    """Opens a session of 12 h: its token in the answer and in an HttpOnly cookie. 401 `sign_in_failed`, 429."""
    signed_in = await _signed_in(body, request)
    session = signed_in.session
    response.set_cookie(
        COOKIE,
        signed_in.token,
        max_age=int(SESSION_LENGTH.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    response.headers["Cache-Control"] = "no-store"
    return {
        "token": signed_in.token,
        "role": session.role,
        "login": session.login,
        "name": session.name,
        "hall": body.hall or session.hall,
        "expires_at": session.expires_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


@router.post("/sign-out", status_code=204, dependencies=[Depends(anyone)])
async def sign_out(request: Request, response: Response) -> None:
    """Ends the session of the token that came along; also fine without one."""
    token = token_of(request)
    if token is not None:
        people: People = request.app.state.people
        await people.sign_out(token)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")


@router.get("/me")
async def me(who: Annotated[Principal, Depends(require("me.view"))]) -> dict[str, Any]:
    """Who the token belongs to, and what it allows."""
    return {
        "role": who.role,
        "login": who.login,
        "name": who.name,
        "hall": who.hall,
        "device": who.device,
        "counter": who.counter,
        "permissions": sorted(who.permissions),
    }


async def _signed_in(body: SignIn, request: Request) -> SignedIn:
    people: People = request.app.state.people
    address = request.client.host if request.client else ""
    try:
        return await people.sign_in(body.login, body.secret(), hall=body.hall, counter=body.counter, address=address)
    except SignInFailed as failed:
        raise Problem("sign_in_failed") from failed
    except TooManyAttempts as many:
        raise _too_many(many.retry_after_s) from many
    except QueueIsFull as full:
        raise _too_many(QUEUE_RETRY_S) from full


def _too_many(retry_after_s: int) -> Problem:
    headers, minutes = {"Retry-After": str(retry_after_s)}, math.ceil(retry_after_s / 60)
    return Problem("too_many_attempts", headers=headers, retry_after_s=retry_after_s, retry_after_min=minutes)
