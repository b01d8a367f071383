"""Set-ups for tests: any valid one, as hypothesis draws it, and a small one as text."""

import string
from collections.abc import Mapping
from typing import get_args

from hypothesis import strategies as st

from hall.day.setup import (
    Area,
    Calling,
    CounterPlan,
    DeliveredBy,
    Device,
    Item,
    LineShown,
    Member,
    Missed,
    Names,
    Pick,
    Place,
    Reason,
    ReasonKind,
    Script,
    Series,
    Service,
    Setup,
    Situation,
    VisitorClass,
    Week,
)
from hall.setup.defaults import with_defaults

SMALL = """\
[hall]
id = "h"
name.en = "Hall"
timezone = "Europe/Dublin"
languages = ["en"]

[[service]]
id = "a"
name.en = "Alpha"
prefix = "A"

[[service]]
id = "b"
name.en = "Beta"
prefix = "C"

[[class]]
id = "ordinary"
name.en = "Ordinary"

[[counter]]
id = "1"
name = "1"
services = ["a", "b"]
"""

ids = st.text(string.ascii_letters + string.digits + "_.-", min_size=1, max_size=40)
lines = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60)
    .map(str.strip)
    .filter(bool)
)
seconds = st.none() | st.integers(1, 86_400)
TAGS = ["en", "zh-Hans", "ar", "pt-BR", "id"]
languages = st.lists(st.sampled_from(TAGS), min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    marks = sorted(draw(st.lists(st.integers(0, 1440), max_size=6, unique=True)))
    return tuple(zip(marks[::2], marks[1::2], strict=False))


weeks: st.SearchStrategy[Week] = st.tuples(*[spans()] * 7)
# Mostly equal days, as real halls have them.
plain_weeks: st.SearchStrategy[Week] = st.lists(st.sampled_from([(), ((540, 1050),)]), min_size=7, max_size=7).map(
    tuple
)
hours = st.none() | plain_weeks | weeks


# `strict` is with a cap only.
callings = st.builds(
    Calling,
    rule=st.sampled_from(["head_start", "arrival", "share_of_promise", "ratio"]),
    cap_s=seconds,
    promise_s=st.integers(1, 86_400),
    pick=st.sampled_from(get_args(Pick)),
    walk_in=st.booleans(),
    postpone_most=st.integers(0, 20),
    priority_per_hour=st.none() | st.integers(0, 1000),
    park_s=st.integers(1, 86_400),
    infer_start_s=st.none() | st.integers(1, 3600),
    comeback_credit_s=st.integers(0, 86_400),
    comeback_days=st.integers(0, 366),
    line_shown=st.sampled_from(get_args(LineShown)),
) | st.builds(Calling, rule=st.just("strict"), cap_s=st.integers(1, 86_400))
misseds = st.builds(
    Missed,
    return_min=st.none() | st.integers(0, 1440),
    calls=st.integers(1, 10),
    gap_s=st.integers(0, 600),
    grace_s=st.integers(0, 600),
    place=st.sampled_from(get_args(Place)),
    places_back=st.integers(1, 100),
    returns_most=st.integers(0, 20),
    requeue=st.integers(0, 20),
    override=st.booleans(),
    delivered_by=st.none() | st.sampled_from(get_args(DeliveredBy)),
)


@st.composite
def names(draw: st.DrawFn, tags: tuple[str, ...]) -> Names:
    given = [tags[0], *(tag for tag in tags[1:] if draw(st.booleans()))]
    return {tag: draw(lines) for tag in given}


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    """A set-up without mistakes, of every shape that a file can say."""
    tags = draw(languages)
    areas = {
        id: Area(id, draw(names(tags)), draw(st.sampled_from(["left", "right", "down", None])), draw(st.booleans()))
        for id in _ids(draw, 2)
    }
    series, services = _services(draw, tags)
    headings = {service.parent for service in services.values()}
    leaves = [id for id in services if id not in headings]
    printers = {id: Device(id, "printer", width_dots=draw(st.integers(200, 2000))) for id in _ids(draw, 2)}
    kiosks = {
        f"{id}-kiosk": Device(f"{id}-kiosk", "kiosk", area=_one_or(draw, areas, ""), printer=id)
        for id in list(printers)[:1]
        if len(id) < 30
    }
    setup = Setup(
        hall=draw(ids),
        name=draw(names(tags)),
        timezone=draw(st.sampled_from(["Asia/Shanghai", "Europe/Dublin", "UTC"])),
        languages=tags,
        series=series,
        services=services,
        classes={id: _class(draw, id, tags, series) for id in _ids(draw, 3, least=1)},
        counters={
            id: _counter(draw, id, tags, leaves, _one_or(draw, areas, ""), printers) for id in _ids(draw, 4, least=1)
        },
        day_starts_min=draw(st.integers(0, 1439)),
        public_url=draw(st.sampled_from([None, "https://hall.example.org", "http://192.0.2.1:8000/a"])),
        hours=draw(hours),
        areas=areas,
        staff={
            id: Member(
                id,
                draw(lines),
                draw(st.sampled_from(["clerk", "admin"])),
                languages=_some(draw, tags),
                skills=_some(draw, SKILLS),
            )
            for id in _ids(draw, 3)
        },
        devices={**printers, **kiosks},
        calling=draw(callings),
        missed=draw(misseds),
        reasons=_reasons(draw, tags),
        scripts={situation: draw(scripts(situation, tags)) for situation in _some(draw, get_args(Situation))},
    )
    return with_defaults(setup)


SKILLS = ("sim", "loans", "sign-language")


def _some(draw: st.DrawFn, options: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(draw(st.lists(st.sampled_from(options), max_size=2, unique=True)))


def _counter(
    draw: st.DrawFn, id: str, tags: tuple[str, ...], leaves: list[str], area: str, printers: Mapping[str, Device]
) -> CounterPlan:
    services = tuple(draw(st.permutations(leaves)))
    middle = draw(st.integers(0, len(services)))
    return CounterPlan(
        id=id,
        name=draw(lines),
        services=services,
        area=area,
        first=services[: draw(st.integers(0, middle))],
        last=services[middle:],
        languages=_some(draw, tags),
        skills=_some(draw, SKILLS),
        printer=draw(st.sampled_from([None, *printers])),
    )


def _items(draw: st.DrawFn, tags: tuple[str, ...]) -> tuple[Item, ...]:
    """With ids of their own, their place, or one that stands for another place."""
    given = draw(st.lists(names(tags), max_size=3))
    own = draw(st.lists(st.sampled_from(["plan", "sim", "bill", "7"]), min_size=3, max_size=3, unique=True))
    weights = st.just(1.0) | st.floats(0, 1000)
    return tuple(
        Item(draw(st.sampled_from([str(place), own[place - 1]])), name, draw(weights))
        for place, name in enumerate(given, start=1)
    )


def _reasons(draw: st.DrawFn, tags: tuple[str, ...]) -> Mapping[ReasonKind, tuple[Reason, ...]]:
    """As a file has them: in one order, each for one or several kinds."""
    found: dict[ReasonKind, tuple[Reason, ...]] = {}
    for id in _ids(draw, 3):
        reason = Reason(id, draw(names(tags)))
        for kind in draw(st.lists(st.sampled_from(get_args(ReasonKind)), min_size=1, max_size=3, unique=True)):
            found[kind] = (*found.get(kind, ()), reason)
    return found


@st.composite
def scripts(draw: st.DrawFn, situation: Situation, tags: tuple[str, ...]) -> Script:
    steps = {tag: tuple(draw(st.lists(lines, min_size=1, max_size=3))) for tag in tags}
    return Script(situation, steps, draw(st.none() | st.integers(1, 1440)))


def _services(draw: st.DrawFn, tags: tuple[str, ...]) -> tuple[dict[str, Series], dict[str, Service]]:
    prefixes = iter(draw(st.permutations([f"{one}{two}" for one in "ACE" for two in ("", "A", "X")])))
    shared = [id for id in _ids(draw, 2) if not id.startswith("own")]
    series = {id: Series(id, next(prefixes), draw(st.integers(0, 9)), draw(st.integers(9, 999_999))) for id in shared}
    services: dict[str, Service] = {}
    for place in range(draw(st.integers(1, 5))):
        id = f"own-{place}"
        parent = draw(st.sampled_from([None, *services])) if services else None
        chosen: str = draw(st.sampled_from([id, *shared]))
        if chosen == id:
            series[id] = Series(id, next(prefixes))
        services[id] = Service(
            id=id,
            name=draw(names(tags)),
            series=chosen,
            parent=parent,
            promise_s=draw(seconds),
            expected_service_s=draw(seconds),
            documents=tuple(draw(st.lists(names(tags), max_size=2))),
            items=_items(draw, tags),
            hours=draw(hours),
            skills=_some(draw, SKILLS),
        )
    return series, services


def _class(draw: st.DrawFn, id: str, tags: tuple[str, ...], series: dict[str, Series]) -> VisitorClass:
    return VisitorClass(
        id=id,
        name=draw(names(tags)),
        head_start_s=draw(st.integers(0, 86_400)),
        promise_s=draw(seconds),
        series=draw(st.sampled_from([None, *series])),
        rank=draw(st.integers(0, 99)),
        weight=draw(st.integers(1, 100)),
        grace_s=draw(st.integers(0, 600)),
    )


def _ids(draw: st.DrawFn, most: int, *, least: int = 0) -> list[str]:
    return draw(st.lists(ids, min_size=least, max_size=most, unique=True))


def _one_or(draw: st.DrawFn, options: dict[str, Area], other: str) -> str:
    return draw(st.sampled_from([other, *options]))
