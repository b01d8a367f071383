"""The OpenAPI is kept: whatever fits it is answered as it says, and whatever does not is refused, never a fault."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks

from hall.bootstrap import System
from hall.edge.problems import MEDIA_TYPE
from hall.people.permissions import Role
from hall.web.app import create_app
from tests.support import HandClock, fastapi_in, free_port, server_of
from tests.web.test_roles import routes_of
from tests.web.web_support import JIANGWAN, bearer, build_on, set_ups

EXAMPLES = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=12,
    suppress_health_check=list(HealthCheck),
)
# What our own screens and command line use, and programs hardly ever.
OF_THE_OPERATOR = {"rebuild", "revoke", "secret", "tokens", "staff-sign-in"}
THERE = {"hall": [JIANGWAN], "counter": ["1", "2"], "printer": ["printer-1", "display-1"]}
CHECKS = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
)


@dataclass(frozen=True, slots=True)
class Served:
    """An application on a port of its own, in a thread of its own."""

    url: str
    app: FastAPI
    document: dict[str, Any]
    tokens: dict[Role, str]


@pytest.fixture(scope="module")
def served(made_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    database = Path(shutil.copy(made_database, tmp_path_factory.mktemp("openapi") / "hall.db"))
    system = build_on(database, HandClock())
    app = create_app(system, set_ups())
    server = server_of(app, lifespan="on")
    with contextlib.closing(free_port()) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        assert httpx.get(f"{url}/readyz").status_code == 200
        inner = fastapi_in(app)
        yield Served(url, inner, inner.openapi(), tokens_of(system))
        server.should_exit = True
        thread.join()


def tokens_of(system: System) -> dict[Role, str]:
    """Tokens made as the command line makes them, beside the running server's loop."""

    async def make() -> dict[Role, str]:
        roles: tuple[Role, ...] = ("admin", "kiosk")
        return {role: (await system.people.create_token(hall="*", role=role))[0] for role in roles}

    return asyncio.run(make())


@pytest.fixture(scope="module")
def described(served: Served) -> Any:
    """The API as its document tells it; what is there is named, or almost every case would only try unknown things."""
    document = json.loads(json.dumps(served.document))
    document["components"]["schemas"]["IssueBody"]["properties"]["service"] = {"enum": ["general", "payment", "card"]}
    for item in document["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and parameter["name"] in THERE:
                    parameter["schema"] = {"type": "string", "enum": THERE[parameter["name"]]}
    return schemathesis.openapi.from_dict(document)


def try_every_operation(described: Any, call: Callable[[Any], None], effort: settings) -> None:
    """Call each operation with what fits its description and with what does not; a failure shows the request."""
    tried = 0
    for found in described.get_all_operations():
        fitting = found.ok().as_strategy(generation_mode=GenerationMode.POSITIVE)
        given(case=fitting)(effort(lambda case: call(case)))()
        wrong = found.ok().as_strategy(generation_mode=GenerationMode.NEGATIVE)
        with contextlib.suppress(Unsatisfiable):  # nothing about this operation can be got wrong
            given(case=wrong)(settings(effort, max_examples=5)(lambda case: call(case)))()
        tried += 1
    assert tried > 25


def test_an_administrator_gets_what_the_document_says(described: Any, served: Served) -> None:
    headers = bearer(served.tokens["admin"])

    def call(case: Any) -> None:
        case.call_and_validate(base_url=served.url, headers=headers, checks=CHECKS)

    try_every_operation(described, call, EXAMPLES)


def test_somebody_without_a_token_gets_what_the_document_says(described: Any, served: Served) -> None:
    def call(case: Any) -> None:
        case.call_and_validate(base_url=served.url, headers={"Authorization": "Bearer none"}, checks=CHECKS)

    try_every_operation(described, call, settings(EXAMPLES, max_examples=2))


def test_the_guide_for_programs_names_every_route(served: Served) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
    last = {path.rpartition("/")[2] for path in served.document["paths"] if path.startswith("/api/")}
    named = set(re.findall(r"[a-z][a-z.-]*", guide))
    assert {name for name in last if not name.startswith("{")} - OF_THE_OPERATOR - named == set()


def test_the_document_describes_every_route_of_the_api_and_its_refusals(served: Served) -> None:
    described = set(served.document["paths"])
    shown = {route.path for route in routes_of(served.app) if isinstance(route, APIRoute) and route.include_in_schema}
    assert described == shown
    for path, item in served.document["paths"].items():
        for method, operation in item.items():
            if path.startswith("/api/"):
                assert MEDIA_TYPE in operation["responses"]["4XX"]["content"], (method, path)
                assert "422" not in operation["responses"], (method, path)
