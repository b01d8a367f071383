"""The shells of the screens. A shell holds where it is and in which languages; all else comes over the feed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as PathParam

import hall
from hall.day.refusals import HallUnknown, TicketUnknown
from hall.edge.auth import anyone, require
from hall.edge.language import preferred_language
from hall.i18n import catalogue_json, direction, languages_available, translate
from hall.live.press import HallId, PathId, as_json
from hall.live.runner import Hall, Runner

if TYPE_CHECKING:
    from jinja2 import Environment

router = APIRouter(tags=["pages"], include_in_schema=False)
HallQuery = Annotated[str | None, Query(alias="hall", max_length=40)]

# The English title of each screen; templates by the package they live in.
SCREENS = {
    "start": ("start.html", "Hall"),
    "kiosk": ("kiosk.html", "Take a number"),
    "display": ("display.html", "Calls"),
    "desk": ("desk.html", "Counter"),
    "greeter": ("greeter.html", "Greeter"),
    "manager": ("manager.html", "Manager"),
    "phone": ("phone.html", "Your number"),
}


@dataclass(slots=True)
class Demo:
    """What only a demonstration shows: how to sign in, and the devices' tokens by `HALL/KIND`."""

    sign_ins: list[dict[str, str]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    speed: float = 1.0


@cache
def templates() -> Environment:
    """The templates of all screens; Jinja is imported with the first page, not with the server."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, select_autoescape

    packages = ("hall.web", "kiosk", "display")
    loader = ChoiceLoader([PackageLoader(package, "templates") for package in packages])
    return Environment(loader=loader, autoescape=select_autoescape(), enable_async=False)


def runner_of(request: Request) -> Runner:
    runner: Runner = request.app.state.runner
    return runner


def chosen_hall(request: Request, asked: str | None) -> Hall:
    """The hall named, or the first one."""
    halls = runner_of(request).halls
    found = halls.get(asked) if asked else next(iter(halls.values()), None)
    if found is None:
        raise HallUnknown(hall=asked)
    return found


def page_of(request: Request, hall: Hall) -> dict[str, Any]:
    """What a shell is told: its hall and languages; in a demonstration also how to get in."""
    demo: Demo | None = request.app.state.demo
    setup = hall.setup
    halls = [{"id": one.id, "names": dict(one.setup.name)} for one in runner_of(request).halls.values()]
    page: dict[str, Any] = {
        "hall": hall.id,
        "names": dict(setup.name),
        "languages": list(setup.languages),
        "timezone": setup.timezone,
        "halls": halls,
        "version": hall_version(),
        "demo_token": None,
        "demo": None,
    }
    if demo is not None:
        page["demo"] = {
            "sign_ins": demo.sign_ins,
            "speed": demo.speed,
            "kiosk_token": demo.tokens.get(f"{hall.id}/kiosk"),
            "display_token": demo.tokens.get(f"{hall.id}/display"),
        }
    return page


def hall_version() -> str:
    return hall.__version__


def render(screen: str, page: dict[str, Any], lang: str) -> Response:
    template, title = SCREENS[screen]
    demo = page.get("demo") or {}
    page = {**page, "lang": lang, "dir": direction(lang), "demo_token": demo.get(f"{screen}_token")}
    text = (
        templates()
        .get_template(template)
        .render(page=page, lang=lang, title=translate(lang, title), version=page["version"])
    )
    return Response(text, media_type="text/html")


def own_language(request: Request) -> str:
    """The reader's language, for screens of one person."""
    return preferred_language(request.headers.get("accept-language"), languages_available())


@router.get("/", dependencies=[Depends(anyone)])
async def start(request: Request, asked: HallQuery = None) -> Response:
    """Where to go."""
    return render("start", page_of(request, chosen_hall(request, asked)), own_language(request))


@router.get("/kiosk", dependencies=[Depends(anyone)])
async def kiosk(request: Request, asked: HallQuery = None) -> Response:
    """The kiosk: in the hall's language, whoever stands before it."""
    chosen = chosen_hall(request, asked)
    return render("kiosk", page_of(request, chosen), chosen.setup.languages[0])


@router.get("/display", dependencies=[Depends(anyone)])
async def display(request: Request, asked: HallQuery = None) -> Response:
    """The lobby's display."""
    chosen = chosen_hall(request, asked)
    return render("display", page_of(request, chosen), chosen.setup.languages[0])


@router.get("/desk", dependencies=[Depends(anyone)])
async def desk(request: Request, asked: HallQuery = None) -> Response:
    """A counter's desk."""
    return render("desk", page_of(request, chosen_hall(request, asked)), own_language(request))


@router.get("/greeter", dependencies=[Depends(anyone)])
async def greeter(request: Request, asked: HallQuery = None) -> Response:
    """The greeter's page."""
    return render("greeter", page_of(request, chosen_hall(request, asked)), own_language(request))


@router.get("/manager", dependencies=[Depends(anyone)])
async def manager(request: Request, asked: HallQuery = None) -> Response:
    """The manager's live page."""
    return render("manager", page_of(request, chosen_hall(request, asked)), own_language(request))


@router.get("/t/{secret}", dependencies=[Depends(anyone)])
async def phone(request: Request, secret: Annotated[str, PathParam(max_length=80)]) -> Response:
    """A visitor's own page. An unknown link gets the same shell, which says so."""
    runner = runner_of(request)
    found = await runner.log.followed(secret) if secret.isprintable() else None
    chosen = runner.halls.get(found[0]) if found else None
    page = page_of(request, chosen or chosen_hall(request, None))
    page = {**page, "ticket": secret if chosen else None, "demo": None}
    return render("phone", page, own_language(request))


@router.get("/i18n/{lang}.json", dependencies=[Depends(anyone)])
async def words(lang: Annotated[str, PathParam(max_length=35)]) -> Response:
    """All words of a language, for the screens."""
    return as_json(catalogue_json(lang))


@router.get("/api/v1/halls/{hall}/tickets/{ticket}/qr.svg", dependencies=[Depends(require("ticket.issue"))])
async def ticket_code(request: Request, hall: HallId, ticket: PathId) -> Response:
    """The code that opens a ticket's phone page."""
    import segno

    runner = runner_of(request)
    url = runner.sources.links.follow_url(chosen_hall(request, hall).setup, ticket)
    if url is None or await runner.log.ticket(hall, ticket) is None:
        raise TicketUnknown(ticket=ticket)
    svg = segno.make(url, error="m", micro=False, boost_error=False).svg_inline(border=4, scale=4)
    return Response(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1), media_type="image/svg+xml")
