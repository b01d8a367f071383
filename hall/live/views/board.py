"""The public board: who is called where. Numbers and counters only."""

from __future__ import annotations

from hall.day.setup import Area
from hall.live.picture import Call, Picture
from hall.live.views.base import ANY, Record, Topic, area_of, counter_name, hall_record
from hall.log.codec import as_text

CALLS_AN_AREA = 16


class BoardView:
    """The calls of one area, or of the whole hall."""

    topics: tuple[Topic, ...] = (ANY, ("call", ""))

    def __init__(self, area: str | None) -> None:
        self.area = area

    def records(self, picture: Picture) -> dict[str, Record]:
        return {"hall": hall_record(picture), **self.areas(picture), **self.calls(picture)}

    def areas(self, picture: Picture) -> dict[str, Record]:
        setup = picture.setup
        named = {plan.area for plan in setup.counters.values() if self.area in (None, plan.area)}
        records: dict[str, Record] = {}
        for id in sorted(named):
            area = setup.areas.get(id, Area(id, {}))
            counters = [{"id": c.id, "name": c.name} for c in setup.counters.values() if c.area == id]
            records[f"area:{id}"] = {"id": id, "name": dict(area.name), "arrow": area.arrow, "speaks": area.speaks}
            records[f"area:{id}"]["counters"] = counters
        return records

    def calls(self, picture: Picture) -> dict[str, Record]:
        """The newest calls of each area, by the time they were last called."""
        shown: dict[str, int] = {}
        records: dict[str, Record] = {}
        for call in sorted(picture.calls.values(), key=lambda call: (call.at, call.seq), reverse=True):
            area = area_of(picture.setup, call.counter)
            if self.area in (None, area) and shown.get(area, 0) < CALLS_AN_AREA:
                shown[area] = shown.get(area, 0) + 1
                records[f"call:{call.seq}"] = call_record(picture, call, area)
        return records


def call_record(picture: Picture, call: Call, area: str) -> Record:
    return {
        "number": call.number,
        "counter": call.counter,
        "counter_name": counter_name(picture.setup, call.counter),
        "area": area,
        "called_at": as_text(call.called_at),
        "at": as_text(call.at),
        "call_no": call.call_no,
        "state": call.state,
        "order": call.seq,
    }
