"""The kiosk: which services there are, how many are ahead, and what became of this kiosk's papers."""

from __future__ import annotations

from hall.day.deciding.common import printer_of
from hall.day.ordering import count_ahead
from hall.day.setup import Service
from hall.day.state import LineKey
from hall.live.picture import Picture
from hall.live.views.base import (
    ANY,
    Record,
    Sources,
    Topic,
    class_records,
    hall_record,
    is_full,
    letter_of,
    waiting_area,
)

PAPERS = 20


class KioskView:
    """What one kiosk shows; without a device, the same for a kiosk that has no printer."""

    topics: tuple[Topic, ...] = (ANY, ("paper", ""))

    def __init__(self, device: str, sources: Sources) -> None:
        self.device = device
        self.sources = sources

    def records(self, picture: Picture) -> dict[str, Record]:
        setup = picture.setup
        records = {"hall": hall_record(picture), **class_records(setup)}
        for order, service in enumerate(setup.services.values()):
            records[f"service:{service.id}"] = self.service(picture, service, order)
        printer = printer_of(setup, self.device or None)
        if printer is not None:
            records["printer"] = {"id": printer.id, "state": picture.day.printers.get(printer.id, "unknown")}
        return {**records, **self.papers(picture)}

    def service(self, picture: Picture, service: Service, order: int) -> Record:
        day, setup = picture.day, picture.setup
        at = day.at
        visitor_class = setup.default_class()
        area = waiting_area(setup, service.id)
        assert at is not None, "a hall that is shown has at least its set-up in the log"
        promise_s = setup.promise_of(service.id, visitor_class)
        line = LineKey(service.id, visitor_class, promise_s or 0, setup.languages[0], "")
        estimate = self.sources.estimator.estimate(day, setup, service.id, visitor_class, at)
        return {
            "id": service.id,
            "name": dict(service.name),
            "letter": letter_of(setup, service.id),
            "parent": service.parent,
            "order": order,
            "ahead": count_ahead(day, setup, line, at, day.next_serial, at),
            "counters_open": len(day.open_counters(service.id)),
            "estimate": None
            if estimate is None
            else {"p10_s": estimate.p10_s, "p50_s": estimate.p50_s, "p90_s": estimate.p90_s},
            "promise_s": setup.promise_of(service.id, visitor_class),
            "full": is_full(picture, service.id, visitor_class),
            "hours": service.hours,
            "area": None if area is None else {"name": dict(area.name), "arrow": area.arrow},
            "documents": [dict(names) for names in service.documents],
        }

    def papers(self, picture: Picture) -> dict[str, Record]:
        own = [paper for paper in picture.papers.values() if self.device and paper.device == self.device]
        return {
            f"paper:{paper.paper}": {
                "paper": paper.paper,
                "ticket": paper.ticket,
                "number": paper.number,
                "state": paper.state,
                "reason": paper.reason,
                "copy": paper.copy,
            }
            for paper in own[-PAPERS:]
        }
