"""Set-ups for tests: any valid one, as hypothesis draws it, and a small one as text."""

import string

from hypothesis import strategies as st

from hall.day.setup import (
    Area,
    Calling,
    CounterPlan,
    Device,
    Member,
    Missed,
    Names,
    Series,
    Service,
    Setup,
    VisitorClass,
    Week,
)

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
languages = st.lists(st.sampled_from(["en", "zh-Hans", "ar", "pt-BR"]), min_size=1, max_size=3, unique=True).map(tuple)


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


@st.composite
def names(draw: st.DrawFn, tags: tuple[str, ...]) -> Names:
    given = [tags[0], *(tag for tag in tags[1:] if draw(st.booleans()))]
    return {tag: draw(lines) for tag in given}


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    """A set-up without mistakes, of every shape that a file can say."""
    tags = draw(languages)
    areas = {
        id: Area(id, draw(names(tags)), draw(st.sampled_from(["left", "right", "down", None]))) for id in _ids(draw, 2)
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
    return Setup(
        hall=draw(ids),
        name=draw(names(tags)),
        timezone=draw(st.sampled_from(["Asia/Shanghai", "Europe/Dublin", "UTC"])),
        languages=tags,
        series=series,
        services=services,
        classes={id: _class(draw, id, tags, series) for id in _ids(draw, 3, least=1)},
        counters={
            id: CounterPlan(id, draw(lines), tuple(draw(st.permutations(leaves))), _one_or(draw, areas, ""))
            for id in _ids(draw, 4, least=1)
        },
        day_starts_min=draw(st.integers(0, 1439)),
        public_url=draw(st.sampled_from([None, "https://hall.example.org", "http://192.0.2.1:8000/a"])),
        hours=draw(hours),
        areas=areas,
        staff={id: Member(id, draw(lines), draw(st.sampled_from(["clerk", "admin"]))) for id in _ids(draw, 3)},
        devices={**printers, **kiosks},
        calling=Calling(draw(st.sampled_from(["head_start", "arrival"]))),
        missed=Missed(draw(st.none() | st.integers(0, 1440))),
    )


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
            items=tuple(draw(st.lists(names(tags), max_size=2))),
            hours=draw(hours),
        )
    return series, services


def _class(draw: st.DrawFn, id: str, tags: tuple[str, ...], series: dict[str, Series]) -> VisitorClass:
    head_start_s = draw(st.integers(0, 86_400))
    return VisitorClass(id, draw(names(tags)), head_start_s, draw(seconds), draw(st.sampled_from([None, *series])))


def _ids(draw: st.DrawFn, most: int, *, least: int = 0) -> list[str]:
    return draw(st.lists(ids, min_size=least, max_size=most, unique=True))


def _one_or(draw: st.DrawFn, options: dict[str, Area], other: str) -> str:
    return draw(st.sampled_from([other, *options]))
