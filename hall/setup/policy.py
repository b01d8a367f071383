"""Reads what a hall has decided about calling and about visitors who do not come: `[calling]` and `[missed]`."""

from __future__ import annotations

from typing import cast, get_args

from hall.day.setup import Calling, DeliveredBy, LineShown, Missed, Pick, Place, RuleName
from hall.setup import limits
from hall.setup.reader import Table

CALLING_KEYS = (
    "rule",
    "cap_min",
    "promise_min",
    "pick",
    "walk_in",
    "postpone_most",
    "priority_per_hour",
    "park_min",
    "infer_start_s",
    "comeback_credit_min",
    "comeback_days",
    "line_shown",
)
MISSED_KEYS = (
    "return_min",
    "calls",
    "gap_s",
    "grace_s",
    "place",
    "places_back",
    "returns_most",
    "requeue",
    "override",
    "delivered_by",
)


def read_calling(table: Table) -> Calling:
    """What `[calling]` says; what it does not say is as usual."""
    table.refuse_unknown(CALLING_KEYS)
    usual = Calling()
    return Calling(
        rule=cast("RuleName", choice_or(table, "rule", get_args(RuleName), usual.rule)),
        cap_s=table.seconds("cap_min", least_s=1),
        promise_s=table.seconds("promise_min", least_s=1) or usual.promise_s,
        pick=cast("Pick", choice_or(table, "pick", get_args(Pick), usual.pick)),
        walk_in=table.flag("walk_in", default=usual.walk_in),
        postpone_most=table.integer("postpone_most", least=0, most=limits.MAX_AGAIN, default=usual.postpone_most),
        priority_per_hour=table.integer_or_none("priority_per_hour", least=0, most=limits.MAX_PER_HOUR),
        park_s=table.seconds("park_min", least_s=1) or usual.park_s,
        infer_start_s=table.integer("infer_start_s", least=0, most=limits.MAX_INFER_S, default=usual.infer_start_s or 0)
        or None,
        comeback_credit_s=table.seconds("comeback_credit_min", least_s=0) or 0,
        comeback_days=table.integer("comeback_days", least=0, most=limits.MAX_DAYS, default=usual.comeback_days),
        line_shown=cast("LineShown", choice_or(table, "line_shown", get_args(LineShown), usual.line_shown)),
    )


def read_missed(table: Table) -> Missed:
    """What `[missed]` says; what it does not say is as usual."""
    table.refuse_unknown(MISSED_KEYS)
    usual = Missed()
    return Missed(
        return_min=table.integer_or_none("return_min", least=0, most=limits.MAX_MINUTES),
        calls=table.integer("calls", least=1, most=limits.MAX_CALLS, default=usual.calls),
        gap_s=table.integer("gap_s", least=0, most=limits.MAX_PAUSE_S, default=usual.gap_s),
        grace_s=read_grace(table),
        place=cast("Place", choice_or(table, "place", get_args(Place), usual.place)),
        places_back=table.integer("places_back", least=1, most=limits.MAX_PLACES, default=usual.places_back),
        returns_most=table.integer("returns_most", least=0, most=limits.MAX_AGAIN, default=usual.returns_most),
        requeue=table.integer("requeue", least=0, most=limits.MAX_AGAIN, default=usual.requeue),
        override=table.flag("override", default=usual.override),
        delivered_by=cast("DeliveredBy | None", table.choice("delivered_by", get_args(DeliveredBy), required=False)),
    )


def read_grace(table: Table) -> int:
    """`grace_s`, of the hall or of a class: seconds that somebody who was called has to come."""
    return table.integer("grace_s", least=0, most=limits.MAX_PAUSE_S, default=0)


def choice_or(table: Table, key: str, options: tuple[str, ...], usual: str) -> str:
    return table.choice(key, options, required=False) or usual
