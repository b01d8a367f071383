"""What the two simulated halls are made of: one so small that its numbers run out, one with classes and areas."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hall.day.setup import (
    Area,
    Calling,
    CounterPlan,
    Device,
    Member,
    Missed,
    Reason,
    RuleName,
    Series,
    Service,
    Setup,
    VisitorClass,
    Week,
)

SMALL, LARGE = "small", "large"
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")
RULES: tuple[RuleName, ...] = ("head_start", "arrival", "share_of_promise", "strict", "ratio")
DAYTIME: Week = (((8 * 60, 12 * 60), (12 * 60 + 30, 18 * 60)),) * 7


def small_hall(lots: Random) -> Setup:
    """Two services draw from one series of a few numbers; the kiosk prints by itself; calls are made by voice."""
    last = lots.randint(3, 9)
    return Setup(
        hall=SMALL,
        name={"en": "Small office", "zh-Hans": "小营业厅"},
        timezone="Asia/Shanghai",
        languages=("zh-Hans", "en"),
        series={"a": Series("a", "A", 1, last)},
        services={
            "all": Service("all", {"en": "Everything"}, "a"),
            "pay": Service("pay", {"en": "Pay"}, "a", parent="all", promise_s=300, expected_service_s=120),
            "ask": Service("ask", {"en": "Ask"}, "a", parent="all"),
        },
        classes={
            "ordinary": VisitorClass("ordinary", {"en": "Ordinary"}, rank=1, weight=2),
            "elder": VisitorClass("elder", {"en": "Elder"}, head_start_s=lots.choice((3, 30)), grace_s=1),
        },
        counters={
            "1": CounterPlan("1", "1", ("pay", "ask"), last=("ask",) if lots.random() < 0.3 else ()),
            "2": CounterPlan("2", "2", ("ask",)),
        },
        staff={login: Member(login, login.title(), "clerk") for login in ("ann", "bob")},
        devices={"kiosk": Device("kiosk", "kiosk", url="tcp://printer", width_dots=64)},
        hours=DAYTIME if lots.random() < 0.5 else None,
        calling=some_calling(lots),
        missed=some_policy(lots),
        version=1,
        digest=f"small-{last}",
    )


def large_hall(lots: Random) -> Setup:
    """Classes with head starts, one with numbers of its own; areas with displays, one of which speaks; a printer that a
    kiosk names."""
    return Setup(
        hall=LARGE,
        name={"en": "Town hall", "zh-Hans": "市民中心"},
        timezone=lots.choice(ZONES),
        languages=("en", "zh-Hans", "ar"),
        series={"p": Series("p", "P"), "q": Series("q", "Q", 100, 140), "v": Series("v", "V", 1, 30)},
        services={
            "passport": Service("passport", {"en": "Passports"}, "p", promise_s=900, expected_service_s=300),
            "permit": Service("permit", {"en": "Permits"}, "p", promise_s=1800, documents=({"en": "Plan"},)),
            "query": Service(
                "query",
                {"en": "Questions"},
                "q",
                hours=DAYTIME if lots.random() < 0.3 else None,
                skills=("seal",) if lots.random() < 0.3 else (),
            ),
        },
        classes={
            "ordinary": VisitorClass("ordinary", {"en": "Ordinary"}, rank=2, weight=3),
            "elder": VisitorClass("elder", {"en": "Elder"}, head_start_s=lots.choice((5, 60, 900)), rank=1, grace_s=1),
            "vip": VisitorClass("vip", {"en": "VIP"}, head_start_s=1800, promise_s=120, series="v", weight=2),
        },
        counters={
            "11": CounterPlan("11", "11", ("passport", "permit"), "east", printer="slips"),
            "12": CounterPlan("12", "12", ("permit", "query"), "east", first=("query",)),
            "21": CounterPlan("21", "21", ("query", "passport"), "west", skills=("seal",)),
        },
        areas={
            "east": Area("east", {"en": "East"}, "right", speaks=lots.random() < 0.5),
            "west": Area("west", {"en": "West"}, speaks=lots.random() < 0.3),
        },
        staff={
            "cat": Member("cat", "Cat", "clerk", languages=("en", "ar") if lots.random() < 0.3 else ()),
            "dan": Member("dan", "Dan", "clerk", skills=("seal",)),
            "eve": Member("eve", "Eve", "clerk"),
        },
        devices={
            "kiosk": Device("kiosk", "kiosk", printer="slips"),
            "slips": Device("slips", "printer", url="tcp://printer", width_dots=64),
            "wall": Device("wall", "display", area="east"),
            "screen": Device("screen", "display", area="west"),
            "big": Device("big", "display"),
        },
        calling=some_calling(lots),
        missed=some_policy(lots),
        reasons={"pick": (Reason("urgent", {"en": "Urgent"}),), "override": (Reason("left", {"en": "Seen leaving"}),)},
        public_url="https://hall.example" if lots.random() < 0.5 else None,
        version=1,
        digest="large",
    )


def some_calling(lots: Random) -> Calling:
    """Any of the rules, with times so short that a session of some seconds sees them pass."""
    rule = lots.choice(RULES)
    return Calling(
        rule,
        cap_s=lots.choice((2, 6)) if rule == "strict" else lots.choice((None, None, 5)),
        promise_s=lots.choice((60, 1800)),
        pick=lots.choice(("reason", "reason", "free", "never")),
        walk_in=lots.random() < 0.8,
        postpone_most=lots.choice((1, 2)),
        priority_per_hour=lots.choice((None, 2)),
        park_s=lots.choice((2, 5, 60)),
        infer_start_s=lots.choice((None, None, 3)),
        comeback_credit_s=lots.choice((0, 600)),
    )


def some_policy(lots: Random) -> Missed:
    return Missed(
        return_min=lots.choice((None, 1, 15)),
        calls=lots.choice((1, 1, 2)),
        gap_s=lots.choice((0, 0, 1)),
        grace_s=lots.choice((0, 0, 1)),
        place=lots.choice(("head", "back", "tail")),
        places_back=lots.choice((1, 3)),
        returns_most=lots.choice((0, 1, 2)),
        requeue=lots.choice((0, 0, 1)),
        override=lots.random() < 0.7,
    )


def next_version(setup: Setup, lots: Random) -> Setup:
    """The same hall with one thing changed, as a manager would in the middle of a day."""
    change = lots.choice((*sorted(CHANGES), *OFTEN))
    changed = CHANGES[change](setup, lots)
    version = setup.version + 1
    return replace(changed, version=version, digest=f"{setup.hall}-{version}-{change}")


def change_promise(setup: Setup, lots: Random) -> Setup:
    service = lots.choice(sorted(setup.services))
    promised = replace(setup.services[service], promise_s=lots.choice((None, 60, 600)))
    return replace(setup, services={**setup.services, service: promised})


def change_services(setup: Setup, lots: Random) -> Setup:
    counter = lots.choice(sorted(setup.counters))
    leaves = setup.leaves()
    offered = tuple(lots.sample(leaves, lots.randint(1, len(leaves))))
    return replace(setup, counters={**setup.counters, counter: replace(setup.counters[counter], services=offered)})


def change_head_start(setup: Setup, lots: Random) -> Setup:
    name = lots.choice(sorted(setup.classes))
    started = replace(setup.classes[name], head_start_s=lots.choice((0, 30, 600)))
    return replace(setup, classes={**setup.classes, name: started})


def change_series(setup: Setup, lots: Random) -> Setup:
    name = lots.choice(sorted(setup.series))
    series = setup.series[name]
    return replace(setup, series={**setup.series, name: replace(series, last=series.last + lots.choice((-1, 1, 2)))})


def change_rule(setup: Setup, lots: Random) -> Setup:
    return replace(setup, calling=some_calling(lots))


def change_policy(setup: Setup, lots: Random) -> Setup:
    """Another way to be missed; a hall changes between its displays and the clerk's voice only now and then."""
    policy = some_policy(lots)
    by = lots.choice((None, None, "voice", "displays"))
    return replace(setup, missed=replace(policy, delivered_by=by))


def change_first(setup: Setup, lots: Random) -> Setup:
    counter = lots.choice(sorted(setup.counters))
    plan = setup.counters[counter]
    ranked = lots.sample(plan.services, min(2, len(plan.services)))
    return replace(
        setup, counters={**setup.counters, counter: replace(plan, first=tuple(ranked[:1]), last=tuple(ranked[1:]))}
    )


def change_counter(setup: Setup, lots: Random) -> Setup:
    """A counter more, or that one taken away again."""
    if "99" in setup.counters:
        return replace(setup, counters={id: plan for id, plan in setup.counters.items() if id != "99"})
    leaf = lots.choice(setup.leaves())
    return replace(setup, counters={**setup.counters, "99": CounterPlan("99", "99", (leaf,))})


def change_class(setup: Setup, lots: Random) -> Setup:
    """A class more, or that one taken away again, perhaps while somebody of it waits."""
    if "guest" in setup.classes:
        return replace(setup, classes={id: one for id, one in setup.classes.items() if id != "guest"})
    guest = VisitorClass("guest", {"en": "Guest"}, head_start_s=lots.choice((0, 120)))
    return replace(setup, classes={**setup.classes, "guest": guest})


def change_zone(setup: Setup, lots: Random) -> Setup:
    """Somebody notices that the hall's clock was wrong all the time."""
    return replace(setup, timezone=lots.choice(ZONES), day_starts_min=lots.choice((0, 240, 300)))


def change_extra(setup: Setup, lots: Random) -> Setup:
    """A service more at every counter, or that one taken away again, perhaps while somebody is served or was missed."""
    if "extra" in setup.services:
        services = {id: one for id, one in setup.services.items() if id != "extra"}
        offered = {id: tuple(s for s in plan.services if s != "extra") for id, plan in setup.counters.items()}
    else:
        services = {**setup.services, "extra": Service("extra", {"en": "Extra"}, lots.choice(sorted(setup.series)))}
        offered = {id: (*plan.services, "extra") for id, plan in setup.counters.items()}
    counters = {id: replace(plan, services=offered[id]) for id, plan in setup.counters.items()}
    return replace(setup, services=services, counters=counters)


def change_hours(setup: Setup, lots: Random) -> Setup:
    return replace(setup, hours=None if setup.hours else DAYTIME)


CHANGES = {
    "promise": change_promise,
    "services": change_services,
    "head_start": change_head_start,
    "series": change_series,
    "rule": change_rule,
    "policy": change_policy,
    "first": change_first,
    "counter": change_counter,
    "class": change_class,
    "hours": change_hours,
    "extra": change_extra,
    "zone": change_zone,
}
OFTEN = (*["extra"] * 6, "rule")  # taking a service away is what goes wrong most
