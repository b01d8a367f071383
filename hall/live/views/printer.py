"""The papers a printer's owner has to print, with all that stands on them."""

from __future__ import annotations

from dataclasses import asdict

from hall.day.state import Paper
from hall.live.picture import Picture
from hall.live.policy import missed_sentences
from hall.live.views.base import ANY, Record, Sources, Topic, waiting_area
from hall.log.codec import as_text


class PrinterView:
    """The unfinished papers of one printer, or of all."""

    def __init__(self, printer: str | None, sources: Sources) -> None:
        self.printer = printer
        self.sources = sources
        self.facts: dict[str, Record] = {}
        self.topics: tuple[Topic, ...] = (ANY, ("printer", printer) if printer else ("paper", ""))

    def records(self, picture: Picture) -> dict[str, Record]:
        papers = [p for p in picture.day.papers.values() if self.printer in (None, p.printer)]
        self.facts = {paper.id: self.facts.get(paper.id) or self.facts_of(picture, paper) for paper in papers}
        return {f"paper:{paper.id}": self.record(picture, paper) for paper in papers}

    def record(self, picture: Picture, paper: Paper) -> Record:
        seen = picture.papers.get(paper.id)
        return {
            "paper": paper.id,
            "ticket": paper.ticket,
            "number": seen.number if seen else "",
            "printer": paper.printer,
            "copy": paper.copy,
            "state": paper.state,
            "requested_at": as_text(paper.requested_at),
            "expires_at": as_text(paper.expires_at),
            "facts": self.facts[paper.id],
        }

    def facts_of(self, picture: Picture, paper: Paper) -> Record:
        """All that is printed, frozen when the paper first came into view: a paper does not change while it prints."""
        if paper.kind == "closing":
            return slip_facts(picture)
        ended, seen = picture.ended.get(paper.ticket), picture.papers.get(paper.id)
        ticket = picture.day.tickets.get(paper.ticket) or (ended.ticket if ended else None)
        if ticket is None or seen is None:
            return {}
        setup = picture.setups.get(seen.setup_version, picture.setup)
        service = setup.services.get(seen.service)
        visitor_class = setup.classes.get(seen.class_)
        area = waiting_area(setup, seen.service)
        return {
            "hall_name": dict(setup.name),
            "service_name": dict(service.name) if service else {},
            "class_name": dict(visitor_class.name) if visitor_class else {},
            "class_default": seen.class_ == setup.default_class(),
            "number": ticket.number,
            "ahead": ticket.ahead,
            "estimate": asdict(ticket.estimate) if ticket.estimate else None,
            "issued_at": as_text(ticket.issued_at),
            "timezone": setup.timezone,
            "language": ticket.language,
            "languages": list(setup.languages),
            "area": None if area is None else dict(area.name),
            "follow_url": self.sources.links.follow_url(setup, ticket.id),
            "missed_return_min": setup.missed.return_min,
            "missed_sentence": missed_sentences(setup),
            "kind": paper.kind,
            "documents": [dict(names) for names in service.documents] if service else [],
            "copy": paper.copy,
        }


def slip_facts(picture: Picture) -> Record:
    """What the slip of a closed day says: how its log ended, for whoever keeps the slip elsewhere."""
    setup, sealed = picture.setup, picture.sealed
    assert sealed is not None, "a slip is asked for together with its seal"
    return {
        "hall_name": dict(setup.name),
        "kind": "closing",
        "number": "",
        "business_date": sealed.business_date.isoformat(),
        "seq": sealed.seq,
        "seal": sealed.seal,
        "languages": list(setup.languages),
        "language": setup.languages[0],
        "timezone": setup.timezone,
        "copy": 1,
    }
