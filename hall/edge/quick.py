"""Routes whose requests are read in a short way, and in the framework's own when anything is out of the ordinary.

The framework works out anew with every request what a route asks for; that takes longer than what most routes do. Here
it is planned once: which texts come from the path and the headers, which coroutines give the rest, which body is read.
A request that does not fit, because something is missing or wrong, goes to the framework's own handler, so there is one
way only in which mistakes are told. A route that asks for more than a plan knows is left to the framework altogether.

What a route asks for must stand at the route or its router, not where the router is included: a plan would not see it.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import Any

from fastapi import Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
JSON = "application/json"


class Unfit(Exception):
    """This request has to be read by the framework."""


class QuickRoute(APIRoute):
    """The class of a router's routes: `APIRouter(route_class=QuickRoute)`. They return a `Response` of their own."""

    def get_route_handler(self) -> Handler:
        thorough = super().get_route_handler()
        plan = plan_of(self.dependant)
        if plan is None:
            return thorough

        async def handle(request: Request) -> Response:
            try:
                values = await plan.values(request, await json_of(request) if plan.body else None)
            except Unfit:
                return await thorough(request)
            answer: Response = await plan.call(**values)
            return answer

        return handle


@dataclass(frozen=True, slots=True)
class Plan:
    """What one function is called with: the request, texts of it, its body, and what other functions give."""

    call: Callable[..., Awaitable[Any]]
    name: str | None
    request: tuple[str, ...]
    path: tuple[Any, ...]
    headers: tuple[Any, ...]
    body: tuple[Any, ...]
    inner: tuple[Plan, ...]

    async def values(self, request: Request, body: Any) -> dict[str, Any]:
        """Raises `Unfit`, and whatever the inner functions raise."""
        values: dict[str, Any] = dict.fromkeys(self.request, request)
        for field in self.path:
            values[field.name] = value_of(field, request.path_params)
        for field in self.headers:
            values[field.name] = value_of(field, request.headers)
        for field in self.body:
            values[field.name] = value_of(field, {field.alias: body})
        for plan in self.inner:
            given = await plan.call(**await plan.values(request, None))
            if plan.name is not None:
                values[plan.name] = given
        return values


def plan_of(dependant: Dependant) -> Plan | None:
    """The plan for a function and all that it depends on; None when there is something that plans do not know."""
    inner = [plan_of(one) for one in dependant.dependencies]
    planned = [plan for plan in inner if plan is not None and not plan.body]
    named = (dependant.request_param_name, dependant.http_connection_param_name)
    if len(planned) < len(inner) or asks_for_more(dependant) or not gives_a_coroutine(dependant.call):
        return None
    assert dependant.call is not None
    return Plan(
        call=dependant.call,
        name=dependant.name,
        request=tuple(name for name in named if name is not None),
        path=tuple(dependant.path_params),
        headers=tuple(dependant.header_params),
        body=tuple(dependant.body_params),
        inner=tuple(planned),
    )


def asks_for_more(dependant: Dependant) -> bool:
    """True for queries, cookies, forms, several bodies, anything but texts, and the framework's own objects."""
    others = (
        dependant.query_params,
        dependant.cookie_params,
        dependant.body_params[1:],
        dependant.response_param_name,
        dependant.background_tasks_param_name,
        dependant.security_scopes_param_name,
        dependant.websocket_param_name,
    )
    texts = [field.field_info for field in (*dependant.path_params, *dependant.header_params)]
    bodies = [field.field_info for field in dependant.body_params]
    return (
        any(others)
        or any(info.annotation not in (str, str | None) for info in texts)
        or any(type(info) is not params.Body or info.embed for info in bodies)
    )


def gives_a_coroutine(call: Any) -> bool:
    return iscoroutinefunction(call) or iscoroutinefunction(type(call).__call__)


def value_of(field: Any, given: Mapping[str, Any]) -> Any:
    value = given.get(field.alias)
    if value is None and field.field_info.is_required():
        raise Unfit
    if value is None:
        return field.get_default()
    found, errors = field.validate(value, {}, loc=())
    if errors:
        raise Unfit
    return found


async def json_of(request: Request) -> Any:
    """The body as JSON; what is none by its header or its text is unfit."""
    if request.headers.get("content-type") != JSON:
        raise Unfit
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError, ClientDisconnect) as mistake:
        raise Unfit from mistake
